"""How far the edges and communities of a graph depend on which documents happen to be in the corpus: bootstrap.

Layer 5.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from npp_nlp.cooccurrence.building import GraphOptions, Settings, graph_of, look_up, settings_of, weigh
from npp_nlp.cooccurrence.communities import find_communities, partition
from npp_nlp.cooccurrence.measures import Floats, disparity
from npp_nlp.cooccurrence.occurrences import Ints, Occurrences, Record
from npp_nlp.cooccurrence.pairs import pair_contexts
from npp_nlp.document import Source
from npp_nlp.lexicon import Lexicon
from npp_nlp.text import valid_unicode

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

_NEVER = {"npmi": -1.0}  # the weight of a pair that a draw never has together; 0 for the other measures


@dataclass(frozen=True)
class GraphConfidence:
    """What the draws say of a graph; `draws` is their number, `level` that of the intervals.

    `edges`: source, target, weight (in the graph), low, high (interval of the weight), share (of the draws in which
    the pair is an edge). Heaviest first, ties by name.
    `nodes`: term, community (in the graph), present (share of the draws in which the term is a node), stays (share of
    these in which it is in the community that matches its own best). By community, then by name.
    """

    edges: pd.DataFrame
    nodes: pd.DataFrame
    draws: int
    level: float


@dataclass(frozen=True)
class _Counts:
    """Counts by document, from which a draw is put together; documents are in the order of their ids.

    `pair`, `pair_document`, `contexts`, `n` have an entry for each pair in each document; `a` and `b` are the two terms
    of each pair. `term`, `term_document`, `occurring` the same for single terms; `totals` are the contexts of documents.
    """

    a: Ints
    b: Ints
    pair: Ints
    pair_document: Ints
    contexts: Ints
    n: Ints
    term: Ints
    term_document: Ints
    occurring: Ints
    totals: Ints


def graph_confidence(
    source: Source | nx.Graph[str],
    terms: Iterable[str] | Lexicon | None = None,
    *,
    draws: int = 100,
    level: float = 0.95,
    seed: int = 0,
    **options: Unpack[GraphOptions],
) -> GraphConfidence:
    """How far edges and communities depend on the choice of documents: a bootstrap over documents (Efron 1979).

    As many documents as there are (those with running text) are drawn with replacement, `draws` times, and the graph is
    made anew with the same options. `source` may be a graph of `concept_graph` or `yearly_graphs`, whose terms and
    options then hold; otherwise `terms` and `options` are those of `concept_graph`. Intervals go from the
    (1 - `level`) / 2 to the (1 + `level`) / 2 quantile of the draws; a pair that a draw never has together weighs 0
    there (npmi: -1). Communities are those of Louvain with seed 0 in the graph and in every draw, matched so that most terms
    stay. The order of the documents makes no difference. What is drawn are documents, not paragraphs, since those of
    one document speak alike; with less than about ten documents the intervals are too narrow.
    Raises `ValueError` for fewer than 2 documents with running text.

    >>> texts = ["科技创新引领新质生产力。"] * 3 + ["科技创新。"] * 3
    >>> result = graph_confidence(texts, ["科技创新", "新质生产力"], draws=50, measure="jaccard")
    >>> result.edges.loc[0, ["weight", "low", "high"]].round(2).tolist()
    [0.5, 0.17, 0.83]
    """
    import networkx as nx

    if draws < 1:
        raise ValueError(f"draws must be at least 1, not {draws}")
    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1, not {level}")
    if isinstance(source, nx.Graph):
        if terms is not None or options:
            raise ValueError("terms and options are those of the graph: give none beside it")
        graph = source
        record, settings = settings_of(graph)
    else:
        settings = Settings(**options)
        record = look_up(source, terms, settings)
        graph = graph_of(record, settings)
    counts = _count(record)
    documents = len(counts.totals)
    if documents < 2:
        raise ValueError(f"{documents} document(s) with running text: at least 2 are needed to draw from")
    rng = np.random.default_rng(seed)
    times = rng.multinomial(documents, np.full(documents, 1 / documents), size=draws)
    return _confidence(graph, record.found.terms, counts, times, settings, level)


def _count(record: Record) -> _Counts:
    found = record.found
    size = max(len(found.terms), 1)
    used = np.unique(found.passages.document).tolist()
    order = {number: i for i, number in enumerate(sorted(used, key=lambda number: record.corpus[number].id))}
    rank = np.zeros(len(record.corpus), dtype=np.int64)
    for number, i in order.items():
        rank[number] = i
    owner = rank[found.passages.document]
    documents = max(len(used), 1)
    a, b, context, n = pair_contexts(found, window=record.window)
    key, place = np.unique((a * size + b) * documents + owner[context], return_inverse=True)
    contexts = np.bincount(place, minlength=len(key))
    positions = np.bincount(place, n, minlength=len(key)).astype(np.int64)
    pairs, pair = np.unique(key // documents, return_inverse=True)
    term, term_document, occurring = _terms_by_document(found, owner, documents)
    totals = np.bincount(owner, minlength=len(used)).astype(np.int64)
    columns = (pair, key % documents, contexts, positions, term, term_document, occurring, totals)
    return _Counts(pairs // size, pairs % size, *columns)


def _terms_by_document(found: Occurrences, owner: Ints, documents: int) -> tuple[Ints, Ints, Ints]:
    """Numbers of contexts with each term in each document: term, document, contexts."""
    size = max(len(found.terms), 1)
    seen = np.unique(found.context * size + found.term)
    key, occurring = np.unique((seen % size) * documents + owner[seen // size], return_counts=True)
    return key // documents, key % documents, occurring


def _confidence(
    graph: nx.Graph[str],
    names: tuple[str, ...],
    counts: _Counts,
    times: Ints,
    settings: Settings,
    level: float,
) -> GraphConfidence:
    import pandas as pd

    number = {name: i for i, name in enumerate(names)}
    place = {pair: i for i, pair in enumerate(zip(counts.a.tolist(), counts.b.tolist(), strict=True))}
    edges = sorted((min(edge), max(edge)) for edge in graph.edges)
    rows = np.array([place[number[a], number[b]] for a, b in edges], dtype=np.int64)
    community = find_communities(graph)
    reference = np.full(len(names), -1, dtype=np.int64)
    for name, value in community.items():
        reference[number[name]] = value
    weights, exists = np.zeros((len(times), len(rows))), np.zeros(len(rows))
    present, stays = np.zeros(len(names)), np.zeros(len(names))
    for i, drawn in enumerate(times):
        weight, kept = _draw(counts, drawn, settings, len(names))
        weights[i] = weight[rows]
        exists += kept[rows]
        there, same = _same_community(counts, weight, kept, reference)
        present += there
        stays += same
    tail = (1 - level) / 2
    low, high = np.quantile(weights, [tail, 1 - tail], axis=0) if len(rows) else np.zeros((2, 0))
    table = pd.DataFrame(
        {
            "source": pd.Series([valid_unicode(a) for a, _ in edges], dtype="str"),
            "target": pd.Series([valid_unicode(b) for _, b in edges], dtype="str"),
            "weight": np.array([graph.edges[edge]["weight"] for edge in edges], dtype=np.float64),
            "low": low,
            "high": high,
            "share": exists / len(times),
        }
    ).sort_values(["weight", "source", "target"], ascending=[False, True, True], ignore_index=True)
    nodes = _node_table(community, number, present, stays, len(times))
    return GraphConfidence(table, nodes, len(times), level)


def _draw(counts: _Counts, drawn: Ints, settings: Settings, size: int) -> tuple[Floats, Any]:
    """The weight of every pair in one draw, and which pairs are edges there."""
    often = drawn[counts.pair_document]
    many = len(counts.a)
    contexts = np.bincount(counts.pair, counts.contexts * often, minlength=many).astype(np.int64)
    n = np.bincount(counts.pair, counts.n * often, minlength=many).astype(np.int64)
    occurring = np.bincount(
        counts.term, counts.occurring * drawn[counts.term_document], minlength=size
    ).astype(np.int64)
    weight = np.full(many, _NEVER.get(settings.measure, 0.0))
    seen = np.flatnonzero(contexts)
    one, two = occurring[counts.a[seen]], occurring[counts.b[seen]]
    total = int((counts.totals * drawn).sum())
    weight[seen] = weigh(contexts[seen], n[seen], one, two, total, settings.measure)
    kept = (contexts >= settings.min_count) & (weight > 0)
    if settings.backbone is not None:
        edges = np.flatnonzero(kept)
        kept[edges] = disparity(counts.a[edges], counts.b[edges], weight[edges]) < settings.backbone
    return weight, kept


def _same_community(counts: _Counts, weight: Floats, kept: Any, reference: Ints) -> tuple[Any, Any]:
    """Which terms are nodes of a draw, and which of them are in the community that matches their own."""
    from scipy.optimize import linear_sum_assignment

    edges = np.flatnonzero(kept)
    nodes, ends = np.unique(np.concatenate([counts.a[edges], counts.b[edges]]), return_inverse=True)
    there, same = np.zeros(len(reference), dtype=np.bool_), np.zeros(len(reference), dtype=np.bool_)
    if not len(nodes):
        return there, same
    first, second = ends[: len(edges)], ends[len(edges) :]
    labels = partition(len(nodes), (first, second, weight[edges]), "louvain", 1.0, 0)
    there[nodes] = True
    known = reference[nodes] >= 0
    overlap = np.zeros((int(reference.max(initial=0)) + 1, int(labels.max()) + 1))
    np.add.at(overlap, (reference[nodes][known], labels[known]), 1)
    own, found = linear_sum_assignment(overlap, maximize=True)
    match = np.full(overlap.shape[0], -1)
    match[own] = found
    same[nodes] = known & (match[np.maximum(reference[nodes], 0)] == labels)
    return there, same


def _node_table(
    community: dict[str, int], number: dict[str, int], present: Floats, stays: Floats, draws: int
) -> pd.DataFrame:
    import pandas as pd

    names = sorted(community, key=lambda name: (community[name], name))
    rows = np.array([number[name] for name in names], dtype=np.int64)
    with np.errstate(invalid="ignore"):
        share = stays[rows] / present[rows]
    columns = {
        "term": pd.Series([valid_unicode(name) for name in names], dtype="str"),
        "community": np.array([community[name] for name in names], dtype=np.int64),
        "present": present[rows] / draws,
        "stays": share,
    }
    return pd.DataFrame(columns)
