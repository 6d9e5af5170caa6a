"""Word files (.docx and its kin): every paragraph as it is printed, with the role that its style gives it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from npp_nlp.document import Role
from npp_nlp.reading.containers import Package, core_properties, main_part, open_package
from npp_nlp.reading.extraction import Extraction, LineWriter
from npp_nlp.reading.word.numbering import Numbering, Printed
from npp_nlp.reading.word.styles import Styles, W, number, read_styles, switched_on, value
from npp_nlp.reading.word.tables import arranges, table_rows
from npp_nlp.reading.word.text import (
    ALTERNATIVE,
    LEFT_OUT,
    LINE,
    PAGE,
    PARAGRAPH,
    TABLE,
    Content,
    Inline,
    Notes,
    chosen,
    one_phrase,
    typed_indent,
)

if TYPE_CHECKING:
    from lxml import etree

_ROOTS = ("word/document.xml", "word/document2.xml")


def read_word(data: bytes, encoding: str | None = None) -> Extraction:
    """The text of a Word file: .docx, .docm, .dotx, Transitional or Strict.

    Hints: headings, title, lists, captions by style; footnotes and endnotes after the paragraph that refers to them;
    tables; headers, footers and hidden text as removed. Automatic numbers are written in front of the text.
    Facts: file_title, file_author, file_created as the file has them; unnumbered, how many paragraphs have an
    automatic number that could not be told; embedded, how many files lie inside that are not read.
    Raises `ValueError` if it is no Word file, encrypted, damaged, without text, or beyond the bounds of
    `npp_nlp.reading.containers`.
    """
    package = open_package(data)
    try:
        extraction = _Reader(package, main_part(package, _ROOTS)).run()
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not extraction.text.strip():
        raise ValueError("blank: no text in it (pictures of pages, perhaps)")
    return extraction


@dataclass
class _Paragraph:
    """A paragraph before it is written: its text, role and level, and what belongs behind it."""

    content: Content
    role: Role = ""
    level: int = 0
    printed: Printed = field(default_factory=Printed)
    before: bool = False
    after: bool = False


class _Reader:
    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        self._relations = package.relations(main)
        self._body = package.xml(main)
        if self._body.tag != W + "document":
            raise ValueError(f"no Word document: {main} begins with {str(self._body.tag)[:80]}")
        self._styles: Styles = read_styles(self._part("styles"))
        self._numbering = Numbering(self._part("numbering"))
        self._notes = Notes()
        self._inline = Inline(self._styles, self._notes)
        self._bodies = {kind: self._notes_of(kind) for kind in ("footnote", "endnote")}
        self._written: set[tuple[str, str]] = set()
        self._writer = LineWriter()
        self._pending: Content | None = None
        self._counts: Counter[str] = Counter()

    def run(self) -> Extraction:
        self._running_heads("header")
        body = self._body.find(W + "body")
        if body is not None:
            self._blocks(body)
        self._flush()
        self._unreferenced()
        self._running_heads("footer")
        facts = {**core_properties(self._package), **self._counts}
        return Extraction(self._writer.text, self._writer.hints, facts)

    def _part(self, kind: str) -> etree._Element | None:
        target = next(
            (r.target for r in self._relations if r.kind == kind and r.target in self._package), None
        )
        return self._package.xml(target) if target else None

    def _notes_of(self, kind: str) -> dict[str, etree._Element]:
        """The notes of a kind by id, without the lines that set them apart."""
        root = self._part(f"{kind}s")
        if root is None:
            return {}
        return {
            node.get(W + "id", ""): node
            for node in root.iterchildren(W + kind)
            if node.get(W + "type", "normal") == "normal"
        }

    def _blocks(self, parent: etree._Element, role: Role = "") -> None:
        """Write the paragraphs and tables below an element; `role` is that of all of them."""
        for node in self._flat(parent):
            if node.tag == PARAGRAPH:
                self._paragraph(node, role)
            else:
                self._table(node, role)

    def _flat(self, parent: etree._Element) -> Iterator[etree._Element]:
        """The paragraphs and tables below an element, whatever wraps them."""
        for node in parent.iterchildren():
            if node.tag in (PARAGRAPH, TABLE):
                yield node
            elif node.tag == ALTERNATIVE:
                for one in chosen(node):
                    yield from self._flat(one)
            elif node.tag in (W + "altChunk", W + "subDoc"):
                self._counts["embedded"] += 1
            elif node.tag not in LEFT_OUT:
                yield from self._flat(node)

    def _paragraph(self, node: etree._Element, role: Role) -> None:
        mark = node.find(f"{W}pPr/{W}rPr")
        gone = mark is not None and (
            mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None
        )
        # Where the end of a paragraph is deleted, it goes on in the next one and is counted with that.
        paragraph = _Paragraph(self._inline.content(node)) if gone else self._read(node, role)
        if self._pending is not None:
            self._pending.append(paragraph.content)
            paragraph.content = self._pending
        self._pending = paragraph.content if gone else None
        if not gone:
            self._write(paragraph)

    def _flush(self) -> None:
        if self._pending is not None:
            paragraph = _Paragraph(self._pending)
            self._pending = None
            self._write(paragraph)

    def _read(self, node: etree._Element, role: Role) -> _Paragraph:
        properties = node.find(W + "pPr")
        style = value(properties, "pStyle") or self._styles.default
        content = self._inline.content(node)
        paragraph = _Paragraph(content, role)
        if not role:
            outline = value(properties, "outlineLvl")
            paragraph.role, paragraph.level = self._styles.role(
                style, None if outline is None else number(outline, 9)
            )
        paragraph.printed = self._number(properties, style)  # an empty paragraph counts, too
        if paragraph.printed.item and not paragraph.role:
            paragraph.role = "list"
        paragraph.before = switched_on(properties, "pageBreakBefore")
        section = properties.find(W + "sectPr") if properties is not None else None
        paragraph.after = section is not None and value(section, "type") not in ("continuous", "nextColumn")
        return paragraph

    def _number(self, properties: etree._Element | None, style: str) -> Printed:
        """Count the paragraph in its list; its own numbering goes before that of its style."""
        own, level = value(properties, "numPr/numId"), value(properties, "numPr/ilvl")
        numbering, its_level = self._styles.numbering(style)
        if own is not None:
            numbering = number(own, 0)
        if not numbering:
            return Printed()
        if level is not None:
            at = number(level, 0)
        elif its_level is not None:
            at = its_level
        else:
            at = self._numbering.level_of_style(numbering, style)
        printed = self._numbering.next(numbering, at)
        if not printed.known:
            self._counts["unnumbered"] += 1
        return printed

    def _write(self, paragraph: _Paragraph) -> None:
        if paragraph.before:
            self._writer.page()
        self._lines(paragraph)
        for reason, text in paragraph.content.hidden:
            if text.strip():
                self._writer.line(text.replace(LINE, " "), role="removed", reason=reason)
        for box in paragraph.content.boxes:
            if box.tag == TABLE:
                self._table(box, "")
            elif box.tag == PARAGRAPH:
                self._paragraph(box, "")
            else:
                self._blocks(box)
        for note in paragraph.content.notes:
            self._note(*note)
        if paragraph.after:
            self._writer.page()

    def _lines(self, paragraph: _Paragraph) -> None:
        """Write the lines of a paragraph: its end is the end of the last one, and of those that end a page."""
        text = paragraph.content.text
        ahead = paragraph.printed.text
        pages = text.split(PAGE)
        for at, page in enumerate(pages):
            if at:
                self._writer.page()
            lines = [line for line in page.split(LINE) if line.strip()]
            if paragraph.role == "heading":
                lines = one_phrase(lines)
            if not lines and len(pages) == 1:
                self._writer.blank()
            for i, line in enumerate(lines):
                whole = i == len(lines) - 1
                blanks = typed_indent(line)
                body = ahead + line.strip()
                self._writer.line(
                    body, role=paragraph.role, level=paragraph.level, whole=whole, indent=blanks
                )
                ahead = ""

    def _note(self, kind: str, identity: str, printed: str) -> None:
        """Write a note below the paragraph that refers to it, once, with its number in front."""
        body = self._bodies[kind].get(identity)
        if body is None or (kind, identity) in self._written:
            return
        self._written.add((kind, identity))
        self._note_lines(body, "footnote", "", f"{printed} ".lstrip())

    def _note_lines(self, body: etree._Element, role: Role, reason: str, ahead: str) -> None:
        inline = Inline(self._styles, self._notes)
        for node in body.iter(PARAGRAPH):
            text = " ".join(inline.content(node).text.split())
            if not text:
                continue
            self._writer.line(ahead + text, role=role, whole=True, reason=reason)
            ahead = ""

    def _unreferenced(self) -> None:
        """Notes that nothing refers to are not printed by Word."""
        for kind, bodies in self._bodies.items():
            for identity, body in bodies.items():
                if (kind, identity) not in self._written:
                    self._note_lines(body, "removed", "note without reference", "")

    def _running_heads(self, kind: str) -> None:
        """Headers and footers, every line once."""
        seen: set[str] = set()
        for name in sorted({r.target for r in self._relations if r.kind == kind}):
            if name not in self._package:
                continue
            for node in self._package.xml(name).iter(PARAGRAPH):
                content = Inline(self._styles, Notes()).content(node)
                line = " ".join(content.text.split())
                if line and line not in seen:
                    seen.add(line)
                    self._writer.line(line, role="removed", whole=True, reason="running head")

    def _table(self, table: etree._Element, role: Role) -> None:
        """Write a table row by row; one that only arranges running text is written paragraph by paragraph."""
        rows = [row for row in table_rows(table) if row]
        if role != "table" and arranges(rows):
            for row in rows:
                for cell in row:
                    self._blocks(cell, role)
            return
        notes: list[tuple[str, str, str]] = []
        for row in rows:
            cells = []
            for cell in row:
                words = []
                for node in cell.iter(PARAGRAPH):
                    content = self._read(node, "table")
                    words.append(content.printed.text + " ".join(content.content.text.split()))
                    notes += content.content.notes
                cells.append(" ".join(word for word in words if word))
            self._writer.line("\t".join(cells), role="table", whole=True)
        for note in notes:
            self._note(*note)
