"""The command line: what it prints, what it writes, its exit codes."""

import io
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from npp_nlp import Corpus, classify, key_terms
from npp_nlp.cli import COMMANDS, main, parser

TEXTS = {
    "政府工作报告（2024年）": "要发展低空经济，培育新质生产力，推进科技创新。",
    "政府工作报告（2025年）": "壮大耐心资本，培育新质生产力，推进科技创新。",
}


@pytest.fixture
def folder(tmp_path):
    for number, (title, text) in enumerate(TEXTS.items()):
        (tmp_path / f"{number}.txt").write_text(f"{title}\n{text}\n{text}\n", encoding="utf-8")
    return tmp_path


def test_terms_to_the_terminal_and_to_a_file(folder, capsys):
    assert main(["terms", str(folder), "--top", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["0", "1"]
    assert "低空经济" in lines[0]
    assert "耐心资本" in lines[1]
    assert main(["terms", str(folder), "--by", "year", "--out", str(folder / "out.csv")]) == 0
    table = pd.read_csv(folder / "out.csv")
    assert list(table.columns) == ["group", "term", "score", "n", "docfreq", "source"]
    assert set(table["group"]) == {2024, 2025}


def test_terms_refuse_what_they_cannot_do(folder, capsys):
    assert main(["terms", str(folder), "--top", "0"]) == 2
    assert main(["terms", str(folder), "--by", "region"]) == 2
    assert "no document has a value of it" in capsys.readouterr().err
    assert main(["terms", str(folder), "--out", str(folder / "out.docx")]) == 2


def test_segment_reads_a_file_or_the_standard_input(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("因地制宜发展新质生产力\n扩大内需"))
    assert main(["segment"]) == 0
    assert capsys.readouterr().out == "因地制宜 发展 新质生产力\n扩大内需\n"
    path = tmp_path / "a.txt"
    path.write_text("\ufeff发展新质生产力", encoding="utf-8")
    assert main(["segment", str(path)]) == 0
    assert capsys.readouterr().out == "发展 新质生产力\n"
    assert main(["segment", str(tmp_path / "none.txt")]) == 2


def test_graph_writes_the_format_of_the_suffix(folder, capsys):
    out = folder / "graph.graphml"
    assert main(["graph", str(folder / "0.txt"), str(folder / "1.txt"), "--out", str(out)]) == 0
    assert {"新质生产力", "科技创新"} <= set(nx.read_graphml(out))
    assert main(["graph", str(folder), "--out", str(folder / "graph.xyz")]) == 2
    assert "the suffix must be one of" in capsys.readouterr().err


def test_report_is_one_page(folder):
    assert main(["report", str(folder), "--out", str(folder / "page.html")]) == 0
    assert "新质生产力" in (folder / "page.html").read_text(encoding="utf-8")


def test_every_command_has_help(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    listed = capsys.readouterr().out
    commands = parser()._subparsers._group_actions[0].choices
    for name in commands:
        assert name in listed
        with pytest.raises(SystemExit) as stop:
            main([name, "--help"])
        assert stop.value.code == 0


def test_nothing_readable_is_exit_code_one(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"")
    assert main(["terms", str(tmp_path / "a.txt")]) == 1
    assert not Path(tmp_path / "graph.gexf").exists()


def npp(*arguments, pipe=None, **options):
    """The command in a process of its own: streams are what is tested."""
    words = [sys.executable, "-m", "npp_nlp.cli", *map(str, arguments)]
    command = ["bash", "-c", f"{shlex.join(words)} {pipe}"] if pipe else words
    return subprocess.run(command, capture_output=True, check=False, **options)


def test_the_overview_has_the_lines_of_the_commands_and_loads_no_library(capsys):
    choices = parser()._subparsers._group_actions[0]._choices_actions
    assert {action.dest: action.help for action in choices} == {
        name: line for name, (_, line) in COMMANDS.items()
    }
    code = "import sys; from npp_nlp.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    code += "assert not {'numpy', 'pandas', 'networkx'} & set(sys.modules), 'slow'"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    for wrong in ([], ["nonsense"], ["--nonsense"]):
        with pytest.raises(SystemExit) as stop:
            main(wrong)
        assert stop.value.code == 2


def test_nothing_is_lost_on_a_terminal_without_chinese(folder):
    ascii_only = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = npp("segment", input="扩大内需".encode(), env=ascii_only)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("unicode_escape") == "扩大内需\n"
    done = npp("terms", folder / "0.txt", "--json", env=ascii_only)
    assert "低空经济" in [json.loads(line)["term"] for line in done.stdout.splitlines()]


def test_a_reader_that_goes_away_ends_the_command_quietly(tmp_path):
    (tmp_path / "a.txt").write_text("扩大内需\n" * 50_000, encoding="utf-8")
    done = npp("segment", tmp_path / "a.txt", pipe='| head -1; exit "${PIPESTATUS[0]}"')
    assert (done.returncode, done.stdout.decode(), done.stderr) == (141, "扩大内需\n", b"")


def test_a_closed_output_and_a_full_disk(tmp_path):
    (tmp_path / "a.txt").write_text("扩大内需\n", encoding="utf-8")
    assert npp("segment", tmp_path / "a.txt", pipe=">&-").returncode == 0
    if Path("/dev/full").exists():
        done = npp("segment", tmp_path / "a.txt", pipe="> /dev/full")
        assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
        assert b"npp: error: [Errno 28]" in done.stderr


def test_errors_are_one_line_and_name_what_was_read(tmp_path):
    done = npp("segment", input=b"\xff\xfe\n")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"npp: error: standard input: not UTF-8: invalid start byte at byte 0\n"
    (tmp_path / "a.txt").write_bytes(b"abc\xff")
    done = npp("segment", tmp_path / "a.txt")
    assert (
        done.stderr.decode() == f"npp: error: {tmp_path / 'a.txt'}: not UTF-8: invalid start byte at byte 3\n"
    )


def test_a_text_on_the_standard_input(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("要发展低空经济，发展低空经济。"))
    assert main(["concordance", "-", "低空经济", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["doc_id"], row["start"], row["term"]) for row in rows] == [
        ("stdin", 3, "低空经济"),
        ("stdin", 10, "低空经济"),
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO(" \n"))
    assert main(["terms", "-"]) == 1
    assert main(["terms", "-", "a.txt"]) == 2


def test_json_numbers_are_those_of_the_table(folder, capsys):
    assert main(["terms", str(folder), "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    table = key_terms(Corpus.from_files(folder))
    assert [row["score"] for row in rows] == table["score"].tolist()
    assert [row["term"] for row in rows] == table["term"].tolist()


def test_tag_takes_paths_from_the_standard_input(folder, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{folder / '0.txt'}\n\n{folder / '1.txt'}\n"))
    assert main(["tag", "-", "--out", str(folder / "listed.jsonl"), "--workers", "1"]) == 0
    assert main(["tag", str(folder / "?.txt"), "--out", str(folder / "found.jsonl"), "--workers", "1"]) == 0
    assert (folder / "listed.jsonl").read_bytes() == (folder / "found.jsonl").read_bytes()
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert main(["tag", "-", "--out", str(folder / "none.jsonl")]) == 2


def test_labels_as_json_lines(folder, capsys):
    assert main(["classify", str(folder), "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    table = classify(Corpus.from_files(folder))
    assert list(rows[0]) == list(table.columns)
    assert [row["score"] for row in rows] == [None if x != x else x for x in table["score"].tolist()]
    with pytest.raises(SystemExit) as stop:
        main(["classify", str(folder), "--json", "--out", "a.csv"])
    assert stop.value.code == 2
