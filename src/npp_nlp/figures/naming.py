"""Which noun phrase is a figure's indicator: one of its own clause, else that of the clauses before it in the sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from npp_nlp.figures.amounts import Amount, is_count
from npp_nlp.figures.lead import Lead
from npp_nlp.figures.phrases import noun_behind, noun_phrase, split_items
from npp_nlp.figures.sentences import Sentence
from npp_nlp.figures.times import Time
from npp_nlp.figures.units import PERCENT, TIMED
from npp_nlp.figures.words import GENERIC, KEPT, SCOPES, STRONG
from npp_nlp.segmentation import segment

_ASKS_TIME = re.compile("寿命|时间|年限|工期|期限|时长|天数|年龄|学时|周期")
_ASKS_NUMBER = re.compile("(?:规模|数|人口|量|额|收入|支出|产值)$")
_RANKS = ("排名", "位次", "名次", "名列")
_TALK = (
    "任务",
    "工作",
    "措施",
    "方面",
    "原则",
    "问题",
    "要求",
    "意见",
    "建议",
    "方针",
    "特点",
    "关系",
    "阶段",
    "环节",
    "部分",
)
_FEW = 20  # 十项主要任务 tell how a text is built
_GIVEN = re.compile("给予|发放|拨付|授予")
_ADJUSTED = re.compile("考虑|扣除|剔除|按(?:可比|不变)")
_SEPARATOR = re.compile(r"[、和与及或\s]|以及|,")
_CHANGING = ("growth", "decline", "rise_to", "fall_to")
_NOUNS = ("n", "nz", "vn", "j", "ng", "an", "nx")


@dataclass(slots=True)
class Memory:
    """What earlier figures of the sentence leave to later ones; `items` and `queue` are the indicators of 分别."""

    clause: int = -1
    indicator: str = ""
    change: str = ""
    bound: str = ""
    baseline: Time | None = None
    items: list[str] = field(default_factory=list)
    queue: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Place:
    """Where an amount stands: its number and clause, and the spans before it and behind it.

    The clause begins at `begin`, the text that is the figure's own at `left`; what stands behind it ends at `stop`.
    `joined` says that only 、 or 和 is between it and the figure before.
    """

    number: int
    clause: int
    begin: int
    left: int
    stop: int
    joined: bool


def place_of(sentence: Sentence, number: int) -> Place:
    """The place of an amount; brackets are a clause of their own."""
    amount = sentence.amounts[number]
    clause = sentence.clause_of(amount.start)
    begin, stop = sentence.clauses[clause]
    for start, end in sentence.asides:
        if start < amount.start < end:
            begin, stop = start + 1, end - 1
    left, joined = begin, False
    if number and sentence.amounts[number - 1].after > begin:
        left = min(sentence.amounts[number - 1].after, amount.start)
        joined = bool(_SEPARATOR.fullmatch(sentence.text, left, amount.start))
    if number + 1 < len(sentence.amounts):
        stop = min(stop, sentence.amounts[number + 1].start)
    return Place(number, clause, begin, left, stop, joined)


def indicator_of(sentence: Sentence, amount: Amount, lead: Lead, place: Place, memory: Memory) -> str:
    """The indicator of an amount as written, "" if it has none."""
    if amount.unit == "" and not _named(sentence, amount, lead, place):
        return ""
    if place.joined and memory.queue:
        return memory.queue.pop(0)
    memory.queue = []
    own = _own(sentence, amount, lead, place)
    if own in GENERIC:
        own = memory.indicator if memory.clause >= place.clause - 1 else _topic(sentence, place.clause - 1)
    found = own or _inherited(sentence, lead, place, memory)
    if lead.each:
        found = _shared(sentence, place, memory, found, inherited=not own)
    elif own:
        memory.items = []
    return found if found and _plausible(amount, lead, found) else ""


def _named(sentence: Sentence, amount: Amount, lead: Lead, place: Place) -> bool:
    """Whether a figure without a unit has a noun behind it, or before it a noun that asks for a number."""
    if noun_behind(sentence, amount, place.stop, governed=False):
        return True
    before = noun_phrase(sentence, lead)
    return before is not None and bool(_ASKS_NUMBER.search(sentence.text, *before))


def _plausible(amount: Amount, lead: Lead, indicator: str) -> bool:
    """Lengths of time need a verb of change or a noun that asks for one; ranks and parts of a text are no figures."""
    if amount.unit == "位":
        return not indicator.endswith(_RANKS)
    if amount.unit in ("个", "项", "条", "种") and amount.value <= _FEW and indicator.endswith(_TALK):
        return False
    return (
        amount.unit not in TIMED
        or bool(_ASKS_TIME.search(indicator))
        or lead.change in ("rise_to", "fall_to")
    )


def _own(sentence: Sentence, amount: Amount, lead: Lead, place: Place) -> str:
    """The noun phrase before or behind the figure, in its own clause."""
    tail = sentence.tokens_between(lead.left, lead.right)
    word, tag = (sentence.words[tail[-1]], sentence.tags[tail[-1]]) if tail else ("", "")
    verb = (tag == "v" or word in STRONG) and word != "比"
    behind = None
    if not lead.base and not lead.source:
        governed = verb or lead.change in ("growth", "decline")
        behind = _behind(sentence, amount, place, governed=governed)
    if behind:
        listed = place.left > place.begin and sentence.text[amount.start - 1] in "、和与及"
        alone = verb or lead.owned or listed or lead.right <= lead.left or _examples(word, tag, amount)
        if alone or _takes_object(sentence, amount, lead, behind[1]):
            return (word if word in KEPT else "") + sentence.raw[slice(*behind)]
    found = noun_phrase(sentence, lead) or behind
    return sentence.raw[slice(*found)] if found else ""


def _behind(sentence: Sentence, amount: Amount, place: Place, *, governed: bool) -> tuple[int, int] | None:
    """The noun phrase behind a figure, or behind the last of several in a row: 给予60万元、40万元扶持."""
    found = noun_behind(sentence, amount, place.stop, governed=governed)
    number, end = place.number, sentence.clauses[place.clause][1]
    while not found and number + 1 < len(sentence.amounts):
        before, after = sentence.amounts[number], sentence.amounts[number + 1]
        if before.unit != after.unit or not _SEPARATOR.fullmatch(sentence.text, before.after, after.start):
            break
        number += 1
        further = number + 1 < len(sentence.amounts)
        stop = min(end, sentence.amounts[number + 1].start) if further else end
        found = noun_behind(sentence, after, stop, governed=governed)
    return found


def _examples(word: str, tag: str, amount: Amount) -> bool:
    """Whether examples or a place stand before a count: 桑龙、醴娄等7条高速公路, 全国100余家企业."""
    return is_count(amount.unit) and (word in ("等", "等地", "等等") or tag == "ns" or word in SCOPES)


def _takes_object(sentence: Sentence, amount: Amount, lead: Lead, end: int) -> bool:
    """Whether verb, figure and noun stand in a row up to the end of the clause: 国务院增发1000亿元财政债券."""
    if amount.unit == "":
        return True  # 600多万 can only count what follows
    closed = sentence.text[end : end + 1] in ("", *"、,;:。!?)")
    given = bool(_GIVEN.search(sentence.text, lead.left, lead.right))
    return (
        closed
        and (given or lead.change in ("growth", "decline", "level"))
        and amount.unit not in (PERCENT, "倍")
    )


def _inherited(sentence: Sentence, lead: Lead, place: Place, memory: Memory) -> str:
    """The indicator of the clause before: its noun phrase if it has no figure, else that of its last figure."""
    if place.clause == memory.clause or place.joined or sentence.in_aside(place.begin):
        return memory.indicator
    clause = place.clause - 1
    while clause > memory.clause and _says_nothing(sentence, clause):
        clause -= 1
    if clause < 0 or any(sentence.text[sentence.clauses[c][1]] in ";:" for c in range(clause, place.clause)):
        return ""
    if clause == memory.clause:
        return memory.indicator
    return _topic(sentence, clause) or (
        _subject(sentence, clause) if lead.source or lead.reach or lead.change in _CHANGING else ""
    )


def _says_nothing(sentence: Sentence, clause: int) -> bool:
    """A clause that is only a time, or tells how the figure was adjusted."""
    begin, end = sentence.clauses[clause]
    if _ADJUSTED.match(sentence.text, begin):
        return True
    return any(time.start <= begin + 1 and end - 1 <= time.end for time in sentence.times)


def _topic(sentence: Sentence, clause: int) -> str:
    """A clause that is a noun phrase, as in 粮食、棉花等产品的产量,都增长一倍."""
    if clause < 0:
        return ""
    begin, end = sentence.clauses[clause]
    if any(sentence.words[i] in ("是", "为", "有", "成为") for i in sentence.tokens_between(begin, end)):
        return ""
    found = noun_phrase(sentence, Lead(begin, end), topic=True)
    if found is None or found[1] - found[0] < 0.6 * (end - begin):
        return ""
    before, inside = sentence.tokens_between(begin, found[0]), sentence.tokens_between(*found)
    verbal = any(sentence.tags[i] == "v" for i in before)
    return (
        sentence.raw[slice(*found)] if inside and not verbal and sentence.tags[inside[-1]] in _NOUNS else ""
    )


def _subject(sentence: Sentence, clause: int) -> str:
    """The noun phrase that a clause opens with: 零售规模连续9年居世界首位,从1.31万亿元增长到13.1万亿元."""
    begin, end = sentence.clauses[clause]
    tokens = sentence.tokens_between(begin, end)
    stop = next((i for i in tokens if sentence.tags[i] in ("v", "d", "ad", "a", "p", "m", "c", "r")), None)
    if stop is None or stop == tokens[0]:
        return ""
    found = noun_phrase(sentence, Lead(begin, sentence.starts[stop]), topic=True)
    return sentence.raw[slice(*found)] if found and found[1] - found[0] > 2 else ""


def _shared(sentence: Sentence, place: Place, memory: Memory, phrase: str, *, inherited: bool) -> str:
    """The indicators of 分别, one for each figure of the group."""
    count, amounts = 1, sentence.amounts[place.number :]
    for first, second in pairwise(amounts):
        if not _SEPARATOR.fullmatch(sentence.text, first.after, second.start):
            break
        count += 1
    if count == 1 or not phrase:
        return phrase
    kept = inherited and len(memory.items) == count
    items = memory.items if kept else split_items(segment(phrase), count)
    if not items:
        return phrase
    memory.items, memory.queue = items, items[1:]
    return items[0]
