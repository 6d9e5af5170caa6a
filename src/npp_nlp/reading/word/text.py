"""What is printed of one paragraph of a Word document: runs, breaks, symbols, fields, references to notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from npp_nlp.reading.word.styles import Styles, W, switched_on, value

if TYPE_CHECKING:
    from lxml import etree

LINE, PAGE = "\n", "\f"
"""A line break and a page break inside the text of a paragraph."""

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
ALTERNATIVE, CHOICE, FALLBACK = _MC + "AlternateContent", _MC + "Choice", _MC + "Fallback"
BOX = W + "txbxContent"
TABLE, PARAGRAPH = W + "tbl", W + "p"

# Deleted and moved text, the readings above characters, and properties, which hold no text.
LEFT_OUT = frozenset(
    W + name
    for name in (
        "del", "moveFrom", "delText", "delInstrText", "rt", "rPr", "pPr", "sdtPr", "sdtEndPr", "tblPr", "trPr", "tcPr",
        "tblGrid", "annotationRef", "footnoteRef", "endnoteRef", "lastRenderedPageBreak",
    )
)  # fmt: skip
_BLANKS = re.compile("[\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_PRESERVE = "{http://www.w3.org/XML/1998/namespace}space"
_XML_BLANKS = " \t\r\n"
_HEADING = 60
_SENTENCE_END = re.compile("[。！？；]")
_WIDE_SEAM = re.compile("(?<=[\u2e80-\uffef]) | (?=[\u2e80-\uffef])")

_CIRCLED = re.compile(r"\s*EQ\s+\\o(?:\\ac)?\s*\([○〇\uf0a1◯]\s*[,，;]\s*(\d{1,2})\)\s*", re.I)
_SYMBOLS = {
    "symbol": {0xB7: "•", 0xA8: "♦", 0xB3: "≥", 0xA3: "≤", 0xB1: "±", 0xB4: "×", 0xAE: "→", 0xD7: "·", 0xB0: "°"},
    "wingdings": {
        0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x74: "◆", 0x75: "◆", 0x76: "❖", 0xA1: "○", 0xA7: "▪", 0xA8: "□",
        0x9F: "•", 0xD8: "➢", 0xE0: "→", 0xE8: "➔", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑", 0xAB: "★",
        **{0x81 + i: chr(0x2460 + i) for i in range(10)}, **{0x8C + i: chr(0x2776 + i) for i in range(10)},
    },
    "wingdings 2": {
        0x50: "✓", 0x52: "☑", 0x53: "☒", 0xA3: "□", 0x2A: "☐", 0x98: "●", **{0x6A + i: chr(0x2460 + i) for i in range(10)},
    },
}  # fmt: skip


@dataclass
class Content:
    """What one paragraph holds: its printed text, the notes it refers to, its text boxes, and what is not printed.

    `notes` is a list of (footnote or endnote, id, number as printed), `hidden` of (reason, text).
    """

    parts: list[str] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The printed text, with line and page breaks."""
        return "".join(self.parts)

    def append(self, other: Content) -> None:
        """Put what another paragraph holds behind."""
        self.parts += other.parts
        self.notes += other.notes
        self.boxes += other.boxes
        self.hidden += other.hidden


class Notes:
    """The numbers of footnotes and endnotes in the order of their references: [1], [2] and so on."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, str], int] = {}

    def number(self, kind: str, identity: str) -> int:
        """The number of a note, a new one if it is referred to for the first time."""
        return self.numbers.setdefault((kind, identity), len(self.numbers) + 1)


class Inline:
    """Walks the runs of one paragraph after another; a field such as a table of contents may reach over several."""

    def __init__(self, styles: Styles, notes: Notes) -> None:
        self._styles = styles
        self._notes = notes
        self._fields: list[str | None] = []
        self._instructions = 0

    def content(self, paragraph: etree._Element) -> Content:
        """What a paragraph holds."""
        found = Content()
        self._walk(paragraph, found)
        if self._instructions:
            # An instruction that is still open here is a broken one: it hides nothing further.
            self._fields = [None] * len(self._fields)
            self._instructions = 0
        return found

    def _walk(self, node: etree._Element, found: Content) -> None:
        for child in node.iterchildren():
            tag = child.tag
            if tag in LEFT_OUT:
                continue
            if tag == W + "r":
                self._run(child, found)
            elif tag == W + "sdt":
                self._control(child, found)
            elif tag == ALTERNATIVE:
                for one in chosen(child):
                    self._walk(one, found)
            elif tag == BOX:
                found.boxes.append(child)
            else:
                self._leaf(child, found)

    def _run(self, run: etree._Element, found: Content) -> None:
        properties = run.find(W + "rPr")
        style = value(properties, "rStyle")
        vanishes = properties is not None and properties.find(W + "vanish") is not None
        if switched_on(properties, "vanish") or (style and not vanishes and self._styles.hidden(style)):
            inner = Content()
            self._walk(run, inner)
            found.hidden.append(("hidden text", inner.text))
            found.boxes += inner.boxes
        else:
            self._walk(run, found)

    def _control(self, control: etree._Element, found: Content) -> None:
        """A content control; what it shows until somebody fills it in is no text of the document."""
        properties = control.find(W + "sdtPr")
        inner = control.find(W + "sdtContent")
        if inner is None:
            return
        if switched_on(properties, "showingPlcHdr"):
            prompt = Content()
            self._walk(inner, prompt)
            found.hidden.append(("prompt of an empty field", prompt.text))
        else:
            self._walk(inner, found)

    def _leaf(self, node: etree._Element, found: Content) -> None:
        tag = node.tag
        if tag in (W + "fldChar", W + "instrText"):
            self._field(node, found)
        elif self._instructions:
            return
        elif tag in (W + "footnoteReference", W + "endnoteReference"):
            self._reference(node, found)
        elif tag in _SIGNS:
            found.parts.append(_SIGNS[tag])
        elif tag in (W + "t", _MATH + "t"):
            found.parts.append(_words(node))
        elif tag == W + "br":
            kind = node.get(W + "type", "textWrapping")
            found.parts.append(PAGE if kind == "page" else LINE)
        elif tag == W + "sym":
            found.parts.append(symbol(node.get(W + "char", ""), node.get(W + "font", "")))
        elif tag in (TABLE, PARAGRAPH):
            found.boxes.append(node)
        else:
            self._walk(node, found)

    def _field(self, node: etree._Element, found: Content) -> None:
        """The instruction of a field, None once its result has begun, is kept while the field is open."""
        kind = node.get(W + "fldCharType")
        if kind is None:
            if self._fields and self._fields[-1] is not None:
                self._fields[-1] += node.text or ""
        elif kind == "begin":
            self._fields.append("")
            self._instructions += 1
        elif kind == "separate" and self._fields:
            self._instructions -= self._fields[-1] is not None
            self._fields[-1] = None
        elif kind == "end" and self._fields:
            instruction = self._fields.pop()
            self._instructions -= instruction is not None
            circled = _CIRCLED.fullmatch(instruction or "")
            if circled and 0 < int(circled.group(1)) <= 20:
                found.parts.append(chr(0x245F + int(circled.group(1))))

    def _reference(self, node: etree._Element, found: Content) -> None:
        kind = "footnote" if node.tag == W + "footnoteReference" else "endnote"
        identity = node.get(W + "id", "")
        # A mark of the author's own follows as text.
        own = node.get(W + "customMarkFollows") in ("1", "true", "on")
        printed = "" if own else f"[{self._notes.number(kind, identity)}]"
        found.notes.append((kind, identity, printed))
        found.parts.append(printed)


_SIGNS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "cr": LINE,
    W + "noBreakHyphen": "-",
    W + "softHyphen": "",
}


def chosen(alternative: etree._Element) -> Iterator[etree._Element]:
    """The one of several versions of the same content that is read: the first that holds anything."""
    options = [*alternative.iterchildren(CHOICE), *alternative.iterchildren(FALLBACK)]
    texts = (option for option in options if next(option.iter(W + "t", BOX), None) is not None)
    first = next(texts, options[0] if options else None)
    if first is not None:
        yield first


def _words(node: etree._Element) -> str:
    text = node.text or ""
    if node.get(_PRESERVE) != "preserve":
        text = text.strip(_XML_BLANKS)
    return _BLANKS.sub(" ", text)


@lru_cache(maxsize=1024)
def symbol(code: str, font: str) -> str:
    """The character that a symbol of a font shows; one that no table knows stays as the file has it.

    >>> symbol("F0FC", "Wingdings"), symbol("2460", "SimSun")
    ('✓', '①')
    """
    if not re.fullmatch("[0-9A-Fa-f]{1,5}", code):
        return ""
    point = int(code, 16)
    known = _SYMBOLS.get(font.lower(), {})
    if (point & 0xFF) in known and (point < 0x100 or 0xF000 <= point <= 0xF0FF):
        return known[point & 0xFF]
    return chr(point) if point >= 0x20 and not 0xD800 <= point < 0xE000 else ""


def one_phrase(lines: list[str]) -> list[str]:
    """The lines of a heading as one if they are one phrase that was set on several lines.

    >>> one_phrase(["深化改革，", "扩大开放"]), one_phrase(["总体要求", "坚持稳中求进。"])
    (['深化改革，扩大开放'], ['总体要求', '坚持稳中求进。'])
    """
    if len(lines) < 2 or sum(map(len, lines)) > _HEADING or any(map(_SENTENCE_END.search, lines)):
        return lines
    return [_WIDE_SEAM.sub("", " ".join(line.strip() for line in lines))]


def typed_indent(line: str) -> int:
    """How many full-width characters of blanks were typed in front of a line."""
    blanks = line[: len(line) - len(line.lstrip(" \t\u3000\xa0"))]
    full, tabs = blanks.count("\u3000"), blanks.count("\t")
    return min(full + 2 * tabs + (len(blanks) - full - tabs) // 2, 20)
