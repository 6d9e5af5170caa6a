"""When a figure holds, and what it is compared with: 2025年, 去年, 到2030年, “十三五”末; 比上年, 较2012年, 同比."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from npp_nlp.figures.numerals import DIGITS, parse_number

_YEAR = rf"(?:(?:1[89]|20)\d\d|一[八九][{DIGITS}]{{2}}|二[〇○零][{DIGITS}]{{2}})"
_MANY = r"(?:\d{1,2}|[一二三四五六七八九十两几]{1,2})"
_PLAN = r"\"?(?:[一二三四五六七八九]|十[一二三四五六]?)五\"?(?:计划|规划|时期|期间|以来|[初末])+"
_MONTH = r"(?:1[0-2]|[1-9]|十[一二]|[一二三四五六七八九十])月(?:份|底|末)?"
_RELATIVE = (
    rf"前?(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])个?月(?:份|末|底)?(?![\d日])|[一二三四上下前][一二三四]?季度"
    "|去年|今年|明年|上年|前年|本年度?|当年|近几年|近年来|前几年|同期|上一年|前一年|往年|年初|年底|上半年|下半年"
    rf"|(?:过去的?|最近|今后|未来|前|近|这|头)的?{_MANY}年(?:来|间|里|中|内)?|{_MANY}年(?:来|间|里|内|以来)|{_MANY}年(?=年?均|平均|累计)"
)
_TIME = re.compile(
    rf"(?P<lead>到|至|截至|截止|从|自)?(?:(?P<year>{_YEAR})(?:年(?!代)|(?=[-—至到、]{_YEAR}年))"
    rf"(?:(?P<to>[-—至到、]|到底)(?P<last>{_YEAR})年)?(?P<month>{_MONTH})?|(?P<plan>{_PLAN})|第?[一二三四五六]个五年计划|(?P<relative>{_RELATIVE}))"
    r"(?:以?前的?[一二三四五六七八九十]{1,3}年|的?(?:同期|末|底|初|前|以来|以前|期间|全年|上半年|下半年|前三季度|一季度|(?:四|六)年内))?"
)
_OPENERS = ("相比于", "相比", "对比", "比", "较", "同", "与", "和", "跟")
_ALONE = re.compile("同比|环比")
_OFFSET = {
    "去年": -1,
    "上年": -1,
    "前年": -2,
    "今年": 0,
    "本年": 0,
    "本年度": 0,
    "明年": 1,
    "上一年": -1,
    "前一年": -1,
}
_PLANS = {
    "一": 1957,
    "二": 1962,
    "三": 1970,
    "四": 1975,
    "五": 1980,
    "六": 1985,
    "七": 1990,
    "八": 1995,
    "九": 2000,
}
_PLANS |= {"十": 2005, "十一": 2010, "十二": 2015, "十三": 2020, "十四": 2025, "十五": 2030}
_PLAN_NUMBER = re.compile("([一二三四六七八九]|十[一二三四五六]?|五(?=五))五")


@dataclass(frozen=True, slots=True)
class Time:
    """A time in a sentence: its offsets, the year it comes to (None if that cannot be said), whether it is a baseline.

    `future` says that it is written as a time to reach (到2030年).
    """

    start: int
    end: int
    year: int | None
    baseline: bool
    future: bool


def find_times(folded: str, document_year: int | None) -> list[Time]:
    """The times of a folded sentence in order; relative ones are resolved by the year of the document.

    >>> [(t.year, t.baseline) for t in find_times("2024年产量比上年增长,到二〇三〇年翻番,同比提高", 2025)]
    [(2024, False), (2024, True), (2030, False), (None, True)]
    >>> find_times("去年", None)[0].year is None
    True
    """
    found = [_time(match, folded, document_year) for match in _TIME.finditer(folded)]
    found += [Time(m.start(), m.end(), None, True, False) for m in _ALONE.finditer(folded)]
    return sorted(found, key=lambda time: time.start)


def _time(match: re.Match[str], folded: str, document_year: int | None) -> Time:
    start = match.start()
    opener = next((o for o in _OPENERS if folded.endswith(o, 0, start)), "")
    weak = opener in ("同", "与", "和", "跟")
    after = folded[match.end() : match.end() + 8]
    baseline = bool(opener) and not folded.endswith("占比", 0, start) and (not weak or "比" in after)
    end = match.end()
    if baseline:
        start -= len(opener)
        end += next((len(w) for w in ("相比较", "相比", "相对比", "同期") if after.startswith(w)), 0)
    return Time(start, end, _resolved(match, document_year), baseline, match["lead"] in ("到", "至"))


def _resolved(match: re.Match[str], document_year: int | None) -> int | None:
    """The (last) calendar year of a time."""
    if match["year"]:
        return calendar_year(match["last"] or match["year"])
    if match["plan"]:
        whole = match.group().rstrip('"').endswith(("末", "期间", "时期"))
        return plan_end(match["plan"]) if whole else None
    relative = match["relative"]
    if relative is None or document_year is None:
        return None
    if relative in ("过去一年", "过去的一年", "一年来"):
        return document_year - 1
    shift = _OFFSET.get(relative)
    return None if shift is None else document_year + shift


def plan_end(written: str) -> int | None:
    """The last year of a five-year plan: of 十四五 2025; None if it is not known.

    >>> plan_end("十四五时期"), plan_end("一五期间")
    (2025, 1957)
    """
    number = _PLAN_NUMBER.search(written)
    return _PLANS.get(number[1]) if number else None


@lru_cache(maxsize=1024)
def calendar_year(written: str) -> int:
    """The year of four digits, Arabic or Chinese.

    >>> calendar_year("一九五八"), calendar_year("2025")
    (1958, 2025)
    """
    if written.isascii():
        return int(written)
    return int("".join(str(int(parse_number(char) or 0)) for char in written))
