"""Which passages may be alike: an inverted index over character shingles, without a pass over all pairs.

Layer 6. A shingle is a run of N characters (Broder 1997). For every shingle of a passage the index gives the passages
that hold it and come earlier: at most the `FIRST` earliest and the `LAST` latest of them. So the number of pairs looked
at is at most (FIRST + LAST) times the characters of the text, however often a sentence is repeated or varied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from npp_nlp.reuse.passages import Ints
from npp_nlp.terms.spans import mixed
from npp_nlp.text import codepoints

N = 3
"""Characters of a shingle."""
FIRST, LAST = 4, 12
"""Earlier passages looked at for each shingle: so many of the earliest and of the latest."""
MOST = 12
"""Passages kept for each passage, those with the greatest coefficient."""

_BLOCK = 100_000  # shingles at a time: bounds the temporary arrays


@dataclass(frozen=True)
class Candidates:
    """Pairs of passages that share shingles: number of the later one, of the earlier one, weighted Dice coefficient.

    Sorted by target; of one target the most alike first, then the earliest.
    """

    target: Ints
    source: Ints
    dice: NDArray[np.float64]


def candidates(
    sources: Sequence[str], source_ranks: Ints, targets: Sequence[str], target_ranks: Ints, *, least: float
) -> Candidates:
    """Pairs of a target and a source of a lower rank whose shingles have at least the weighted Dice coefficient `least`.

    Dice: 2 w(A ∩ B) / (w(A) + w(B)), A and B being the sets of shingles of the two, w the sum of their weights
    log(1 + N / n), n the number of the N sources that have the shingle (at least 1). The weights make up for what
    is not looked at: a shingle with many passages tells little. The sources must be in the order of their ranks.

    >>> rank = np.array([0, 1])
    >>> found = candidates(["扩大国内需求", "推进改革开放"], rank, ["", "着力扩大国内需求"], rank, least=0.5)
    >>> found.target.tolist(), found.source.tolist(), found.dice.round(2).tolist()
    ([1], [0], [0.8])
    """
    if np.any(np.diff(source_ranks) < 0):
        raise ValueError("source_ranks must ascend")
    source_item, source_key = _postings(sources)
    target_item, target_key = _postings(targets)
    first = np.flatnonzero(np.diff(source_key, prepend=~source_key[:1]))
    docfreq = np.diff(first, append=len(source_key))
    weight = np.log1p(len(sources) / docfreq)
    wanted = np.searchsorted(source_key[first], target_key)
    held = wanted < len(first)
    held[held] = source_key[first[wanted[held]]] == target_key[held]
    worth = np.full(len(wanted), np.log1p(len(sources)))
    worth[held] = weight[wanted[held]]
    source_size = np.bincount(source_item, np.repeat(weight, docfreq), minlength=len(sources))
    target_size = np.bincount(target_item, worth, minlength=len(targets))
    steps = int(max(source_ranks.max(initial=0), target_ranks.max(initial=0))) + 1
    place = np.repeat(np.arange(len(first)), docfreq) * steps + source_ranks[source_item]
    begin = first[wanted[held]]
    stop = np.searchsorted(place, wanted[held] * steps + target_ranks[target_item[held]])
    order = np.argsort(target_item[held], kind="stable")
    target_item, worth = target_item[held][order], worth[held][order]
    begin, stop = begin[order], stop[order]
    parts = []
    for part in _blocks(target_item):
        target, source, shared = _shared(
            target_item[part], (begin[part], stop[part]), source_item, worth[part]
        )
        dice = 2 * shared / (source_size[source] + target_size[target])
        parts.append(_best(target, source, dice, least))
    return Candidates(
        np.concatenate([part.target for part in parts]),
        np.concatenate([part.source for part in parts]),
        np.concatenate([part.dice for part in parts]),
    )


def _postings(texts: Sequence[str]) -> tuple[Ints, NDArray[np.uint64]]:
    """Number of the text and key of each of its shingles, each shingle of a text once, by key, then by text."""
    points = codepoints("".join(texts)).astype(np.uint64)
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    item = np.repeat(np.arange(len(texts)), lengths)
    count = max(len(points) - N + 1, 0)
    key = np.zeros(count, dtype=np.uint64)
    for k in range(N):
        key = mixed(key ^ points[k : k + count]) if k else points[:count].copy()
    whole = item[:count] == item[N - 1 :]
    item, key = item[:count][whole], key[whole]
    order = np.argsort(key, kind="stable")
    item, key = item[order], key[order]
    new = np.ones(len(item), dtype=np.bool_)
    new[1:] = (item[1:] != item[:-1]) | (key[1:] != key[:-1])
    return item[new], key[new]


def _blocks(item: Ints) -> list[slice]:
    """Slices of the postings that end where a text ends."""
    edges = np.flatnonzero(np.diff(item)) + 1
    cuts = [0]
    for edge in [*edges.tolist(), len(item)]:
        if edge - cuts[-1] >= _BLOCK or edge == len(item):
            cuts.append(edge)
    return [slice(a, b) for a, b in pairwise(cuts)]


def _shared(
    target: Ints, within: tuple[Ints, Ints], item: Ints, worth: NDArray[np.float64]
) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """Pairs of target and source with the weight of their common shingles, as far as the index is looked at."""
    begin, stop = within
    total = int(item.max(initial=0)) + 1
    pairs, weights = [], []
    for place, looked_at in [
        *((stop - step, stop - step >= begin) for step in range(1, LAST + 1)),
        *((begin + step, begin + step < stop - LAST) for step in range(FIRST)),
    ]:
        pairs.append(target[looked_at] * total + item[place[looked_at]])
        weights.append(worth[looked_at])
    pair, number = np.unique(np.concatenate(pairs), return_inverse=True)
    shared = np.bincount(number, np.concatenate(weights), minlength=len(pair)).astype(np.float64)
    return pair // total, pair % total, shared


def _best(target: Ints, source: Ints, dice: NDArray[np.float64], least: float) -> Candidates:
    """The `MOST` best sources of each target."""
    kept = np.flatnonzero(dice >= least)
    order = kept[np.lexsort((source[kept], -dice[kept], target[kept]))]
    target = target[order]
    nth = np.arange(len(target)) - np.searchsorted(target, target)
    order = order[nth < MOST]
    return Candidates(target[nth < MOST], source[order], dice[order])
