"""Targets beside results: pairs, names, years, and whether a target was met."""

import pytest

from npp_nlp.document import Corpus, Document
from npp_nlp.figures import quantities
from npp_nlp.pledges import COLUMNS, canonical_indicator, is_met, ledger

TARGETS = "今年发展主要预期目标是：国内生产总值增长5%左右；新增城镇就业1200万人以上；居民消费价格涨幅3%左右。"
RESULTS = "去年国内生产总值增长4.4%；城镇新增就业1244万人；居民消费价格上涨0.2%。"


def corpus(first=TARGETS, second=RESULTS, years=(2023, 2024), region=None):
    texts = zip("ab", (first, second), years, strict=True)
    return Corpus(tuple(Document.from_text(t, id=i, year=y, region=region) for i, t, y in texts))


def test_a_target_meets_its_result():
    table = ledger(corpus())
    assert list(table.columns) == list(COLUMNS)
    assert table[["indicator", "year", "target_text", "result_text", "met"]].values.tolist() == [
        ["国内生产总值", 2023, "5%", "4.4%", False],
        ["城镇新增就业", 2023, "1200万人", "1244万人", True],
        ["居民消费价格", 2023, "3%", "0.2%", True],
    ]


def test_evidence_leads_back():
    documents = {d.id: d for d in corpus()}
    for row in ledger(corpus()).itertuples():
        assert documents[row.target_doc_id].text[row.target_start : row.target_end] == row.target_text
        assert documents[row.result_doc_id].text[row.result_start : row.result_end] == row.result_text


def test_one_document_is_no_pair():
    assert len(ledger(Document.from_text(RESULTS + TARGETS, year=2024))) == 0
    assert len(ledger(Document.from_text(RESULTS + TARGETS, year=2024), unpaired=True)) == 3


def test_regions_are_kept_apart():
    both = Corpus((*corpus(region="甲省").documents[:1], *corpus(region="乙省").documents[1:]))
    assert len(ledger(both)) == 0
    assert ledger(corpus(region="甲省"))["region"].unique().tolist() == ["甲省"]


def test_the_year_between_two_reports_must_be_one():
    assert len(ledger(corpus(years=(2023, 2025)))) == 0


def test_growth_of_several_years_or_of_a_quarter_is_no_result():
    for text in (
        "五年来，国内生产总值年均增长6%。",
        "去年一季度国内生产总值增长6%。",
        "2023年国内生产总值比2018年增长30%。",
    ):
        assert len(ledger(corpus(second=text))) == 0


def test_a_result_with_its_year_stated_comes_first():
    table = ledger(corpus(second="经济增长9%，形势很好。2023年国内生产总值增长5.2%。"))
    assert table["result_text"].tolist() == ["5.2%"]


def test_figures_at_hand_are_used():
    source = corpus()
    assert ledger(source, figures=quantities(source)).equals(ledger(source))


def test_documents_without_a_year_are_listed():
    source = Corpus((*corpus().documents, Document.from_text("出口增长5%。", id="c")))
    assert ledger(source).attrs["without_year"] == ["c"]
    with pytest.raises(ValueError, match="no document has a year: text"):
        ledger("出口增长5%。")
    with pytest.raises(ValueError, match="the source is empty"):
        ledger(Corpus(()))


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("GDP", "国内生产总值"),
        ("全省地区生产总值", "国内生产总值"),
        ("新增城镇就业", "城镇新增就业"),
        ("城镇新增就业人数", "城镇新增就业"),
        ("CPI", "居民消费价格"),
        ("居民消费价格总水平", "居民消费价格"),
        ("“小巨人”企业", "小巨人企业"),
        ("全国", "全国"),
    ],
)
def test_names(name, canonical):
    assert canonical_indicator(name) == canonical


def figure(value, change="growth", bound="", high=None):
    return {"value": value, "value_high": high, "change": change, "bound": bound}


@pytest.mark.parametrize(
    ("indicator", "target", "result", "met"),
    [
        ("国内生产总值", figure(5), figure(5), True),
        ("国内生产总值", figure(5), figure(4.9), False),
        ("国内生产总值", figure(5, bound="about"), figure(4.5), True),
        ("国内生产总值", figure(5, bound="about"), figure(4.4), False),
        ("国内生产总值", figure(6, high=6.5), figure(6), True),
        ("国内生产总值", figure(6, high=6.5), figure(5.9), False),
        ("国内生产总值", figure(5), figure(1, "decline"), False),
        ("单位国内生产总值能耗", figure(3, "decline"), figure(3.1, "decline"), True),
        ("单位国内生产总值能耗", figure(3, "decline"), figure(2, "decline"), False),
        ("城镇调查失业率", figure(5.5, "level", "about"), figure(5.1, "level"), True),
        ("城镇调查失业率", figure(5.5, "level", "at_most"), figure(5.6, "level"), False),
        ("高标准农田", figure(5, "level"), figure(6, "level"), None),
        ("高标准农田", figure(5, "level", "at_least"), figure(6, "level"), True),
        ("城镇新增就业", figure(5, "level"), figure(5, "level", "nearly"), None),
    ],
)
def test_met(indicator, target, result, met):
    assert is_met(indicator, target, result) is met
