"""Result or target: what the clause says, then the sentence, then the part of the document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from npp_nlp.figures.times import Time, plan_end

Kind = Literal["result", "target", ""]

_TARGET = re.compile(
    "力争|争取|力求|确保(?!了)|(?<![于超出符])预期(?!寿命)|目标|计划(?:新|完成|安排|投|建|实施|发|在)|拟|将(?![军士领])"
    "|(?<![主需重首只摘纲必])要(?![求素点闻么])|必须|应当|有望|明年|今后|下一步"
)
_RESULT = re.compile(
    "了(?![解望然])|已(?!知)|过去|以来|去年|上年|圆满|创历史|新高|截至|截止|居全国|居世界|位居|[一五]年来|首次"
    r"|同比|环比|前[一二三四五六七八九十\d]+个?月|连续[\d一二三四五六七八九十]+[年个]"
)
_AIM_REACHED = re.compile("(?:实现|完成|达到|超额|好于)[^,。;]{0,14}(?:目标|预期)")  # tells nothing by itself
_WEAK_TARGET = re.compile("左右|安排|努力|规划|加快|推进|加强|深化|支持|推动")
_WEAK_RESULT = re.compile("累计|完成|共有|建成|取得|获得|获批|荣获|达到|增长|下降|同比|比上年")
_RULE = re.compile(
    r"给予[^,。;]{0,8}(?:最高|一次性|\d)|最高(?:给予|补贴|补助|奖励|资助)"
)  # neither result nor target
_PAST_HEAD = re.compile("回顾|成就|成绩|成效|总结|进展|工作情况|执行情况|历史性|所做的工作")
_FUTURE_HEAD = re.compile("目标|任务|部署|安排|打算|要求|重点工作|工作重点|今后|政策取向|建议|奋斗|展望|蓝图")
_PLANNING_HEAD = re.compile("目标|任务|要求|部署|安排|建议")


def heading_kind(heading: str) -> Kind:
    """What the figures under a heading are likely to be.

    >>> heading_kind("一、2024年工作回顾"), heading_kind("二、主要目标和任务"), heading_kind("三、回顾和任务")
    ('result', 'target', '')
    """
    past, future = _PAST_HEAD.search(heading), _FUTURE_HEAD.search(heading)
    if past and _PLANNING_HEAD.search(heading):
        return ""
    return "result" if past else "target" if future else ""


_TURN = re.compile(
    r"(?:^|[。!?])[^,。]{0,8}?(?:(?P<past>过去的?[一二三四五]?年|过去的?[一五]年|[一五]年来|去年|这五年)|(?P<next>今年(?!以来|前|上半年|一季度|初|[\d一二三四五六七八九十]+月)|明年|今后|下一步))"
)


_PLAN_TURN = re.compile(
    r"(?:^|[。!?])[^,。]{0,6}?(?P<plan>\"?(?:[一二三四五六七八九]|十[一二三四五六]?)五\"?(?:时期|期间))"
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
        found += _plan_turns(folded, year)
        found += [
            (m.start(), "target")
            for m in re.finditer(rf"(?:^|[。!?])[^,。]{{0,8}}?{year}年(?=[,,是])", folded)
        ]
    return sorted(found)


def _plan_turns(folded: str, year: int) -> list[tuple[int, Kind]]:
    """Sentences that open with the time of a five-year plan: over, or still to come when the document was written."""
    found: list[tuple[int, Kind]] = []
    for match in _PLAN_TURN.finditer(folded):
        end = plan_end(match["plan"])
        if end is not None and end != year:
            found.append((match.start(), "result" if end < year else "target"))
    return found


@dataclass(slots=True)
class Section:
    """What the part of a document is about: set by headings, turned by sentences that open with a time.

    A heading below one that tells does not change it: 落实战略任务 under 工作回顾 is still the past.

    >>> section = Section()
    >>> [section.under(h, level) for h, level in [("一、工作回顾", 1), ("（一）落实任务", 2), ("二、主要任务", 1)]]
    ['result', 'result', 'target']
    """

    kind: Kind = ""
    level: int = 99
    above: Kind = ""

    def under(self, heading: str, level: int) -> Kind:
        """Enter the part below a folded heading."""
        own = heading_kind(heading)
        if self.above and level > self.level:
            self.kind = self.above
        else:
            self.level, self.above, self.kind = level, own, own
        return self.kind


def kind_of(clause: str, sentence: str, times: list[Time], year: int | None, section: Kind) -> Kind:
    """Result, target, or "" where nothing tells.

    `clause` is the figure's own, up to its end with its bound; `times` those that hold for it.
    """
    stated = by_time(times, year)
    if section != "result" and _RULE.search(sentence):
        return stated
    own = by_words(clause)
    if stated != "result" and own != stated:
        return own or stated
    return stated or by_words(sentence) or section or by_words(sentence, weak=True)


def by_time(times: list[Time], year: int | None) -> Kind:
    """A year before that of the document is past, one behind it to come."""
    for time in times:
        if time.future and (year is None or (time.year or 0) >= year):
            return "target"
        if time.year is not None and year is not None and time.year != year:
            return "result" if time.year < year else "target"
    return ""


def by_words(text: str, *, weak: bool = False) -> Kind:
    """What the words of a folded clause or sentence say, or what they hint at; "" if both or nothing.

    >>> by_words("建成了5个中心"), by_words("力争建成5个中心"), by_words("建成5个中心,增长5%", weak=True)
    ('result', 'target', 'result')
    """
    if weak:
        target, result = bool(_WEAK_TARGET.search(text)), bool(_WEAK_RESULT.search(text))
    else:
        text = _AIM_REACHED.sub("", text)
        target, result = bool(_TARGET.search(text)), bool(_RESULT.search(text))
    if target == result:
        return ""
    return "target" if target else "result"
