import numpy as np
import pytest

from npp_nlp.segmentation import parts_of_speech
from npp_nlp.segmentation.pos import word_hashes


@pytest.mark.parametrize(
    ("word", "tag"),
    [
        ("北京", "ns"),
        ("的", "u"),
        ("和", "c"),
        ("经济", "n"),
        ("因地制宜", "i"),
        ("，", "w"),
        ("……", "w"),
        (" ", "w"),
        ("2024年", "t"),
        ("１２月", "t"),
        ("5.5%", "m"),
        ("三十二", "m"),
        ("GDP", "nx"),
        ("5G", "nx"),
        ("不存在的新词化", "n"),
    ],
)
def test_tags(word, tag):
    assert parts_of_speech([word]) == [tag]


def test_any_string_has_a_tag():
    words = ["", "\ud800", "\x00", "😀", "新" * 50, "𠀀"]
    tags = parts_of_speech(words)
    assert len(tags) == len(words)
    assert all(isinstance(tag, str) and tag for tag in tags)
    assert parts_of_speech([]) == []


def test_order_and_repeats():
    words = ["北京", "，", "北京", "发展"]
    assert parts_of_speech(words) == [parts_of_speech([word])[0] for word in words]


def test_terms_are_proper_nouns():
    assert parts_of_speech(["，", "北京"], terms=np.array([False, True])) == ["w", "nz"]
    with pytest.raises(ValueError, match="terms has 1 values for 2 words: numbers must match"):
        parts_of_speech(["，", "北京"], terms=np.array([False]))


def test_hashes_do_not_depend_on_neighbours_width_or_case():
    words = ["发展", "ＧＤＰ", "发", "展发", ""]
    together = word_hashes(words)
    assert together.tolist() == [int(word_hashes([word])[0]) for word in words]
    assert word_hashes(["gdp"])[0] == together[1]
    assert len(set(together.tolist())) == 5
