"""The figures of one sentence: each amount with its indicator, change, bound, time and kind."""

from __future__ import annotations

import re
from dataclasses import dataclass

from npp_nlp.figures.amounts import Amount, is_count
from npp_nlp.figures.lead import Lead, read_lead
from npp_nlp.figures.naming import Memory, Place, indicator_of, place_of
from npp_nlp.figures.sentences import Sentence
from npp_nlp.figures.tense import Kind, kind_of
from npp_nlp.figures.times import Time
from npp_nlp.figures.units import PERCENT

_REPEATED = re.compile(
    "(?:连续|第|前|每|历时|为期|近期|时隔|每(?:增长|增加|提高|下降|减少|降低|投入)|第.{1,2}[至到、-])$"
)
_OF_TARGET = re.compile("的?(?:预定|预期|规划|计划)?目标|的预期")
_OPENERS = re.compile("^(?:相比|对比|[比较同与和跟])")


@dataclass(slots=True)
class Figure:
    """An amount with what it is a figure of, and how."""

    amount: Amount
    indicator: str
    change: str
    bound: str
    baseline: str
    period: str
    period_year: int | None
    whole: str
    kind: Kind


def read_figures(sentence: Sentence, year: int | None, section: Kind) -> list[Figure]:
    """The figures of a sentence that have an indicator, in order.

    `year` is the document's; `section` is what its part of the document is about.
    """
    figures: list[Figure] = []
    memory = Memory()
    for number, amount in enumerate(sentence.amounts):
        place = place_of(sentence, number)
        if _no_figure(sentence, amount, place):
            continue
        lead = read_lead(sentence, place.left, amount.start, points=amount.unit not in (PERCENT, "倍"))
        indicator = indicator_of(sentence, amount, lead, place, memory)
        if not indicator:
            continue
        baseline = _baseline(sentence, lead, place, amount)
        if place.joined or (memory.change == "base" and memory.clause == place.clause):
            baseline = baseline or memory.baseline
        change = (
            "base" if lead.base or lead.source else lead.change or (memory.change if place.joined else "")
        )
        if place.joined and memory.bound in ("about", "at_most"):  # 分别约为70%、60%
            lead.bound = lead.bound or memory.bound
        memory.clause, memory.indicator, memory.change = place.clause, indicator, change
        memory.bound, memory.baseline = lead.bound, lead.base or baseline
        change = "growth" if amount.unit == "番" else change or "level"
        figure = _figure(sentence, amount, lead, baseline, change)
        figure.indicator = indicator
        figure.kind = _kind(sentence, amount, lead, place, (year, section))
        figures.append(figure)
    return figures


def _no_figure(sentence: Sentence, amount: Amount, place: Place) -> bool:
    """Modifiers (5000万元以上项目, 100人以上企业120家) and counts of repetition (连续4次)."""
    text = sentence.text
    if _REPEATED.search(text, max(0, amount.start - 4), amount.start):
        return True
    if amount.bound not in ("at_least", "at_most") or amount.after >= place.stop:
        return False
    if text[amount.after] in "、,;:和)":
        return False
    amounts = sentence.amounts
    followed = place.number + 1 < len(amounts) and amounts[place.number + 1].start == place.stop
    return followed or not (is_count(amount.unit) or amount.unit == PERCENT)


def _figure(sentence: Sentence, amount: Amount, lead: Lead, baseline: Time | None, change: str) -> Figure:
    time = _time(sentence, lead, amount)
    if change == "base":
        baseline = None
    bound = amount.bound
    if not _OF_TARGET.match(sentence.text, amount.after):  # 略低于8%的预定目标: the target itself is 8%
        bound = bound or lead.bound or ("aim" if lead.aim else "")
    period = _OPENERS.sub("", _written(sentence, time)) if lead.base else _written(sentence, time)
    when = (_written(sentence, baseline), period, time.year if time else None)
    return Figure(amount, "", change, bound, *when, lead.whole, "")


def _written(sentence: Sentence, time: Time | None) -> str:
    return sentence.raw[time.start : time.end].strip("的 ") if time else ""


def _baseline(sentence: Sentence, lead: Lead, place: Place, amount: Amount) -> Time | None:
    """The comparison nearest before the figure, in its clause or closing the one before."""
    if lead.baseline:
        return lead.baseline
    begin = place.left
    if place.clause and place.left == place.begin:
        start, end = sentence.clauses[place.clause - 1]
        if any(t.baseline and start <= t.start and end - 1 <= t.end <= end for t in sentence.times):
            begin = start
    found = [t for t in sentence.times if t.baseline and begin <= t.start and t.end <= amount.start]
    return found[-1] if found else None


def _time(sentence: Sentence, lead: Lead, amount: Amount) -> Time | None:
    """The time that governs a figure: its own, or the last one stated before it in the sentence."""
    if lead.base or lead.time or lead.source:
        return lead.base or lead.time
    before = [t for t in sentence.times if not t.baseline and t.end <= amount.start]
    # 等于一九四九年的二点六倍 is no time of what follows
    before = [t for t in before if sentence.text[t.end] != "的"]
    return before[-1] if before else None


def _kind(
    sentence: Sentence, amount: Amount, lead: Lead, place: Place, around: tuple[int | None, Kind]
) -> Kind:
    if _OF_TARGET.match(sentence.text, amount.after):
        return "target"
    time = _time(sentence, lead, amount)
    begin = place.begin if place.joined else place.left
    clause, whole = _said(sentence, begin, amount.after), _said(sentence, 0, amount.after)
    year, section = around
    return kind_of(clause, whole, [time] if time else [], year, section)


def _said(sentence: Sentence, begin: int, end: int) -> str:
    """A span without its comparisons: 比去年 says nothing of the year of the figure."""
    pieces = []
    for time in sentence.times:
        if time.baseline and begin <= time.start and time.end <= end:
            pieces.append(sentence.text[begin : time.start])
            begin = time.end
    return "".join(pieces) + sentence.text[begin:end]
