"""Co-occurrence of concepts: counts, association measures, and the graph of both.

Layer 5. A context is a paragraph, a sentence, or a window of tokens. In each context every pair of positions that
hold two different terms counts once; pairs of a term with itself do not count. A window of k reaches k tokens to
each side, every token but blanks is a position (stop words too), and no window crosses a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from npp_nlp.document import BODY_KINDS, Corpus, Source, as_corpus
from npp_nlp.graphs import describe
from npp_nlp.lexicon import Lexicon
from npp_nlp.text import sentence_spans

if TYPE_CHECKING:
    import networkx as nx

Context = Literal["paragraph", "sentence", "window"]
Measure = Literal["count", "jaccard", "dice", "cosine", "npmi"]

MOST_TERMS = 200  # nodes at most where no terms are named

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Occurrences:
    """Where terms stand in a corpus, one entry per occurrence, in reading order.

    `document`, `context`, `term` are integer ids, `position` is the token position within the sentence (for
    windows) or 0. `contexts` is the number of contexts in the corpus, empty ones included.
    """

    terms: tuple[str, ...]
    document: Ints
    context: Ints
    position: Ints
    term: Ints
    contexts: int


def _texts(corpus: Corpus, sentences: bool) -> tuple[list[str], Ints]:
    """The running text of a corpus cut into contexts, and the document each belongs to."""
    texts: list[str] = []
    owner: list[int] = []
    for number, document in enumerate(corpus):
        for paragraph in document.paragraphs:
            if paragraph.kind not in BODY_KINDS:
                continue
            spans = sentence_spans(paragraph.text) if sentences else [(0, len(paragraph.text))]
            texts.extend(paragraph.text[a:b] for a, b in spans)
            owner.extend([number] * len(spans))
    return texts, np.array(owner, dtype=np.int64)


def find_occurrences(corpus: Corpus, terms: Lexicon, context: Context) -> Occurrences:
    """All occurrences of the terms in the running text; where terms overlap, the lexicon's rule decides."""
    texts, owner = _texts(corpus, sentences=context != "paragraph")
    names = tuple(entry.term for entry in terms.entries)
    if context == "window":
        text, term, position = _token_positions(texts, terms)
    else:
        found = terms.find(texts)
        text, term = found.text.astype(np.int64), found.entry.astype(np.int64)
        position = np.zeros_like(text)
    return Occurrences(names, owner[text], text, position, term, len(texts))


def most_frequent(found: Occurrences, most: int) -> Occurrences:
    """The occurrences of the `most` most frequent terms, ties by name."""
    count = np.bincount(found.term, minlength=len(found.terms))
    best = sorted(range(len(found.terms)), key=lambda i: (-count[i], found.terms[i]))[:most]
    kept = np.isin(found.term, best)
    columns = (found.document[kept], found.context[kept], found.position[kept], found.term[kept])
    return Occurrences(found.terms, *columns, found.contexts)


def _token_positions(texts: Sequence[str], terms: Lexicon) -> tuple[Ints, Ints, Ints]:
    """Text, term and token position of each term token; blanks hold no position."""
    from npp_nlp.segmentation import LinearSegmenter

    tokens = LinearSegmenter(lexicon=terms).segment_batch(texts)
    text = tokens.text_numbers()
    solid_before = np.concatenate([[0], np.cumsum(~tokens.blank())]).astype(np.int64)
    position = solid_before[:-1] - solid_before[tokens.first[text]]
    is_term = tokens.entries >= 0
    return text[is_term], tokens.entries[is_term].astype(np.int64), position[is_term]


def count_pairs(found: Occurrences, *, window: int | None = None) -> tuple[Ints, Ints, Ints, Ints]:
    """Pairs of terms as arrays `a, b, n, contexts` with a < b, sorted.

    `n` is the number of position pairs, `contexts` the number of contexts that hold both. With `window`, only
    positions at most that many tokens apart count.
    """
    if window is None:
        return _pairs_by_product(found)
    return _pairs_by_shift(found, window)


def _pairs_by_product(found: Occurrences) -> tuple[Ints, Ints, Ints, Ints]:
    from scipy import sparse

    shape = (max(found.contexts, 1), max(len(found.terms), 1))
    ones = np.ones(len(found.term), dtype=np.int64)
    matrix = sparse.csr_array(sparse.coo_array((ones, (found.context, found.term)), shape=shape))
    matrix.sum_duplicates()
    present = matrix.copy()
    present.data = np.ones_like(present.data)
    pairs = sparse.triu(matrix.T @ matrix, k=1, format="csr")
    both = sparse.triu(present.T @ present, k=1, format="csr")
    for product in (pairs, both):
        product.sort_indices()
    coo, contexts = pairs.tocoo(), both.tocoo()
    a, b = (np.asarray(i, dtype=np.int64) for i in coo.coords)
    return a, b, np.asarray(coo.data, dtype=np.int64), np.asarray(contexts.data, dtype=np.int64)


def _pairs_by_shift(found: Occurrences, window: int) -> tuple[Ints, Ints, Ints, Ints]:
    size = max(len(found.terms), 1)
    keys, where = [], []
    for shift in range(1, window + 1):
        near = (found.context[shift:] == found.context[:-shift]) & (
            found.position[shift:] - found.position[:-shift] <= window
        )
        one, two = found.term[:-shift][near], found.term[shift:][near]
        keys.append(np.minimum(one, two) * size + np.maximum(one, two))
        where.append(found.context[shift:][near])
    key, context = np.concatenate(keys), np.concatenate(where)
    different = key // size != key % size
    key, context = key[different], context[different]
    pairs, n = np.unique(key, return_counts=True)
    unique = np.unique(np.stack([key, context]), axis=1)[0] if len(key) else key
    contexts = np.unique(unique, return_counts=True)[1]
    return pairs // size, pairs % size, n.astype(np.int64), contexts.astype(np.int64)


def association(both: Ints, one: Ints, two: Ints, total: int, measure: Measure) -> Floats:
    """Association of two terms from the numbers of contexts that hold both, the first, the second, or anything.

    With x = both, a = one, b = two, N = total: jaccard x / (a + b - x); dice 2x / (a + b); cosine x / √(ab);
    npmi ln(xN / ab) / -ln(x / N), from -1 to 1 (Bouma 2009); a pair in every context has npmi 1.

    >>> association(np.array([2]), np.array([2]), np.array([2]), 8, "npmi").round(3).tolist()
    [1.0]
    """
    x: Floats = both.astype(np.float64)
    a: Floats = one.astype(np.float64)
    b: Floats = two.astype(np.float64)
    if measure == "jaccard":
        return x / (a + b - x)
    if measure == "dice":
        return 2 * x / (a + b)
    if measure == "cosine":
        return x / np.sqrt(a * b)
    if measure == "npmi":
        information = -np.log(x / total)
        with np.errstate(invalid="ignore", divide="ignore"):
            value = np.log(x * total / (a * b)) / information
        return np.where(information > 0, value, 1.0)
    raise ValueError(f"measure must be one of {', '.join(get_args(Measure)[1:])}, not {measure!r}")


def concept_graph(
    source: Source,
    terms: Iterable[str] | Lexicon | None = None,
    *,
    context: Context = "paragraph",
    window: int = 5,
    measure: Measure = "npmi",
    min_count: int = 2,
) -> nx.Graph[str]:
    """The graph of terms that occur together: an undirected `networkx.Graph`.

    `terms` are the concepts to look for; by default the 200 most frequent ones of the policy lexicon.
    Pairs found in fewer than `min_count` contexts are left out, and so are pairs whose weight is not positive
    (npmi: not associated).
    Nodes: n (occurrences), docfreq (documents), degree, strength (sum of weights), betweenness (unweighted,
    normalised), community (0 is the largest; Louvain, Blondel et al. 2008), x and y (layout, -1 to 1).
    Edges: n (pairs of positions), contexts (contexts with both), weight, measure.

    >>> g = concept_graph(["科技创新引领新质生产力。"] * 2, ["科技创新", "新质生产力"], measure="count")
    >>> g.edges["新质生产力", "科技创新"]["n"]
    2
    """
    if context not in get_args(Context):
        raise ValueError(f"context must be one of {', '.join(get_args(Context))}, not {context!r}")
    if measure not in get_args(Measure):
        raise ValueError(f"measure must be one of {', '.join(get_args(Measure))}, not {measure!r}")
    if window < 1:
        raise ValueError(f"window must be at least 1 token, not {window}")
    if isinstance(terms, str):
        raise TypeError(f"terms must be a list of terms, not the string {terms!r}")
    corpus = as_corpus(source)
    lexicon = (
        terms
        if isinstance(terms, Lexicon)
        else Lexicon.default()
        if terms is None
        else Lexicon.from_terms(terms)
    )
    found = find_occurrences(corpus, lexicon, context)
    if terms is None:
        found = most_frequent(found, MOST_TERMS)
    pairs = count_pairs(found, window=window if context == "window" else None)
    return _graph(found, pairs, measure, min_count)


def _graph(
    found: Occurrences, pairs: tuple[Ints, Ints, Ints, Ints], measure: Measure, min_count: int
) -> nx.Graph[str]:
    import networkx as nx

    size = len(found.terms)
    seen = np.unique(np.stack([found.term, found.context]), axis=1)[0]
    in_contexts = np.bincount(seen, minlength=size)
    a, b, n, contexts = pairs
    enough = contexts >= min_count
    a, b, n, contexts = a[enough], b[enough], n[enough], contexts[enough]
    if measure == "count":
        weight = n.astype(float)
    else:
        weight = association(contexts, in_contexts[a], in_contexts[b], found.contexts, measure)
    rows = [
        (
            *sorted((found.terms[i], found.terms[j])),
            {"n": int(k), "contexts": int(c), "weight": float(w), "measure": measure},
        )
        for i, j, k, c, w in zip(a, b, n, contexts, weight, strict=True)
        if w > 0
    ]
    graph: nx.Graph[str] = nx.Graph(measure=measure)
    # a fixed order of nodes and edges: the algorithms below depend on it
    graph.add_nodes_from(sorted({name for row in rows for name in row[:2]}))
    graph.add_edges_from(sorted(rows, key=lambda row: row[:2]))
    occurrences = np.bincount(found.term, minlength=size)
    documents = np.bincount(np.unique(np.stack([found.term, found.document]), axis=1)[0], minlength=size)
    for number, name in enumerate(found.terms):
        if name in graph:
            graph.nodes[name].update(n=int(occurrences[number]), docfreq=int(documents[number]))
    describe(graph)
    return graph
