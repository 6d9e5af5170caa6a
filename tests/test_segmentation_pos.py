import numpy as np
import pytest

import npp_nlp as npp
from npp_nlp.artefacts import load_model
from npp_nlp.segmentation import parts_of_speech, to_ud, tokens_table
from npp_nlp.segmentation.pos import BREAK, UD, word_hashes
from npp_nlp.segmentation.tagger import BITS, REACH, Types, Weights, apart, feature_keys, framed


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


@pytest.mark.parametrize(
    ("words", "at", "tag"),
    [
        (["努力", "发展", "经济", "。"], 1, "v"),
        (["经济", "的", "发展", "很", "快", "。"], 2, "vn"),
        (["中国", "和", "法国", "。"], 1, "c"),
        (["他", "和", "我", "谈话", "。"], 3, "v"),
        (["在", "北京", "召开", "会议", "。"], 0, "p"),
    ],
)
def test_the_neighbours_decide(words, at, tag):
    assert parts_of_speech(words, context=True)[at] == tag


def test_context_is_off_unless_asked_for():
    words = ["努力", "发展", "经济", "。"]
    assert parts_of_speech(words)[1] == parts_of_speech(["发展"])[0] == "vn"


def test_any_string_has_a_tag_in_context():
    words = ["", "\ud800", "\x00", "😀", "新" * 50, "𠀀", "\n", " ", "发展"]
    for some in (words, words[::-1], [""], ["\n"], ["发展"]):
        tags = parts_of_speech(some, context=True)
        assert len(tags) == len(some)
        assert set(tags) <= set(UD)
    assert parts_of_speech([], context=True) == []


def test_context_reaches_two_words_and_no_further():
    words = ["努力", "发展", "经济", "，", "推动", "改革", "的", "发展", "。"]
    full = parts_of_speech(words, context=True)
    for at in range(len(words)):
        near = words[max(0, at - REACH) : at + REACH + 1]
        inner = parts_of_speech([BREAK, BREAK, *near, BREAK, BREAK], context=True)
        if REACH <= at < len(words) - REACH:
            assert inner[2 + REACH] == full[at]


def test_line_breaks_are_what_lies_outside():
    words = ["努力", "发展", "经济"]
    assert parts_of_speech([BREAK, BREAK, *words, BREAK, BREAK], context=True)[2:-2] == parts_of_speech(
        words, context=True
    )


def test_long_texts_are_tagged_as_short_ones():
    words = ["努力", "发展", "经济", "，", "推动", "改革", "。", BREAK, BREAK]
    assert parts_of_speech(words * 9000, context=True) == parts_of_speech(words, context=True) * 9000


def test_terms_are_proper_nouns_in_context_too():
    tags = parts_of_speech(["发展", "低空经济", "。"], terms=np.array([False, True, False]), context=True)
    assert tags[1:] == ["nz", "w"]


def test_tables_tag_every_paragraph_for_itself():
    texts = ["努力发展经济。", "发展", "经济的发展很快"]
    together = tokens_table(npp.Corpus.from_texts(texts))
    alone = [tokens_table(npp.Corpus.from_texts([text]))["pos"].tolist() for text in texts]
    assert together["pos"].tolist() == [tag for tags in alone for tag in tags]


def test_every_tag_has_a_universal_one():
    card = load_model("pos").card
    assert set(card["tags"]) == set(UD)
    universal = "ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X"
    assert set(UD.values()) <= set(universal.split())
    assert to_ud(parts_of_speech(["北京", "，", "经济"])) == ["PROPN", "PUNCT", "NOUN"]
    assert to_ud([]) == []
    with pytest.raises(ValueError, match="tag 'vx': must be one of a, ad, ag"):
        to_ud(["n", "vx"])


def test_the_card_states_the_accuracy_on_held_out_text():
    scores = load_model("pos").card["scores"]
    assert scores["accuracy"] >= 0.94 > scores["accuracy_without_context"]


def test_hashed_keys_differ_by_template_and_value():
    types = Types(
        *(
            np.array(values, dtype=np.uint32)
            for values in ([1, 2], [0, 1], [255, 255], [1, 1], [5, 6], [7, 8])
        )
    )
    keys = feature_keys(types, framed(np.array([0, 1]), types), np.array([0, 1]))
    distinct = {int(value) for row in keys for value in row}
    # the neighbours before the first word are breaks, as are those after the last: nothing else coincides
    assert len(distinct) > 2 * len(keys) - 6


def test_weights_of_unknown_features_are_zero():
    keys = np.array([5, 9], dtype=np.uint32)
    weights = Weights.of(keys, np.array([[1, -2], [3, 4]], dtype=np.int8))
    wanted = [np.array([5, 5 + (1 << BITS), 0], dtype=np.uint32), np.array([9, 9, 7], dtype=np.uint32)]
    assert weights.scores(wanted).tolist() == [[4, 2], [3, 4], [0, 0]]
    assert apart(np.array([5, 5 + (1 << BITS), 6], dtype=np.uint32)).tolist() == [0, 2]


def test_the_table_takes_tags_from_context_or_lexicon():
    document = npp.Document.from_text("工作报告要求我们工作。")
    lexical = tokens_table(document, pos="lexicon")
    assert lexical["pos"].tolist() == parts_of_speech(lexical["token"].tolist())
    assert tokens_table(document)["token"].tolist() == lexical["token"].tolist()
    with pytest.raises(ValueError, match="pos must be one of context, lexicon, not 'ud'"):
        tokens_table(document, pos="ud")
