"""Evidence of edges: as many rows as counted, offsets exact, in every context."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp.cooccurrence.building import concept_graph
from npp_nlp.cooccurrence.edges import KINDS, graph_evidence
from npp_nlp.cooccurrence.yearly import yearly_graphs
from npp_nlp.document import Corpus, Document

TERMS = ["科技创新", "新质生产力", "“内卷式”竞争"]
CORPUS = Corpus(
    (
        Document.from_text(
            "标题\n科技创新引领新质生产力，科技创新。\n整治「内卷式」竞争。", id="a", year=2024
        ),
        Document.from_text("天气。科技创新。新质生产力。", id="b", year=2025, metadata={"city": "甲"}),
    )
)


def check(corpus, graph):
    documents = {document.id: document for document in corpus}
    for a, b, data in graph.edges(data=True):
        table = graph_evidence(graph, a, b)
        assert len(table) == data["n"] == table.attrs["n"]
        assert len(table[["doc_id", "start"]].drop_duplicates()) == data["contexts"]
        for row in table.itertuples():
            text = documents[row.doc_id].text
            assert text[row.start : row.end] == row.text
            assert text[row.source_start : row.source_end] == row.source
            assert text[row.target_start : row.target_end] == row.target
            assert row.start <= min(row.source_start, row.target_start)
            assert max(row.source_end, row.target_end) <= row.end
        assert table[["doc_id", "start"]].values.tolist() == sorted(
            table[["doc_id", "start"]].values.tolist()
        )


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from([*TERMS, "，", "。", "\n"]), max_size=12), min_size=1, max_size=4),
    st.integers(1, 5),
)
def test_every_count_has_its_passages(texts, window):
    corpus = Corpus.from_texts(["".join(t) for t in texts])
    for context in ("paragraph", "sentence", "window"):
        check(
            corpus, concept_graph(corpus, TERMS, context=context, window=window, min_count=1, measure="count")
        )


def test_rows_by_hand():
    graph = concept_graph(CORPUS, TERMS, min_count=1, measure="count")
    table = graph_evidence(graph, "新质生产力", "科技创新")
    assert list(table.columns) == list(KINDS)
    assert table[["doc_id", "group", "paragraph", "source_start", "target_start"]].values.tolist() == [
        ["a", 2024, 1, 9, 3],
        ["a", 2024, 1, 9, 15],
        ["b", 2025, 0, 8, 3],
    ]
    assert table.loc[2, "text"] == "天气。科技创新。新质生产力。"


def test_limit_copy_subgraph_and_terms_the_other_way_round():
    graph = concept_graph(CORPUS, TERMS, min_count=1, measure="count")
    few = graph_evidence(graph.copy().subgraph(["科技创新", "新质生产力"]), "科技创新", "新质生产力", limit=2)
    assert (len(few), few.attrs["n"]) == (2, 3)
    assert few["source"].tolist() == ["科技创新"] * 2


def test_variants_and_pairs_that_are_no_edge():
    graph = concept_graph(CORPUS, TERMS, min_count=1, context="sentence")
    table = graph_evidence(graph, "内卷式竞争", "科技创新")
    assert len(table) == 0
    assert list(table.columns) == list(KINDS)


def test_groups_of_yearly_graphs():
    graphs = yearly_graphs(CORPUS, TERMS, by="city", min_count=1, measure="count")
    table = graph_evidence(graphs["甲"], "科技创新", "新质生产力")
    assert table[["doc_id", "group"]].values.tolist() == [["b", "甲"]]


def test_wrong_terms_and_graphs():
    import networkx as nx

    graph = concept_graph(CORPUS, TERMS, min_count=1)
    with pytest.raises(ValueError, match="term '就业' is none of the 3 terms that this graph was made of"):
        graph_evidence(graph, "就业", "科技创新")
    with pytest.raises(ValueError, match="source_term and target_term are one term, '科技创新'"):
        graph_evidence(graph, "科技创新", "科技创新")
    with pytest.raises(ValueError, match="limit must be None or at least 1 row, not 0"):
        graph_evidence(graph, "科技创新", "新质生产力", limit=0)
    with pytest.raises(ValueError, match="graph holds no record of its corpus"):
        graph_evidence(nx.Graph(), "科技创新", "新质生产力")
