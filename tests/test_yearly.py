"""Series of graphs: same terms, one layout; neighbours through the years."""

import networkx as nx
import pandas as pd
import pytest

from npp_nlp.cooccurrence.building import concept_graph
from npp_nlp.cooccurrence.describing import edges_table
from npp_nlp.cooccurrence.yearly import ego_series, yearly_graphs
from npp_nlp.document import Corpus, Document

TERMS = ["科技创新", "新质生产力", "耐心资本", "数字经济"]
CORPUS = Corpus(
    (
        Document.from_text("科技创新引领新质生产力。\n数字经济。", id="b", year=2024),
        Document.from_text(
            "科技创新和耐心资本。\n科技创新和耐心资本。\n科技创新和数字经济。", id="a", year=2023
        ),
        Document.from_text("科技创新引领新质生产力，耐心资本。", id="c", year=2024),
        Document.from_text("", id="d", year=2025),
        Document.from_text("科技创新和耐心资本。", id="e"),
    )
)


def test_one_graph_a_group_in_order():
    graphs = yearly_graphs(CORPUS, TERMS, min_count=1, measure="count")
    assert list(graphs) == [2023, 2024, 2025]
    assert [g.graph["contexts"] for g in graphs.values()] == [3, 3, 0]
    assert [g.graph["group"] for g in graphs.values()] == [2023, 2024, 2025]
    assert len(graphs[2025]) == 0
    assert graphs[2024].edges["科技创新", "新质生产力"]["contexts"] == 2


def test_each_graph_is_that_of_its_documents():
    for context in ("paragraph", "sentence", "window"):
        options = {"context": context, "window": 3, "min_count": 1, "measure": "jaccard"}
        for year, graph in yearly_graphs(CORPUS, TERMS, **options).items():
            alone = concept_graph(CORPUS.where(year=year), TERMS, **options)
            pd.testing.assert_frame_equal(edges_table(graph, tests=True), edges_table(alone, tests=True))
            assert graph.graph["occurrences"] == alone.graph["occurrences"]


def test_one_layout():
    graphs = yearly_graphs(CORPUS, TERMS, min_count=1)
    for name in set(graphs[2023]) & set(graphs[2024]):
        places = [(g.nodes[name]["x"], g.nodes[name]["y"]) for g in (graphs[2023], graphs[2024])]
        assert places[0] == places[1]


def test_order_of_documents_does_not_matter():
    one = yearly_graphs(CORPUS, TERMS, min_count=1)
    two = yearly_graphs(Corpus(CORPUS.documents[::-1]), TERMS[::-1], min_count=1)
    assert list(one) == list(two)
    assert all(nx.utils.graphs_equal(one[year], two[year]) for year in one)


def test_without_values():
    with pytest.raises(ValueError, match="by='province': no document has a value of it"):
        yearly_graphs(CORPUS, TERMS, by="province")
    assert yearly_graphs(Corpus(()), TERMS) == {}
    with pytest.raises(ValueError, match="measure must be one of"):
        yearly_graphs(CORPUS, TERMS, measure="pmi")
    with pytest.raises(TypeError, match="unexpected keyword argument"):
        yearly_graphs(CORPUS, TERMS, minimum=1)


def test_neighbours_of_a_term():
    graphs = yearly_graphs(CORPUS, TERMS, min_count=1, measure="count")
    table = ego_series(graphs, "科技创新")
    assert table.values.tolist() == [
        [2023, "耐心资本", 1, 2, 2, 2.0, False],
        [2023, "数字经济", 2, 1, 1, 1.0, False],
        [2024, "新质生产力", 1, 2, 2, 2.0, True],
        [2024, "耐心资本", 2, 1, 1, 1.0, False],
    ]
    assert table.dtypes.astype(str).tolist()[1:] == ["str", "int64", "int64", "int64", "float64", "bool"]


def test_a_term_that_is_nowhere():
    graphs = yearly_graphs(CORPUS, TERMS, min_count=1)
    with pytest.raises(ValueError, match="term '就业' is in none of the 3 graphs"):
        ego_series(graphs, "就业")
    assert list(ego_series({}, "就业").columns) == ["group", "term", "rank", "n", "contexts", "weight", "new"]
