"""Strings in the raw text of a corpus: how often they stand there, since when, and how free their edges are.

Layer 5. The strings are found by one walk of an automaton (`npp_nlp.matching`); a group of documents after the other is
added to the tally, whose size depends on the distinct strings and neighbours alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from npp_nlp.document import Document
from npp_nlp.masking import shown_text
from npp_nlp.matching import TermMatcher, leftmost_longest
from npp_nlp.terms.spans import Bools, Ints, latin
from npp_nlp.text import codepoints, fold_codepoints

Floats = NDArray[np.float64]

NO_YEAR = np.iinfo(np.int64).max
_CHARACTERS = 1 << 21  # more than there are code points


class Tally:
    """Counts of the strings 0 to `total` - 1 of a matcher; neighbours and places of those below `size` only.

    `n` are occurrences that do not overlap, `docfreq` documents, `document` and `start` the first place, `year` the first
    year (`NO_YEAR` if unknown).

    >>> tally = Tally(1, 1)
    >>> documents = [Document.from_text("改革开放。深化改革。", id="a", year=2024)]
    >>> tally.add(documents, 0, TermMatcher(["改革"], [0]))
    >>> tally.n.tolist(), tally.start.tolist(), [edge.tolist() for edge in tally.entropies()]
    ([2], [0], [[1.0], [1.0]])
    """

    def __init__(self, size: int, total: int) -> None:
        self.size = size
        self.n = np.zeros(total, dtype=np.int64)
        self.docfreq = np.zeros(size, dtype=np.int64)
        self.document = np.zeros(size, dtype=np.int64)
        self.start = np.full(size, -1, dtype=np.int64)
        self.year = np.full(size, NO_YEAR, dtype=np.int64)
        nothing = np.zeros(0, dtype=np.int64)
        self._edges = [(nothing, nothing), (nothing, nothing)]

    def add(self, documents: Sequence[Document], begin: int, matcher: TermMatcher) -> None:
        """Count the strings in consecutive documents, which are numbered from `begin`."""
        text = "\n" + "".join(shown_text(document) + "\n" for document in documents)
        points = fold_codepoints(codepoints(text))
        starts, ends, owners = matcher.all_matches(points)
        order = np.argsort(owners, kind="stable")
        starts, ends, owners = starts[order], ends[order], owners[order]
        shift = owners * (len(points) + 1)
        apart = leftmost_longest(starts + shift, ends + shift)
        starts, ends, owners = starts[apart], ends[apart], owners[apart]
        self.n += np.bincount(owners, minlength=len(self.n))
        few = int(np.searchsorted(owners, self.size))
        self._place(documents, begin, starts[:few] - 1, owners[:few])
        plain = letters(points)
        for side, at in enumerate((starts[:few] - 1, ends[:few])):
            pairs = owners[:few] * _CHARACTERS + np.where(plain[at], points[at], 0)
            self._edges[side] = _added(self._edges[side], pairs)

    def _place(self, documents: Sequence[Document], begin: int, starts: Ints, owners: Ints) -> None:
        lengths = np.array([len(document.text) + 1 for document in documents], dtype=np.int64)
        offsets = np.cumsum(lengths) - lengths
        document = np.searchsorted(offsets, starts, side="right") - 1
        key, first = np.unique(owners * len(documents) + document, return_index=True)
        self.docfreq += np.bincount(key // len(documents), minlength=self.size)
        years = [NO_YEAR if document.year is None else document.year for document in documents]
        np.minimum.at(self.year, owners[first], np.array(years, dtype=np.int64)[document[first]])
        new, at = np.unique(owners, return_index=True)
        new, at = new[self.start[new] < 0], at[self.start[new] < 0]
        self.document[new], self.start[new] = document[at] + begin, (starts - offsets[document])[at]

    def entropies(self) -> tuple[Floats, Floats]:
        """Branching entropy to the left and to the right in bits (Jin and Tanaka-Ishii 2006).

        Whatever is no letter, figure or Chinese character is another neighbour every time.
        """
        left, right = (self._entropy(*edge) for edge in self._edges)
        return left, right

    def _entropy(self, pairs: Ints, counts: Ints) -> Floats:
        owner, border = pairs // _CHARACTERS, pairs % _CHARACTERS == 0
        total = np.maximum(self.n[owner], 1)
        bits = counts / total * np.log2(np.where(border, total, total / counts))
        return np.asarray(np.bincount(owner, bits, minlength=self.size), dtype=np.float64)


def _added(old: tuple[Ints, Ints], pairs: Ints) -> tuple[Ints, Ints]:
    new, counts = np.unique(pairs, return_counts=True)
    both, place = np.unique(np.concatenate([old[0], new]), return_inverse=True)
    return both, np.bincount(place, np.concatenate([old[1], counts]), minlength=len(both)).astype(np.int64)


def letters(points: NDArray[np.uint32]) -> Bools:
    """Which folded code points are Chinese characters, Latin letters or figures.

    >>> letters(codepoints("新a，")).tolist()
    [True, True, False]
    """
    chinese = ((points >= 0x3400) & (points <= 0x9FFF)) | (points > 0x1FFFF) | (points == 0x3007)
    return np.asarray(chinese | latin(points))


def npmi(both: Ints, one: Ints, two: Ints, total: int) -> Floats:
    """Normalised pointwise mutual information of two adjacent parts (Church and Hanks 1990; Bouma 2009), -1 to 1.

    >>> npmi(np.array([4]), np.array([4]), np.array([4]), 64).tolist()
    [1.0]
    """
    x, a, b = (np.minimum(np.maximum(count, 1), total) / total for count in (both, one, two))
    bits = -np.log2(x)
    return np.where(bits > 0, np.log2(x / (a * b)) / np.maximum(bits, 1e-12), 1.0)
