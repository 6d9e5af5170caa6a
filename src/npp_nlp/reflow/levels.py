"""How deep a heading stands: by the headings that are open above it, not by its style alone."""

from npp_nlp.reflow.blocks import Block

_RANK = {
    "chapter": 0.0, "section": 1.0, "一、": 2.0, "（一）": 3.0, "第一，": 3.5, "1.": 4.0, "（1）": 5.0, "一是": 6.0,
    "①": 7.0, "（a）": 8.0,
}  # fmt: skip
_DEEPEST = 9.0
_STYLED = -10.0
"""Headings that the file marks stand above all numbering."""


def nest(blocks: list[Block]) -> None:
    """Set the level of every heading to its depth in the document, 1 for the top.

    A heading stands below the last one of a higher style. One without a number counts as one of the highest style
    of numbering in the document, and closes what is open above it.
    """
    headings = [block for block in blocks if block.kind == "heading"]
    ranks = [_rank(block) for block in headings]
    top = min((rank for rank in ranks if rank is not None), default=0.0)
    open_: list[float] = []
    article = 0
    for block, rank in zip(headings, ranks, strict=True):
        if rank is None or block.article != article:
            open_, article = [], block.article
        own = top if rank is None else rank
        while open_ and open_[-1] >= own:
            open_.pop()
        open_.append(own)
        block.level = len(open_)


def _rank(block: Block) -> float | None:
    """The rank of a heading's style, the lower the higher; None for one without."""
    mark = block.lines[0].mark
    if block.category == "styled":
        return _STYLED + block.depth
    if block.category == "number" and mark:
        if mark.style.startswith("decimal"):
            return _RANK["1."] + 0.1 * (len(mark.ordinal) - 1)
        return _RANK.get(mark.style, _DEEPEST)
    return _DEEPEST if block.category in ("bold", "dash") else None
