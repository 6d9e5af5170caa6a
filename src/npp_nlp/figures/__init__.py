"""Stated figures: what is counted, how much, in which unit, grown or reached, when, result or target.

Layer 5. One regular expression finds the amounts (`amounts`), another the times (`times`); sentences that hold an
amount are cut into words (`sentences`), and the words before and behind it say what it is a figure of (`phrases`) and
whether it is a result or a target (`tense`). No table of indicators is needed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from npp_nlp.document import BODY_KINDS, Document, Paragraph, Source, as_corpus
from npp_nlp.figures.amounts import Amount, find_amounts
from npp_nlp.figures.reading import Figure, read_figures
from npp_nlp.figures.sentences import Sentence, tag
from npp_nlp.figures.tense import Kind, Section, turns
from npp_nlp.figures.times import find_times
from npp_nlp.text import batches, fold, sentence_spans, valid_unicode

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "quantities"]

COLUMNS = {
    "doc_id": "str",
    "year": "Int64",
    "paragraph": "int64",
    "indicator": "str",
    "value": "float64",
    "value_high": "float64",
    "unit": "str",
    "change": "str",
    "bound": "str",
    "baseline": "str",
    "period": "str",
    "period_year": "Int64",
    "share_of": "str",
    "kind": "str",
    "text": "str",
    "sentence": "str",
    "start": "int64",
    "end": "int64",
}
_GROUP = 400_000  # characters at a time: bounds the temporary arrays
_LONGEST = 1_000  # of a sentence
_CUT = re.compile(r"[;,](?!\d)")
_Found = tuple[Document, int, Kind, Sentence]


def quantities(source: Source) -> pd.DataFrame:
    """The stated figures: one row for each amount with a unit of which the text says what it is an amount of.

    Table `doc_id, year, paragraph, indicator, value, value_high, unit, change, bound, baseline, period, period_year,
    share_of, kind, text, sentence, start, end`, in reading order; `year` is the document's, `text` the written figure,
    `start` and `end` its offsets in `Document.text`.

    - `indicator`: the noun phrase as written, without time, 全国, verbs and adverbs. A figure without one in its clause
      has that of the clause before (达到880亿元,增长5%); what a figure counts may stand behind it (建成5个中心).
    - `value`, `unit`: 万 and 亿 are multiplied out, the unit is as written: 1.4万亿斤 is 1.4e12 斤, 1200万人 is 12000000
      人. Percentages are per hundred, unit %, also 百分之五, 七成 (70), 四分之三 (75); percentage points have 个百分点,
      翻一番 has 番. `value_high` is the upper end of a range, 4%—6%, else missing. Where a number with 万 or 亿 stands
      right before the noun (600多万下岗职工) the unit is "".
    - `change`: growth or decline if the figure is the amount of the change (增长5%), rise_to or fall_to if it is the
      level then reached (增长到, 降至), base if it is the level before (由40个增加到, 比2020年的40个), share behind 占
      (`share_of` is the whole, if named), else level.
    - `bound`: about 左右 约, at_least 以上 不低于, at_most 以内 不超过 低于, nearly 近, over 超过 突破 多; aim 力争 if
      nothing else is said; "" if the figure is plain.
    - `baseline`: what it is compared with, as written: 比上年, 同比. `period`: the time stated for it, in its clause or
      before it in the sentence, as written; `period_year` the calendar year this comes to, by the document's year for
      去年 and the like. Both are missing or "" if none is stated: a period is never guessed.
    - `kind`: result, target, or "" if nothing tells. Heard are, in this order: the stated time against the document's
      year, the words of the clause (了 累计; 力争 要), of the sentence, then the last heading or sentence that turned
      to the past year or to this one.

    Figures come from running text and headings only. Left out: dates, ordinals, list numbers, names such as 三个代表
    (Chinese numbers below ten with a measure word), lengths of time unless they are the figure (平均预期寿命79岁),
    indefinite numbers (数十家).

    >>> table = quantities("今年预期目标是：国内生产总值增长5%左右，粮食产量1.4万亿斤。")
    >>> table[["indicator", "value", "unit", "change", "bound", "kind"]].values.tolist()
    [['国内生产总值', 5.0, '%', 'growth', 'about', 'target'], ['粮食产量', 1400000000000.0, '斤', 'level', '', 'target']]
    """
    import pandas as pd

    corpus = as_corpus(source)
    rows: list[tuple[object, ...]] = []
    for group in batches((len(document.text) for document in corpus), _GROUP):
        found = [item for document in corpus.documents[group] for item in _sentences(document)]
        tag([sentence for *_, sentence in found])
        rows.extend(row for item in found for row in _rows(*item))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(COLUMNS)
    named = zip(COLUMNS.items(), columns, strict=True)
    return pd.DataFrame({name: pd.Series(list(column), dtype=kind) for (name, kind), column in named})


def _sentences(document: Document) -> Iterator[_Found]:
    """The sentences with an amount, each with the number of its paragraph and what its part of the document is about."""
    section = Section()
    for number, paragraph in enumerate(document.paragraphs):
        if paragraph.kind not in BODY_KINDS and paragraph.kind != "heading":
            continue
        folded = fold(paragraph.text)
        if paragraph.kind == "heading":
            section.under(folded, paragraph.level or 1)
        turning = turns(folded, document.year)
        amounts = find_amounts(folded)
        for begin, end in _pieces(folded) if amounts else ():
            while turning and turning[0][0] <= begin:
                section.kind = turning.pop(0)[1]
            own = _inside(amounts, begin, end)
            if own:
                yield (
                    document,
                    number,
                    section.kind,
                    _sentence(document, paragraph, folded[begin:end], begin, own),
                )
        section.kind = turning[-1][1] if turning else section.kind


def _pieces(folded: str) -> Iterator[tuple[int, int]]:
    """The sentences; endless ones in parts of a bounded length, so that the time for a text grows with its length."""
    for begin, end in sentence_spans(folded):
        while end - begin > _LONGEST:
            cuts = [m.end() for m in _CUT.finditer(folded, begin + _LONGEST // 2, begin + _LONGEST)]
            cut = cuts[-1] if cuts else begin + _LONGEST
            yield begin, cut
            begin = cut
        yield begin, end


def _inside(amounts: list[Amount], begin: int, end: int) -> list[Amount]:
    """The amounts of a span, with offsets that count from its start."""
    low = bisect_left(amounts, begin, key=lambda a: a.start)
    high = bisect_left(amounts, end, key=lambda a: a.start)
    if low < high and amounts[high - 1].after > end:
        high -= 1
    return [
        replace(a, start=a.start - begin, end=a.end - begin, after=a.after - begin) for a in amounts[low:high]
    ]


def _sentence(
    document: Document, paragraph: Paragraph, folded: str, begin: int, amounts: list[Amount]
) -> Sentence:
    raw = paragraph.text[begin : begin + len(folded)]
    return Sentence(folded, raw, paragraph.start + begin, amounts, find_times(folded, document.year))


def _rows(document: Document, number: int, section: Kind, sentence: Sentence) -> Iterator[tuple[object, ...]]:
    shown = valid_unicode(sentence.raw.strip())
    for figure in read_figures(sentence, document.year, section):
        yield (document.id, document.year, number, *_described(figure, sentence, shown))


def _described(figure: Figure, sentence: Sentence, shown: str) -> tuple[object, ...]:
    amount = figure.amount
    start, end = sentence.offset + amount.start, sentence.offset + amount.end
    written = sentence.raw[amount.start : amount.end]
    period = (figure.baseline, figure.period, figure.period_year, figure.whole)
    measure = (valid_unicode(figure.indicator), amount.value, amount.high, amount.unit)
    return (*measure, figure.change, figure.bound, *period, figure.kind, written, shown, start, end)
