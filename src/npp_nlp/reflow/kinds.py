"""What a block is by itself: by its mark, its length, how it ends and what follows it."""

import re

from npp_nlp.document import Kind
from npp_nlp.layout import INNER_FINAL, MARKED_WIDTH, SMALL
from npp_nlp.reflow.blocks import Block

_ATTACHMENTS = re.compile("附(?:件|表)[:：]")
_REFERENCE_END = re.compile(r"(?:\^?[①-⑳]|\[\d+\]|［\d+］)+$")

_FIXED: dict[str, Kind] = {
    "note": "footnote",
    "caption": "caption",
    "residue": "residue",
    "control": "residue",
    "contents": "toc",
    "quote": "quote",
    "bullet": "list_item",
    "byline": "byline",
    "date": "byline",
    "dateline": "paragraph",
    "page": "residue",
    "rule": "residue",
    "table": "residue",
}


def kind_alone(block: Block, after: Block | None) -> tuple[Kind, int]:
    """The kind that a block's own mark, length and ending suggest."""
    category = block.category
    if category in _FIXED:
        return _FIXED[category], 0
    mark = block.lines[0].mark
    if category == "styled" and mark:
        return ("title", 0) if mark.style == "title" else ("heading", 1)
    if category in ("bold", "annex"):
        return "heading", 1
    if category == "number" and mark:
        return _numbered(block, after)
    if category == "dash":
        short = block.width <= 20 and not INNER_FINAL.search(block.text) and "，" not in block.text
        return (
            ("heading", 1)
            if short and block.ending == "final" and _longer(after, block)
            else ("paragraph", 0)
        )
    if block.stands_alone:
        return ("list_item", 0) if _ATTACHMENTS.match(block.text) else ("heading", 1)
    if _is_quotation(block.text):
        return "quote", 0
    return "paragraph", 0


def _longer(after: Block | None, block: Block) -> bool:
    return after is not None and after.style != block.style and after.width > 1.5 * block.width


def _numbered(block: Block, after: Block | None) -> tuple[Kind, int]:
    """Whether a numbered block is a heading, an item of a list or a paragraph that runs on."""
    mark = block.lines[0].mark
    assert mark is not None  # noqa: S101 (for the type checker)
    small = mark.style in SMALL
    running: Kind = "list_item" if small else "paragraph"
    if mark.style in ("clause", "一是", "第一，") and block.ending != "open":
        return running, 0
    words = block.text[mark.body :]
    if block.ending in ("open", "closed", "cut") and block.width <= MARKED_WIDTH:
        in_list = small and after is not None and after.style == mark.style
        if not INNER_FINAL.search(words):
            return ("list_item", 0) if in_list else ("heading", 1)
    single = len(words) <= 30 and not INNER_FINAL.search(words) and bool(words)
    if single and block.ending in ("final", "colon") and after is not None and after.style != mark.style:
        own = not after.category or after.category in ("dash", "number", "bullet")
        if own and "，" not in words[:-1] and _longer(after, block):
            return "heading", 1
    return running, 0


def _is_quotation(text: str) -> bool:
    """Whether a block is one quotation from its first to its last character."""
    if text[0] not in "“「":
        return False
    bare = _REFERENCE_END.sub("", text)
    closer = "”" if text[0] == "“" else "」"
    return bare[-1:] == closer and bare.find(closer) == len(bare) - 1
