"""Spans of text as 64-bit keys, and grouping of equal keys.

Layer 5. A span's key is equal for every written form of a term, whatever its quotes, blanks or widths: a polynomial
hash of its folded characters (Karp and Rabin 1987) over prefix sums modulo 2^64. So a million spans are counted and
looked up by a few array operations, and only survivors become strings.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from npp_nlp.text import codepoints, fold_codepoints

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Keys = NDArray[np.uint64]

_STEP, _INVERSE = np.uint64(0x9E3779B97F4A7C15), np.uint64(pow(0x9E3779B97F4A7C15, -1, 2**64))
_SILENT = '" \t\r'


@cache
def _character_values() -> Keys:
    """A fixed pseudo-random 64-bit value per code point of the basic plane (splitmix64, Steele et al. 2014)."""
    folded = fold_codepoints(np.arange(0x10000, dtype=np.uint32))
    values = mixed(folded.astype(np.uint64))
    values[np.isin(folded, [ord(c) for c in _SILENT])] = 0
    values.setflags(write=False)
    return values


def mixed(values: Keys) -> Keys:
    """Spread integers over 64 bits, one to one (the finaliser of splitmix64)."""
    out = (values + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    out ^= out >> np.uint64(30)
    out *= np.uint64(0xBF58476D1CE4E5B9)
    out ^= out >> np.uint64(27)
    out *= np.uint64(0x94D049BB133111EB)
    return out ^ (out >> np.uint64(31))


class SpanKeys:
    """Keys of the spans of one text.

    >>> text = SpanKeys("“内卷式”竞争、内卷式竞争")
    >>> keys = text.keys(np.array([0, 8]), np.array([7, 13]))
    >>> bool(keys[0] == keys[1])
    True
    """

    def __init__(self, text: str) -> None:
        points = codepoints(text)
        values = _character_values()[np.minimum(points, 0xFFFF)]
        beyond = np.flatnonzero(points > 0xFFFF)
        values[beyond] = mixed(points[beyond].astype(np.uint64))
        counted = np.zeros(len(points) + 1, dtype=np.int64)
        np.cumsum(values != 0, out=counted[1:])
        self._counted = counted
        powers = _powers(int(counted[-1]) + 1, _STEP)
        self._inverse = _powers(int(counted[-1]) + 1, _INVERSE)
        self._sums = np.zeros(len(points) + 1, dtype=np.uint64)
        np.cumsum(values * powers[counted[:-1]], out=self._sums[1:])

    def keys(self, starts: Ints, ends: Ints) -> Keys:
        """The key of each span."""
        return mixed((self._sums[ends] - self._sums[starts]) * self._inverse[self._counted[starts]])

    def lengths(self, starts: Ints, ends: Ints) -> Ints:
        """Characters of each span, quotes and blanks left out."""
        return self._counted[ends] - self._counted[starts]


def latin(points: NDArray[np.uint32]) -> Bools:
    """Which folded code points are digits or Latin letters.

    >>> latin(codepoints("a1,中é")).tolist()
    [True, True, False, False, True]
    """
    digit = (points >= ord("0")) & (points <= ord("9"))
    plain = (points >= ord("a")) & (points <= ord("z"))
    accented = (points >= ord("À")) & (points <= ord("ɏ")) & (points != ord("×")) & (points != ord("÷"))
    return np.asarray(digit | plain | accented)


def _powers(count: int, base: np.uint64) -> Keys:
    powers = np.full(count, base, dtype=np.uint64)
    powers[0] = 1
    return np.cumprod(powers, dtype=np.uint64)


def word_keys(words: list[str]) -> Keys:
    """The key of each word on its own.

    >>> bool(word_keys(["ＡＩ"])[0] == word_keys(["ai"])[0])
    True
    """
    lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    ends = np.cumsum(lengths)
    return SpanKeys("".join(words)).keys(ends - lengths, ends)


def grouped(keys: Keys) -> tuple[Ints, Ints]:
    """For each key the number of its group of equal keys, and for each group the place of one member.

    Groups are found by scattering into a table: of the keys that share a slot one wins, all equal to it are done, the
    others try other bits of their key in the next round. Much faster than sorting where keys repeat. The keys must be
    well mixed.

    >>> number, member = grouped(np.array([7, 9, 7], dtype=np.uint64))
    >>> bool(number[0] == number[2] != number[1]), len(member)
    (True, 2)
    """
    bits = min(max(len(keys).bit_length(), 4), 20)
    mask = np.uint64((1 << bits) - 1)
    number = np.empty(len(keys), dtype=np.int64)
    left = np.arange(len(keys))
    members: list[Ints] = [left[:0]]
    found = shift = 0
    while len(left):
        own = keys[left]
        slot = ((own >> np.uint64(shift)) & mask).astype(np.int64)
        table = np.empty(1 << bits, dtype=np.int64)
        table[slot] = left
        winner = table[slot]
        first = np.flatnonzero(winner == left)
        table[slot[first]] = np.arange(found, found + len(first))
        done = keys[winner] == own
        number[left[done]] = table[slot[done]]
        members.append(left[first])
        found += len(first)
        left = left[~done]
        shift = (shift + 11) % 44
    return number, np.concatenate(members)
