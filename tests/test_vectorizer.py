"""Terms as features: equal to the counts, and at home in scikit-learn."""

import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils import estimator_checks
from sklearn.utils.estimator_checks import check_estimator

from npp_nlp import Corpus, Document, Lexicon
from npp_nlp.counting.known import count_terms
from npp_nlp.vectorizer import PolicyVectorizer

TEXTS = [
    "发展新质生产力，培育新质生产力。",
    "扩大内需，促进消费，解放生产力。",
    "低空经济与数字经济，扩大内需。",
    "“内卷式”竞争要整治，低空经济要发展。",
]
TERMS = ["新质生产力", "生产力", "内需", "低空经济"]


def dense(texts, vocabulary=TERMS, **options):
    vectorizer = PolicyVectorizer(vocabulary, **options)
    table = vectorizer.fit_transform(texts).toarray()
    return vectorizer.get_feature_names_out().tolist(), table.tolist()


# counts


def test_rows_are_texts_and_columns_terms_by_name():
    names, table = dense(TEXTS)
    assert names == ["低空经济", "内需", "新质生产力", "生产力"]
    assert table == [[0, 0, 2, 0], [0, 1, 0, 1], [1, 1, 0, 0], [1, 0, 0, 0]]


@pytest.mark.parametrize("vocabulary", [None, TERMS, Lexicon.from_terms(TERMS)])
def test_counts_are_those_of_count_terms(vocabulary):
    vectorizer = PolicyVectorizer(vocabulary)
    matrix = vectorizer.fit_transform(TEXTS).tocoo()
    names = vectorizer.get_feature_names_out()
    found = {(str(i), names[j], int(n)) for i, j, n in zip(matrix.row, matrix.col, matrix.data, strict=True)}
    table = count_terms(TEXTS, vocabulary, tokens=False)
    table = table[table["n"] > 0]
    assert found == set(table[["doc_id", "term", "n"]].itertuples(index=False, name=None))
    assert matrix.dtype == np.int64
    assert list(vectorizer.vocabulary_.values()) == list(range(len(names)))


def test_a_longer_term_that_is_no_feature_still_counts_in_its_place():
    names, table = dense(TEXTS, Lexicon.from_terms(TERMS), max_df=1, min_df=1)
    assert names == ["新质生产力", "生产力"]
    assert table == [[2, 0], [0, 1], [0, 0], [0, 0]]
    names, table = dense(TEXTS, Lexicon.from_terms(TERMS), min_df=2)
    assert names == ["低空经济", "内需"]


def test_transform_is_the_same_for_texts_documents_and_corpus():
    vectorizer = PolicyVectorizer().fit(TEXTS)
    corpus = Corpus.from_texts(TEXTS)
    for source in (TEXTS, np.array(TEXTS), iter(TEXTS), corpus, list(corpus), [*corpus][:4]):
        assert (vectorizer.transform(source) != vectorizer.fit_transform(TEXTS)).nnz == 0


def test_the_same_document_twice():
    document = Document.from_text("扩大内需", id="a")
    assert dense([document, document], ["内需"]) == (["内需"], [[1], [1]])


# options


def test_listed_terms_are_always_features():
    assert dense(TEXTS, ["没有的词", "内需"], min_df=3, max_features=1)[0] == ["内需", "没有的词"]
    assert dense(TEXTS, Lexicon.from_terms(["没有的词", "内需"]))[0] == ["内需"]
    assert dense(TEXTS, Lexicon.from_terms(["没有的词", "内需"]), min_df=0)[0] == ["内需", "没有的词"]


def test_shares_and_most_frequent():
    lexicon = Lexicon.from_terms(TERMS)
    assert dense(TEXTS, lexicon, min_df=0.5)[0] == ["低空经济", "内需"]
    assert dense(TEXTS, lexicon, max_df=0.25)[0] == ["新质生产力", "生产力"]
    assert dense(TEXTS, lexicon, max_features=2)[0] == ["低空经济", "内需"]  # ties by name


def test_weightings():
    assert dense(TEXTS, ["新质生产力"], weighting="binary")[1] == [[1], [0], [0], [0]]
    assert dense(TEXTS, ["新质生产力"], weighting="per_10k")[1] == [[1250.0], [0], [0], [0]]
    counts = PolicyVectorizer(TERMS).fit_transform(TEXTS)
    wanted = TfidfTransformer().fit_transform(counts)
    vectorizer = PolicyVectorizer(TERMS, weighting="tfidf").fit(TEXTS)
    np.testing.assert_allclose(vectorizer.transform(TEXTS).toarray(), wanted.toarray())
    assert vectorizer.transform(["", "别的"]).nnz == 0


def test_discovered_terms_become_features():
    texts = ["壮大耐心资本。耐心资本很好，扩大内需。", "培育耐心资本，引导耐心资本入市。", "让耐心资本更多。"]
    names, table = dense(texts, ["内需"], discover=True)
    assert names == ["内需", "耐心资本"]
    assert table == [[1, 2], [0, 2], [0, 1]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"weighting": "idf"}, "weighting='idf': must be one of"),
        ({"min_df": -1}, "min_df=-1: must be a number of texts"),
        ({"max_df": 1.5}, "max_df=1.5: must be a number of texts"),
        ({"min_df": True}, "min_df=True: must be"),
        ({"max_features": 0}, "max_features=0: must be None or at least 1"),
        ({"min_df": 4}, "no term is left: lower min_df"),
    ],
)
def test_wrong_options_are_told_in_fit(options, message):
    with pytest.raises(ValueError, match=message):
        PolicyVectorizer(Lexicon.from_terms(TERMS), **options).fit(TEXTS)


def test_wrong_texts():
    with pytest.raises(ValueError, match="texts is one str: must be a list"):
        PolicyVectorizer().fit("扩大内需")
    with pytest.raises(ValueError, match="text 1 is float: must be str or Document"):
        PolicyVectorizer().fit(["扩大内需", float("nan")])
    with pytest.raises(ValueError, match="no term is left"):
        PolicyVectorizer().fit([])
    with pytest.raises(TypeError, match="a list of strings is wanted"):
        PolicyVectorizer("内需").fit(TEXTS)


# scikit-learn


def test_before_fit():
    with pytest.raises(NotFittedError):
        PolicyVectorizer().transform(TEXTS)
    with pytest.raises(NotFittedError):
        PolicyVectorizer().get_feature_names_out()


def test_check_estimator():
    """The tests with arrays of numbers are skipped by scikit-learn for every estimator of texts, CountVectorizer too."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(PolicyVectorizer(), on_fail=None, on_skip=None)
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
        "check_mixin_order",
        "check_estimator_tags_renamed",
        "check_valid_tag_types",
    ],
)
def test_checks_that_need_no_numbers(check):
    if (function := getattr(estimator_checks, check, None)) is None:
        pytest.skip(f"this version of scikit-learn has no {check}")
    function("PolicyVectorizer", PolicyVectorizer())


def test_clone_of_a_fitted_one_is_not_fitted():
    vectorizer = PolicyVectorizer(Lexicon.from_terms(TERMS), min_df=0).fit(TEXTS)
    copy = clone(vectorizer)
    assert not hasattr(copy, "vocabulary_")
    assert copy.fit(TEXTS).vocabulary_ == vectorizer.vocabulary_


def test_pipeline_and_grid_search():
    pipeline = make_pipeline(PolicyVectorizer(), LogisticRegression())
    grid = {"policyvectorizer__weighting": ["count", "tfidf"], "policyvectorizer__min_df": [1, 2]}
    search = GridSearchCV(pipeline, grid, cv=2, error_score="raise")
    search.fit(TEXTS * 4, [0, 1, 1, 0] * 4)
    assert search.score(TEXTS, [0, 1, 1, 0]) == 1
    assert isinstance(search.best_estimator_, Pipeline)


def test_pandas_output_is_refused_by_scikit_learn_as_for_any_sparse_matrix():
    vectorizer = PolicyVectorizer(TERMS).set_output(transform="pandas")
    with pytest.raises(ValueError, match=r"(?i)pandas output"):
        vectorizer.fit_transform(TEXTS)


def test_input_is_not_changed():
    terms = list(TERMS)
    vectorizer = PolicyVectorizer(terms).fit(TEXTS)
    first = vectorizer.transform(TEXTS).toarray()
    np.testing.assert_array_equal(vectorizer.transform(TEXTS).toarray(), first)
    assert vectorizer.get_params()["vocabulary"] is terms


def test_fitted_ones_are_pickled_by_the_user_as_any_estimator(tmp_path):
    import pickle

    import joblib

    fitted = PolicyVectorizer(weighting="tfidf").fit(TEXTS)
    joblib.dump(fitted, tmp_path / "model.joblib")
    for again in (pickle.loads(pickle.dumps(fitted)), joblib.load(tmp_path / "model.joblib")):  # noqa: S301 (our own)
        assert again.get_feature_names_out().tolist() == fitted.get_feature_names_out().tolist()
        assert (again.transform(TEXTS) != fitted.transform(TEXTS)).nnz == 0


def test_sparse_columns_of_pandas_as_documented():
    import pandas as pd

    vectorizer = PolicyVectorizer(TERMS)
    matrix = vectorizer.fit_transform(TEXTS)
    frame = pd.DataFrame.sparse.from_spmatrix(matrix, columns=vectorizer.get_feature_names_out())
    assert frame.to_numpy().tolist() == matrix.toarray().tolist()


def test_beside_numbers_in_a_column_transformer():
    import pandas as pd
    from sklearn.compose import ColumnTransformer

    table = pd.DataFrame({"text": TEXTS, "year": range(len(TEXTS))})
    both = ColumnTransformer([("terms", PolicyVectorizer(TERMS), "text"), ("year", "passthrough", ["year"])])
    out = both.fit_transform(table)
    assert out.shape == (len(TEXTS), len(TERMS) + 1)
    assert both.get_feature_names_out().tolist()[-1] == "year__year"
