"""Sentences that hold figures, with their words and parts of speech."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from npp_nlp.figures.amounts import Amount
from npp_nlp.figures.times import Time
from npp_nlp.segmentation import default_segmenter, parts_of_speech
from npp_nlp.segmentation.pos import BREAK
from npp_nlp.segmentation.tagger import REACH

_STOPS = re.compile(r"[,;:。!?]|\s{2,}")
_BRACKETS = re.compile(r"[(〔\[【][^()〔〕\[\]【】]{0,80}[)〕\]】]")
_DASHES = re.compile("—{2}")


@dataclass(slots=True)
class Sentence:
    """A folded sentence, and as it is written, with its place in the document, words, amounts and times.

    Offsets count from its start.
    `asides` are the spans in brackets, `clauses` those between commas; a comma inside brackets parts nothing.
    """

    text: str
    raw: str
    offset: int
    amounts: list[Amount]
    times: list[Time]
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    asides: list[tuple[int, int]] = field(default_factory=list)
    clauses: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.asides = [match.span() for match in _BRACKETS.finditer(self.text)]
        cuts = [m.span() for m in _STOPS.finditer(self.text) if not self.in_aside(m.start())]
        cuts += [m.span() for m in _DASHES.finditer(self.text)]
        begin = 0
        for start, end in [*sorted(cuts), (len(self.text), len(self.text))]:
            if start > begin:
                self.clauses.append((begin, start))
            begin = max(begin, end)

    def in_aside(self, place: int) -> bool:
        """Whether a place is in brackets."""
        return any(start < place < end for start, end in self.asides)

    def clause_of(self, place: int) -> int:
        """The number of the clause that holds a place."""
        found = bisect_right(self.clauses, place, key=lambda span: span[0]) - 1
        return max(found, 0)

    def tokens_between(self, start: int, end: int) -> range:
        """The numbers of the words that lie in a span."""
        return range(bisect_left(self.starts, start), bisect_right(self.ends, end))

    def tokens_before(self, start: int, end: int) -> range:
        """The numbers of the words that begin in a span; the last may reach over its end (居民消费价格涨幅)."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))

    def tag_at(self, place: int) -> str:
        """The part of speech of the word that begins at a place, "" if none does."""
        found = bisect_left(self.starts, place)
        return self.tags[found] if found < len(self.starts) and self.starts[found] == place else ""

    def begins_word(self, place: int) -> bool:
        """Whether a word begins at a place."""
        return self.tag_at(place) != ""


def tag(sentences: Sequence[Sentence]) -> None:
    """Give the sentences their words and parts of speech, all in one go."""
    tokens = default_segmenter().segment_batch([sentence.text for sentence in sentences])
    words = [word for listed in tokens for word in listed]
    place = np.arange(len(tokens)) + REACH * tokens.text_numbers()
    spread = np.full(len(tokens) + REACH * len(sentences), BREAK, dtype=object)
    spread[place] = words
    terms = np.zeros(len(spread), dtype=np.bool_)
    terms[place] = tokens.entries >= 0
    tags = parts_of_speech(spread.tolist(), terms=terms, context=True)
    chosen = [tags[i] for i in place.tolist()]
    starts, ends = tokens.starts.tolist(), tokens.ends.tolist()
    for number, sentence in enumerate(sentences):
        own = tokens.span(number)
        sentence.words, sentence.tags = words[own], chosen[own]
        sentence.starts, sentence.ends = starts[own], ends[own]
