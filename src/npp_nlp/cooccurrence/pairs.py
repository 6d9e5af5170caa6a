"""Pairs of terms that occur together, counted exactly.

Layer 5. In each context every pair of positions that hold two different terms counts once; pairs of a term with itself
do not count. A window of k reaches k tokens to each side.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from npp_nlp.cooccurrence.occurrences import Ints, Occurrences

_BLOCK = 8_000_000  # products of one block of the matrix at most: bounds the memory

Pairs = tuple[Ints, Ints, Ints, Ints]


def count_pairs(found: Occurrences, *, window: int | None = None) -> Pairs:
    """Pairs of terms as arrays `a, b, n, contexts` with a < b, sorted.

    `n` is the number of position pairs, `contexts` the number of contexts that hold both. With `window`, only
    positions at most that many tokens apart count.
    """
    if window is None:
        return _pairs_by_product(found)
    a, b, _, n = pair_contexts(found, window=window)
    size = max(len(found.terms), 1)
    key, inverse, contexts = np.unique(a * size + b, return_inverse=True, return_counts=True)
    total = np.bincount(inverse, n, minlength=len(key)).astype(np.int64)
    return key // size, key % size, total, contexts.astype(np.int64)


def contexts_of_terms(found: Occurrences) -> Ints:
    """The number of contexts that hold each term."""
    return np.bincount(_matrix(found).indices, minlength=len(found.terms)).astype(np.int64)


def _matrix(found: Occurrences) -> Any:
    """Contexts by terms, sparse: how often a term stands in a context."""
    from scipy import sparse

    shape = (max(found.contexts, 1), max(len(found.terms), 1))
    ones = np.ones(len(found.term), dtype=np.int64)
    places = (found.context.astype(np.int32), found.term.astype(np.int32))
    return sparse.coo_array((ones, places), shape=shape).tocsr()  # sums entries of one place


def pair_contexts(found: Occurrences, *, window: int | None = None) -> tuple[Ints, Ints, Ints, Ints]:
    """Each pair in each context that holds it: arrays `a, b, context, n`, with a < b and n the position pairs there."""
    size = max(len(found.terms), 1)
    if window is None:
        key, counts = np.unique(found.context * size + found.term, return_counts=True)
        context, position, term = key // size, np.zeros_like(key), key % size
    else:
        context, position, term = found.context, found.position, found.term
        counts = np.ones_like(term)
    parts = [(np.zeros(0, dtype=np.int64),) * 3]
    for one, two in _neighbours(context, position, window):
        different = term[one] != term[two]
        one, two = one[different], two[different]
        low, high = np.minimum(term[one], term[two]), np.maximum(term[one], term[two])
        parts.append((low * size + high, context[one], counts[one] * counts[two]))
    pair, where, n = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((where, pair))
    pair, where, n = pair[order], where[order], n[order]
    first = np.flatnonzero(np.r_[True, (np.diff(pair) != 0) | (np.diff(where) != 0)][: len(pair)])
    total = np.add.reduceat(n, first) if len(first) else n
    return pair[first] // size, pair[first] % size, where[first], total


def _neighbours(context: Ints, position: Ints, window: int | None) -> Iterator[tuple[Ints, Ints]]:
    """Numbers of entries that stand in one context, at most `window` positions apart, by their distance in entries."""
    here = np.arange(len(context), dtype=np.int64)
    for shift in range(1, len(context)):
        here = here[here + shift < len(context)]
        near = context[here] == context[here + shift]
        if window is not None:
            near &= position[here + shift] - position[here] <= window
        here = here[near]  # what is too far now stays too far
        if not len(here):
            return
        yield here, here + shift


def _pairs_by_product(found: Occurrences) -> Pairs:
    """The matrix of contexts and terms times itself, block by block, its upper triangle only."""
    matrix = _matrix(found)
    packed, low = _packed(matrix)
    if packed is not None:
        a, b, data = _product(packed)
        return a, b, data & ((1 << low) - 1), data >> (2 * low)
    present = matrix.copy()
    present.data = np.ones_like(present.data)
    a, b, contexts = _product(present)
    return a, b, _product(matrix)[2], contexts


def _product(matrix: Any) -> tuple[Ints, Ints, Ints]:
    """Entries above the diagonal of the matrix's transpose times the matrix, sorted: row, column and value."""
    columns = matrix.tocsc()
    rows = columns.T
    blocks = list(_blocks(matrix))
    if len(blocks) == 1:
        parts = [_upper(rows, matrix, 0)]
    else:
        parts = [_upper(rows[begin:], columns[:, begin:end].tocsr(), begin) for begin, end in blocks]
    a, b, data = (np.concatenate(column) for column in zip(*parts, strict=True))
    return a.astype(np.int64), b.astype(np.int64), data


def _packed(matrix: Any) -> tuple[Any, int]:
    """The matrix with 2^low added to each count, so that one product holds both sums; None where 63 bits are too few.

    Over the contexts that hold both terms, the sum of (c + t)(d + t) is Σcd + t Σ(c + d) + t² Σ1: position pairs in the
    low bits, contexts in the high ones.
    """
    if not matrix.nnz:
        return None, 0
    squares = np.bincount(matrix.indices, matrix.data.astype(np.float64) ** 2)
    totals = np.bincount(matrix.indices, matrix.data)
    most = max(int(squares.max()), 2 * int(totals.max())) + 1
    low = most.bit_length()
    if 2 * low + int(np.bincount(matrix.indices).max()).bit_length() > 62:
        return None, 0
    packed = matrix.copy()
    packed.data = packed.data + (1 << low)
    return packed, low


def _blocks(matrix: Any) -> Iterator[tuple[int, int]]:
    """Ranges of terms whose products stay under the limit; two even so, since the lower triangle is left out."""
    length = np.diff(matrix.indptr)
    work = np.bincount(
        matrix.indices, np.repeat(length, length).astype(np.float64), minlength=matrix.shape[1]
    )
    done = np.cumsum(work)
    step = min(_BLOCK, max(done[-1] / 2, 50_000.0))
    edges = np.searchsorted(done, np.arange(step, done[-1], step), side="left") + 1
    cuts = np.unique(np.r_[0, edges, matrix.shape[1]]).tolist()
    yield from pairwise(cuts)


def _upper(rows: Any, columns: Any, begin: int) -> tuple[Any, Any, Ints]:
    """Entries above the diagonal of a block of the product, sorted: a, b and the value."""
    product = (rows @ columns).tocsc()  # turning it round sorts it
    a = np.repeat(np.arange(begin, begin + product.shape[1], dtype=np.int32), np.diff(product.indptr))
    b = product.indices + np.int32(begin)
    above = np.flatnonzero(b > a)
    return a[above], b[above], product.data[above]
