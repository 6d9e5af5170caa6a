"""The local engine: workers that die, runs that are killed or interrupted, watching."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from pyarrow import parquet

import npp_nlp as npp
from batches import TEXTS, contents, folder_of, made_folder, path_of_package, posix, rows, run_npp
from npp_nlp.batch import local, outputs, running, watching
from npp_nlp.batch.parts import list_parts
from npp_nlp.cli import main

# workers that die

PRELUDE = (
    "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN);"
    "import sys, json, os; sys.path[:] = json.loads(sys.argv[1]);"
    "from npp_nlp.batch import work, worker;"
)


def strange_worker(monkeypatch, code):
    """Let workers run `code` before they serve."""
    program = PRELUDE + "\n" + code + "\nworker.serve()"
    monkeypatch.setattr(local, "command", lambda: [sys.executable, "-c", program, json.dumps(sys.path)])


@posix
@pytest.mark.parametrize("workers", [1, 3])
def test_what_kills_two_workers_is_a_failure_and_the_rest_is_tagged(tmp_path, monkeypatch, workers):
    folder = folder_of(tmp_path, 40)
    (folder / "0050_poison.txt").write_text(TEXTS["a"], encoding="utf-8")
    (folder / "010_poison.txt").write_text(TEXTS["a"], encoding="utf-8")
    strange_worker(
        monkeypatch,
        "real = work.tag_batch\n"
        "def deadly(given, *, top):\n"
        "    if any('poison' in name for name in given.column('doc_id').to_pylist()): os.kill(os.getpid(), 9)\n"
        "    return real(given, top=top)\n"
        "work.tag_batch = deadly",
    )
    done = npp.tag(folder, out=tmp_path / "out", workers=workers)
    assert [(Path(path).name, reason) for path, reason in done.unread] == [
        (name, "two worker processes ended on it, killed by SIGKILL (out of memory?)")
        for name in ("0050_poison.txt", "010_poison.txt")
    ]
    names = [Path(row["path"]).name for row in rows(tmp_path / "out")]
    assert set(names) == {f"{i:03}.txt" for i in range(40)}
    assert len(names) == sum(len(npp.read(folder / f"{i:03}.txt").paragraphs) for i in range(40))


@posix
def test_a_worker_killed_once_costs_nothing(tmp_path, monkeypatch):
    folder = folder_of(tmp_path, 40)
    npp.tag(folder, out=tmp_path / "calm", workers=2)
    strange_worker(
        monkeypatch,
        f"mark = {str(tmp_path / 'mark')!r}\n"
        "real = work.rows_of\n"
        "def once(path, name):\n"
        "    if name.endswith('020.txt') and not os.path.exists(mark):\n"
        "        open(mark, 'w').close(); os.kill(os.getpid(), 9)\n"
        "    return real(path, name)\n"
        "work.rows_of = once",
    )
    done = npp.tag(folder, out=tmp_path / "out", workers=2)
    assert (tmp_path / "mark").exists()
    assert done.unread == ()
    assert contents(tmp_path / "out") == contents(tmp_path / "calm")


def test_workers_that_cannot_start_end_the_run(tmp_path, monkeypatch):
    folder = folder_of(tmp_path, 3)
    strange_worker(monkeypatch, "sys.exit(3)")
    with pytest.raises(
        RuntimeError, match="3 worker processes in a row ended without doing anything: exit code 3"
    ):
        npp.tag(folder, out=tmp_path / "out", workers=2)


@posix
def test_a_full_disk_ends_the_run_and_leaves_whole_files(tmp_path, monkeypatch, capfd):
    folder = folder_of(tmp_path, 70)
    with monkeypatch.context() as patch:
        strange_worker(
            patch,
            "import resource; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (11_000, 11_000))",
        )
        assert main(["tag", str(folder), "--out", str(tmp_path / "out"), "--workers", "1"]) == 2
    lines = capfd.readouterr().err.splitlines()
    assert len(lines) == 1
    assert "File too large" in lines[0]
    assert "go on with --resume" in lines[0]
    assert main(["tag", str(folder), "--out", str(tmp_path / "out"), "--resume"]) == 0
    npp.tag(folder, out=tmp_path / "fresh", workers=2)
    assert contents(tmp_path / "out") == contents(tmp_path / "fresh")


# runs that are broken off


def hear_interrupts():
    """In a new process: a shell that runs the tests in the background has interruptions ignored, and that is inherited."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@posix
def test_interruption_leaves_whole_files_and_says_how_to_go_on(tmp_path):
    folder = folder_of(tmp_path, 400)
    out = tmp_path / "out"
    words = [sys.executable, "-m", "npp_nlp.cli", "tag", str(folder), "--out", str(out), "--workers", "2"]
    process = subprocess.Popen(
        words,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | path_of_package(),
        preexec_fn=hear_interrupts,
    )
    deadline = time.monotonic() + 60
    while not (out.is_dir() and list_parts(out)) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.splitlines() == [
        f"npp: interrupted; what is finished stays, go on with: npp tag {folder} --out {out} --workers=2 --resume"
    ]
    assert not [p for p in out.iterdir() if p.name.startswith(".unfinished")]
    assert run_npp([str(folder), "--out", str(out), "--resume"]).returncode == 0
    npp.tag(folder, out=tmp_path / "fresh", workers=2)
    assert contents(out) == contents(tmp_path / "fresh")


@posix
@pytest.mark.parametrize("name", ["out", "out.csv"])
def test_killed_at_any_moment_nothing_is_lost_or_doubled(tmp_path, name):
    folder = folder_of(tmp_path, 300)
    fresh, out = tmp_path / f"fresh{Path(name).suffix}", tmp_path / name
    npp.tag(folder, out=fresh, workers=2)
    words = [
        sys.executable,
        "-m",
        "npp_nlp.cli",
        "tag",
        str(folder),
        "--out",
        str(out),
        "--workers",
        "2",
        "--resume",
    ]
    delays = random.Random(7)  # noqa: S311
    for _ in range(5):
        process = subprocess.Popen(
            words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | path_of_package()
        )
        try:
            process.wait(delays.uniform(0.4, 1.8))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for _, part in (
            list_parts(outputs.target_of(out).parts) if outputs.target_of(out).parts.is_dir() else []
        ):
            assert parquet.read_table(part).schema.equals(npp.TAG_SCHEMA)
        assert not out.is_file() or out.read_bytes() == fresh.read_bytes()
    assert run_npp([str(folder), "--out", str(out), "--resume"]).returncode == 0
    assert contents(outputs.target_of(out).parts) == contents(outputs.target_of(fresh).parts)
    if out.is_file():
        assert out.read_bytes() == fresh.read_bytes()


# watching


def test_watch_takes_files_once_they_have_stopped_growing(tmp_path):
    folder = made_folder(tmp_path / "in")
    job = running.Job(outputs.target_of(tmp_path / "out"), workers=1, resume=True)
    reports: list[running.Tagged] = []
    rounds: list[int] = []

    class EnoughError(Exception):
        pass

    def grow(interval):
        rounds.append(len(rounds))
        step = len(rounds)
        if step in (1, 2):
            with (folder / "a.txt").open("a", encoding="utf-8") as file:
                file.write(TEXTS["b"])
        if step == 6:
            (folder / "b.txt").write_text(TEXTS["c"], encoding="utf-8")
        if step == 9:
            raise EnoughError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(watching.time, "sleep", grow)
        with pytest.raises(EnoughError):
            watching.watch([folder], job, report=reports.append)
    assert [(done.inputs, done.documents) for done in reports] == [(1, 1), (1, 1)]
    texts = [row["text"] for row in rows(tmp_path / "out")]
    assert texts.count("当前内需不足，风险较多。") == 2
    assert len(list_parts(tmp_path / "out")) == 2


@posix
def test_watch_ends_at_an_interruption(tmp_path):
    folder = folder_of(tmp_path, 1)
    out = tmp_path / "out.jsonl"
    words = [sys.executable, "-m", "npp_nlp.cli", "tag", str(folder), "--out", str(out), "--watch"]
    process = subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | path_of_package(),
        preexec_fn=hear_interrupts,
    )
    killer = threading.Timer(60, process.kill)
    killer.start()
    assert process.stdout is not None
    assert "文件 1 个" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    killer.cancel()
    assert process.returncode == 130
    assert errors.endswith("--watch\n")
