"""Paragraphs recovered exactly from PDF files, by layout, and how fast they are read.

    python benchmarks/pdf.py [--short] [--floor-f1 0.97]

Clean documents of ../shared/data (or NPP_DATA), those of benchmarks/reflow.py, are set as PDF with ReportLab (of the
`test` extra): in one column and in two, with running heads, page numbers and notes, in several sizes. A paragraph counts
as recovered if its text, blanks removed, is among the paragraphs found; F1 is over paragraphs of more than 30
characters, and over all lines, headings included; notes are counted apart.
"""

import argparse
import sys
import time
from collections import defaultdict
from functools import partial
from io import BytesIO
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from reflow import DATA, averages, bare, clean_documents, f1, scores

from npp_nlp.reading import document_from_text
from npp_nlp.reading.pdf import read_pdf

MARGIN = 72
FONT = "STSong-Light"  # a font that every reader of PDF has; nothing is embedded


class Layout(NamedTuple):
    """How a document is set: `size` in points; indent of first lines, leading and space after paragraphs in sizes."""

    size: float = 12
    columns: int = 1
    indent: float = 2
    leading: float = 1.5
    space: float = 0
    head: str = ""
    number: str = ""
    notes: bool = False
    large_title: bool = True
    align: int = 4


LAYOUTS = {
    "one column, 12 pt, number": Layout(number="{}"),
    "one column, 16 pt, head, number": Layout(size=16, leading=1.75, head="政府工作报告", number="— {} —"),
    "one column, 10.5 pt, notes": Layout(size=10.5, notes=True, number="{}"),
    "one column, ragged, no indent, spaced": Layout(indent=0, space=0.8, align=0, number="第{}页"),
    "one column, no indent, no space": Layout(indent=0, number="{}", large_title=False),
    "two columns, 10.5 pt, head, number": Layout(size=10.5, columns=2, head="政策研究", number="{}"),
    "two columns, 9 pt, head, notes": Layout(size=9, columns=2, head="公报", number="{}", notes=True),
    "two columns, no indent, spaced": Layout(size=10, columns=2, indent=0, space=0.7, number="· {} ·"),
}


def typeset(title: str, lines: list[str], layout: Layout) -> tuple[bytes, list[str]]:
    """A PDF of the document, and its notes."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    size, (width, height), margin, gutter = layout.size, A4, MARGIN, 24
    foot = 40 if layout.notes else 0
    column = (width - 2 * margin - gutter * (layout.columns - 1)) / layout.columns
    frames = [
        Frame(
            margin + i * (column + gutter),
            margin + foot,
            column,
            height - 2 * margin - foot,
            0,
            0,
            0,
            0,
            id=str(i),
        )
        for i in range(layout.columns)
    ]
    notes: list[str] = []
    furniture = partial(_furniture, layout=layout, lines=lines, notes=notes)
    style = ParagraphStyle(
        "body", fontName=FONT, fontSize=size, leading=layout.leading * size, wordWrap="CJK",
        firstLineIndent=layout.indent * size, spaceAfter=layout.space * size, alignment=layout.align,
    )  # fmt: skip
    large = ParagraphStyle(
        "title", parent=style, fontSize=1.6 * size, leading=2.2 * size, firstLineIndent=0, alignment=1
    )
    out = BytesIO()
    document = BaseDocTemplate(out, pagesize=A4, title=title)
    document.addPageTemplates(PageTemplate("page", frames, onPage=furniture))
    story = [Paragraph(escape(title), large if layout.large_title else style)]
    document.build([*story, *(Paragraph(escape(line), style) for line in lines)])
    return out.getvalue(), notes


def _furniture(canvas: Any, document: Any, *, layout: Layout, lines: list[str], notes: list[str]) -> None:
    """Draws running head, page number and notes of one page, and adds the notes to `notes`."""
    width, height = document.pagesize
    canvas.setFont(FONT, 9)
    if layout.head:
        canvas.drawCentredString(width / 2, height - 50, layout.head)
    if layout.number:
        canvas.drawCentredString(width / 2, 40, layout.number.format(document.page))
    if layout.notes:
        canvas.setFont(FONT, 0.8 * layout.size)
        canvas.line(MARGIN, MARGIN + 32, MARGIN + 120, MARGIN + 32)
        for i, mark in enumerate("①②"):
            notes.append(f"{mark}参见“{lines[(2 * document.page + i) % len(lines)][:16]}”，2024年。")
            canvas.drawString(MARGIN, MARGIN + 18 - i * 14, notes[-1])


def measure(documents: dict[str, list[str]]) -> dict[str, list[float]]:
    """Layout -> F1 over long paragraphs, over all, F1 over notes, and Mchar/s."""
    rows = defaultdict(list)
    for name, lines in documents.items():
        title = f"关于{name}的文件"
        for layout, how in LAYOUTS.items():
            data, notes = typeset(title, lines, how)
            start = time.perf_counter()
            found = read_pdf(data)
            seconds = time.perf_counter() - start
            document = document_from_text(found.text, name, found.facts, found.hints)
            body = [p.text for p in document.paragraphs if p.text[0] not in "①②"]
            kept = [p.text for p in document.paragraphs if p.kind == "footnote" and p.text[0] in "①②"]
            share = f1([bare(note) for note in notes], [bare(note) for note in kept])
            rows[layout].append((*scores([title, *lines], body), share, len(found.text) / seconds / 1e6))
    return averages(rows)


def main() -> int:
    """Print the table; 1 if the mean F1 over all layouts is below the floor."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--short", action="store_true", help="three documents")
    parser.add_argument("--floor-f1", type=float, default=0.0, help="least mean F1 over all layouts")
    arguments = parser.parse_args()
    if not DATA.is_dir():
        print(f"skipped: no data at {DATA}; NPP_DATA names another folder")
        return 0
    documents = clean_documents(DATA)
    names = list(documents)[-3:] if arguments.short else list(documents)
    table = measure({name: documents[name] for name in names})
    print(f"{'layout':45} {'F1 >30':>8} {'F1 all':>8} {'notes':>8} {'Mchar/s':>8}")
    for layout, means in table.items():
        print(f"{layout:45} {means[0]:8.3f} {means[1]:8.3f} {means[2]:8.3f} {means[3]:8.2f}")
    mean = sum(means[0] for means in table.values()) / len(table)
    print(f"{'mean of all layouts':45} {mean:8.3f}")
    return int(mean < arguments.floor_f1)


if __name__ == "__main__":
    sys.exit(main())
