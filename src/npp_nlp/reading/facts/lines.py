"""Where a text speaks of itself: the lines above it, the labelled fields of a page, the signature below it."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from npp_nlp.reading.facts.bodies import bodies, region_of_bodies
from npp_nlp.reading.facts.dates import is_day, only_date, parse_date, starts_with_day
from npp_nlp.reflow import Piece
from npp_nlp.text import fold

MOST_PIECES = 60
"""So many pieces at most stand above the running text."""

_BODY_KINDS = ("paragraph", "quote", "list_item")
_LABELS = {
    "issuer": "发文机关|发文单位|发文部门|发布机构|发布机关|发布单位|发布部门|制发机关|制定机关|颁布机关|公布机关",
    "made": "成文日期|签发日期|签署日期|发文日期|生成日期|印发日期|颁布日期|公布日期",
    "published": "发布日期|发布时间|公开日期|公开时间|时间|日期",
    "number": "发文字号|发文文号|公文文号|公文字号|文件编号|公文编号|文件字号|文号|令号|公告号",
    "title": "标题|文件名称|公文名称|文件标题",
    "other": "索引号|主题分类|主题词|公开方式|公开范围|体裁分类|服务对象|信息分类|所属主题|效力状态|有效性|废止日期"
    "|施行日期|实施日期|生效日期|失效日期|更新时间|来源|信息来源|文章来源|作者|编辑|浏览次数|统一编号|关键词|概述|内容概述|名称",
}
_FIELD_OF = {label: field for field, labels in _LABELS.items() for label in labels.split("|")}
_LABEL = re.compile(
    r"(?<!\S)[\[【]?("
    + "|".join(r"[\s]*".join(label) for label in sorted(_FIELD_OF, key=len, reverse=True))
    + ")[\\]】]?\\s*:"
)
_LONGEST_LABELLED = 400
_POSTED = re.compile(r"[\d一二三四五六七八九十〇○零年月日\-/. ]+(?:\d{1,2}:\d{2}(?::\d{2})?)?")
_OFFICE = re.compile(
    r"[一-鿿]{0,24}(?:总理|省长|市长|州长|县长|区长|主席|主任|部长|局长|署长|厅长|行长|院长|检察长)\s+\S"
)
_PRINTED = re.compile(
    r"(?P<by>[一-鿿·\s]{2,40}?)\s*(?P<day>(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)\s*印发"
)


_MAY_BE_DATED = re.compile(r"月|[\-/.－．／]\s*[\d０-９]")


class TopLine(NamedTuple):
    """A line above the running text; `merged`: reflow took it for a part of a paragraph."""

    text: str
    kind: str
    merged: bool = False


class Signature(NamedTuple):
    """Who signed a text, and when."""

    names: list[str]
    date: str | None


def lines_of(piece: Piece) -> list[str]:
    """The lines that a piece was joined from."""
    lines, at = [], 0
    for start, end in piece.spans:
        lines.append(piece.text[at : at + end - start].strip())
        at += end - start
    return [line for line in lines if line] if at == len(piece.text) else [piece.text]


def above_text(pieces: Sequence[Piece]) -> list[TopLine]:
    """The lines above the running text, without contents; a merged first paragraph gives its first lines."""
    top: list[TopLine] = []
    for piece in pieces[:MOST_PIECES]:
        if piece.kind in _BODY_KINDS and _runs_on(piece.text):
            if len(piece.spans) > 1 and len(top) < 8:
                top += [TopLine(line, piece.kind, True) for line in lines_of(piece)[:8]]
            break
        if piece.kind in _BODY_KINDS and len(piece.spans) > 1 and not is_label(piece.text):
            top += [TopLine(line, piece.kind, True) for line in lines_of(piece)[:8]]
        elif piece.kind not in ("toc", "footnote", "caption"):
            top.append(TopLine(piece.text, piece.kind))
    return top


def _runs_on(text: str) -> bool:
    """Whether a paragraph is running text: no label, no line about a meeting, and long or a sentence."""
    words = fold(text[:200])
    if _LABEL.match(words):
        return False
    if len(text) <= 80 and is_dated(text):
        return False
    return len(text) > 60 or words.endswith(("。", ";", "!", "各位代表:"))


def is_dated(text: str) -> bool:
    """Whether a line is about the day it begins with (2026年2月3日在…会议上), and no sentence.

    >>> is_dated("——2026年2月3日在某省人民代表大会上"), is_dated("2026年2月3日，会议举行。")
    (True, False)
    """
    words = fold(text)
    sentence = words.endswith(("。", ";", "!", "?")) or re.match(r"[^)]{4,24}日,", words)
    return starts_with_day(text) and not sentence


def fields(top: Sequence[TopLine]) -> dict[str, str]:
    """The labelled fields above a text: 发文机关, 成文日期, 发文字号, 标题, 发布日期; the value may be on the next line."""
    found: dict[str, str] = {}
    for i, line in enumerate(top):
        marks = list(_LABEL.finditer(fold(line.text[:_LONGEST_LABELLED])))
        for mark, after in zip(marks, [*marks[1:], None], strict=False):
            label = re.sub(r"\s", "", mark.group(1))
            name = _FIELD_OF[label]
            value = line.text[mark.end() : after.start() if after else None].strip()
            if not value and after is None and i + 1 < len(top) and not is_label(top[i + 1].text):
                value = top[i + 1].text.strip()
            if label in ("时间", "日期") and not _POSTED.fullmatch(fold(value)):
                continue
            if value and name not in found:
                found[name] = value
    return found


def is_label(text: str) -> bool:
    """Whether a line begins with the label of a field.

    >>> is_label("发文机关：国务院"), is_label("标　　题："), is_label("主要任务：")
    (True, True, False)
    """
    return bool(_LABEL.match(fold(text[:24])))


def field_date(found: Mapping[str, str], name: str) -> str | None:
    """The date in a field."""
    value = found.get(name, "")
    return parse_date(value) if len(value) <= 40 else None


def signature(pieces: Sequence[Piece]) -> Signature:
    """The first signature: lines of bodies above a line that is a date; else the date that closes the text.

    More than three are the cells of a table.
    """
    found: list[Signature] = []
    for i, piece in enumerate(pieces):
        text = piece.text
        if i and len(text) <= 60 and text[-1] in "日)）0123456789" and _MAY_BE_DATED.search(text):
            signed = _signed(pieces, i)
            if signed:
                found.append(signed)
            if len(found) > 3:
                break
    if found:
        return found[0] if len(found) <= 3 else Signature([], None)
    closing = {parse_date(p.text) for p in pieces[-12:] if is_day(p.text)}
    return Signature([], closing.pop() if len(closing) == 1 else None)


def _signed(pieces: Sequence[Piece], i: int) -> Signature | None:
    """The signature that ends with a date in this line, if there is one."""
    text = pieces[i].text
    date = only_date(text)
    if date is None:
        return None
    if is_day(text):
        names = _names_above(pieces, i)
        office = _OFFICE.match(fold(lines_of(pieces[i - 1])[-1]))
        return Signature(names, date) if names or office else None
    words = fold(text)
    start = re.search(r"\s*[(]?(?:(?:19|20)\d\d\s*[年\-]|二[〇○零]|一九)", words)
    if start and re.search(r"(?:日|\d)\)?$", words) and pieces[i - 1].text[-1] in "。！：:；）)":
        names = bodies(text[: start.start()])
        return Signature(names, date) if names else None
    return None


def _names_above(pieces: Sequence[Piece], day: int) -> list[str]:
    """The bodies in the lines right above the date of a signature; a name that a line break parted is joined."""
    signed: list[str] = []
    for piece in reversed(pieces[max(0, day - 40) : day]):
        for line in reversed(lines_of(piece) if len(piece.text) > 60 else [piece.text]):
            if len(line) <= 60 and bodies(line):
                signed.append(line)
            elif signed and _parted(line, signed[-1]):
                signed[-1] = line + signed[-1]
            else:
                return [name for line in reversed(signed) for name in bodies(line)]
    return [name for line in reversed(signed) for name in bodies(line)]


def _parted(upper: str, lower: str) -> bool:
    """Whether two lines are one name only together: 某某市城乡交通 / 运输局."""
    whole = bodies(upper + lower)
    return (
        bool(whole)
        and re.fullmatch(r"[一-鿿\s]{2,30}", upper) is not None
        and not upper.startswith("附件")
        and region_of_bodies(bodies(lower)[:1]) is None
    )


def printed(pieces: Sequence[Piece]) -> tuple[str, str] | None:
    """Who printed a document and when, from a line such as 某省人民政府办公厅　2024年1月5日印发."""
    for piece in pieces:
        if len(piece.text) <= 80 and piece.text.endswith("印发"):
            found = _PRINTED.fullmatch(fold(piece.text).strip())
            date = parse_date(found["day"]) if found else None
            if found and date:
                return found["by"].strip(), date
    return None
