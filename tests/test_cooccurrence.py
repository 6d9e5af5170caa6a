"""Counts worked out by hand, against brute force, and the graph around them."""

import math
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp.cooccurrence import (
    association,
    concept_graph,
    count_pairs,
    find_occurrences,
    most_frequent,
)
from npp_nlp.document import Corpus
from npp_nlp.graphs import edges_table, nodes_table, spread
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
        ValueError, match="measure must be one of count, jaccard, dice, cosine, npmi, not 'pmi'"
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
