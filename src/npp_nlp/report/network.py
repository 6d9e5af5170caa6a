"""The concept graph as the page holds it: nodes, edges, and the occurrences that were counted for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from npp_nlp.cooccurrence.building import settings_of
from npp_nlp.report.mentions import packed
from npp_nlp.report.texts import PageText
from npp_nlp.text import valid_unicode

if TYPE_CHECKING:
    import networkx as nx


def graph_data(graph: nx.Graph[str], text: PageText) -> dict[str, Any] | None:
    """Nodes (strongest first), edges (heaviest first, as pairs of node numbers), and where the nodes' terms were counted.

    For a graph of sentences or windows `contexts` are the starts and ends of the sentences that hold a term; a graph of
    paragraphs needs none. None for a graph without nodes. Raises `ValueError` if the graph holds no record of its corpus.
    """
    if not graph:
        return None
    record, settings = settings_of(graph)
    found = record.found
    names = sorted(graph, key=lambda name: (-graph.nodes[name]["strength"], name))
    rank = {name: i for i, name in enumerate(names)}
    node = np.array([rank.get(name, -1) for name in found.terms], dtype=np.int64)[found.term]
    kept = found.kept(node >= 0)
    start = text.places(kept.document, kept.start)
    length = text.places(kept.document, kept.end) - start
    data: dict[str, Any] = {
        "context": settings.context,
        "measure": settings.measure,
        "window": settings.reach,
        "min_count": settings.min_count,
        "contexts_total": found.contexts,
        "nodes": [_node(name, graph.nodes[name]) for name in names],
        "edges": _edges(graph, rank),
        **packed(tuple(names), node[node >= 0], start, length),
    }
    if settings.context != "paragraph":
        used, number = np.unique(kept.context, return_inverse=True)
        whole = found.passages
        sides = [text.places(whole.document[used], side[used]) for side in (whole.start, whole.end)]
        data["sentences"] = np.stack(sides, axis=1).ravel().tolist()
        order = np.lexsort((start, node[node >= 0]))
        data["position"] = kept.position[order].tolist()
        data["sentence"] = number[order].tolist()
    return data


def _node(name: str, node: dict[str, Any]) -> dict[str, Any]:
    whole = {key: node[key] for key in ("n", "docfreq", "degree", "community")}
    return {"term": valid_unicode(name), **whole, **{k: round(node[k], 4) for k in ("strength", "x", "y")}}


def _edges(graph: nx.Graph[str], rank: dict[str, int]) -> list[list[float]]:
    """Rows of the two node numbers, n, contexts and weight."""
    rows = [
        [*sorted((rank[a], rank[b])), data["n"], data["contexts"], round(data["weight"], 4)]
        for a, b, data in graph.edges(data=True)
    ]
    return sorted(rows, key=lambda row: (-row[4], row[0], row[1]))
