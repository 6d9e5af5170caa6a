"""The matcher finds exactly what a search term by term, character by character, finds."""

import time

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from npp_nlp.matching import TermMatcher, fold_all, leftmost_longest, quoteless, unquoted
from npp_nlp.text import codepoints, fold

ALPHABET = 'ab1AＡ新质生“”"+，。𠀀é'


def is_latin(char: str) -> bool:
    folded = fold(char)
    return (folded.isascii() and folded.isalnum()) or ("À" <= folded <= "ɏ" and folded not in "×÷")


def brute_force(terms, text):
    """Every place where a term stands, tried one by one."""
    folded, found = fold(text), []
    wanted = {}
    for number, term in enumerate(terms):
        wanted.setdefault(fold(term), number)
    for start in range(len(folded)):
        for end in range(len(folded), start, -1):
            number = wanted.get(folded[start:end])
            if number is None:
                continue
            cut_before = start > 0 and is_latin(folded[start - 1]) and is_latin(folded[start])
            cut_after = end < len(folded) and is_latin(folded[end - 1]) and is_latin(folded[end])
            if not cut_before and not cut_after:
                found.append((start, end, number))
    return found


def brute_winners(found):
    """Read from the left: at the first place that is free, the longest match."""
    winners, free_from = [], 0
    for start, end, number in found:
        if start >= free_from:
            winners.append((start, end, number))
            free_from = end
    return winners


def as_rows(spans):
    return list(zip(*(column.tolist() for column in spans), strict=True))


def search(terms, text):
    return as_rows(TermMatcher(terms, list(range(len(terms)))).all_matches(codepoints(text)))


words = st.text(alphabet=ALPHABET, min_size=1, max_size=6)


@settings(max_examples=400, deadline=None)
@given(terms=st.lists(words, min_size=0, max_size=12), text=st.text(alphabet=ALPHABET, max_size=60))
@example(terms=["a", "aa"], text="aa a aaa")
@example(terms=["新"], text="新新")
@example(terms=["𠀀新", "𠀀"], text="𠀀新𠀀")
def test_all_matches_equal_brute_force(terms, text):
    assert search(terms, text) == brute_force(terms, text)


@settings(max_examples=300, deadline=None)
@given(terms=st.lists(words, min_size=1, max_size=12), text=st.text(alphabet=ALPHABET, max_size=60))
def test_winners_equal_reading_from_the_left(terms, text):
    found = brute_force(terms, text)
    starts = np.array([row[0] for row in found], dtype=np.int64)
    ends = np.array([row[1] for row in found], dtype=np.int64)
    assert [found[i] for i in leftmost_longest(starts, ends)] == brute_winners(found)


@settings(max_examples=100, deadline=None)
@given(terms=st.lists(st.text(min_size=1, max_size=5), max_size=6), text=st.text(max_size=40))
def test_any_unicode(terms, text):
    terms = [term for term in terms if "\x00" not in term]
    text = text + "".join(terms)
    assert search(terms, text) == brute_force(terms, text)


@pytest.mark.parametrize(
    ("terms", "text", "expected"),
    [
        (["AI"], "AI与AIDS、ＡＩ，ai。5AI AI5", [(0, 2, 0), (8, 10, 0), (11, 13, 0)]),
        (["5G"], "5G和15G、5G网络", [(0, 2, 0), (7, 9, 0)]),
        (["AI技术"], "用AI技术，OpenAI技术", [(1, 5, 0)]),
        (["人工智能+"], "“人工智能＋”人工智能﹢", [(1, 6, 0), (7, 12, 0)]),
        (["中国", "中国特色", "特色"], "中国特色", [(0, 4, 1), (0, 2, 0), (2, 4, 2)]),
        (["“双一流”建设"], "「双一流」建设『双一流』建设", [(0, 7, 0), (7, 14, 0)]),
        ([], "任何文字", []),
        (["新质生产力"], "", []),
        (["新质生产力"], "新质生产", []),
    ],
)
def test_cases(terms, text, expected):
    assert search(terms, text) == expected


def test_matches_across_the_borders_of_chunks():
    border = 1 << 17
    text = "的" * (border - 3) + "新质生产力" + "的" * (border - 4) + "新质生产力"
    assert search(["新质生产力", "生产力"], text) == [
        (border - 3, border + 2, 0),
        (border - 1, border + 2, 1),
        (2 * border - 2, 2 * border + 3, 0),
        (2 * border, 2 * border + 3, 1),
    ]


def test_large_families_of_continuations_find_their_places():
    heads, tails = "新质生产力", [c for c in map(chr, range(0x4E00, 0x4F80)) if fold(c) == c][:300]
    terms = [head + tail for head in heads for tail in tails]
    text = "".join(terms)
    assert set(brute_force(terms[:40], "".join(terms[:40]))) == set(search(terms[:40], "".join(terms[:40])))
    assert {row[2] for row in search(terms, text)} == set(range(len(terms)))


@pytest.mark.parametrize("char", ["a", "的"])
def test_repetition_is_linear(char):
    matcher = TermMatcher([char, char * 2, char * 3], [0, 1, 2])
    seconds = []
    for size in (100_000, 1_000_000):
        points = codepoints(char * size)
        start = time.perf_counter()
        starts, ends, _ = matcher.all_matches(points)
        won = leftmost_longest(starts, ends)
        seconds.append(time.perf_counter() - start)
        assert len(won) == (0 if char == "a" else -(-size // 3))
    assert seconds[1] < 60 * seconds[0] + 0.5


def test_folding_helpers():
    assert fold_all([]) == []
    assert fold_all(["ＡＩ", "“双碳”"]) == ["ai", '"双碳"']
    assert quoteless(["“放管服”改革", " 双碳 "]) == ["放管服改革", "双碳"]
    assert unquoted('"十四五"和"十五五"') == '"十四五"和"十五五"'
    with pytest.raises(ValueError, match=r"U\+0000"):
        fold_all(["a\x00b"])
