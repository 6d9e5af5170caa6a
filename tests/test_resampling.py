"""The bootstrap against drawing and counting anew, and what it says of sure and unsure edges."""

import numpy as np
import pandas as pd
import pytest

from npp_nlp.cooccurrence.building import concept_graph
from npp_nlp.cooccurrence.resampling import graph_confidence
from npp_nlp.cooccurrence.yearly import yearly_graphs
from npp_nlp.document import Corpus, Document

TERMS = ["科技创新", "新质生产力", "耐心资本", "数字经济"]


def random_corpus(seed=0, documents=8):
    rng = np.random.default_rng(seed)
    texts = []
    lines = [
        "科技创新、新质生产力。",
        "新质生产力、新质生产力、科技创新。",
        "耐心资本、数字经济。",
        "好。",
        "数字经济。",
    ]
    for _ in range(documents):
        mixed = ["、".join(rng.choice([*TERMS, "的"], rng.integers(1, 5))) + "。" for _ in range(3)]
        texts.append("\n".join([*rng.choice(lines, 5), *mixed]))
    return Corpus.from_texts(texts)


@pytest.mark.parametrize("measure", ["count", "npmi", "g2", "jaccard"])
@pytest.mark.parametrize("context", ["paragraph", "window"])
def test_draws_are_graphs_of_the_drawn_documents(measure, context):
    corpus = random_corpus()
    options = {"measure": measure, "context": context, "window": 3, "min_count": 3}
    graph = concept_graph(corpus, TERMS, **options)
    result = graph_confidence(graph, draws=12, level=0.8, seed=5)
    times = np.random.default_rng(5).multinomial(8, np.full(8, 1 / 8), size=12)
    weights = {edge: [] for edge in graph.edges}
    for drawn in times:
        copies = [
            Document(f"{document.id}-{copy}", document.text, document.paragraphs)
            for document, many in zip(corpus, drawn, strict=True)
            for copy in range(many)
        ]
        anew = concept_graph(Corpus(tuple(copies)), TERMS, **options)
        for edge, found in weights.items():
            found.append(anew.edges[edge]["weight"] if anew.has_edge(*edge) else None)
    assert graph.number_of_edges() >= 2
    for row in result.edges.itertuples():
        edge = (row.source, row.target) if (row.source, row.target) in weights else (row.target, row.source)
        known = [w for w in weights[edge] if w is not None]
        assert row.share == pytest.approx(len(known) / 12)
        assert row.weight == graph.edges[edge]["weight"]
        assert row.low <= row.high
        if len(known) == 12:
            assert [row.low, row.high] == pytest.approx(np.quantile(known, [0.1, 0.9]))


def test_source_terms_and_options_give_the_same_as_the_graph():
    corpus = random_corpus(1)
    one = graph_confidence(concept_graph(corpus, TERMS, measure="dice"), draws=10)
    two = graph_confidence(corpus, TERMS, draws=10, measure="dice")
    pd.testing.assert_frame_equal(one.edges, two.edges)
    pd.testing.assert_frame_equal(one.nodes, two.nodes)
    assert (one.draws, one.level) == (10, 0.95)


def test_order_of_documents_does_not_matter():
    corpus = random_corpus(2)
    one = graph_confidence(corpus, TERMS, draws=10)
    two = graph_confidence(Corpus(corpus.documents[::-1]), TERMS[::-1], draws=10)
    pd.testing.assert_frame_equal(one.edges, two.edges)
    pd.testing.assert_frame_equal(one.nodes, two.nodes)


def test_documents_that_are_all_alike_leave_no_doubt():
    result = graph_confidence(["科技创新引领新质生产力。\n耐心资本和数字经济。"] * 5, TERMS, draws=20)
    assert (result.edges["share"] == 1).all()
    assert (result.edges["low"] == result.edges["high"]).all()
    assert (result.nodes[["present", "stays"]] == 1).all(axis=None)
    assert result.nodes["community"].tolist() == [0, 0, 1, 1]


def test_an_edge_of_one_document_is_doubtful():
    texts = ["科技创新引领新质生产力。"] * 9 + ["耐心资本和数字经济。\n耐心资本和数字经济。"]
    edges = graph_confidence(texts, TERMS, draws=200, measure="count").edges.set_index("source")
    # a document of ten is missing from a draw with probability 0.9^10 = 0.35
    assert edges.loc["数字经济", "share"] == pytest.approx(0.65, abs=0.1)
    assert edges.loc["数字经济", "low"] == 0
    assert edges.loc["新质生产力", "share"] == 1


def test_backbone_and_groups():
    corpus = random_corpus(3)
    result = graph_confidence(corpus, TERMS, draws=5, measure="count", backbone=0.9)
    assert result.edges["share"].between(0, 1).all()
    by_year = Corpus(tuple(Document(d.id, d.text, d.paragraphs, year=int(d.id) % 2) for d in corpus))
    graphs = yearly_graphs(by_year, TERMS)
    part = graph_confidence(graphs[0], draws=5)
    alone = graph_confidence(by_year.where(year=0), TERMS, draws=5)
    pd.testing.assert_frame_equal(part.edges, alone.edges)


def test_nothing_to_draw():
    with pytest.raises(ValueError, match=r"1 document\(s\) with running text: at least 2 are needed"):
        graph_confidence("科技创新引领新质生产力。", TERMS)
    with pytest.raises(ValueError, match="draws must be at least 1, not 0"):
        graph_confidence(["科技创新。"] * 2, TERMS, draws=0)
    with pytest.raises(ValueError, match="level must be between 0 and 1, not 95"):
        graph_confidence(["科技创新。"] * 2, TERMS, level=95)
    with pytest.raises(ValueError, match="terms and options are those of the graph"):
        graph_confidence(concept_graph(["科技创新。"] * 2, TERMS), TERMS)
    result = graph_confidence(["天气。", "天气好。"], TERMS, draws=3)
    assert list(result.edges.columns) == ["source", "target", "weight", "low", "high", "share"]
    assert list(result.nodes.columns) == ["term", "community", "present", "stays"]
    assert len(result.edges) == len(result.nodes) == 0
