"""Paragraph labels: the table, the features, the classifier, the correction by surroundings."""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp.artefacts import ModelError
from npp_nlp.document import Corpus, Document, Paragraph
from npp_nlp.labels import COLUMNS, LABELS, ParagraphClassifier, classify
from npp_nlp.labels import context as surrounding
from npp_nlp.labels.cues import CUES, forms_by_length
from npp_nlp.labels.features import keys, parse
from npp_nlp.variants import SIMPLIFIED, TRADITIONAL

DONE = [
    "全年粮食产量增长5.5%，再创历史新高。",
    "城镇新增就业1200万人，居民收入稳步增长。",
    "我们全面完成了机构改革，营商环境明显改善。",
    "一年来，脱贫攻坚取得决定性成就。",
]
TO_DO = [
    "要加快建设现代化产业体系。",
    "必须深化改革，扩大开放。",
    "力争国内生产总值增长5%左右。",
    "今年要着力扩大内需，推进新型城镇化。",
]
WANTING = ["发展不平衡不充分问题仍然突出，部分企业困难较多。", "创新能力不强，民生领域还有短板。"]
FORMAL = ["现在，我代表国务院，向大会报告工作，请予审议。", "本办法自发布之日起施行。"]


def document(*texts: str, kind: str = "paragraph", name: str = "a") -> Document:
    paragraphs, start = [], 0
    for text in texts:
        this = "heading" if text.startswith("一、") or text.startswith("二、") else kind
        paragraphs.append(Paragraph(text, this, 0, start, start + len(text), level=int(this == "heading")))
        start += len(text) + 1
    return Document(name, "\n".join(texts), tuple(paragraphs))


@pytest.fixture(scope="module")
def tiny():
    texts = DONE + TO_DO + WANTING
    labels = ["achievement"] * 4 + ["driver"] * 4 + ["challenge"] * 2
    return ParagraphClassifier(min_df=1).fit(texts, labels)


def test_plain_cases():
    table = classify(DONE + TO_DO + WANTING + FORMAL)
    expected = ["achievement"] * 4 + ["driver"] * 4 + ["challenge"] * 2 + ["other"] * 2
    assert table["label"].tolist() == expected


def test_table_of_texts():
    table = classify(["深化改革。", ""])
    assert table.columns.tolist() == list(COLUMNS)
    assert table["doc_id"].tolist() == ["0", "1"]
    assert table["paragraph"].tolist() == [0, 0]
    assert table["text"].tolist() == ["深化改革。", ""]
    probabilities = table[list(LABELS)].to_numpy()
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert table["score"].tolist() == probabilities.max(axis=1).tolist()


def test_one_string_is_one_text():
    assert classify("深化改革。").equals(classify(["深化改革。"]))


@pytest.mark.parametrize("blank", ["", "  ", "\n", "……", "——", "\u3000", "\0"])
def test_blank_is_other(blank):
    row = classify([blank]).iloc[0]
    assert (row["label"], row["score"], row["other"]) == ("other", 1.0, 1.0)


@pytest.mark.parametrize("nothing", [[], Corpus(()), document()])
def test_empty_table_has_types(nothing):
    table = classify(nothing)
    full = classify(["深化改革。"])
    assert len(table) == 0
    assert table.columns.tolist() == list(COLUMNS)
    assert table.dtypes.tolist() == full.dtypes.tolist()


def test_abstains_below_min_score():
    table = classify([*TO_DO, "改革与发展"], min_score=0.999999)
    low = table["score"] < 0.999999
    assert table.loc[low, "label"].isna().all()
    assert low.any()
    assert classify(TO_DO, min_score=0.0)["label"].notna().all()


@pytest.mark.parametrize("bad", [-0.1, 1.1, float("nan")])
def test_min_score_is_checked(bad):
    with pytest.raises(ValueError, match="min_score must be between 0 and 1, not"):
        classify(["深化改革。"], min_score=bad)


@pytest.mark.parametrize("bad", [[1], [None], ["深化改革。", document("深化改革。")]])
def test_other_things_are_refused(bad):
    with pytest.raises(TypeError, match="source must be texts or documents"):
        classify(bad)


def test_which_paragraphs_of_a_document_get_a_label():
    kinds = [
        "title",
        "heading",
        "paragraph",
        "quote",
        "list_item",
        "caption",
        "footnote",
        "byline",
        "residue",
    ]
    paragraphs = tuple(Paragraph("要深化改革。", k, 0, 7 * i, 7 * i + 6) for i, k in enumerate(kinds))
    table = classify(Document("d", "\n".join(["要深化改革。"] * len(kinds)), paragraphs))
    assert table["paragraph"].tolist() == [1, 2, 3, 4]
    assert set(table["doc_id"]) == {"d"}


def test_corpus_in_order_of_its_documents():
    table = classify(Corpus((document(*DONE, name="b"), document(*TO_DO, name="a"))))
    assert table["doc_id"].tolist() == ["b"] * 4 + ["a"] * 4


def test_without_context_a_document_is_its_paragraphs_one_by_one():
    alone = classify(document(*DONE, *TO_DO), context=False)
    lone = classify(DONE + TO_DO)
    assert np.allclose(alone[list(LABELS)], lone[list(LABELS)])


def test_headings_and_neighbours_are_heard():
    bare = "深入实施科教兴国战略，持续加强基础研究。"
    past = document("一、过去一年工作回顾", DONE[0], bare, DONE[1], DONE[2])
    plan = document("二、今年主要任务", TO_DO[0], bare, TO_DO[1], TO_DO[3])
    row_past, row_plan = classify(past).iloc[2], classify(plan).iloc[2]
    assert row_past["achievement"] > row_plan["achievement"]
    assert row_plan["driver"] > row_past["driver"]
    assert row_plan["label"] == "driver"


def test_same_input_same_output():
    first = classify(document(*DONE, *WANTING, *TO_DO))
    assert first.equals(classify(document(*DONE, *WANTING, *TO_DO)))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.text(alphabet="要了将增长改革发展问题不足0123456789%.，。；、 \n”（）年AＡ𠀀\0", max_size=60),
        max_size=8,
    )
)
def test_batch_is_each_alone(texts):
    batch = classify(texts)[list(LABELS)].to_numpy()
    single = [classify([text])[list(LABELS)].to_numpy()[0] for text in texts]
    assert np.allclose(batch, np.array(single).reshape(-1, 4), atol=1e-9)
    assert np.isfinite(batch).all()


def test_order_does_not_matter():
    texts = DONE + TO_DO + WANTING
    there = classify(texts)[list(LABELS)].to_numpy()
    back = classify(texts[::-1])[list(LABELS)].to_numpy()
    assert np.allclose(there, back[::-1], atol=1e-12)


def test_chunks_change_nothing(monkeypatch):
    texts = (DONE + TO_DO + WANTING) * 3
    whole = classify(texts)
    monkeypatch.setattr("npp_nlp.labels.classifier.CHUNK", 40)
    assert np.allclose(classify(texts)[list(LABELS)], whole[list(LABELS)], atol=1e-12)


def test_no_scikit_learn_to_predict():
    import subprocess
    import sys

    code = (
        "import sys, npp_nlp as npp; npp.classify(['深化改革。']);"
        "print([m for m in ('sklearn', 'scipy', 'jieba') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_numbers_and_blanks_are_folded():
    parsed = parse(["增长５．５％ ，２０２５年1,200万"])
    assert "".join(map(chr, parsed.points)) == "增长0%,Y年0万\0"
    assert parsed.offset.tolist()[:4] == [0, 1, 2, 5]


def test_traditional_characters_count_as_simplified():
    assert len(TRADITIONAL) == len(SIMPLIFIED) == len(set(TRADITIONAL))
    assert not set(TRADITIONAL) & set(SIMPLIFIED)
    there, here = keys(["必須發展國民經濟。"]), keys(["必须发展国民经济。"])
    assert (there.key == here.key).all()


def test_clauses():
    parsed = parse(["改革，开放。", "发展"])
    assert parsed.opening.tolist() == [0, 3, 7]
    assert parsed.end.tolist() == [1, 4, 8]
    assert parsed.paragraph.tolist() == [0] * 7 + [1] * 3


def test_feature_positions_lead_to_their_paragraph():
    found = keys(["改革，开放。", "发展"])
    inside = found.position >= 0
    starts = np.array([0, 7, 10])
    at = found.position[inside]
    assert (starts[found.paragraph[inside]] <= at).all()
    assert (at < starts[found.paragraph[inside] + 1]).all()


def test_every_cue_is_found():
    assert max(forms_by_length()) <= 4
    assert {form for table in forms_by_length().values() for form in table} == {
        form for forms in CUES.values() for form in forms.split()
    }


def test_own_labels(tiny):
    assert tiny.classes_.tolist() == ["achievement", "challenge", "driver"]
    assert tiny.predict([*DONE, *TO_DO, *WANTING]).tolist() == (
        ["achievement"] * 4 + ["driver"] * 4 + ["challenge"] * 2
    )
    assert tiny.predict_proba(DONE).shape == (4, 3)
    assert tiny.predict_proba([]).shape == (0, 3)


def test_two_labels():
    model = ParagraphClassifier(min_df=1).fit([*DONE, *TO_DO], ["x"] * 4 + ["y"] * 4)
    assert model.predict([*DONE, *TO_DO]).tolist() == ["x"] * 4 + ["y"] * 4
    assert np.allclose(model.predict_proba(DONE).sum(axis=1), 1)


def test_save_and_load(tiny, tmp_path):
    tiny.save(tmp_path / "m", {"name": "tiny", "version": "1"})
    loaded = ParagraphClassifier.load(tmp_path / "m")
    assert np.allclose(loaded.predict_proba(DONE + TO_DO), tiny.predict_proba(DONE + TO_DO), atol=5e-3)
    assert loaded.predict(WANTING).tolist() == tiny.predict(WANTING).tolist()
    assert json.loads((tmp_path / "m/card.json").read_text("utf-8"))["settings"]["min_df"] == 1


def test_own_model_in_classify(tmp_path):
    texts, labels = DONE + TO_DO + WANTING + FORMAL, np.repeat(LABELS, [4, 0, 0, 0]).tolist()
    labels += ["driver"] * 4 + ["challenge"] * 2 + ["other"] * 2
    model = ParagraphClassifier(min_df=1).fit(texts, labels)
    model.save(tmp_path / "own", {"name": "own", "version": "1"})
    assert classify(texts, model=tmp_path / "own")["label"].tolist() == labels
    assert classify(document(*texts), model=model)["label"].tolist() == labels


def test_models_with_own_labels(tiny):
    table = classify([*DONE, ""], model=tiny)
    names = ["achievement", "challenge", "driver"]
    assert table.columns.tolist() == ["doc_id", "paragraph", "label", "score", *names, "text"]
    assert table["label"].tolist()[:4] == ["achievement"] * 4
    assert np.allclose(table[names].sum(axis=1), 1)


def test_unusable_models(tiny, tmp_path):
    with pytest.raises(ModelError, match="no readable model here"):
        classify(DONE, model="no-such-model")
    with pytest.raises(ValueError, match="model is not fitted"):
        classify(DONE, model=ParagraphClassifier())
    with pytest.raises(TypeError, match="model must be a ParagraphClassifier or a folder, not int"):
        classify(DONE, model=3)
    clash = ParagraphClassifier(min_df=1).fit(DONE + TO_DO, ["text"] * 4 + ["score"] * 4)
    with pytest.raises(ValueError, match="labels have the names of other columns: score, text; rename"):
        classify(DONE, model=clash)


def test_a_model_saved_again_in_the_same_place_is_the_new_one(tiny, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for names in (["x"] * 4 + ["y"] * 4, ["y"] * 4 + ["x"] * 4):
        ParagraphClassifier(min_df=1).fit(DONE + TO_DO, names).save("m", {"name": "m", "version": "1"})
        assert classify(DONE, model="m")["label"].tolist() == names[:4]
        assert classify(DONE, model=Path("m"))["label"].tolist() == names[:4]


def test_fit_is_deterministic(tiny):
    again = ParagraphClassifier(min_df=1).fit(
        DONE + TO_DO + WANTING, ["achievement"] * 4 + ["driver"] * 4 + ["challenge"] * 2
    )
    assert (again.scores(DONE) == tiny.scores(DONE)).all()


def test_calibration_moves_probabilities_towards_the_truth():
    texts, labels = DONE + TO_DO, ["x"] * 4 + ["y"] * 4
    model = ParagraphClassifier(min_df=1).fit(texts, labels)
    scores = np.array([[2.0, -2.0], [-2.0, 2.0]] * 10)
    right = ["x", "y"] * 7 + ["y", "x"] * 3  # 14 of 20 right
    model.calibrate(scores, right)
    p = model.probabilities(scores)[:, 0]
    assert p[0] == pytest.approx(0.7, abs=0.01)


def test_errors_of_fit_and_use(tiny):
    with pytest.raises(ValueError, match="2 texts, 1 labels, 2 weights: numbers must match"):
        ParagraphClassifier().fit(["a", "b"], ["x"])
    with pytest.raises(ValueError, match=r"labels must have at least two different values, not \['x'\]"):
        ParagraphClassifier().fit(["a", "b"], ["x", "x"])
    with pytest.raises(ValueError, match="no feature occurs in at least 9 texts"):
        ParagraphClassifier(min_df=9, families=["anywhere"]).fit(["a", "b"], ["x", "y"])
    with pytest.raises(ValueError, match="not fitted: call fit"):
        ParagraphClassifier().predict(["a"])
    with pytest.raises(TypeError, match="not one string"):
        tiny.predict("深化改革。")
    with pytest.raises(TypeError, match=r"texts\[1\] is a int"):
        tiny.predict(["a", 1])
    with pytest.raises(ValueError, match="unknown setting 'c': known are C, min_df"):
        ParagraphClassifier().set_params(c=1)
    with pytest.raises(ValueError, match=r"families must be among anywhere, opening, .* not \['n-grams'\]"):
        ParagraphClassifier(families=["n-grams"]).fit(["a", "b"], ["x", "y"])


def test_scikit_learn_clone(tiny):
    from sklearn.base import clone

    copy = clone(tiny)
    assert copy.get_params() == tiny.get_params()
    assert not hasattr(copy, "classes_")


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("一、过去一年工作回顾", "review"),
        ("二、2025年主要任务", "tasks"),
        ("存在的困难和问题", "problems"),
        ("第一章 总则", "nothing"),
    ],
)
def test_announcements(heading, expected):
    assert surrounding.announces(heading) == expected


def test_surroundings_by_hand():
    p = np.array([[1.0, 0, 0, 0], [0, 0, 1.0, 0], [0, 0, 0, 1.0]])
    around = surrounding.surroundings(document("甲。", "乙。", "丙。").paragraphs, p, [0, 1, 2])
    # The middle one has a neighbour on each side; the first has the middle one (1) and the last (half).
    assert around.near[1].tolist() == [0.5, 0, 0, 0.5]
    assert around.near[0] == pytest.approx([0, 0, 1 / 1.5, 0.5 / 1.5])
    # Its section: the two others and three uniform ones.
    assert around.section[0] == pytest.approx([0.15, 0.15, 0.35, 0.35])
    assert around.announced.tolist() == [0, 0, 0]


def test_sections_keep_apart():
    p = np.eye(4)
    some = document("一、过去一年工作回顾", "甲。", "二、主要任务", "乙。")
    around = surrounding.surroundings(some.paragraphs, p, [0, 1, 2, 3])
    assert [surrounding.ANNOUNCED[k] for k in around.announced] == ["review", "review", "tasks", "tasks"]
    assert around.near[1].tolist() == p[0].tolist()
    assert around.near[3].tolist() == p[2].tolist()


def test_weights_that_change_nothing():
    weights = surrounding.Weights(1.0, np.zeros(4), np.zeros(4), np.zeros((4, 4)))
    assert surrounding.Weights.from_array(weights.to_array()).own == 1.0
    p = np.array([[0.7, 0.1, 0.1, 0.1], [0.2, 0.2, 0.5, 0.1]])
    around = surrounding.surroundings(document("甲。", "乙。").paragraphs, p, [0, 1])
    assert surrounding.scores(p, around, weights).argmax(axis=1).tolist() == [0, 2]


def test_labelled_paragraphs():
    """The packaged model knows the paragraphs it learnt from; what it does on others is in the benchmark."""
    folder = Path(os.environ.get("NPP_DATA", Path(__file__).resolve().parents[2] / "shared/data"))
    if not (folder / "dev.gold.jsonl").is_file():
        pytest.skip(f"no labelled paragraphs: {folder} is absent (set NPP_DATA)")
    rows = pd.read_json(folder / "dev.gold.jsonl", lines=True)
    assert (classify(rows["text"].tolist())["label"] == rows["label"]).mean() > 0.95


def test_lone_surrogates_do_not_stop_the_table():
    assert classify(["\ud800要深化改革。"])["text"].tolist() == ["\ufffd要深化改革。"]


# sentences

MIXED = "　　去年粮食产量增长5.5%。今年要深化改革，扩大开放！但是，部分企业经营困难。"


def test_sentences_of_a_text():
    table = classify([MIXED, ""], level="sentence")
    expected = ["doc_id", "paragraph", "sentence", "start", "end", "label", "score", *LABELS, "text"]
    assert table.columns.tolist() == expected
    assert table["label"].tolist() == ["achievement", "driver", "challenge", "other"]
    assert table["sentence"].tolist() == [0, 1, 2, 0]
    for row in table.itertuples():
        assert [MIXED, ""][int(row.doc_id)][row.start : row.end] == row.text
    assert np.allclose(table[list(LABELS)].sum(axis=1), 1)


def test_sentences_of_a_document_have_its_offsets():
    doc = document("一、工作回顾", MIXED.strip(), *DONE)
    table = classify(doc, level="sentence")
    assert [doc.text[row.start : row.end] for row in table.itertuples()] == table["text"].tolist()
    assert table["paragraph"].tolist() == [0, 1, 1, 1, 2, 3, 4, 5]


def test_a_sentence_hears_its_paragraph():
    bare = "深入实施科教兴国战略。"
    done, to_do = "".join(DONE) + bare, "".join(TO_DO) + bare
    heard = classify([done, to_do], level="sentence").groupby("doc_id").last()["driver"]
    assert heard["0"] < heard["1"]
    alone = classify([done, to_do], level="sentence", context=False).groupby("doc_id").last()["driver"]
    assert alone["0"] == pytest.approx(alone["1"])
    assert alone["0"] == pytest.approx(classify([bare])["driver"][0])


@pytest.mark.parametrize("nothing", [[], Corpus(()), document()])
def test_empty_table_of_sentences_has_types(nothing):
    table = classify(nothing, level="sentence")
    full = classify(["深化改革。"], level="sentence")
    assert len(table) == 0
    assert table.dtypes.to_dict() == full.dtypes.to_dict()


def test_unknown_level():
    with pytest.raises(ValueError, match="level must be paragraph or sentence, not 'clause'"):
        classify(DONE, level="clause")


# scikit-learn


@pytest.mark.filterwarnings("ignore:Can't test estimator")
def test_scikit_learn_takes_it_for_a_classifier_of_texts():
    from sklearn.base import is_classifier
    from sklearn.utils import get_tags
    from sklearn.utils.estimator_checks import check_estimator

    tags = get_tags(ParagraphClassifier())
    assert is_classifier(ParagraphClassifier())
    assert (tags.input_tags.string, tags.input_tags.two_d_array, tags.target_tags.required) == (
        True,
        False,
        True,
    )
    results = check_estimator(ParagraphClassifier(), on_fail=None, on_skip=None)
    assert {result["status"] for result in results} <= {"passed", "skipped"}


@pytest.mark.parametrize(
    "check",
    [
        "check_estimator_cloneable",
        "check_estimator_repr",
        "check_no_attributes_set_in_init",
        "check_parameters_default_constructible",
        "check_get_params_invariance",
        "check_set_params",
        "check_do_not_raise_errors_in_init_or_set_params",
        "check_valid_tag_types",
    ],
)
def test_checks_that_need_no_numbers(check):
    from sklearn.utils import estimator_checks

    if (function := getattr(estimator_checks, check, None)) is None:
        pytest.skip(f"this version of scikit-learn has no {check}")
    function("ParagraphClassifier", ParagraphClassifier())


@pytest.mark.parametrize("names", [["x", "y"], [3, 7]])
def test_pipeline_grid_search_and_cross_validation(names):
    from sklearn.model_selection import GridSearchCV, cross_val_score
    from sklearn.pipeline import make_pipeline

    texts, labels = (DONE + TO_DO) * 3, np.repeat([names, names, names], 4, axis=1).ravel()
    search = GridSearchCV(
        make_pipeline(ParagraphClassifier(min_df=1)),
        {"paragraphclassifier__C": [1.0, 10.0]},
        cv=3,
        error_score="raise",
    ).fit(texts, labels)
    assert search.score(texts, labels) == 1
    assert search.classes_.tolist() == names
    assert cross_val_score(ParagraphClassifier(min_df=1), np.array(texts, object), labels, cv=3).tolist() == [
        1,
        1,
        1,
    ]


def test_pickled_by_the_user_as_any_estimator(tiny, tmp_path):
    import pickle

    import joblib

    joblib.dump(tiny, tmp_path / "model.joblib")
    for again in (pickle.loads(pickle.dumps(tiny)), joblib.load(tmp_path / "model.joblib")):  # noqa: S301 (our own)
        assert (again.predict_proba(DONE) == tiny.predict_proba(DONE)).all()


def test_inside_other_estimators():
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.multiclass import OneVsRestClassifier

    texts, labels = DONE + TO_DO, ["x"] * len(DONE) + ["y"] * len(TO_DO)
    for outer in (
        CalibratedClassifierCV(ParagraphClassifier(min_df=1), cv=2),
        OneVsRestClassifier(ParagraphClassifier(min_df=1)),
    ):
        assert outer.fit(texts, labels).predict(texts).tolist() == labels


def test_not_fitted_as_scikit_learn_says_it():
    from sklearn.exceptions import NotFittedError

    with pytest.raises(NotFittedError, match="call fit"):
        ParagraphClassifier().predict(["a"])


def test_missing_labels_are_refused():
    with pytest.raises(ValueError, match=r"labels\[1\] is nan: every text needs a label"):
        ParagraphClassifier().fit(["a", "b"], ["x", float("nan")])
    with pytest.raises(ValueError, match="requires y to be passed"):
        ParagraphClassifier().fit(["a", "b"], None)
    with pytest.raises(TypeError, match="one column of strings, not a DataFrame of two dimensions"):
        ParagraphClassifier().fit(pd.DataFrame({"text": ["a"]}), ["x"])


def test_repr_names_what_differs():
    assert repr(ParagraphClassifier()) == "ParagraphClassifier()"
    assert repr(ParagraphClassifier(C=1.0)) == "ParagraphClassifier(C=1.0)"
