"""Graphs of a corpus by year or other group: the same terms, one layout.

Layer 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from npp_nlp.cooccurrence.building import GraphOptions, Settings, graph_of, look_up
from npp_nlp.cooccurrence.communities import find_communities
from npp_nlp.cooccurrence.describing import describe, lay_out
from npp_nlp.cooccurrence.occurrences import Record
from npp_nlp.document import Document, Source
from npp_nlp.lexicon import Lexicon
from npp_nlp.text import valid_unicode

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd


def yearly_graphs(
    source: Source,
    terms: Iterable[str] | Lexicon | None = None,
    *,
    by: str = "year",
    **options: Unpack[GraphOptions],
) -> dict[Any, nx.Graph[str]]:
    """One graph of `concept_graph` for each year, or other value of the metadata called `by`, in their order.

    All graphs are of the same terms (by default the 200 most frequent ones of the policy lexicon in the whole source)
    and have one layout, that of all their edges together, so that pictures can be laid side by side; `options` are
    those of `concept_graph`. A group without running text gives a graph without nodes; documents without a value of
    `by` are left out. Each graph bears `group` and `by`. Raises `ValueError` if no document has a value of `by`.

    >>> from npp_nlp.document import Corpus
    >>> corpus = Corpus.from_texts(["科技创新引领新质生产力。"] * 4, years=[2023, 2023, 2024, 2024])
    >>> graphs = yearly_graphs(corpus, ["科技创新", "新质生产力"])
    >>> {year: graph.number_of_edges() for year, graph in graphs.items()}
    {2023: 1, 2024: 1}
    """
    settings = Settings(**options)
    record = look_up(source, terms, settings)

    def value(document: Document) -> Any:
        known = document.value(by)
        return None if known != known else known  # NaN of a table is no value

    parts = record.corpus.split(value)
    parts.pop(None, None)
    if len(record.corpus) and not parts:
        raise ValueError(f"by={by!r}: no document has a value of it")
    number = {document.id: i for i, document in enumerate(record.corpus)}
    graphs = {}
    for group, part in parts.items():
        chosen = np.zeros(len(record.corpus), dtype=np.bool_)
        chosen[[number[document.id] for document in part]] = True
        found = record.found.of_documents(chosen)
        graphs[group] = graph_of(Record(record.corpus, record.lexicon, found, record.window), settings)
        graphs[group].graph.update(group=group, by=by)
    whole = _union(graphs)
    positions = lay_out(whole, find_communities(whole))
    for graph in graphs.values():
        describe(graph, positions=positions)
    return graphs


def _union(graphs: Mapping[Any, nx.Graph[str]]) -> nx.Graph[str]:
    """All nodes and edges, with the mean weight over the groups."""
    import networkx as nx

    weights: dict[tuple[str, str], float] = {}
    for graph in graphs.values():
        for a, b in graph.edges():
            pair = (min(a, b), max(a, b))
            weights[pair] = weights.get(pair, 0.0) + float(graph.edges[a, b]["weight"]) / len(graphs)
    whole: nx.Graph[str] = nx.Graph()
    whole.add_nodes_from(sorted({name for graph in graphs.values() for name in graph}))
    whole.add_weighted_edges_from((a, b, weights[a, b]) for a, b in sorted(weights))
    return whole


def ego_series(graphs: Mapping[Any, nx.Graph[str]], term: str) -> pd.DataFrame:
    """The neighbours of a term through a series of graphs: table `group, term, rank, n, contexts, weight, new`.

    In the order of the groups, then by weight, ties by name; `rank` counts from 1 in each group, `new` says that
    the neighbour was none in the group before (in the first group: False). Groups where the term has no neighbour
    have no rows. Raises `ValueError` if the term is in none of the graphs.

    >>> from npp_nlp.document import Corpus
    >>> corpus = Corpus.from_texts(["科技创新引领新质生产力。"] * 2, years=[2023, 2024])
    >>> graphs = yearly_graphs(corpus, ["科技创新", "新质生产力"], min_count=1)
    >>> ego_series(graphs, "科技创新")[["group", "term", "rank", "new"]].values.tolist()
    [[2023, '新质生产力', 1, False], [2024, '新质生产力', 1, False]]
    """
    import pandas as pd

    if graphs and not any(term in graph for graph in graphs.values()):
        raise ValueError(f"term {term!r} is in none of the {len(graphs)} graphs")
    rows: list[tuple[Any, ...]] = []
    before: set[str] | None = None
    for group, graph in graphs.items():
        near = dict(graph.adj[term]) if term in graph else {}
        near.pop(term, None)
        order = sorted(near, key=lambda name: (-near[name]["weight"], name))
        for rank, name in enumerate(order, start=1):
            data = near[name]
            new = before is not None and name not in before
            rows.append((group, valid_unicode(name), rank, data["n"], data["contexts"], data["weight"], new))
        before = set(near)
    kinds = {
        "term": "str",
        "rank": "int64",
        "n": "int64",
        "contexts": "int64",
        "weight": "float64",
        "new": "bool",
    }
    return pd.DataFrame(rows, columns=["group", *kinds]).astype(kinds)
