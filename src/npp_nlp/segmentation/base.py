"""What every segmenter shares: texts in, tokens out, and the lexicon laid over the words of any backend.

A backend only says where its words start (`Backend.word_starts`); batching, the lexicon, the two granularities and
the account of conflicts are written here once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from npp_nlp.segmentation.tokens import Tokens
from npp_nlp.text import batches, codepoints, fold_codepoints, valid_unicode

if TYPE_CHECKING:
    from npp_nlp.lexicon import Lexicon

Granularity = Literal["term", "word"]

# Between two texts of a batch: wider than any context window, so that no text sees its neighbour.
SEPARATOR = "\n\n\n\n\n"
_GROUP = 1_000_000  # characters segmented at a time: bounds the temporary arrays


@runtime_checkable
class Segmenter(Protocol):
    """Anything that splits text into words without losing a character."""

    @property
    def name(self) -> str:
        """The backend's short name."""

    @property
    def identity(self) -> str:
        """Backend, model and lexicon with versions, for provenance."""

    def segment(self, text: str, *, granularity: Granularity = "term") -> list[str]:
        """The tokens of one text."""

    def segment_batch(self, texts: Iterable[str], *, granularity: Granularity = "term") -> Tokens:
        """The tokens of many texts as arrays."""

    def conflicts(self, text: str) -> list[Conflict]:
        """Where lexicon terms overlapped or changed the backend's words."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place where a lexicon term had to be chosen or where it changed the words of the backend.

    `term` is the text from `start` to `end` that won; `overlapped` are the terms that lost to it, as
    (start, end, term); `base` are the backend's own words that share a character with the term.
    """

    start: int
    end: int
    term: str
    overlapped: tuple[tuple[int, int, str], ...]
    base: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether the backend alone would have given other words."""
        return self.base != (self.term,)


@dataclass(frozen=True)
class Joined:
    """Some texts in one string: text i lies at `offsets[i]` and has `lengths[i]` characters."""

    texts: tuple[str, ...]
    text: str
    points: NDArray[np.uint32]
    offsets: NDArray[np.int64]
    lengths: NDArray[np.int64]

    @cached_property
    def valid(self) -> tuple[str, ...]:
        """The texts as valid Unicode, for backends that take nothing else: lone surrogates are U+FFFD, one for one."""
        return tuple(map(valid_unicode, self.texts))

    @cached_property
    def blank(self) -> NDArray[np.bool_]:
        """Which characters are white space."""
        return is_blank(self.points)


def join(texts: Sequence[str]) -> Joined:
    """Put the texts into one string with separators around each."""
    text = SEPARATOR + SEPARATOR.join(texts) + SEPARATOR
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    offsets = np.cumsum(lengths + len(SEPARATOR)) - lengths
    return Joined(tuple(texts), text, codepoints(text), offsets, lengths)


def _space_table() -> NDArray[np.bool_]:
    table = np.zeros(0x3002, dtype=np.bool_)
    table[[i for i in range(0x3001) if chr(i).isspace()]] = True
    return table


_SPACE = _space_table()


def is_blank(points: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which code points are white space, as `str.isspace` has it (none lies above U+3000)."""
    return _SPACE[np.minimum(points, 0x3001)]


class Backend(ABC):
    """Base class of the segmenters: a backend's words with a lexicon laid over them.

    `lexicon=None` means the packaged one; an empty lexicon switches it off. In a matched term every inner boundary
    is cleared and its two edges are set, whatever the backend found there.
    """

    name: str = ""

    def __init__(self, *, lexicon: Lexicon | None = None) -> None:
        if lexicon is None:
            from npp_nlp.lexicon import Lexicon

            lexicon = Lexicon.default()
        self.lexicon = lexicon

    @property
    @abstractmethod
    def backend_identity(self) -> str:
        """Name and version of the backend or its model."""

    @abstractmethod
    def word_starts(self, joined: Joined) -> NDArray[np.bool_]:
        """For each character of `joined.text` whether the backend starts a word there."""

    @property
    def identity(self) -> str:
        """Backend and lexicon with versions, for the provenance of a result."""
        return f"{self.backend_identity}; {self.lexicon.identity}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.identity!r})"

    def segment(self, text: str, *, granularity: Granularity = "term") -> list[str]:
        """The tokens of `text`; joined they give it back.

        "term" keeps every lexicon term whole; "word" also keeps the backend's boundaries inside a term.
        """
        return self.segment_batch([text], granularity=granularity).words(0)

    def segment_batch(self, texts: Iterable[str], *, granularity: Granularity = "term") -> Tokens:
        """The tokens of many texts as arrays; the same as text by text, and much faster."""
        if granularity not in get_args(Granularity):
            raise ValueError(f"granularity {granularity!r}: must be one of {get_args(Granularity)}")
        listed = _listed(texts)
        parts = [self._segment_group(group, granularity) for group in _groups(listed)]
        if not parts:
            none = np.zeros(0, dtype=np.int32)
            return Tokens(tuple(listed), np.zeros(len(listed) + 1, dtype=np.int64), none, none, none)
        counts, starts, ends, entries = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        first = np.zeros(len(listed) + 1, dtype=np.int64)
        np.cumsum(counts, out=first[1:])
        return Tokens(tuple(listed), first, starts, ends, entries)

    def conflicts(self, text: str) -> list[Conflict]:
        """Where lexicon terms overlapped one another or changed the words of the backend.

        >>> from npp_nlp.lexicon import Lexicon
        >>> from npp_nlp.segmentation import LinearSegmenter
        >>> found = LinearSegmenter(lexicon=Lexicon.from_terms(["生产力", "新质生产力"])).conflicts("发展新质生产力")
        >>> [(c.term, c.overlapped) for c in found]
        [('新质生产力', ((4, 7, '生产力'),))]
        """
        joined = join(_listed([text]))
        offset = int(joined.offsets[0])
        base = np.flatnonzero(self._base(joined)[offset : offset + len(text) + 1]).tolist()
        folded = fold_codepoints(joined.points)
        won = _spans(self.lexicon.match(folded), offset)
        lost = sorted(set(_spans(self.lexicon.match_all(folded), offset)) - set(won))
        longest = max((b - a for a, b in lost), default=0)
        result = []
        for start, end in won:
            near = lost[bisect_left(lost, (start - longest, 0)) : bisect_left(lost, (end, 0))]
            rivals = tuple((a, b, text[a:b]) for a, b in near if b > start)
            own = base[bisect_right(base, start) - 1 : bisect_left(base, end) + 1]
            conflict = Conflict(
                start, end, text[start:end], rivals, tuple(text[a:b] for a, b in pairwise(own))
            )
            if rivals or conflict.changed:
                result.append(conflict)
        return result

    def _base(self, joined: Joined) -> NDArray[np.bool_]:
        """Word starts of the backend, with white space kept apart from words and each text's edges set."""
        starts = self.word_starts(joined)
        blank = joined.blank
        edge = blank[1:] != blank[:-1]
        starts[1:] |= edge
        starts[1:] &= edge | ~blank[1:]  # a run of white space is one token
        starts[joined.offsets] = True
        starts[joined.offsets + joined.lengths] = True
        return starts

    def _segment_group(
        self, texts: Sequence[str], granularity: Granularity
    ) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        joined = join(texts)
        boundary = self._base(joined)
        term_starts, term_ends, term_ids = self.lexicon.match(fold_codepoints(joined.points))
        if granularity == "term":
            lay_over(boundary, term_starts, term_ends)
        else:
            boundary[term_starts] = True
            boundary[term_ends] = True
        return _tokens_of(joined, boundary, (term_starts, term_ends, term_ids))


def lay_over(boundary: NDArray[np.bool_], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> None:
    """Clear the boundaries inside each span and set its edges; the spans must not overlap.

    >>> marks = np.array([True, False, True, False, True, True])
    >>> lay_over(marks, np.array([1]), np.array([4]))
    >>> marks.astype(int).tolist()
    [1, 1, 0, 0, 1, 1]
    """
    longest = int((ends - starts).max(initial=0))
    for inner in range(1, longest):
        at = starts + inner
        boundary[at[at < ends]] = False
    boundary[starts] = True
    boundary[ends] = True


def _tokens_of(
    joined: Joined,
    boundary: NDArray[np.bool_],
    terms: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    edges = np.flatnonzero(boundary)
    low = np.searchsorted(edges, joined.offsets)
    high = np.searchsorted(edges, joined.offsets + joined.lengths)
    counts = high - low
    # Of the edges, only the first and those at the ends of texts start a separator instead of a token.
    own = np.ones(len(edges), dtype=np.bool_)
    own[high] = False
    own[: low[0]] = False
    shift = np.repeat(joined.offsets, counts)
    starts, ends = edges[own], edges[1:][own[:-1]]
    entries = np.full(len(starts), -1, dtype=np.int32)
    term_starts, term_ends, term_ids = terms
    at = np.searchsorted(starts, term_starts)
    whole = ends[at] == term_ends if len(at) else np.zeros(0, dtype=np.bool_)
    entries[at[whole]] = term_ids[whole]
    return counts, (starts - shift).astype(np.int32), (ends - shift).astype(np.int32), entries


def _listed(texts: Iterable[str]) -> list[str]:
    if isinstance(texts, str):
        raise TypeError("texts is one str: pass a list of texts, or use segment(text)")
    listed = list(texts)
    for i, text in enumerate(listed):
        if not isinstance(text, str):
            raise TypeError(f"text {i} is {type(text).__name__}: must be str")
    return listed


def _groups(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Consecutive texts of about a million characters together."""
    for part in batches((len(text) + len(SEPARATOR) for text in texts), _GROUP):
        yield texts[part]


def _spans(matches: tuple[NDArray[Any], NDArray[Any], NDArray[Any]], offset: int) -> list[tuple[int, int]]:
    starts, ends, _ = matches
    return list(zip((starts - offset).tolist(), (ends - offset).tolist(), strict=True))


def starts_from_words(joined: Joined, words: Iterable[Iterable[str]]) -> NDArray[np.bool_]:
    """Word starts from the words of each of `joined.valid` in order; characters that no word covers (blanks) stand alone."""
    starts = np.zeros(len(joined.points), dtype=np.bool_)
    for text, offset, own in zip(joined.valid, joined.offsets.tolist(), words, strict=True):
        at = 0
        for word in own:
            found = text.find(word, at) if word else -1
            if found < 0:
                continue  # a backend that rewrites characters: its word cannot be placed
            starts[[offset + at, offset + found, offset + found + len(word)]] = True
            at = found + len(word)
        starts[offset + at] = True
    return starts
