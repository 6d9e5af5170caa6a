"""Dates and years as Chinese documents write them: 2024年3月5日, 2024-03-05, 二〇二四年三月五日."""

import datetime
import re

from npp_nlp.text import fold

_YEAR = r"(?:19|20)\d\d"
_ZERO = "〇○零◯o0"
_CN_YEAR = rf"(?:一九|二[{_ZERO}])[{_ZERO}一二三四五六七八九]{{2}}"
_CN_VALUE = {c: i for i, c in enumerate("〇一二三四五六七八九")} | dict.fromkeys(_ZERO, 0)
_DAY = re.compile(rf"(?<!\d)({_YEAR})\s*([年\-/.])\s*(\d{{1,2}})\s*[月\-/.]\s*(\d{{1,2}})(?!\d)\s*日?")
_CN_DAY = re.compile(
    rf"({_CN_YEAR})\s*(年)\s*([一二三四五六七八九十]{{1,2}})\s*月\s*([一二三四五六七八九十]{{1,3}})\s*日"
)
_MONTH = re.compile(rf"({_YEAR}|{_CN_YEAR})\s*年\s*(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}})\s*月")
_IN_FORCE = re.compile(
    r"自[^,。;]{0,24}?(?:起施行|起实施|起执行|起生效|施行|实施)|[\d年月日\-/. ]{8,14}(?:实施|施行|生效)"
)

_TITLE_YEAR = re.compile(
    r"(?<![\d\-—~至到自从近约])(?<!\d[、和与及,])(?<!面向)(?<!展望)(?<!迈向)"
    rf"({_YEAR}|{_CN_YEAR})\s*年"
    r"(?!\s*[-—~至到]|\d|度?\s*(?:远景|愿景|目标|中长期|前|底|末|以前|以来|以后|之前|之后|来))"
)
_SUBJECT = re.compile(r"执行情况|完成情况|情况的|决算|总结|回顾|审计")


def dates_of(text: str) -> list[str]:
    """All full dates of a text in their order, as YYYY-MM-DD; the day from which a rule is in force is left out.

    >>> dates_of("（2024年1月5日公布　自2024年3月1日起施行）")
    ['2024-01-05']
    """
    words = _IN_FORCE.sub("", fold(text))
    found = sorted([*_DAY.finditer(words), *_CN_DAY.finditer(words)], key=lambda m: m.start())
    return [day for day in map(_day, found) if day]


def parse_date(text: str) -> str | None:
    """The first full date in a text, as YYYY-MM-DD.

    >>> parse_date("二〇二四年三月五日"), parse_date("时间：2026-02-09"), parse_date("2024年")
    ('2024-03-05', '2026-02-09', None)
    """
    return next(iter(dates_of(text)), None)


def only_date(text: str) -> str | None:
    """The date of a text that names one day only: with two, which one is meant cannot be known.

    >>> only_date("（2024年1月5日）"), only_date("2024年1月5日通过，2025年2月6日修订")
    ('2024-01-05', None)
    """
    days = set(dates_of(text))
    return days.pop() if len(days) == 1 else None


def is_day(text: str) -> bool:
    """Whether a line is a date and nothing else.

    >>> is_day("（二○二四年一月五日）"), is_day("2024年1月5日印发")
    (True, False)
    """
    if len(text) > 30:
        return False
    bare = fold(text).strip("() ")
    return any(p.fullmatch(bare) for p in (_DAY, _CN_DAY)) and parse_date(bare) is not None


def starts_with_day(text: str) -> bool:
    """Whether a text begins with a full date, brackets and dashes before it apart."""
    bare = fold(text).lstrip("(—- ")
    return any(p.match(bare) for p in (_DAY, _CN_DAY))


def title_years(title: str) -> set[int]:
    """The years a title states; spans (2021—2025年), goals (到2035年) and ends of periods (2030年前) are none.

    >>> title_years("二〇二四年政府工作报告"), title_years("发展规划（2021—2025年）")
    ({2024}, set())
    """
    return {_number(m.group(1)) for m in _TITLE_YEAR.finditer(fold(title))}


def month_year(text: str) -> int | None:
    """The year of a line that is a month and nothing else, as below the title of a cover.

    >>> month_year("二〇二一年十月"), month_year("（2021 年 10 月）"), month_year("2021年10月以来")
    (2021, 2021, None)
    """
    found = _MONTH.fullmatch(fold(text).strip("() ")) if len(text) <= 20 else None
    return _number(found.group(1)) if found else None


def document_year(title: str | None, date: str | None, month: int | None, number: str | None) -> int | None:
    """The year of a document: of its title if that states one, else of its date or month, else of its number.

    A title that is about a year (关于2024年预算执行情况的报告) gives way to the date, and gives none without a date.
    """
    years = title_years(title or "")
    dated = int(date[:4]) if date else month
    if len(years) == 1:
        year = years.pop()
        about = "关于" in fold(title or "")
        if not about or dated == year:
            return year
        if dated is not None:
            return dated
        return None if _SUBJECT.search(fold(title or "")) else year
    if dated is not None:
        return dated
    numbered = (
        re.search(rf"[〔\[(【]\s?({_YEAR})|({_YEAR})年第", fold(number)) if number and not years else None
    )
    return int(numbered.group(1) or numbered.group(2)) if numbered else None


def _day(found: re.Match[str]) -> str | None:
    year, _, month, day = found.groups()
    try:
        return datetime.date(_number(year), _number(month), _number(day)).isoformat()
    except ValueError:
        return None


def _number(numeral: str) -> int:
    """A number in digits, digit by digit in characters (二〇二四), or up to 99 with 十."""
    if numeral.isdecimal():
        return int(numeral)
    if "十" in numeral:
        tens, _, ones = numeral.partition("十")
        return _CN_VALUE.get(tens, 1 if not tens else 99) * 10 + (_CN_VALUE.get(ones, 99) if ones else 0)
    return int("".join(str(_CN_VALUE[c]) for c in numeral))
