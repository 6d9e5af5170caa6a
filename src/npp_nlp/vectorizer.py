"""Policy terms as features: a scikit-learn transformer that counts terms in the raw text instead of tokens.

Layer 6. The counts are those of `npp_nlp.counting.known.count_terms`, in a sparse matrix of texts by terms.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from numbers import Integral, Real
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from npp_nlp.counting.known import per_document
from npp_nlp.dataframes import as_values
from npp_nlp.discovery.proposing import discover_terms
from npp_nlp.document import Corpus, Document
from npp_nlp.lexicon import Lexicon, as_lexicon
from npp_nlp.masking import shown_characters

Weighting = Literal["count", "binary", "per_10k", "tfidf"]


class PolicyVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Texts to a sparse matrix of terms, as `CountVectorizer` does for words, for any scikit-learn pipeline.

    `vocabulary` is a list of terms, all of which become features, or a `Lexicon` (default: the packaged one), of which
    those become features that `min_df` and `max_df` (texts with the term: a number, or a share as float) and
    `max_features` (the most frequent, ties by name) let through. `discover=True` adds new terms of the texts seen in
    `fit` (`discover_terms`), under the same limits.
    `weighting` is "count"; "binary"; "per_10k", occurrences per 10,000 characters; or "tfidf", counts times ln((1 + texts) /
    (1 + texts with the term)) + 1, rows of length one (as `TfidfTransformer`). Counts are int64, the others but
    "binary" float64.

    Terms are counted by the rule of `count_terms`: the leftmost and longest of the whole lexicon counts, also where it is
    no feature. Texts are strings, `Document`s or a `Corpus`. After `fit`: `vocabulary_` (term to column), `lexicon_`
    (what is looked for), `idf_` (with "tfidf").

    >>> vectorizer = PolicyVectorizer(["新质生产力", "低空经济"])
    >>> vectorizer.fit_transform(["发展新质生产力。", "低空经济，新质生产力，低空经济。"]).toarray().tolist()
    [[0, 1], [2, 1]]
    >>> vectorizer.get_feature_names_out().tolist()
    ['低空经济', '新质生产力']
    """

    def __init__(
        self,
        vocabulary: Iterable[str] | Lexicon | None = None,
        *,
        min_df: float = 1,
        max_df: float = 1.0,
        max_features: int | None = None,
        discover: bool = False,
        weighting: Weighting = "count",
    ) -> None:
        self.vocabulary = vocabulary
        self.min_df = min_df
        self.max_df = max_df
        self.max_features = max_features
        self.discover = discover
        self.weighting = weighting

    def fit(self, texts: Iterable[str] | Iterable[Document], y: Any = None) -> PolicyVectorizer:
        """Choose the features; raises `ValueError` if an option is wrong or no term is left."""
        self._learn(_documents(texts))
        return self

    def fit_transform(self, texts: Iterable[str] | Iterable[Document], y: Any = None) -> Any:
        """Choose the features and return the matrix of these texts, read once."""
        documents = _documents(texts)
        return self._weighted(self._learn(documents), documents)

    def transform(self, texts: Iterable[str] | Iterable[Document]) -> Any:
        """The matrix of the texts, one row each; raises `NotFittedError` before `fit`."""
        check_is_fitted(self, "vocabulary_")
        documents = _documents(texts)
        return self._weighted(self._counts(documents)[:, self._columns], documents)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """The terms in the order of the columns."""
        check_is_fitted(self, "vocabulary_")
        return np.array(list(self.vocabulary_), dtype=object)

    def _learn(self, documents: list[Document]) -> Any:
        """Fit, and return the counts of the features."""
        self._check()
        self.lexicon_ = given = as_lexicon(self.vocabulary)
        if self.discover:
            corpus = Corpus(tuple(replace(d, id=str(i)) for i, d in enumerate(documents)))
            self.lexicon_ = Lexicon.from_terms(discover_terms(corpus, lexicon=given), "discovered") + given
        counts = self._counts(documents)
        texts = np.bincount(counts.indices, minlength=len(self.lexicon_))
        listed = self.vocabulary is not None and not isinstance(self.vocabulary, Lexicon)
        always = np.array([listed and term in given for term in self.lexicon_], dtype=np.bool_)
        self._columns = self._let_through(counts, texts, always)
        if not len(self._columns):
            raise ValueError("no term is left: lower min_df, raise max_df, or give other texts or terms")
        names = [self.lexicon_.entries[i].term for i in self._columns.tolist()]
        self.vocabulary_ = {name: column for column, name in enumerate(names)}
        if self.weighting == "tfidf":
            self.idf_ = np.log((1 + len(documents)) / (1 + texts[self._columns])) + 1
        return counts[:, self._columns]

    def _let_through(
        self, counts: Any, texts: NDArray[np.int64], always: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        """Numbers of the terms that are `always` features or within the limits; `texts` is how many texts hold each."""
        low, high = (
            limit if isinstance(limit, Integral) else limit * counts.shape[0]
            for limit in (self.min_df, self.max_df)
        )
        free = np.flatnonzero(~always & (texts >= low) & (texts <= high))
        if self.max_features is not None:
            total = np.asarray(counts.sum(axis=0)).ravel()
            best = free[np.argsort(-total[free], kind="stable")]
            free = best[: max(self.max_features - int(always.sum()), 0)]
        return np.sort(np.append(np.flatnonzero(always), free))

    def _check(self) -> None:
        if self.weighting not in get_args(Weighting):
            raise ValueError(f"weighting={self.weighting!r}: must be one of {get_args(Weighting)}")
        for name, value in (("min_df", self.min_df), ("max_df", self.max_df)):
            whole = isinstance(value, Integral) and not isinstance(value, bool) and value >= 0
            if not whole and not (
                isinstance(value, Real) and not isinstance(value, Integral) and 0 <= value <= 1
            ):
                raise ValueError(
                    f"{name}={value!r}: must be a number of texts from 0 up or a share from 0.0 to 1.0"
                )
        limit = self.max_features
        if limit is not None and not (isinstance(limit, Integral) and limit >= 1):
            raise ValueError(f"max_features={limit!r}: must be None or at least 1")

    def _counts(self, documents: list[Document]) -> Any:
        """All terms of the lexicon in the texts."""
        from scipy import sparse

        counted = per_document(documents, self.lexicon_, None)
        some = counted.n > 0
        places = (counted.document[some], counted.entry[some])
        shape = (len(documents), len(self.lexicon_))
        return sparse.csr_matrix((counted.n[some], places), shape=shape, dtype=np.int64)

    def _weighted(self, counts: Any, documents: list[Document]) -> Any:
        if self.weighting == "count":
            return counts
        if self.weighting == "binary":
            counts.data[:] = 1
            return counts
        weighted = counts.astype(np.float64)
        row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        if self.weighting == "per_10k":
            characters = np.array([shown_characters(document) for document in documents], dtype=np.int64)
            weighted.data *= 10_000 / characters[row]
        else:
            weighted.data *= self.idf_[counts.indices]
            weighted.data /= np.sqrt(np.bincount(row, weighted.data**2, minlength=1))[row]
        return weighted

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.transformer_tags.preserves_dtype = []
        return tags


def _documents(texts: Iterable[str] | Iterable[Document]) -> list[Document]:
    """The texts as documents; raises `ValueError` for anything but a list of texts or of documents."""
    if isinstance(texts, str | Document) or not isinstance(texts, Iterable):
        raise ValueError(f"texts is one {type(texts).__name__}: must be a list of texts or of Documents")
    documents = []
    for number, text in enumerate(as_values(texts)):
        if not isinstance(text, str | Document):
            raise ValueError(f"text {number} is {type(text).__name__}: must be str or Document")
        documents.append(Document.from_text(text) if isinstance(text, str) else text)
    return documents
