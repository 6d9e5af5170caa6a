"""The command line: what it prints, what it writes, its exit codes."""

import io
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from npp_nlp.cli import main, parser

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
