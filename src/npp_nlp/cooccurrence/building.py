"""Co-occurrence of concepts: counts, association measures, tests, and the graph of them.

Layer 5. A context is a paragraph, a sentence, or a window of tokens. In each context every pair of positions that
hold two different terms counts once; pairs of a term with itself do not count. A window of k reaches k tokens to
each side, every token but blanks is a position (stop words too), and no window crosses a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict, get_args

import numpy as np

from npp_nlp.contingency import log_likelihood
from npp_nlp.cooccurrence.describing import describe
from npp_nlp.cooccurrence.measures import (
    Floats,
    Measure,
    adjusted_for_pairs,
    association,
    disparity,
    p_of_pairs,
)
from npp_nlp.cooccurrence.occurrences import (
    Context,
    Ints,
    Occurrences,
    Record,
    find_occurrences,
    most_frequent,
)
from npp_nlp.cooccurrence.pairs import Pairs, contexts_of_terms, count_pairs
from npp_nlp.document import Source, as_corpus
from npp_nlp.lexicon import Lexicon, as_lexicon

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "Context",
    "GraphOptions",
    "Measure",
    "Occurrences",
    "Settings",
    "association",
    "concept_graph",
    "count_pairs",
    "find_occurrences",
    "most_frequent",
]

MOST_TERMS = 200  # nodes at most where no terms are named


class GraphOptions(TypedDict, total=False):
    """The named options of `concept_graph`, for the functions that hand them on."""

    context: Context
    window: int
    measure: Measure
    min_count: int
    backbone: float | None


@dataclass(frozen=True)
class Settings:
    """The options of a graph, checked; raises `ValueError` for one that is not allowed."""

    context: Context = "paragraph"
    window: int = 5
    measure: Measure = "npmi"
    min_count: int = 2
    backbone: float | None = None

    def __post_init__(self) -> None:
        if self.context not in get_args(Context):
            raise ValueError(f"context must be one of {', '.join(get_args(Context))}, not {self.context!r}")
        if self.measure not in get_args(Measure):
            raise ValueError(f"measure must be one of {', '.join(get_args(Measure))}, not {self.measure!r}")
        if self.window < 1:
            raise ValueError(f"window must be at least 1 token, not {self.window}")
        if self.min_count < 1:
            raise ValueError(f"min_count must be at least 1 context, not {self.min_count}")
        if self.backbone is not None and not 0 < self.backbone <= 1:
            raise ValueError(f"backbone must be None or above 0 and at most 1, not {self.backbone}")

    @property
    def reach(self) -> int | None:
        """The window in tokens, None where the context is none."""
        return self.window if self.context == "window" else None


@dataclass(frozen=True)
class Edges:
    """The edges of a graph as arrays, sorted by their two terms, `a` before `b`; `disparity` only with a backbone."""

    a: Ints
    b: Ints
    n: Ints
    contexts: Ints
    weight: Floats
    g2: Floats
    p: Floats
    p_adjusted: Floats
    disparity: Floats | None


def concept_graph(
    source: Source,
    terms: Iterable[str] | Lexicon | None = None,
    *,
    context: Context = "paragraph",
    window: int = 5,
    measure: Measure = "npmi",
    min_count: int = 2,
    backbone: float | None = None,
) -> nx.Graph[str]:
    """The graph of terms that occur together: an undirected `networkx.Graph`.

    `terms` are the concepts to look for; by default the 200 most frequent ones of the policy lexicon.
    Pairs found in fewer than `min_count` contexts are left out, and so are pairs whose weight is not positive
    (npmi, g2: not more often together than independent terms). `measure` is "count" (pairs of positions) or a measure
    of `npp_nlp.cooccurrence.measures.association`: jaccard, dice, cosine, npmi, g2, association. `backbone` keeps only edges
    whose value of the disparity filter (`npp_nlp.cooccurrence.measures.disparity`) is below it, 0.05 for instance.

    Nodes: n (occurrences), docfreq (documents), degree, strength (sum of weights), betweenness (unweighted,
    normalised; see `centrality.betweenness` for big graphs), community (0 is the largest; Louvain, Blondel et
    al. 2008, seed 0; others with `find_communities`), x and y (layout, -1 to 1).
    Edges: n (pairs of positions), contexts (contexts with both), weight, measure, g2 (`log_likelihood`, signed), p
    (that two terms independent of each other would give so large a g2; chi-square, 1 degree of freedom, two-sided)
    and p_adjusted (Benjamini and Hochberg over all pairs of terms that each stand in at least `min_count` contexts,
    pairs never seen together included); with `backbone` also disparity. The test takes contexts to be independent of one
    another, which those of one document are not, and with a window it asks for sentences that hold both within reach.
    Graph: the options, contexts (their number in the corpus), occurrences (a record that leads back to the corpus for
    `graph_evidence` and others; writing the graph with networkx itself may need `npp_nlp.export.plain_graph`).

    >>> g = concept_graph(["科技创新引领新质生产力。"] * 2, ["科技创新", "新质生产力"], measure="count")
    >>> g.edges["新质生产力", "科技创新"]["n"]
    2
    """
    settings = Settings(context, window, measure, min_count, backbone)
    record = look_up(source, terms, settings)
    graph = graph_of(record, settings)
    describe(graph)
    return graph


def look_up(source: Source, terms: Iterable[str] | Lexicon | None, settings: Settings) -> Record:
    """Find the terms in the corpus; raises `TypeError` if `terms` is a single string."""
    if isinstance(terms, str):
        raise TypeError(f"terms must be a list of terms, not the string {terms!r}")
    corpus = as_corpus(source)
    lexicon = as_lexicon(terms)
    found = find_occurrences(corpus, lexicon, settings.context)
    if terms is None:
        found = most_frequent(found, MOST_TERMS)
    return Record(corpus, lexicon, found, settings.reach)


def weigh(contexts: Ints, n: Ints, one: Ints, two: Ints, total: int, measure: Measure) -> Floats:
    """The weight of pairs: `n` for counts, else the association of their contexts."""
    return n.astype(np.float64) if measure == "count" else association(contexts, one, two, total, measure)


def edges_of(pairs: Pairs, occurring: Ints, total: int, settings: Settings) -> Edges:
    """The pairs that become edges, tested; `occurring` is the number of contexts that hold each term."""
    least = settings.min_count
    tested = np.where(occurring >= least, occurring, 0)
    if not tested.all():
        both = (tested[pairs[0]] > 0) & (tested[pairs[1]] > 0)
        pairs = (pairs[0][both], pairs[1][both], pairs[2][both], pairs[3][both])
    p = p_of_pairs(pairs[0], pairs[1], pairs[3], occurring, total)
    p_adjusted = adjusted_for_pairs(p, pairs[0], pairs[1], tested, total)
    kept = np.flatnonzero(pairs[3] >= least)
    a, b, n, contexts = (column[kept] for column in pairs)
    p, p_adjusted = p[kept], p_adjusted[kept]
    g2 = log_likelihood(contexts, occurring[a], occurring[b], total)
    weight = weigh(contexts, n, occurring[a], occurring[b], total, settings.measure)
    kept = np.flatnonzero(weight > 0)
    spread = None
    if settings.backbone is not None:
        spread = disparity(a[kept], b[kept], weight[kept])
        strong = spread < settings.backbone
        kept, spread = kept[strong], spread[strong]
    a, b, n, contexts = a[kept], b[kept], n[kept], contexts[kept]
    return Edges(a, b, n, contexts, weight[kept], g2[kept], p[kept], p_adjusted[kept], spread)


def graph_of(record: Record, settings: Settings) -> nx.Graph[str]:
    """The graph of a record, without what `describe` adds."""
    import networkx as nx

    found = record.found
    occurring = contexts_of_terms(found)
    edges = edges_of(count_pairs(found, window=settings.reach), occurring, found.contexts, settings)
    graph: nx.Graph[str] = nx.Graph()
    graph.graph.update(measure=settings.measure, context=settings.context, min_count=settings.min_count)
    if settings.reach is not None:
        graph.graph["window"] = settings.reach
    if settings.backbone is not None:
        graph.graph["backbone"] = settings.backbone
    graph.graph.update(contexts=found.contexts, occurrences=record)
    # numbers are in the order of the names: nodes and edges are added in a fixed order, on which algorithms depend
    graph.add_nodes_from(found.terms[i] for i in np.unique(np.concatenate([edges.a, edges.b])).tolist())
    _add_edges(graph, found.terms, edges, settings.measure)
    size = len(found.terms)
    occurrences = np.bincount(found.term, minlength=size)
    documents = np.bincount(
        np.unique(found.document * max(size, 1) + found.term) % max(size, 1), minlength=size
    )
    for number, name in enumerate(found.terms):
        if name in graph:
            graph.nodes[name].update(n=int(occurrences[number]), docfreq=int(documents[number]))
    return graph


def _add_edges(graph: nx.Graph[str], terms: tuple[str, ...], edges: Edges, measure: Measure) -> None:
    names = ["n", "contexts", "weight", "g2", "p", "p_adjusted"]
    columns: list[Ints | Floats] = [getattr(edges, name) for name in names]
    if edges.disparity is not None:
        names.append("disparity")
        columns.append(edges.disparity)
    values = zip(*(column.tolist() for column in columns), strict=True)
    for i, j, row in zip(edges.a.tolist(), edges.b.tolist(), values, strict=True):
        graph.add_edge(terms[i], terms[j], measure=measure, **dict(zip(names, row, strict=True)))


def settings_of(graph: nx.Graph[str]) -> tuple[Record, Settings]:
    """The record and the options of a graph; raises `ValueError` if the graph has none."""
    known = graph.graph
    record = known.get("occurrences")
    if not isinstance(record, Record):
        raise ValueError("graph holds no record of its corpus: make it with concept_graph or yearly_graphs")
    window = known.get("window", 5)
    return record, Settings(
        known["context"], window, known["measure"], known["min_count"], known.get("backbone")
    )
