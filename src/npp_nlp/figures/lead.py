"""What stands between a figure and the one before it, read backwards: bounds, verbs of change, adverbs, times."""

from __future__ import annotations

import re
from dataclasses import dataclass

from npp_nlp.figures.sentences import Sentence
from npp_nlp.figures.times import Time
from npp_nlp.figures.words import KEPT, suffixes

_SHARE = re.compile(r"(?:占(?!比)(?:了|到)?|相当于|约为)([^,;、占]{1,30})的?$")
_OVER_OTHER = re.compile(r"(?:高于|低于|超过|快于|慢于|高出|多于|少于|大于)([^,;、]{1,20}?)的?(?:平均)?$")
_REACH = ("达到", "达", "已达", "已达到", "超过", "超", "突破")
_BOUNDS = ("about", "nearly", "over", "at_least", "at_most", "aim")


@dataclass(slots=True)
class Lead:
    """What stands between the figure before and this one, read backwards.

    `left` and `right` bound what remains for the indicator; `change` and `bound` are the sense of verb and words. `verb`
    says that a verb of change or reaching was there, `owned` that 的 was, `source` that 由 or 从 was, `each` that 分别
    was, `reach` that 达到 or 超过 was; `whole` is what the figure is a share of.
    """

    left: int
    right: int
    change: str = ""
    bound: str = ""
    verb: bool = False
    source: bool = False
    owned: bool = False
    reach: bool = False
    aim: bool = False
    whole: str = ""
    each: bool = False
    time: Time | None = None
    baseline: Time | None = None
    base: Time | None = None
    """The time compared with, where the figure is its: 比一九五七年的五百亿元增长…"""


def read_lead(sentence: Sentence, left: int, right: int, *, points: bool = False) -> Lead:
    """Strip bounds, verbs, adverbs, times and comparisons from the end of a span.

    With `points` the nouns of growth stay: 增速提高2个百分点.
    """
    lead = Lead(left, right)
    times = {time.end: time for time in sentence.times if left <= time.start}
    reached = False
    while lead.right > left:
        time = times.get(lead.right)
        if time:
            _take_time(lead, time)
            lead.right = time.start
            reached = reached or time.future
            continue
        word, role = _suffix(sentence, left, lead.right)
        if word in KEPT and (lead.verb or lead.right - len(word) <= left):
            break
        if points and role in ("growth", "decline") and word[-1] in "速幅率":
            break
        if not word:
            if lead.verb or not _take_relation(sentence, lead):
                break
            continue
        lead.right -= len(word)
        reached = reached or role == "reached"
        _take_word(lead, word, role, reached)
    return lead


def _take_time(lead: Lead, time: Time) -> None:
    if time.baseline:
        if lead.owned and not lead.baseline:
            lead.base = time
        lead.baseline = lead.baseline or time
    else:
        lead.time = lead.time or time


def _take_word(lead: Lead, word: str, role: str, reached: bool) -> None:
    if role in ("growth", "decline", "rise_to", "fall_to", "level", "share"):
        if not lead.verb:
            lead.change = {"growth": "rise_to", "decline": "fall_to"}.get(role, role) if reached else role
        lead.verb = True
        lead.reach = lead.reach or word in _REACH
    elif role in _BOUNDS:
        if role == "aim":
            lead.aim = True
        else:
            lead.bound = lead.bound or role
            lead.reach = lead.reach or word in _REACH
            lead.verb = lead.verb or (role == "over" and word not in ("以上", "不止"))
    elif role == "source":
        lead.source = True
    elif word == "的":
        lead.owned = not lead.verb
    elif word.startswith("分别"):
        lead.each = True


def _suffix(sentence: Sentence, left: int, right: int) -> tuple[str, str]:
    """The word of `words.ROLES` that ends at `right`, and its role."""
    text = sentence.text
    for word, role in suffixes().get(text[right - 1], ()):
        start = right - len(word)
        if start < left or not text.startswith(word, start):
            continue
        short = len(word) <= 2 and word[-1] not in "幅速率"
        if (short or role == "adverb") and not sentence.begins_word(start):
            continue
        if role == "particle" and sentence.tag_at(start) in ("n", "ng", "vn"):  # 运能
            continue
        return word, role
    if text[right - 1] in " ,:":
        return text[right - 1], "particle"
    return "", ""


def _take_relation(sentence: Sentence, lead: Lead) -> bool:
    """占…的 and 高于… before a figure: what it is a share of, or measured against."""
    text = sentence.text[max(lead.left, lead.right - 40) : lead.right]
    for pattern in (_SHARE, _OVER_OTHER):
        found = pattern.search(text)
        if found and not re.search("(?:比重|比例|份额|占比)$", found[1]):
            lead.right -= len(text) - found.start()
            lead.whole = found[1].rstrip("的")
            lead.change = "share" if pattern is _SHARE else lead.change or "growth"
            lead.verb = True
            return True
    return False
