"""What to read next, and shares of labels: worked on paper."""

import pandas as pd
import pytest

from npp_nlp.document import Corpus, Document
from npp_nlp.labels import classify, label_shares, suggest, unsure
from npp_nlp.labels.selection import SUGGESTED

TEXTS = [
    "全年粮食产量增长5.5%，再创历史新高。",
    "改革与发展的关系问题",
    "要加快建设现代化产业体系。",
    "改革与发展的关系问题",
    "数字经济与实体经济融合",
    "改革与发展的关系的问题",
    "短",
]


def table(rows):
    return pd.DataFrame(rows, columns=["doc_id", "paragraph", "label", "score", "text"])


ROWS = table(
    [
        ("a", 0, "driver", 0.9, "四个字的"),
        ("a", 1, "driver", 0.8, "两字"),
        ("a", 2, "other", 0.7, "六个字的一段"),
        ("b", 0, "other", 0.95, "两字"),
        ("b", 1, None, 0.4, "八个字的没有标签"),
    ]
)


# unsure


def test_the_unsure_ones_come_by_their_margin():
    found, plain = unsure(TEXTS, min_score=1.0), classify(TEXTS)
    assert found["margin"].is_monotonic_increasing
    assert found.columns.tolist()[2:6] == ["label", "score", "runner_up", "margin"]
    for row in found.itertuples():
        p = sorted(plain.loc[int(row.doc_id), ["achievement", "challenge", "driver", "other"]], reverse=True)
        assert row.margin == pytest.approx(p[0] - p[1])
        assert row.label != row.runner_up
    assert unsure(TEXTS, min_score=1.0, n=2).equals(found.head(2))
    assert len(unsure(TEXTS, min_score=0.0)) == len(unsure([])) == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [({"min_score": 2}, "min_score must be between 0 and 1, not 2"), ({"n": 0}, "n must be")],
)
def test_unsure_checks_its_arguments(options, message):
    with pytest.raises(ValueError, match=message):
        unsure(TEXTS, **options)


# suggest


def test_suggestions_can_be_filled_in(tmp_path):
    found = suggest(TEXTS, n=4)
    assert found.columns.tolist() == list(SUGGESTED)
    assert (found["label"] == "").all()
    assert found["text"].is_unique
    assert "短" not in found["text"].tolist()
    found.to_csv(tmp_path / "a.csv", index=False)
    assert pd.read_csv(tmp_path / "a.csv")["text"].tolist() == found["text"].tolist()


def test_the_same_call_gives_the_same_rows():
    corpus = [f"{a}{b}的发展" * 2 for a in TEXTS for b in "甲乙丙丁"]
    assert suggest(corpus, n=20, seed=3).equals(suggest(corpus, n=20, seed=3))
    there, here = suggest(corpus, n=20, seed=3), suggest(corpus, n=20, seed=4)
    assert there["reason"].tolist().count("random") == here["reason"].tolist().count("random") == 2
    assert not there.equals(here)


def test_near_duplicates_wait():
    found = suggest(["改革与发展的关系问题", "改革与发展的关系的问题", "数字经济与实体经济融合"], n=2)
    assert "数字经济与实体经济融合" in found["text"].tolist()


def test_known_texts_are_not_suggested():
    assert "改革与发展的关系问题" not in suggest(TEXTS, known={" 改革与发展的关系问题"})["text"].tolist()


def test_no_document_takes_all():
    long = Document.from_text(
        "\n".join(f"第{i}个改革与发展的关系问题。" for i in "甲乙丙丁戊己庚辛"), id="long"
    )
    short = Document.from_text("数字经济与实体经济融合。", id="short")
    found = suggest([long, short], n=4, per_document=3)
    assert found["doc_id"].value_counts().to_dict() == {"long": 3, "short": 1}


def test_nothing_to_suggest():
    assert suggest([]).columns.tolist() == list(SUGGESTED)
    assert len(suggest(["短"])) == 0


def test_suggest_checks_its_arguments():
    with pytest.raises(ValueError, match="n and per_document must be at least 1, not 0 and None"):
        suggest(TEXTS, n=0)
    with pytest.raises(TypeError, match="known must be a set of texts"):
        suggest(TEXTS, known="改革")


# shares


def test_shares_by_hand():
    found = label_shares(ROWS)
    rows = found.set_index(["group", "label"])
    # a: drivers 2 of 3, 6 of 12 characters; b: one sure paragraph.
    assert rows.loc[("a", "driver"), ["n", "n_characters"]].tolist() == [2, 6]
    assert rows.loc[("a", "driver"), "share"] == pytest.approx(2 / 3)
    assert rows.loc[("a", "driver"), "share_characters"] == pytest.approx(0.5)
    assert rows.loc[("b", "other"), "share"] == 1
    assert rows.loc[("b", "driver"), ["n", "share"]].tolist() == [0, 0]


def test_the_unsure_counted_apart():
    rows = label_shares(ROWS, min_score=0.75, count_unsure=True).set_index(["group", "label"])
    assert rows.loc[("a", "unsure"), ["n", "n_characters"]].tolist() == [1, 6]
    assert rows.loc[("b", "unsure"), "share_characters"] == pytest.approx(0.8)
    without = label_shares(ROWS, min_score=0.75).set_index(["group", "label"])
    assert without.loc[("a", "driver"), "share"] == 1


def test_shares_by_metadata():
    corpus = Corpus.from_texts(["要深化改革。", "去年增长5%。", "要扩大开放。"], years=[2025, 2024, None])
    found = label_shares(corpus, by="year")
    assert found["group"].dropna().unique().tolist() == [2024, 2025]
    assert found["group"].isna().tolist() == [False] * 8 + [True] * 4
    assert found.loc[found["n"] > 0, "label"].tolist() == ["achievement", "driver", "driver"]


def test_all_unsure_has_no_shares():
    found = label_shares(classify(["要深化改革。"], min_score=1.0))
    assert found["n"].tolist() == [0, 0, 0, 0]
    assert found["share"].isna().all()


def test_shares_of_nothing():
    assert len(label_shares([])) == 0
    with pytest.raises(ValueError, match="table has no column year: it has doc_id"):
        label_shares(ROWS, by="year")
