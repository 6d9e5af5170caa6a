"""What a block is in its place: title and bylines above a text, the articles of a page, notes below their heading."""

import re
from itertools import pairwise

from npp_nlp.document import BODY_KINDS
from npp_nlp.layout import SMALL
from npp_nlp.layout.marks import FORM, is_byline, is_date, is_names, is_title_of_document
from npp_nlp.reflow.blocks import Block
from npp_nlp.reflow.kinds import kind_alone
from npp_nlp.reflow.levels import nest

_MEETING = re.compile(
    r"[（(](?:19|20)\d\d年.{2,200}(?:通过|公布|施行|修订|修正|批准|印发)[）)]|"
    r"[—―─\-（(]*\s*(?:19|20)?[\d二〇○零一三四五六七八九]{2,4}年\d{1,2}月\d{1,2}日.{0,4}在.{4,60}"
)
_CONTENTS_TITLE = re.compile(r"目\s*录")
_SOURCES = re.compile(r"(?:主要)?参考(?:文献|资料|书目)|注\s*释|尾\s*注")
_MEETING_END = re.compile(r"会议上[）)]?$|大会上[）)]?$|的(?:报告|讲话)[）)]?$")
_OFFICE = re.compile("(?:总理|省长|市长|主席|主任|书记|部长|局长|厅长|行长)$")


_LETTERHEAD = re.compile(".{2,30}(?:政府|国务院|委员会|[一-鿿]部|[一-鿿]厅|[一-鿿]局|办公室)(?:文件)?|国务院")
_VERSION = re.compile("(?:[（(].{0,8}(?:试行|暂行|草案|稿|版|修订|修正)[）)])+")
_ITEMS = SMALL | {"（一）"}
MOST_TOP = 300
"""At most so many blocks, contents included, can stand above the running text."""


def classify(blocks: list[Block]) -> None:
    """Set kind, level and article of every block."""
    for i, block in enumerate(blocks):
        block.kind, block.level = kind_alone(block, blocks[i + 1] if i + 1 < len(blocks) else None)
    body = next((i for i, b in enumerate(blocks) if _opens_body(b)), len(blocks))
    _lists(blocks, body)
    _top_matter(blocks, min(body, MOST_TOP))
    _articles(blocks)
    _after_heading(blocks)
    _attributions(blocks)
    nest(blocks)
    if not any(b.kind in BODY_KINDS for b in blocks):
        for block in blocks:
            block.kind, block.level = "paragraph", 0


def _opens_body(block: Block) -> bool:
    """Whether the matter above a text ends here: at running text or a numbered heading."""
    if block.category == "number" or block.category == "dateline":
        return True
    if block.kind == "list_item":
        return True
    if block.kind in ("paragraph", "quote") and not _is_long_title(block):
        return not (_MEETING.fullmatch(block.text) or block.category == "dash") and block.ending != "colon"
    return False


def _lists(blocks: list[Block], body: int) -> None:
    """Items of lists: numbered ones that semicolons part, and four or more short lines in a row (or table cells)."""
    for before, block in pairwise(blocks):
        if before.style == block.style != "" and before.ending == "semicolon" and before.style in _ITEMS:
            before.kind, block.kind = "list_item", "list_item"
            before.level = block.level = 0
    start = body
    while start < len(blocks):
        stop = start
        while stop < len(blocks) and blocks[stop].kind == "heading" and blocks[stop].stands_alone:
            stop += 1
        if stop - start >= 4:
            for block in blocks[start:stop]:
                block.kind, block.level = "list_item", 0
        start = max(stop, start + 1)


def _top_matter(blocks: list[Block], body: int) -> None:
    """Title, subtitle, kicker and bylines above the first running text."""
    top = [b for b in blocks[:body] if b.kind not in ("residue", "toc", "caption", "footnote")]
    for block in top:
        if _CONTENTS_TITLE.fullmatch(block.text):
            block.kind, block.level = "toc", 0
    top = [b for b in top if b.kind != "toc"]
    marked = [b for b in top if b.category == "styled"]
    titles = [
        b
        for b in top
        if (b.stands_alone or _is_long_title(b))
        and not is_byline(b.text)
        and not is_date(b.text)
        and not _MEETING.fullmatch(b.text)
    ]
    if marked:
        title = min(marked, key=lambda b: b.depth)
    elif titles:
        title = next((b for b in titles if not _LETTERHEAD.fullmatch(b.text)), titles[0])
    else:
        return
    title.kind, title.level = "title", 0
    seen = False
    before = title
    for block in top:
        if block is title:
            seen = True
            continue
        _beside_title(block, title, before if seen else None, after=seen)
        before = block
    _more_titles(top, title)


def _is_long_title(block: Block) -> bool:
    """Whether a block too long for a heading is one phrase that ends with the word for a form of document."""
    return not block.category and len(block.lines) <= 3 and is_title_of_document(block.text)


def _beside_title(block: Block, title: Block, before: Block | None, *, after: bool) -> None:
    """What a block above the text is, given where the title is and what stands before it below the title."""
    text = block.text
    if text.lstrip("# ") == title.text.lstrip("# "):
        block.kind, block.level = "title", 0
    elif _is_subtitle(block, before, after=after):
        block.kind, block.level = "subtitle", 0
    elif _is_author(block, before, after=after):
        block.kind, block.level = "byline", 0
    elif block.category == "styled" and not after:
        block.kind, block.level = "subtitle", 0


def _is_subtitle(block: Block, before: Block | None, *, after: bool) -> bool:
    if _MEETING.fullmatch(block.text):
        return True
    if before is not None and before.kind == "subtitle" and _MEETING_END.search(block.text):
        return True
    return after and block.text.lstrip("# ").startswith(("——", "--", "──"))


def _is_author(block: Block, before: Block | None, *, after: bool) -> bool:
    text = block.text
    if block.category in ("byline", "date") or is_byline(text) or (block.ending == "colon" and not after):
        return True
    if not after and block.stands_alone and _LETTERHEAD.fullmatch(text):
        return True
    if not after or not block.stands_alone or FORM.search(text):
        return False
    if before is not None and before.kind == "byline" and before.ending == "colon":
        return True
    return bool(_OFFICE.search(text)) or (
        is_names(text) and (len(text) <= 4 or " " in text or "\u3000" in text)
    )


def _more_titles(top: list[Block], title: Block) -> None:
    """A title in several lines: short lines between the first one and a subtitle, or up to the word for its form."""
    at = next(i for i, b in enumerate(top) if b is title)
    stop = at + 1
    while stop < len(top) and top[stop].kind == "heading" and top[stop].stands_alone and not title.category:
        stop += 1
    closed = FORM.search(title.text)
    ends = [i for i in range(at + 1, stop) if FORM.search(top[i].text)]
    if not (stop < len(top) and top[stop].kind == "subtitle"):
        stop = at + 1 if closed or not ends else ends[0] + 1
    for block in top[at + 1 : stop]:
        block.kind, block.level = "title", 0
    if stop < len(top) and _VERSION.fullmatch(top[stop].text):
        top[stop].kind, top[stop].level = "subtitle", 0


def _articles(blocks: list[Block]) -> None:
    """Number the articles of a page: a new one begins at the headings above a dateline."""
    article = 0
    starts: dict[int, int] = {}
    for i, block in enumerate(blocks):
        if block.category != "dateline":
            continue
        first = i
        while first and blocks[first - 1].kind in ("heading", "title", "subtitle", "byline"):
            above = blocks[first - 1]
            if above.category == "number" or (above.category == "styled" and above.depth > 1):
                break
            first -= 1
        if first < i and any(b.kind in BODY_KINDS for b in blocks[:first]):
            starts[first] = i
    starts |= _second_titles(blocks)
    pictures = _picture_story(blocks)
    for i, block in enumerate(blocks):
        if i in starts or i in pictures:
            article += 1
        block.article = article
        for j in range(i, starts.get(i, i)):
            if blocks[j].kind == "heading":
                marked = blocks[j].category == "styled" and blocks[j].depth > blocks[i].depth
                blocks[j].kind, blocks[j].level = ("subtitle" if marked else "title"), 0


def _second_titles(blocks: list[Block]) -> dict[int, int]:
    """Where marked headlines open another text: two in a row, the first above the depth of all sections before it.

    Gives the number of the first headline and that of the block below the last.
    """
    styled = [i for i, b in enumerate(blocks) if b.category == "styled"]
    title = next((i for i in styled if blocks[i].kind == "title"), None)
    found = {}
    sections: list[int] = []
    for i in styled:
        if title is None or i <= title or blocks[i].kind != "heading":
            continue
        depth = blocks[i].depth
        second = i + 1 < len(blocks) and blocks[i + 1].category == "styled" and blocks[i + 1].depth > depth
        if second and len(sections) >= 3 and blocks[title].depth < depth < min(sections):
            found[i] = i + 2
        sections.append(depth)
    return found


def _picture_story(blocks: list[Block]) -> set[int]:
    """Where a picture with its own text closes a page: paragraphs set apart that end with the photographer."""
    starts = set()
    for i, block in enumerate(blocks):
        if block.kind != "caption" or block.text[-1] != "摄" or block.width > 20:
            continue
        first = i
        while (
            first > max(0, i - 4) and blocks[first].lines[0].gap < 2 and blocks[first - 1].kind == "paragraph"
        ):
            first -= 1
        if first < i and blocks[first].lines[0].gap >= 2:
            starts.add(first)
            for story in blocks[first:i]:
                story.kind = "caption"
    return starts


def _after_heading(blocks: list[Block]) -> None:
    """Entries below a heading such as 参考文献 are source notes."""
    sources = False
    for block in blocks:
        if block.kind in ("heading", "title", "toc"):
            sources = bool(_SOURCES.fullmatch(block.text.replace(" ", "").lstrip("#").lstrip())) or (
                sources and block.category == "number" and block.style == "1."
            )
            if sources and block.category == "number":
                block.kind, block.level = "footnote", 0
        elif sources and block.kind in ("paragraph", "list_item"):
            block.kind = "footnote"


def _attributions(blocks: list[Block]) -> None:
    """Who said a quotation, and who signed a text and when."""
    for before, block in pairwise(blocks):
        if (
            block.category == "dash"
            and block.width <= 14
            and before.text[0] in "“「"
            and block.ending == "open"
        ):
            before.kind, block.kind, block.level = "quote", "byline", 0
        if block.category == "date" and before.kind == "heading" and before.stands_alone:
            before.kind, before.level = "byline", 0
