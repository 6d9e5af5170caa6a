"""Tokens: the words of many texts as integer arrays; a word becomes a `str` only when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Tokens:
    """The tokens of many texts, lossless: the tokens of a text touch, blanks included, and joined give it back.

    Text i owns the tokens `first[i]` to `first[i + 1]`; `starts` and `ends` are character offsets into that text;
    `entries` is the number of the lexicon entry that a token is, or -1.

    >>> from npp_nlp.lexicon import Lexicon
    >>> from npp_nlp.segmentation import LinearSegmenter
    >>> segmenter = LinearSegmenter(lexicon=Lexicon.from_terms(["新质生产力"]))
    >>> tokens = segmenter.segment_batch(["新质生产力 强", "发展"])
    >>> tokens.words(0), tokens.first.tolist(), tokens.entries.tolist()
    (['新质生产力', ' ', '强'], [0, 3, 4], [0, -1, -1, -1])
    """

    texts: tuple[str, ...]
    first: NDArray[np.int64]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    entries: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[list[str]]:
        return (self.words(i) for i in range(len(self.texts)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tokens):
            return NotImplemented
        names = ("first", "starts", "ends", "entries")
        return self.texts == other.texts and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in names
        )

    __hash__ = None  # type: ignore[assignment]

    def words(self, text: int) -> list[str]:
        """The tokens of text number `text` as strings."""
        own = self.span(text)
        source = self.texts[text]
        return [source[a:b] for a, b in zip(self.starts[own].tolist(), self.ends[own].tolist(), strict=True)]

    def span(self, text: int) -> slice:
        """Where the tokens of text number `text` lie in `starts`, `ends` and `entries`."""
        if not -len(self.texts) <= text < len(self.texts):
            raise IndexError(f"text {text}: there are {len(self.texts)} texts")
        text %= len(self.texts)
        return slice(int(self.first[text]), int(self.first[text + 1]))

    def text_numbers(self) -> NDArray[np.int64]:
        """For each token the number of the text it belongs to."""
        return np.repeat(np.arange(len(self.texts), dtype=np.int64), np.diff(self.first))

    def blank(self) -> NDArray[np.bool_]:
        """For each token whether it is white space only.

        A token of a segmenter never mixes white space with other characters unless it is a lexicon term, so its
        first and last characters tell.
        """
        from npp_nlp.segmentation.base import is_blank
        from npp_nlp.text import codepoints

        if not len(self):
            return np.zeros(0, dtype=np.bool_)
        lengths = np.fromiter(map(len, self.texts), dtype=np.int64, count=len(self.texts))
        offset = np.repeat(np.cumsum(lengths) - lengths, np.diff(self.first))
        blank = is_blank(codepoints("".join(self.texts)))
        return np.asarray(blank[offset + self.starts] & blank[offset + self.ends - 1])
