"""Amounts in a text: a number with its unit, with what is written around it about its precision.

One pass of one regular expression over the folded text, then ranges are joined (4%—6%, 三至五倍).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from npp_nlp.figures.numerals import ARABIC, HAN, MAGNITUDE, parse_number
from npp_nlp.figures.units import COUNTERS, MEASURED, NOT_BEFORE, PERCENT, POINTS, TIMED, UNIT

_NUMBER = rf"(?:{ARABIC}|{HAN})"
_AMOUNT = re.compile(
    rf"(?P<per>百分之|千分之)(?P<share>{_NUMBER})(?P<more_share>[多余])?"
    rf"|(?P<parts>[二两三四五六七八九十百]{{1,3}})分之(?P<taken>[一二两三四五六七八九十]{{1,2}})"
    r"|(?P<half>一半)(?!是|以)"
    r"|翻(?P<turned>了|[一两]?)(?P<turns>[一两]?)番"
    rf"|(?P<number>{_NUMBER})(?:/(?P<under>\d++)(?!/))?\x20?(?P<more>[多余])?(?P<scale>{MAGNITUDE}{{0,4}}+)"
    rf"\x20?(?P<more_scale>[多余])?(?P<unit>[%‰]|个?百分点|{UNIT})?(?P<more_unit>[多余](?![年种元]))?"
)
_SCALE = re.compile("[百千万亿]+")
_RANGE = re.compile(r"\s?(?:[-—~～]{1,2}|至|到)\s?")
_AFTER = re.compile(r"\s?(?:(左右|上下)|(以上|及以上|以外)|(以内|以下|之内))")
_INDEFINITE = "红第数几十两上好成每逾"  # 第3位, 数十家, 几百人, 上千个
_INDEFINITE_ARABIC = "第每"
_REACHED = re.compile(r"(?:突破|超过?|过|达到?|跨越?|跨上|连跨|站上|跃上|迈上|近|逾|约)[了]?$")
_QUOTES = '"《〈'
_CLASS = "级型档"  # 1000千瓦级发动机 is a name
_LATIN = re.compile("[a-z_]")
_KNOWN_COUNTERS = frozenset(COUNTERS.split())
_ALONE = frozenset("一二三四五六七八九两")
SMALL = 10  # Chinese counts below it name sets: 三个代表, 两手抓, 四个全面


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit: offsets of what is written, its value (of a range the lower and the higher end).

    `bound` is what stands behind or inside the figure: about (左右), at_least (以上), at_most (以内), over (多, 余), or "".
    """

    start: int
    end: int
    value: float
    high: float | None
    unit: str
    bound: str
    after: int
    """Where the figure ends with the words of its bound."""


def find_amounts(folded: str) -> list[Amount]:
    """All amounts of a folded text, in order, ranges joined; what has no unit is none.

    >>> [(a.value, a.high, a.unit, a.bound) for a in find_amounts("增长4%-6%,粮食1.4万亿斤左右,七成,三百多万户")]
    [(4.0, 6.0, '%', ''), (1400000000000.0, None, '斤', 'about'), (70.0, None, '%', ''), (3000000.0, None, '户', 'over')]
    >>> find_amounts("2025年3月5日,第三条,三个代表,数十家,5g基站")
    []
    """
    rough = [amount for match in _AMOUNT.finditer(folded) if (amount := _read(match, folded))]
    return [a for a in _joined(rough, folded) if a.unit != "?"]


def _read(match: re.Match[str], folded: str) -> Amount | None:
    """The amount of a match; unit "?" where there is none, for the lower end of a range."""
    found = _ratio(match) if match["number"] is None else _counted(match, folded)
    if found is None:
        return None
    value, unit, end, more = found
    return _bounded(Amount(match.start(), end, value, None, unit, "over" if more else "", end), folded)


def _bounded(amount: Amount, folded: str) -> Amount:
    """With the bound written behind it."""
    after = _AFTER.match(folded, amount.end)
    if not after:
        return amount
    bound = ("about", "at_least", "at_most")[(after.lastindex or 1) - 1]
    return replace(amount, bound=bound, after=after.end())


def _ratio(match: re.Match[str]) -> tuple[float, str, int, bool] | None:
    """百分之五, 四分之三, 一半, 翻两番."""
    end = match.end()
    if match["share"]:
        value, unit = parse_number(match["share"]), PERCENT if match["per"] == "百分之" else "‰"
        return None if value is None else (value, unit, end, bool(match["more_share"]))
    if match["parts"]:
        whole, taken = parse_number(match["parts"]), parse_number(match["taken"])
        return (100 * taken / whole, PERCENT, end, False) if whole and taken and taken < whole else None
    if match["half"]:
        return 50.0, PERCENT, end, False
    times = parse_number(match["turns"] or match["turned"].replace("了", "")) or 1.0
    return times, "番", end, False


def _counted(match: re.Match[str], folded: str) -> tuple[float, str, int, bool] | None:
    """1200万人, 三百多家, 1/4, 七成."""
    number, scale, unit = match["number"], match["scale"], match["unit"] or ""
    if number in _ALONE and not scale and unit not in MEASURED and (unit or number == "一"):
        return None  # most of the numerals of a text: 一个, 三项, 一
    before, end = folded[match.start() - 1 : match.start()], match.end()
    value = parse_number(number + scale)
    if value is None or not _stands_alone(match, folded, before):
        return None
    more = bool(match["more"] or match["more_scale"] or match["more_unit"])
    if match["under"]:
        return None if unit or scale or more else _fraction(value, match)
    following = folded[end : end + 1]
    if unit and following and following in NOT_BEFORE.get(unit, ""):
        unit, end = "", match.start("unit")
    if unit == "个" and not scale and "." in number and following in ("和", "、", "及"):
        unit = POINTS  # 分别提升31.1个和26.3个百分点
    if unit == "" and (not (scale or number[-1] in "万亿") or (not more and value < 10_000)):
        unit = "?"
    found = _measured(value, unit, number, scale)
    return None if found is None else (*found, end, more)


def _fraction(value: float, match: re.Match[str]) -> tuple[float, str, int, bool] | None:
    """1/4 as 25 %."""
    whole = float(match["under"])
    return (100 * value / whole, PERCENT, match.end("under"), False) if 0 < value < whole <= 1000 else None


def _measured(value: float, unit: str, number: str, scale: str) -> tuple[float, str] | None:
    """Value and unit in their one form; None for years and for names of sets."""
    if unit == "成":
        return (10 * value, PERCENT) if value < SMALL else None
    if unit == "百分点":
        return value, POINTS
    year = unit == "年" and not scale and 1000 <= value < 3000
    counted = unit not in MEASURED and unit not in TIMED and unit not in ("?", POINTS)
    small = counted and number[0] not in "0123456789" and value < SMALL
    one = number == "一" and not scale and unit in MEASURED and unit not in ("倍", POINTS)  # 一度, 一斤粮食
    return None if year or small or one or unit == "番" else (value, unit)


def _stands_alone(match: re.Match[str], folded: str, before: str) -> bool:
    """Whether the number is a number of its own: not 第三, pm2.5, 5g, "30条", 数十."""
    number, after = match["number"], folded[match.end() : match.end() + 1]
    if (before and (before in _QUOTES or _LATIN.match(before))) or (
        match["unit"] and after and after in _CLASS
    ):
        return False
    if number[0] in "0123456789":
        latin_unit = (match["unit"] or "").isascii() and match["unit"] not in (None, "%")
        glued = bool(_LATIN.match(after)) and (latin_unit or not match["unit"])
        dotted = bool(before) and before in ".·/" and folded[match.start() - 2 : match.start() - 1].isalnum()
        return not (glued or dotted or before in tuple(_INDEFINITE_ARABIC))
    indefinite = bool(before) and before in _INDEFINITE
    if all(char in "百千万亿" for char in number):
        more = bool(match["more"] or match["more_scale"]) and not indefinite
        return more or bool(_REACHED.search(folded, max(0, match.start() - 4), match.start()))
    return not indefinite


def _joined(amounts: list[Amount], folded: str) -> list[Amount]:
    """Ranges as one amount: 4%—6%, 3至5个百分点; not 从40个到29个."""
    result: list[Amount] = []
    for amount in amounts:
        last = result[-1] if result else None
        if last and last.high is None and _is_range(last, amount, folded):
            scale = 1.0
            if (
                last.unit == "?" and last.value < 10_000 <= amount.value
            ):  # 3至5万人: the magnitude is written once
                scale = parse_number(_SCALE.findall(folded[amount.start : amount.end])[-1]) or 1.0
            result[-1] = replace(amount, start=last.start, value=last.value * scale, high=amount.value)
        else:
            result.append(amount)
    return result


def _is_range(low: Amount, high: Amount, folded: str) -> bool:
    between = _RANGE.fullmatch(folded, low.end, high.start)
    if not between or low.unit not in ("?", high.unit) or high.unit == "?":
        return False
    if low.value >= high.value:
        return False
    return folded[low.start - 1 : low.start] not in ("从", "由", "自")


def is_count(unit: str) -> bool:
    """Whether the unit is a measure word for things, so that a noun may follow: 153家国家绿色数据中心.

    >>> is_count("家"), is_count("%")
    (True, False)
    """
    return unit == "" or unit in _KNOWN_COUNTERS
