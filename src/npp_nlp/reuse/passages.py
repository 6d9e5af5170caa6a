"""Documents cut into passages to compare: sentences or clauses, each with the folded form that stands for it.

Layer 6.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from numbers import Real
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from npp_nlp.document import BODY_KINDS, Document
from npp_nlp.text import fold, sentence_spans

Ints = NDArray[np.int64]
Unit = Literal["sentence", "clause"]

LONGEST = 400
"""Longest passage in characters; what has no mark to end at is cut at a place chosen by its own characters."""

_KINDS = BODY_KINDS | {"heading"}
_CLAUSE = re.compile(r"[^，,；;：:。！？!?…\n]*(?:[，,；;：:。！？!?…]+[”’」』）)\]】》\"']*|\n+|$)")
_MARK = re.compile(r"[，,；;：:。！？!?…、\s]")
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_ENDS = "。！？!?…，,；;：:、—-·.*#>()[]（）【】《》〈〉"


@dataclass(frozen=True)
class Passages:
    """Passages of several documents in reading order: number of the document and paragraph, offsets, folded form.

    `start` and `end` are offsets in `Document.text`. Equal `keys` mean the same words: widths, quotes, blanks, case,
    traditional characters and the marks at both ends make no difference.
    """

    document: Ints
    paragraph: Ints
    start: Ints
    end: Ints
    keys: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.keys)

    def lengths(self) -> Ints:
        """Characters of the folded forms."""
        return np.fromiter(map(len, self.keys), dtype=np.int64, count=len(self.keys))


def check_unit(unit: str) -> None:
    """Raise `ValueError` unless `unit` is "sentence" or "clause"."""
    if unit not in get_args(Unit):
        raise ValueError(f"unit must be one of {', '.join(get_args(Unit))}, not {unit!r}")


def cut(documents: Sequence[Document], *, unit: Unit = "sentence", digits: bool = True) -> Passages:
    """All passages of the running text and the headings of the documents.

    With `digits=False` every number becomes 0 in the folded form, so that sentences which differ in figures only
    are the same.

    >>> found = cut([Document.from_text("增长５％。“扩大开放”！")])
    >>> found.keys, found.start.tolist(), cut([Document.from_text("增长5.5%。")], digits=False).keys
    (('增长5%', '扩大开放'), [0, 5], ('增长0%',))
    """
    check_unit(unit)
    rows: list[tuple[int, int, int, int]] = []
    keys: list[str] = []
    for number, document in enumerate(documents):
        folded = fold(document.text)
        for place, paragraph in enumerate(document.paragraphs):
            if paragraph.kind not in _KINDS:
                continue
            for start, end in _spans(paragraph.text, unit):
                start, end = _trimmed(paragraph.text, start, end)
                start, end = paragraph.start + start, paragraph.start + end
                key = folded[start:end].translate(_silent()).strip(_ENDS)
                if key:
                    rows.append((number, place, start, end))
                    keys.append(key if digits else _DIGITS.sub("0", key))
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return Passages(table[:, 0], table[:, 1], table[:, 2], table[:, 3], tuple(keys))


@cache
def _silent() -> dict[int, None]:
    """Characters that a folded form leaves out."""
    return dict.fromkeys(map(ord, '" \t\r\n\u200b\ufeff'))


def _spans(text: str, unit: Unit) -> Iterator[tuple[int, int]]:
    spans: Iterable[tuple[int, int]] = sentence_spans(text)
    if unit == "clause":
        spans = (m.span() for m in _CLAUSE.finditer(text) if m.end() > m.start())
    for start, end in spans:
        while end - start > LONGEST:
            middle = _division(text, start)
            yield start, middle
            start = middle
        yield start, end


def _division(text: str, start: int) -> int:
    """Where a passage that is too long is cut: after its last mark, else where its characters say so.

    A place that depends on the characters around it only is the same in both of two texts (Manber 1994).
    """
    begin = start + LONGEST // 2
    marks = list(_MARK.finditer(text, begin, start + LONGEST))
    if marks:
        return marks[-1].end()
    pairs = zip(text[begin : start + LONGEST], text[begin + 1 : start + LONGEST], strict=False)
    scores = [(ord(a) * 40503 ^ ord(b) * 30011) & 0xFFFF for a, b in pairs]
    return begin + 1 + scores.index(min(scores))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def ranks(values: Sequence[Any]) -> tuple[Ints, list[Any]]:
    """The place of each value among the different ones, from 0, -1 for None, NaN and ""; and those values in order.

    Numbers come before texts.

    >>> order, known = ranks([2024, None, 2023, 2024])
    >>> order.tolist(), known
    ([1, -1, 0, 1], [2023, 2024])
    """
    held = [None if unknown(value) else value for value in values]
    distinct = {value for value in held if value is not None}
    known = sorted(distinct, key=lambda v: (0, v, "") if isinstance(v, Real) else (1, 0, str(v)))
    place = {value: number for number, value in enumerate(known)}
    return np.array([-1 if v is None else place[v] for v in held], dtype=np.int64), known


def unknown(value: Any) -> bool:
    """Whether a value of the metadata says nothing: None, NaN, the missing value of pandas, an empty text.

    >>> [unknown(value) for value in (None, float("nan"), "", 0, "全国")]
    [True, True, True, False, False]
    """
    try:
        return bool(value is None or value != value or value == "")
    except TypeError:  # pandas.NA compares to neither
        return True
