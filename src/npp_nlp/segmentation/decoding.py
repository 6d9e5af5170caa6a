"""The best segmentation under boundary scores and single-character scores: exact, vectorised over stretches.

Boundary p is before character p. A segmentation scores boundary[p] for each of its boundaries and single[p] for each
one-character word p, that is where p and p + 1 are both boundaries. Most boundaries are decided whatever their
neighbours are; only the stretches between them are searched (Viterbi 1967), all of them at the same time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Shorts = NDArray[np.int16]

_OFF, _OPEN, _ON = 0, 1, 2
_BLOCK = 1 << 15
_LONGEST = 48  # undecided characters in a row that are searched together; more occur in no written text


def best_boundaries(boundary: Shorts, single: Shorts, blank: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where the words of the best segmentation start; the edges of blanks and of the whole are boundaries.

    >>> marks = best_boundaries(np.array([0, 3, 3], np.int16), np.array([0, -4, 0], np.int16), np.zeros(3, bool))
    >>> marks.tolist()
    [True, True, False]
    """
    if not len(boundary):
        return np.zeros(0, dtype=np.bool_)
    alone = np.where(blank, np.int16(0), single)
    state = _settled(boundary, alone)
    state[0] = _ON
    state[1:][blank[1:] | blank[:-1]] = _ON
    result: NDArray[np.bool_] = state == _ON
    undecided = np.flatnonzero(state == _OPEN)
    if len(undecided):
        result[undecided] = _search(boundary, alone, result, undecided)
    return result


def _settled(boundary: Shorts, alone: Shorts) -> NDArray[np.uint8]:
    """_ON or _OFF where the boundary is decided whatever its neighbours are, _OPEN elsewhere."""
    state = np.empty(len(boundary), dtype=np.uint8)
    before = np.concatenate([np.zeros(1, dtype=np.int16), alone[:-1]])
    for begin in range(0, len(boundary), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        score = boundary[block].astype(np.int32)
        left, right = before[block], alone[block]
        on = score + np.minimum(left, 0) + np.minimum(right, 0) > 0
        possible = score + np.maximum(left, 0) + np.maximum(right, 0) > 0
        state[block] = on.view(np.uint8) + possible.view(np.uint8)
    return state


def _search(
    boundary: Shorts, alone: Shorts, sure: NDArray[np.bool_], undecided: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """The best values of the undecided boundaries."""
    begins = np.flatnonzero(np.diff(undecided, prepend=-2) != 1)
    lengths = np.diff(begins, append=len(undecided))
    begins, lengths = _cut(begins, lengths)
    order = np.argsort(-lengths, kind="stable")
    begins, lengths = begins[order], lengths[order]
    first = undecided[begins]
    active = np.searchsorted(-lengths, -np.arange(int(lengths[0]) + 1), side="left")
    # Best scores with the latest boundary off and on; the one before the stretch is known (off where it was cut).
    off = np.zeros(len(first), dtype=np.int32)
    on = boundary[first] + np.where(sure[first - 1], alone[first - 1], 0).astype(np.int32)
    came_from_on: list[tuple[NDArray[np.bool_], NDArray[np.bool_]]] = []
    for t in range(1, len(active) - 1):
        at = first[: active[t]] + t
        before, latest = off[: len(at)], on[: len(at)]
        kept = latest + alone[at - 1]
        came_from_on.append((latest > before, kept > before))
        off[: len(at)], on[: len(at)] = np.maximum(latest, before), np.maximum(kept, before) + boundary[at]
    last = first + lengths - 1
    closed = np.append(sure, True)[last + 1]
    value = on + np.where(closed, alone[last], 0) > off
    result = np.zeros(len(undecided), dtype=np.bool_)
    result[begins + lengths - 1] = value
    for t in range(len(active) - 2, 0, -1):
        count = active[t]
        when_off, when_on = came_from_on[t - 1]
        value[:count] = np.where(value[:count], when_on, when_off)
        result[begins[:count] + t - 1] = value[:count]
    return result


def _cut(
    begins: NDArray[np.int64], lengths: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut stretches that are too long, so that no text can make the search slow."""
    pieces = (lengths + _LONGEST - 1) // _LONGEST
    if int(pieces.max()) == 1:
        return begins, lengths
    number = np.arange(int(pieces.sum())) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    cut_begins = np.repeat(begins, pieces) + number * _LONGEST
    ends = np.minimum(cut_begins + _LONGEST, np.repeat(begins + lengths, pieces))
    return cut_begins, ends - cut_begins
