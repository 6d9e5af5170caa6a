"""The main job on the five articles, as a user runs it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest
from pyarrow import parquet

import npp_nlp as npp
from npp_nlp.cli import main

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"
COLUMNS = {
    "paragraphs": ["doc_id", "paragraph", "kind", "article", "start", "end", "text"],
    "terms": ["doc_id", "term", "score", "n", "docfreq", "first_start", "source"],
    "labels": [
        "doc_id",
        "paragraph",
        "label",
        "score",
        "achievement",
        "challenge",
        "driver",
        "other",
        "text",
    ],
    "nodes": ["term", "n", "docfreq", "degree", "strength", "betweenness", "community"],
    "edges": ["source", "target", "n", "weight", "measure"],
    "failures": ["path", "reason"],
}


@pytest.fixture(scope="module")
def analysis():
    return npp.analyze(npp.Corpus.from_files(SEEDS / "*.txt"))


@pytest.fixture(scope="module")
def results(analysis, tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    analysis.save(folder)
    return folder


@pytest.mark.parametrize("name", COLUMNS)
def test_tables_have_exactly_their_columns(results, name):
    table = pd.read_parquet(results / f"{name}.parquet")
    assert list(table.columns) == COLUMNS[name]
    spreadsheet = pd.read_csv(results / f"{name}.csv", encoding="utf-8-sig")
    assert list(spreadsheet.columns) == COLUMNS[name]
    assert len(spreadsheet) == len(table)


def test_every_offset_leads_back(analysis):
    documents = {d.id: d for d in analysis.corpus}
    assert len(documents) == 5
    for row in analysis.paragraphs.itertuples():
        assert documents[row.doc_id].text[row.start : row.end] == row.text
    for document in analysis.corpus:
        for p in document.paragraphs:
            assert "".join(document.source[a:b] for a, b in p.source_spans) == p.text
    folded = {d.id: re.sub(r"[“”\"]", "", d.text) for d in analysis.corpus}
    assert (analysis.terms["n"] >= 1).all()
    for row in analysis.terms.itertuples():
        assert 0 <= row.first_start < len(documents[row.doc_id].text), folded[row.doc_id][:0]


def test_labels_are_probabilities(analysis):
    labels = analysis.labels
    kinds = ["achievement", "challenge", "driver", "other"]
    assert labels[kinds].sum(axis=1).round(6).eq(1).all()
    assert set(labels["label"]) <= set(kinds)


def test_graph_files(results, analysis):
    graph = nx.read_gexf(results / "graph.gexf")
    assert set(graph) == set(analysis.nodes["term"])
    assert graph.number_of_edges() == len(analysis.edges) > 0
    assert (results / "graph.png").read_bytes().startswith(b"\x89PNG")


def test_provenance_lies_beside_and_inside(results):
    provenance = json.loads((results / "provenance.json").read_text("utf-8"))
    assert set(provenance) == {"versions", "settings", "models", "lexicon", "inputs", "failures"}
    assert all(re.search(r"sha256:[0-9a-f]{12}$", identity) for identity in provenance["models"].values())
    assert all(re.fullmatch(r"[0-9a-f]{64}", item["sha256"]) for item in provenance["inputs"].values())
    inside = parquet.read_schema(results / "terms.parquet").metadata[b"npp_nlp"]
    assert json.loads(inside) == provenance


def test_the_same_input_gives_the_same_bytes(results, tmp_path):
    npp.analyze(npp.Corpus.from_files(SEEDS / "*.txt")).save(tmp_path)
    names = sorted(p.name for p in results.iterdir())
    assert sorted(p.name for p in tmp_path.iterdir()) == names
    assert [n for n in names if (tmp_path / n).read_bytes() != (results / n).read_bytes()] == []


@pytest.mark.parametrize("text", ["", " ", "。", "a", "\ud800", "\x00新\x00", "新" * 5000, "1\n2\n3"])
def test_odd_texts_go_through(text, tmp_path):
    done = npp.analyze(npp.Corpus.from_texts([text]))
    done.save(tmp_path)
    assert list(pd.read_parquet(tmp_path / "terms.parquet").columns) == COLUMNS["terms"]
    assert done.summary()


def test_analyze_takes_a_path_a_text_a_document():
    text = "因地制宜发展新质生产力。"
    by_text, by_document = npp.analyze(text), npp.analyze(npp.Document.from_text(text))
    pd.testing.assert_frame_equal(by_text.terms, by_document.terms)
    seed = sorted(SEEDS.glob("*.txt"))[2]
    assert npp.analyze(seed).corpus[0].id == npp.analyze(str(seed)).corpus[0].id == seed.stem


def test_wrong_arguments(tmp_path):
    with pytest.raises(ValueError, match="top and concepts must be at least 1, not 0 and 80"):
        npp.analyze("新", top=0)
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError, match="the output must be a folder"):
        npp.analyze("新").save(tmp_path / "file")


def test_command_line(tmp_path, capsys):
    seed = str(sorted(SEEDS.glob("*.txt"))[2])
    assert main(["analyze", seed, "--out", str(tmp_path / "out")]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert len(out.strip().splitlines()) <= 12
    assert "文档 1 篇" in out
    assert (tmp_path / "out" / "report.html").is_file()


def test_command_line_tells_what_it_could_not_read(tmp_path, capsys):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bad.txt").write_bytes(b"\x00\xff\x00\xff" * 10)
    (tmp_path / "in" / "good.txt").write_text("推进改革。扩大开放。", "utf-8")
    assert main(["analyze", str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 1
    assert "npp: not read: " in capsys.readouterr().err
    assert pd.read_csv(tmp_path / "out" / "failures.csv")["path"].str.endswith("bad.txt").all()


def test_command_line_errors(tmp_path, capsys):
    assert main(["analyze", str(tmp_path / "none.txt"), "--out", str(tmp_path / "out")]) == 1
    assert f"not read: {tmp_path / 'none.txt'}: No such file" in capsys.readouterr().err
    assert main(["analyze", str(tmp_path / "*.txt"), "--out", str(tmp_path / "out")]) == 2
    assert "matches no file" in capsys.readouterr().err
    assert main(["analyze", str(tmp_path), "--out", str(tmp_path / "out"), "--encoding", "big6"]) == 2
    assert "encoding='big6': no such encoding" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stop:
        main(["analyze"])
    assert stop.value.code == 2


def test_works_without_a_utf8_locale(tmp_path):
    """Nothing depends on the locale's encoding."""
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    seed = str(sorted(SEEDS.glob("*.txt"))[2])
    command = [sys.executable, "-m", "npp_nlp.cli", "analyze", seed, "--out", str(tmp_path / "结果")]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
