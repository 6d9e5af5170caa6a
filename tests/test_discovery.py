"""New terms: what is found, the evidence worked out on paper, and what never comes out."""

import io
import math
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp import Corpus, Document, Lexicon, LinearSegmenter, Paragraph
from npp_nlp.discovery.frequent import frequent_runs
from npp_nlp.discovery.neighbours import NO_YEAR, Tally, npmi
from npp_nlp.discovery.proposing import COLUMNS, discover_terms, nesting, well_formed
from npp_nlp.matching import TermMatcher

EMPTY = Lexicon(())
TEXTS = [
    "壮大耐心资本。耐心资本是长期的资本，也是战略资本。",
    "培育耐心资本，引导耐心资本入市。我国经济总量增长2.5%。",
    "让“耐心资本”更多，严厉打击犯罪。",
    "我国经济平稳，严厉打击犯罪，战略性问题。",
]


def found(texts, **options):
    return discover_terms(texts, lexicon=options.pop("lexicon", EMPTY), **options)["term"].tolist()


# the table


def test_evidence_of_one_term():
    table = discover_terms(Corpus.from_texts(TEXTS, years=[2024, 2023, None, 2025]), lexicon=EMPTY)
    assert {name: str(table[name].dtype) for name in table} == COLUMNS
    row = table.set_index("term").loc["耐心资本"]
    assert (row["n"], row["docfreq"], row["first_year"]) == (5, 3, 2023)
    assert row["score"] == pytest.approx(math.log2(4) * 5)
    # left: 大 育 导 once each, a full stop and a quotation mark: five neighbours of one each
    assert row["entropy_left"] == pytest.approx(math.log2(5))
    assert (row["doc_id"], row["start"], row["example"]) == ("0", 2, "壮大耐心资本。")
    assert 0 < row["cohesion"] <= 1


def test_cohesion_is_the_weakest_split():
    assert npmi(np.array([2]), np.array([4]), np.array([8]), 64)[0] == pytest.approx(math.log2(4) / 5)
    assert npmi(np.array([8]), np.array([8]), np.array([8]), 8).tolist() == [1.0]


def test_nesting_means_and_maxima():
    mean, most = nesting(["数据", "数据要素", "大数据", "“数据要素”市场"], np.array([9, 4, 2, 1]))
    assert mean.tolist() == [pytest.approx(7 / 3), 1.0, 0.0, 0.0]
    assert most.tolist() == [4, 1, 0, 0]


def test_what_is_in_the_lexicon_is_not_new():
    assert "耐心资本" not in found(TEXTS, lexicon=Lexicon.from_terms(["「耐心资本」"]))
    assert "耐心资本" not in found(TEXTS, lexicon=None)


def test_without_years_and_top():
    table = discover_terms(Corpus.from_texts([text * 3 for text in TEXTS]), lexicon=EMPTY, top=1)
    assert len(table) == 1
    assert table["first_year"].isna().all()


@pytest.mark.parametrize(
    "source", ["", [], " \n", "。！？", "2025年3月5日" * 9, Corpus(()), "\ud800\x00𠀀" * 9]
)
def test_nothing_found_keeps_the_columns(source):
    table = discover_terms(source)
    assert len(table) == 0
    assert {name: str(table[name].dtype) for name in table} == COLUMNS


@pytest.mark.parametrize("option", ["min_n", "min_docfreq", "top"])
def test_limits_below_one(option):
    with pytest.raises(ValueError, match=f"{option}=0: must be at least 1"):
        discover_terms("内需", **{option: 0})


# what never comes out


def test_deictics_clauses_attributes_and_figures_are_no_terms():
    terms = found([text * 5 for text in TEXTS])
    assert not {"我国经济", "严厉打击", "战略性"} & set(terms)
    assert not [term for term in terms if any(char.isdigit() for char in term)]


@pytest.mark.parametrize(
    ("term", "good"),
    [
        ("5G网络", True),
        ("“十四五”规划", True),
        ("3个百分点", False),
        ("增长5%", False),
        ("十月革命", False),
        ("AI", False),
    ],
)
def test_figures_and_dates(term, good):
    assert well_formed(term) == good


def test_a_piece_of_one_longer_term_is_no_term():
    texts = [
        "推进智能检测装备研发",
        "加快智能检测装备应用",
        "支持智能检测装备企业",
        "购买智能检测装备",
        "出口智能检测装备",
    ]
    assert found(texts) == ["智能检测装备"]


def test_the_rarer_order_of_two_words_is_a_clause():
    first, second = (
        ["促进经济发展。", "推动经济发展，", "保障经济发展！"],
        ["要发展经济。", "去发展经济，", "能发展经济！"],
    )
    terms = found([*first * 4, *second * 2])
    assert "经济发展" in terms
    assert "发展经济" not in terms


def test_a_verb_before_its_object_is_a_clause_when_the_noun_phrase_is_half_as_frequent():
    first, second = ["要建设社会主义。", "去建设社会主义，", "能建设社会主义！"], ["社会主义建设。"]
    assert "建设社会主义" in found(first * 4)
    assert "建设社会主义" not in found([*first * 4, *second * 7])


# bounds


def test_groups_of_documents_make_no_difference(monkeypatch):
    whole = discover_terms(TEXTS * 2, lexicon=EMPTY, min_n=2)
    monkeypatch.setattr("npp_nlp.discovery.frequent.GROUP", 20)
    pd.testing.assert_frame_equal(discover_terms(TEXTS * 2, lexicon=EMPTY, min_n=2), whole)


def test_no_more_runs_are_held_than_allowed(monkeypatch):
    monkeypatch.setattr("npp_nlp.discovery.frequent.MOST", 3)
    monkeypatch.setattr("npp_nlp.discovery.frequent.GROUP", 20)
    runs = frequent_runs(Corpus.from_texts(TEXTS), LinearSegmenter(lexicon=EMPTY), 1, 1)
    assert len(runs.key) <= 3


def test_linear_in_the_text():
    document = "".join(TEXTS) * 250
    corpus = Corpus(tuple(Document.from_text(document, id=str(i)) for i in range(12)))
    size = sum(len(d.text) for d in corpus)
    begin = time.perf_counter()
    discover_terms(corpus, lexicon=EMPTY)
    assert (
        size / (time.perf_counter() - begin) > 150_000
    )  # some ten times as fast on a machine that does nothing else


# neighbours


@given(st.lists(st.text("甲乙丙，", max_size=20), max_size=6), st.integers(1, 3))
@settings(max_examples=100, deadline=None)
def test_tally_against_counting_place_by_place(texts, at_a_time):
    documents = [
        Document(str(i), text, (Paragraph(text, "paragraph", 0, 0, len(text)),), year=2000 + i)
        for i, text in enumerate(texts)
    ]
    tally = Tally(2, 3)
    for begin in range(0, len(documents), at_a_time):
        part = documents[begin : begin + at_a_time]
        tally.add(part, begin, TermMatcher(["甲", "甲乙", "丙"], [0, 1, 2]))
    assert tally.n.tolist() == [sum(text.count(term) for text in texts) for term in ("甲", "甲乙", "丙")]
    left, _ = tally.entropies()
    for number, term in enumerate(("甲", "甲乙")):
        holders = [i for i, text in enumerate(texts) if term in text]
        assert tally.docfreq[number] == len(holders)
        assert tally.year[number] == (2000 + holders[0] if holders else NO_YEAR)
        before = [
            (text[i - 1] if i and text[i - 1] != "，" else (k, i))
            for k, text in enumerate(texts)
            for i in range(len(text))
            if text.startswith(term, i)
        ]
        shares = [before.count(char) / len(before) for char in dict.fromkeys(before)]
        assert left[number] == pytest.approx(-sum(p * math.log2(p) for p in shares), abs=1e-9)
        if holders:
            place = (int(tally.document[number]), int(tally.start[number]))
            assert place == (holders[0], texts[holders[0]].find(term))


# a lexicon of the table


def test_the_table_makes_a_lexicon_also_after_editing_as_a_file():
    table = discover_terms(TEXTS, lexicon=EMPTY)
    lexicon = Lexicon.from_terms(table)
    assert "耐心资本" in lexicon
    edited = table.assign(variants="长钱|", category="finance", first_year=2024)
    edited = pd.read_csv(io.StringIO(edited.to_csv(index=False)))
    entry = Lexicon.from_terms(edited[edited["term"] == "耐心资本"]).entries[0]
    assert (entry.variants, entry.category, entry.first_year) == (("长钱",), "finance", 2024)
    assert "长钱" in EMPTY + Lexicon.from_terms(edited)


def test_a_table_of_terms_alone_and_with_gaps():
    frame = pd.DataFrame(
        {"term": ["双碳", "双碳", "内需"], "weight": [2, 1, None], "first_year": [2020.0, 1, None]}
    )
    first, second = Lexicon.from_terms(frame, "mine").entries
    assert (first.term, first.weight, first.first_year, first.category) == ("内需", 1.0, None, "mine")
    assert (second.term, second.weight, second.first_year) == ("双碳", 2.0, 2020)


def test_a_table_without_terms():
    with pytest.raises(ValueError, match="the table has no column 'term'; it has x"):
        Lexicon.from_terms(pd.DataFrame({"x": [1]}))
    with pytest.raises(ValueError, match="form '' of '' is empty"):
        Lexicon.from_terms(pd.DataFrame({"term": [None]}))
