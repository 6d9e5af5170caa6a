"""Blocks of lines to pieces of text: which spans of the source they are made of, and what markup is cut away."""

import re
from dataclasses import dataclass

from npp_nlp.document import Kind
from npp_nlp.layout import Line
from npp_nlp.reflow.blocks import Block

_BOLD = re.compile(r"\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """One recovered paragraph: its text, kind, heading level and article, and the spans of the source it is made of."""

    text: str
    kind: Kind
    level: int
    article: int
    spans: tuple[Span, ...]


def cut(source: str, blocks: list[Block]) -> tuple[list[Piece], list[tuple[int, int, str]]]:
    """Cut the blocks out of the source; gives the pieces and the markup that was left out."""
    pieces: list[Piece] = []
    removed: list[tuple[int, int, str]] = []
    for block in blocks:
        spans: list[Span] = []
        for line in block.lines:
            if spans:
                spans += _blank_between(source, spans[-1], line)
            spans += _without_markup(line, block, removed)
        text = "".join([source[a:b] for a, b in spans]) if len(spans) != 1 else source[slice(*spans[0])]
        if text:
            pieces.append(Piece(text, block.kind, block.level, block.article, tuple(spans)))
    return pieces, removed


def _without_markup(line: Line, block: Block, removed: list[tuple[int, int, str]]) -> list[Span]:
    """The spans of a line without the signs of Markdown for headings, quotes and bold type."""
    start, end = line.start, line.end
    mark = line.mark
    if mark and mark.body and mark.category in ("styled", "quote") and line is block.lines[0]:
        removed.append((start, start + mark.body, "markup"))
        start += mark.body
    if "**" not in line.text:
        return [(start, end)]
    spans = []
    for found in _BOLD.finditer(line.text, start - line.start):
        a, b = line.start + found.start(), line.start + found.end()
        removed += [(a, a + 2, "markup"), (b - 2, b, "markup")]
        spans += [(start, a), (a + 2, b - 2)]
        start = b
    return [(a, b) for a, b in [*spans, (start, end)] if a < b]


def _blank_between(source: str, last: Span, line: Line) -> list[Span]:
    """A blank for two Latin words that a line break parted: the last blank of the upper line stands for the break."""
    upper, lower = source[last[0] : last[1]], line.text
    if not (upper[-1].isascii() and upper[-1].isalpha() and lower[0].isascii() and lower[0].isalpha()):
        return []
    blank = upper.rfind(" ")
    return [(last[0] + blank, last[0] + blank + 1)] if blank >= 0 and upper.isascii() else []
