import math

import pandas as pd
import pytest

import npp_nlp as npp
from npp_nlp.lexicon import Lexicon
from npp_nlp.segmentation.base import Backend, starts_from_words
from npp_nlp.sensitivity import SegmenterComparison

EMPTY = Lexicon(())
COLUMNS = {
    "agreement": ["segmenter_a", "segmenter_b", "f1", "boundary_agreement", "n_tokens_a", "n_tokens_b"],
    "counts": ["term", "segmenter", "n", "n_text", "share"],
    "ranks": ["doc_id", "term", "segmenter", "rank", "rank_reference", "change"],
    "differences": ["segmenter_a", "segmenter_b", "text", "words_a", "words_b", "n", "doc_id", "start"],
}


class Written(Backend):
    """Words as a table says, and single characters elsewhere."""

    name = "written"
    backend_identity = "written"

    def __init__(self, *words, lexicon=EMPTY):
        super().__init__(lexicon=lexicon)
        self.words = sorted(words, key=len, reverse=True)

    def word_starts(self, joined):
        return starts_from_words(joined, map(self._split, joined.texts))

    def _split(self, text):
        found = []
        while text:
            word = next((w for w in self.words if text.startswith(w)), text[0])
            found.append(word)
            text = text[len(word) :]
        return found


def corpus():
    return npp.Corpus.from_texts(["数字经济发展。\n发展数字经济。", "经济 数字经济。"], ids=["a", "b"])


@pytest.fixture(scope="module")
def found():
    # a: 数字经济|发展|。 发展|数字经济|。   b: 经济| |数字经济|。        6 + 3 tokens
    # long against short: 数字|经济 three times, so 3 more, and 发展 as one word in both
    long, short = Written("数字经济", "经济", "发展"), Written("数字", "经济", "发展")
    return npp.compare_segmenters(corpus(), {"long": long, "short": short}, terms=["数字经济", "经济"])


def test_tables_have_their_columns(found):
    assert isinstance(found, SegmenterComparison)
    for name, columns in COLUMNS.items():
        assert list(getattr(found, name).columns) == columns


def test_agreement_on_paper(found):
    row = found.agreement.iloc[0]
    assert (row.segmenter_a, row.segmenter_b, row.n_tokens_a, row.n_tokens_b) == ("long", "short", 9, 12)
    assert row.f1 == pytest.approx(2 * 6 / (9 + 12))
    # places between two written characters: 6 in each paragraph of a, 1 + 4 in b; three of them differ
    assert row.boundary_agreement == pytest.approx(14 / 17)


def test_counts_on_paper(found):
    assert found.counts.to_numpy().tolist() == [
        ["经济", "long", 1, 4, 0.25],  # 经济 inside 数字经济 stands in the text, but is no token
        ["经济", "short", 4, 4, 1.0],
        ["数字经济", "long", 3, 3, 1.0],
        ["数字经济", "short", 0, 3, 0.0],
    ]


def test_differences_on_paper(found):
    assert found.differences.to_numpy().tolist() == [
        ["long", "short", "数字经济", "数字经济", "数字 经济", 3, "a", 0]
    ]


def test_example_of_a_difference_leads_back_to_the_text():
    one, two = Written("发展"), Written()
    table = npp.compare_segmenters(["扩大。", "稳步发展。\n发展"], {"one": one, "two": two}).differences
    row = table.iloc[0]
    assert (row.text, row.words_b, row.n, row.doc_id, row.start) == ("发展", "发 展", 2, "1", 2)


def test_overlapping_words_are_one_difference():
    one, two = Written("发展", "中国"), Written("展中", "国")
    table = npp.compare_segmenters("发展中国", {"one": one, "two": two}).differences
    assert table[["text", "words_a", "words_b"]].to_numpy().tolist() == [
        ["发展中国", "发展 中国", "发 展中 国"]
    ]


def test_a_segmenter_agrees_with_itself():
    same = Written("数字经济")
    result = npp.compare_segmenters(corpus(), {"one": same, "two": same})
    assert result.agreement[["f1", "boundary_agreement"]].to_numpy().tolist() == [[1.0, 1.0]]
    assert result.differences.empty
    assert (result.ranks["change"] == 0).all()
    assert result.ranks["rank"].notna().all()


def test_ranks_are_those_of_key_terms():
    text = "加快发展低空经济，壮大耐心资本。低空经济与耐心资本相互促进，低空经济带动就业。"
    segmenters = {"default": npp.LinearSegmenter(), "bare": npp.LinearSegmenter(lexicon=EMPTY)}
    ranks = npp.compare_segmenters(text, segmenters, top=3).ranks
    for name, segmenter in segmenters.items():
        own = ranks[(ranks["segmenter"] == name) & ranks["rank"].notna()]
        assert own["term"].tolist() == npp.key_terms(text, top=3, segmenter=segmenter)["term"].tolist()
        assert own["rank"].tolist() == list(range(1, len(own) + 1))
    bare = ranks[ranks["segmenter"] == "bare"]
    reference = ranks[ranks["segmenter"] == "default"].set_index("term")["rank"]
    for row in bare.itertuples():
        expected = reference.get(row.term, pd.NA)
        assert (row.rank_reference is pd.NA) == (expected is pd.NA)
        if expected is not pd.NA and row.rank is not pd.NA:
            assert row.change == expected - row.rank


def test_three_segmenters_make_three_pairs_in_the_given_order():
    names = {"c": Written("经济"), "a": Written("数字"), "b": Written()}
    result = npp.compare_segmenters(corpus(), names, terms=["经济"])
    pairs = result.agreement[["segmenter_a", "segmenter_b"]].to_numpy().tolist()
    assert pairs == [["c", "a"], ["c", "b"], ["a", "b"]]
    assert result.counts["segmenter"].tolist() == ["c", "a", "b"]
    assert result.identities["b"].startswith("written; ")


def test_terms_default_to_those_of_the_lexicon_in_the_text():
    result = npp.compare_segmenters("发展新质生产力。", {"x": Written(), "y": Written("新质生产力")})
    row = result.counts.set_index(["term", "segmenter"])
    assert row.loc[("新质生产力", "y"), "n"] == 1
    assert (result.counts["n_text"] > 0).all()


def test_a_term_that_is_not_there_stays_with_a_missing_share():
    result = npp.compare_segmenters(
        "发展。", {"x": Written(), "y": Written()}, terms=["低空经济", "没有的词"]
    )
    assert result.counts["n_text"].tolist() == [0, 0, 0, 0]
    assert result.counts["share"].isna().all()


@pytest.mark.parametrize("source", ["", "。", [], "😀\U00020000 \n\n５．５％"])
def test_edges(source):
    result = npp.compare_segmenters(source, {"x": Written(), "y": Written("５．５％")})
    assert list(result.agreement.columns) == COLUMNS["agreement"]
    for name, columns in COLUMNS.items():
        assert list(getattr(result, name).columns) == columns
    if source in ("", []):
        assert math.isnan(result.agreement.loc[0, "f1"])


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="segmenters has 1 entries: at least 2 are needed"):
        npp.compare_segmenters("发展", {"x": Written()})
    with pytest.raises(TypeError, match=r"segmenters\['y'\] is str: must be a Segmenter"):
        npp.compare_segmenters("发展", {"x": Written(), "y": "jieba"})
    with pytest.raises(TypeError, match="terms is the single string '发展': pass a list"):
        npp.compare_segmenters("发展", {"x": Written(), "y": Written()}, terms="发展")
    with pytest.raises(ValueError, match="top=0: must be at least 1"):
        npp.compare_segmenters("发展", {"x": Written(), "y": Written()}, top=0)
