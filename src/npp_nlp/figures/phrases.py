"""What a figure is a figure of: the noun phrase before it (粮食产量达到1.4万亿斤) or behind it (建成153家绿色数据中心).

The text between a figure and the one before it is read backwards: bounds, verbs of change, adverbs, times; what is
left is cut to a noun phrase by the words and their parts of speech. A clause without one has that of the clause before.
"""

from __future__ import annotations

import re

from npp_nlp.figures.amounts import Amount, is_count
from npp_nlp.figures.lead import Lead
from npp_nlp.figures.numerals import DIGITS
from npp_nlp.figures.sentences import Sentence
from npp_nlp.figures.words import KEPT, NOT_INDICATORS, STRONG, is_change, scope_at

LONGEST = 40
_NUMERIC = frozenset(f"0123456789.年{DIGITS}")
_NOMINAL = ("n", "nz", "vn", "an", "nt", "ns", "nr", "j", "ng", "nx", "l", "i", "s", "b")
_HEADS = re.compile(
    r"(?:贷款余额|存款余额|人均可支配收入|平均浓度|增加值|总产值|产值|产量|销量|销售额|交易额|进出口额|进出口|出口额|余额|收入|支出|投资"
    r"|利润|占比|比重|比例|覆盖率|普及率|失业率|[^、和与及]{0,4}率|消费量|总额|数量|人数|面积|里程|规模|能力|总量|浓度|强度|价格)$"
)
_EDGES = " \t\"'、,.:;的和与及—-·了()"


def noun_phrase(sentence: Sentence, lead: Lead, *, topic: bool = False) -> tuple[int, int] | None:
    """The span of the noun phrase at the end of what a lead left over; None if there is none."""
    left, right = _without_times(sentence, lead)
    tokens = sentence.tokens_before(left, right)
    if not tokens:
        return None
    first = _first_token(sentence, tokens, strict=not lead.verb or topic)
    start = _past_openers(sentence, sentence.starts[first], right, verbs=not lead.verb and not topic)
    inside = sentence.tokens_before(start, right)
    if not inside:
        return None
    acts = sentence.words[inside[0]] in STRONG and sentence.tags[inside[0]] == "v"
    if acts and not (len(inside) == 1 and lead.change in ("growth", "decline")):  # but 进口增长6%
        return None
    return trimmed(sentence, start, right)


def _past_openers(sentence: Sentence, start: int, end: int, *, verbs: bool) -> int:
    """Where a span begins without times, scopes (我国, 其中), adverbs and verbs that govern what follows.

    With `verbs` any verb goes that has its object behind it: 改造供热管网1287公里.
    """
    while start < end:
        moved = next((t.end for t in sentence.times if t.start == start and t.end < end), 0)
        if not moved:
            length = scope_at(sentence.text, start, end)
            behind = start + length
            whole = sentence.begins_word(behind) or any(t.start == behind for t in sentence.times)
            moved = behind if length and behind < end and whole else 0
        if not moved:
            inside = sentence.tokens_between(start, end)
            more = len(inside) > 1 and sentence.starts[inside[0]] == start
            moved = sentence.ends[inside[0]] if more and _droppable(sentence, inside[0], verbs=verbs) else 0
        if not moved:
            break
        start = moved
    return start


def _droppable(sentence: Sentence, i: int, *, verbs: bool) -> bool:
    """Whether a word at the beginning is no part of a noun phrase."""
    word, tag = sentence.words[i], sentence.tags[i]
    if word in KEPT or word in ("实际", "一般"):
        return False
    if tag == "v" and verbs:
        return sentence.words[i + 1] not in ("的", "和", "、")
    return (tag == "v" and word in STRONG) or tag in ("d", "ad", "vd", "u", "p", "c", "f", "y")


def _without_times(sentence: Sentence, lead: Lead) -> tuple[int, int]:
    """The span behind the last comparison, or before it if nothing stands behind."""
    left, right = lead.left, lead.right
    for time in sentence.times:
        if left <= time.start and time.end <= right and time.baseline:
            lead.baseline = lead.baseline or time
            if time.end < right - 1:
                left = time.end
            else:
                right = time.start
    return left, right


def _first_token(sentence: Sentence, tokens: range, *, strict: bool) -> int:
    """The first word of the noun phrase that ends with the last of the words."""
    begin = tokens[-1] + 1
    for i in reversed(tokens):
        word, tag = sentence.words[i], sentence.tags[i]
        if sentence.in_aside(sentence.starts[i]) or sentence.in_aside(sentence.ends[i]):
            continue
        if begin == tokens[-1] + 1 and tag in ("d", "u", "c", "p") and word != "比":
            continue
        if word in KEPT:
            begin = i
            continue
        if begin <= tokens[-1] and _stops(sentence, i, strict=strict):
            break
        begin = i
    return min(begin, tokens[-1])


def _stops(sentence: Sentence, i: int, *, strict: bool) -> bool:
    word, tag = sentence.words[i], sentence.tags[i]
    if tag == "p":
        return not (word == "比" and i and sentence.words[i - 1] == "占") and word not in ("对", "每")
    if word in ("将", "拟", "已") and tag == "d":
        return True
    if tag == "v" and i and sentence.words[i - 1] == "、" and i + 1 < len(sentence.words):
        return strict and sentence.words[i + 1] not in ("、", "的", "和")
    if word in ("占", "所占"):
        return not any(name in sentence.words[i + 1 : i + 9] for name in ("比", "比重", "比例", "份额"))
    if word in STRONG and tag == "v" and not (i and sentence.words[i - 1] == "实际"):
        return i + 1 >= len(sentence.words) or sentence.words[i + 1] != "的"
    return tag == "r" and word not in ("各", "各类", "每", "各级", "全", "本", "其他", "其它")


def trimmed(sentence: Sentence, start: int, end: int, *, object_of: bool = False) -> tuple[int, int] | None:
    """The span without brackets at its end, particles, lone quotes; None if what is left is no indicator.

    An `object_of` a verb may be verbs itself: 给予创新扶持.
    """
    text = sentence.text
    changed = True
    while changed and start < end:
        before = (start, end)
        for begin, stop in sentence.asides:
            if stop == end and begin >= start:
                end = begin
            if begin == start and stop <= end:
                start = stop
        while start < end and text[end - 1] in _EDGES and not _closes(text, start, end):
            end -= 1
        while start < end and text[start] in _EDGES and not _opens(text, start, end):
            start += 1
        changed = before != (start, end)
    phrase = text[start:end]
    if all(char in _NUMERIC for char in phrase):
        return None
    if not 1 <= len(phrase) <= LONGEST or phrase in NOT_INDICATORS:
        return None
    if not object_of and not has_noun(sentence, start, end):
        return None
    return start, end


def _closes(text: str, start: int, end: int) -> bool:
    """Whether the quote or bracket at the end has its fellow inside."""
    if text[end - 1] == '"':
        return text.count('"', start, end) % 2 == 0
    return text[end - 1] == ")" and "(" in text[start:end]


def _opens(text: str, start: int, end: int) -> bool:
    if text[start] == '"':
        return text.count('"', start, end) % 2 == 0
    return text[start] == "(" and ")" in text[start:end]


def has_noun(sentence: Sentence, start: int, end: int) -> bool:
    """Whether the span holds a word that can be a noun."""
    inside = sentence.tokens_between(start, end)
    if not len(inside):
        return end - start >= 2
    alone = len(inside) == 1 and sentence.tags[inside[0]] == "v" and len(sentence.words[inside[0]]) > 1
    return alone or any(sentence.tags[i] in _NOMINAL for i in inside)  # alone: 让利, 出口


def noun_behind(sentence: Sentence, amount: Amount, stop: int, *, governed: bool) -> tuple[int, int] | None:
    """The noun phrase right behind a figure: 153家国家绿色数据中心, 30%的村.

    `governed` says that a verb stands before the figure, so that what follows is its object to the end.
    """
    place = amount.after
    if not is_count(amount.unit) and sentence.text[place : place + 1] == "的":
        place += 1
    for begin, end in sentence.asides:
        if begin == place:
            place = end
    tokens = sentence.tokens_between(place, stop)
    if place >= stop or not tokens or not _begins_noun(sentence, tokens[0], place, governed=governed):
        return None
    last, relative = _walk(sentence, tokens, governed=governed)
    if last < 0:
        return None
    start = sentence.ends[relative] if 0 <= relative < last else place
    return trimmed(sentence, start, sentence.ends[last], object_of=governed)


def _walk(sentence: Sentence, tokens: range, *, governed: bool) -> tuple[int, int]:
    """The last word of a noun phrase and the last 的 in it that closes a description; -1 if there is none."""
    last = relative = -1
    for i in tokens:
        if any(start <= sentence.starts[i] < end for start, end in sentence.asides):
            continue  # 首台（套）重大技术装备
        if sentence.words[i] == "的":
            if not _relative(sentence, tokens[0], i):
                break
            relative = i
        elif _ends_noun(sentence, i, tokens, governed=governed):
            break
        last = i
    return last, relative


def _begins_noun(sentence: Sentence, i: int, place: int, *, governed: bool) -> bool:
    """Whether a noun phrase can begin right behind a figure, with this word."""
    if sentence.text[place] in "、,;:和与及或(的" or is_change(sentence.words[i]):
        return False
    return governed or sentence.tags[i] != "v"


def _ends_noun(sentence: Sentence, i: int, tokens: range, *, governed: bool) -> bool:
    """Whether a noun phrase behind a figure ends before this word."""
    word, tag = sentence.words[i], sentence.tags[i]
    if tag == "w":
        return word not in '"、·-+'
    if tag == "c":
        return word not in ("和", "与", "及", "以及", "或")
    if tag == "v" and sentence.words[i - 1] == "、":
        return True
    if tag not in ("v", "d", "ad", "p", "r", "y", "m", "t", "f") or (governed and tag in ("v", "m")):
        return False
    reaches = i == tokens[0] or "的" in sentence.words[i + 1 : min(i + 8, tokens[-1])]
    return not (governed and reaches)


def _relative(sentence: Sentence, first: int, de: int) -> bool:
    """Whether what stands before 的 describes rather than owns: a verb or an adjective, no plain noun."""
    return any(sentence.tags[i] in ("v", "a", "b", "z", "f") for i in range(first, de))


def split_items(words: list[str], count: int) -> list[str] | None:
    """The indicators of 分别: A、B的C to A的C and B的C; None if their number is not that of the figures.

    >>> split_items(["制造业", "、", "普惠小微", "贷款余额"], 2), split_items(["粮食", "产量"], 2)
    (['制造业贷款余额', '普惠小微贷款余额'], None)
    """
    items = [""]
    for word in words:
        if word in ("、", "和", "与", "及", "以及"):
            items.append("")
        else:
            items[-1] += word
    if len(items) != count or not all(items):
        return None
    head = _HEADS.search(items[-1])
    if not head or any(_HEADS.search(item) for item in items[:-1]) or head.start() == 0:
        return items
    return [item + head.group() for item in items[:-1]] + items[-1:]
