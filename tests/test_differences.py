"""Differences of graphs by hand and against scipy; communities aligned through a series."""

import networkx as nx
import numpy as np
import pytest
from scipy.stats import chi2_contingency, false_discovery_control

from npp_nlp.cooccurrence.building import concept_graph
from npp_nlp.cooccurrence.differences import align_communities, graph_difference
from npp_nlp.cooccurrence.yearly import yearly_graphs

TERMS = ["科技创新", "新质生产力", "耐心资本", "数字经济"]
BOTH, OTHER, LONE = "科技创新引领新质生产力。", "耐心资本和数字经济。", "科技创新。"
EDGES = [
    "source", "target", "change", "contexts_1", "contexts_2", "share_1", "share_2", "weight_1", "weight_2",
    "g2", "p", "p_adjusted",
]  # fmt: skip


def graph(*texts, **options):
    return concept_graph(list(texts), TERMS, **{"measure": "count", **options})


def test_what_appears_fades_strengthens_and_weakens():
    third = "科技创新和耐心资本。"
    one = graph(*[BOTH] * 2, *[OTHER] * 5, *[third] * 2)
    two = graph(*[BOTH] * 6, *[OTHER] * 2, "新质生产力和数字经济。", "新质生产力和数字经济。")
    changes = {(row.source, row.target): row.change for row in graph_difference(one, two).edges.itertuples()}
    assert changes == {
        ("新质生产力", "科技创新"): "strengthens",
        ("数字经济", "耐心资本"): "weakens",
        ("科技创新", "耐心资本"): "fades",
        ("数字经济", "新质生产力"): "appears",
    }


def test_the_test_is_that_of_scipy():
    one = graph(*[BOTH] * 2, *[OTHER] * 5, *[LONE] * 3)
    two = graph(*[BOTH] * 9, *[OTHER] * 2, *[LONE] * 4)
    edges = graph_difference(one, two).edges.set_index(["source", "target"])
    tables = {
        ("数字经济", "耐心资本"): [[5, 5], [2, 13]],
        ("新质生产力", "科技创新"): [[2, 8], [9, 6]],
    }
    known = {k: chi2_contingency(t, correction=False, lambda_="log-likelihood") for k, t in tables.items()}
    fdr = dict(zip(known, false_discovery_control([r.pvalue for r in known.values()]), strict=True))
    for pair, result in known.items():
        assert abs(edges.loc[pair, "g2"]) == pytest.approx(result.statistic)
        assert edges.loc[pair, "p"] == pytest.approx(result.pvalue)
        assert edges.loc[pair, "p_adjusted"] == pytest.approx(fdr[pair])
    assert edges.loc[("数字经济", "耐心资本"), "g2"] < 0 < edges.loc[("新质生产力", "科技创新"), "g2"]
    assert edges.loc[("新质生产力", "科技创新"), ["share_1", "share_2"]].tolist() == [2 / 10, 9 / 15]


def test_pairs_below_min_count_are_counted_all_the_same():
    one, two = graph(BOTH, *[OTHER] * 3), graph(*[BOTH] * 2, *[OTHER] * 3)
    assert not one.has_edge("科技创新", "新质生产力")
    row = graph_difference(one, two).edges.set_index("change").loc["appears"]
    assert row["contexts_1"] == 1
    assert np.isnan(row["weight_1"])
    for bare in (one, two):
        del bare.graph["occurrences"]
    assert graph_difference(one, two).edges.set_index("change").loc["appears", "contexts_1"] == 0


def test_nodes():
    nodes = graph_difference(graph(*[OTHER] * 2), graph(*[OTHER] * 2, *[BOTH] * 3)).nodes
    assert nodes.values.tolist() == [
        ["新质生产力", "appears", 0, 3, 0, 1, 0.0, 3.0],
        ["科技创新", "appears", 0, 3, 0, 1, 0.0, 3.0],
        ["数字经济", "same", 2, 2, 1, 1, 2.0, 2.0],
        ["耐心资本", "same", 2, 2, 1, 1, 2.0, 2.0],
    ]


def test_the_same_graph_twice():
    one = graph(*[BOTH] * 3, *[OTHER] * 2)
    edges = graph_difference(one, one).edges
    assert set(edges["change"]) == {"same"}
    assert (edges["p"] == 1).all()


def test_no_contexts_no_test():
    edges = graph_difference(graph(""), graph(*[BOTH] * 3)).edges
    assert edges["change"].tolist() == ["appears"]
    assert edges[["share_1", "g2", "p", "p_adjusted"]].isna().all(axis=None)
    empty = graph_difference(graph(""), graph(""))
    assert list(empty.edges.columns) == EDGES
    assert list(empty.nodes.columns)[:2] == ["term", "change"]
    assert len(empty.edges) == len(empty.nodes) == 0
    assert empty.edges.dtypes.equals(edges.dtypes)


def test_graphs_that_cannot_be_compared():
    one = graph(*[BOTH] * 2)
    with pytest.raises(ValueError, match="measure differs: 'count' and 'jaccard'"):
        graph_difference(one, graph(*[BOTH] * 2, measure="jaccard"))
    with pytest.raises(ValueError, match="context differs: 'paragraph' and 'sentence'"):
        graph_difference(one, graph(*[BOTH] * 2, context="sentence"))
    with pytest.raises(ValueError, match="graph does not know its number of contexts"):
        graph_difference(one, nx.Graph())


def series(*years):
    """Graphs with the given communities; a word's strength falls with its place."""
    graphs = {}
    for year, groups in years:
        graphs[year] = nx.Graph()
        for number, group in enumerate(groups):
            for place, name in enumerate(group):
                graphs[year].add_node(name, community=number, strength=10.0 - place)
    return graphs


def aligned(graphs, **options):
    table = align_communities(graphs, **options)
    return {(r.group, r.term): (r.aligned, r.name) for r in table.itertuples(index=False)}


def test_communities_keep_their_names():
    table = align_communities(
        series((1, ["abcd", "xyz"]), (2, ["xyzw", "abc"]), (3, ["pq"]), (4, ["pqr", "xyz"]))
    )
    rows = table.groupby(["group", "aligned"])[["name", "jaccard"]].first()
    assert rows["name"].to_dict() == {
        (1, 0): "a", (1, 1): "x", (2, 0): "a", (2, 1): "x", (3, 2): "p", (4, 1): "x", (4, 2): "p",
    }  # fmt: skip
    assert rows.loc[(2, 1), "jaccard"] == 3 / 4
    assert rows.loc[(4, 1), "jaccard"] == 3 / 4  # against xyzw, as it was last seen
    assert np.isnan(rows.loc[(3, 2), "jaccard"])
    assert table["community"].tolist()[:3] == [0, 0, 0]


def test_best_matching_as_a_whole_and_threshold():
    # abcd shares 2/4 with ab and 2/6 with cdef: it stays with the nearer one
    found = aligned(series((1, ["ab", "cdef"]), (2, ["abcd", "ef"])))
    assert found[2, "a"] == (0, "a")
    assert found[2, "e"] == (1, "c")
    alone = aligned(series((1, ["abcdefghij"]), (2, ["a"])))
    assert alone[2, "a"] == (1, "a")
    assert aligned(series((1, ["abcdefghij"]), (2, ["a"])), least=0.1)[2, "a"] == (0, "a")


def test_series_of_graphs_without_nodes():
    assert list(align_communities({}).columns) == ["group", "term", "community", "aligned", "name", "jaccard"]
    assert len(align_communities({2023: nx.Graph()})) == 0
    with pytest.raises(ValueError, match="least must be above 0 and at most 1, not 0"):
        align_communities({}, least=0)


def test_real_series():
    from npp_nlp.document import Corpus

    corpus = Corpus.from_texts([BOTH, BOTH, OTHER, BOTH, BOTH, OTHER, OTHER], years=[1, 1, 1, 2, 2, 2, 2])
    graphs = yearly_graphs(corpus, TERMS, min_count=1)
    table = align_communities(graphs)
    assert table.groupby("term")["aligned"].nunique().eq(1).all()
