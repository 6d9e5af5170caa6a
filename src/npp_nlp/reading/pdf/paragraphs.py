"""Rows to paragraphs as far as the page shows them: where a line is full, where the next one is indented.

What the page leaves open stays in separate lines: reflow weighs it with the words of the text.
"""

import re
from collections.abc import Sequence
from typing import Literal

from npp_nlp.layout import INNER_FINAL, mark_of
from npp_nlp.reading.pdf.measures import (
    FINAL,
    FLUSH,
    LEAST_INDENT,
    Column,
    Measures,
    indent,
    is_centred,
    is_full,
    is_heading,
    is_spaced,
    row_style,
)
from npp_nlp.reading.pdf.rows import Row

Seam = Literal["join", "break", "space", "open"]

LIKELY = 2.0
"""Sentences that end on full lines go on if they are so many times as many as chance would give."""

_ITEM = re.compile(r"[•●○■◆◇▪▶►★·\-–*]|[（(]?[\d一二三四五六七八九十]{1,3}[）).．、]|[①-⑳]")


def seam(upper: Row, lower: Row, paragraph: Sequence[Row], measures: Measures) -> Seam:
    """Whether two rows of one stream of text belong to one paragraph: what position and size alone decide."""
    below = measures.column(lower)
    if abs(upper.size - lower.size) > 0.08 * max(upper.size, lower.size) or min(upper.cells, lower.cells) > 1:
        return "break"
    if (upper.page, upper.block) == (lower.page, lower.block) and is_spaced(upper, lower, below):
        return "space"
    if _goes_on_in_block(lower, paragraph, measures):
        return "join"
    if is_centred(upper, measures.column(upper)) or is_centred(lower, below):
        return "open"
    inset = indent(lower, below)
    if inset < FLUSH:
        return _flush(lower, paragraph, measures)
    full = measures.is_full(upper, lower)
    if _goes_on_hanging(lower, paragraph, below):
        return "join" if full else "open"
    return "break" if inset >= LEAST_INDENT and (below.indented or not full) else "open"


def _flush(lower: Row, paragraph: Sequence[Row], measures: Measures) -> Seam:
    """The seam above a row that begins at the left edge."""
    upper, column, habits = paragraph[-1], measures.column(lower), measures.habits
    if habits.cut_at and not measures.marked:
        return "open"
    if not measures.is_full(upper, lower):
        if _goes_on_short(upper, paragraph, measures):
            return "join"
        sure = (measures.marked or measures.enough) and not habits.broken
        return "break" if sure else "open"
    if FINAL.search(upper.text) and is_heading(lower, column, measures.flush_styles):
        return "break"
    first = paragraph[0]
    hangs = indent(upper, measures.column(upper)) > indent(first, measures.column(first)) + FLUSH
    if len(paragraph) > 1 and hangs:
        return "break"
    return "join" if _is_sure(upper, lower, measures) else "open"


def _is_sure(upper: Row, lower: Row, measures: Measures) -> bool:
    """Whether a full row that no indent follows must go on: a sentence can end there, and with it its paragraph."""
    column, habits = measures.column(lower), measures.habits
    if column.indented:
        return True
    if not FINAL.search(upper.text):
        return measures.marked or measures.enough or habits.broken
    if habits.broken:
        return False
    if not habits.spaced:
        return habits.chance >= LIKELY and mark_of(lower.text) is None and not _stands_alone(lower, column)
    if (upper.page, upper.block) == (lower.page, lower.block):
        return True
    # Where a page ends no space shows; a sentence ends on a full line more often than a paragraph does.
    return habits.chance >= LIKELY and mark_of(lower.text) is None and not _stands_alone(lower, column)


def _stands_alone(row: Row, column: Column) -> bool:
    """Whether a row can be a heading: short, and no sentence ends."""
    return column.right - row.x1 > 3 * row.size and not FINAL.search(row.text)


def _goes_on_short(upper: Row, paragraph: Sequence[Row], measures: Measures) -> bool:
    """Whether a row that stops in mid-sentence goes on although it is not quite full: a long word did not fit."""
    column = measures.column(upper)
    first = measures.column(paragraph[0])
    running = first.indented and indent(paragraph[0], first) >= LEAST_INDENT and not measures.habits.broken
    room = column.right - upper.x1
    return (
        running
        and not FINAL.search(upper.text)
        and room < min(8 * upper.size, 0.3 * (column.right - column.left))
    )


def _goes_on_in_block(lower: Row, paragraph: Sequence[Row], measures: Measures) -> bool:
    """Whether a row continues a block that is set in from both sides, as quotations are, or a list without its mark."""
    upper, column = paragraph[-1], measures.column(lower)
    inset = indent(lower, column)
    if not LEAST_INDENT <= inset <= 5 or abs(indent(upper, measures.column(upper)) - inset) > 0.2:
        return False
    # First lines are indented by two characters: rows there are paragraphs of one line each.
    if abs(inset - 2) < 0.35 and column.indented:
        return False
    before = paragraph[-2] if len(paragraph) > 1 else lower
    begun = before is not lower and abs(indent(before, measures.column(before)) - inset) < 0.2
    if not begun and (
        FINAL.search(upper.text)
        or upper.page != lower.page
        or (row_style(upper) and not INNER_FINAL.search(upper.text))
    ):
        return False
    right = measures.column(upper).right
    margin = inset * lower.size
    inside = is_full(upper, lower, right - margin) and right - upper.x1 > margin - upper.size
    return inside or is_full(upper, lower, right)


def _goes_on_hanging(lower: Row, paragraph: Sequence[Row], column: Column) -> bool:
    """Whether a row continues an item whose further lines begin where its words do, or stands in an inset block."""
    first = paragraph[0]
    near = 0.35 * lower.size
    if len(paragraph) > 1:
        return abs(lower.x0 - paragraph[-1].x0) < near and abs(first.x0 - lower.x0) > near
    mark = _ITEM.match(first.text)
    if not mark or (first.page, first.block) != (lower.page, lower.block) or mark.end() >= len(first.starts):
        return False
    # An item that hangs by two characters looks like a flush heading above an indented paragraph.
    alike = column.indented and abs(indent(lower, column) - 2) < 0.35 and mark.group()[0] > "~"
    return not alike and abs(first.starts[mark.end()] - lower.x0) < near
