"""Concordance: every passage, traceable by offsets."""

import pandas as pd
import pytest

from npp_nlp.document import Corpus
from npp_nlp.evidence import COLUMNS, concordance

CORPUS = Corpus.from_texts(
    ["过去一年，新质生产力加快发展。\n要发展新质生产力，整治“内卷式”竞争。", "扩大内需。"], years=[2024, 2025]
)


def test_columns_and_context():
    table = concordance(CORPUS, "新质生产力", width=3)
    assert list(table.columns) == COLUMNS
    assert table["left"].tolist() == ["一年，", "要发展"]
    assert table["right"].tolist() == ["加快发", "，整治"]
    assert table["paragraph"].tolist() == [0, 1]
    assert table["group"].tolist() == [2024, 2024]


def test_offsets_lead_back_to_the_text():
    for row in concordance(CORPUS, "新质生产力").itertuples():
        assert CORPUS[0].text[row.start : row.end] == row.term == "新质生产力"


def test_variants_are_found_as_they_stand():
    table = concordance(CORPUS, "内卷式竞争")
    assert table["term"].tolist() == ["内卷式”竞争"] or table["term"].tolist() == ["“内卷式”竞争"]


def test_labels_are_those_given():
    labels = pd.DataFrame({"doc_id": ["0", "0"], "paragraph": [0, 1], "label": ["achievement", "driver"]})
    assert concordance(CORPUS, "新质生产力", labels=labels)["label"].tolist() == ["achievement", "driver"]


def test_labels_are_worked_out_otherwise():
    assert set(concordance(CORPUS, "新质生产力")["label"]) <= {"achievement", "challenge", "driver", "other"}


def test_a_term_that_is_not_there():
    table = concordance(CORPUS, "元宇宙")
    assert len(table) == 0
    assert list(table.columns) == COLUMNS


def test_wrong_arguments():
    with pytest.raises(ValueError, match="term must not be blank"):
        concordance(CORPUS, " ")
    with pytest.raises(ValueError, match="width must be 0 or more characters, not -1"):
        concordance(CORPUS, "扩大", width=-1)


def test_sorted_by_what_stands_beside_the_term():
    corpus = Corpus.from_texts(["甲丙改革乙。乙甲改革丙。甲丙改革甲。", "丙甲改革乙。"])
    by_left = concordance(corpus, "改革", sort="left", width=2)
    # read from the term outwards: 丙甲, 丙甲, 甲丙, 甲乙
    assert by_left["left"].tolist() == ["甲丙", "甲丙", "丙甲", "乙甲"]
    assert by_left[["doc_id", "start"]].values.tolist() == [["0", 2], ["0", 14], ["1", 2], ["0", 8]]
    by_right = concordance(corpus, "改革", sort="right", width=1)
    assert by_right["right"].tolist() == ["丙", "乙", "乙", "甲"]
    assert by_right[["doc_id", "start"]].values.tolist() == [["0", 8], ["0", 2], ["1", 2], ["0", 14]]
    with pytest.raises(ValueError, match="sort must be one of position, left, right, not 'up'"):
        concordance(corpus, "改革", sort="up")
