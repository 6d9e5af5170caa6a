"""Targets of one year beside the results reported in the next, and whether they were met.

Layer 6. A report of the year Y sets targets for Y; the report of Y + 1 tells the results of Y. Both are rows of
`npp_nlp.figures.quantities`; here they are paired by region, year and indicator.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from npp_nlp.document import Corpus, Document, Source, as_corpus
from npp_nlp.figures import quantities
from npp_nlp.figures.amounts import SMALL
from npp_nlp.figures.numerals import DIGITS
from npp_nlp.figures.times import calendar_year
from npp_nlp.figures.units import MEASURED
from npp_nlp.text import fold

if TYPE_CHECKING:
    import pandas as pd

SYNONYMS: dict[str, str] = {
    "国内生产总值": "GDP 生产总值 地区生产总值 经济 经济增长 经济总量 本地区生产总值 全市生产总值 全省生产总值",
    "城镇新增就业": "新增城镇就业 新增就业 城镇新增就业人员 城镇就业 新增城镇就业人员 城镇净增就业",
    "城镇调查失业率": "调查失业率 全国城镇调查失业率 城镇调查失业率平均",
    "城镇登记失业率": "登记失业率 城镇失业率",
    "居民消费价格": "CPI 居民消费价格总水平 居民消费价格指数 消费价格 消费价格总水平 居民消费物价",
    "居民人均可支配收入": "全国居民人均可支配收入 全体居民人均可支配收入 居民收入 人均可支配收入",
    "城镇居民人均可支配收入": "城镇居民收入 城镇居民可支配收入",
    "农村居民人均可支配收入": "农民人均可支配收入 农村居民收入 农村居民可支配收入",
    "农村居民人均纯收入": "农民人均纯收入",
    "粮食产量": "粮食总产量 粮食 粮食总产",
    "单位国内生产总值能耗": "单位GDP能耗 万元国内生产总值能耗 万元GDP能耗"
    " 单位地区生产总值能耗 单位生产总值能耗 万元地区生产总值能耗",
    "一般公共预算收入": "地方一般公共预算收入 全国一般公共预算收入",
    "固定资产投资": "全社会固定资产投资 固定资产投资总额 固定资产投资规模",
    "规模以上工业增加值": "规上工业增加值 规模工业增加值 规模以上工业",
    "社会消费品零售总额": "社零总额 社会消费品零售额 社会消费品零售",
    "进出口总额": "进出口贸易总额 外贸进出口总额 货物进出口总额 外贸进出口 货物进出口 进出口 进出口总值 外贸进出口总值",
    "全社会研发经费投入": "研发经费投入 全社会研发投入 全社会研发经费支出 研究与试验发展经费投入 R&D经费投入",
    "常住人口城镇化率": "城镇化率",
    "广义货币供应量": "广义货币 广义货币M2 M2 广义货币M2余额 货币供应量",
    "赤字率": "财政赤字率",
}
"""Indicator -> other names of it. An indicator not listed goes by its own name without scope and 增速, 人数 and the like."""

CEILINGS = frozenset(["居民消费价格", "城镇调查失业率", "城镇登记失业率"])
"""Indicators that are to stay below their target."""

COLUMNS = {
    "indicator": "str",
    "region": "str",
    "year": "int64",
    "target_text": "str",
    "target_value": "float64",
    "target_high": "float64",
    "target_unit": "str",
    "target_change": "str",
    "target_bound": "str",
    "result_text": "str",
    "result_value": "float64",
    "result_unit": "str",
    "result_change": "str",
    "result_bound": "str",
    "met": "boolean",
    "target_doc_id": "str",
    "target_start": "Int64",
    "target_end": "Int64",
    "result_doc_id": "str",
    "result_start": "Int64",
    "result_end": "Int64",
}
TOLERANCE = 0.1
"""Share of the target's value by which a result may fall short of a target with 左右."""

_CANONICAL = {fold(name): canonical for canonical, names in SYNONYMS.items() for name in names.split()}
_CANONICAL |= {fold(name): name for name in SYNONYMS}
_HEAD = re.compile("^(?:全国|我国|全省|全市|全区|我省|我市|我区|本省|本市|主要|全年|实现|预计|力争)+")
_TAIL = re.compile("(?:人数|增速|增幅|涨幅|降幅|增长率|年均增速|预期目标|目标|同比)+$")
_PARTS = re.compile("季度|月|上半年|下半年|以来|近年")
_YEARS = re.compile(
    '年均|平均每年|每年平均|(?<![0-9一二三四五六七八九〇○零])(?:[二三四五六七八九十]|[2-9])年(?![底末初])|五[”"]?(?:时期|期间|计划|规划)|届时|到20[0-9]{2}年'
)
_YEAR = re.compile(f"(?:1[89]|20)[0-9]{{2}}|[一二][{DIGITS}]{{3}}")
_RATES = ("growth", "decline")


def canonical_indicator(name: str) -> str:
    """The one name of an indicator: of `SYNONYMS`, else its own, folded, without quotes, scope and 增速 and the like.

    >>> [canonical_indicator(n) for n in ("全省地区生产总值", "GDP增速", "新增城镇就业人数", "粮食总产量", "“小巨人”企业")]
    ['国内生产总值', '国内生产总值', '城镇新增就业', '粮食产量', '小巨人企业']
    """
    plain = re.sub(r'["\s]|\([^)]*\)', "", fold(name))
    for form in (plain, _TAIL.sub("", plain), _HEAD.sub("", plain), _TAIL.sub("", _HEAD.sub("", plain))):
        if form in _CANONICAL:
            return _CANONICAL[form]
    return _TAIL.sub("", _HEAD.sub("", plain)) or plain


def ledger(source: Source, *, figures: pd.DataFrame | None = None, unpaired: bool = False) -> pd.DataFrame:
    """Targets beside the results reported later: one row per indicator, region and year.

    Table `indicator, region, year`, of the target `target_text, target_value, target_high, target_unit, target_change,
    target_bound`, of the result `result_text, result_value, result_unit, result_change, result_bound`, `met`, and for
    evidence `target_doc_id, target_start, target_end, result_doc_id, result_start, result_end` (offsets in
    `Document.text`); sorted by region, year, indicator. `figures` is the table of `quantities`, if at hand.

    - A target belongs to the year stated with it, else to the document's; a result to the year stated with it, else
      to the year before the document's. Figures for several years or parts of one (五年, 年均, 季度) are left out.
    - Names of one indicator are one (`SYNONYMS`, `canonical_indicator`). A rate of change is paired with a rate of
      change, a level with a level of the same unit; the result stands in a later document of the same region. Of
      several the first in the text counts, of results first those with their year stated. Counts below ten of
      indicators not in `SYNONYMS` are left out.
    - `met`: growth must reach the target, a reduction likewise; a target with 以上 must be reached, one with 以内 not
      be passed. Prices and unemployment (`CEILINGS`) must not pass it, other indicators of `SYNONYMS` reach it. Of
      左右 a tenth of the value may lack. A range is met at its nearer end. Missing where the text does not tell:
      plain levels of other indicators, and 近 with the very value of the target.

    With `unpaired` targets without a result have a row too. Documents without a year are left out and listed in
    `frame.attrs["without_year"]`. Raises `ValueError` if no document has a year.

    >>> corpus = Corpus.from_texts(["今年目标是国内生产总值增长5%左右。", "去年GDP增长5.2%。"], years=[2023, 2024])
    >>> ledger(corpus)[["indicator", "year", "target_text", "result_text", "met"]].values.tolist()
    [['国内生产总值', 2023, '5%', '5.2%', True]]
    """
    import pandas as pd

    corpus = as_corpus(source)
    without = [document.id for document in corpus if document.year is None]
    if len(without) == len(corpus):
        raise ValueError(f"no document has a year: {', '.join(without[:5]) or 'the source is empty'}")
    table = quantities(corpus) if figures is None else figures
    targets, results = _sides(corpus, table)
    rows = []
    for key in sorted(targets):
        target = targets[key]
        later = (row for row in results.get(key, ()) if row["year"] > target["year"])
        result = next(later, None)
        if result is not None or unpaired:
            rows.append(_row(key, target, result))
    frame = pd.DataFrame(
        {name: pd.Series([row[name] for row in rows], dtype=kind) for name, kind in COLUMNS.items()}
    )
    frame.attrs["without_year"] = without
    return frame


_Key = tuple[str, int, str, str]
_Figure = dict[Any, Any]


def _sides(corpus: Corpus, table: pd.DataFrame) -> tuple[dict[_Key, _Figure], dict[_Key, list[_Figure]]]:
    """The first target of each key, and all results."""
    documents = {document.id: document for document in corpus if document.year is not None}
    targets: dict[_Key, _Figure] = {}
    results: dict[_Key, list[_Figure]] = {}
    for row in table.to_dict("records"):
        document = documents.get(row["doc_id"])
        if document is None or not row["kind"]:
            continue
        stated = None if _missing(row["period_year"]) else int(row["period_year"])
        year = stated or int(document.year or 0) - (row["kind"] == "result")
        indicator = canonical_indicator(row["indicator"])
        if not _counts(row, indicator) or not _of_one_year(row, document, year):
            continue
        key = (document.region or "", year, indicator, _measure(row))
        if row["kind"] == "target":
            targets.setdefault(key, row)
        else:
            results.setdefault(key, []).append(row)
    for listed in results.values():
        listed.sort(key=lambda row: bool(_missing(row["period_year"])))  # those with their year stated first
    return targets, results


def _of_one_year(row: _Figure, document: Document, year: int) -> bool:
    """Whether a figure is one of a whole year: not 五年来, 年均, 一季度, nor growth since an earlier year.

    Where no time is stated, the paragraph up to the figure is asked.
    """
    if _PARTS.search(row["period"]) or row["baseline"].startswith("环比"):
        return False
    begin = document.paragraphs[row["paragraph"]].start if _missing(row["period_year"]) else row["start"] - 14
    if _YEARS.search(document.text, max(0, begin), row["start"]):
        return False
    since = _YEAR.search(row["baseline"])
    return calendar_year(since[0]) == year - 1 if since else "五" not in row["baseline"]


def _counts(row: _Figure, indicator: str) -> bool:
    """Whether a figure can be followed over years: of a known indicator, or no count of a few things."""
    if row["change"] == "base":
        return False
    return indicator in SYNONYMS or (row["unit"] != "" and (row["value"] >= SMALL or row["unit"] in MEASURED))


def _measure(row: _Figure) -> str:
    """What must be equal for two figures to be compared: a rate of change, or a level in a unit."""
    return (
        "rate"
        if row["change"] in _RATES and row["unit"] == "%"
        else f"{row['change'] in _RATES} {row['unit']}"
    )


def _row(key: _Key, target: _Figure, result: _Figure | None) -> _Figure:
    region, year, indicator, _ = key
    row: _Figure = {"indicator": indicator, "region": region, "year": year}
    row |= {
        f"target_{n}": target[n]
        for n in ("text", "value", "unit", "change", "bound", "doc_id", "start", "end")
    }
    row["target_high"] = target["value_high"]
    names = ("text", "value", "unit", "change", "bound", "doc_id", "start", "end")
    row |= {f"result_{n}": None if result is None else result[n] for n in names}
    row["met"] = None if result is None else is_met(indicator, target, result)
    return row


def is_met(indicator: str, target: _Figure, result: _Figure) -> bool | None:
    """Whether a result meets a target, by the rule of `ledger`; None if the text does not tell.

    >>> plain = {"value": 5.0, "value_high": None, "change": "growth", "bound": "about"}
    >>> [is_met("国内生产总值", plain, plain | {"value": v, "bound": ""}) for v in (5.2, 4.6, 4.4)]
    [True, True, False]
    """
    wanted = _wanted(indicator, target)
    if wanted == 0:
        return None
    goal, value = _signed(target, wanted), result["value"] * (-1 if result["change"] == "decline" else 1)
    if result["bound"] == "nearly" and math.isclose(value, goal):
        return None
    slack = TOLERANCE * abs(goal) if target["bound"] in ("about", "nearly") else 0.0
    return bool(wanted * (value - goal) >= -slack - 1e-9)


def _wanted(indicator: str, target: _Figure) -> int:
    """1 if more is wanted, -1 if less, 0 if the text does not tell; a decline counts as negative growth."""
    if target["change"] == "decline":
        return 1 if target["bound"] == "at_most" else -1
    if target["bound"] == "at_most" or (
        indicator in CEILINGS and target["bound"] not in ("at_least", "over")
    ):
        return -1
    more = target["bound"] in ("at_least", "over") or target["change"] in ("growth", "rise_to")
    return 1 if more or (indicator in SYNONYMS and indicator != "赤字率") else 0


def _signed(target: _Figure, wanted: int) -> float:
    """The end of the target that has to be reached, negative for a decline."""
    low, high = target["value"], target["value_high"]
    sign = -1 if target["change"] == "decline" else 1
    ends = [sign * low] if _missing(high) else [sign * low, sign * high]
    return float(min(ends) if wanted > 0 else max(ends))


def _missing(value: Any) -> bool:
    return value is None or value != value or str(value) == "<NA>"
