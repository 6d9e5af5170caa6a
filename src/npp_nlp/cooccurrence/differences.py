"""What changes from one graph to another: edges, nodes, and communities through a series.

Layer 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from npp_nlp.contingency import adjust_p, log_likelihood, p_value
from npp_nlp.cooccurrence.measures import Floats, Ints
from npp_nlp.cooccurrence.occurrences import Record
from npp_nlp.cooccurrence.pairs import count_pairs
from npp_nlp.text import valid_unicode

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd


@dataclass(frozen=True)
class GraphDifference:
    """What changed between two graphs; `_1` is the first, `_2` the second.

    `edges`: source, target, change (appears, fades, strengthens, weakens or same), contexts_1, contexts_2 (contexts that
    hold both), share_1, share_2 (of all contexts), weight_1, weight_2 (missing where there is no edge), g2 (positive
    where the share rises), p, p_adjusted. Sorted by p, ties by name.
    `nodes`: term, change, n_1, n_2, degree_1, degree_2, strength_1, strength_2 (0 where the term is absent). Sorted by
    the size of the change in strength, ties by name.
    """

    edges: pd.DataFrame
    nodes: pd.DataFrame


def graph_difference(g1: nx.Graph[str], g2: nx.Graph[str]) -> GraphDifference:
    """Edges and nodes that appear, fade, strengthen or weaken from one graph of `concept_graph` to another.

    An edge of the second graph only appears, of the first only fades; one of both strengthens or weakens by its weight.
    The test asks whether the share of contexts that hold the pair changed: the log-likelihood ratio G2 of the table
    of contexts with and without the pair in either graph (Dunning 1993), p by chi-square with 1 degree of freedom,
    p_adjusted over all pairs that are an edge in either graph (Benjamini and Hochberg 1995). A pair below `min_count` in one
    graph is counted all the same, through the graph's record; a graph without its record counts such a pair as 0.
    Contexts of one document are not independent, and the pairs were chosen for being edges, so that a small p is no
    proof. p is missing where a graph has no
    contexts. Raises `ValueError` if the graphs differ in measure, context or window, or do not know their contexts.

    >>> from npp_nlp.cooccurrence.building import concept_graph
    >>> terms = ["科技创新", "新质生产力"]
    >>> old = concept_graph(["科技创新。新质生产力。"] * 3, terms, context="sentence")
    >>> new = concept_graph(["科技创新引领新质生产力。"] * 3, terms, context="sentence")
    >>> graph_difference(old, new).edges[["change", "contexts_1", "contexts_2"]].values.tolist()
    [['appears', 0, 3]]
    """
    for graph in (g1, g2):
        if "contexts" not in graph.graph:
            raise ValueError("graph does not know its number of contexts: make it with concept_graph")
    for name in ("measure", "context", "window"):
        if g1.graph.get(name) != g2.graph.get(name):
            raise ValueError(f"{name} differs: {g1.graph.get(name)!r} and {g2.graph.get(name)!r}")
    return GraphDifference(_edge_changes(g1, g2), _node_changes(g1, g2))


def _edge_changes(g1: nx.Graph[str], g2: nx.Graph[str]) -> pd.DataFrame:
    import pandas as pd

    pairs = sorted({(min(edge), max(edge)) for graph in (g1, g2) for edge in graph.edges})
    one, two = _contexts(g1, pairs), _contexts(g2, pairs)
    first, second = int(g1.graph["contexts"]), int(g2.graph["contexts"])
    weight_1, weight_2 = _weights(g1, pairs), _weights(g2, pairs)
    # the pair against the second graph: positive where the second has more than its share of the contexts with the pair
    ratio = log_likelihood(two, one + two, np.full_like(two, second), first + second)
    p = p_value(ratio)
    share_1, share_2 = one / max(first, 1), two / max(second, 1)
    if not (first and second):
        ratio, p = np.full(len(pairs), np.nan), np.full(len(pairs), np.nan)
    columns = {
        "source": pd.Series([valid_unicode(a) for a, _ in pairs], dtype="str"),
        "target": pd.Series([valid_unicode(b) for _, b in pairs], dtype="str"),
        "change": pd.Series(_changes(weight_1, weight_2), dtype="str"),
        "contexts_1": one,
        "contexts_2": two,
        "share_1": share_1 if first else np.full(len(pairs), np.nan),
        "share_2": share_2 if second else np.full(len(pairs), np.nan),
        "weight_1": weight_1,
        "weight_2": weight_2,
        "g2": ratio,
        "p": p,
        "p_adjusted": adjust_p(p) if first and second else p,
    }
    return pd.DataFrame(columns).sort_values(["p", "source", "target"], ignore_index=True)


def _contexts(graph: nx.Graph[str], pairs: list[tuple[str, str]]) -> Ints:
    """The number of contexts that hold each pair: of the edge, else counted from the record, else 0."""
    counted: dict[tuple[str, str], int] = {}
    record = graph.graph.get("occurrences")
    if isinstance(record, Record) and not all(graph.has_edge(a, b) for a, b in pairs):
        names = record.found.terms
        a, b, _, contexts = (column.tolist() for column in count_pairs(record.found, window=record.window))
        wanted = set(pairs)
        for i, j, k in zip(a, b, contexts, strict=True):
            if (names[i], names[j]) in wanted:
                counted[names[i], names[j]] = k
    values = [
        graph.edges[pair]["contexts"] if graph.has_edge(*pair) else counted.get(pair, 0) for pair in pairs
    ]
    return np.array(values, dtype=np.int64)


def _weights(graph: nx.Graph[str], pairs: list[tuple[str, str]]) -> Floats:
    return np.array(
        [graph.edges[pair]["weight"] if graph.has_edge(*pair) else np.nan for pair in pairs], dtype=np.float64
    )


def _changes(before: Floats, after: Floats) -> list[str]:
    """What happened to each weight; missing ones are no edges."""
    kinds = [
        np.isnan(before),
        np.isnan(after),
        np.isclose(before, after, rtol=1e-9, atol=0.0),
        after > before,
    ]
    return [str(kind) for kind in np.select(kinds, ["appears", "fades", "same", "strengthens"], "weakens")]


def _node_changes(g1: nx.Graph[str], g2: nx.Graph[str]) -> pd.DataFrame:
    import pandas as pd

    names = sorted(set(g1) | set(g2))
    columns: dict[str, Any] = {}
    for key, default, kind in (("n", 0, np.int64), ("degree", 0, np.int64), ("strength", 0.0, np.float64)):
        for suffix, graph in (("_1", g1), ("_2", g2)):
            values = [graph.nodes[name].get(key, default) if name in graph else default for name in names]
            columns[key + suffix] = np.array(values, dtype=kind)
    before, after = (
        np.where([name in graph for name in names], columns[key], np.nan).astype(np.float64)
        for graph, key in ((g1, "strength_1"), (g2, "strength_2"))
    )
    head = {
        "term": pd.Series([valid_unicode(name) for name in names], dtype="str"),
        "change": pd.Series(_changes(before, after), dtype="str"),
    }
    frame = pd.DataFrame({**head, **columns})
    size = -(frame["strength_2"] - frame["strength_1"]).abs().round(9)
    return frame.assign(size=size).sort_values(["size", "term"], ignore_index=True).drop(columns="size")


def align_communities(graphs: Mapping[Any, nx.Graph[str]], *, least: float = 0.2) -> pd.DataFrame:
    """Communities of a series of graphs under names that last: table `group, term, community, aligned, name, jaccard`.

    `community` is the number in the graph of the group, `aligned` a number that stays the same through the series, `name`
    the strongest term of the community where it first appeared. The communities of a group are matched with those
    known so far, each as it was last seen, so that the sum of the Jaccard coefficients (terms in both / terms in
    either) is largest; pairs below `least` are not matched, and what is not matched is new. `jaccard` is missing for
    a new one. Rows are in the order of the groups, then of `aligned`, then of terms by name.

    >>> import networkx as nx
    >>> one, two = nx.Graph(), nx.Graph()
    >>> one.add_nodes_from([("a", {"community": 0, "strength": 2.0}), ("b", {"community": 0, "strength": 1.0})])
    >>> two.add_nodes_from([("a", {"community": 1, "strength": 1.0}), ("c", {"community": 0, "strength": 1.0})])
    >>> align_communities({2023: one, 2024: two}).values.tolist()[2]
    [2024, 'a', 1, 0, 'a', 0.5]
    """
    import pandas as pd

    if not 0 < least <= 1:
        raise ValueError(f"least must be above 0 and at most 1, not {least}")
    known: list[frozenset[str]] = []
    names: list[str] = []
    rows: list[tuple[Any, ...]] = []
    for group, graph in graphs.items():
        members: dict[int, set[str]] = {}
        for term in graph:
            members.setdefault(int(graph.nodes[term]["community"]), set()).add(term)
        matched = _matched(known, [members[k] for k in sorted(members)], least)
        for place, community in enumerate(sorted(members)):
            terms = frozenset(members[community])
            aligned, jaccard = matched.get(place, (len(known), float("nan")))
            if aligned == len(known):
                known.append(terms)
                names.append(min(terms, key=lambda term: (-graph.nodes[term].get("strength", 0.0), term)))
            known[aligned] = terms
            rows += [(group, term, community, aligned, names[aligned], jaccard) for term in sorted(terms)]
    order = {group: place for place, group in enumerate(graphs)}
    rows.sort(key=lambda row: (order[row[0]], row[3], row[1]))
    clean = [(g, valid_unicode(t), c, a, valid_unicode(n), j) for g, t, c, a, n, j in rows]
    kinds = {"term": "str", "community": "int64", "aligned": "int64", "name": "str", "jaccard": "float64"}
    return pd.DataFrame(clean, columns=["group", *kinds]).astype(kinds)


def _matched(known: list[frozenset[str]], new: list[set[str]], least: float) -> dict[int, tuple[int, float]]:
    """For each of the new sets that is matched: the number of the known one, and the Jaccard coefficient."""
    from scipy.optimize import linear_sum_assignment

    if not known or not new:
        return {}
    score = np.array([[len(a & b) / len(a | b) for b in known] for a in new])
    rows, columns = linear_sum_assignment(np.where(score >= least, score, 0.0), maximize=True)
    return {
        int(i): (int(j), float(score[i, j]))
        for i, j in zip(rows, columns, strict=True)
        if score[i, j] >= least
    }
