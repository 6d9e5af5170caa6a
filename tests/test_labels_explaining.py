"""Why a label: the parts sum to the score, offsets lead back, cues are words."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp.document import Document, Paragraph
from npp_nlp.labels import LABELS, ParagraphClassifier, classify, cue_spans, explain
from npp_nlp.labels.attribution import attribute
from npp_nlp.labels.classifying import load
from npp_nlp.labels.features import FAMILIES

PLAN = "各位代表，今年要深化改革，扩大开放。"
WANTING = "部分企业经营困难，创新能力不强。"


def total(found):
    return found.parts.loc[found.parts["part"] != "cue", "weight"].sum()


def report():
    lines = ["一、过去一年工作回顾", "全年粮食产量增长5.5%。", "深入实施科教兴国战略。", "二、主要任务", PLAN]
    starts = np.cumsum([0, *(len(line) + 1 for line in lines)]).tolist()
    kinds = ["heading", "paragraph", "paragraph", "heading", "paragraph"]
    some = zip(lines, kinds, starts, strict=False)
    return Document(
        "a",
        "\n".join(lines),
        tuple(Paragraph(t, k, 0, s, s + len(t), level=int(k == "heading")) for t, k, s in some),
    )


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.text(alphabet="要了将增长改革问题0123456789%.，。；、 \n”年Ａ𠀀\0\u3000", max_size=50), max_size=6
    )
)
def test_parts_sum_to_the_scores(texts):
    model = load(None).classifier
    parts = list(attribute(model, texts))
    assert len(parts) == len(texts)
    if texts:
        scores = np.stack([one.total() for one in parts])
        exact = np.exp(scores - scores.max(axis=1, keepdims=True))
        assert np.allclose(exact / exact.sum(axis=1, keepdims=True), model.predict_proba(texts), atol=1e-9)
    for text, one in zip(texts, parts, strict=True):
        assert one.characters.shape == (len(text), 4)
        assert len(one.spans) == len(one.clauses)
        assert all(a[1] == b[0] for a, b in pairwise(one.spans))


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_of_features_alone(family):
    texts = [PLAN, WANTING, "全年粮食产量增长5.5%，再创历史新高。", "产量增长，产量增长，要改革。"]
    model = ParagraphClassifier(min_df=1, families=[family]).fit(texts, list("abab"))
    model.calibrate(model.scores(texts), list("abba"))
    totals = np.stack([one.total() for one in attribute(model, texts)])
    p = np.exp(totals) / np.exp(totals).sum(axis=1, keepdims=True)
    assert np.allclose(p, model.predict_proba(texts))


def test_chunks_change_nothing(monkeypatch):
    whole = [one.total() for one in attribute(load(None).classifier, [PLAN, WANTING] * 3)]
    monkeypatch.setattr("npp_nlp.labels.attribution.CHUNK", 20)
    parts = [one.total() for one in attribute(load(None).classifier, [PLAN, WANTING] * 3)]
    assert np.allclose(whole, parts)


def test_two_words_by_hand():
    """One n-gram a text: the whole difference of the labels hangs on that character."""
    model = ParagraphClassifier(min_df=1, families=["anywhere"]).fit(["甲", "乙"], ["x", "y"])
    one = next(attribute(model, ["甲"]))
    assert one.characters[0] == pytest.approx(model.scores(["甲"])[0] - model._intercept)
    assert one.characters[0, 0] == pytest.approx(-one.characters[0, 1])
    assert one.characters[0, 0] > 0
    assert (one.whole == 0).all()
    assert one.constant == pytest.approx(model._intercept)


def test_a_repeated_character_shares_what_it_gives():
    model = ParagraphClassifier(min_df=1, families=["anywhere"]).fit(["甲", "乙"], ["x", "y"])
    once, twice = attribute(model, ["甲", "甲丙甲"])
    assert twice.characters[0] == pytest.approx(once.characters[0] / 2)
    assert twice.characters[2] == pytest.approx(once.characters[0] / 2)
    assert twice.characters[1].tolist() == [0, 0]


@pytest.mark.parametrize("text", [PLAN, WANTING, "", "。", " 2025年，增长５．５％ 左右\n"])
@pytest.mark.parametrize("against", [None, "other"])
def test_rows_sum_to_the_log_odds(text, against):
    found = explain(text, label="driver", against=against)
    assert total(found) == pytest.approx(found.log_odds)
    p = dict(zip(LABELS, load(None).classifier.predict_proba([text])[0], strict=True))
    rest = (
        [math.log(p[name]) for name in LABELS if name != "driver"]
        if against is None
        else [math.log(p[against])]
    )
    assert found.log_odds == pytest.approx(math.log(p["driver"]) - sum(rest) / len(rest))
    assert found.probability == pytest.approx(p["driver"])
    for row in found.parts.dropna(subset="start").itertuples():
        assert text[row.start : row.end] == row.text


def test_what_carries_the_decision():
    found = explain(PLAN)
    assert found.label == classify([PLAN])["label"][0] == "driver"
    assert found.parts.loc[0, "text"] in ("今年要深化改革，", "扩大开放。")
    cues = found.parts.loc[found.parts["part"] == "cue", "text"].tolist()
    assert any("要" in cue or "深化" in cue for cue in cues)
    assert not any("代表" in cue for cue in cues)
    clauses = found.parts.loc[found.parts["part"] == "clause", "weight"]
    assert clauses.is_monotonic_decreasing
    assert str(found).startswith("driver ")


def test_a_paragraph_in_its_document():
    doc = report()
    table = classify(doc)
    for row in table.itertuples():
        found = explain(doc, row.paragraph)
        assert (found.label, found.probability) == (row.label, pytest.approx(row.score))
        assert total(found) == pytest.approx(found.log_odds)
        for part in found.parts.dropna(subset="start").itertuples():
            assert doc.text[part.start : part.end] == part.text
    parts = explain(doc, 2, label="achievement").parts.set_index("part")
    assert parts.loc["heading", "text"] == "announces review"
    assert parts.loc["heading", "weight"] > 0
    assert parts.loc["neighbours", "text"] == "mostly achievement"


def test_a_paragraph_beside_a_blank_one():
    doc = report()
    blank = Paragraph("——", "paragraph", 0, len(doc.text) + 1, len(doc.text) + 3)
    doc = Document("a", doc.text + "\n——", (*doc.paragraphs, blank))
    for row in classify(doc).itertuples():
        found = explain(doc, row.paragraph)
        assert (found.label, found.probability) == (row.label, pytest.approx(row.score))
        assert total(found) == pytest.approx(found.log_odds)


def test_own_labels():
    model = ParagraphClassifier(min_df=1).fit(["要改革", "有问题"], ["plan", "lack"])
    found = explain("要改革", model=model)
    assert found.label == "plan"
    assert found.log_odds == pytest.approx(math.log(found.probability / (1 - found.probability)))


def test_cue_spans_are_words_that_do_not_overlap():
    texts = [PLAN, WANTING, "", PLAN]
    spans = cue_spans(texts, ["driver", "challenge", "other", None])
    assert spans[2:] == [[], []]
    for text, found in zip(texts, spans, strict=True):
        assert all(0 <= a < b <= len(text) for a, b in found)
        assert all(first[1] <= second[0] for first, second in pairwise(found))
    assert any("困难" in WANTING[a:b] or "不强" in WANTING[a:b] for a, b in spans[1])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: explain(PLAN, 0), TypeError, "paragraph is for documents"),
        (lambda: explain(report()), TypeError, "paragraph is missing"),
        (lambda: explain(report(), 5), IndexError, "paragraph 5: 'a' has 5 paragraphs"),
        (lambda: explain([PLAN]), TypeError, "source must be a text or a Document, not list"),
        (lambda: explain(PLAN, label="drive"), ValueError, "label='drive': must be one of achievement"),
        (lambda: explain(PLAN, against="drive"), ValueError, "against='drive': must be one of"),
        (lambda: explain(PLAN, against="driver"), ValueError, "this is the label itself"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
