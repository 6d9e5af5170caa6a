"""Parts of speech in context: one linear decision per word from its neighbours' usual tags, evaluated in NumPy.

Each word is scored on its own (Neubig et al. 2011 show this for boundaries), without search over sequences: features
are the word, its ending, what its neighbours usually are, and pairs of these, looked up by hash in one table of rows
with a weight per tag.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

U32 = NDArray[np.uint32]
CERTAIN = 2  # level of words that context does not change
BITS = 18  # of the table that leads from a key to its row
NONE = 255  # in the place of a second tag
REACH = 2  # words to each side
_GROUP = 4096  # words scored at a time: small enough to stay in the cache


@dataclass(frozen=True)
class Types:
    """What is known of each distinct word: hash, usual tag, next usual one (`NONE`: none), level, ends.

    Level 0 words come from the word list or are guessed, 1 are seen in the corpus, 2 have one tag there, often.
    `last` and `first` are the characters at both ends with the word's length. The last type is the line break.
    """

    key: U32
    tag: U32
    second: U32
    level: U32
    last: U32
    first: U32


def framed(of: NDArray[np.intp], types: Types) -> NDArray[np.intp]:
    """The running words with line breaks, the last type, beyond both ends."""
    outside = np.full(REACH, len(types.tag) - 1)
    return np.concatenate([outside, of, outside])


def feature_keys(types: Types, padded: NDArray[np.intp], at: NDArray[np.intp]) -> list[U32]:
    """For each template the feature of the words at the positions `at`, as a 32-bit key.

    `padded` are the running words, see `framed`; `at` counts without the frame.
    """
    usual = types.tag + np.uint32(1)
    kind = (types.tag << np.uint32(12)) + (types.second << np.uint32(4)) + types.level + np.uint32(1)

    def near(values: U32, distance: int) -> U32:
        taken: U32 = values[padded[at + (REACH + distance)]]
        return taken

    word, own = near(types.key, 0), near(kind, 0)
    before, after = near(kind, -1), near(kind, 1)
    tag_before, tag_after = near(usual, -1), near(usual, 1)
    single = [
        own, word, before, after, near(types.key, -1), near(types.key, 1), near(types.last, 0),
        near(types.first, 0),
    ]  # fmt: skip
    pairs = [
        (own, before), (own, after), (word, tag_before), (word, tag_after), (tag_before, near(usual, -2)),
        (tag_after, near(usual, 2)), (own * np.uint32(64) + tag_before, tag_after),
        (near(types.last, 0), tag_before), (near(types.last, 0), tag_after), (own, near(types.last, 0)),
    ]  # fmt: skip
    listed = [(value, np.uint32(0)) for value in single] + pairs
    return [_mixed(a, b, np.uint32(number)) for number, (a, b) in enumerate(listed, start=1)]


def _mixed(a: U32, b: U32 | np.uint32, template: np.uint32) -> U32:
    """A hash of two values and the template (the finaliser of MurmurHash3, Appleby 2011)."""
    salt = np.uint32((int(template) * 0x9E3779B1) & 0xFFFFFFFF)
    value = a * np.uint32(0x85EBCA6B) ^ (b * np.uint32(0xC2B2AE35) + salt)
    value ^= value >> np.uint32(16)
    value *= np.uint32(0x85EBCA6B)
    value ^= value >> np.uint32(13)
    value *= np.uint32(0xC2B2AE35)
    value ^= value >> np.uint32(16)
    return value


@dataclass(frozen=True)
class Weights:
    """Rows of weights, one for each known feature; row 0 is that of unknown ones."""

    keys: U32
    rows: NDArray[np.int16]
    slots: NDArray[np.uint16]

    @classmethod
    def of(cls, keys: U32, rows: NDArray[np.int8]) -> Weights:
        """Lay out the table; the keys must be distinct in their lowest bits, see `apart`."""
        slots = np.zeros(1 << BITS, dtype=np.uint16)
        slots[keys & np.uint32((1 << BITS) - 1)] = np.arange(1, len(keys) + 1)
        padded = np.zeros((len(keys) + 1, rows.shape[1]), dtype=np.int16)
        padded[1:] = rows
        return cls(np.append(np.uint32(0), keys), padded, slots)

    def scores(self, features: list[U32]) -> NDArray[np.int16]:
        """The sum of the features' rows for each word."""
        total = np.zeros((len(features[0]), self.rows.shape[1]), dtype=np.int16)
        own = np.empty_like(total)
        for keys in features:
            row = self.slots[keys & np.uint32((1 << BITS) - 1)]
            row[self.keys[row] != keys] = 0
            np.take(self.rows, row, axis=0, out=own, mode="clip")
            total += own
        return total


def best_tags(scores: NDArray[np.int16]) -> NDArray[np.intp]:
    """The first of the highest scores of each row: argmax by halving, which is faster on short rows.

    >>> best_tags(np.array([[1, 3, 3], [0, -1, -2]], dtype=np.int16)).tolist()
    [1, 0]
    """
    width = scores.shape[1]
    coded = scores.astype(np.int32) * 256 + (255 - np.arange(width, dtype=np.int32))
    while width > 1:
        half = (width + 1) // 2
        np.maximum(coded[:, : width - half], coded[:, half:width], out=coded[:, : width - half])
        width = half
    result: NDArray[np.intp] = 255 - (coded[:, 0] & 255).astype(np.intp)
    return result


def apart(keys: U32) -> NDArray[np.intp]:
    """The first of the keys with the same lowest bits, in order."""
    _, first = np.unique(keys & np.uint32((1 << BITS) - 1), return_index=True)
    return np.sort(first)


def in_context(types: Types, of: NDArray[np.intp], weights: Weights) -> NDArray[np.intp]:
    """The tag of each running word; words of level `CERTAIN` keep their usual one."""
    result = types.tag.astype(np.intp)[of]
    open_ = np.flatnonzero(types.level[of] < CERTAIN)
    padded = framed(of, types)
    for begin in range(0, len(open_), _GROUP):
        at = open_[begin : begin + _GROUP]
        result[at] = best_tags(weights.scores(feature_keys(types, padded, at)))
    return result
