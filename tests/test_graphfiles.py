"""Graph files: each read back, by networkx where it can, with names that formats stumble over."""

import csv
import json
import subprocess
import sys
from itertools import pairwise

import networkx as nx
import numpy as np
import openpyxl
import pandas as pd
import pytest

from npp_nlp import export
from npp_nlp.cooccurrence.building import concept_graph
from npp_nlp.cooccurrence.yearly import yearly_graphs
from npp_nlp.document import Corpus

TERMS = ["科技创新", "新质生产力", "耐心资本", "数字经济"]
TEXTS = ["科技创新引领新质生产力。"] * 3 + ["耐心资本和数字经济。"] * 2 + ["天气。"]
HOSTILE = ["a\x00b", "a\x01b", "<c>&\"'", "=1+1", "\ud800", "两 词\n行", "back\\", "it's “好”", ""]


@pytest.fixture
def graph():
    return concept_graph(TEXTS, TERMS)


@pytest.fixture
def hostile():
    graph = nx.Graph(occurrences=object(), contexts=3)
    for number, name in enumerate(HOSTILE):
        graph.add_node(name, n=np.int64(number), x=0.1, y=-0.2, community=number % 2, strength=1.0, docfreq=1)
    for a, b in pairwise(HOSTILE):
        graph.add_edge(a, b, weight=np.float64(0.5), n=2, contexts=2, measure="npmi", more=[1])
    return graph


def same_edges(back, graph, attributes=("weight",)):
    assert set(map(frozenset, back.edges)) == set(map(frozenset, graph.edges))
    for a, b, data in graph.edges(data=True):
        for key in attributes:
            assert back.edges[a, b][key] == pytest.approx(data[key]), key


def test_gexf(graph, tmp_path):
    export.save_gexf(graph, tmp_path / "g.gexf")
    back = nx.read_gexf(tmp_path / "g.gexf")
    same_edges(back, graph, ("weight", "n", "contexts", "g2", "p", "p_adjusted"))
    for name, data in graph.nodes(data=True):
        assert back.nodes[name]["community"] == data["community"]
        assert back.nodes[name]["viz"]["position"]["x"] == pytest.approx(1000 * data["x"])


def test_graphml(graph, tmp_path):
    export.save_graphml(graph, tmp_path / "g.graphml")
    back = nx.read_graphml(tmp_path / "g.graphml")
    same_edges(back, graph, ("weight", "n", "contexts", "g2", "p", "p_adjusted"))
    assert {n: dict(d) for n, d in back.nodes(data=True)} == {n: dict(d) for n, d in graph.nodes(data=True)}
    assert back.graph["contexts"] == 6
    assert "occurrences" not in back.graph


def test_pajek(graph, tmp_path):
    export.save_pajek(graph, tmp_path / "g.net")
    back = nx.Graph(nx.read_pajek(tmp_path / "g.net", encoding="utf-8-sig"))
    same_edges(back, graph)
    partition = (tmp_path / "g.clu").read_text("utf-8-sig").split()
    assert partition[:2] == ["*Vertices", "4"]
    assert {name: int(k) - 1 for name, k in zip(back, partition[2:], strict=True)} == dict(
        graph.nodes(data="community")
    )
    lines = (tmp_path / "g.net").read_text("utf-8-sig").splitlines()
    for line, name in zip(lines[1:5], sorted(graph), strict=True):
        x, y = map(float, line.split('"')[2].split()[:2])
        assert x == pytest.approx(0.5 + graph.nodes[name]["x"] / 2, abs=1e-4)
        assert y == pytest.approx(0.5 - graph.nodes[name]["y"] / 2, abs=1e-4)


def test_vosviewer(graph, tmp_path):
    export.save_vosviewer(graph, tmp_path / "g.json")
    network = json.loads((tmp_path / "g.json").read_text("utf-8"))["network"]
    assert set(network) == {"items", "links"}
    label = {}
    for item in network["items"]:
        assert set(item) == {"id", "label", "x", "y", "cluster", "weights"}
        data = graph.nodes[item["label"]]
        label[item["id"]] = item["label"]
        assert isinstance(item["id"], int)
        assert item["cluster"] == data["community"] + 1
        assert item["weights"] == {
            "Links": data["degree"], "Total link strength": data["strength"], "Occurrences": data["n"],
            "Documents": data["docfreq"],
        }  # fmt: skip
    back = nx.Graph()
    for link in network["links"]:
        assert set(link) == {"source_id", "target_id", "strength"}
        back.add_edge(label[link["source_id"]], label[link["target_id"]], weight=link["strength"])
    same_edges(back, graph)


def test_ucinet(graph, tmp_path):
    export.save_ucinet(graph, tmp_path / "g.csv")
    table = pd.read_csv(tmp_path / "g.csv", index_col=0, encoding="utf-8-sig")
    assert table.index.tolist() == table.columns.tolist() == sorted(graph)
    assert table.to_numpy() == pytest.approx(nx.to_numpy_array(graph, sorted(graph)))


@pytest.mark.parametrize("suffix", [".gexf", ".graphml", ".net", ".json", ".csv"])
def test_names_that_formats_stumble_over(hostile, tmp_path, suffix):
    path = tmp_path / f"g{suffix}"
    export.save_graph(hostile, path)
    if suffix == ".gexf":
        back = nx.read_gexf(path)
    elif suffix == ".graphml":
        back = nx.read_graphml(path)
    elif suffix == ".net":
        back = nx.Graph(nx.read_pajek(path, encoding="utf-8-sig"))
    elif suffix == ".json":
        network = json.loads(path.read_text("utf-8"))["network"]
        back = nx.Graph()
        back.add_nodes_from(item["id"] for item in network["items"])
        back.add_edges_from((link["source_id"], link["target_id"]) for link in network["links"])
    else:
        rows = list(csv.reader(path.read_text("utf-8-sig").splitlines(keepends=True)))
        assert "'=1+1" in rows[0]
        back = nx.from_numpy_array(np.array([row[1:] for row in rows[1:]], dtype=float))
    assert len(back) == len(HOSTILE)  # no two names become one
    assert back.number_of_edges() == len(HOSTILE) - 1
    assert sorted(dict(back.degree).values()) == sorted(dict(hostile.degree).values())


def test_plain_graph(hostile):
    clean = export.plain_graph(hostile)
    assert clean.graph == {"contexts": 3}
    assert {"a\ufffdb", "a\ufffdb\ufffd"} <= set(clean)
    assert "more" not in clean.edges["a\ufffdb", "a\ufffdb\ufffd"]
    assert hostile.graph["contexts"] == 3
    assert "occurrences" in hostile.graph


@pytest.mark.parametrize("suffix", [".gexf", ".graphml", ".net", ".json", ".csv", ".xlsx"])
def test_graphs_without_nodes_and_plain_ones(suffix, tmp_path):
    export.save_graph(concept_graph(""), tmp_path / f"empty{suffix}")
    assert (tmp_path / f"empty{suffix}").stat().st_size > 0
    if suffix != ".xlsx":
        export.save_graph(nx.path_graph(["a", "b"]), tmp_path / f"plain{suffix}")


def test_unknown_suffix(graph, tmp_path):
    with pytest.raises(ValueError, match=r"the suffix must be one of \.gexf, \.graphml, \.net"):
        export.save_graph(graph, tmp_path / "g.txt")


def test_series_of_years(tmp_path):
    corpus = Corpus.from_texts(TEXTS + TEXTS[:1], years=[2023, 2023, 2024, 2024, 2024, 2025, 2026])
    graphs = yearly_graphs(corpus, TERMS, min_count=1)
    export.save_gexf_series(graphs, tmp_path / "g.gexf")
    text = (tmp_path / "g.gexf").read_text("utf-8")
    assert 'mode="dynamic"' in text
    assert 'timeformat="double"' in text
    back = nx.read_gexf(tmp_path / "g.gexf")
    assert back.edges["科技创新", "新质生产力"]["spells"] == [
        (2023.0, 2023.999), (2024.0, 2024.999), (2026.0, 2026.999),
    ]  # fmt: skip
    assert back.nodes["耐心资本"]["spells"] == [(2024.0, 2024.999)]
    then = {start: value for value, start, _ in back.edges["科技创新", "新质生产力"]["contexts"]}
    assert then == {2023.0: 2, 2024.0: 1, 2026.0: 1}
    for name in back:
        year = next(y for y in (2023, 2024) if name in graphs[y])
        assert back.nodes[name]["viz"]["position"]["x"] == pytest.approx(1000 * graphs[year].nodes[name]["x"])
    export.save_gexf_series({np.int64(2023): graphs[2023]}, tmp_path / "i.gexf")
    with pytest.raises(ValueError, match="group '甲' is no number: a time line needs years"):
        export.save_gexf_series({"甲": nx.Graph()}, tmp_path / "h.gexf")


ROWS = pd.DataFrame(
    {
        "text": pd.Series(["=1+1", "+1", "-1", "@A1", "\tx", "新\x00\ud800", None, "ok"], dtype="object"),
        "n": [1, -2, 3, 4, 5, 6, 7, 8],
        "share": [0.5, float("nan"), float("inf"), 0, 0, 0, 0, 0],
        "list": [[1, 2]] * 8,
        "flag": pd.array([True, None] * 4, dtype="boolean"),
    }
)


def test_workbook_runs_no_formula(tmp_path):
    export.save_excel({"表": ROWS, "empty": ROWS.head(0)}, tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["表", "empty"]
    sheet = book["表"]
    assert [cell.value for cell in sheet[1]] == list(ROWS.columns)
    texts = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in texts] == ["=1+1", "+1", "-1", "@A1", "\tx", "新\ufffd\ufffd", None, "ok"]
    assert all(cell.data_type == "s" for cell in texts if cell.value is not None)
    assert texts[0].quotePrefix
    assert not texts[-1].quotePrefix
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == ROWS["n"].tolist()
    assert [row[2].value for row in sheet.iter_rows(min_row=2, max_row=4)] == [0.5, None, "inf"]
    assert sheet["D2"].value == "[1, 2]"
    assert [sheet["E2"].value, sheet["E3"].value] == [True, None]
    assert book["empty"].max_row == 1


def test_workbook_of_a_graph(graph, tmp_path):
    export.save_graph(graph, tmp_path / "g.xlsx")
    edges = pd.read_excel(tmp_path / "g.xlsx", sheet_name="edges")
    assert edges["p_adjusted"].tolist() == pytest.approx(
        [d["p_adjusted"] for *_, d in graph.edges(data=True)]
    )


def test_workbooks_that_cannot_be(tmp_path):
    with pytest.raises(ValueError, match="tables is empty"):
        export.save_excel({}, tmp_path / "t.xlsx")
    for name in ("", "a/b", "x" * 32, "'a"):
        with pytest.raises(ValueError, match="a sheet's name has 1 to 31 characters"):
            export.save_excel({name: ROWS}, tmp_path / "t.xlsx")
    with pytest.raises(ValueError, match="a text of 32,768 characters; a cell holds 32,767"):
        export.save_excel({"a": pd.DataFrame({"t": ["新" * 32_768]})}, tmp_path / "t.xlsx")


def test_the_same_bytes_whatever_the_hash_seed(tmp_path):
    code = (
        "import sys\nfrom pathlib import Path\nfrom npp_nlp import export\n"
        "from npp_nlp.cooccurrence.building import concept_graph\n"
        f"g = concept_graph({TEXTS!r}, {TERMS!r}, min_count=1)\n"
        "for s in ('gexf', 'graphml', 'net', 'json', 'csv', 'xlsx'):\n"
        "    export.save_graph(g, Path(sys.argv[1]) / f'g.{s}')\n"
    )
    for seed in ("0", "1"):
        (tmp_path / seed).mkdir()
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / seed)], env=environment, check=True)
    names = sorted(path.name for path in (tmp_path / "0").iterdir())
    assert len(names) == 7
    assert [n for n in names if (tmp_path / "0" / n).read_bytes() != (tmp_path / "1" / n).read_bytes()] == []
