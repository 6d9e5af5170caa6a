"""Files that others open: Parquet, CSV for spreadsheets, GEXF, JSON."""

import json

import networkx as nx
import pandas as pd
import pytest
from pyarrow import parquet

from npp_nlp.cooccurrence.building import concept_graph
from npp_nlp.export import save_csv, save_gexf, save_json, save_parquet

TABLE = pd.DataFrame({"term": ["新质生产力", "=1+1", "a\ud800b", None], "n": [3, -1, 0, 2]}, dtype=object)


def test_parquet_round_trip_with_provenance(tmp_path):
    path = tmp_path / "t.parquet"
    save_parquet(TABLE, path, provenance={"版本": "1"})
    back = pd.read_parquet(path)
    assert back["term"].tolist()[:3] == ["新质生产力", "=1+1", "a\ufffdb"]
    assert pd.isna(back["term"][3])
    assert back["n"].tolist() == [3, -1, 0, 2]
    assert json.loads(parquet.read_schema(path).metadata[b"npp_nlp"]) == {"版本": "1"}


def test_parquet_is_the_same_twice(tmp_path):
    for name in ("a", "b"):
        save_parquet(TABLE, tmp_path / name, provenance={"x": 1})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_csv_opens_in_chinese_and_runs_no_formula(tmp_path):
    save_csv(TABLE, tmp_path / "t.csv")
    data = (tmp_path / "t.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").split("\r\n")[:4] == ["term,n", "新质生产力,3", "'=1+1,-1", "a\ufffdb,0"]


def test_csv_of_an_empty_table(tmp_path):
    save_csv(TABLE.head(0), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text("utf-8-sig") == "term,n\n"


def test_gexf_round_trip(tmp_path):
    graph = concept_graph(["科技创新引领新质生产力。"] * 2, ["科技创新", "新质生产力"])
    save_gexf(graph, tmp_path / "g.gexf")
    back = nx.read_gexf(tmp_path / "g.gexf")
    assert back.nodes["新质生产力"]["docfreq"] == 2
    assert back.edges["新质生产力", "科技创新"]["weight"] == pytest.approx(1.0)
    assert "lastmodifieddate" not in (tmp_path / "g.gexf").read_text("utf-8")


def test_gexf_with_characters_that_xml_cannot_hold(tmp_path):
    graph = nx.Graph()
    for name in ("a\x00b", "<c>&"):
        graph.add_node(name, n=1, x=0.0, y=0.0)
    graph.add_edge("a\x00b", "<c>&", weight=1.0)
    save_gexf(graph, tmp_path / "g.gexf")
    assert set(nx.read_gexf(tmp_path / "g.gexf")) == {"a\ufffdb", "<c>&"}


def test_json_is_sorted_and_chinese(tmp_path):
    save_json({"b": 1, "a": "新"}, tmp_path / "p.json")
    assert (tmp_path / "p.json").read_text("utf-8") == '{\n  "a": "新",\n  "b": 1\n}\n'
