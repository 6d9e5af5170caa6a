"""Runs of parts of speech as features of a text."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp.labels.features import keys, parse
from npp_nlp.labels.grammar import grammar_runs


def runs_of(text):
    hashes, _, offsets = grammar_runs([text])
    return hashes.tolist(), offsets.tolist()


def test_sentences_of_one_build_have_the_same_runs():
    assert runs_of("建设农村。")[0] == runs_of("治理城市。")[0]
    assert runs_of("建设农村。")[0] != runs_of("建设了农村。")[0]


def test_numbers_are_all_one_symbol():
    assert runs_of("增长5.5%。")[0] == runs_of("增长12%。")[0]


def test_a_run_stands_where_its_first_word_begins():
    _, offsets = runs_of("推进改革。")
    assert sorted(set(offsets)) == [0, 2, 4]


def test_texts_do_not_touch_one_another():
    texts = ["推进改革。", "", "扩大开放，深化改革。", "  "]
    together, text, _ = grammar_runs(texts)
    for number, alone in enumerate(texts):
        assert sorted(together[text == number].tolist()) == sorted(runs_of(alone)[0])
    assert grammar_runs([])[0].tolist() == []


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=4))
def test_every_feature_has_a_place_in_its_text(texts):
    found, parsed = keys(texts, ["grammar"]), parse(texts)
    if len(found.key):
        assert found.position.min() >= 0
        assert np.array_equal(parsed.paragraph[found.position], found.paragraph)
