"""Counts worked out by hand, against brute force, and the graph around them."""

import math
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp.cooccurrence.building import (
    association,
    concept_graph,
    count_pairs,
    find_occurrences,
    most_frequent,
)
from npp_nlp.cooccurrence.describing import describe, edges_table, nodes_table, spread
from npp_nlp.document import Corpus, Document, Paragraph
from npp_nlp.lexicon import Lexicon

TERMS = ["科技创新", "新质生产力", "耐心资本"]


def edges(texts, **options):
    graph = concept_graph(texts, TERMS, measure="count", min_count=1, **options)
    return {(row.source, row.target): row.n for row in edges_table(graph).itertuples()}


def test_pairs_of_positions_in_a_paragraph():
    # 科技创新 twice and 新质生产力 twice: 2 x 2 pairs of positions, no pair of a term with itself
    text = "科技创新引领新质生产力，科技创新培育新质生产力。"
    assert edges([text]) == {("新质生产力", "科技创新"): 4}


def test_sentences_separate():
    text = "科技创新很重要。新质生产力很重要。耐心资本支持科技创新。"
    assert edges([text]) == {
        ("新质生产力", "科技创新"): 2,
        ("新质生产力", "耐心资本"): 1,
        ("科技创新", "耐心资本"): 2,
    }
    assert edges([text], context="sentence") == {("科技创新", "耐心资本"): 1}


def test_window_reaches_k_tokens_and_no_further():
    text = "科技创新，新质生产力"  # the comma is a position: two tokens apart
    assert edges([text], context="window", window=1) == {}
    assert edges([text], context="window", window=2) == {("新质生产力", "科技创新"): 1}


def test_window_does_not_cross_a_sentence_and_ignores_blanks():
    assert edges(["科技创新。新质生产力"], context="window", window=9) == {}
    assert edges(["科技创新 　新质生产力"], context="window", window=1) == {("新质生产力", "科技创新"): 1}


def test_each_pair_of_positions_counts_once_in_a_window():
    text = "科技创新新质生产力科技创新"
    assert edges([text], context="window", window=5) == {("新质生产力", "科技创新"): 2}


@settings(max_examples=60, deadline=None)
@given(
    paragraphs=st.lists(st.lists(st.sampled_from([*TERMS, "，", "。"]), max_size=12), min_size=1, max_size=5),
    window=st.integers(1, 6),
)
def test_counts_equal_brute_force(paragraphs, window):
    lexicon = Lexicon.from_terms(TERMS)
    corpus = Corpus.from_texts(["".join(p) or " " for p in paragraphs])
    sentences = []
    for paragraph in paragraphs:
        sentences.append([])
        for token in paragraph:
            sentences[-1].append(token)
            if token == "。":
                sentences.append([])
    for context, units, reach in (
        ("paragraph", paragraphs, 10**9),
        ("sentence", sentences, 10**9),
        ("window", sentences, window),
    ):
        want, where = {}, {}
        for number, unit in enumerate(units):
            # a full stop after a full stop makes no position of its own that could matter here
            for (i, a), (j, b) in combinations(enumerate(unit), 2):
                if a in TERMS and b in TERMS and a != b and j - i <= reach:
                    pair = tuple(sorted((TERMS.index(a), TERMS.index(b))))
                    want[pair] = want.get(pair, 0) + 1
                    where.setdefault(pair, set()).add(number)
        found = find_occurrences(corpus, lexicon, context)
        order = [TERMS.index(term) for term in found.terms]
        a, b, n, contexts = count_pairs(found, window=window if context == "window" else None)
        got = {tuple(sorted((order[i], order[j]))): int(k) for i, j, k in zip(a, b, n, strict=True)}
        assert got == want
        got_contexts = {
            tuple(sorted((order[i], order[j]))): int(c) for i, j, c in zip(a, b, contexts, strict=True)
        }
        assert got_contexts == {pair: len(places) for pair, places in where.items()}


def test_measures_on_paper():
    x, a, b = np.array([2]), np.array([4]), np.array([3])
    assert association(x, a, b, 10, "jaccard")[0] == pytest.approx(2 / 5)
    assert association(x, a, b, 10, "dice")[0] == pytest.approx(4 / 7)
    assert association(x, a, b, 10, "cosine")[0] == pytest.approx(2 / math.sqrt(12))
    assert association(x, a, b, 10, "npmi")[0] == pytest.approx(math.log(20 / 12) / -math.log(0.2))
    assert association(x, x, x, 2, "npmi")[0] == 1.0


def test_node_attributes():
    texts = ["科技创新引领新质生产力。", "科技创新。新质生产力。", "新质生产力。"]
    graph = concept_graph(texts, TERMS, measure="jaccard", min_count=2)
    assert graph.nodes["新质生产力"] | {"x": 0, "y": 0} == {
        "n": 3, "docfreq": 3, "degree": 1, "strength": pytest.approx(2 / 3), "betweenness": 0.0, "community": 0,
        "x": 0, "y": 0,
    }  # fmt: skip
    assert list(nodes_table(graph).columns) == [
        "term", "n", "docfreq", "degree", "strength", "betweenness", "community",
    ]  # fmt: skip
    assert list(edges_table(graph).columns) == ["source", "target", "n", "weight", "measure"]


def test_most_frequent_terms():
    corpus = Corpus.from_texts(["科技创新、新质生产力、新质生产力、耐心资本。"])
    found = most_frequent(find_occurrences(corpus, Lexicon.from_terms(TERMS), "paragraph"), 2)
    # 新质生产力 twice; of the two that occur once, 科技创新 goes first by name
    assert sorted(found.terms[i] for i in found.term) == ["新质生产力", "新质生产力", "科技创新"]
    assert found.terms == ("新质生产力", "科技创新")


def test_without_terms_the_lexicon_s_are_taken():
    graph = concept_graph(["因地制宜发展新质生产力，推动高质量发展。"] * 3, measure="count")
    assert set(graph) == {"因地制宜", "新质生产力", "高质量发展"}


def test_min_count_counts_contexts():
    text = "科技创新、新质生产力、科技创新、新质生产力。"
    assert len(concept_graph([text], TERMS, min_count=2)) == 0
    assert len(concept_graph([text, text], TERMS, min_count=2, measure="count")) == 2


def test_nothing_to_count():
    for source in ("", "今天天气很好。"):
        graph = concept_graph(source, TERMS)
        assert isinstance(graph, nx.Graph)
        assert len(nodes_table(graph)) == len(edges_table(graph)) == 0


def test_order_of_documents_does_not_matter():
    texts = ["科技创新引领新质生产力。", "耐心资本支持科技创新。", "新质生产力与耐心资本。"]
    one = concept_graph(texts, TERMS, min_count=1, measure="count")
    two = concept_graph(texts[::-1], TERMS[::-1], min_count=1, measure="count")
    assert nx.utils.graphs_equal(one, two)
    assert list(one.edges) == list(two.edges)


def test_wrong_arguments():
    with pytest.raises(ValueError, match="context must be one of paragraph, sentence, window, not 'page'"):
        concept_graph("", TERMS, context="page")
    with pytest.raises(
        ValueError,
        match="measure must be one of count, jaccard, dice, cosine, npmi, g2, association, not 'pmi'",
    ):
        concept_graph("", TERMS, measure="pmi")
    with pytest.raises(ValueError, match="window must be at least 1 token, not 0"):
        concept_graph("", TERMS, context="window", window=0)
    with pytest.raises(TypeError, match="terms must be a list of terms, not the string"):
        concept_graph("", "科技创新")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=1, max_size=25))
def test_spread_labels_do_not_cover_one_another(points):
    placed = spread(np.array(points), np.full(len(points), 0.05), 0.05, rounds=5000)
    for (x1, y1), (x2, y2) in combinations(placed, 2):
        assert abs(x1 - x2) >= 0.1 - 1e-6 or abs(y1 - y2) >= 0.1 - 1e-6


TEXTS = [
    "科技创新引领新质生产力。",
    "科技创新和新质生产力，耐心资本。",
    "新质生产力。",
    "耐心资本。",
    "天气很好。",
    "科技创新。",
]


def test_edges_are_tested_against_scipy():
    from scipy.stats import chi2_contingency, false_discovery_control

    # contexts of six: 科技创新 3, 新质生产力 3, 耐心资本 2; pairs: 2, 1, 1
    graph = concept_graph(TEXTS, TERMS, measure="count", min_count=1)
    assert graph.graph["contexts"] == 6
    tables = {
        ("新质生产力", "科技创新"): [[2, 1], [1, 2]],
        ("新质生产力", "耐心资本"): [[1, 2], [1, 2]],
        ("科技创新", "耐心资本"): [[1, 2], [1, 2]],
    }
    known = {
        pair: chi2_contingency(table, correction=False, lambda_="log-likelihood")
        for pair, table in tables.items()
    }
    fdr = false_discovery_control([result.pvalue for result in known.values()])
    for (pair, result), adjusted in zip(known.items(), fdr, strict=True):
        edge = graph.edges[pair]
        assert edge["contexts"] == tables[pair][0][0]
        assert edge["g2"] == pytest.approx(result.statistic, abs=1e-9)
        assert edge["p"] == pytest.approx(result.pvalue)
        assert edge["p_adjusted"] == pytest.approx(adjusted)
    table = edges_table(graph, tests=True)
    assert list(table.columns)[5:] == ["contexts", "g2", "p", "p_adjusted"]


def test_pairs_that_are_no_edges_are_tested_too():
    # a and b always together, c and d too, never a with c: six pairs are tested, two are edges
    texts = ["科技创新、新质生产力。"] * 3 + ["耐心资本、数字经济。"] * 3
    graph = concept_graph(texts, [*TERMS, "数字经济"])
    assert graph.number_of_edges() == 2
    for _, _, edge in graph.edges(data=True):
        assert edge["g2"] == pytest.approx(2 * 6 * math.log(2))
        assert edge["p_adjusted"] == pytest.approx(edge["p"])  # all six pairs have the same |G2|


@pytest.mark.parametrize("measure", ["jaccard", "dice", "cosine", "npmi", "g2", "association"])
def test_weights_are_those_of_the_measure(measure):
    graph = concept_graph(TEXTS, TERMS, measure=measure, min_count=1)
    want = association(np.array([2]), np.array([3]), np.array([3]), 6, measure)[0]
    assert graph.edges["新质生产力", "科技创新"]["weight"] == pytest.approx(want)
    assert all(edge["weight"] > 0 for _, _, edge in graph.edges(data=True))


def test_independent_terms_have_no_edge_by_npmi_and_g2():
    # each in two of four contexts, together in one: as expected of independent terms
    texts = ["科技创新、新质生产力。", "科技创新。", "新质生产力。", "天气很好。"]
    for measure, edges_ in (("npmi", 0), ("g2", 0), ("association", 1), ("jaccard", 1)):
        graph = concept_graph(texts, TERMS, measure=measure, min_count=1)
        assert graph.number_of_edges() == edges_, measure


def test_backbone_keeps_what_the_filter_keeps():
    rng = np.random.default_rng(0)
    words = ["科技创新", "新质生产力", "耐心资本", "数字经济", "乡村振兴", "扩大内需", "就业优先"]
    texts = ["、".join(rng.choice(words, 3, replace=False)) + "。" for _ in range(60)]
    whole = concept_graph(texts, words, measure="count")
    part = concept_graph(texts, words, measure="count", backbone=0.3)
    kept = {
        tuple(sorted((a, b)))
        for a, b, data in whole.edges(data=True)
        if min(
            (1 - data["weight"] / whole.degree(end, weight="weight")) ** (whole.degree(end) - 1)
            for end in (a, b)
        )
        < 0.3
    }
    assert 0 < len(kept) < whole.number_of_edges()
    assert {tuple(sorted(edge)) for edge in part.edges} == kept
    assert all(data["disparity"] < 0.3 for _, _, data in part.edges(data=True))
    assert part.graph["backbone"] == 0.3
    assert "disparity" not in next(iter(whole.edges(data=True)))[2]


def test_wrong_thresholds():
    with pytest.raises(ValueError, match="backbone must be None or above 0 and at most 1, not 0"):
        concept_graph("", TERMS, backbone=0)
    with pytest.raises(ValueError, match="min_count must be at least 1 context, not 0"):
        concept_graph("", TERMS, min_count=0)


def test_record_survives_copy_and_subgraph_and_pickle():
    import pickle

    graph = concept_graph(TEXTS, TERMS, min_count=1, measure="count")
    record = graph.graph["occurrences"]
    assert graph.copy().graph["occurrences"] is record
    assert graph.to_directed().graph["occurrences"] is record  # a deep copy
    assert graph.subgraph(["科技创新"]).graph["occurrences"] is record
    again = pickle.loads(pickle.dumps(graph))  # noqa: S301
    assert again.graph["occurrences"] == record
    assert record != concept_graph(TEXTS[:2], TERMS, min_count=1).graph["occurrences"]
    assert repr(record) == "Record(8 occurrences of 3 terms)"


def test_one_document_two_terms_in_every_context():
    text = "\n".join(["科技创新引领新质生产力。"] * 3)
    for measure in ("count", "jaccard", "dice", "cosine", "npmi", "association"):
        graph = concept_graph(text, TERMS, measure=measure)
        assert graph.number_of_edges() == 1, measure
        assert graph.edges["新质生产力", "科技创新"]["p_adjusted"] == 1.0
    assert concept_graph(text, TERMS, measure="g2").number_of_edges() == 0  # nothing to compare with


def test_names_that_tables_cannot_hold():
    names = ["科技\ud800", '“新”质"生产力']
    text = "和".join(names)
    documents = [Document(str(i), text, (Paragraph(text, "paragraph", 0, 0, len(text)),)) for i in range(2)]
    graph = concept_graph(documents, names)
    assert set(graph) == set(names)
    assert set(nodes_table(graph)["term"]) == {"科技\ufffd", '“新”质"生产力'}
    assert "科技\ufffd" in edges_table(graph).loc[0].tolist()


def test_layout_of_many_nodes():
    plain = nx.planted_partition_graph(4, 110, 0.1, 0.002, seed=1)  # more nodes than labels fit on a page
    graph = nx.relabel_nodes(plain, {i: f"n{i:03}" for i in plain})
    nx.set_edge_attributes(graph, 30.0, "weight")
    describe(graph)
    places = {name: (data["x"], data["y"]) for name, data in graph.nodes(data=True)}
    points = np.array(list(places.values()))
    assert np.abs(points).max() <= 1
    groups = np.array(list(dict(graph.nodes(data="community")).values()))
    inside = np.mean([points[groups == k].std(axis=0).mean() for k in range(4)])
    assert inside < 0.6 * points.std(axis=0).mean()
    again = graph.copy()
    describe(again)
    assert {name: (data["x"], data["y"]) for name, data in again.nodes(data=True)} == places
