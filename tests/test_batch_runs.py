"""Whole runs: the same bytes, resuming, outputs, the command line."""

import contextlib
import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pyarrow import dataset

import npp_nlp as npp
from batches import TEXTS, contents, folder_of, made_folder, path_of_package, posix, rows, run_npp
from npp_nlp.batch import outputs
from npp_nlp.batch.parts import list_parts
from npp_nlp.cli import main

# whole runs


def test_every_number_of_workers_gives_the_same_bytes(tmp_path):
    folder = folder_of(tmp_path, 70)
    (folder / "empty.txt").write_bytes(b"")
    for workers in (1, 4):
        npp.tag(folder, out=tmp_path / f"out{workers}", workers=workers)
    assert contents(tmp_path / "out1") == contents(tmp_path / "out4")
    assert len(list_parts(tmp_path / "out1")) == 3


def test_hash_seed_changes_nothing(tmp_path):
    folder = folder_of(tmp_path, 8)
    for seed in ("1", "2"):
        run_npp([str(folder), "--out", str(tmp_path / f"{seed}.csv")], PYTHONHASHSEED=seed)
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


def test_lines_and_csv_hold_what_parquet_holds(tmp_path):
    folder = folder_of(tmp_path, 4)
    (folder / "formula.txt").write_text("=1+1\n要深化改革，扩大开放。\n", encoding="utf-8")
    for name in ("out", "out.jsonl", "out.csv"):
        npp.tag(folder, out=tmp_path / name, workers=1)
    wanted = rows(tmp_path / "out")
    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == wanted
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = list(csv.DictReader(file))
    assert list(cells[0]) == npp.TAG_SCHEMA.names
    assert [json.loads(row["terms"]) for row in cells] == [row["terms"] for row in wanted]
    assert [row["text"].removeprefix("'") for row in cells] == [row["text"] for row in wanted]
    assert "'=1+1" in {row["text"] for row in cells}
    assert [float(r["score"]) if r["score"] else None for r in cells] == [r["score"] for r in wanted]


def test_failures_and_provenance_lie_beside(tmp_path):
    folder = folder_of(tmp_path, 2)
    (folder / "empty.txt").write_bytes(b"")
    done = npp.tag([folder, tmp_path / "gone.txt"], out=tmp_path / "out.parquet", workers=1, top=3)
    assert [reason for _, reason in done.unread] == ["No such file or directory", "empty: 0 bytes"]
    assert list(done.failures.columns) == ["path", "reason"]
    with (tmp_path / "out.parquet" / "_failures.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [tuple(row.values()) for row in csv.DictReader(file)] == list(done.unread)
    provenance = json.loads((tmp_path / "out.parquet" / "_provenance.json").read_text("utf-8"))
    assert provenance["settings"] == {"top": 3}
    assert provenance["npp_nlp"] == npp.__version__
    assert provenance["models"]["labels"].startswith("labels ")
    assert provenance["lexicon"] == npp.Lexicon.default().identity
    manifest = (tmp_path / "out.parquet" / "_manifest.jsonl").read_text("utf-8").splitlines()
    sizes = {Path(e["path"]).name: (e["size"], e["sha256"]) for e in map(json.loads, manifest)}
    data = (folder / "000.txt").read_bytes()
    assert sizes["000.txt"] == (len(data), hashlib.sha256(data).hexdigest())
    assert sizes["gone.txt"] == (0, None)
    assert (
        len(npp.Document.from_text(TEXTS["a"]).paragraphs)
        < dataset.dataset(tmp_path / "out.parquet").count_rows()
    )


def test_resume_skips_the_unchanged_and_redoes_the_changed(tmp_path):
    folder = folder_of(tmp_path, 70)
    out = tmp_path / "out"
    npp.tag(folder, out=out, workers=2)
    before = contents(out)
    again = npp.tag(folder, out=out, resume=True)
    assert (again.skipped, again.documents) == (70, 0)
    assert contents(out) == before

    os.utime(folder / "003.txt")  # another time, the same content
    (folder / "005.txt").write_text("全新的一段，要深化改革。\n", encoding="utf-8")
    (folder / "new.txt").write_text("新来的一篇，要扩大开放。\n", encoding="utf-8")
    (folder / "007.txt").unlink()
    changed = npp.tag(folder, out=out, resume=True)
    assert (changed.skipped, changed.documents) == (68, 33)  # the part of 005, and the new one
    texts = [row["text"] for row in rows(out)]
    assert texts.count("全新的一段，要深化改革。") == 1
    assert texts.count("新来的一篇，要扩大开放。") == 1
    assert not [t for t in texts if t == "第5次会议。"]
    assert texts.count("第7次会议。") == 1  # not given any more: its rows stay
    assert len(contents(out)) == len(before) + 1


def test_a_changed_run_equals_a_fresh_one(tmp_path):
    folder = folder_of(tmp_path, 40)
    npp.tag(folder, out=tmp_path / "out", workers=2)
    (folder / "035.txt").write_text("短。\n", encoding="utf-8")
    (folder / "001.txt").write_bytes(b"")
    npp.tag(folder, out=tmp_path / "out", resume=True, workers=2)
    npp.tag(folder, out=tmp_path / "fresh", workers=2)
    assert contents(tmp_path / "out") == contents(tmp_path / "fresh")


def test_what_could_not_be_opened_is_tried_again(tmp_path):
    folder = folder_of(tmp_path, 2)
    late = tmp_path / "late.txt"
    first = npp.tag([folder, late], out=tmp_path / "out", workers=1)
    assert first.unread
    late.write_text(TEXTS["c"], encoding="utf-8")
    second = npp.tag([folder, late], out=tmp_path / "out", resume=True, workers=1)
    assert second.unread == ()
    assert second.skipped == 2


def test_existing_results_are_not_touched_unasked(tmp_path):
    folder = folder_of(tmp_path, 2)
    for name in ("out", "out.jsonl"):
        out = tmp_path / name
        npp.tag(folder, out=out, workers=1)
        with pytest.raises(FileExistsError, match=r"exists; resume it \(--resume\) or overwrite it"):
            npp.tag(folder, out=out)
        with pytest.raises(ValueError, match="made with other settings"):
            npp.tag(folder, out=out, resume=True, top=5)
        npp.tag(folder, out=out, overwrite=True, top=5, workers=1)
    assert max(len(row["terms"]) for row in rows(tmp_path / "out")) <= 5


def test_foreign_files_and_wrong_kinds_are_refused(tmp_path):
    folder = folder_of(tmp_path, 1)
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.docx").write_bytes(b"precious")
    for options in ({}, {"overwrite": True}, {"resume": True}):
        with pytest.raises(ValueError, match=r"holds thesis.docx, which is no result of npp tag"):
            npp.tag(folder, out=mine, **options)
    with pytest.raises(IsADirectoryError, match="the results are one csv file"):
        npp.tag(folder, out=made_folder(tmp_path / "a.csv"))
    with pytest.raises(NotADirectoryError, match="a file has this name"):
        npp.tag(folder, out=folder / "000.txt", overwrite=True)
    (tmp_path / "b.csv").write_text("x", encoding="utf-8")
    with pytest.raises(FileExistsError, match="exists; resume"):
        npp.tag(folder, out=tmp_path / "b.csv")
    with pytest.raises(FileExistsError, match=r"cannot be resumed without b.csv.parts"):
        npp.tag(folder, out=tmp_path / "b.csv", resume=True)
    assert (mine / "thesis.docx").read_bytes() == b"precious"
    for name in ("part-time.docx", "_notes.txt", "part-000001.parquet"):
        other = made_folder(tmp_path / name.replace(".", "_"))
        made_folder(other / name) if name.endswith("parquet") else (other / name).write_bytes(b"precious")
        with pytest.raises(ValueError, match=f"holds {name}, which is no result"):
            npp.tag(folder, out=other, overwrite=True)
        assert (other / name).exists()


def test_a_damaged_part_is_named_and_its_inputs_are_redone_without_it(tmp_path):
    folder = folder_of(tmp_path, 40)
    out = tmp_path / "out"
    npp.tag(folder, out=out, workers=1)
    before = contents(out)
    (out / ".DS_Store").write_bytes(b"left by a file manager")
    (out / "part-000000.parquet").write_bytes(b"PAR1 torn")
    with pytest.raises(ValueError, match=r"part-000000.parquet: no part of a batch, or damaged: remove it"):
        npp.tag(folder, out=out, resume=True)
    (out / "part-000000.parquet").unlink()
    npp.tag(folder, out=out, resume=True, workers=1)
    assert {name: digest for name, digest in contents(out).items() if name != ".DS_Store"} == before


@posix
def test_links_in_the_output_lead_nowhere(tmp_path):
    folder = folder_of(tmp_path, 1)
    victim = tmp_path / "victim"
    victim.write_text("precious", encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    for name in ("part-000000.parquet", "_failures.csv", "_provenance.json", "_manifest.jsonl"):
        (out / name).symlink_to(victim)
    npp.tag(folder, out=out, overwrite=True, workers=1)
    for name in ("_failures.csv", "_provenance.json"):
        (out / name).unlink()
        (out / name).symlink_to(victim)
    npp.tag(folder, out=out, resume=True, workers=1)
    assert victim.read_text("utf-8") == "precious"
    assert not any(path.is_symlink() for path in out.iterdir())


def test_options_are_checked_before_work(tmp_path):
    folder = folder_of(tmp_path, 1)
    for options, message in (
        ({"engine": "dask"}, "engine must be one of local, ray, spark, not 'dask'"),
        ({"workers": 0}, "workers=0: must be at least 1"),
        ({"top": 0}, "top=0: must be at least 1"),
        ({"resume": True, "overwrite": True}, "resume and overwrite exclude each other"),
    ):
        with pytest.raises(ValueError, match=message):
            npp.tag(folder, out=tmp_path / "out", **options)
    with pytest.raises(ValueError, match="inputs is empty"):
        npp.tag([], out=tmp_path / "out")
    with pytest.raises(ValueError, match="holds no readable file"):
        npp.tag(made_folder(tmp_path / "empty"), out=tmp_path / "out")
    with pytest.raises(ValueError, match="format must be one of parquet, jsonl, csv, duckdb, not 'xml'"):
        outputs.target_of("a", "xml")
    assert not (tmp_path / "out").exists()


@posix
def test_two_runs_cannot_write_to_one_place(tmp_path):
    folder = folder_of(tmp_path, 1)
    target = outputs.target_of(tmp_path / "out")
    with (
        outputs.opened(target, resume=False, overwrite=False),
        pytest.raises(ValueError, match="another run is writing to it"),
    ):
        npp.tag(folder, out=tmp_path / "out", resume=True)


# the command line


def test_exit_codes_and_silence_in_a_pipe(tmp_path):
    folder = folder_of(tmp_path, 3)
    good = run_npp([str(folder), "--out", str(tmp_path / "a.jsonl")])
    assert (good.returncode, good.stderr) == (0, "")
    assert "文件 3 个" in good.stdout
    (folder / "empty.txt").write_bytes(b"")
    some = run_npp([str(folder), "--out", str(tmp_path / "b")])
    assert some.returncode == 1
    assert (
        some.stderr == f"npp: not tagged: {folder}/empty.txt: empty: 0 bytes\n".replace("/", os.sep)
        or os.sep != "/"
    )
    assert run_npp([str(folder), "--out", str(tmp_path / "b")]).returncode == 2
    assert run_npp([str(tmp_path / "nothing*"), "--out", str(tmp_path / "c")]).returncode == 2
    blocked = run_npp([str(folder), "--out", str(folder / "000.txt" / "below")])
    assert blocked.returncode == 2
    assert len(blocked.stderr.splitlines()) == 1


@posix
def test_progress_on_a_terminal_has_rate_and_time_left(tmp_path):
    import fcntl
    import pty
    import struct
    import termios

    folder = folder_of(tmp_path, 40)
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    words = [sys.executable, "-m", "npp_nlp.cli", "tag", str(folder), "--out", str(tmp_path / "out")]
    process = subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=theirs, env=os.environ | path_of_package()
    )
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # the other end is closed
        while piece := os.read(ours, 4096):
            shown += piece
    os.close(ours)
    assert process.wait() == 0
    assert re.search(r"/40 \[\d\d:\d\d<.*file/s\]", shown.decode())


def test_format_beats_the_suffix(tmp_path):
    folder = folder_of(tmp_path, 1)
    assert main(["tag", str(folder), "--out", str(tmp_path / "x"), "--format", "jsonl", "--terms", "2"]) == 0
    lines = (tmp_path / "x").read_text("utf-8").splitlines()
    assert [json.loads(line)["paragraph"] for line in lines] == list(range(len(lines)))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc here to read the peak from")
def test_the_parent_holds_no_results(tmp_path):
    folder = folder_of(tmp_path, 300)
    code = (
        "import sys, npp_nlp as npp; npp.tag(sys.argv[1], out=sys.argv[2], workers=1);"
        "print(next(row for row in open('/proc/self/status') if row.startswith('VmHWM')).split()[1]);"
        "print(sorted({'pandas', 'sklearn', 'scipy', 'networkx', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder), str(tmp_path / "out")],
        capture_output=True, text=True, check=True, env=os.environ | path_of_package(),
    )  # fmt: skip
    peak, heavy = done.stdout.splitlines()
    assert int(peak) < 150_000
    assert heavy == "[]"
