"""A linear classifier of paragraphs over hashed features: trained with scikit-learn, evaluated in NumPy alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from npp_nlp import artefacts
from npp_nlp.dataframes import as_values
from npp_nlp.labels.features import FAMILIES, Ints, Keys, keys

Floats = NDArray[np.float64]
CHUNK = 100_000
"""Characters whose features are computed at once; bounds the memory, changes no result."""


class _Vocabulary(NamedTuple):
    """The known feature keys, sorted, and their inverse document frequencies times the weights of their families."""

    key: NDArray[np.uint32]
    idf: NDArray[np.float32]

    def slots(self) -> NDArray[np.int32]:
        """Table from the low bits of a key to its place in `key`, or -1."""
        bits = max(8, int(np.ceil(np.log2(len(self.key) + 1))) + 4)
        table = np.full(1 << bits, -1, np.int32)
        table[self.key & np.uint32(len(table) - 1)] = np.arange(len(self.key), dtype=np.int32)
        return table


def _present(found: Keys, vocabulary: _Vocabulary, slots: NDArray[np.int32]) -> tuple[Ints, Ints]:
    """Paragraph and column of each known feature, once per paragraph, sorted."""
    column = slots[found.key & np.uint32(len(slots) - 1)]
    known = np.flatnonzero(column >= 0)
    known = known[vocabulary.key[column[known]] == found.key[known]]
    pair = found.paragraph[known].astype(np.int64) << 32 | column[known]
    pair.sort()
    pair = pair[np.concatenate([[True], pair[1:] != pair[:-1]])] if len(pair) else pair
    return (pair >> 32).astype(np.intp), (pair & 0xFFFFFFFF).astype(np.intp)


def _learn_vocabulary(found: Keys, count: int, min_df: int) -> _Vocabulary:
    """The features of at least `min_df` paragraphs; idf = ln((1 + n) / (1 + df)) + 1, times the family's weight."""
    pair = np.unique(found.key.astype(np.uint64) << np.uint64(32) | found.paragraph.astype(np.uint64))
    key, df = np.unique((pair >> np.uint64(32)).astype(np.uint32), return_counts=True)
    key, df = key[df >= min_df], df[df >= min_df]
    family = np.zeros(len(key), np.uint8)
    at = np.minimum(np.searchsorted(key, found.key), max(len(key) - 1, 0))
    known = key[at] == found.key if len(key) else np.zeros(len(at), bool)
    family[at[known]] = found.family[known]
    idf = (np.log((1 + count) / (1 + df)) + 1) * np.array(list(FAMILIES.values()))[family]
    vocabulary = _Vocabulary(key, idf.astype(np.float32))
    # Two keys in one slot: the one that would be found stays.
    slots = vocabulary.slots()
    kept = np.sort(slots[slots >= 0])
    return _Vocabulary(key[kept], vocabulary.idf[kept])


def softmax(scores: Floats) -> Floats:
    """Row-wise exp(s) / sum exp(s)."""
    e: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def _checked(texts: Iterable[str]) -> list[str]:
    if isinstance(texts, str):
        raise TypeError("texts must be a list of strings, not one string: write [text]")
    if getattr(texts, "ndim", 1) != 1:
        raise TypeError(
            f"texts must be one column of strings, not a {type(texts).__name__} of two dimensions"
        )
    listed = list(as_values(texts))
    for i, text in enumerate(listed):
        if not isinstance(text, str):
            raise TypeError(f"texts[{i}] is a {type(text).__name__}: every text must be a str")
    return listed


def _classes_of(labels: Iterable[Any] | None) -> NDArray[Any]:
    """The labels as an array: whole numbers stay such, everything else is text."""
    if labels is None:
        raise ValueError(
            "labels are missing: ParagraphClassifier requires y to be passed, but the target y is None"
        )
    listed = list(as_values(labels))
    for i, label in enumerate(listed):
        if label is None or label != label:  # NaN is the value that differs from itself
            raise ValueError(f"labels[{i}] is {label}: every text needs a label")
    array = np.asarray(listed)
    return array if array.dtype.kind in "iu" else np.asarray(listed, dtype=str)


class ParagraphClassifier:
    """Tells what a paragraph does, from examples: text in, one of the labels it was fitted with out.

    Multinomial logistic regression (scikit-learn, only in `fit`) on binary features weighted by idf, each paragraph
    scaled to length one. `C` is the inverse of the regularisation, `min_df` the least number of paragraphs a
    feature must occur in, `balance` the power of the classes' inverse frequencies that weighs the examples
    (0: as they come, 1: all classes alike), `families` the kinds of features (see `npp_nlp.labels.features`).

    >>> texts = ["粮食产量增长5%。", "就业增加了。", "要推进改革。", "必须加快创新。"]
    >>> model = ParagraphClassifier(min_df=1).fit(texts, ["done", "done", "to do", "to do"])
    >>> model.predict(["必须推进改革。"]).tolist()
    ['to do']
    """

    def __init__(
        self,
        *,
        C: float = 10.0,  # noqa: N803
        min_df: int = 2,
        balance: float = 1.0,
        families: Sequence[str] = tuple(FAMILIES),
    ) -> None:
        self.C = C
        self.min_df = min_df
        self.balance = balance
        self.families = families

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The settings by name."""
        return {"C": self.C, "min_df": self.min_df, "balance": self.balance, "families": self.families}

    def set_params(self, **params: Any) -> ParagraphClassifier:
        """Change settings by name."""
        for name, value in params.items():
            if name not in self.get_params():
                raise ValueError(f"unknown setting {name!r}: known are {', '.join(self.get_params())}")
            setattr(self, name, value)
        return self

    def fit(
        self,
        texts: Iterable[str],
        labels: Iterable[Any],
        *,
        sample_weight: Sequence[float] | Floats | None = None,
    ) -> ParagraphClassifier:
        """Learn from texts and their labels; `sample_weight` says how far each example is trusted.

        Labels are texts or whole numbers. Raises `ValueError` if the numbers differ, a label is missing or fewer than
        two labels occur.
        """
        from scipy.sparse import csr_matrix

        listed, target = _checked(texts), _classes_of(labels)
        weight = np.ones(len(listed)) if sample_weight is None else np.asarray(sample_weight, float)
        if not len(listed) == len(target) == len(weight):
            raise ValueError(
                f"{len(listed)} texts, {len(target)} labels, {len(weight)} weights: numbers must match"
            )
        classes, code = np.unique(target, return_inverse=True)
        if len(classes) < 2:
            raise ValueError(f"labels must have at least two different values, not {classes.tolist()}")
        unknown = sorted(set(self.families) - set(FAMILIES))
        if unknown:
            raise ValueError(f"families must be among {', '.join(FAMILIES)}, not {unknown}")
        found = keys(listed, self.families)
        vocabulary = _learn_vocabulary(found, len(listed), self.min_df)
        if not len(vocabulary.key):
            raise ValueError(
                f"no feature occurs in at least {self.min_df} texts: lower min_df or give more texts"
            )
        self.classes_, self._vocabulary, self._slots = classes, vocabulary, vocabulary.slots()
        row, column = _present(found, vocabulary, self._slots)
        value = vocabulary.idf[column] / self._norm(row, column, len(listed))[row]
        matrix = csr_matrix((value, (row, column)), shape=(len(listed), len(vocabulary.key)))
        self._solve(matrix, code, weight)
        return self

    def _solve(self, matrix: Any, code: Ints, weight: Floats) -> None:
        """Fit weights and intercepts; not yet calibrated."""
        from sklearn.linear_model import LogisticRegression

        share = np.bincount(code, weight) / weight.sum()
        balanced = weight * (1 / (len(share) * share[code])) ** self.balance
        model = LogisticRegression(C=self.C, max_iter=400, tol=1e-4).fit(matrix, code, sample_weight=balanced)
        coefficients, intercept = model.coef_, model.intercept_
        if len(self.classes_) == 2:  # scikit-learn keeps one row of two
            coefficients = np.vstack([-coefficients, coefficients]) / 2
            intercept = np.concatenate([-intercept, intercept]) / 2
        self._weights = coefficients.T.astype(np.float32)
        self._intercept = np.asarray(intercept, np.float64)
        self._temperature, self._shift = 1.0, np.zeros(len(self.classes_))

    def _norm(self, row: Ints, column: Ints, count: int) -> Floats:
        square = np.bincount(row, self._vocabulary.idf[column].astype(float) ** 2, minlength=count)
        return np.sqrt(np.maximum(square, 1e-12))

    def _require_fitted(self) -> None:
        if not hasattr(self, "_weights"):
            from sklearn.exceptions import NotFittedError

            raise NotFittedError(
                "this ParagraphClassifier is not fitted: call fit(texts, labels) or load(folder)"
            )

    def scores(self, texts: Iterable[str]) -> Floats:
        """Linear scores before calibration, one row per text, columns as in `classes_`."""
        self._require_fitted()
        listed = _checked(texts)
        out = np.empty((len(listed), len(self.classes_)))
        chunk = np.cumsum([len(text) + 1 for text in listed], dtype=np.int64) // CHUNK
        for start, stop in pairwise(np.flatnonzero(np.diff(chunk, prepend=-1, append=-1)).tolist()):
            out[start:stop] = self._chunk_scores(listed[start:stop])
        return out

    def contributions(
        self, found: Keys, count: int, *, toward: Floats | None = None
    ) -> tuple[Ints, Ints, Floats]:
        """Index and column of each known feature of `count` texts, and what it gives to the calibrated scores.

        A feature that occurs several times in a text is listed each time, and counts once. With `toward`, weights of the
        labels for each text, it is one column: the weighted sum.
        """
        self._require_fitted()
        column = self._slots[found.key & np.uint32(len(self._slots) - 1)]
        known = np.flatnonzero(column >= 0)
        known = known[self._vocabulary.key[column[known]] == found.key[known]]
        norm = self._norm(*_present(found, self._vocabulary, self._slots), count)
        column = column[known].astype(np.intp)
        scale = self._vocabulary.idf[column] / norm[found.paragraph[known]] / self._temperature
        given = self._weights[column]
        if toward is not None:
            given = np.einsum("ij,ij->i", given, toward[found.paragraph[known]])[:, None]
        return known, column, given * scale[:, None]

    def constant(self) -> Floats:
        """The calibrated scores of a text without a known feature."""
        self._require_fitted()
        return np.asarray(self._intercept / self._temperature + self._shift)

    def _chunk_scores(self, texts: list[str]) -> Floats:
        row, column = _present(keys(texts, self.families), self._vocabulary, self._slots)
        idf = self._vocabulary.idf[column].astype(np.float64)
        scaled = self._weights[column] * idf[:, None]
        total = np.stack(
            [np.bincount(row, scaled[:, k], minlength=len(texts)) for k in range(scaled.shape[1])], 1
        )
        return np.asarray(total / self._norm(row, column, len(texts))[:, None] + self._intercept)

    def calibrate(
        self, scores: Floats, labels: Iterable[str], *, weight: Floats | None = None
    ) -> ParagraphClassifier:
        """Fit temperature and class shifts on scores of texts that were not trained on (Platt 1999, Guo et al. 2017)."""
        from scipy.optimize import minimize

        target = np.searchsorted(self.classes_, _classes_of(labels))
        w = np.ones(len(target)) if weight is None else weight

        def loss(v: Floats) -> float:
            p = softmax(scores * np.exp(v[0]) + v[1:])[np.arange(len(target)), target]
            return float(-(w * np.log(p + 1e-12)).sum() / w.sum() + 1e-3 * (v[1:] ** 2).sum())

        best = minimize(loss, np.zeros(1 + scores.shape[1]), method="BFGS").x
        self._temperature, self._shift = float(np.exp(-best[0])), best[1:] - best[1:].mean()
        return self

    def probabilities(self, scores: Floats) -> Floats:
        """Calibrated probabilities of linear scores."""
        self._require_fitted()
        return softmax(scores / self._temperature + self._shift)

    def predict_proba(self, texts: Iterable[str]) -> Floats:
        """Probability of each label, columns as in `classes_`."""
        return self.probabilities(self.scores(texts))

    def predict(self, texts: Iterable[str]) -> NDArray[Any]:
        """The most probable label of each text."""
        best = self.predict_proba(texts).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def score(
        self, texts: Iterable[str], labels: Iterable[Any], *, sample_weight: Sequence[float] | None = None
    ) -> float:
        """Share of the texts that get their label, as scikit-learn's classifiers score."""
        return float(np.average(self.predict(texts) == _classes_of(labels), weights=sample_weight))

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn asks of an estimator: a classifier, its input texts; loaded only when asked."""
        from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags

        return Tags(
            estimator_type="classifier",
            target_tags=TargetTags(required=True),
            transformer_tags=None,
            regressor_tags=None,
            classifier_tags=ClassifierTags(),
            input_tags=InputTags(two_d_array=False, string=True),
        )

    def __repr__(self) -> str:
        changed = [f"{k}={v!r}" for k, v in self.get_params().items() if v != _DEFAULTS.get(k)]
        return f"ParagraphClassifier({', '.join(changed)})"

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything learnt, as plain arrays."""
        self._require_fitted()
        return {
            "classes": self.classes_,
            "families": np.array(self.families),
            "key": self._vocabulary.key,
            "idf": self._vocabulary.idf.astype(np.float16),
            "weights": self._weights.astype(np.float16),
            "intercept": self._intercept,
            "calibration": np.concatenate([[self._temperature], self._shift]),
        }

    def save(
        self, folder: str | Path, card: Mapping[str, Any], *, extra: Mapping[str, NDArray[Any]] | None = None
    ) -> None:
        """Write the model; `card` needs at least `name` and `version`, `extra` are arrays to keep beside it."""
        full = {
            **card,
            "settings": {
                **self.get_params(),
                "families": list(self.families),
                **dict(card.get("settings", {})),
            },
        }
        artefacts.save_model(Path(folder), {**self.arrays(), **(extra or {})}, full)

    @classmethod
    def load(cls, folder: str | Path) -> ParagraphClassifier:
        """Load a model from its folder, or a packaged one by its name."""
        return cls.from_arrays(artefacts.load_model(folder).arrays)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> ParagraphClassifier:
        """The classifier whose `arrays()` these are."""
        self = cls(families=tuple(map(str, arrays["families"])))
        self.classes_ = arrays["classes"]
        self._vocabulary = _Vocabulary(arrays["key"], arrays["idf"].astype(np.float32))
        self._slots = self._vocabulary.slots()
        self._weights = arrays["weights"].astype(np.float32)
        self._intercept = arrays["intercept"]
        self._temperature, self._shift = float(arrays["calibration"][0]), arrays["calibration"][1:]
        return self


_DEFAULTS = ParagraphClassifier().get_params()
