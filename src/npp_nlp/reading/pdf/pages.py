"""PDF with a text layer: rows, columns, running heads, notes and headings by position and size of the signs."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import groupby
from typing import Any

from npp_nlp.document import Role
from npp_nlp.reading.extraction import Extraction, LineWriter
from npp_nlp.reading.pdf.measures import LEAST_INDENT, Measures, indent, is_centred
from npp_nlp.reading.pdf.paragraphs import Seam, seam
from npp_nlp.reading.pdf.roles import body_size, furniture, headings, notes, starts_note, tables
from npp_nlp.reading.pdf.rows import Row, page_rows
from npp_nlp.reading.pdf.signs import page_signs

MAX_PAGES = 5_000
"""A document with more pages is refused."""
MAX_CHARACTERS = 20_000_000
"""A document with more characters is refused."""

_NEEDS_OCR = "recognise its text (OCR) and save it as .txt"
_FEW = 8  # a page with fewer signs has no text to speak of: a number, a stamp
_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD
_UNKNOWN_SECURITY = 5  # FPDF_ERR_SECURITY
_ONE_AT_A_TIME = threading.Lock()  # PDFium may not be called from two threads, even for different documents


def read_pdf(data: bytes, encoding: str | None = None) -> Extraction:
    """The text of a PDF in reading order, with hints about running heads, notes, headings and tables.

    Lines are joined to paragraphs where position and indent decide it; the others are left to `reflow`. Facts: pages,
    file_title (what the program that wrote the file entered), pages_without_text (pages that are pictures).
    Raises `ValueError` with the reason if the file is broken, encrypted or scanned, or if its fonts do not say
    which characters they show.
    """
    if b"%PDF" not in data[:1024]:
        raise ValueError("not a readable PDF: it does not begin with %PDF")
    if b"%%EOF" not in data[-65536:]:
        raise ValueError("not a readable PDF: truncated, the end of the file is missing")
    with _ONE_AT_A_TIME:
        rows, facts = _rows(data)
    return Extraction(*_write(rows, facts["pages"]), facts=facts)


def _rows(data: bytes) -> tuple[list[Row], dict[str, Any]]:
    """The rows of all pages, and what the file states."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ValueError(_why_not(error)) from error
    with closing(document):
        pages = len(document)
        if not pages:
            raise ValueError("not a readable PDF: no pages")
        if pages > MAX_PAGES:
            raise ValueError(f"{pages:,} pages, more than {MAX_PAGES:,}")
        rows: list[Row] = []
        bare: list[int] = []
        gutters: list[float] = []
        shown = lost = 0
        for number in range(pages):
            found, count, unreadable = _page(document, number, gutters)
            shown, lost = shown + count, lost + unreadable
            if shown > MAX_CHARACTERS:
                raise ValueError(f"more than {MAX_CHARACTERS:,} characters")
            if count < _FEW and _has_picture(document, number):
                bare.append(number + 1)
            rows += found
        _refuse_unreadable(shown, lost, bare, pages)
        title = str(document.get_metadata_value("Title")).strip()
    facts: dict[str, Any] = {"pages": pages}
    if title:
        facts["file_title"] = title[:500]
    if bare:
        facts["pages_without_text"] = bare
    return rows, facts


def _why_not(error: Any) -> str:
    code = getattr(error, "err_code", None)
    if code == _WRONG_PASSWORD:
        return "encrypted: a password is needed; save a copy without one"
    if code == _UNKNOWN_SECURITY:
        return "encrypted in a way that is not known; save a copy without encryption"
    return f"not a readable PDF: {error}"


def _page(document: Any, number: int, gutters: list[float]) -> tuple[list[Row], int, int]:
    """The rows of one page, how many signs it has and how many of them cannot be read."""
    import pypdfium2

    try:
        page = document[number]
    except pypdfium2.PdfiumError as error:
        raise ValueError(f"not a readable PDF: page {number + 1} is damaged") from error
    with closing(page), closing(page.get_textpage()) as textpage:
        signs, lost = page_signs(textpage)
    return page_rows(signs, number, gutters), len(signs.x), lost


def _has_picture(document: Any, number: int) -> bool:
    """Whether a page shows a picture."""
    import pypdfium2.raw as raw

    with closing(document[number]) as page:
        objects = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)
        return next(iter(objects), None) is not None


def _refuse_unreadable(shown: int, lost: int, bare: Sequence[int], pages: int) -> None:
    if lost > 0.3 * shown and shown >= _FEW:
        raise ValueError(
            f"its fonts do not say which characters they show ({lost:,} of {shown:,}): {_NEEDS_OCR}"
        )
    if shown < _FEW * max(1, len(bare)) and bare:
        raise ValueError(f"no text layer (scanned?): {_NEEDS_OCR}")
    if not shown:
        raise ValueError(f"no text on its {pages} pages")


def _write(rows: list[Row], pages: int) -> tuple[str, Any]:
    """The text of the rows and the hints about them."""
    body = body_size(rows)
    away = furniture(rows, pages)
    below = notes(rows, away, body)
    text_rows = [i for i in range(len(rows)) if i not in away and i not in below]
    measures = Measures([rows[i] for i in text_rows], body)
    roles: dict[int, tuple[Role, int]] = dict.fromkeys(tables(rows, text_rows), ("table", 0))
    roles |= headings(rows, [i for i in text_rows if i not in roles], body)
    writer = _Paragraphs(rows, roles, measures)
    for page, group in groupby(range(len(rows)), key=lambda i: rows[i].page):
        if page:
            writer.new_page()
        for i in group:
            if i in away:
                writer.aside(rows[i].text, "removed", away[i])
            elif i in below:
                writer.note(i)
            else:
                writer.row(i)
    writer.close(whole=True)
    return writer.lines.text, writer.lines.hints


class _Paragraphs:
    """Writes paragraphs; what stands between their parts on the page is written behind them."""

    def __init__(self, rows: list[Row], roles: dict[int, tuple[Role, int]], measures: Measures) -> None:
        self.rows, self.roles, self.measures = rows, roles, measures
        self.lines = LineWriter()
        self._open: list[int] = []
        self._waiting: list[tuple[str, Role, str]] = []  # text, role and reason; "\f" begins a page

    def new_page(self) -> None:
        """A page begins."""
        self._later("\f", "", "")

    def aside(self, text: str, role: Role, reason: str = "") -> None:
        """What is no part of the text."""
        self._later(text, role, reason)

    def note(self, i: int) -> None:
        """A line of a note; without a mark it goes on the one before."""
        text = self.rows[i].text
        last = self._waiting[-1] if self._waiting else ("", "", "")
        if last[1] == "footnote" and not starts_note(text, last[0]):
            self._waiting[-1] = (joined([last[0], text]), "footnote", "")
        else:
            self._later(text, "footnote", "")

    def row(self, i: int) -> None:
        """A line of the text."""
        if self._open:
            found = self._seam(i)
            if found == "join":
                self._open.append(i)
                return
            self.close(whole=found in ("break", "space"))
            if found == "space" or (found == "break" and self.measures.habits.spaced):
                self.lines.blank()
        else:
            self.close(whole=True)
        self._open = [i]

    def _seam(self, i: int) -> Seam:
        last, row = self._open[-1], self.rows[i]
        if self.roles.get(last) != self.roles.get(i):
            return "break"
        if self.roles.get(i, ("", 0))[0] == "table":
            return "break"
        # Of a paragraph only its first and its last two rows are looked at.
        seen = self._open if len(self._open) <= 3 else [self._open[0], *self._open[-2:]]
        return seam(self.rows[last], row, [self.rows[j] for j in seen], self.measures)

    def close(self, *, whole: bool) -> None:
        """Write the open paragraph and what waits for it."""
        if self._open:
            first = self.rows[self._open[0]]
            role, level = self.roles.get(self._open[0], ("", 0))
            column = self.measures.column(first)
            inset = not role and indent(first, column) >= LEAST_INDENT and not is_centred(first, column)
            text = joined([self.rows[i].text for i in self._open])
            self.lines.line(text, role=role, level=level, whole=whole, indent=2 if inset else 0)
        for text, role, reason in self._waiting:
            if text == "\f":
                self.lines.page()
            else:
                self.lines.line(text, role=role, reason=reason, whole=role == "footnote")
        self._open, self._waiting = [], []

    def _later(self, text: str, role: Role, reason: str) -> None:
        self._waiting.append((text, role, reason))


def joined(parts: Sequence[str]) -> str:
    """The parts of a paragraph as one text, with a blank between Latin words that a line break parted.

    >>> joined(["推动高质", "量发展"]), joined(["artificial", "intelligence"])
    ('推动高质量发展', 'artificial intelligence')
    """
    return "".join(_glued(parts))


def _glued(parts: Sequence[str]) -> Iterator[str]:
    last = ""
    for part in parts:
        latin = last.isascii() and part[:1].isascii() and part[:1].isalnum()
        if last and latin and (last.isalpha() or last in ",.;:)"):
            yield " "
        yield part
        last = part[-1:]
