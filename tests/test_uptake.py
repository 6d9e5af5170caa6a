"""Diffusion: who takes up which term and passage, and after how long."""

import os
from pathlib import Path

import pytest

from npp_nlp.document import Corpus, Document
from npp_nlp.lexicon import Lexicon
from npp_nlp.reuse.uptake import LEFT_OUT, PASSAGES, TERMS, diffusion

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("NPP_DATA", ROOT.parent / "shared" / "data"))
TEXTS = [
    ("c1", 2020, "全国", "发展数字经济。要着力扩大国内有效需求和投资。"),
    ("c2", 2024, "全国", "发展新质生产力，发展数字经济。"),
    ("a1", 2021, "甲省", "发展数字经济。"),
    ("a2", 2025, "甲省", "发展新质生产力。要着力扩大国内有效需求和消费。"),
    ("b1", 2019, "乙省", "发展数字经济。要着力扩大国内有效需求和投资。"),
    ("b2", 2024, "乙省", "发展新质生产力，建设绿色工厂。"),
    ("x", None, "丙省", "发展新质生产力。"),
    ("y", 2024, None, "发展新质生产力。"),
]


def corpus(rows=TEXTS):
    return Corpus(tuple(Document.from_text(t, id=i, year=y, region=r) for i, y, r, t in rows))


def test_terms_with_lag_and_status():
    found = diffusion(corpus(), ["新质生产力", "数字经济", "绿色工厂", "房住不炒"]).terms
    assert list(found.columns) == list(TERMS)
    columns = ["term", "region", "status", "first_centre", "first_region"]
    rows = found.astype({"first_centre": object, "first_region": object})[columns].values.tolist()
    assert rows == [
        ["房住不炒", "乙省", "never", None, None],
        ["房住不炒", "甲省", "never", None, None],
        ["数字经济", "乙省", "before", 2020, 2019],
        ["数字经济", "甲省", "adopted", 2020, 2021],
        ["新质生产力", "乙省", "together", 2024, 2024],
        ["新质生产力", "甲省", "adopted", 2024, 2025],
        ["绿色工厂", "乙省", "region only", None, 2024],
        ["绿色工厂", "甲省", "never", None, None],
    ]
    assert found["lag"].tolist()[2:6] == [-1, 1, 0, 1]
    assert found["lag"].isna().tolist() == [True, True, False, False, False, False, True, True]
    assert found[["n_centre", "n_region"]].values.tolist()[2:6] == [[2, 1], [2, 1], [1, 1], [1, 1]]


def test_passages_come_from_earlier_central_documents_only():
    found = diffusion(corpus()).passages
    assert list(found.columns) == list(PASSAGES)
    # b1 of 2019 is earlier than the centre; of a2 the source is c1, though b1 has the same words
    assert found[["region", "doc_id", "source_doc_id", "kind", "lag"]].values.tolist() == [
        ["甲省", "a2", "c1", "near", 5.0]
    ]
    row = found.iloc[0]
    assert (row["text"], row["source_text"]) == (
        "要着力扩大国内有效需求和消费。",
        "要着力扩大国内有效需求和投资。",
    )
    assert row["similarity"] == 24 / 28


def test_documents_without_region_or_time_are_listed():
    found = diffusion(corpus(), ["新质生产力"])
    assert found.left_out.values.tolist() == [["x", "no year"], ["y", "no region"]]
    assert "丙省" not in found.terms["region"].tolist()


def test_terms_default_to_those_of_the_centre():
    terms = diffusion(corpus()).terms["term"].tolist()
    assert "新质生产力" in terms
    assert "绿色工厂" not in terms
    assert diffusion(corpus(), Lexicon.from_terms(["绿色工厂"])).terms["status"].tolist() == [
        "region only",
        "never",
    ]


def test_dates_give_fractions_of_a_year():
    documents = tuple(
        Document(i, t, Document.from_text(t).paragraphs, date=d, region=r)
        for i, d, r, t in [
            ("c", "2023-09-08", "全国", "新质生产力。"),
            ("p", "2024-03-08", "甲省", "新质生产力。"),
        ]
    )
    lag = diffusion(Corpus(documents), ["新质生产力"], order="date").terms["lag"].item()
    assert lag == pytest.approx(1 + (68 - 251) / 366)
    bad = Document("b", "甲。", (), date="去年", region="全国")
    with pytest.raises(ValueError, match="neither a year nor a date"):
        diffusion(Corpus((bad, *documents)), order="date")


def test_no_centre_and_only_the_centre():
    with pytest.raises(ValueError, match="centre='中央'"):
        diffusion(corpus(), centre="中央")
    with pytest.raises(ValueError, match="centre='全国'"):
        diffusion(Corpus(()))
    alone = diffusion(corpus(TEXTS[:2]), ["数字经济"])
    for frame, columns in ((alone.terms, TERMS), (alone.passages, PASSAGES), (alone.left_out, LEFT_OUT)):
        assert len(frame) == 0
        assert [str(kind) for kind in frame.dtypes] == list(columns.values())


@pytest.mark.skipif(not (DATA / "provincial_reports_2026.jsonl").is_file(), reason=f"{DATA} is absent")
def test_provinces_take_up_national_reports():
    tables = [
        Corpus.from_table(DATA / name, id="id", year="year", region="region")
        for name in ("national_reports.jsonl", "provincial_reports_2026.jsonl")
    ]
    recent = tables[0].where(year=range(2021, 2026))
    found = diffusion(Corpus((*recent, *tables[1])), ["新质生产力"])
    assert found.terms["status"].tolist() == ["adopted"] * len(tables[1])
    assert found.terms["lag"].tolist() == [2.0] * len(tables[1])
    assert (found.passages["lag"] >= 1).all()
    assert found.passages["region"].nunique() > 10
