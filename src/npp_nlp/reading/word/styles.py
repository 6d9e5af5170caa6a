"""The styles of a Word document: what role a paragraph has by its style, and what numbering a style brings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from npp_nlp.document import Role

if TYPE_CHECKING:
    from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY_LEVEL = 9
_MOST_ANCESTORS = 30
_HEADING = re.compile(r"(?:heading|标题|標題|见出し)\s*([1-9])(?!\d).*", re.I)
_CHINESE_HEADING = re.compile(r"([一二三四五六])级标题.*")
_CHINESE = "一二三四五六"
_NAMED: tuple[tuple[re.Pattern[str], Role], ...] = (
    (re.compile(r"title|标题|標題|公文标题|文件标题|大标题|主标题", re.I), "title"),
    (re.compile(r"caption|题注|題注|图注|表注", re.I), "caption"),
    (re.compile(r"(?:footnote|endnote) text|脚注文本|尾注文本", re.I), "footnote"),
    (re.compile(r"list (?:bullet|number)(?: \d)?|列表项目符号.*|列表编号.*", re.I), "list"),
)
_NO_HEADING = re.compile(r"toc\b.*|目录.*|subtitle|副标题|副標題|table of .*", re.I)


def value(node: etree._Element | None, path: str) -> str | None:
    """The attribute val of the element below `node` that a path of names leads to; None if there is none.

    `value(properties, "numPr/ilvl")` is the level of an automatic number.
    """
    for name in path.split("/"):
        node = node.find(W + name) if node is not None else None
    return node.get(W + "val") if node is not None else None


def switched_on(node: etree._Element | None, name: str) -> bool:
    """Whether a switch such as w:vanish stands below `node` and is not turned off."""
    found = node.find(W + name) if node is not None else None
    return found is not None and found.get(W + "val", "true") not in ("0", "false", "off")


def number(text: str | None, default: int) -> int:
    """A whole number from an attribute of at most nine digits, else the default."""
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,9}", text) else default


@dataclass(frozen=True)
class Style:
    """One paragraph style: its name, the style it builds on, its outline level and numbering where it has them."""

    name: str = ""
    based_on: str = ""
    outline: int | None = None
    numbering: int | None = None
    level: int | None = None
    hidden: bool = False


@dataclass(frozen=True)
class Styles:
    """The paragraph styles of a document by id."""

    known: dict[str, Style] = field(default_factory=dict)
    default: str = ""

    def chain(self, style: str) -> list[Style]:
        """The style of this id and those it builds on, nearest first."""
        found: list[Style] = []
        seen: set[str] = set()
        while style in self.known and style not in seen and len(found) < _MOST_ANCESTORS:
            seen.add(style)
            found.append(self.known[style])
            style = found[-1].based_on
        return found

    def role(self, style: str, outline: int | None) -> tuple[Role, int]:
        """The role and heading level of a paragraph by its style and its own outline level, 0 the highest.

        A name counts before an outline level; an outline level of 9 is running text.
        """
        chain = self.chain(style)
        for name in (one.name for one in chain):
            if _NO_HEADING.fullmatch(name):
                return "", 0
            role, level = named_role(name)
            if role:
                return role, level
        if outline is None:
            outline = next((one.outline for one in chain if one.outline is not None), None)
        return ("heading", outline + 1) if outline is not None and 0 <= outline < _BODY_LEVEL else ("", 0)

    def numbering(self, style: str) -> tuple[int | None, int | None]:
        """The numbering that a style brings, and its level there where the style says it."""
        chain = self.chain(style)
        numbering = next((one.numbering for one in chain if one.numbering is not None), None)
        return numbering, next((one.level for one in chain if one.level is not None), None)

    def hidden(self, style: str) -> bool:
        """Whether text of this style is hidden."""
        return any(one.hidden for one in self.chain(style)[:1])


@lru_cache(maxsize=1024)
def named_role(name: str) -> tuple[Role, int]:
    """The role that the name of a style stands for, and the level of a heading.

    >>> named_role("heading 2"), named_role("标题 1"), named_role("Title"), named_role("Normal")
    (('heading', 2), ('heading', 1), ('title', 0), ('', 0))
    """
    heading = _HEADING.fullmatch(name)
    if heading:
        return "heading", int(heading.group(1))
    heading = _CHINESE_HEADING.fullmatch(name)
    if heading:
        return "heading", _CHINESE.index(heading.group(1)) + 1
    return next(((role, 0) for pattern, role in _NAMED if pattern.fullmatch(name)), ("", 0))


def read_styles(root: etree._Element | None) -> Styles:
    """The styles of the part styles.xml; none if there is no such part."""
    known: dict[str, Style] = {}
    default = ""
    for node in root.iterchildren(W + "style") if root is not None else ():
        identity = node.get(W + "styleId", "")
        properties = node.find(W + "pPr")
        outline = value(properties, "outlineLvl")
        numbering = value(properties, "numPr/numId")
        level = value(properties, "numPr/ilvl")
        known[identity] = Style(
            name=(value(node, "name") or "").strip(),
            based_on=value(node, "basedOn") or "",
            outline=None if outline is None else number(outline, _BODY_LEVEL),
            numbering=None if numbering is None else number(numbering, 0),
            level=None if level is None else number(level, 0),
            hidden=switched_on(node.find(W + "rPr"), "vanish"),
        )
        if node.get(W + "type") == "paragraph" and node.get(W + "default") in ("1", "true", "on"):
            default = identity
    return Styles(known, default)
