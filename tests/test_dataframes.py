"""Tables and columns of polars and Arrow give what those of pandas give."""

import datetime

import pandas as pd
import pyarrow as pa
import pytest

import npp_nlp as npp
from npp_nlp.comparison.restriction import labelled_spans
from npp_nlp.dataframes import as_frame, as_values, is_table
from npp_nlp.labels import ParagraphClassifier

COLUMNS = {
    "text": ["粮食增产。", "就业增加。", "要推进改革。", "要加快创新。"],
    "label": ["a", "a", "b", "b"],
    "year": [2024, 2024, 2025, 2025],
}


def arrow(columns):
    return pa.table(columns)


def polars(columns):
    return pytest.importorskip("polars").DataFrame(columns)


def views(columns):
    """Arrow's newer layout of texts, and texts by number."""
    table = pa.table(columns)
    for place, name in enumerate(table.column_names):
        if pa.types.is_string(table.schema.field(name).type):
            kind = pa.dictionary(pa.int32(), pa.string()) if name == "label" else pa.string_view()
            table = table.set_column(place, name, table[name].cast(kind))
    return table


@pytest.fixture(params=[arrow, polars, views], ids=lambda f: f.__name__)
def make(request):
    return request.param


def test_the_same_cells(make):
    columns = {
        **COLUMNS,
        "big": [2**62 + 1, None, 3, 4],
        "share": [0.5, None, 1.0, 2.0],
        "day": [datetime.date(2025, 3, 5)] * 4,
    }
    frame = as_frame(make(columns))
    assert type(frame) is pd.DataFrame
    assert frame["big"].tolist() == columns["big"]
    assert frame["day"].tolist() == columns["day"]
    assert frame[list(COLUMNS)].to_dict("list") == COLUMNS
    assert frame["share"].isna().tolist() == [False, True, False, False]
    assert frame["text"].dtype == pd.DataFrame(COLUMNS)["text"].dtype
    assert frame.index.tolist() == [0, 1, 2, 3]


def test_pandas_comes_back_itself():
    frame = pd.DataFrame(COLUMNS, index=[3, 2, 1, 0])
    assert as_frame(frame) is frame


def test_empty_and_without_columns(make):
    assert as_frame(make({"text": []})).columns.tolist() == ["text"]
    assert as_frame(make({})).shape == (0, 0)


@pytest.mark.parametrize(
    "wrong", [None, "a", [1], {"text": ["a"]}, pd.Series(["a"]), pa.chunked_array([["a"]])]
)
def test_what_is_no_table(wrong):
    assert not is_table(wrong)
    with pytest.raises(TypeError, match=r"labels is \w+: must be a DataFrame of pandas, or"):
        as_frame(wrong, "labels")


def test_a_lazy_table_has_to_be_collected():
    lazy = pytest.importorskip("polars").DataFrame(COLUMNS).lazy()
    with pytest.raises(TypeError, match=r"collect\(\)"):
        as_frame(lazy)


def test_corpus(make):
    assert npp.Corpus.from_table(make(COLUMNS), year="year") == npp.Corpus.from_table(
        pd.DataFrame(COLUMNS), year="year"
    )
    hole = npp.Corpus.from_table(make({**COLUMNS, "year": [2024, None, 2025, 2025]}), year="year")
    assert [d.year for d in hole] == [2024, None, 2025, 2025]


def test_training(make):
    template = ParagraphClassifier(min_df=1)
    ours = npp.train_classifier(make(COLUMNS), template=template)
    theirs = npp.train_classifier(pd.DataFrame(COLUMNS), template=template)
    pd.testing.assert_frame_equal(ours.predictions, theirs.predictions)


def test_lexicon(make):
    columns = {"term": ["低空经济", "新质生产力"], "category": ["x", "y"], "first_year": [None, 2023]}
    assert (
        npp.Lexicon.from_terms(make(columns)).entries == npp.Lexicon.from_terms(pd.DataFrame(columns)).entries
    )


def test_labels_everywhere(make):
    table = npp.classify(npp.Corpus.from_texts(COLUMNS["text"]))
    other = make(table.to_dict("list"))
    corpus = npp.Corpus.from_texts(COLUMNS["text"])
    pd.testing.assert_frame_equal(npp.label_shares(other), npp.label_shares(table))
    names = ["achievement", "challenge", "driver", "other"]
    gold = table["label"].tolist()
    with_table = npp.evaluate_labels(gold, other["label"], probabilities=make(table[names].to_dict("list")))
    assert (
        with_table.calibration_error
        == npp.evaluate_labels(gold, gold, probabilities=table[names]).calibration_error
    )
    assert with_table.accuracy == 1
    ours, theirs = (npp.concordance(corpus, "改革", labels=t) for t in (other, table))
    pd.testing.assert_frame_equal(ours, theirs)
    assert len(ours) == 1
    label = gold[0]
    pd.testing.assert_frame_equal(labelled_spans(other, corpus, label), labelled_spans(table, corpus, label))
    spans = labelled_spans(table, corpus, label)
    assert npp.restrict(corpus, make(spans.to_dict("list"))) == npp.restrict(corpus, spans)


def test_reuse(make):
    corpus = npp.Corpus.from_texts(
        ["坚持稳中求进的工作总基调。", "坚持稳中求进的工作总基调。"], years=[2023, 2024]
    )
    table = npp.reused_passages(corpus, min_length=8)
    assert len(table) == 1
    other = make(table.to_dict("list"))
    pd.testing.assert_frame_equal(
        npp.reused_spans(corpus, passages=other), npp.reused_spans(corpus, passages=table)
    )
    pd.testing.assert_frame_equal(
        npp.reuse_shares(corpus, passages=other), npp.reuse_shares(corpus, passages=table)
    )


def test_columns(make):
    table = make(COLUMNS)
    texts, labels = table["text"], table["label"]
    assert list(as_values(labels)) == COLUMNS["label"]
    model = ParagraphClassifier(min_df=1).fit(texts, labels)
    assert model.predict(texts).tolist() == COLUMNS["label"]
    assert npp.agreement(labels, COLUMNS["label"]).observed == 1
    assert npp.PolicyVectorizer(["改革"]).fit_transform(texts).toarray().ravel().tolist() == [0, 0, 1, 0]
    assert len(npp.Lexicon.from_terms(labels)) == 2
