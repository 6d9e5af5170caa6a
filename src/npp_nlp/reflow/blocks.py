"""A block: the lines of one paragraph, heading, note or caption, before its place in the text is known."""

from npp_nlp.document import Kind
from npp_nlp.layout import Line

HEADING_WIDTH = 32
"""Unnumbered headings are at most this wide."""


class Block:
    """Lines that belong together, and what they are.

    `category`, `style` and `depth` are those of the first line's mark; `stands_alone` says that the block is short and
    unmarked and neither ends nor pauses, as an unnumbered heading does.
    """

    __slots__ = (
        "article",
        "category",
        "depth",
        "ending",
        "kind",
        "level",
        "lines",
        "stands_alone",
        "style",
        "text",
        "width",
    )

    def __init__(self, lines: list[Line]) -> None:
        first = lines[0]
        self.lines = lines
        self.kind: Kind = "paragraph"
        self.level = self.article = 0
        self.category, self.style = (first.mark.category, first.mark.style) if first.mark else ("", "")
        self.depth = first.mark.level if first.mark else 0
        self.ending = lines[-1].ending
        if len(lines) == 1:
            self.text, self.width = first.text, first.width - first.indent
        else:
            self.text = "".join([line.text for line in lines])
            self.width = sum(line.width - line.indent for line in lines)
        self.stands_alone = (
            not self.category and self.width <= HEADING_WIDTH and self.ending in ("open", "closed", "cut")
        )
