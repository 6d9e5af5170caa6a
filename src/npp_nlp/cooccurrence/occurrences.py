"""Where terms stand in a corpus, as arrays: what graphs are counted from and what leads back to the passages.

Layer 5. A context is a paragraph, a sentence, or (for windows) a sentence whose tokens are numbered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from npp_nlp.document import BODY_KINDS, Corpus
from npp_nlp.lexicon import Lexicon
from npp_nlp.text import sentence_spans

Context = Literal["paragraph", "sentence", "window"]

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Passages:
    """The contexts of a corpus, empty ones included: number of the document, of the paragraph in it, and offsets.

    `start` and `end` are offsets in `Document.text`.
    """

    document: Ints
    paragraph: Ints
    start: Ints
    end: Ints

    def __len__(self) -> int:
        return len(self.document)


@dataclass(frozen=True)
class Occurrences:
    """Where terms stand in a corpus, one entry per occurrence, in reading order.

    `terms` are the names in alphabetical order. `context` and `term` are numbers (into `passages` and `terms`),
    `position` is the number of the token in the sentence (for windows) or 0, `start` and `end` are offsets in
    `Document.text`.
    """

    terms: tuple[str, ...]
    passages: Passages
    context: Ints
    position: Ints
    term: Ints
    start: Ints
    end: Ints

    @property
    def document(self) -> Ints:
        """The number of the document of each occurrence."""
        return self.passages.document[self.context]

    @property
    def contexts(self) -> int:
        """The number of contexts in the corpus, empty ones included."""
        return len(self.passages)

    def kept(self, keep: Bools) -> Occurrences:
        """Those occurrences for which `keep` is true, in the same contexts."""
        columns = (self.context, self.position, self.term, self.start, self.end)
        return Occurrences(self.terms, self.passages, *(column[keep] for column in columns))

    def of_documents(self, documents: Bools) -> Occurrences:
        """The contexts and occurrences of some documents only; `documents` has one entry per document."""
        whole = self.passages
        chosen = documents[whole.document]
        columns = (whole.document, whole.paragraph, whole.start, whole.end)
        number = np.cumsum(chosen) - 1
        part = self.kept(chosen[self.context])
        passages = Passages(*(column[chosen] for column in columns))
        return Occurrences(
            self.terms, passages, number[part.context], part.position, part.term, part.start, part.end
        )


@dataclass(frozen=True, eq=False)
class Record:
    """What leads from a graph back to its corpus; `concept_graph` keeps it under `graph.graph["occurrences"]`.

    `window` is the reach in tokens, None for other contexts. Two records are equal if they are of the same documents (by
    id), terms and window.
    """

    corpus: Corpus
    lexicon: Lexicon
    found: Occurrences
    window: int | None

    def _key(self) -> tuple[object, ...]:
        numbers = np.unique(self.found.passages.document).tolist()
        return (frozenset(self.corpus[i].id for i in numbers), self.found.terms, self.window)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Record):
            return NotImplemented
        return self is other or self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __deepcopy__(self, memo: object) -> Record:
        return self  # unchangeable, and a copy of the graph needs no copy of the corpus

    def __repr__(self) -> str:
        return f"Record({len(self.found.term):,} occurrences of {len(self.found.terms):,} terms)"


def _passages(corpus: Corpus, sentences: bool) -> tuple[list[str], Passages]:
    """The running text of a corpus cut into contexts, and where each of them lies."""
    texts: list[str] = []
    rows: list[tuple[int, int, int, int]] = []
    for number, document in enumerate(corpus):
        for place, paragraph in enumerate(document.paragraphs):
            if paragraph.kind not in BODY_KINDS:
                continue
            spans = sentence_spans(paragraph.text) if sentences else [(0, len(paragraph.text))]
            texts.extend(paragraph.text[a:b] for a, b in spans)
            rows.extend((number, place, paragraph.start + a, paragraph.start + b) for a, b in spans)
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return texts, Passages(*(np.ascontiguousarray(column) for column in columns))


def find_occurrences(corpus: Corpus, terms: Lexicon, context: Context) -> Occurrences:
    """All occurrences of the terms in the running text; where terms overlap, the lexicon's rule decides.

    >>> from npp_nlp.document import as_corpus
    >>> found = find_occurrences(as_corpus("发展新质生产力。"), Lexicon.from_terms(["新质生产力"]), "paragraph")
    >>> found.start.tolist(), found.end.tolist(), found.contexts
    ([2], [7], 1)
    """
    texts, passages = _passages(corpus, sentences=context != "paragraph")
    names = tuple(entry.term for entry in terms.entries)
    if context == "window":
        text, term, position, start, end = _token_positions(texts, terms)
    else:
        found = terms.find(texts)
        text, term, start, end = (
            column.astype(np.int64) for column in (found.text, found.entry, found.start, found.end)
        )
        position = np.zeros_like(text)
    shift = passages.start[text]
    return Occurrences(names, passages, text, position, term, start + shift, end + shift)


def most_frequent(found: Occurrences, most: int) -> Occurrences:
    """The occurrences of the `most` most frequent terms, ties by name; other terms are no terms of it any more."""
    count = np.bincount(found.term, minlength=len(found.terms))
    order = sorted(np.flatnonzero(count).tolist(), key=lambda i: (-count[i], found.terms[i]))
    best = sorted(order[:most])
    number = np.full(len(found.terms), -1, dtype=np.int64)
    number[best] = np.arange(len(best))
    part = found.kept(number[found.term] >= 0)
    return replace(part, terms=tuple(found.terms[i] for i in best), term=number[part.term])


def _token_positions(texts: Sequence[str], terms: Lexicon) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Text, term, token position, start and end of each term token; blanks hold no position."""
    from npp_nlp.segmentation import LinearSegmenter

    tokens = LinearSegmenter(lexicon=terms).segment_batch(texts)
    text = tokens.text_numbers()
    solid_before = np.concatenate([[0], np.cumsum(~tokens.blank())]).astype(np.int64)
    position = solid_before[:-1] - solid_before[tokens.first[text]]
    is_term = tokens.entries >= 0
    columns = (tokens.entries, position, tokens.starts, tokens.ends)
    term, place, start, end = (column[is_term].astype(np.int64) for column in columns)
    return text[is_term], term, place, start, end
