"""Rankings of a corpus and of its groups, and the surface forms of terms."""

import math

import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from npp_nlp import Corpus, count_terms, key_terms, surface_forms
from npp_nlp.lexicon import Lexicon
from npp_nlp.terms.mentions import DOCUMENT_COLUMNS, GROUP_COLUMNS

TEXTS = [
    "发展低空经济，培育新质生产力。低空经济是新增长点。",
    "壮大耐心资本。耐心资本支持科技创新。",
    "壮大耐心资本，培育新质生产力。",
]
CORPUS = Corpus.from_texts(TEXTS, years=[2024, 2025, 2025])


def test_the_score_of_a_group_is_the_sum_of_chances():
    single = key_terms(CORPUS, top=50)
    chance = (1 / (1 + (-single["score"]).map(math.exp))).groupby(single["term"]).sum()
    table = key_terms(CORPUS, top=50, by="corpus")
    assert set(table["group"]) == {"corpus"}
    assert dict(zip(table["term"], table["score"], strict=True)) == pytest.approx(chance.to_dict())
    assert table["score"].is_monotonic_decreasing


def test_groups_count_their_own_documents():
    table = key_terms(CORPUS, top=50, by="year").set_index(["group", "term"])
    assert table.loc[(2024, "低空经济"), ["n", "docfreq"]].tolist() == [2, 1]
    assert table.loc[(2025, "耐心资本"), ["n", "docfreq"]].tolist() == [3, 2]
    assert table.loc[(2025, "新质生产力"), ["n", "docfreq"]].tolist() == [1, 1]
    assert (2024, "耐心资本") not in table.index


def test_tfidf_by_hand():
    table = key_terms(CORPUS, top=50, score="tfidf").set_index(["doc_id", "term"])
    assert table.loc[("0", "低空经济"), "score"] == pytest.approx(2 * (math.log(4 / 2) + 1))
    assert table.loc[("0", "新质生产力"), "score"] == pytest.approx(1 * (math.log(4 / 3) + 1))
    groups = key_terms(CORPUS, top=50, by="year", score="tfidf").set_index(["group", "term"])
    assert groups.loc[(2025, "耐心资本"), "score"] == pytest.approx(3 * (math.log(4 / 3) + 1))


def test_keyness_agrees_with_scipy():
    table = key_terms(CORPUS, top=50, score="keyness").set_index(["doc_id", "term"])
    size, rest = len(TEXTS[0]), len(TEXTS[1]) + len(TEXTS[2])
    cells = [[2, 0], [size - 2, rest]]
    expected = chi2_contingency(cells, correction=False, lambda_="log-likelihood")[0]
    assert table.loc[("0", "低空经济"), "score"] == pytest.approx(expected)
    assert table.loc[("1", "科技创新"), "score"] > 0
    rare = key_terms(
        ["壮大耐心资本。" + "推进改革，扩大开放。" * 10, "耐心资本，耐心资本。"], score="keyness"
    )
    assert rare.set_index(["doc_id", "term"]).loc[("0", "耐心资本"), "score"] < 0


def test_documents_without_a_group_are_left_out_and_counted():
    corpus = Corpus.from_texts(TEXTS, years=[2024, None, 2024])
    table = key_terms(corpus, by="year")
    assert table.attrs["without_value"] == 1
    assert set(table["group"]) == {2024}
    with pytest.raises(ValueError, match="by='region': no document has a value of it"):
        key_terms(corpus, by="region")
    with pytest.raises(ValueError, match="score must be one of termhood, tfidf, keyness, not 'x'"):
        key_terms(corpus, score="x")


def test_nothing_gives_empty_tables_of_the_same_columns():
    empty = Corpus.from_texts(["。"], years=[2024])
    for score in ("termhood", "tfidf", "keyness"):
        table = key_terms(empty, score=score)
        assert {name: str(kind) for name, kind in table.dtypes.items()} == DOCUMENT_COLUMNS
        assert list(key_terms(empty, score=score, by="year").columns) == list(GROUP_COLUMNS)


def test_the_order_of_documents_does_not_change_a_ranking():
    back = Corpus(tuple(reversed(CORPUS.documents)))
    for options in ({"by": "corpus"}, {"by": "year"}, {"by": "corpus", "score": "keyness"}):
        one, two = key_terms(CORPUS, **options), key_terms(back, **options)
        pd.testing.assert_frame_equal(one, two)


def test_surface_forms_add_up_to_count_terms():
    texts = ["“人工智能+”行动，人工智能+行动", "「人工智能＋」行动；AI赋能", "双碳、碳达峰碳中和"]
    forms = surface_forms(texts)
    counted = count_terms(texts, tokens=False).groupby("term")["n"].sum()
    assert forms.groupby("term")["n"].sum().to_dict() == counted[counted > 0].to_dict()
    assert surface_forms(texts, Lexicon.default().only("environment"))["form"].tolist() == [
        "双碳",
        "碳达峰碳中和",
    ]


def test_surface_forms_are_counted_by_document():
    table = surface_forms(["内卷式竞争，“内卷式”竞争", "“内卷式”竞争"], ["“内卷式”竞争"])
    rows = table[["term", "form", "n", "docfreq", "first_doc_id"]].values.tolist()
    assert rows == [["“内卷式”竞争", "“内卷式”竞争", 2, 2, "0"], ["“内卷式”竞争", "内卷式竞争", 1, 1, "0"]]
    assert len(surface_forms(["改革"], ["开放"])) == 0
