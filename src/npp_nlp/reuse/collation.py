"""Collation: two reports lined up passage by passage, and word by word within a passage.

Layer 6.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from npp_nlp.document import Document
from npp_nlp.reuse.alignment import Floats, heaviest_chain, pair_weights, similar, similarity
from npp_nlp.reuse.finding import SIMILARITY, table
from npp_nlp.reuse.matches import grouped, least_dice
from npp_nlp.reuse.passages import Ints, Passages, cut
from npp_nlp.reuse.shingles import candidates
from npp_nlp.segmentation import segment
from npp_nlp.text import fold

if TYPE_CHECKING:
    import pandas as pd

Status = Literal["kept", "reworded", "moved", "added", "dropped"]

STATUS_NAMES: dict[Status, str] = {
    "kept": "不变",
    "reworded": "改写",
    "moved": "移动",
    "added": "新增",
    "dropped": "删去",
}
"""Chinese display names."""
IN_PLACE = 0.4
"""Similarity from which two passages at the same place can be one reworded; docs/reuse.md has the figures behind it."""
SPECIFIC = 0.33
"""Specificity that a pair must have besides, so that 推进 and 建设 alone make no pair."""
SHORTEST_MOVE = 8
"""Characters below which a passage is not looked for elsewhere."""

COLUMNS = {
    "status": "str",
    "similarity": "float64",
    "before_paragraph": "Int64",
    "before_start": "Int64",
    "before_end": "Int64",
    "before_text": "str",
    "after_paragraph": "Int64",
    "after_start": "Int64",
    "after_end": "Int64",
    "after_text": "str",
}

_NEAREST = 5  # occurrences of an equal sentence that are tried, those at the most similar place in the text
_GAIN = 0.02  # what a sentence more must add to the similarity to become part of a passage
_LONGEST_PASSAGE = 1000


class Pair(NamedTuple):
    """Passages of the two texts that belong together: numbers of the first and after the last of each."""

    before: tuple[int, int]
    after: tuple[int, int]
    similarity: float
    moved: bool = False

    def sides(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Both spans of passages."""
        return self.before, self.after


class Segment(NamedTuple):
    """A piece of the difference of two texts: the piece, and whether it is in both or in one only."""

    kind: Literal["equal", "removed", "added"]
    before: str
    after: str


def changes(before: str | Document, after: str | Document, *, similarity: float = IN_PLACE) -> pd.DataFrame:
    """What was kept, reworded, moved, added and dropped between two reports, sentence by sentence.

    Table `status, similarity, before_paragraph, before_start, before_end, before_text, after_paragraph, after_start,
    after_end, after_text`, in the order of the new text; what was dropped stands where it stood among its neighbours.
    Offsets count characters of `Document.text`; the side that is not there is missing, its text empty.

    - The sentences of both are first aligned in order: of all pairs at least `similarity` alike whose common words are
      not just those of every sentence (`npp_nlp.reuse.alignment.specificity`), the alignment with the greatest sum of
      similarity times mean length (a sparse form of Needleman and Wunsch 1970). Equal pairs (but for widths, quotes,
      blanks, traditional characters and marks at the ends) are "kept", the others "reworded".
    - A reworded sentence takes in a neighbour of its paragraph that has no partner, if that makes the two sides more
      alike: one sentence split in two, or two joined (Gale and Church 1993), are one row.
    - What is left on both sides is "moved" if it is at least `npp_nlp.reuse.finding.SIMILARITY` alike, the most alike first;
      the row stands at its new place. The rest is "added" or "dropped".

    Every sentence of the running text and the headings of both that has more than marks is in exactly one row.
    Raises `ValueError` for a `similarity` not between 0.3 and 1.

    >>> table = changes("要扩大国内需求。坚持房住不炒。", "着力扩大国内需求。稳定楼市股市。")
    >>> table[["status", "before_text", "after_text"]].values.tolist()  # doctest: +NORMALIZE_WHITESPACE
    [['reworded', '要扩大国内需求。', '着力扩大国内需求。'],
     ['dropped', '坚持房住不炒。', ''],
     ['added', '', '稳定楼市股市。']]
    """
    if not 0.3 <= similarity <= 1:
        raise ValueError(f"similarity must be between 0.3 and 1, not {similarity}")
    documents = [_document(before, "before"), _document(after, "after")]
    old, new = (cut([document]) for document in documents)
    pairs = _in_order(old, new, similarity)
    pairs = [_widened(pair, pairs, k, (old, new)) for k, pair in enumerate(pairs)]
    pairs += _moved(old, new, pairs, max(similarity, SIMILARITY))
    rows = [_row(pair, (old, new), documents) for pair in _reading_order(pairs, len(old), len(new))]
    return table(rows, COLUMNS)


def inline_changes(before_text: str, after_text: str) -> list[Segment]:
    """The difference of two passages word by word: pieces that are equal, removed or added, for display.

    Joining `before` of all pieces gives `before_text` back, joining `after` gives `after_text`; the two differ in equal
    pieces only by width, quotes, case or traditional characters. What is removed comes before what takes its place.

    >>> [(s.kind, s.before or s.after) for s in inline_changes("增长5%左右。", "增长5.5%左右。")]
    [('equal', '增长'), ('removed', '5%'), ('added', '5.5%'), ('equal', '左右。')]
    """
    old, new = segment(before_text), segment(after_text)
    matcher = SequenceMatcher(
        None, [fold(t) for t in old], [fold(t) for t in new], autojunk=len(new) > _LONGEST_PASSAGE
    )
    pieces = []
    for kind, a, b, c, d in matcher.get_opcodes():
        left, right = "".join(old[a:b]), "".join(new[c:d])
        if kind == "equal":
            pieces.append(Segment("equal", left, right))
            continue
        if left:
            pieces.append(Segment("removed", left, ""))
        if right:
            pieces.append(Segment("added", "", right))
    return pieces


def _document(source: str | Document, name: str) -> Document:
    return source if isinstance(source, Document) else Document.from_text(source, id=name)


def _in_order(old: Passages, new: Passages, least: float) -> list[Pair]:
    """The best alignment in order, of passages at least so much alike."""
    before, after, alike = _alike(old, new, least, (np.arange(len(old)), np.arange(len(new))))
    weight = alike * (old.lengths()[before] + new.lengths()[after]) / 2
    chain = heaviest_chain(before, after, weight)
    return [
        Pair((b, b + 1), (a, a + 1), score)
        for b, a, score in zip(*(x[chain].tolist() for x in (before, after, alike)), strict=True)
    ]


def _alike(old: Passages, new: Passages, least: float, among: tuple[Ints, Ints]) -> tuple[Ints, Ints, Floats]:
    """Pairs among the passages with the given numbers, of the old and of the new text, at least so much alike."""
    places = [_places(side.keys, numbers) for side, numbers in zip((old, new), among, strict=True)]
    weights = pair_weights(dict.fromkeys(old.keys + new.keys))
    texts = [list(held) for held in places]
    zeros, ones = np.zeros(len(texts[0]), dtype=np.int64), np.ones(len(texts[1]), dtype=np.int64)
    found = candidates(texts[0], zeros, texts[1], ones, least=least_dice(least))
    pairs = [(text, text, 1.0) for text in texts[1] if text in places[0]]
    for number, others in grouped(found.target, found.source):
        near = [texts[0][n] for n in others if texts[0][n] != texts[1][number]]
        alike = similar(texts[1][number], near, weights, least=least, specific=SPECIFIC)
        pairs += [(other, texts[1][number], score) for score, other in alike]
    rows = [
        (b, a, score)
        for other, text, score in pairs
        for a in places[1][text]
        for b in _nearest(places[0][other], a * len(old) / len(new))
    ]
    columns = np.array(rows, dtype=np.float64).reshape(-1, 3)
    return columns[:, 0].astype(np.int64), columns[:, 1].astype(np.int64), columns[:, 2]


def _places(keys: Sequence[str], numbers: Ints) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for number in numbers.tolist():
        places.setdefault(keys[number], []).append(number)
    return places


def _nearest(places: list[int], wanted: float) -> list[int]:
    """The few places nearest to the wanted one, from an ascending list."""
    at = bisect_left(places, wanted)
    around = places[max(0, at - _NEAREST) : at + _NEAREST]
    return sorted(around, key=lambda place: (abs(place - wanted), place))[:_NEAREST]


def _widened(pair: Pair, pairs: list[Pair], number: int, sides: tuple[Passages, Passages]) -> Pair:
    """The pair with neighbours without a partner taken in as long as that makes it more alike."""
    if pair.similarity == 1:
        return pair
    # What comes before may have been taken by the pair before: only what comes after that one is free.
    previous, following = pairs[number - 1] if number else None, pairs[number + 1 : number + 2]
    limits = []
    for k, side in enumerate(sides):
        low = previous.sides()[k][1] if previous else 0
        high = following[0].sides()[k][0] if following else len(side)
        limits.append((low, high))
    while True:
        grown = [p for p in _grown(pair, sides, limits) if p.similarity >= pair.similarity + _GAIN]
        if not grown:
            pairs[number] = pair
            return pair
        pair = max(grown, key=lambda p: p.similarity)


def _grown(pair: Pair, sides: tuple[Passages, Passages], limits: list[tuple[int, int]]) -> list[Pair]:
    """The pair with one neighbour more, on either side and either end."""
    grown = []
    for k, side in enumerate(sides):
        begin, end = pair.sides()[k]
        wider = [(begin - 1, end)] if begin > limits[k][0] else []
        wider += [(begin, end + 1)] if end < limits[k][1] else []
        for span in wider:
            if side.paragraph[span[0]] != side.paragraph[span[1] - 1]:
                continue
            spans = (span, pair.after) if k == 0 else (pair.before, span)
            texts = ["".join(s.keys[a:b]) for s, (a, b) in zip(sides, spans, strict=True)]
            if max(map(len, texts)) <= _LONGEST_PASSAGE:
                grown.append(Pair(*spans, similarity(texts[0], texts[1])))
    return grown


def _moved(old: Passages, new: Passages, pairs: list[Pair], least: float) -> list[Pair]:
    """Pairs among what is left, the most alike first, of equals the longest."""
    free = []
    for k, side in enumerate((old, new)):
        left = side.lengths() >= SHORTEST_MOVE
        for pair in pairs:
            left[slice(*pair.sides()[k])] = False
        free.append(np.flatnonzero(left))
    before, after, alike = _alike(old, new, least, (free[0], free[1]))
    moved: list[Pair] = []
    taken: tuple[set[int], set[int]] = (set(), set())
    order = np.lexsort((before, after, -new.lengths()[after], -alike))
    for b, a, score in zip(*(x[order].tolist() for x in (before, after, alike)), strict=True):
        if b not in taken[0] and a not in taken[1]:
            taken[0].add(b)
            taken[1].add(a)
            moved.append(Pair((b, b + 1), (a, a + 1), score, moved=True))
    return moved


def _reading_order(pairs: list[Pair], n_before: int, n_after: int) -> list[Pair]:
    """All passages of both, each once; what has no partner as a pair with an empty side."""
    moved = {pair.after[0]: pair for pair in pairs if pair.moved}
    gone = {pair.before[0] for pair in moved.values()}
    rows: list[Pair] = []
    b = a = 0
    anchors = sorted((pair for pair in pairs if not pair.moved), key=lambda pair: pair.after)
    for anchor in [*anchors, Pair((n_before, n_before), (n_after, n_after), 0.0)]:
        rows += [Pair((n, n + 1), (a, a), 0.0) for n in range(b, anchor.before[0]) if n not in gone]
        rows += [moved.get(n, Pair((b, b), (n, n + 1), 0.0)) for n in range(a, anchor.after[0])]
        rows.append(anchor)
        b, a = anchor.before[1], anchor.after[1]
    return rows[:-1]


def _row(pair: Pair, sides: tuple[Passages, Passages], documents: list[Document]) -> tuple[Any, ...]:
    row: list[Any] = []
    for side, document, (first, stop) in zip(sides, documents, pair.sides(), strict=True):
        if first == stop:
            row += [None, None, None, ""]
            continue
        start, end = int(side.start[first]), int(side.end[stop - 1])
        row += [int(side.paragraph[first]), start, end, document.text[start:end]]
    return (_status(pair), pair.similarity, *row)


def _status(pair: Pair) -> Status:
    if pair.before[0] == pair.before[1]:
        return "added"
    if pair.after[0] == pair.after[1]:
        return "dropped"
    if pair.moved:
        return "moved"
    return "kept" if pair.similarity == 1 else "reworded"
