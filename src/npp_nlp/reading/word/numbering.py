"""The automatic numbers of a Word document: 一、 （二） 第三章 1.1 as Word prints them in front of paragraphs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from npp_nlp.reading.word.styles import W, number, value

if TYPE_CHECKING:
    from lxml import etree

_DIGITS = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_PLACE = re.compile("%([1-9])")
_ITEMS = frozenset({"lowerLetter", "upperLetter", "lowerRoman"})
_LEVELS = 9
_MOST = 32_767  # Word counts no further


def chinese(count: int, digits: str = _DIGITS, units: str = "十百千") -> str | None:
    """A number from 1 to 9999 in Chinese numerals; 十 to 十九 without a leading 一.

    >>> [chinese(n) for n in (10, 12, 20, 101, 110, 2024)]
    ['十', '十二', '二十', '一百零一', '一百一十', '二千零二十四']
    """
    if not 0 < count < 10_000:
        return None
    found = ""
    gap = False
    for power in (3, 2, 1, 0):
        digit = count // 10**power % 10
        if digit:
            found += (digits[0] if gap else "") + digits[digit] + (units[power - 1] if power else "")
        gap = bool(found) and not digit
    return found[1:] if count < 20 and digits == _DIGITS and count >= 10 else found


def _below_hundred(count: int) -> str | None:
    return chinese(count) if count < 100 else None


def _roman(count: int) -> str | None:
    if not 0 < count < 4000:
        return None
    found = ""
    for worth, letters in _ROMAN:
        found += letters * (count // worth)
        count %= worth
    return found


def _letters(count: int) -> str | None:
    """Letters from a to z, then aa, bb and so on."""
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1) if 0 < count <= 780 else None


def _of(characters: str) -> Callable[[int], str | None]:
    """Numbers that are single characters, one for each."""
    return lambda count: characters[count - 1] if 0 < count <= len(characters) else None


def _row(first: str, many: int) -> Callable[[int], str | None]:
    return _of("".join(chr(ord(first) + i) for i in range(many)))


def _upper(render: Callable[[int], str | None]) -> Callable[[int], str | None]:
    def capital(count: int) -> str | None:
        found = render(count)
        return found.upper() if found else None

    return capital


FORMATS: dict[str, Callable[[int], str | None]] = {
    "decimal": str,
    "decimalHalfWidth": str,
    "decimalZero": lambda count: f"{count:02d}",
    "decimalFullWidth": lambda count: str(count).translate({48 + i: 0xFF10 + i for i in range(10)}),
    "upperRoman": _upper(_roman),
    "lowerRoman": _roman,
    "upperLetter": _upper(_letters),
    "lowerLetter": _letters,
    "chineseCounting": _below_hundred,
    "chineseCountingThousand": chinese,
    "japaneseCounting": _below_hundred,
    "taiwaneseCountingThousand": chinese,
    "taiwaneseCounting": _below_hundred,
    "chineseLegalSimplified": lambda count: chinese(count, _LEGAL, "拾佰仟"),
    "ideographDigital": lambda count: str(count).translate(
        {48 + i: c for i, c in enumerate("〇" + _DIGITS[1:])}
    ),
    "japaneseDigitalTenThousand": lambda count: str(count).translate(
        {48 + i: c for i, c in enumerate("〇" + _DIGITS[1:])}
    ),
    "ideographTraditional": _of("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _of("子丑寅卯辰巳午未申酉戌亥"),
    "ideographEnclosedCircle": _row("㊀", 10),
    "decimalEnclosedCircle": _row("①", 20),
    "decimalEnclosedCircleChinese": _row("①", 20),
    "decimalEnclosedParen": _row("⑴", 20),
    "decimalEnclosedFullstop": _row("⒈", 20),
    "numberInDash": lambda count: f"- {count} -",
    "none": lambda count: "",
}
"""Format of numbers -> a function that writes a number, None where it is not known for certain how Word would."""


@dataclass(frozen=True)
class Level:
    """One level of a numbering: where it starts, how it counts, and the pattern that is printed, such as （%2）."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False
    suffix: str = "tab"
    style: str = ""


@dataclass
class List:
    """One list of the document: the levels, the abstract list that it counts with, and which levels start anew.

    A level starts anew where the list first uses it.
    """

    levels: dict[int, Level]
    abstract: str
    starts: dict[int, int] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Printed:
    """What stands in front of a paragraph: a number with its blank; bullets are not written.

    `item` says that it is a bullet or a letter, as items of lists have; `known` is False if the number is not sure.
    """

    text: str = ""
    item: bool = False
    known: bool = True


class Numbering:
    """The lists of a document and how far each has counted."""

    def __init__(self, root: etree._Element | None = None) -> None:
        self._lists: dict[int, List] = {}
        self._counts: dict[str, list[int | None]] = {}
        if root is not None:
            self._read(root)

    def _read(self, root: etree._Element) -> None:
        abstract: dict[str, dict[int, Level]] = {}
        styled: dict[str, str] = {}
        links: dict[str, str] = {}
        for node in root.iterchildren(W + "abstractNum"):
            name = node.get(W + "abstractNumId", "")
            abstract[name] = dict(map(_level, node.iterchildren(W + "lvl")))
            links[name] = value(node, "numStyleLink") or ""
            styled.setdefault(value(node, "styleLink") or "", name)
        for node in root.iterchildren(W + "num"):
            name = value(node, "abstractNumId") or ""
            name = styled.get(links.get(name, ""), name) if links.get(name) else name
            found = List(dict(abstract.get(name, {})), name)
            for change in node.iterchildren(W + "lvlOverride"):
                at = number(change.get(W + "ilvl"), 0)
                own = change.find(W + "lvl")
                if own is not None:
                    found.levels[at] = _level(own)[1]
                start = value(change, "startOverride")
                if start is not None:
                    found.starts[at] = number(start, 1)
            self._lists[number(node.get(W + "numId"), 0)] = found

    def level_of_style(self, numbering: int, style: str) -> int:
        """The level of a list that is linked to a style, 0 if none is."""
        levels = self._lists[numbering].levels if numbering in self._lists else {}
        return next((at for at, level in levels.items() if style and level.style == style), 0)

    def next(self, numbering: int, level: int) -> Printed:
        """Count one paragraph of a list and give what Word prints in front of it.

        Lists of one abstract list go on counting where the last one stopped, unless they start anew. A level that is
        used before the one above it counts that one as begun.
        """
        found = self._lists.get(numbering)
        if found is None or level not in found.levels or not 0 <= level < _LEVELS:
            return Printed(known=numbering == 0 or found is None)
        counts = self._counts.setdefault(found.abstract, [None] * _LEVELS)
        for at in range(level):
            if counts[at] is None:
                counts[at] = found.levels[at].start if at in found.levels else 1
        anew = level in found.starts and level not in found.used
        found.used.add(level)
        before = counts[level]
        if before is None or anew:
            counts[level] = found.starts.get(level, found.levels[level].start)
        else:
            counts[level] = min(before + 1, _MOST)
        for at in range(level + 1, _LEVELS):
            restart = found.levels[at].restart if at in found.levels else None
            if restart is None or level < restart:
                counts[at] = None
        return self._printed(found, level, counts)

    def _printed(self, found: List, at: int, counts: list[int | None]) -> Printed:
        level = found.levels[at]
        if level.format == "bullet":
            return Printed(item=True)
        if not level.text:
            return Printed()
        known = True

        def written(place: re.Match[str]) -> str:
            nonlocal known
            one = int(place.group(1)) - 1
            count = counts[one]
            other = found.levels.get(one)
            form = other.format if other else "decimal"
            # isLgl writes all numbers in Arabic digits.
            render = FORMATS.get("decimal" if level.legal and form != "decimalZero" else form)
            text = render(count) if render and count is not None else None
            known = known and text is not None
            return text or ""

        text = _PLACE.sub(written, level.text).strip()
        item = level.format in _ITEMS
        return Printed(text + _blank(text, level.suffix), item) if known else Printed(known=False)


def _blank(text: str, suffix: str) -> str:
    """What parts a number from the words: nothing after 、 and brackets, else a blank where Word leaves space."""
    return "" if not text or suffix == "nothing" or text[-1] in "、，：．）)】〕" else " "


def _level(node: etree._Element) -> tuple[int, Level]:
    level = Level(
        start=min(max(number(value(node, "start"), 0), 0), _MOST),
        format=_format(node),
        text=(value(node, "lvlText") or "")[:200],
        legal=node.find(W + "isLgl") is not None and value(node, "isLgl") not in ("0", "false", "off"),
        suffix=value(node, "suff") or "tab",
        style=value(node, "pStyle") or "",
    )
    restart = value(node, "lvlRestart")
    if restart is not None:
        level = replace(level, restart=number(restart, 0))
    return number(node.get(W + "ilvl"), 0), level


def _format(node: etree._Element) -> str:
    """The format of the numbers; newer ones stand in the first choice of an alternative."""
    own = value(node, "numFmt")
    if own is not None:
        return own
    found = next(node.iter(W + "numFmt"), None)
    return (found.get(W + "val") or "decimal") if found is not None else "decimal"
