"""A text's own memory of its words: whether the seam between two lines looks like the inside of a word."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from npp_nlp.text import codepoints

_HAN = 0x2E7F
_SHIFT = 21
_BEFORE_INDEX = 120  # Searching the text so often costs about as much as counting all that is in it.


class Repeats:
    """Pairs and triples of characters of one text, counted when they are first asked for.

    >>> memory = Repeats("重点难点问题。突破重点难点，解决难点。")
    >>> memory.across("必须聚力突破重", "点难点。") > memory.across("国家实验室", "是指以")
    True
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._asked = 0

    @cached_property
    def _grams(self) -> dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]]:
        points = codepoints(self._text).astype(np.int64)
        grams = {}
        for size in (1, 2, 3):
            keys = np.zeros(max(0, len(points) - size + 1), np.int64)
            for i in range(size):
                keys = (keys << _SHIFT) | points[i : len(points) - size + 1 + i]
            grams[size] = np.unique(keys, return_counts=True)
        return grams

    def count(self, gram: str) -> int:
        """How often one, two or three characters occur; 0 for anything but Chinese characters."""
        if not gram or min(map(ord, gram)) <= _HAN:
            return 0
        self._asked += 1
        if self._asked <= _BEFORE_INDEX:
            return self._text.count(gram)
        key = 0
        for char in gram:
            key = (key << _SHIFT) | ord(char)
        keys, counts = self._grams[len(gram)]
        at = int(np.searchsorted(keys, key))
        return int(counts[at]) if at < len(keys) and int(keys[at]) == key else 0

    def across(self, upper: str, lower: str) -> float:
        """Evidence from 0 to 4.5 that the seam lies inside a word or a habitual phrase of the text.

        1.5 for each of the two triples across the seam that occurs somewhere, 1.5 if the pair at the seam occurs at
        least three times and binds both characters: n(ab)² / (n(a) n(b)) at least 0.02.
        """
        if len(upper) < 2 or len(lower) < 2:
            return 0.0
        weight = 1.5 * bool(self.count(upper[-2:] + lower[0])) + 1.5 * bool(self.count(upper[-1] + lower[:2]))
        pair = self.count(upper[-1] + lower[0])
        if pair >= 3 and pair * pair >= 0.02 * self.count(upper[-1]) * self.count(lower[0]):
            weight += 1.5
        return weight
