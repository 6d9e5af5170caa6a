"""Communities: independent of order, of the hash seed and of what is installed; stability against sklearn and by hand."""

import importlib.util
import subprocess
import sys

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from npp_nlp.cooccurrence import communities
from npp_nlp.cooccurrence.centrality import betweenness
from npp_nlp.cooccurrence.communities import community_stability, find_communities, modularity

METHODS = ["louvain", pytest.param("leiden", marks=pytest.mark.skipif(
    importlib.util.find_spec("igraph") is None, reason="igraph is not installed"))]  # fmt: skip


def two_cliques():
    graph = nx.Graph()
    graph.add_edges_from((a, b) for group in ("abcd", "efg") for a in group for b in group if a < b)
    graph.add_edge("d", "e", weight=0.1)
    return graph


def shuffled(graph, seed):
    rng = np.random.default_rng(seed)
    copy = nx.Graph()
    nodes, edges = list(graph), list(graph.edges(data=True))
    copy.add_nodes_from(nodes[i] for i in rng.permutation(len(nodes)))
    for i in rng.permutation(len(edges)):
        a, b, data = edges[i]
        copy.add_edge(*((a, b) if rng.random() < 0.5 else (b, a)), **data)
    return copy


def random_graph(seed, nodes=60, edges=180):
    plain = nx.gnm_random_graph(nodes, edges, seed=seed)
    graph = nx.relabel_nodes(plain, {i: f"词{i:02}" for i in plain})
    rng = np.random.default_rng(seed)
    for a, b in graph.edges:
        graph.edges[a, b]["weight"] = float(rng.random())
    return graph


@pytest.mark.parametrize("method", METHODS)
def test_two_cliques(method):
    found = find_communities(two_cliques(), method=method)
    assert found == dict.fromkeys("abcd", 0) | dict.fromkeys("efg", 1)


@pytest.mark.parametrize("method", METHODS)
def test_order_of_nodes_and_edges_does_not_matter(method):
    for seed in range(5):
        graph = random_graph(seed)
        assert find_communities(shuffled(graph, 1), method=method) == find_communities(graph, method=method)


def test_hash_seed_does_not_matter():
    code = (
        "import networkx as nx\nfrom npp_nlp.cooccurrence.communities import find_communities\n"
        "g = nx.gnm_random_graph(60, 180, seed=4)\n"
        "print(find_communities(nx.relabel_nodes(g, {i: f'n{i}' for i in g})))"
    )
    results = {
        subprocess.run([sys.executable, "-c", code], env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
                       capture_output=True, text=True, check=True).stdout
        for seed in ("0", "1", "2")
    }  # fmt: skip
    assert len(results) == 1


def test_seed_matters_and_repeats():
    graph = random_graph(7)
    runs = [tuple(find_communities(graph, seed=seed).values()) for seed in range(10)]
    assert len(set(runs)) > 1
    assert runs[3] == tuple(find_communities(graph, seed=3).values())


def test_leiden_without_igraph_says_what_to_install(monkeypatch):
    monkeypatch.setattr(communities, "find_spec", lambda _: None)
    with pytest.raises(ImportError, match=r'method="leiden" needs igraph \(GPL\): pip install igraph'):
        find_communities(two_cliques(), method="leiden")
    assert find_communities(two_cliques())["a"] == 0


def test_wrong_options():
    with pytest.raises(ValueError, match="method must be one of louvain, leiden, not 'walktrap'"):
        find_communities(two_cliques(), method="walktrap")
    with pytest.raises(ValueError, match="resolution must be above 0, not 0"):
        find_communities(two_cliques(), resolution=0)
    with pytest.raises(ValueError, match="seeds must be 2 or more runs to compare, not 1"):
        community_stability(two_cliques(), seeds=1)
    with pytest.raises(ValueError, match="threshold must be above 0 and at most 1, not 0"):
        community_stability(two_cliques(), threshold=0)


def test_resolution():
    assert len(set(find_communities(two_cliques(), resolution=0.01).values())) == 1
    assert len(set(find_communities(two_cliques(), resolution=5.0).values())) > 2


@pytest.mark.parametrize("method", METHODS)
def test_nothing_and_single_nodes(method):
    assert find_communities(nx.Graph(), method=method) == {}
    lone = nx.Graph()
    lone.add_nodes_from("ba")
    assert find_communities(lone, method=method) == {"a": 0, "b": 1}


def test_modularity_is_that_of_networkx():
    graph = random_graph(3)
    names = sorted(graph)
    labels = np.array(list(find_communities(graph).values()))
    groups = [{n for n, label in zip(names, labels, strict=True) if label == k} for k in set(labels.tolist())]
    for resolution in (1.0, 1.7):
        want = nx.community.modularity(graph, groups, resolution=resolution)
        _, edges = communities._canonical(graph)
        assert modularity(labels, edges, resolution) == pytest.approx(want)


def test_stable_communities():
    result = community_stability(two_cliques(), seeds=6)
    assert result.adjusted_rand == 1.0
    assert result.nodes.values.tolist() == [[t, int(t in "efg"), 1.0] for t in "abcdefg"]
    assert result.runs["seed"].tolist() == list(range(6))
    assert (result.runs["communities"] == 2).all()


def test_agreement_by_hand():
    runs = [np.array([0, 0, 1]), np.array([0, 0, 0]), np.array([0, 1, 1]), np.array([0, 0, 1])]
    together = communities._together(runs, 3)
    assert together[0, 1] == 3 / 4
    assert together[0, 2] == 1 / 4
    assert together[1, 2] == 2 / 4
    # a and b are a community, c is alone; c has company of b in half of the runs
    assert communities._agreement(together, np.array([0, 0, 1])).tolist() == [0.75, 0.75, 0.5]


def test_unstable_communities_say_so():
    result = community_stability(random_graph(1), seeds=10)
    assert 0 < result.adjusted_rand < 1
    assert result.nodes["agreement"].between(0, 1).all()
    assert result.nodes["agreement"].min() < 0.9
    again = community_stability(shuffled(random_graph(1), 2), seeds=10)
    pd.testing.assert_frame_equal(again.nodes, result.nodes)


def test_stability_of_nothing():
    result = community_stability(nx.Graph(), seeds=3)
    assert list(result.nodes.columns) == ["term", "community", "agreement"]
    assert len(result.nodes) == 0
    assert result.runs["communities"].tolist() == [0, 0, 0]


@pytest.mark.parametrize("edges", [10, 60, 300])
def test_betweenness_is_that_of_networkx(edges):
    graph = random_graph(5, 50, edges)
    graph.add_edge("词00", "词00")
    want = nx.betweenness_centrality(graph)
    assert betweenness(graph) == pytest.approx(want, abs=1e-12)


def test_betweenness_from_some_sources(monkeypatch):
    graph = random_graph(5, 200, 900)
    exact, some = betweenness(graph), betweenness(graph, pivots=100, seed=1)
    assert some == betweenness(shuffled(graph, 1), pivots=100, seed=1)
    assert some != betweenness(graph, pivots=100, seed=2)
    assert np.corrcoef(list(exact.values()), list(some.values()))[0, 1] > 0.9
    assert np.mean(list(some.values())) == pytest.approx(np.mean(list(exact.values())), rel=0.05)
    monkeypatch.setattr("npp_nlp.cooccurrence.centrality.EXACT", 1000)
    monkeypatch.setattr("npp_nlp.cooccurrence.centrality.PIVOTS", 100)
    assert betweenness(graph, seed=1) == some
    with pytest.raises(ValueError, match="pivots must be at least 1 source, not 0"):
        betweenness(graph, pivots=0)
