"""For every passage, the earlier passage it repeats: with the same words, or the most alike.

Layer 6.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from npp_nlp.reuse.alignment import pair_weights, similar
from npp_nlp.reuse.passages import Ints
from npp_nlp.reuse.shingles import candidates

SPECIFIC = 0.5
"""Specificity (`alignment.specificity`) that a near match must have; docs/reuse.md has the figures behind it."""


class Match(NamedTuple):
    """A passage that repeats an earlier one: numbers of the passage, of its source and of the first that has it.

    `similarity` is that of the folded forms; `exact` says that they are the same.
    """

    target: int
    source: int
    first: int
    similarity: float
    exact: bool


def find_matches(
    keys: Sequence[str], rank: Ints, sources: Ints, targets: Ints, *, least: float
) -> list[Match]:
    """What the targets repeat of sources of a lower rank, at least `least` alike, in the order of the targets.

    `keys` and `rank` are those of all passages, `sources` and `targets` numbers of some. Of sources with the same words
    the latest before the target counts; without one, the most alike, of equals the latest. `first` is the earliest source
    with the same words, or with words that were like them when they first appeared.

    >>> both = np.arange(3)
    >>> find_matches(["扩大内需", "扩大内需", "扩大内需。"], np.array([0, 0, 1]), both, both, least=0.8)
    [Match(target=2, source=0, first=0, similarity=0.8888888888888888, exact=False)]
    """
    order = rank.tolist()
    held: dict[str, list[int]] = {}
    for number in sources[np.lexsort((sources, rank[sources]))].tolist():
        held.setdefault(keys[number], []).append(number)

    def latest(text: str, before: int) -> int:
        """The first passage with these words among those of the highest rank below `before`, or -1."""
        listed = held.get(text, [])
        at = bisect_left(listed, before, key=order.__getitem__)
        return listed[bisect_left(listed, order[listed[at - 1]], key=order.__getitem__)] if at else -1

    found: list[Match] = []
    fresh: dict[tuple[str, int], list[int]] = {}
    for number in targets[np.lexsort((targets, rank[targets]))].tolist():
        source = latest(keys[number], order[number])
        if source >= 0:
            found.append(Match(number, source, held[keys[number]][0], 1.0, True))
        else:
            fresh.setdefault((keys[number], order[number]), []).append(number)
    firsts: dict[str, int] = {}
    for (text, before), alike in _alike(list(fresh), held, rank, least):
        sought = [(score, latest(other, before)) for score, other in alike]
        score, source = max(sought, key=lambda pair: (pair[0], order[pair[1]], -pair[1]))
        first = min((held[other][0] for _, other in alike), key=lambda n: (order[n], n))
        firsts.setdefault(text, first)
        found += [Match(number, source, first, score, False) for number in fresh[text, before]]
    whole = (m._replace(first=firsts.get(keys[m.target], m.first)) if m.exact else m for m in found)
    return sorted(whole)


def _alike(
    fresh: list[tuple[str, int]], held: dict[str, list[int]], rank: Ints, least: float
) -> Iterator[tuple[tuple[str, int], list[tuple[float, str]]]]:
    """For each text and rank the texts of sources before it that are at least `least` alike."""
    texts = list(held)
    since = np.array([rank[held[text][0]] for text in texts], dtype=np.int64)
    before = np.array([order for _, order in fresh], dtype=np.int64)
    weights = pair_weights(dict.fromkeys([*texts, *(text for text, _ in fresh)]))
    pairs = candidates(texts, since, [text for text, _ in fresh], before, least=least_dice(least))
    for target, others in grouped(pairs.target, pairs.source):
        near = [texts[n] for n in others]
        alike = similar(fresh[target][0], near, weights, least=least, specific=SPECIFIC)
        if alike:
            yield fresh[target], alike


def grouped(target: Ints, source: Ints) -> Iterator[tuple[int, list[int]]]:
    """The sources of each target, from pairs sorted by target."""
    edges = np.flatnonzero(np.diff(target, prepend=-1)).tolist()
    for start, stop in zip(edges, [*edges[1:], len(target)][: len(edges)], strict=True):
        yield int(target[start]), source[start:stop].tolist()


def least_dice(least: float) -> float:
    """Dice coefficient of shingles from which a pair is worth an alignment.

    Far below what evenly spread edits leave: of a share s of kept characters about s³ of the shingles stay.
    """
    return float(0.5 * least**3)
