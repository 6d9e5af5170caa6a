"""Term candidates: runs of words that have the form of a noun phrase, and quoted coinages.

Layer 5. Everything is integer arrays over the words of many documents; no string is made here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from npp_nlp.document import BODY_KINDS, Document
from npp_nlp.masking import shown_text
from npp_nlp.segmentation import Segmenter
from npp_nlp.terms.definitions import explained
from npp_nlp.terms.spans import Bools, Ints, SpanKeys, grouped, latin, mixed
from npp_nlp.text import codepoints, fold_codepoints

LONGEST_RUN = 6
LONGEST_TERM = 16
LONGEST_QUOTE, LONGEST_LIST = 10, 8
TERM_KINDS = BODY_KINDS | {"title", "subtitle", "heading"}


@dataclass(frozen=True)
class Words:
    """The words of several documents in one text, blanks left out and each quoted coinage or explained term made one word.

    `starts` and `ends` are offsets into `text`, `document` is the number of the document, `entry` the number of the
    lexicon entry or -1; `linked[i]` says that word i + 1 follows word i without a break, `clipped` that the word goes
    on a run of Latin letters and digits (kg in 180kg); `open` that the word stands
    in a paragraph where terms are looked for, or is an explained term.
    """

    text: str
    spans: SpanKeys
    offsets: Ints
    starts: Ints
    ends: Ints
    document: Ints
    entry: Ints
    quoted: Bools
    explained: Bools
    linked: Bools
    clipped: Bools
    open: Bools


def read_words(documents: Sequence[Document], segmenter: Segmenter) -> Words:
    """Segment the documents and lay their words into one text."""
    texts = [shown_text(document) for document in documents]
    text = "".join(part + "\n" for part in texts)
    spans = SpanKeys(text)
    tokens = segmenter.segment_batch(texts)
    lengths = np.array([len(part) + 1 for part in texts], dtype=np.int64)
    offsets = np.cumsum(lengths) - lengths
    document = tokens.text_numbers()
    starts, ends = tokens.starts + offsets[document], tokens.ends + offsets[document]
    points = codepoints(text)
    opening, closing, _ = explained(documents, offsets)
    first, last = (
        np.concatenate(column)
        for column in zip(_quoted(points, starts, ends), _whole(starts, ends, opening, closing), strict=True)
    )
    inner = np.zeros(len(starts) + 1, dtype=np.int64)
    np.add.at(inner, first + 1, 1)
    np.add.at(inner, last + 1, -1)
    np.maximum.at(ends, first, ends[last])  # the quotation at the head of an explained term is a part of it
    quoted = np.zeros(len(starts), dtype=np.bool_)
    quoted[first] = True
    entry = tokens.entries.astype(np.int64)
    entry[first] = -1
    kept = (np.cumsum(inner)[:-1] == 0) & (spans.lengths(starts, ends) > 0)
    starts, ends = starts[kept], ends[kept]
    run = latin(fold_codepoints(points))
    clipped = run[starts] & run[np.maximum(starts - 1, 0)] & (starts > 0)
    heads = np.isin(starts * (len(text) + 1) + ends, opening * (len(text) + 1) + closing)
    return Words(
        text, spans, offsets, starts, ends, document[kept], entry[kept], quoted[kept], heads,
        _linked(points, spans, starts, ends), clipped, _open_places(documents, offsets, len(text))[starts] | heads,
    )  # fmt: skip


def _quoted(points: NDArray[np.uint32], starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """First and last token of each short quotation without punctuation inside, quotation marks included."""
    opening = np.flatnonzero(np.isin(points, [ord(c) for c in "“「『〝"]))
    closing = np.flatnonzero(np.isin(points, [ord(c) for c in "”」』〞"]))
    if not len(opening) or not len(closing):
        return closing[:0], closing[:0]
    match = closing[np.minimum(np.searchsorted(closing, opening), len(closing) - 1)]
    breaks = np.cumsum(np.isin(points, [ord(c) for c in "，。！？；：…（）,;:!?()\n“「『〝"]))
    lists = np.cumsum(points == ord("、"))
    size = match - opening - 1
    good = (size > 1) & (size <= np.where(lists[match] > lists[opening], LONGEST_LIST, LONGEST_QUOTE))
    good &= breaks[match] == breaks[opening]
    return _whole(starts, ends, opening[good], match[good] + 1)


def _whole(starts: Ints, ends: Ints, opening: Ints, closing: Ints) -> tuple[Ints, Ints]:
    """First and last token of each span that begins and ends with a token and holds several."""
    first, last = np.searchsorted(starts, opening), np.searchsorted(ends, closing)
    inside = (first < len(starts)) & (last < len(starts))
    first, last, opening, closing = first[inside], last[inside], opening[inside], closing[inside]
    whole = (starts[first] == opening) & (ends[last] == closing) & (last > first)
    return first[whole], last[whole]


def _linked(points: NDArray[np.uint32], spans: SpanKeys, starts: Ints, ends: Ints) -> Bools:
    """Words that touch, or that only a blank beside a Latin character separates (5G 通信)."""
    linked = np.zeros(len(starts), dtype=np.bool_)
    if len(starts) > 1:
        near = spans.lengths(ends[:-1], starts[1:]) == 0
        latin = (points[ends[:-1] - 1] < 0x80) | (points[starts[1:]] < 0x80)
        linked[:-1] = (ends[:-1] == starts[1:]) | (near & latin)
    return linked


def _open_places(documents: Sequence[Document], offsets: Ints, size: int) -> Bools:
    """Which characters stand in paragraphs of running text or in headings."""
    places = np.zeros(size + 1, dtype=np.int64)
    for document, offset in zip(documents, offsets.tolist(), strict=True):
        for paragraph in document.paragraphs:
            if paragraph.kind in TERM_KINDS:
                places[offset + paragraph.start] += 1
                places[offset + paragraph.end] -= 1
    return np.cumsum(places)[:-1] > 0


@dataclass(frozen=True)
class Forms:
    """What each word may do in a term: begin it, stand inside, end it, or be one alone; `joins` marks 和 and 与."""

    begins: Bools
    inside: Bools
    ends: Bools
    alone: Bools
    joins: Bools


@dataclass(frozen=True)
class Runs:
    """Candidate spans as parallel arrays: first word, one past the last word, and the type (term in a document)."""

    first: Ints
    last: Ints
    kind: Ints
    count: Ints
    longer: Ints
    example: Ints
    spread: Ints


PARTS = 10
"""Equal parts of a document in which the spread of a candidate is counted."""


def find_runs(words: Words, forms: Forms) -> Runs:
    """All runs of up to six words that have the form of a term, with counts per document.

    `count[k]` is how often type k occurs in its document, `longer[k]` the highest count of a candidate that is one
    word longer and contains it (the nesting of C-value, Frantzi, Ananiadou and Mima 2000), `example[k]` the number
    of its first run, `spread[k]` in how many tenths of the document it occurs.
    """
    pieces = [_runs_of(words, forms, size) for size in range(1, LONGEST_RUN + 1)]
    joined_first, joined_last = _coordinations(words, forms)
    first = np.concatenate([*pieces, joined_first])
    last = np.concatenate([*(piece + size for size, piece in enumerate(pieces, 1)), joined_last])
    starts, ends = words.starts[first], words.ends[last - 1]
    keys = words.spans.keys(starts, ends) ^ mixed(words.document[first].astype(np.uint64))
    kind, member = grouped(keys)
    count = np.bincount(kind).astype(np.int64)
    place = first * (len(words.starts) + 1) + last
    least = place[member]
    np.minimum.at(least, kind, place)
    example = np.empty(len(count), dtype=np.int64)
    there = np.flatnonzero(place == least[kind])
    example[kind[there]] = there
    longer = _longer(words, first, last, kind, count)
    return Runs(first, last, kind, count, longer, example, _spread(words, first, kind, len(count)))


def _spread(words: Words, first: Ints, kind: Ints, size: int) -> Ints:
    lengths = np.diff(np.append(words.offsets, len(words.text)))
    document = words.document[first]
    part = (words.starts[first] - words.offsets[document]) * PARTS // np.maximum(lengths[document], 1)
    seen = np.zeros((size, PARTS), dtype=np.bool_)
    seen[kind, np.minimum(part, PARTS - 1)] = True
    return np.asarray(seen.sum(axis=1), dtype=np.int64)


def _runs_of(words: Words, forms: Forms, size: int) -> Ints:
    """First words of the runs of `size` words."""
    total = len(words.starts) - size + 1
    if total <= 0:
        return np.zeros(0, dtype=np.int64)
    good = forms.begins[:total] & ~words.clipped[:total] & forms.ends[size - 1 :]
    if size < len(words.starts):
        good[:-1] &= ~words.clipped[size:]
    good &= forms.alone if size == 1 else forms.inside[:total]
    for step in range(1, size):
        good &= forms.inside[step : step + total] & words.linked[step - 1 : step - 1 + total]
        # “A”“B” is a list, not a term
        good &= ~(words.quoted[step - 1 : step - 1 + total] & words.quoted[step : step + total])
    first = np.flatnonzero(good)
    length = words.spans.lengths(words.starts[first], words.ends[first + size - 1])
    return first[(length > 1) & ((length <= LONGEST_TERM) | (size == 1))]


def _coordinations(words: Words, forms: Forms) -> tuple[Ints, Ints]:
    """Runs such as 科技创新和产业创新深度融合: two conjuncts of equal length and ending, and up to two words more."""
    points = codepoints(words.text)
    at = np.flatnonzero(forms.joins)
    firsts, lasts = [], []
    for before in (1, 2):
        for after in (1, 2):
            middle = at[(at >= before) & (at + after < len(words.starts))]
            left, right = middle - before, middle + after
            size = words.ends[middle - 1] - words.starts[left]
            same = (words.ends[right] - words.starts[middle + 1] == size) & (size > 2)
            same &= points[words.ends[middle - 1] - 1] == points[words.ends[right] - 1]
            same &= forms.begins[left] & forms.ends[right] & forms.begins[middle + 1]
            same &= (
                words.linked[left] & words.linked[middle - 1] & words.linked[middle] & words.linked[right - 1]
            )
            same &= ~words.clipped[left] & ~np.append(words.clipped, False)[right + 1]
            left, right = left[same], right[same]
            for more in range(3):
                end = np.minimum(right + more, len(words.starts) - 1)
                fits = (right + more == end) & forms.ends[end]
                for step in range(more):
                    fits &= (
                        words.linked[np.minimum(right + step, end)]
                        & forms.inside[np.minimum(right + step + 1, end)]
                    )
                firsts.append(left[fits])
                lasts.append(end[fits] + 1)
    return np.concatenate(firsts), np.concatenate(lasts)


def _longer(words: Words, first: Ints, last: Ints, kind: Ints, count: Ints) -> Ints:
    """For each type the highest count among the candidates that extend one of its runs by one word."""
    size = len(words.starts) + 1
    best = np.zeros(len(count), dtype=np.int64)
    at = np.full((LONGEST_RUN + 2) * size, -1, dtype=np.int32)
    short = np.flatnonzero(last - first <= LONGEST_RUN)
    first, width, kind = first[short], (last - first)[short], kind[short]
    at[width * size + first] = kind
    for before in (0, 1):
        wider = at[(width + 1) * size + first - before]
        wider[first < before] = -1
        known = wider >= 0
        np.maximum.at(best, kind[known], count[wider[known]])
    return best
