"""Counts of known terms: the rule for overlaps, groups without holes, the comparison with tokens."""

import time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp import Corpus, Document, JiebaSegmenter, Lexicon, LinearSegmenter, Paragraph
from npp_nlp.counting.known import COLUMNS, count_terms, find_terms
from npp_nlp.lexicon import Entry
from npp_nlp.text import fold


def rows(table, *columns):
    return table[list(columns)].values.tolist()


def counts(texts, terms, **options):
    return rows(count_terms(texts, terms, tokens=False, **options), "doc_id", "term", "n", "n_nested")


def whole(name, text, **more):
    """A document of one paragraph, made without reflowing."""
    return Document(name, text, (Paragraph(text, "paragraph", 0, 0, len(text)),), **more)


# the rule


def test_longer_terms_take_their_place():
    found = counts(["新质生产力和生产力"], ["新质生产力", "生产力"])
    assert found == [["0", "新质生产力", 1, 0], ["0", "生产力", 1, 1]]


def test_leftmost_goes_before_longest_and_a_crossing_occurrence_is_in_neither_count():
    found = counts(["甲乙丙丁"], ["甲乙", "乙丙丁"])
    assert found == [["0", "乙丙丁", 0, 0], ["0", "甲乙", 1, 0]]


def test_a_variant_inside_its_own_term_is_not_nested():
    lexicon = Lexicon((Entry("碳达峰碳中和", ("双碳", "碳中和")),))
    assert counts(["碳达峰碳中和，双碳，碳中和"], lexicon) == [["0", "碳达峰碳中和", 3, 0]]


def test_two_variants_at_one_nested_place_count_once():
    lexicon = Lexicon((Entry("甲乙", ("乙",)), Entry("甲乙丙")))
    assert counts(["甲乙丙"], lexicon) == [["0", "甲乙", 0, 1], ["0", "甲乙丙", 1, 0]]


def test_occurrences_of_one_term_do_not_overlap():
    assert counts(["哈哈哈哈哈"], ["哈哈"]) == [["0", "哈哈", 2, 0]]


@pytest.mark.parametrize(
    "text",
    ["“内卷式”竞争", "「内卷式」竞争", "内卷式竞争", '"内卷式"競爭', "“内卷式”竞争".replace("内", "內")],
)
def test_quotes_and_traditional_characters(text):
    assert counts([text], ["“内卷式”竞争"]) == [["0", "“内卷式”竞争", 1, 0]]


def test_width_and_case_but_no_cut_of_latin_words():
    assert counts(["ＡＩ与ai，AIDS"], ["AI"]) == [["0", "AI", 2, 0]]


alphabet = st.text("甲乙丙，", max_size=30)
names = st.lists(st.text("甲乙丙", min_size=1, max_size=4), min_size=1, max_size=5, unique=True)


@given(st.lists(alphabet, max_size=4), names)
@settings(max_examples=150, deadline=None)
def test_against_a_search_place_by_place(texts, terms):
    wanted = []
    for number, text in enumerate(texts):
        n, nested, at = dict.fromkeys(terms, 0), dict.fromkeys(terms, 0), 0
        seen = {term for term in terms if text.find(term) >= 0}
        while at < len(text):
            best = max((t for t in terms if text.startswith(t, at)), key=len, default="")
            if best:
                n[best] += 1
                for term in terms:
                    nested[term] += best.count(term) if term != best else 0
            at += len(best) or 1
        wanted += [[str(number), term, n[term], nested[term]] for term in sorted(seen)]
    assert counts(texts, terms) == wanted


@given(st.text("新质“」ＡaA国國 ", max_size=40), st.sampled_from(["新质", "国", "a"]))
@settings(max_examples=100, deadline=None)
def test_against_str_find_on_folded_text(text, term):
    document = whole("a", text)
    folded, at, wanted = fold(text), 0, 0
    while (at := folded.find(fold(term), at)) >= 0:
        end = at + len(term)
        cut = term == "a" and (folded[at - 1 : at] == "a" or folded[end : end + 1] == "a")
        wanted += not cut
        at = end
    table = count_terms([document], [term], tokens=False)
    assert table["n"].sum() == wanted


def test_find_terms_gives_offsets_in_each_text():
    found = find_terms(["", "发展经济", "经济"], Lexicon.from_terms(["经济"]))
    assert (found.text.tolist(), found.start.tolist(), found.end.tolist()) == ([1, 2], [2, 0], [4, 2])


# the table


def test_columns_and_rates():
    table = count_terms(["扩大内需" * 25, "内需"], ["内需"])
    assert {name: str(table[name].dtype) for name in table} == {"doc_id": "str"} | COLUMNS
    assert rows(table, "doc_id", "n", "docfreq", "per_10k") == [["0", 25, 2, 2500.0], ["1", 1, 2, 5000.0]]


@pytest.mark.parametrize("source", ["", [], ["", " "], "没有", Corpus(()), "\x00\ud800"])
@pytest.mark.parametrize("terms", [[], ["内需"]])
@pytest.mark.parametrize("tokens", [True, False])
def test_nothing_found_keeps_the_columns(source, terms, tokens):
    table = count_terms(source, terms, tokens=tokens)
    assert len(table) == 0
    assert {name: str(table[name].dtype) for name in table} == {"doc_id": "str"} | COLUMNS


def test_groups_have_no_holes():
    texts = ["扩大内需", "深化改革", "改革，改革", "", "内需"]
    corpus = Corpus.from_texts(texts, years=[2023, 2024, 2024, 2022, None])
    table = count_terms(corpus, ["改革", "内需"], by="year")
    assert rows(table, "group", "term", "n", "docfreq") == [
        [2023, "内需", 1, 1],
        [2023, "改革", 0, 0],
        [2024, "内需", 0, 0],
        [2024, "改革", 3, 2],
    ]
    assert table["per_10k"].tolist() == [2500, 0, 0, pytest.approx(3 * 10_000 / 9)]
    assert table.attrs == {"without_value": 1}
    assert str(table["group"].dtype) == "int64"


def test_groups_by_any_metadata_and_nan_is_no_value():
    places = ["北京", float("nan"), "上海"]
    documents = [whole(str(i), "内需", metadata={"place": place}) for i, place in enumerate(places)]
    table = count_terms(documents, ["内需"], by="place")
    assert rows(table, "group", "n") == [["上海", 1], ["北京", 1]]
    assert table.attrs["without_value"] == 1


def test_a_group_by_a_name_that_no_document_has():
    with pytest.raises(ValueError, match="by='yaer': no document has a value of it"):
        count_terms("内需", ["内需"], by="yaer")


def test_one_string_is_no_list_of_terms():
    with pytest.raises(TypeError, match="'内需'; a list of strings is wanted"):
        count_terms("内需", "内需")


def test_many_groups_of_text_are_one(monkeypatch):
    texts = ["扩大内需，深化改革" * 3, "改革", "", "内需" * 5] * 3
    whole = count_terms(texts, ["改革", "内需"])
    monkeypatch.setattr("npp_nlp.counting.known._GROUP", 10)
    pd.testing.assert_frame_equal(count_terms(texts, ["改革", "内需"]), whole)


# against tokens


def test_default_jieba_counts_fragments_where_the_raw_text_has_the_term():
    corpus = Corpus.from_texts(
        ["加快发展新质生产力。", "新质生产力，绿色低碳转型，新质生产力。"], years=[2023, 2024]
    )
    table = count_terms(corpus, ["新质生产力"], by="year", segmenter=JiebaSegmenter(lexicon=Lexicon(())))
    assert rows(table, "group", "n", "n_tokens", "difference") == [[2023, 1, 0, 1], [2024, 2, 0, 2]]
    table = count_terms(corpus, ["新质生产力"], by="year", segmenter=JiebaSegmenter())
    assert table["difference"].tolist() == [0, 0]


def test_tokens_of_a_nested_term():
    segmenter = LinearSegmenter(lexicon=Lexicon.from_terms(["生产力"]))
    table = count_terms("新质生产力", ["新质生产力", "生产力"], segmenter=segmenter)
    assert rows(table, "term", "n", "n_tokens", "difference") == [
        ["新质生产力", 1, 0, 1],
        ["生产力", 0, 1, -1],
    ]


def test_without_tokens_the_columns_are_empty():
    table = count_terms("扩大内需", ["内需"], tokens=False)
    assert table["n_tokens"].isna().all()
    assert table["difference"].isna().all()


def test_fast_and_linear_in_the_text():
    texts = [("一二三四五六七八九十新质生产力" * 1400)[:20_000]] * 50
    documents = [whole(str(i), text) for i, text in enumerate(texts)]
    count_terms("内需", tokens=False)  # builds the automaton of the packaged lexicon
    begin = time.perf_counter()
    table = count_terms(documents, tokens=False)
    assert time.perf_counter() - begin < 1
    assert table["n"].sum() >= 50 * 1333
