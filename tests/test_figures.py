"""Stated figures: indicator, value, unit, change, bound, time, kind; and what is none."""

import time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp.document import Corpus, Document
from npp_nlp.figures import COLUMNS, quantities
from npp_nlp.figures.amounts import find_amounts
from npp_nlp.figures.numerals import parse_number
from npp_nlp.figures.tense import heading_kind, kind_of
from npp_nlp.figures.times import find_times
from npp_nlp.text import fold


def rows(text, *columns, year=2025):
    table = quantities(Document.from_text(text, year=year))
    return [tuple(row) for row in table[list(columns)].itertuples(index=False)]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,200", 1200),
        ("4·3", 4.3),
        ("1.4万亿", 1.4e12),
        ("11.86万亿", 1.186e13),
        ("二百七十亿", 2.7e10),
        ("一万零四百", 10400),
        ("一亿二千万", 1.2e8),
        ("十二", 12),
        ("四十一点五", 41.5),
        ("百万", 1e6),
        ("五六百", None),
        ("二百五", None),
        ("一九五八", None),
        ("", None),
        ("1" * 41, None),
    ],
)
def test_numbers(written, value):
    assert parse_number(written) == value


@pytest.mark.parametrize(
    ("text", "value", "high", "unit", "bound"),
    [
        ("5.5%", 5.5, None, "%", ""),
        ("５．５％左右", 5.5, None, "%", "about"),
        ("百分之五", 5, None, "%", ""),
        ("七成", 70, None, "%", ""),
        ("四分之三", 75, None, "%", ""),
        ("1／4", 25, None, "%", ""),
        ("两个百分点", 2, None, "个百分点", ""),
        ("二百七十亿元", 2.7e10, None, "元", ""),
        ("1.4万亿斤", 1.4e12, None, "斤", ""),
        ("1200万人以上", 1.2e7, None, "人", "at_least"),
        ("1.3亿千瓦", 1.3e8, None, "千瓦", ""),
        ("三亿多元", 3e8, None, "元", "over"),
        ("6000余亩", 6000, None, "亩", "over"),
        ("4%—6%", 4, 6, "%", ""),
        ("百分之四至百分之五", 4, 5, "%", ""),
        ("3至5万人以内", 30_000, 50_000, "人", "at_most"),
        ("翻两番", 2, None, "番", ""),
        ("翻一番", 1, None, "番", ""),
        ("一点二倍", 1.2, None, "倍", ""),
    ],
)
def test_amounts(text, value, high, unit, bound):
    (found,) = find_amounts(fold(text))
    assert (found.value, found.high, found.unit, found.bound) == (value, high, unit, bound)
    assert (found.start, found.after) == (0, len(text))


NAMES = {
    "dates": "2025年 3月5日 一九五八年",
    "ordinals": "第三条 第5位",
    "sets": "三个代表 两手抓 一是 一个 “30条”",
    "indefinite": "数十家 几百人 上千个",
    "codes": "5G基站 PM2.5 3.0版 国发〔2015〕50号 1000千瓦级",
    "words": "红十字会 一斤 百分",
}


@pytest.mark.parametrize("text", [text for texts in NAMES.values() for text in texts.split()])
def test_no_amounts(text):
    assert find_amounts(fold(text)) == []


def test_a_level_before_a_change_is_no_range():
    assert [a.value for a in find_amounts("从40个到29个")] == [40, 29]


def test_targets_of_a_report():
    text = "今年发展主要预期目标是：国内生产总值增长5%左右；城镇新增就业1200万人以上；粮食产量1.4万亿斤左右。"
    assert rows(text, "indicator", "value", "unit", "change", "bound", "kind") == [
        ("国内生产总值", 5, "%", "growth", "about", "target"),
        ("城镇新增就业", 1.2e7, "人", "level", "at_least", "target"),
        ("粮食产量", 1.4e12, "斤", "level", "about", "target"),
    ]


def test_figures_of_the_fifties():
    text = (
        "一九五八年我国工农业总产值达到了二千零五十亿元，比一九五七年的一千二百四十一亿元增长百分之六十五。"
    )
    assert rows(text, "indicator", "value", "change", "baseline", "period_year", year=1959) == [
        ("工农业总产值", 2.05e11, "level", "", 1958),
        ("工农业总产值", 1.241e11, "base", "", 1957),
        ("工农业总产值", 65, "growth", "比一九五七年", 1958),
    ]


@pytest.mark.parametrize(
    ("text", "change", "bound"),
    [
        ("出口增长5%。", "growth", ""),
        ("出口增长到5亿元。", "rise_to", ""),
        ("林业占比提高到50%。", "rise_to", ""),
        ("能耗下降了3%。", "decline", ""),
        ("能耗降至3吨。", "fall_to", ""),
        ("出口达到5亿元。", "level", ""),
        ("出口近5亿元。", "level", "nearly"),
        ("出口突破5亿元。", "level", "over"),
        ("出口不低于5亿元。", "level", "at_least"),
        ("出口不超过5亿元。", "level", "at_most"),
        ("出口约5亿元。", "level", "about"),
        ("出口力争增长5%。", "growth", "aim"),
        ("出口占外贸的5%。", "share", ""),
    ],
)
def test_change_and_bound(text, change, bound):
    assert rows(text, "change", "bound") == [(change, bound)]


def test_what_it_is_a_share_of():
    assert rows("机电产品占出口总值的60%。", "indicator", "share_of") == [("机电产品", "出口总值")]


@pytest.mark.parametrize(
    ("text", "indicator"),
    [
        ("建成153家国家绿色数据中心。", "国家绿色数据中心"),
        ("国务院增发1000亿元财政债券。", "财政债券"),
        ("600多万下岗职工实现了再就业。", "下岗职工"),
        ("实施亿元以上重点技改项目1213个。", "亿元以上重点技改项目"),
        ("桑龙、醴娄等7条高速公路建成通车。", "高速公路"),
        ("细颗粒物（PM2.5）平均浓度下降2.7%。", "细颗粒物（PM2.5）平均浓度"),
        ("培育30项左右首台（套）重大技术装备。", "首台（套）重大技术装备"),
        ("今年预期一般公共预算收入增长3%。", "一般公共预算收入"),
        ("机床（不包括简易机床，下同）增加了2万台。", "机床"),
        ("新增“两院”院士5人。", "新增“两院”院士"),
        ("全社会研发经费投入增长10%。", "全社会研发经费投入"),
        ("到2030年，我国粮食产量达到1.5万亿斤。", "粮食产量"),
        ("人均预期寿命达到79岁。", "人均预期寿命"),
        ("粮食、棉花等产品的产量，都比上年增长一倍以上。", "粮食、棉花等产品的产量"),
    ],
)
def test_indicators(text, indicator):
    assert rows(text, "indicator") == [(indicator,)]


def test_one_indicator_for_each_figure_of_a_list():
    text = "制造业、普惠小微贷款余额分别增长10.7%、13.3%，比上年分别提高1.2个和1.3个百分点。"
    names = ["制造业贷款余额", "普惠小微贷款余额"]
    assert [name for (name,) in rows(text, "indicator")] == names * 2


def test_a_clause_without_an_indicator_has_that_of_the_one_before():
    text = "国务院组成部门从40个减少到29个，精简四分之一；改革继续推进。"
    assert rows(text, "indicator", "change") == [
        ("国务院组成部门", "base"),
        ("国务院组成部门", "fall_to"),
        ("国务院组成部门", "decline"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "英国走了五十多年的路，我们只花了六年。",
        "中断航运1个多月。",
        "连续24个月保持增长。",
        "产量居全国第4位。",
        "排名从78位上升到43位。",
        "实力稳居前10位。",
        "推出稳经济“30条”。",
        "各位代表！",
        "",
        "。！？",
        "\U00020000\U0001f600",
    ],
)
def test_no_figures(text):
    table = quantities(text)
    assert len(table) == 0
    assert list(table.columns) == list(COLUMNS)


def test_times_are_resolved_by_the_documents_year_and_never_guessed():
    table = quantities(
        Document.from_text("去年出口增长5%。今年进口增长6%。到2030年产量翻一番。出口增长7%。", year=2025)
    )
    assert table["period"].tolist() == ["去年", "今年", "到2030年", ""]
    assert table["period_year"].tolist()[:3] == [2024, 2025, 2030]
    assert table["period_year"].isna().tolist() == [False, False, False, True]
    assert quantities("去年出口增长5%。")["period_year"].isna().all()


def test_times_and_comparisons():
    found = find_times("2024年产量比2012年增长,同比提高", 2025)
    assert [(t.year, t.baseline) for t in found] == [(2024, False), (2012, True), (None, True)]


def test_headings_and_turns_decide_where_words_do_not():
    text = "一、2024年工作回顾\n粮食产量增长5%。\n二、今年主要任务\n粮食产量增长6%。"
    assert rows(text, "kind") == [("result",), ("target",)]
    assert rows("过去一年，成绩很大。出口增长5%。今年要努力。出口增长6%。", "kind") == [
        ("result",),
        ("target",),
    ]
    assert rows(
        "“十三五”时期成就巨大。出口增长5%。“十四五”时期是关键五年。出口增长6%。", "kind", year=2021
    ) == [
        ("result",),
        ("target",),
    ]
    assert heading_kind("二、总体要求") == "target"


@pytest.mark.parametrize(
    ("clause", "kind"),
    [
        ("产量达到了5吨", "result"),
        ("力争产量达到5吨", "target"),
        ("全面实现年初确定的目标,出口增长5%", "result"),
        ("将5吨", "target"),
        ("给予最高5万元补助", ""),
    ],
)
def test_kind_of_a_clause(clause, kind):
    assert kind_of(clause, clause, [], 2025, "") == kind


def test_offsets_lead_back_to_the_text():
    document = Document.from_text("第一段。\n　　粮食产量１．４万亿斤，出口增长5％左右。", year=2025)
    table = quantities(document)
    assert [document.text[a:b] for a, b in zip(table["start"], table["end"], strict=True)] == [
        "１．４万亿斤",
        "5％",
    ]
    assert table["text"].tolist() == ["１．４万亿斤", "5％"]
    assert table["paragraph"].tolist() == [1, 1]


def test_documents_do_not_touch_each_other():
    texts = ["粮食产量达到5吨。", "", "增长6%。", "今年出口增长7%。"]
    alone = [quantities(Corpus.from_texts([t], ids=[str(i)], years=[2025])) for i, t in enumerate(texts)]
    together = quantities(Corpus.from_texts(texts, years=[2025] * 4))
    pd.testing.assert_frame_equal(pd.concat([t for t in alone if len(t)], ignore_index=True), together)
    assert together["doc_id"].tolist() == ["0", "3"]


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "万",
        "一",
        "1,",
        "1.",
        "1-",
        "1/",
        "百分之",
        "三分之",
        "1万",
        "五年",
        "比",
        "(",
        "，",
        "“",
        "增长",
    ],
)
def test_long_strings_of_one_thing_take_no_longer_than_their_length(piece):
    took = []
    for size in (5_000, 40_000):
        text = "产量" + piece * size
        begin = time.perf_counter()
        find_amounts(text)
        find_times(text, 2025)
        took.append(time.perf_counter() - begin)
    assert took[1] < max(0.5, 40 * took[0])


@pytest.mark.parametrize("piece", ["2024年出口增长5%，", "产量5吨、", "比2020年的5吨增长5%", "1吨", "（5吨"])
def test_endless_sentences_take_no_longer_than_their_length(piece):
    quantities(piece)
    took = []
    for size in (500, 4_000):
        begin = time.perf_counter()
        quantities(piece * size)
        took.append(time.perf_counter() - begin)
    assert took[1] < max(1.0, 30 * took[0])


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        alphabet="增长达到占比为了、，。；（）“”产量粮食0123456789.%万亿个家元百分之一二三十点多至—年到去今同 \n",
        max_size=120,
    )
)
def test_any_text_is_read(text):
    document = Document.from_text(text, year=2025)
    for row in quantities(document).itertuples():
        assert document.text[row.start : row.end] == row.text
        assert row.indicator
        assert row.value == row.value
