"""Counts by products of sparse matrices against counts by the definition, on random texts."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp.cooccurrence import pairs
from npp_nlp.cooccurrence.occurrences import Occurrences, Passages, find_occurrences, most_frequent
from npp_nlp.cooccurrence.pairs import contexts_of_terms, count_pairs, pair_contexts
from npp_nlp.document import Corpus
from npp_nlp.lexicon import Lexicon

TERMS = ["数字经济", "新质生产力", "科技创新", "耐心资本"]

texts = st.lists(
    st.lists(st.sampled_from([*TERMS, "，", "。", "的", " ", "推动"]), max_size=14), min_size=1, max_size=6
)


def corpus_of(paragraphs):
    return Corpus.from_texts(["".join(p) or " " for p in paragraphs])


def by_definition(units, window):
    """Pairs of positions with different terms, each once; blanks hold no position."""
    n, where = {}, {}
    for number, unit in enumerate(units):
        solid = [token for token in unit if token.strip()]
        for (i, a), (j, b) in combinations(enumerate(solid), 2):
            if a in TERMS and b in TERMS and a != b and (window is None or j - i <= window):
                pair = tuple(sorted((a, b)))
                n[pair] = n.get(pair, 0) + 1
                where.setdefault(pair, set()).add(number)
    return {pair: (n[pair], len(where[pair])) for pair in n}


def sentences_of(paragraphs):
    units = []
    for paragraph in paragraphs:
        units.append([])
        for token in paragraph:
            units[-1].append(token)
            if token == "。":
                units.append([])
    return units


@settings(max_examples=80, deadline=None)
@given(texts, st.integers(1, 7))
def test_counts_are_those_of_the_definition(paragraphs, window):
    corpus, lexicon = corpus_of(paragraphs), Lexicon.from_terms(TERMS)
    for context, units in (
        ("paragraph", paragraphs),
        ("sentence", sentences_of(paragraphs)),
        ("window", sentences_of(paragraphs)),
    ):
        reach = window if context == "window" else None
        found = find_occurrences(corpus, lexicon, context)
        a, b, n, contexts = (column.tolist() for column in count_pairs(found, window=reach))
        names = [(found.terms[i], found.terms[j]) for i, j in zip(a, b, strict=True)]
        assert names == sorted(names)
        got = dict(zip(names, zip(n, contexts, strict=True), strict=True))
        assert got == by_definition(units, reach)
        for pair, total in zip(names, n, strict=True):
            one, two, where, count = pair_contexts(found, window=reach)
            mine = [(found.terms[i], found.terms[j]) == pair for i, j in zip(one, two, strict=True)]
            assert count[mine].sum() == total
            assert len(set(where[mine].tolist())) == len(where[mine]) == got[pair][1]


def synthetic(rng, terms, contexts, length):
    context = np.sort(rng.integers(0, contexts, length)).astype(np.int64)
    blank = np.zeros(contexts, dtype=np.int64)
    passages = Passages(blank, blank, blank, blank)
    term = rng.integers(0, terms, length).astype(np.int64)
    zero = np.zeros_like(term)
    names = tuple(f"t{i:05}" for i in range(terms))
    return Occurrences(names, passages, context, zero, term, zero, zero)


@pytest.mark.parametrize("block", [30, 400, 10**9])
@pytest.mark.parametrize("packed", [True, False])
def test_blocks_and_packing_change_nothing(block, packed, monkeypatch):
    found = synthetic(np.random.default_rng(3), 40, 25, 700)
    dense = np.zeros((25, 40), dtype=np.int64)
    np.add.at(dense, (found.context, found.term), 1)
    monkeypatch.setattr(pairs, "_BLOCK", block)
    if not packed:
        monkeypatch.setattr(pairs, "_packed", lambda _: (None, 0))
    a, b, n, contexts = count_pairs(found)
    both = (dense > 0).astype(np.int64).T @ (dense > 0)
    one, two = np.nonzero(np.triu(both, k=1))
    assert a.tolist() == one.tolist()
    assert b.tolist() == two.tolist()
    assert n.tolist() == (dense.T @ dense)[one, two].tolist()
    assert contexts.tolist() == both[one, two].tolist()
    assert contexts_of_terms(found).tolist() == (dense > 0).sum(axis=0).tolist()


def test_large_counts_do_not_run_over():
    # two terms 100,000 times each in one context: 10^10 position pairs
    half = 100_000
    context = np.zeros(2 * half, dtype=np.int64)
    term = np.repeat(np.array([0, 1], dtype=np.int64), half)
    one = np.zeros(1, dtype=np.int64)
    found = Occurrences(("a", "b"), Passages(one, one, one, one), context, context, term, context, context)
    assert [column.tolist() for column in count_pairs(found)] == [[0], [1], [10**10], [1]]


@pytest.mark.parametrize("texts", [[], [""], ["今天天气很好。"], ["科技创新。"]])
@pytest.mark.parametrize("context", ["paragraph", "sentence", "window"])
def test_no_pairs(texts, context):
    found = find_occurrences(Corpus.from_texts(texts), Lexicon.from_terms(TERMS), context)
    for columns in (count_pairs(found, window=3 if context == "window" else None), pair_contexts(found)):
        assert [len(column) for column in columns] == [0, 0, 0, 0]


@pytest.mark.parametrize("context", ["paragraph", "sentence", "window"])
def test_offsets_lead_back(context):
    corpus = Corpus.from_texts(["标题\n科技创新　引领新质生产力！耐心资本。\n数字经济。", "“科技创新”。"])
    found = find_occurrences(corpus, Lexicon.from_terms(TERMS), context)
    assert len(found.term) == 5
    for document, context_number, term, start, end in zip(
        found.document, found.context, found.term, found.start, found.end, strict=True
    ):
        assert corpus[document].text[start:end] == found.terms[term]
        place = found.passages
        assert place.start[context_number] <= start < end <= place.end[context_number]
        paragraph = corpus[document].paragraphs[place.paragraph[context_number]]
        assert paragraph.start <= start < end <= paragraph.end


def test_some_documents_only():
    corpus = Corpus.from_texts(["科技创新。新质生产力。", "无。", "耐心资本、科技创新。"])
    found = find_occurrences(corpus, Lexicon.from_terms(TERMS), "sentence")
    part = found.of_documents(np.array([False, True, True]))
    assert part.contexts == 2
    assert part.document.tolist() == [2, 2]
    assert part.context.tolist() == [1, 1]
    assert [part.terms[i] for i in part.term] == ["耐心资本", "科技创新"]
    assert len(most_frequent(found, 1).term) == 2
