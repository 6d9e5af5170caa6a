"""The tree of a web page to units: the visible text block by block, as a browser would set it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from npp_nlp.document import Role

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SKIPPED = frozenset({
    "script", "style", "noscript", "template", "head", "title", "select", "option", "optgroup", "datalist",
    "button", "input", "textarea", "iframe", "frame", "frameset", "object", "embed", "applet", "audio", "video",
    "canvas", "svg", "map", "area", "rt", "rp", "rtc", "img", "meta", "link",
})  # fmt: skip
_BLOCKS = frozenset({
    "html", "body", "div", "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table",
    "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "form", "fieldset", "legend", "section", "article",
    "main", "header", "footer", "nav", "aside", "hgroup", "address", "blockquote", "center", "figure",
    "figcaption", "details", "summary", "dialog", "hr", "pre", "listing", "menu", "dir",
})  # fmt: skip
_NO_BOXES = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "summary", "caption", "figcaption", "legend",
})  # fmt: skip
_SPACE = re.compile(r"[ \t\n\r\f]+")
_WIDE = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef，。、；：！？“”《》（）]"
_SOURCE_WRAP = re.compile(rf"(?<={_WIDE})[ \t]*[\r\n][ \t\r\n\f]*(?={_WIDE})")
_EDGE = re.compile(r"[ \t\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff]*")
_WIDTH = {"\u3000": 2, "\u2003": 2, "\u200b": 0, "\ufeff": 0}
_HIDDEN = re.compile(r"(?:^|;)\s*display\s*:\s*none", re.I)
_AS_BLOCK = re.compile(r"(?:^|;)\s*display\s*:\s*(?:block|flex|grid|table|list-item)", re.I)
_INDENTED = re.compile(r"text-indent\s*:\s*(?:[1-9]|0?\.[1-9])", re.I)
_RUNNING = re.compile("[。；！？]")
_LONG_CELL = 120
MAX_BREAKS = 1_000_000
"""Pages with more lines in preformatted text are refused."""


class Row(NamedTuple):
    """One line of a unit: its text, its indent in full-width characters, the blank lines above it."""

    text: str
    indent: int
    gap: int


class Unit(NamedTuple):
    """One block of text: `size` counts its characters without blanks, `linked` those in links, `box` is where it is."""

    rows: tuple[Row, ...]
    role: Role
    level: int
    size: int
    linked: int
    box: int

    @property
    def text(self) -> str:
        """The rows as one string."""
        return self.rows[0].text if len(self.rows) == 1 else " ".join([row.text for row in self.rows])


@dataclass(slots=True)
class Box:
    """An element that can hold blocks: its tag, its id and classes, the box around it, its first and last unit."""

    tag: str
    names: str
    parent: int
    start: int
    end: int = 0


@dataclass(slots=True)
class _Open:
    """What holds for the text inside the elements that are open now."""

    roles: list[tuple[Role, int]] = field(default_factory=list)
    boxes: list[int] = field(default_factory=list)
    links: int = 0
    kept_breaks: int = 0


def units_of(root: HtmlElement, *, hidden: bool = False) -> tuple[list[Unit], list[Box]]:
    """The units of a page in document order and the boxes they are in; `hidden` takes in what is not displayed."""
    walk = _Walk(hidden)
    walk.run(root)
    return walk.units, walk.boxes


class _Walk:
    """One pass over the tree without recursion; holds the row and the unit that are being filled."""

    def __init__(self, hidden: bool) -> None:
        self.hidden = hidden
        self.units: list[Unit] = []
        self.boxes: list[Box] = []
        self.open = _Open()
        self.parts: list[str] = []
        self.rows: list[Row] = []
        self.size = self.linked = self.indent = self.gap = self.breaks = 0

    def run(self, root: HtmlElement) -> None:
        node: HtmlElement = root
        while True:
            if self._enter(node) and len(node):
                node = node[0]
                continue
            while True:
                if node is root:
                    self._end_unit()
                    return
                self._text(node.tail)
                following = node.getnext()
                if following is not None:
                    node = following
                    break
                parent = node.getparent()
                assert parent is not None  # noqa: S101 (for the type checker: the walk stops at the root)
                node = parent
                self._leave(node)

    def _enter(self, node: HtmlElement) -> bool:
        """Begin an element; gives whether its children are to be read. One without children is left at once."""
        tag = node.tag
        if not isinstance(tag, str) or tag in SKIPPED or (not self.hidden and _is_hidden(node)):
            return False
        if tag == "br":
            self._end_row(broken=True)
            return False
        if tag == "table":
            rows = _data_rows(node, self.hidden)
            if rows is not None:
                self._table(node, rows)
                return False
        if tag == "sup":
            self._text(_note_reference(node))
            return False
        self._begin(node, tag)
        self._text(node.text)
        if not len(node):
            self._leave(node)
        return True

    def _begin(self, node: HtmlElement, tag: str) -> None:
        if tag == "a" and node.get("href"):
            self.open.links += 1
        if not _is_block(node):
            return
        self._end_unit()
        self.open.roles.append(_role(tag, self.open.roles))
        if tag in ("pre", "listing"):
            self.open.kept_breaks += 1
        if tag not in _NO_BOXES:
            names = f"{node.get('id', '')} {node.get('class', '')}"
            parent = self.open.boxes[-1] if self.open.boxes else -1
            self.open.boxes.append(len(self.boxes))
            self.boxes.append(Box(tag, names, parent, len(self.units)))
        if _INDENTED.search(node.get("style", "")):
            self.indent = 2

    def _leave(self, node: HtmlElement) -> None:
        tag = node.tag
        if tag == "a" and node.get("href"):
            self.open.links -= 1
        if not _is_block(node):
            return
        self._end_unit()
        self.open.roles.pop()
        if tag in ("pre", "listing"):
            self.open.kept_breaks -= 1
        if tag not in _NO_BOXES:
            self.boxes[self.open.boxes.pop()].end = len(self.units)

    def _text(self, text: str | None) -> None:
        if not text:
            return
        if self.open.kept_breaks:
            self.breaks += text.count("\n")
            if self.breaks > MAX_BREAKS:
                raise ValueError(f"more than {MAX_BREAKS:,} lines in preformatted text")
            for i, piece in enumerate(text.split("\n")):
                if i:
                    self._end_row(broken=True)
                self._add(piece)
        else:
            self._add(_SPACE.sub(" ", _SOURCE_WRAP.sub("", text) if "\n" in text else text))

    def _add(self, text: str) -> None:
        self.parts.append(text)
        size = len("".join(text.split()))
        self.size += size
        if self.open.links:
            self.linked += size

    def _end_row(self, *, broken: bool) -> None:
        """End a row; one without text is a blank line if a line break ends it."""
        text = _SPACE.sub(" ", "".join(self.parts)).rstrip()
        edge = _EDGE.match(text)
        assert edge is not None  # noqa: S101 (for the type checker: the pattern matches anything)
        body = text[edge.end() :]
        self.parts = []
        if body:
            indent = sum(_WIDTH.get(c, 1) for c in edge.group()) // 2
            self.rows.append(Row(body, max(indent, self.indent), self.gap if self.rows else 0))
            self.gap = self.indent = 0
        elif broken:
            self.gap = 1

    def _end_unit(self) -> None:
        self._end_row(broken=False)
        if self.rows:
            role, level = self.open.roles[-1] if self.open.roles else ("", 0)
            box = self.open.boxes[-1] if self.open.boxes else -1
            self.units.append(Unit(tuple(self.rows), role, level, self.size, self.linked, box))
        self.rows = []
        self.size = self.linked = self.indent = self.gap = 0

    def _table(self, node: HtmlElement, rows: list[Unit]) -> None:
        """Take in a table as it is read: one unit a row, in a box of its own."""
        self._end_unit()
        names = f"{node.get('id', '')} {node.get('class', '')}"
        parent = self.open.boxes[-1] if self.open.boxes else -1
        box = len(self.boxes)
        self.boxes.append(Box("table", names, parent, len(self.units), len(self.units) + len(rows)))
        self.units += [row._replace(box=box) for row in rows]


def _is_block(node: HtmlElement) -> bool:
    return node.tag in _BLOCKS or bool(_AS_BLOCK.search(node.get("style", "")))


def _is_hidden(node: HtmlElement) -> bool:
    return node.get("hidden") is not None or bool(_HIDDEN.search(node.get("style", "")))


def _role(tag: str, around: list[tuple[Role, int]]) -> tuple[Role, int]:
    """The role of text right inside an element; a block without one of its own has that of the block around it."""
    if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        return "heading", int(tag[1])
    if tag == "li":
        return "list", 0
    if tag in ("figcaption", "caption"):
        return "caption", 0
    return around[-1] if around else ("", 0)


def _note_reference(node: HtmlElement) -> str:
    """The text of raised type; a bare number that is a link is a note, and is told from an exponent by brackets."""
    text = _SPACE.sub(" ", "".join(node.itertext())).strip(" ")
    return f"[{text}]" if text.isdigit() and node.find(".//a") is not None else text


def _data_rows(table: HtmlElement, hidden: bool) -> list[Unit] | None:
    """The rows of a table, cells parted by tabs; None if the table only serves to place text on the page."""
    if next(table.iterdescendants("table", "h1", "h2", "h3", "form", "ul", "ol"), None) is not None:
        return None
    rows: list[Unit] = []
    widest = 0
    for line in table.iterdescendants("tr", "caption"):
        if line.tag == "caption":
            rows += [unit._replace(role="caption") for unit in units_of(line, hidden=hidden)[0]]
            continue
        cells = list(_cells(line, hidden))
        if any(_is_running(cell) for cell in cells):
            return None
        texts = [" ".join([unit.text for unit in cell]) for cell in cells]
        widest = max(widest, len(texts))
        size, linked = (sum(getattr(u, name) for cell in cells for u in cell) for name in ("size", "linked"))
        if size:
            rows.append(Unit((Row("\t".join(texts).strip(), 0, 0),), "table", 0, size, linked, -1))
    return rows if widest > 1 else None


def _cells(line: HtmlElement, hidden: bool) -> Iterator[list[Unit]]:
    for cell in line:
        if cell.tag in ("td", "th") and (hidden or not _is_hidden(cell)):
            yield units_of(cell, hidden=hidden)[0]


def _is_running(cell: list[Unit]) -> bool:
    """Whether a cell holds paragraphs rather than an entry."""
    ends = sum(len(_RUNNING.findall(unit.text)) for unit in cell)
    return sum(unit.size for unit in cell) > _LONG_CELL and (ends >= 2 or len(cell) > 5)
