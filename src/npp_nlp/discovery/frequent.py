"""Runs of words that are frequent in a corpus, counted as integer keys, group of documents by group.

Layer 5. What is held at a time is bounded by the distinct runs, and these by `MOST`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from npp_nlp.document import Corpus, Document
from npp_nlp.segmentation import Segmenter
from npp_nlp.terms.candidates import Words, find_runs, read_words
from npp_nlp.terms.reference import packaged_reference
from npp_nlp.terms.spans import Bools, Ints, grouped
from npp_nlp.terms.wordforms import describe
from npp_nlp.text import batches

MOST = 2_000_000  # distinct runs held at a time (some 100 MB)
SHORTEST, SHORTEST_QUOTED, LONGEST = 3, 2, 12

GROUP = 400_000  # characters at a time: bounds the temporary arrays


@dataclass(frozen=True)
class Candidates:
    """Runs of words counted over the documents read so far, as parallel arrays.

    `document`, `start` and `end` tell where the first one stands, bit i of `cuts` that a word begins i characters after
    its start; `quoted` that it is a quotation as a whole.
    """

    key: NDArray[np.uint64]
    n: Ints
    docfreq: Ints
    document: Ints
    start: Ints
    end: Ints
    cuts: Ints
    quoted: Bools

    def of(self, kept: NDArray[Any]) -> Candidates:
        """The candidates of the given indices or mask."""
        return Candidates(*(getattr(self, name)[kept] for name in self.__dataclass_fields__))


def groups(corpus: Corpus) -> Iterator[tuple[int, Sequence[Document]]]:
    """Consecutive documents of some hundred thousand characters together, with the number of the first one."""
    for part in batches((len(document.text) for document in corpus), GROUP):
        yield part.start, corpus.documents[part]


def frequent_runs(corpus: Corpus, segmenter: Segmenter, min_n: int, min_docfreq: int) -> Candidates:
    """The runs of words that occur often enough; beyond `MOST` the rarest so far are dropped (Manku and Motwani 2002)."""
    found = _none()
    for begin, documents in groups(corpus):
        found = _merged(found, _counted(documents, begin, segmenter))
        least = 2
        while len(found.key) > MOST:
            found = found.of(found.n >= least)
            least += 1
    return found.of((found.n >= min_n) & (found.docfreq >= min_docfreq))


def _none() -> Candidates:
    no = np.zeros(0, dtype=np.int64)
    return Candidates(no.astype(np.uint64), no, no, no, no, no, no, no.astype(np.bool_))


def _counted(documents: Sequence[Document], begin: int, segmenter: Segmenter) -> Candidates:
    """The runs of some documents, which are numbered from `begin`."""
    words = read_words(documents, segmenter)
    if not len(words.starts):
        return _none()
    forms, _ = describe(words, packaged_reference())
    runs = find_runs(words, forms)
    first, last = runs.first[runs.example], runs.last[runs.example]
    start, end = words.starts[first], words.ends[last - 1]
    quoted = words.quoted[first] & (last - first == 1)
    length = words.spans.lengths(start, end)
    fits = (length >= np.where(quoted, SHORTEST_QUOTED, SHORTEST)) & (length <= LONGEST)
    document = words.document[first]
    each = Candidates(
        words.spans.keys(start, end), runs.count, np.ones_like(first), document + begin,
        start - words.offsets[document], end - words.offsets[document], _cuts(words, first, last), quoted,
    )  # fmt: skip
    return _merged(each.of(fits))


def _cuts(words: Words, first: Ints, last: Ints) -> Ints:
    """Bits that say where words begin within the runs."""
    cuts = np.zeros(len(first), dtype=np.int64)
    for step in range(1, int((last - first).max(initial=0))):
        more = np.flatnonzero(first + step < last)
        at = words.starts[first[more] + step] - words.starts[first[more]]
        cuts[more] |= np.where(at < 62, np.left_shift(1, np.minimum(at, 62)), 0)
    return cuts


def _merged(*parts: Candidates) -> Candidates:
    """Counts of equal candidates added up, the first place kept."""
    names = Candidates.__dataclass_fields__
    whole = Candidates(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
    number, _ = grouped(whole.key)
    size = int(number.max(initial=-1)) + 1
    place = np.lexsort((whole.start, whole.document))[::-1]
    first = np.zeros(size, dtype=np.int64)
    first[number[place]] = place  # of several the last written stays: the first place
    n, docfreq = (np.bincount(number, column, size).astype(np.int64) for column in (whole.n, whole.docfreq))
    quoted = np.zeros(size, dtype=np.bool_)
    np.logical_or.at(quoted, number, whole.quoted)
    one = whole.of(first)
    return Candidates(one.key, n, docfreq, one.document, one.start, one.end, one.cuts, quoted)
