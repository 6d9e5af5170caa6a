"""Folding and sentences keep every offset."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npp_nlp.text import codepoints, fold, fold_codepoints, sentence_spans

ANY = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=80)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("５．５％", "5.5%"),
        ("“十四五”规划", '"十四五"规划'),
        ("「内卷式」竞争", '"内卷式"竞争'),
        ("人工智能﹢", "人工智能+"),
        ("人工智能＋", "人工智能+"),
        ("ＡＩ", "ai"),
        ("亚当•斯密", "亚当·斯密"),
        ("一　二", "一 二"),
        ("《资本论》，。；", "《资本论》,。;"),
        ("發展經濟", "发展经济"),
        ("乾坤著作", "乾坤著作"),  # characters that simplified text has too stay as they are
        ("𠀀新", "𠀀新"),
        ("", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@given(ANY)
def test_fold_keeps_length_and_is_idempotent(text):
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@given(ANY)
def test_both_ways_of_folding_agree(text):
    assert "".join(map(chr, fold_codepoints(codepoints(text)))) == fold(text)


@given(ANY)
def test_codepoints(text):
    assert "".join(map(chr, codepoints(text))) == text


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("经济稳步恢复。就业总体稳定。", ["经济稳步恢复。", "就业总体稳定。"]),
        ("他说：“扩大开放！”会议结束", ["他说：“扩大开放！”", "会议结束"]),
        ("增长5.5%。左右", ["增长5.5%。", "左右"]),
        ("为什么？！因为……好。", ["为什么？！", "因为……", "好。"]),
        ("一\n二", ["一\n", "二"]),
        ("没有句号", ["没有句号"]),
        ("。。。", ["。。。"]),
        ("", []),
    ],
)
def test_sentences(text, sentences):
    assert [text[a:b] for a, b in sentence_spans(text)] == sentences


@given(ANY)
def test_sentences_join_to_the_text(text):
    assert "".join(text[a:b] for a, b in sentence_spans(text)) == text
