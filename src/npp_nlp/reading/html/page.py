"""Web pages: the article with its title and the lines above it; the rest of the page is marked as navigation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from npp_nlp.reading.extraction import Extraction, LineWriter
from npp_nlp.reading.html.facts import (
    Title,
    is_policy,
    labelled,
    metas,
    page_facts,
    squeezed,
    title_places,
    titles,
)
from npp_nlp.reading.html.main import main_text
from npp_nlp.reading.html.signs import prose
from npp_nlp.reading.html.tree import decoded, parsed
from npp_nlp.reading.html.units import Box, Unit, units_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TOP = 200
_SUBTITLE = ("——", "--", "（", "(", "《")


def read_html(data: bytes, encoding: str | None = None) -> Extraction:
    """The text of a web page in the order of the page; all but the article has a hint of role "removed".

    Facts are what the page states: title, date, source, site, issuer, document_number, column, keywords, url, encoding;
    main_text is "whole page" where no article could be told from navigation, as on a page of links.
    Raises `ValueError` with the reason.

    >>> text = "湖水清澈，岸线复绿，游人日多。渔民上岸，转产就业，收入稳定，生活改善，人人称便。"
    >>> read = read_html(f"<nav><a href='/'>首页</a></nav><h1>镜湖纪事</h1><p>{text}</p>".encode())
    >>> read.text.split()[:2], read.facts["title"]
    (['首页', '镜湖纪事'], '镜湖纪事')
    >>> [(hint.role, hint.reason) for hint in read.hints]
    [('removed', 'navigation'), ('title', ''), ('', '')]
    """
    text, used = decoded(data, encoding)
    root = parsed(text)
    meta = metas(root)
    units, boxes = _shown(root)
    said = labelled(units[:_TOP])[0]
    names = [squeezed(said["title"])] if "title" in said and is_policy(said) else []
    places = title_places(units, [*names, *titles(meta)])
    main = main_text(units, boxes, places)
    if main is None:
        place = places[0] if places else _headed(units, len(units))
        facts = page_facts(meta, ()) | _title(units, place, meta) | {"main_text": "whole page"}
        return _written(units, [True] * len(units), place, set(), {**facts, "encoding": used})
    kept, start, stop = main.kept, main.start, main.stop
    info, at = labelled(units[:start])
    if is_policy(info) or len(at) >= 3:
        for i in at:
            kept[i] = True
    place = main.title or _headed(units, start + 1, kept)
    title = range(place.start, place.stop) if place else ()
    above = [unit for i, unit in enumerate(units[:start]) if kept[i] and i not in title]
    below = [unit for unit, keep in zip(units[stop:], kept[stop:], strict=True) if keep]
    facts = page_facts(meta, above, below) | _title(units, place, meta)
    stated = {i for i in range(start) if kept[i] and (i in at or (place is not None and i >= place.stop))}
    return _written(units, kept, place, stated, {**facts, "encoding": used})


def _shown(root: HtmlElement) -> tuple[list[Unit], list[Box]]:
    """The text that a browser shows; all there is where that is nearly nothing, for some pages are shown by a script."""
    units, boxes = units_of(root)
    if sum(map(prose, units)) < 20:
        every, around = units_of(root, hidden=True)
        if sum(map(prose, every)) >= 60:
            return every, around
    if not units:
        raise ValueError("no text on the page: perhaps a script fills it in a browser")
    return units, boxes


def _headed(units: list[Unit], stop: int, kept: list[bool] | None = None) -> Title | None:
    """The first heading of the highest level above the text; where no text was found, a heading that has no equal."""
    heads = [
        i
        for i, unit in enumerate(units[:stop])
        if unit.role == "heading" and unit.level <= 2 and (kept is None or kept[i])
    ]
    best = min(heads, key=lambda i: (units[i].level, i), default=None)
    if best is None or (kept is None and sum(units[i].level == units[best].level for i in heads) > 1):
        return None
    return Title(best, best + 1, len(squeezed(units[best].text)))


def _title(units: list[Unit], place: Title | None, meta: dict[str, str]) -> dict[str, Any]:
    """The title as the page prints it; one that it only declares counts if it is the one of the article."""
    if place is not None:
        rows = [row.text for unit in units[place.start : place.stop] for row in unit.rows]
        return {"title": "".join(rows[: _title_rows(rows, place.size)])}
    declared = meta.get("articletitle")
    return {"title": declared} if declared and len(squeezed(declared)) >= 4 else {}


def _title_rows(rows: list[str], size: int) -> int:
    """How many rows hold the title."""
    reach = 0
    for i, row in enumerate(rows):
        if reach >= size:
            return i
        reach += len(squeezed(row))
    return len(rows)


def _written(
    units: list[Unit], kept: list[bool], title: Title | None, stated: set[int], facts: dict[str, Any]
) -> Extraction:
    """`stated` are the units above the article that hold its facts: they are bylines, whatever tag they have."""
    writer = LineWriter()
    left = 0
    for i, (unit, keep) in enumerate(zip(units, kept, strict=True)):
        if title is not None and i == title.start:
            left = _title_rows([row.text for u in units[i : title.stop] for row in u.rows], title.size)
        last = len(unit.rows) - 1
        for n, row in enumerate(unit.rows):
            role, level, reason = unit.role, unit.level, ""
            if i in stated and role != "heading":
                role = "" if row.text.startswith(_SUBTITLE) else "byline"
            if not keep:
                role, level, reason = "removed", 0, "navigation"
            elif left:
                role, level = "title", 0
            left = max(0, left - 1)
            if row.gap:
                writer.blank()
            writer.line(row.text, role=role, level=level, whole=n == last, reason=reason, indent=row.indent)
    return Extraction(writer.text, writer.hints, facts)
