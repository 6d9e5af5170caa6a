"""Key terms: what is found, how it is counted, and what never comes out."""

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp import Corpus, Document, LinearSegmenter, key_terms
from npp_nlp.artefacts import Model
from npp_nlp.lexicon import Lexicon
from npp_nlp.segmentation import default_segmenter
from npp_nlp.terms.candidates import Forms, find_runs, read_words
from npp_nlp.terms.definitions import defined_spans
from npp_nlp.terms.mentions import DOCUMENT_COLUMNS
from npp_nlp.terms.model import TermModel, packaged_term_model
from npp_nlp.terms.ranking import bare
from npp_nlp.terms.reference import packaged_reference
from npp_nlp.terms.spans import SpanKeys, grouped, latin, word_keys
from npp_nlp.terms.wordforms import describe
from npp_nlp.text import codepoints, fold

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("NPP_DATA", ROOT.parent / "shared" / "data"))
EMPTY = LinearSegmenter(lexicon=Lexicon(()))
POLICY = (
    "综合整治“内卷式”竞争，壮大耐心资本，推动科技创新和产业创新深度融合。"
    "数据要素市场建设加快，数据要素市场规则更加完善。要防止“小院高墙”，坚持开放合作。"
)


def terms(source, **options):
    return key_terms(source, **options)["term"].tolist()


def key(term):
    return "".join(fold(term).replace('"', "").split())


# spans


def test_keys_do_not_see_quotes_blanks_widths():
    assert len(set(word_keys(["“内卷式”竞争", "内卷式竞争", "「内卷式」 竞争"]).tolist())) == 1
    assert len(set(word_keys(["AI", "ＡＩ", "ai", "AI"]).tolist())) == 1
    assert len(set(word_keys(["竞争内卷", "内卷竞争", "内卷", "竞争"]).tolist())) == 4


def test_key_does_not_depend_on_the_place():
    text = SpanKeys("新质生产力，新质生产力")
    first, second = text.keys(np.array([0, 6]), np.array([5, 11]))
    assert first == second == word_keys(["新质生产力"])[0]
    assert text.lengths(np.array([0]), np.array([11])).tolist() == [11]


@given(st.lists(st.integers(0, 30), max_size=200))
def test_grouped_is_equality(numbers):
    keys = np.array(numbers, dtype=np.uint64)
    number, member = grouped(keys)
    assert len(member) == len(set(numbers))
    assert keys[member][number].tolist() == numbers


def test_grouped_with_colliding_slots():
    keys = np.arange(300, dtype=np.uint64) << np.uint64(40)
    number, member = grouped(np.tile(keys, 2))
    assert len(member) == 300
    assert (number[:300] == number[300:]).all()


def test_latin_is_letters_and_digits():
    assert latin(codepoints("a9é×中-")).tolist() == [True, True, True, False, False, False]


# candidates


def runs(text, *, begins=True):
    """All runs of a text in which every word but punctuation may do everything."""
    words = read_words(Corpus.from_texts([text]).documents, EMPTY)
    every = np.array([words.text[a].isalnum() or words.text[a] in "“" for a in words.starts.tolist()])
    forms = Forms(every & begins, every, every, every, np.zeros(len(every), dtype=np.bool_))
    found = find_runs(words, forms)
    spans = zip(words.starts[found.first].tolist(), words.ends[found.last - 1].tolist(), strict=True)
    return words, found, [words.text[a:b] for a, b in spans]


def test_runs_count_and_nesting():
    _, found, names = runs("数据要素，数据要素市场。")
    kinds = {name: int(kind) for name, kind in zip(names, found.kind.tolist(), strict=True)}
    assert found.count[kinds["数据要素"]] == 2
    assert found.longer[kinds["数据要素"]] == 1
    assert found.count[kinds["要素市场"]] == found.longer[kinds["要素市场"]] == 1
    assert "要素，数据" not in names


def test_quotation_is_one_word_and_a_list_of_them_no_term():
    words, _, names = runs("“云展示”“云对接”活动")
    assert words.quoted.sum() == 2
    assert "“云展示”" in names
    assert "“云对接”活动" in names
    assert "“云展示”“云对接”" not in names


@pytest.mark.parametrize("text", ["“好，来吧”", "“”", "“一二三四五六七八九十一”", "”云“", "“" * 50])
def test_long_or_broken_quotations_are_no_coinages(text):
    assert not read_words(Corpus.from_texts([text]).documents, EMPTY).quoted.any()


def test_no_run_begins_or_ends_inside_latin():
    words = read_words(Corpus.from_texts(["施氮180kg每亩"]).documents, EMPTY)
    for first, clipped in zip(words.starts.tolist(), words.clipped.tolist(), strict=True):
        assert clipped == (words.text[first].isascii() and words.text[first - 1].isascii())


def test_coordination_of_parallel_conjuncts():
    words = read_words(Corpus.from_texts(["推动劳模精神和工匠精神传承"]).documents, EMPTY)
    forms, _ = describe(words, packaged_reference())
    found = find_runs(words, forms)
    spans = zip(words.starts[found.first].tolist(), words.ends[found.last - 1].tolist(), strict=True)
    assert "劳模精神和工匠精神" in {words.text[a:b] for a, b in spans}


# the table


@pytest.mark.parametrize(
    "source",
    ["", " \n\t　", "。！？……“”", "12345 2025年3月", "的了和与", "\ud800\x00𠀀", [], ["", " "], Corpus(())],
)
def test_nothing_to_find_gives_an_empty_table(source):
    table = key_terms(source)
    assert len(table) == 0
    assert {name: str(dtype) for name, dtype in table.dtypes.items()} == DOCUMENT_COLUMNS


def test_columns_types_order():
    table = key_terms(POLICY, top=5)
    assert {name: str(dtype) for name, dtype in table.dtypes.items()} == DOCUMENT_COLUMNS
    assert len(table) == 5
    assert table["score"].is_monotonic_decreasing
    assert set(table["source"]) <= {"lexicon", "discovered"}


def test_one_token():
    table = key_terms(
        Document.from_text("耐心资本", id="a"),
        segmenter=LinearSegmenter(lexicon=Lexicon.from_terms(["耐心资本"])),
    )
    assert table.drop(columns="score").to_numpy().tolist() == [["a", "耐心资本", 1, 1, 0, "lexicon"]]


def test_lexicon_and_discovered_terms_in_one_ranking():
    segmenter = LinearSegmenter(lexicon=Lexicon.from_terms(["耐心资本", "“内卷式”竞争"]))
    table = key_terms(POLICY, segmenter=segmenter, top=12).set_index("term")
    assert table.loc["耐心资本", "source"] == "lexicon"
    assert table.loc["“内卷式”竞争", "source"] == "lexicon"
    assert table.loc["数据要素市场", "source"] == "discovered"
    assert table.loc["小院高墙", "source"] == "discovered"
    assert table.loc["数据要素市场", "n"] == 2


def test_counts_docfreq_and_first_start():
    texts = ["“内卷式”竞争有害。整治内卷式竞争。", "反对「内卷式」竞争。", "耐心资本。"]
    segmenter = LinearSegmenter(lexicon=Lexicon.from_terms(["“内卷式”竞争", "耐心资本"]))
    table = key_terms(Corpus.from_texts(texts), segmenter=segmenter)
    rows = table[table["source"] == "lexicon"].drop(columns=["score", "source"]).to_numpy().tolist()
    assert rows == [
        ["0", "“内卷式”竞争", 2, 2, 0],
        ["1", "“内卷式”竞争", 1, 2, 2],
        ["2", "耐心资本", 1, 1, 0],
    ]


def test_variants_merge_to_the_canonical_form():
    table = key_terms("要实现双碳目标。碳达峰碳中和工作有序推进。")
    row = table[table["term"] == "碳达峰碳中和"]
    assert row["n"].tolist() == [2]
    assert "双碳" not in set(table["term"])


def test_no_fragments_of_terms():
    text = "发展新质生产力。新质生产力是先进生产力质态。因地制宜发展新质生产力，培育新质生产力。"
    found = terms(text, segmenter=EMPTY, top=30)
    assert "质生产力" not in found
    assert "发展新质" not in found
    assert terms(text)[0] == "新质生产力"


def test_a_term_that_never_stands_alone_is_not_repeated():
    found = terms("数据要素市场规则。数据要素市场规则。数据要素市场规则完善。", segmenter=EMPTY, top=10)
    assert "数据要素市场规则" in found
    assert "要素市场" not in found
    assert "市场规则" not in found


def test_no_dates_figures_names():
    text = "2025年3月5日，国务院总理李强作报告。国内生产总值增长5.0%，达到134.9万亿元，粮食产量1.4万亿斤。"
    for term in terms(text, top=30):
        assert not term[0].isdigit()
        assert "李强" not in term
        assert not term.endswith(("年", "月", "日", "元"))


def test_same_rows_alone_and_in_a_corpus():
    texts = [POLICY, "", "推动高质量发展，建设全国统一大市场，培育未来产业。" * 3, "用户画像与精准推荐研究。"]
    corpus = Corpus.from_texts(texts)
    together = key_terms(corpus).drop(columns="docfreq")
    for document in corpus:
        alone = key_terms(document).drop(columns="docfreq")
        own = together[together["doc_id"] == document.id].reset_index(drop=True)
        assert own.equals(alone)


def test_sources_of_every_kind_agree():
    document = Document.from_text(POLICY, id="text")
    expected = key_terms(POLICY)
    for source in (document, Corpus((document,)), [document]):
        assert key_terms(source).equals(expected)


def test_top_must_be_positive():
    with pytest.raises(ValueError, match="top=0: must be at least 1"):
        key_terms(POLICY, top=0)


def test_wrong_source_is_named():
    with pytest.raises(TypeError, match="not a list of int"):
        key_terms([1])


def test_terms_of_residue_are_not_counted_as_candidates():
    body = "壮大耐心资本，发展低空经济。"
    document = Document.from_text(body, id="a")
    silent = Document(document.id, document.text, ())
    assert len(key_terms(document)) > 0
    assert len(key_terms(silent)) == 0


def test_bare():
    assert [bare(s) for s in ("“双碳”", "“内卷式”竞争", "“A”和“B”", "“", "")] == [
        "双碳",
        "“内卷式”竞争",
        "“A”和“B”",
        "“",
        "",
    ]


alphabet = st.sampled_from(list("新质生产力数据要素市场的和与，。“”「」 \n\tAi5G1.+、发展推进"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet, max_size=60), min_size=1, max_size=3))
def test_every_row_is_true(texts):
    corpus = Corpus.from_texts(texts)
    table = key_terms(corpus, top=50)
    known = {entry.term: entry.variants for entry in Lexicon.default().entries}
    by_id = {document.id: document for document in corpus}
    assert not table.duplicated(["doc_id", "term"]).any()
    for row in table.itertuples():
        rest = key(by_id[row.doc_id].text[row.first_start :])
        forms = [key(form) for form in (row.term, *known.get(row.term, ()))]
        assert any(rest.startswith(form) for form in forms)
        assert row.n >= 1
        assert 1 <= row.docfreq <= len(corpus)


def test_long_repetitive_text_is_no_trouble():
    assert terms("发展新质生产力，" * 20_000)[0] == "新质生产力"
    assert terms("一" * 100_000) == []


def typical(model, **changes):
    """The score of a candidate whose measures are all in the middle of their range, but for those named."""
    cuts = zip(model.measures, model._cuts, strict=True)
    at = {name: np.array([some[len(some) // 2] if len(some) else 0.0]) for name, some in cuts}
    return float(model.score(at | {name: np.array([value]) for name, value in changes.items()})[0])


def test_the_score_points_the_right_way():
    model = packaged_term_model()
    assert typical(model, lexicon=4.0) > typical(model, lexicon=1.0)
    assert typical(model, lexicon=3.0) > typical(model, lexicon=0.0)
    assert typical(model, ends=6.0) > typical(model, ends=-1.0)
    assert typical(model, frequency=1e9) == typical(model, frequency=1e8)


def test_a_term_that_comes_back_scores_higher():
    filler = "要推进改革，扩大开放，改善民生。" * 20
    once = key_terms(filler + "发展低空经济。" + filler).set_index("term")["score"]
    often = key_terms((filler + "低空经济快速增长。") * 4).set_index("term")["score"]
    assert often["低空经济"] > once["低空经济"]


def test_the_score_of_a_table_model_by_hand():
    arrays = {
        "cuts": np.array([2.0, 1.0, 5.0]), "cut_counts": np.array([1, 2]),  # a: up to 2 or above; b: 1, 5
        "table_measures": np.array([[0, 1], [1, 1]]),
        "tables": np.array([1.0, 2.0, 3.0, 10.0, 20.0, 30.0, 100.0, 200.0, 300.0]),
        "bias": np.array([0.5]), "pairs": np.zeros(1, np.uint64), "begins": np.zeros(1, np.uint16),
        "ends": np.zeros(1, np.uint16),
    }  # fmt: skip
    model = TermModel(Model("termhood", arrays, {"measures": ["a", "b"]}))
    measures = {"a": np.array([2.0, 2.1, 9.0]), "b": np.array([1.0, 5.0, 6.0])}
    assert model.score(measures).tolist() == [0.5 + 1 + 100, 0.5 + 20 + 200, 0.5 + 30 + 300]


def test_boosted_trees_become_the_same_tables():
    sys.path.insert(0, str(ROOT / "training"))
    from pair_tables import pair_tables
    from sklearn.ensemble import HistGradientBoostingClassifier

    rng = np.random.default_rng(0)
    values = rng.normal(size=(2000, 4))
    values[:, 3] = values[:, 3] > 0
    listed = (values[:, 0] * values[:, 1] + values[:, 3] + rng.normal(size=2000)) > 0.5
    trees = HistGradientBoostingClassifier(max_depth=2, max_iter=40, max_bins=16, early_stopping=False)
    trees.fit(values, listed)
    arrays = pair_tables(trees, 4)
    edges = {"pairs": np.zeros(1, np.uint64), "begins": np.zeros(1), "ends": np.zeros(1)}
    model = TermModel(Model("termhood", {**arrays, **edges}, {"measures": list("abcd")}))
    scores = model.score(dict(zip("abcd", values.T, strict=True)))
    assert np.allclose(scores, trees.decision_function(values), atol=1e-12)


def test_spread_counts_tenths():
    text = "新质生产力。" + "推进改革，扩大开放。" * 50 + "新质生产力。"
    words = read_words([Document.from_text(text)], default_segmenter())
    runs = find_runs(words, describe(words, packaged_reference())[0])
    first = words.starts[runs.first[runs.example]]
    last = words.ends[runs.last[runs.example] - 1]
    names = [words.text[a:b] for a, b in zip(first.tolist(), last.tolist(), strict=True)]
    assert dict(zip(names, runs.spread.tolist(), strict=True))["新质生产力"] == 2


def test_national_report_of_2025():
    path = DATA / "national_reports.jsonl"
    if not path.is_file():
        pytest.skip(f"no reports in {DATA}; set NPP_DATA")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    text = next(row["text"] for row in rows if row["year"] == 2025)
    found = terms(text, top=60)
    assert {"“两重”建设", "高效办成一件事", "超长期特别国债", "渐进式延迟法定退休年龄"} <= set(found)
    assert not {"发展", "推进", "建设"} & set(found)


GLOSSARY = """报告全文在此。我省推进一降三减，实施双百行动，公共数据开放共享。

《政府工作报告》名词解释
1.“双百行动”：百校联百县。
［2］一降三减：火灾起数下降。
3.“两重”“两新”：重大战略、大规模设备更新。
附件
4.其他：不再是名词解释。
本办法所称公共数据，是指机关在履职时取得的数据。"""


def test_terms_that_the_document_explains():
    document = Document.from_text(GLOSSARY)
    found = [document.text[start:end] for start, end in defined_spans(document)]
    assert found == ["“双百行动”", "一降三减", "“两重”", "“两新”", "公共数据"]


def test_explained_terms_lead_and_are_counted_in_the_whole_text():
    table = key_terms(Document.from_text(GLOSSARY), top=5).set_index("term")
    assert set(table.index) == {"双百行动", "一降三减", "两重", "两新", "公共数据"}
    assert table["n"].to_dict() == {"双百行动": 2, "一降三减": 2, "两重": 1, "两新": 1, "公共数据": 2}


@pytest.mark.parametrize(
    "text", ["本办法所称", "所称，是指。", "名词解释", "名词解释\n1.：空的。", "注释\n\n\n1. 指"]
)
def test_a_glossary_without_heads_explains_nothing(text):
    assert defined_spans(Document.from_text(text)) == []
