"""The main text of a web page: which units are the article, which are navigation.

Running text is told by its clauses and by being no link (Kohlschütter, Fankhauser and Nejdl 2010 use link density and
text density alike). What is removed must be navigation for certain; in doubt a unit is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from npp_nlp.reading.html.facts import Title
from npp_nlp.reading.html.signs import (
    AFTER_ALL,
    ASIDE,
    ASIDE_TAGS,
    ATTACHED,
    BODY,
    COMMENTS,
    DATED,
    END,
    FOOT,
    HOSTS,
    LIKELY,
    MOST_LINKED,
    is_control,
    is_edge,
    prose,
)
from npp_nlp.reading.html.units import Box, Unit

_SIDE, _COMMENT = 1, 2
_LEAST_PROSE = 40
_FEW = 60
_FOOT_SIZE = 600
_MOST_AFTER = {"comments": 0.9, "more": 0.5}
_COMMENT_BOXES = 3
_LEAST_SHARE = 0.8
_LIKELY_SHARE = 0.6
_TITLED_SHARE = 0.5


class Main(NamedTuple):
    """Units [start, stop) hold the main text, below title, date and source; `kept` says which units are the document."""

    start: int
    stop: int
    kept: list[bool]
    title: Title | None


class _Sums(NamedTuple):
    """Sums over the units before each one: running text, all characters, characters in links."""

    prose: list[float]
    size: list[int]
    linked: list[int]

    def of(self, box: Box) -> float:
        return self.prose[box.end] - self.prose[box.start]

    def links(self, start: int, stop: int) -> float:
        """The share of links in some units."""
        size = self.size[stop] - self.size[start]
        return (self.linked[stop] - self.linked[start]) / size if size else 0.0


def _sums(units: Sequence[Unit], weights: Sequence[float]) -> _Sums:
    return _Sums(
        [0.0, *accumulate(weights)],
        [0, *accumulate(unit.size for unit in units)],
        [0, *accumulate(unit.linked for unit in units)],
    )


def main_text(units: Sequence[Unit], boxes: Sequence[Box], places: Sequence[Title]) -> Main | None:
    """Find the main text of a page; None if nothing on it can be told from navigation.

    `places` is where the title stands among the units, if known: what is between it and the text is kept.
    """
    raw = [prose(unit) for unit in units]
    apart = _apart(units, boxes, raw)
    weights = [0.0 if away else weight for weight, away in zip(raw, apart, strict=True)]
    sums = _sums(units, weights)
    box = _chosen(boxes, sums, places)
    if box is None:
        return None
    start, stop = _trimmed(units, box, sums, apart)
    title = _title_above(places, sums, start, stop)
    start = _below_head(units, start, title, sums)
    first = _before(units, start, title, apart)
    last = _after(units, boxes, box, stop, apart)
    kept = [False] * len(units)
    for i in range(first, last):
        inside = start <= i < stop
        kept[i] = not _goes(units[i], apart[i]) if inside else not (apart[i] or is_control(units[i]))
    for i in range(first, start):
        # The line with the date often stands in one box with the buttons for sharing.
        kept[i] = kept[i] or (units[i].size <= 60 and bool(DATED.search(units[i].text)))
    if title is not None:
        kept[title.start : title.stop] = [True] * (title.stop - title.start)
    text = title.stop if title is not None and start < title.stop < stop else start
    text = next((i for i in range(text, stop) if weights[i]), text)
    return Main(text, stop, kept, title)


def _title_above(places: Sequence[Title], sums: _Sums, start: int, stop: int) -> Title | None:
    """The title right above the text or at its beginning; the one above both if no links stand between two."""
    text = next((i for i in range(start, stop) if sums.prose[i + 1] > sums.prose[i]), start)
    above = [place for place in places if place.start <= text]
    if not above:
        return next((place for place in places if text < place.start < stop), None)
    title = above[-1]
    for place in reversed(above[:-1]):
        if title.start - place.stop > 20 or sums.links(place.stop, title.start) > 0.3:
            break
        title = place
    return title


def _below_head(units: Sequence[Unit], start: int, title: Title | None, sums: _Sums) -> int:
    """The beginning of the text, if its box also holds the head of the page: at most a kicker stands above a title."""
    if title is None or title.start <= start:
        return start
    above = sums.prose[title.start] - sums.prose[start]
    entries = all(unit.role in ("list", "heading") for unit in units[start : title.start])
    if above > 0.1 * (sums.prose[-1] - above) and not (entries and units[title.start].role == "heading"):
        return start
    first = title.start
    while first > max(start, title.start - 2) and units[first - 1].role in ("", "heading"):
        first -= 1
    return first


def _apart(units: Sequence[Unit], boxes: Sequence[Box], weights: Sequence[float]) -> list[int]:
    """Which units stand in boxes whose tag or name is one of navigation or of comments.

    Names deceive: a box with much of the running text is none, and if all such boxes together hold half of it, only
    comments count.
    """
    sums = _sums(units, weights)
    total = sums.prose[-1]
    apart = [0] * len(units)
    commented = sum(bool(COMMENTS.search(box.names)) for box in boxes) >= _COMMENT_BOXES
    for box in boxes:
        if commented and COMMENTS.search(box.names):
            kind, most = _COMMENT, 0.95
        elif box.tag in ASIDE_TAGS or _named_aside(units, box, sums):
            kind, most = _SIDE, 0.3
        else:
            continue
        if box.start < box.end and sums.of(box) <= most * total:
            apart[box.start : box.end] = [kind] * (box.end - box.start)
    held = {k: sum(w for w, at in zip(weights, apart, strict=True) if at == k) for k in (0, _SIDE, _COMMENT)}
    deceived = {_SIDE} if held[_SIDE] > 0.5 * total else set()
    if held[_COMMENT] > total - _LEAST_PROSE:
        deceived.add(_COMMENT)
    return [0 if kind in deceived else kind for kind in apart]


def _named_aside(units: Sequence[Unit], box: Box, sums: _Sums) -> bool:
    """Whether a box is named as navigation and looks like it: links, a few words, or the foot of a page."""
    if not ASIDE.search(box.names) or BODY.search(box.names):
        return False
    few = sums.size[box.end] - sums.size[box.start] <= _FEW
    return (
        few
        or sums.links(box.start, box.end) >= 0.2
        or any(FOOT.search(u.text) for u in units[box.start : box.end])
    )


def _chosen(boxes: Sequence[Box], sums: _Sums, places: Sequence[Title]) -> Box | None:
    """The smallest box that holds nearly all running text; a box named as a text on such pages may hold less."""
    if not boxes:
        return None
    inside: dict[int, list[int]] = {}
    for i, box in enumerate(boxes):
        inside.setdefault(box.parent, []).append(i)
    at = 0
    if sums.of(boxes[0]) < _LEAST_PROSE:
        return _named(boxes, sums, places)
    while not BODY.search(boxes[at].names):
        here = sums.of(boxes[at])
        best = max(inside.get(at, []), key=lambda i: sums.of(boxes[i]), default=None)
        if best is None:
            break
        least = _LEAST_SHARE
        if BODY.search(boxes[best].names) or LIKELY.search(boxes[best].names):
            least = _LIKELY_SHARE
        if any(boxes[best].start <= place.start < boxes[best].end for place in places):
            least = _TITLED_SHARE
        if sums.of(boxes[best]) < least * here:
            break
        at = best
    return boxes[at]


def _named(boxes: Sequence[Box], sums: _Sums, places: Sequence[Title]) -> Box | None:
    """The box that is named as a text, for a page with hardly any running text; else what follows the title."""
    best: Box | None = None
    for box in boxes:
        size = sums.size[box.end] - sums.size[box.start]
        text = BODY.search(box.names) and size >= 4 and sums.links(box.start, box.end) <= MOST_LINKED
        if text and (best is None or size > sums.size[best.end] - sums.size[best.start]):
            best = box
    if best is None and places:
        around = [b for b in boxes if b.start <= places[0].start and b.end > places[0].stop]
        near = [b for b in around if sums.links(b.start, b.end) <= MOST_LINKED]
        best = min(near, key=lambda b: b.end - b.start, default=None)
    return best


def _trimmed(units: Sequence[Unit], box: Box, sums: _Sums, apart: Sequence[int]) -> tuple[int, int]:
    """The box without the links and buttons at its edges, and without what follows a mark of the end of articles."""
    start, stop = box.start, box.end
    while start < stop and (apart[start] or is_edge(units[start])):
        start += 1
    while stop > start and (apart[stop - 1] or is_edge(units[stop - 1])):
        stop -= 1
    last = max((i for i in range(start, stop) if sums.prose[i + 1] > sums.prose[i]), default=start)
    total = sums.prose[stop] - sums.prose[start]
    for i in range(start + 1, stop):
        found = AFTER_ALL.match(units[i].text) if units[i].size <= 40 else None
        rest = sums.prose[stop] - sums.prose[i]
        if found and rest <= _MOST_AFTER.get(str(found.lastgroup), 0.15) * total:
            return start, i
        if i > last and _ends(units[i:stop], sums.links(i, stop)):
            return start, i
    return start, stop


def _ends(rest: Sequence[Unit], links: float) -> bool:
    """Whether an article ends where `rest` begins: at a mark of the end, and what follows is short or made of links.

    Who holds an event is told in articles, too: such a line counts only above the foot of a page.
    """
    text = rest[0].text
    if not END.match(text) or ATTACHED.match(text):
        return False
    if HOSTS.match(text) and not any(FOOT.search(unit.text) for unit in rest[1:]):
        return False
    return links >= 0.3 or sum(unit.size for unit in rest) <= _FOOT_SIZE


def _before(units: Sequence[Unit], start: int, title: Title | None, apart: Sequence[int]) -> int:
    """Where the matter above the text begins: at its title, else at headings and short lines right above."""
    if title is not None and title.start <= start:
        return title.start
    first = start
    while first and start - first < 12:
        unit = units[first - 1]
        if apart[first - 1] or unit.linked > MOST_LINKED * unit.size:
            break
        first -= 1
        if unit.role == "heading" and unit.level == 1:
            break
    return first


def _after(units: Sequence[Unit], boxes: Sequence[Box], box: Box, stop: int, apart: Sequence[int]) -> int:
    """Where the matter below the text ends: signature, date and attachments may stand in boxes of their own."""
    if stop < box.end:
        return stop
    last = stop
    while last < len(units):
        unit = units[last]
        attached = bool(ATTACHED.match(unit.text))
        if END.match(unit.text) or apart[last] or (is_edge(unit) and not attached):
            break
        last += 1
    return last


def _goes(unit: Unit, apart: int) -> bool:
    """Whether a unit in the middle of the text is none of it: a comment, or links and buttons in a box of navigation."""
    if apart == _SIDE:
        return unit.linked > MOST_LINKED * unit.size or is_control(unit) or bool(END.match(unit.text))
    return apart == _COMMENT
