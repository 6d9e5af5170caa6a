"""Lines of a text with their measures: offsets, widths, indents, the blank lines above them, how they end."""

import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from npp_nlp.document import Hint
from npp_nlp.layout.marks import SMALL, Mark, mark_of
from npp_nlp.text import codepoints

INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_EDGE = "".join(chr(c) for c in range(0x3001) if chr(c).isspace()) + INVISIBLE
_INVISIBLE = re.compile(f"[{INVISIBLE}]")

NO_START = frozenset("，。、；：！？,;:!?）)】］]〉》”’」』%％‰℃")
FINAL = frozenset("。！？!?…｡")
_CLOSERS = "”’」』）)】］]〉》>\"'"
_REFERENCE = re.compile(
    r"(?:\^?\s?[①-⑳㉑-㊿]|[\[［〔]\^?\d{1,3}[\]］〕]|\^\d{1,3}|<sup>[^<]{1,5}</sup>|\$\^\{?[①-⑳\d]{1,3}\}?\$)+$"
)
_ENDINGS = {
    **dict.fromkeys("，、,", "pause"), **dict.fromkeys("；;", "semicolon"), **dict.fromkeys("：:", "colon"),
    **dict.fromkeys("—―─", "dash"), **dict.fromkeys("“‘「『（([［《〈【+＋·-－~～/", "cut"),
}  # fmt: skip
_ROLES = {"byline": "byline", "footnote": "note", "caption": "caption", "table": "table"}
INNER_FINAL = re.compile("[。！？；](?=.)")
MARKED_WIDTH = 60
"""Headings that a number or the file marks are at most this wide."""
# Characters that end no phrase: a line that stops on one goes on.
_NEVER_LAST = frozenset("第的和或把被让是不未更最很该各每并且而")


class Line(NamedTuple):
    """One line that is not blank: offsets without its blank edges, and its place on the page.

    `gap` counts the blank lines above it, `indent` and `width` are in full-width characters (`width` includes
    the indent), `page_break` says that a form feed stands above it, `whole` that a paragraph ends with it in the file.
    """

    text: str
    start: int
    end: int
    gap: int
    indent: float
    width: float
    page_break: bool
    mark: Mark | None
    ending: str
    whole: bool = False


def ending(text: str) -> str:
    """How a line ends: final, pause, semicolon, colon, dash, cut, closed or open.

    >>> [ending(t) for t in ("发展。", "“发展。”^①", "发展，", "发展（", "《意见》", "发展")]
    ['final', 'final', 'pause', 'cut', 'closed', 'open']
    """
    last = text[-1]
    if last in FINAL:
        return "final"
    if last in "]］〕>$0123456789" or "①" <= last <= "㊿":
        text = _REFERENCE.sub("", text) or text
        last = text[-1]
        if last in FINAL:
            return "final"
    if last in _CLOSERS:
        inner = text.rstrip(_CLOSERS)
        return "final" if inner and inner[-1] in FINAL else "closed"
    if last == "." and len(text) > 1 and text[-2].isalpha():
        return "final"
    if last in _NEVER_LAST and len(text) > 6:
        return "cut"
    return _ENDINGS.get(last, "open")


def split(text: str) -> tuple[list[Line], list[tuple[int, int, str]]]:
    """The lines of a text, and the invisible characters at their edges as (start, end, reason)."""
    edge = _EDGE if _INVISIBLE.search(text) else None
    half = 1 + (codepoints(text) >= 0x1100).astype(np.int32)
    reach = np.concatenate(([0], np.cumsum(half, dtype=np.int64)))
    rows: list[tuple[str, int, int, int, int, bool]] = []
    position = gap = 0
    feed = False
    for raw in text.splitlines(keepends=True):
        body = raw.strip(edge)
        feed = feed or "\f" in raw
        if body:
            start = position + raw.index(body)
            rows.append((body, start, start + len(body), gap, position, feed))
            gap, feed = 0, raw.endswith("\f")
        elif not raw.endswith("\f") or raw.strip("\f"):
            gap += 1
        position += len(raw)
    starts = np.array([r[1] for r in rows], dtype=np.int64)
    ends = np.array([r[2] for r in rows], dtype=np.int64)
    begins = np.array([r[4] for r in rows], dtype=np.int64)
    indents = ((reach[starts] - reach[begins]) / 2).tolist()
    widths = ((reach[ends] - reach[begins]) / 2).tolist()
    lines = [
        Line(body, start, end, above, indent, width, feed, mark_of(body), ending(body))
        for (body, start, end, above, _, feed), indent, width in zip(rows, indents, widths, strict=True)
    ]
    return lines, _invisible(text, lines) if edge else []


def _invisible(text: str, lines: list[Line]) -> list[tuple[int, int, str]]:
    """Invisible characters that stand at the edges of lines or alone."""
    removed = []
    spans = iter([*((line.start, line.end) for line in lines), (len(text), len(text))])
    start, end = next(spans)
    for found in _INVISIBLE.finditer(text):
        while found.start() >= end and end < len(text):
            start, end = next(spans)
        if not start <= found.start() < end:
            removed.append((found.start(), found.end(), "invisible character"))
    return removed


def with_hints(lines: list[Line], hints: Iterable[Hint]) -> list[Line]:
    """The lines with the marks that their file gives them; a heading must be short and one phrase to count as one."""
    given = {hint.start: hint for hint in hints}
    return (
        [_hinted(line, given[line.start]) if line.start in given else line for line in lines]
        if given
        else lines
    )


def _hinted(line: Line, hint: Hint) -> Line:
    mark = line.mark
    if hint.role in ("title", "heading"):
        if line.width - line.indent <= MARKED_WIDTH and not INNER_FINAL.search(line.text):
            mark = Mark("styled", hint.role, (), 0, hint.level)
    elif hint.role == "list":
        small = mark is None or mark.style in SMALL
        mark = Mark("bullet") if small else mark
    elif hint.role in _ROLES:
        mark = Mark(_ROLES[hint.role])
    return line._replace(mark=mark, whole=hint.whole)
