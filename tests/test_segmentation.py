import dataclasses
import itertools
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp.artefacts import ModelError, models_folder
from npp_nlp.document import Document, Paragraph
from npp_nlp.lexicon import Lexicon
from npp_nlp.segmentation import (
    JiebaSegmenter,
    LinearSegmenter,
    PkusegSegmenter,
    Segmenter,
    SpacySegmenter,
    Tokens,
    default_segmenter,
    segment,
    tokens_table,
)
from npp_nlp.segmentation.base import lay_over
from npp_nlp.segmentation.decoding import best_boundaries
from npp_nlp.segmentation.hashing import build_table, mixed

EMPTY = Lexicon(())
POLICY = Lexicon.from_terms(
    ["新质生产力", "生产力", "“人工智能+”行动", "人工智能+", "5G+工业互联网", "因地制宜", "“内卷式”竞争"]
)
EDGES = [
    "",
    " ",
    "\n",
    "\n\n\n\n\n\n\n",
    "　",
    "。",
    "\x00",
    "\ud800",
    "😀😀",
    "a",
    "５．５％",
    "新",
    "\r\n",
    "𠀀𠀁",
    "\u2028 x",
]

any_text = st.text(
    alphabet=st.one_of(
        st.characters(codec=None, exclude_categories=()),
        st.sampled_from("发展新质生产力，。 \n5G+“”人工智能江泽民年月日"),
    ),
    max_size=60,
)


@pytest.fixture(scope="module")
def plain():
    return LinearSegmenter(lexicon=EMPTY)


@pytest.fixture(scope="module")
def policy():
    return LinearSegmenter(lexicon=POLICY)


@pytest.fixture(scope="module")
def jieba_segmenter():
    return JiebaSegmenter(lexicon=POLICY)


@given(any_text)
@settings(max_examples=300, deadline=None)
def test_joined_tokens_give_the_text_back(text):
    for granularity in ("term", "word"):
        words = default_segmenter().segment(text, granularity=granularity)
        assert "".join(words) == text
        assert all(words)


@given(st.lists(any_text, max_size=8))
@settings(max_examples=150, deadline=None)
def test_a_batch_is_the_same_as_text_by_text(texts):
    segmenter = default_segmenter()
    tokens = segmenter.segment_batch(texts)
    assert tokens.texts == tuple(texts)
    assert list(tokens) == [segmenter.segment(text) for text in texts]
    assert len(tokens) == tokens.first[-1] == sum(map(len, tokens))
    assert tokens.text_numbers().tolist() == [i for i, words in enumerate(tokens) for _ in words]


@pytest.mark.parametrize("text", EDGES)
def test_edge_inputs_in_every_backend(text, plain, jieba_segmenter):
    import spacy

    for segmenter in (plain, jieba_segmenter, SpacySegmenter(spacy.blank("zh"), lexicon=POLICY)):
        assert isinstance(segmenter, Segmenter)
        if text == "\ud800" and segmenter.name == "spacy":
            continue  # spaCy itself refuses lone surrogates
        assert "".join(segmenter.segment(text)) == text
        assert segmenter.segment_batch([text, text]).words(1) == segmenter.segment(text)


def test_no_texts(plain):
    tokens = plain.segment_batch([])
    assert (len(tokens), tokens.first.tolist(), list(tokens)) == (0, [0], [])
    assert tokens.blank().tolist() == []
    assert plain.segment_batch(iter(["", ""])).first.tolist() == [0, 0, 0]


def test_groups_and_chunks_change_nothing(policy, monkeypatch):
    from npp_nlp.segmentation import base, linear

    texts = ["发展新质生产力，推进改革开放和现代化建设。\n" * 40, "", "江泽民同志 1998年1月" * 30]
    expected = policy.segment_batch(texts)
    monkeypatch.setattr(base, "_GROUP", 100)
    monkeypatch.setattr(linear, "_CHUNK", 64)
    assert policy.segment_batch(texts) == expected


def test_offsets_point_into_the_own_text(policy):
    texts = ["因地制宜，", "发展 新质生产力"]
    tokens = policy.segment_batch(texts)
    own = tokens.span(1)
    assert [texts[1][a:b] for a, b in zip(tokens.starts[own], tokens.ends[own], strict=True)] == [
        "发展",
        " ",
        "新质生产力",
    ]
    assert tokens.starts[own].tolist() == [0, 2, 3]
    names = [POLICY.entries[i].term if i >= 0 else None for i in tokens.entries]
    assert names == ["因地制宜", None, None, None, "新质生产力"]
    assert tokens.blank().tolist() == [False, False, False, True, False]
    assert {tokens.starts.dtype, tokens.ends.dtype, tokens.entries.dtype} == {np.dtype(np.int32)}
    assert tokens.first.dtype == np.int64
    with pytest.raises(IndexError, match="text 2: there are 2 texts"):
        tokens.words(2)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("实施“人工智能+”行动方案", "“人工智能+”行动"),
        ("实施「人工智能＋」行动方案", "「人工智能＋」行动"),
        ("推进人工智能＋制造", "人工智能＋"),
        ("加快5G+工业互联网建设", "5G+工业互联网"),
        ("加快５Ｇ＋工业互联网建设", "５Ｇ＋工业互联网"),
        ("整治“内卷式”竞争", "“内卷式”竞争"),
        ("发展新质生产力", "新质生产力"),
    ],
)
def test_lexicon_terms_stay_whole_in_every_backend(text, term, policy, jieba_segmenter):
    import spacy

    for segmenter in (policy, jieba_segmenter, SpacySegmenter(spacy.blank("zh"), lexicon=POLICY)):
        words = segmenter.segment(text)
        assert term in words
        assert "".join(words) == text


def test_word_granularity_gives_the_inner_words(policy):
    assert "新质生产力" in policy.segment("发展新质生产力")
    assert policy.segment("发展新质生产力", granularity="word") == ["发展", "新", "质", "生产力"]
    with pytest.raises(ValueError, match=r"granularity 'char': must be one of \('term', 'word'\)"):
        policy.segment("发展", granularity="char")


def test_conflicts_name_winner_losers_and_base_words(policy):
    (found,) = policy.conflicts("发展新质生产力。")
    assert (found.start, found.end, found.term) == (2, 7, "新质生产力")
    assert found.overlapped == ((4, 7, "生产力"),)
    assert found.base == ("新", "质", "生产力")
    assert found.changed
    assert policy.conflicts("因地制宜") == []
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.term = "x"


def test_segmenters_with_different_lexicons_do_not_touch_each_other(plain, policy):
    text = "发展新质生产力"
    before = plain.segment(text)
    assert policy.segment(text) == ["发展", "新质生产力"]
    assert plain.segment(text) == before == ["发展", "新", "质", "生产力"]
    assert plain.identity != policy.identity
    assert plain.identity.startswith("segmenter 1.")


def test_the_global_jieba_is_untouched(jieba_segmenter):
    import jieba

    other = JiebaSegmenter(lexicon=EMPTY, hmm=False)
    assert jieba_segmenter.segment("发展新质生产力") == ["发展", "新质生产力"]
    assert "新质生产力" not in other.segment("发展新质生产力")
    assert jieba.dt.initialized is False
    assert jieba.dt.FREQ == {}
    assert "without HMM" in other.identity


def test_news_standard_examples(plain):
    assert plain.segment("中共中央总书记、国家主席江泽民") == [
        "中共中央",
        "总书记",
        "、",
        "国家",
        "主席",
        "江",
        "泽民",
    ]
    assert plain.segment("（新华社北京１月３１日电）") == [
        "（",
        "新华社",
        "北京",
        "１月",
        "３１日",
        "电",
        "）",
    ]
    assert plain.segment("国内生产总值增长5.5%左右") == ["国内", "生产总值", "增长", "5.5%", "左右"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("二〇二四年", ["二〇二四年"]),
        ("二○二四年", ["二○二四年"]),
        ("到二零三五年，", ["到", "二零三五年", "，"]),
        ("保證農業生產的增長", ["保證", "農業", "生產", "的", "增長"]),
        ("１２.５％", ["１２.５％"]),
        ("GDP　增长", ["GDP", "　", "增长"]),
    ],
)
def test_signs_for_zero_and_traditional_characters(text, words, plain):
    assert plain.segment(text) == words


def test_a_list_is_wanted(plain):
    with pytest.raises(TypeError, match="texts is one str"):
        plain.segment_batch("发展")
    with pytest.raises(TypeError, match="text 1 is int: must be str"):
        plain.segment_batch(["发展", 5])


def test_a_tampered_model_is_refused(tmp_path):
    folder = tmp_path / "segmenter"
    shutil.copytree(models_folder() / "segmenter", folder)
    data = bytearray((folder / "model.npz").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "model.npz").write_bytes(data)
    with pytest.raises(ModelError, match="sha256 differs from the card"):
        LinearSegmenter(lexicon=EMPTY, model=folder)
    with pytest.raises(ModelError, match="no readable model here"):
        LinearSegmenter(lexicon=EMPTY, model=tmp_path / "none")
    with pytest.raises(ModelError, match="a segmenter's kind is"):
        LinearSegmenter(lexicon=EMPTY, model="pos")


def test_pkuseg_wants_a_folder_of_a_model(tmp_path):
    assert PkusegSegmenter(lexicon=EMPTY).segment("扩大国内需求") == ["扩大", "国内", "需求"]
    with pytest.raises(ValueError, match=r"no features\.msgpack and no weights\.npz in this folder"):
        PkusegSegmenter(tmp_path, lexicon=EMPTY)


def test_spacy_wants_a_language():
    with pytest.raises(TypeError, match="nlp is str: must be a spaCy Language"):
        SpacySegmenter("zh", lexicon=EMPTY)


def test_segment_uses_the_packaged_lexicon():
    assert segment("因地制宜发展新质生产力") == ["因地制宜", "发展", "新质生产力"]
    assert segment("新质生产力", segmenter=LinearSegmenter(lexicon=EMPTY)) == ["新", "质", "生产力"]
    assert default_segmenter() is default_segmenter()


def test_tokens_table_points_into_the_document():
    text = "发展新质生产力。\n扩大 内需。"
    paragraphs = (
        Paragraph(text[:8], "paragraph", 0, 0, 8),
        Paragraph(text[9:], "paragraph", 0, 9, len(text)),
    )
    document = Document("d", text, paragraphs)
    table = tokens_table(document, segmenter=LinearSegmenter(lexicon=POLICY))
    assert list(table.columns) == ["doc_id", "paragraph", "token", "start", "end", "pos"]
    assert table["token"].tolist() == ["发展", "新质生产力", "。", "扩大", "内需", "。"]
    assert [text[a:b] for a, b in zip(table["start"], table["end"], strict=True)] == table["token"].tolist()
    assert table["paragraph"].tolist() == [0, 0, 0, 1, 1, 1]
    assert table["pos"].tolist()[1:3] == ["nz", "w"]
    assert set(table["doc_id"]) == {"d"}
    assert tokens_table(Document("e", "", ())).empty


def test_lay_over_clears_inside_and_sets_edges():
    marks = np.ones(7, dtype=bool)
    lay_over(marks, np.array([0, 4]), np.array([3, 6]))
    assert marks.astype(int).tolist() == [1, 0, 0, 1, 1, 0, 1]
    lay_over(marks, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    assert marks.sum() == 4


def _value(scores, singles, marks):
    closed = [*marks, True]
    inner = sum(int(scores[i]) for i in range(1, len(scores)) if closed[i])
    return inner + sum(int(singles[i]) for i in range(len(scores)) if closed[i] and closed[i + 1])


def test_decoding_finds_the_best_of_all_segmentations():
    rng = np.random.default_rng(7)
    for _ in range(300):
        size = int(rng.integers(1, 9))
        scores, singles = rng.integers(-9, 10, (2, size)).astype(np.int16)
        found = best_boundaries(scores, singles, np.zeros(size, dtype=bool))
        every = itertools.product([False, True], repeat=size - 1)
        assert found[0]
        assert _value(scores, singles, found) == max(_value(scores, singles, (True, *rest)) for rest in every)


def test_decoding_cuts_endless_doubt():
    scores, singles = np.full(1000, 1, dtype=np.int16), np.full(1000, -3, dtype=np.int16)
    found = best_boundaries(scores, singles, np.zeros(1000, dtype=bool))
    assert found[0]
    assert 450 <= found.sum() <= 500


def test_hash_table_knows_its_keys_and_refuses_others():
    keys = mixed(np.arange(1, 3001, dtype=np.uint32))
    table = build_table(keys, np.arange(1, 3001, dtype=np.uint32), bits=12)
    assert table.rows(keys).tolist() == list(range(1, 3001))
    others = table.rows(mixed(np.arange(10_000, 110_000, dtype=np.uint32)))
    assert (others > 0).mean() < 1e-3
    with pytest.raises(ValueError, match="hashes: two are equal"):
        build_table(keys[[0, 0]], np.array([1, 2], dtype=np.uint32), bits=4)
    with pytest.raises(ValueError, match="no place for 3000 n-grams in 2048 slots"):
        build_table(keys, np.ones(3000, dtype=np.uint32), bits=11)
    with pytest.raises(ValueError, match="needs more than 18 bits"):
        build_table(keys[:1], np.array([1 << 18], dtype=np.uint32), bits=4)


def test_models_are_small():
    for name, limit in (("segmenter", 12e6), ("pos", 3.5e6)):
        assert (Path(models_folder()) / name / "model.npz").stat().st_size < limit


def test_tokens_compare_by_content(plain):
    one, two = plain.segment_batch(["发展"]), plain.segment_batch(["发展"])
    assert one == two
    assert one != plain.segment_batch(["改革"])
    assert isinstance(one, Tokens)


SURROGATES = st.text(alphabet=st.sampled_from("新质生产力“”5G+ａ１\n \0\u2028\ud800\udfff𠀀😀"), max_size=25)


@pytest.fixture(scope="module")
def backends():
    import spacy

    from npp_nlp.segmentation import JiebaSegmenter, LinearSegmenter, PkusegSegmenter, SpacySegmenter

    return [LinearSegmenter(), JiebaSegmenter(), PkusegSegmenter(), SpacySegmenter(spacy.blank("zh"))]


@settings(max_examples=40, deadline=None)
@given(SURROGATES)
def test_every_backend_is_lossless_on_odd_text(backends, text):
    for segmenter in backends:
        for granularity in ("term", "word"):
            assert "".join(segmenter.segment(text, granularity=granularity)) == text, segmenter.name


@pytest.mark.parametrize("run", ["2025", "１２３４５６", "https", "ＤｅｅｐＳｅｅｋ", "20251231"])
def test_runs_of_digits_and_letters_are_not_cut(run):
    from npp_nlp.segmentation import segment

    for text in (f"见/{run}.htm", f"{run}年", f"发布{run}，"):
        assert any(run in word for word in segment(text)), segment(text)
