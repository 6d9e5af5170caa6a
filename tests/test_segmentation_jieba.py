import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp.lexicon import Lexicon
from npp_nlp.segmentation import JiebaSegmenter

EMPTY = Lexicon(())


@pytest.fixture(scope="module")
def rust():
    pytest.importorskip("rjieba", reason="rjieba, which is optional, is not installed")
    return JiebaSegmenter(lexicon=Lexicon.from_terms(["新质生产力"]), engine="rjieba")


def test_the_default_engine_does_not_depend_on_what_is_installed():
    segmenter = JiebaSegmenter(lexicon=EMPTY)
    assert segmenter.engine == "jieba"
    assert segmenter.identity.startswith("jieba 0.")


def test_rust_identity_names_engine_and_version(rust):
    assert rust.backend_identity.startswith("rjieba 0.")
    off = JiebaSegmenter(lexicon=EMPTY, engine="rjieba", hmm=False)
    assert off.identity.startswith(rust.backend_identity + " without HMM; ")
    assert rust.name == "jieba"


def test_rust_takes_lexicon_and_hmm(rust):
    assert rust.segment("发展新质生产力") == ["发展", "新质生产力"]
    # jieba's own example of a word that is not in its dictionary
    assert JiebaSegmenter(lexicon=EMPTY, engine="rjieba").segment("杭研大厦") == ["杭研", "大厦"]
    off = JiebaSegmenter(lexicon=EMPTY, engine="rjieba", hmm=False)
    assert off.segment("杭研大厦") == ["杭", "研", "大厦"]


@pytest.mark.parametrize(
    "text", ["", " ", "  发展\r\n新质\u3000生产力", "５．５％", "\ud800发展\udfff", "😀\U00020000", "a\x00b"]
)
def test_rust_loses_nothing(rust, text):
    assert "".join(rust.segment(text)) == text


def test_a_lone_surrogate_does_not_shift_the_words(rust):
    assert rust.segment("发展\ud800发展") == ["发展", "\ud800", "发展"]


@settings(max_examples=100, deadline=None)
@given(text=st.text())
def test_rust_loses_nothing_of_any_text(rust, text):
    assert "".join(rust.segment(text)) == text


def test_batch_equals_text_by_text(rust):
    texts = ["发展新质生产力。", "", "加快\n建设"]
    assert list(rust.segment_batch(texts)) == [rust.segment(text) for text in texts]


def test_rust_asked_for_but_absent(monkeypatch):
    monkeypatch.setitem(sys.modules, "rjieba", None)
    with pytest.raises(ImportError, match=r'^engine "rjieba" is not installed: pip install rjieba$'):
        JiebaSegmenter(lexicon=EMPTY, engine="rjieba")


def test_an_unknown_engine_is_refused():
    with pytest.raises(ValueError, match=r"engine 'cpp': must be one of \('jieba', 'rjieba'\)"):
        JiebaSegmenter(lexicon=EMPTY, engine="cpp")
