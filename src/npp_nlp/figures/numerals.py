"""Numbers as they are written in Chinese text, to floats: 1,200 and 5.5, 二百七十亿, 百分之五, 1.4万亿.

All patterns are for folded text (`npp_nlp.text.fold`) and possessive: no input makes them go back.
"""

from __future__ import annotations

import re

DIGITS = "零〇○一二三四五六七八九"
_VALUE = {char: max(i - 2, 0) for i, char in enumerate(DIGITS)} | {"两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}

ARABIC = r"(?:\d{1,3}(?:,\d{3})++(?!\d)|\d++)(?:[.·]\d++)?+"
_UNIT = "[瓦克米伏卡焦赫帕]"  # 千瓦: 千 belongs to the unit
HAN = rf"(?:[{DIGITS}两十百万亿]|千(?!{_UNIT}))++(?:点[{DIGITS}]++)?+"
MAGNITUDE = f"(?:[百万亿]|千(?!{_UNIT}))"

_PLAIN = re.compile(ARABIC)
_LONGEST = 40  # no stated figure is longer; a longer run is no number


def parse_number(text: str) -> float | None:
    """The value of a folded number, Arabic or Chinese, with 百千万亿 after it; None if it is not one number.

    Two digits side by side, as in 五六百, say that the writer was not sure: no number either.

    >>> [parse_number(t) for t in ("1,200", "4·3", "二百七十亿", "一点二六", "十", "1.4万亿", "百万")]
    [1200.0, 4.3, 27000000000.0, 1.26, 10.0, 1400000000000.0, 1000000.0]
    >>> parse_number("五六百") is None, parse_number("一九五八") is None
    (True, True)
    """
    if not text or len(text) > _LONGEST:
        return None
    plain = _PLAIN.match(text)
    if plain:
        value = float(plain.group().replace(",", "").replace("·", "."))
        scale = _magnitude(text[plain.end() :])
        return None if scale is None else _rounded(value * scale)
    whole, point, fraction = text.partition("点")
    if point:
        if not fraction or not all(char in _VALUE for char in fraction):
            return None
        head = _whole(whole)
        decimals = "".join(str(_VALUE[char]) for char in fraction)
        return None if head is None else float(f"{head}.{decimals}")
    found = _whole(whole)
    return None if found is None else float(found)


def _rounded(value: float) -> float:
    """Without the dust of binary fractions: 11.86 times 10^12 is a whole number."""
    return float(f"{value:.12g}")


def _magnitude(text: str) -> int | None:
    """The product of 百千万亿; 1 for nothing."""
    scale = 1
    for char in text:
        step = _SMALL.get(char) or _LARGE.get(char)
        if step is None:
            return None
        scale *= step
    return scale


def _whole(text: str) -> int | None:
    """A whole Chinese number: 一万零四百, 十二, 六亿五千万, 万亿."""
    if not text:
        return None
    total = section = 0
    digit: int | None = None
    for place, char in enumerate(text):
        if char in _VALUE:
            if digit:  # 五六百
                return None
            digit = _VALUE[char]
        elif char in _SMALL:
            if digit is None and place and char != "十" and text[place - 1] not in _LARGE:
                return None
            section += (1 if digit is None else digit) * _SMALL[char]
            digit = None
        elif char in _LARGE:
            section += digit or 0
            digit = None
            if section == 0 and total == 0 and place == 0:
                section = 1
            # 万亿 multiplies what came before; 一亿二千万 adds to it
            grows = section == 0 or (char == "亿" and 0 < total < 10**8)
            total = (total + section) * _LARGE[char] if grows else total + section * _LARGE[char]
            section = 0
        else:
            return None
    if digit and len(text) > 1 and text[-2] in "百千万亿":  # 二百五, which may be 250 or 205
        return None
    return total + section + (digit or 0)
