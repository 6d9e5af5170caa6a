"""Result or target: what the clause says, then the sentence, then the part of the document."""

from __future__ import annotations

import re
from typing import Literal

from npp_nlp.figures.times import Time

Kind = Literal["result", "target", ""]

_TARGET = re.compile(
    "力争|争取|力求|确保|预期|目标|计划(?:新|完成|安排|投|建|实施|发)|拟|将(?!军|士)|安排|(?<![主需重首只摘纲])要(?![求素点闻])|必须|应当|有望|明年|规划|今后|下一步|努力|左右[^手]"
)
_RESULT = re.compile(
    "了|已|过去|以来|去年|上年(?!增|提|减|降)|完成|累计|共有|建成|取得|获得|获批|荣获|圆满|创历史|新高|首次|截至|截止|居全国|位居|实现了|一年来|年来"
)
_PAST_HEAD = re.compile("回顾|成就|成绩|成效|总结|进展|工作情况|执行情况|的工作$|形势|基础|历史性|取得")
_FUTURE_HEAD = re.compile(
    "目标|任务|部署|安排|打算|要求|规划|重点工作|今后|措施|政策取向|建议|奋斗|展望|举措|工作$|保障|实施|思路|蓝图"
)


def heading_kind(heading: str) -> Kind:
    """What the figures under a heading are likely to be.

    >>> heading_kind("一、2024年工作回顾"), heading_kind("二、主要目标和任务"), heading_kind("三、回顾和任务")
    ('result', 'target', '')
    """
    past, future = _PAST_HEAD.search(heading), _FUTURE_HEAD.search(heading)
    if past and re.search("目标|任务|要求|部署|安排|建议", heading):
        return ""
    return "result" if past else "target" if future else ""


_TURN = re.compile(
    r"(?:^|[。!?])[^,。]{0,8}?(?:(?P<past>过去的?[一二三四五]?年|过去的?[一五]年|[一五]年来|去年|这五年)|(?P<next>今年(?!以来)|明年|今后|下一步))"
)


def turns(folded: str, year: int | None) -> list[tuple[int, Kind]]:
    """Where a paragraph turns to the past or to what is to come: sentences that open with 过去一年 or 今年.

    >>> turns("过去一年,经济增长。今年要扩大内需。", 2025)
    [(0, 'result'), (9, 'target')]
    """
    found: list[tuple[int, Kind]] = [
        (m.start(), "result" if m["past"] else "target") for m in _TURN.finditer(folded)
    ]
    if year is not None:
        found += [
            (m.start(), "target")
            for m in re.finditer(rf"(?:^|[。!?])[^,。]{{0,8}}?{year}年(?=[,,是])", folded)
        ]
    return sorted(found)


def kind_of(clause: str, sentence: str, times: list[Time], year: int | None, section: Kind) -> Kind:
    """Result, target, or "" where nothing tells.

    `clause` is the figure's own, up to its end with its bound; `times` those that hold for it.
    """
    stated = by_time(times, year)
    own = by_words(clause)
    if stated == "result" or own == stated:
        return stated or by_words(sentence) or section
    return own or stated or by_words(sentence) or section


def by_time(times: list[Time], year: int | None) -> Kind:
    """A year before that of the document is past, one behind it to come."""
    for time in times:
        if time.future and (year is None or (time.year or 0) >= year):
            return "target"
        if time.year is not None and year is not None and time.year != year:
            return "result" if time.year < year else "target"
    return ""


def by_words(text: str) -> Kind:
    """What the words of a folded clause or sentence say; "" if they say both or nothing."""
    target, result = bool(_TARGET.search(text)), bool(_RESULT.search(text))
    if target == result:
        return ""
    return "target" if target else "result"
