"""Headings that stand at the end of the line above them, as converters leave them where a line break was lost."""

import re

from npp_nlp.layout.lines import Line, ending
from npp_nlp.layout.marks import mark_of
from npp_nlp.layout.page import FIRST, Page

_GLUED = re.compile(
    r"(?<=[。！？；])\s*(?P<heading>(?:第[一二三四五六七八九十]{1,3}[章节]|[一二三四五六七八九十]{1,3}、)[^。；：！？]{2,34}"
    r"|(?:[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．](?!\d))[^，。；：！？]{2,30})$"
)


def parted(lines: list[Line], page: Page) -> list[Line]:
    """The lines with numbered headings at the end of a line in lines of their own.

    Only where a line ends early after a sentence, a number and a short phrase, or, where lines are not wrapped,
    where the number goes on from the one before at the beginning of a line: all else may be an enumeration.
    """
    seen: dict[str, tuple[int, ...]] = {}
    result: list[Line] = []
    for i, line in enumerate(lines):
        found = _GLUED.search(line.text) if line.ending in ("open", "closed") and line.width > 6 else None
        heading = _tail(line, found.start("heading")) if found else None
        if heading is None or not (_ends_early(page, i) or _goes_on(heading, seen)):
            result.append(line)
        else:
            result += [_head(line, heading), heading]
        last = result[-1].mark
        if last and last.category == "number":
            seen[last.style] = last.ordinal
    return result


def _ends_early(page: Page, i: int) -> bool:
    return bool(page.wrap[i]) and page.room[i] > FIRST


def _goes_on(heading: Line, seen: dict[str, tuple[int, ...]]) -> bool:
    mark = heading.mark
    before = seen.get(mark.style) if mark else None
    return before is not None and mark is not None and mark.ordinal[-1] == before[-1] + 1


def _tail(line: Line, at: int) -> Line:
    text = line.text[at:]
    width = sum(1.0 if ord(c) >= 0x1100 else 0.5 for c in text)
    return Line(
        text, line.start + at, line.end, 0, 0.0, width, False, mark_of(text), ending(text), line.whole
    )


def _head(line: Line, tail: Line) -> Line:
    text = line.text[: tail.start - line.start].rstrip()
    return line._replace(
        text=text, end=line.start + len(text), width=line.width - tail.width, ending=ending(text), whole=True
    )
