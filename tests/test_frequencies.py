"""Counts by group: what a search for each term would find, whatever the other terms."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp import Corpus, Document, Lexicon
from npp_nlp.comparison.frequencies import count_groups

words = st.lists(st.text("甲乙丙", min_size=1, max_size=3), min_size=1, max_size=5, unique=True)


@given(st.lists(st.text("甲乙丙，", max_size=20), min_size=1, max_size=4), words)
@settings(max_examples=150, deadline=None)
def test_against_str_count(texts, terms):
    corpus = Corpus.from_texts(texts, years=[2020 + i % 2 for i in range(len(texts))])
    counts = count_groups(corpus, Lexicon.from_terms(terms), "year")
    seen = {}
    for document in corpus:
        for term in terms:
            if n := document.text.count(term):
                key = (term, document.year)
                seen[key] = (seen.get(key, (0, 0))[0] + n, seen.get(key, (0, 0))[1] + 1)
    found = {
        (term, group): (int(counts.n[i, j]), int(counts.docfreq[i, j]))
        for i, term in enumerate(counts.terms)
        for j, group in enumerate(counts.groups)
        if counts.n[i, j]
    }
    assert found == seen
    assert counts.sizes.sum() == counts.characters.sum() == sum(len(d.text) for d in corpus)


def test_alone_only_where_not_nested():
    corpus = Corpus.from_texts(["新质生产力和生产力", "生产力"], years=[1, 2])
    lexicon = Lexicon.from_terms(["新质生产力", "生产力"])
    assert count_groups(corpus, lexicon, "year").n.tolist() == [[1, 0], [2, 1]]
    assert count_groups(corpus, lexicon, "year", nested=False).n.tolist() == [[1, 0], [1, 1]]


@pytest.mark.parametrize("missing", [None, float("nan"), np.nan, pd.NA, pd.NaT])
def test_missing_values_make_no_group(missing):
    documents = [
        Document.from_text("内需", id=str(i), metadata={"place": place})
        for i, place in enumerate(["甲", missing, "乙"])
    ]
    counts = count_groups(Corpus(tuple(documents)), Lexicon.from_terms(["内需"]), "place")
    assert counts.groups == ("乙", "甲")
    assert counts.n.tolist() == [[1, 1]]
    assert not counts.ordered


def test_numbers_of_numpy_are_numbers():
    documents = [Document.from_text("内需", id=str(i), metadata={"no": np.int64(i)}) for i in (10, 9)]
    counts = count_groups(Corpus(tuple(documents)), Lexicon.from_terms(["内需"]), "no")
    assert counts.groups == (9, 10)
    assert counts.ordered


def test_numbers_and_texts_are_refused():
    documents = [Document.from_text("内需", id=str(v), metadata={"when": v}) for v in (2024, "2024年")]
    with pytest.raises(ValueError, match=r"by='when': values are numbers and texts \(2024, '2024年'\)"):
        count_groups(Corpus(tuple(documents)), Lexicon.from_terms(["内需"]), "when")


def test_groups_without_text_are_left_out():
    corpus = Corpus.from_texts(["内需", "", "内需"], years=[2023, 2024, 2025])
    counts = count_groups(corpus, Lexicon.from_terms(["内需"]), "year")
    assert counts.groups == (2023, 2025)
    assert counts.documents.tolist() == [1, 1]


def test_many_documents_are_counted_in_parts(monkeypatch):
    corpus = Corpus.from_texts(["扩大内需"] * 7, years=[1, 2] * 3 + [1])
    whole = count_groups(corpus, Lexicon.from_terms(["内需"]), "year")
    monkeypatch.setattr("npp_nlp.comparison.frequencies._GROUP", 9)
    parts = count_groups(corpus, Lexicon.from_terms(["内需"]), "year")
    assert whole.n.tolist() == parts.n.tolist() == [[4, 3]]
