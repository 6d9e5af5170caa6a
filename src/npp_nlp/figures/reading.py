"""The figures of one sentence: each amount with its indicator, change, bound, time and kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from npp_nlp.figures.amounts import Amount, is_count
from npp_nlp.figures.phrases import Lead, noun_behind, noun_phrase, read_lead, split_items
from npp_nlp.figures.sentences import Sentence
from npp_nlp.figures.tense import Kind, kind_of
from npp_nlp.figures.times import Time
from npp_nlp.figures.units import PERCENT, TIMED
from npp_nlp.figures.words import GENERIC, KEPT, SCOPES, STRONG
from npp_nlp.segmentation import segment

_ASKS_TIME = re.compile("寿命|时间|年限|工期|期限|时长|天数|年龄|学时|周期")
_NO_FIGURE_BEFORE = re.compile("(?:连续|第|前|每|历时|为期|近期|时隔|每(?:增长|增加|提高|下降|减少|降低|投入))$")
_OF_TARGET = re.compile("的?(?:预定|预期|规划|计划)?目标|的预期")
CHANGING = ("growth", "decline", "rise_to", "fall_to")
_ASIDE_CLAUSE = re.compile("考虑|扣除|剔除|按(?:可比|不变)")
_SEPARATOR = re.compile(r"[、和与及或\s]|以及|,")


@dataclass(slots=True)
class Figure:
    """One row: an amount with what it is a figure of and how."""

    amount: Amount
    indicator: str
    change: str
    bound: str
    baseline: str
    period: str
    period_year: int | None
    whole: str
    kind: Kind


@dataclass(slots=True)
class _Memory:
    """What earlier figures of the sentence leave to later ones."""

    clause: int = -1
    indicator: str = ""
    change: str = ""
    baseline: Time | None = None
    items: list[str] = field(default_factory=list)
    queue: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Place:
    """Where an amount stands: its number, clause, the span before it, where the text behind it ends."""

    number: int
    clause: int
    begin: int
    left: int
    stop: int
    joined: bool
    """Only 、 or 和 stands between it and the figure before."""


def read_figures(sentence: Sentence, year: int | None, section: Kind) -> list[Figure]:
    """The figures of a sentence that have an indicator, in order."""
    figures: list[Figure] = []
    memory = _Memory()
    for number, amount in enumerate(sentence.amounts):
        place = _place(sentence, number)
        lead = read_lead(sentence, place.left, amount.start, points=amount.unit not in (PERCENT, "倍"))
        if _no_figure(sentence, amount, place):
            continue
        indicator = _indicator(sentence, amount, lead, place, memory)
        if not indicator or not _plausible(amount, lead, indicator):
            continue
        figure = _figure(sentence, amount, lead, place, memory)
        figure.indicator = indicator
        if _OF_TARGET.match(sentence.text, amount.after):  # 略低于8%的预定目标: the bound is not the target's
            figure.bound = amount.bound
        figure.kind = _kind(sentence, amount, lead, place, (year, section))
        figures.append(figure)
        memory.clause, memory.indicator, memory.change = place.clause, indicator, figure.change
        memory.baseline = _baseline(sentence, lead, place, amount) or (
            memory.baseline if place.joined else None
        )
    return figures


def _place(sentence: Sentence, number: int) -> _Place:
    amount = sentence.amounts[number]
    clause = sentence.clause_of(amount.start)
    begin, stop = sentence.clauses[clause]
    for start, end in sentence.asides:
        if start < amount.start < end:
            begin, stop = start + 1, end - 1
    left, joined = begin, False
    if number:
        before = sentence.amounts[number - 1]
        if before.after > begin:
            left = min(before.after, amount.start)
            joined = bool(_SEPARATOR.fullmatch(sentence.text, left, amount.start))
    if number + 1 < len(sentence.amounts):
        stop = min(stop, sentence.amounts[number + 1].start)
    return _Place(number, clause, begin, left, stop, joined)


def _no_figure(sentence: Sentence, amount: Amount, place: _Place) -> bool:
    """Modifiers (5000万元以上项目, 100人以上企业120家) and counts of repetition (连续4次)."""
    text = sentence.text
    if _NO_FIGURE_BEFORE.search(text, max(0, amount.start - 4), amount.start):
        return True
    if amount.bound not in ("at_least", "at_most") or amount.after >= place.stop:
        return False
    if text[amount.after] in "、,;:的和)" and text[amount.after] != "的":
        return False
    following = (
        place.number + 1 < len(sentence.amounts) and sentence.amounts[place.number + 1].start == place.stop
    )
    return following or not (is_count(amount.unit) or amount.unit == PERCENT)


def _plausible(amount: Amount, lead: Lead, indicator: str) -> bool:
    """Lengths of time need a verb of change or a noun that asks for one."""
    return (
        amount.unit not in TIMED
        or bool(_ASKS_TIME.search(indicator))
        or lead.change in ("rise_to", "fall_to")
    )


def _indicator(sentence: Sentence, amount: Amount, lead: Lead, place: _Place, memory: _Memory) -> str:
    if place.joined and memory.queue:
        return memory.queue.pop(0)
    memory.queue = []
    own = _own(sentence, amount, lead, place)
    if own in GENERIC:
        own = memory.indicator if memory.clause >= place.clause - 1 else ""
        own = own or _topic(sentence, place)
    found = own or _inherited(sentence, lead, place, memory)
    if lead.each:
        return _shared(sentence, place, memory, found, inherited=not own)
    if own:
        memory.items = []
    return found


def _own(sentence: Sentence, amount: Amount, lead: Lead, place: _Place) -> str:
    """The noun phrase before or behind the figure, in its own clause."""
    tail = sentence.tokens_between(lead.left, lead.right)
    word, tag = (sentence.words[tail[-1]], sentence.tags[tail[-1]]) if tail else ("", "")
    verb = (tag == "v" or word in STRONG) and word != "比"
    behind = None
    if not lead.base and not lead.source:
        behind = noun_behind(
            sentence, amount, place.stop, governed=verb or lead.change in ("growth", "decline")
        )
    if behind and (
        verb or lead.owned or _listed(sentence, tail, amount) or lead.right <= lead.left or _takes_object(sentence, amount, lead, behind)
    ):
        return (word if word in KEPT else "") + sentence.raw[slice(*behind)]
    before = noun_phrase(sentence, lead)
    if amount.unit == "" and not behind:
        return ""
    if before:
        return sentence.raw[slice(*before)]
    return sentence.raw[slice(*behind)] if behind else ""


def _listed(sentence: Sentence, tail: range, amount: Amount) -> bool:
    """Whether examples or a place stand before a count: 桑龙、醴娄等7条高速公路, 全国100余家企业."""
    if not tail or not is_count(amount.unit):
        return False
    word = sentence.words[tail[-1]]
    return word in ("等", "等地", "等等") or sentence.tags[tail[-1]] == "ns" or word in SCOPES


def _takes_object(sentence: Sentence, amount: Amount, lead: Lead, behind: tuple[int, int]) -> bool:
    """Whether verb, figure and noun stand in a row up to the end of the clause: 国务院增发1000亿元财政债券."""
    closed = sentence.text[behind[1] : behind[1] + 1] in ("", *"、,;:。!?)")
    return (
        closed
        and lead.verb
        and lead.change in ("growth", "decline", "level")
        and amount.unit not in (PERCENT, "倍")
    )


def _inherited(sentence: Sentence, lead: Lead, place: _Place, memory: _Memory) -> str:
    """The indicator of the clause before: its noun phrase if it has no figure, else that of its last figure."""
    if place.clause == memory.clause or place.joined:
        return memory.indicator
    if sentence.in_aside(place.begin):
        return memory.indicator
    clause = place.clause - 1
    while clause > memory.clause and clause >= 0:
        begin, end = sentence.clauses[clause]
        if sentence.text[end : end + 1] in ";。:":
            return ""
        if _ASIDE_CLAUSE.match(sentence.text, begin) or any(
            time.start <= begin + 1 and end - 1 <= time.end for time in sentence.times
        ):
            clause -= 1
            continue
        return _topic_at(sentence, clause) or (
            _subject(sentence, clause) if lead.source or lead.change in CHANGING else ""
        )
    if clause >= 0 and clause == memory.clause and sentence.text[sentence.clauses[clause][1]] != ";":
        return memory.indicator
    return ""


def _topic(sentence: Sentence, place: _Place) -> str:
    return _topic_at(sentence, place.clause - 1) if place.clause else ""


def _topic_at(sentence: Sentence, clause: int) -> str:
    """A clause that is a noun phrase, as in 粮食、棉花等产品的产量,都增长一倍."""
    begin, end = sentence.clauses[clause]
    if any(sentence.words[i] in ("是", "为", "有", "成为") for i in sentence.tokens_between(begin, end)):
        return ""
    found = noun_phrase(sentence, Lead(begin, end), topic=True)
    if found is None or found[1] - found[0] < 0.6 * (end - begin):
        return ""
    if any(sentence.tags[i] == "v" for i in sentence.tokens_between(begin, found[0])):
        return ""
    last = sentence.tokens_between(*found)
    nominal = bool(len(last)) and sentence.tags[last[-1]] in ("n", "nz", "vn", "j", "ng", "an", "nx")
    return sentence.raw[slice(*found)] if nominal else ""


def _subject(sentence: Sentence, clause: int) -> str:
    """The noun phrase that a clause opens with: 零售规模连续9年居世界首位,从1.31万亿元增长到13.1万亿元."""
    begin, end = sentence.clauses[clause]
    tokens = sentence.tokens_between(begin, end)
    stop = next((i for i in tokens if sentence.tags[i] in ("v", "d", "ad", "a", "p", "m", "c", "r")), None)
    if stop is None or stop == tokens[0]:
        return ""
    found = noun_phrase(sentence, Lead(begin, sentence.starts[stop]), topic=True)
    return sentence.raw[slice(*found)] if found and found[1] - found[0] > 2 else ""


def _shared(sentence: Sentence, place: _Place, memory: _Memory, phrase: str, *, inherited: bool) -> str:
    """The indicators of 分别, one for each figure of the group."""
    count = 1
    amounts = sentence.amounts
    for first, second in zip(amounts[place.number :], amounts[place.number + 1 :], strict=False):
        if not _SEPARATOR.fullmatch(sentence.text, first.after, second.start):
            break
        count += 1
    words = segment(phrase) if not inherited and count > 1 else []
    items = memory.items if inherited and len(memory.items) == count else split_items(words, count)
    if not items or count == 1:
        return phrase
    memory.items, memory.queue = items, items[1:]
    return items[0]


def _figure(sentence: Sentence, amount: Amount, lead: Lead, place: _Place, memory: _Memory) -> Figure:
    change = lead.change or (memory.change if place.joined else "") or "level"
    if amount.unit == "番":
        change = "growth"
    baseline = _baseline(sentence, lead, place, amount) or (memory.baseline if place.joined else None)
    time = _time(sentence, lead, amount)
    if lead.base:
        change, time, baseline = "level", lead.base, None
    bound = amount.bound or lead.bound or ("aim" if lead.aim else "")
    return Figure(
        amount,
        "",
        change,
        bound,
        _written(sentence, baseline),
        _written(sentence, time),
        time.year if time else None,
        lead.whole,
        "",
    )


def _written(sentence: Sentence, time: Time | None) -> str:
    return sentence.raw[time.start : time.end].strip("的 ") if time else ""


def _baseline(sentence: Sentence, lead: Lead, place: _Place, amount: Amount) -> Time | None:
    """The comparison nearest before the figure, in its clause or in one that is nothing else."""
    if lead.baseline:
        return lead.baseline
    begin = place.begin
    clause = place.clause - 1
    if clause >= 0 and place.left == place.begin:
        a, b = sentence.clauses[clause]
        if any(t.baseline and t.end >= b - 1 for t in sentence.times):
            begin = a
    found = [
        t
        for t in sentence.times
        if t.baseline
        and begin <= t.start
        and t.end <= amount.start
        and t.start >= place.left - (place.left - begin)
    ]
    found = [t for t in found if t.start >= place.left or begin < place.begin]
    return found[-1] if found else None


def _time(sentence: Sentence, lead: Lead, amount: Amount) -> Time | None:
    """The time that governs a figure: its own, or the last one stated before it in the sentence."""
    if lead.time:
        return lead.time
    before = [t for t in sentence.times if not t.baseline and t.end <= amount.start]
    return before[-1] if before else None


def _kind(
    sentence: Sentence, amount: Amount, lead: Lead, place: _Place, around: tuple[int | None, Kind]
) -> Kind:
    time = lead.base or _time(sentence, lead, amount)
    clause = sentence.text[
        place.left if place.left > place.begin and not place.joined else place.begin : amount.after
    ]
    if _OF_TARGET.match(sentence.text, amount.after):
        return "target"
    year, section = around
    return kind_of(clause, sentence.text[: amount.after], [time] if time else [], year, section)
