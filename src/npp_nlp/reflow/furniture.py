"""Lines that belong to the page or to the file and not to the text, and marks that only neighbours can tell."""

import re
from collections.abc import Iterable, Sequence

from npp_nlp.document import Hint
from npp_nlp.layout import Line, Mark
from npp_nlp.reflow.joining import looks_like_heading

_NO_TEXT = {"control": "web page control", "rule": "rule or image"}
_CRUMBS = frozenset("＞>»›")
_DIGITS = re.compile(r"\d+")
_REFERENCE_MARKS = re.compile(r"\^\s?[①-⑳]|[一-鿿”》][①-⑳][，。、；”]|[。”][①-⑳]")


def keep(lines: list[Line], hints: Sequence[Hint], removed: list[tuple[int, int, str]]) -> list[Line]:
    """The lines that the file counts as text; a page that begins with one that goes begins with the next."""
    away = {hint.start: hint.reason for hint in hints if hint.role == "removed"}
    if not away:
        return lines
    kept: list[Line] = []
    feed = False
    for line in lines:
        feed = feed or line.page_break
        if line.start in away:
            removed.append((line.start, line.end, away[line.start]))
        else:
            kept.append(line._replace(page_break=feed))
            feed = False
    return kept


def settle_marks(lines: list[Line], text: str) -> list[Line]:
    """Correct marks that only their neighbours can tell: contents entries, circled numbers, page numbers."""
    circled = any(line.mark and line.mark.style == "①" for line in lines)
    notes = circled and bool(_REFERENCE_MARKS.search(text))
    settled_lines = list(lines)
    last = len(lines) - 1
    for i, line in enumerate(lines):
        mark = line.mark
        if mark is None:
            if i and looks_like_heading(line) and _is_bare_chapter(lines[i - 1]):
                settled_lines[i] = line._replace(mark=Mark("name"))
            elif line.width <= 20 and any(lines[j].text in _CRUMBS for j in (i - 1, i + 1) if 0 <= j <= last):
                settled_lines[i] = line._replace(mark=Mark("residue"))
            continue
        if mark.category == "contents":
            beside = [lines[j].mark for j in (i - 1, i + 1) if 0 <= j <= last]
            if not any(m and m.category == "contents" for m in beside):
                settled_lines[i] = line._replace(mark=None)
        elif mark.style == "①" and notes:
            settled_lines[i] = line._replace(mark=mark._replace(category="note"))
    return settled_lines


def _is_bare_chapter(line: Line) -> bool:
    """Whether a line is 第一章 or 第一节 and nothing else: its name stands below."""
    mark = line.mark
    return mark is not None and mark.style in ("chapter", "section") and mark.body == len(line.text)


def furniture(lines: list[Line]) -> dict[int, str]:
    """Lines that belong to the page and not to the text: page numbers, running heads, buttons of a web page."""
    found = {}
    bare = [i for i, line in enumerate(lines) if line.mark and line.mark.category == "page"]
    numbers = {i: lines[i].mark.ordinal[0] for i in bare if lines[i].mark and lines[i].mark.ordinal}  # type: ignore[union-attr]
    ordered = list(numbers.items())
    for at, (i, number) in enumerate(ordered):
        near = [n for _, n in ordered[max(0, at - 1) : at] + ordered[at + 1 : at + 2]]
        counts_up = any(abs(n - number) in (1, 2) for n in near)
        mark = lines[i].mark
        between = 0 < i < len(lines) - 1 and lines[i - 1].ending in ("open", "pause", "cut")
        if counts_up or between or (mark and mark.style == "decorated"):
            found[i] = "page number"
    for i, line in enumerate(lines):
        if line.mark and line.mark.category in _NO_TEXT:
            found[i] = _NO_TEXT[line.mark.category]
    for i in _running_heads(lines):
        found[i] = "running head"
    return found


def _running_heads(lines: list[Line]) -> Iterable[int]:
    """Short lines that return at least three times, numbers aside, beside page numbers or in mid-sentence."""
    places: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        plain = not line.mark or line.mark.category == "contents"
        if plain and line.width <= 30 and line.ending in ("open", "closed"):
            places.setdefault(_DIGITS.sub("0", line.text), []).append(i)
    most = len(lines) / 4
    for where in places.values():
        if 3 <= len(where) <= most and 2 * sum(_cuts_in(lines, i) for i in where) >= len(where):
            yield from where


def _cuts_in(lines: list[Line], i: int) -> bool:
    """Whether a line stands beside a page number or after a line that breaks off."""
    beside = [lines[j] for j in (i - 1, i + 1) if 0 <= j < len(lines)]
    if any(line.mark and line.mark.category == "page" for line in beside):
        return True
    return i > 0 and lines[i - 1].ending in ("open", "pause", "cut") and lines[i - 1].width > 12
