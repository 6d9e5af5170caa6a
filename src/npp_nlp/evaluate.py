"""Gold labels and predicted ones, or several annotators: how well they agree.

Layer 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from npp_nlp.dataframes import as_frame
from npp_nlp.reliability import Agreement, agreement, as_column, cohen_kappa, krippendorff_alpha, same_length

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
__all__ = [
    "Agreement",
    "LabelScores",
    "SpanScores",
    "agreement",
    "cohen_kappa",
    "evaluate_labels",
    "krippendorff_alpha",
    "span_scores",
]

MEASURES = ("accuracy", "macro_f1", "kappa")


@dataclass(frozen=True, eq=False)
class LabelScores:
    """How well predicted labels match gold ones.

    `per_label` is a table `label, precision, recall, f1, n_gold, n_predicted`, `confusion` one of counts with gold labels
    as rows and predicted ones as columns, `intervals` one of `measure, value, low, high` (95 %, bootstrap).
    `kappa` is Cohen's, `alpha` Krippendorff's, both for names; `calibration_error` is None without probabilities.
    """

    n: int
    accuracy: float
    macro_f1: float
    kappa: float
    alpha: float
    calibration_error: float | None
    per_label: pd.DataFrame = field(repr=False)
    confusion: pd.DataFrame = field(repr=False)
    intervals: pd.DataFrame = field(repr=False)


class SpanScores(NamedTuple):
    """Words of the gold and the predicted segmentation, the common ones, and what follows from them."""

    n_gold: int
    n_predicted: int
    n_common: int
    precision: float
    recall: float
    f1: float


def evaluate_labels(
    gold: Iterable[Any],
    predicted: Iterable[Any],
    *,
    probabilities: pd.DataFrame | None = None,
    group: Iterable[Any] | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> LabelScores:
    """Score predicted labels against gold ones.

    A missing prediction (None, NaN) is never right. Macro-F1 is the mean F1 of all labels that occur; what cannot be
    divided is 0. The intervals hold the middle 95 % of `draws` bootstrap samples (Efron 1979), of whole groups
    (documents) if `group` names one for each unit. `probabilities` has a column for each label, as the table of
    `classify` does; the calibration error is the mean gap between confidence and accuracy in ten equal bins of
    confidence (Guo et al. 2017).

    Raises `ValueError` if lengths differ, there is nothing to score, a gold label is missing, or a label has no column of
    probabilities.

    >>> scores = evaluate_labels(["a", "a", "b", "b"], ["a", "b", "b", "b"])
    >>> scores.accuracy, round(scores.macro_f1, 4), scores.kappa
    (0.75, 0.7333, 0.5)
    """
    true, told = as_column(gold), as_column(predicted)
    same_length({"gold": true, "predicted": told})
    if None in true:
        raise ValueError(f"gold[{true.index(None)}] is missing: every unit needs a gold label")
    names = sorted({label for label in [*true, *told] if label is not None})
    code = {name: k for k, name in enumerate(names)}
    # a missing prediction has a column of its own, behind those of the labels
    row, column = (
        np.array([code[label] for label in true]),
        np.array([code.get(label, len(names)) for label in told]),
    )
    counts = _confusion(row, column, len(names))
    values = _measures(counts[None])
    error = None if probabilities is None else _calibration_error(true, probabilities)
    grouped = counts.reshape(-1) if group is None else _by_group(row, column, len(names), as_column(group))
    samples = _measures(_resampled(grouped, counts.shape, draws, seed))
    return LabelScores(
        len(true),
        float(values["accuracy"][0]),
        float(values["macro_f1"][0]),
        float(values["kappa"][0]),
        krippendorff_alpha(true, told),
        error,
        _per_label(names, counts),
        _confusion_table(names, counts),
        _intervals(values, samples),
    )


def span_scores(gold: Iterable[Sequence[str]], predicted: Iterable[Sequence[str]]) -> SpanScores:
    """Score segmentations, each a sequence of words for every text: a word is right if both its ends are.

    Raises `ValueError` if the numbers of texts differ or the words of a text do not join to the same characters.

    >>> scores = span_scores([["新质生产力", "发展"]], [["新质", "生产力", "发展"]])
    >>> scores.n_common, round(scores.precision, 3), scores.recall, scores.f1
    (1, 0.333, 0.5, 0.4)
    """
    right, found = list(gold), list(predicted)
    same_length({"gold": right, "predicted": found})
    common = 0
    for number, (a, b) in enumerate(zip(right, found, strict=True)):
        if "".join(a) != "".join(b):
            raise ValueError(f"text {number}: the words of gold and predicted join to different texts")
        common += len(_spans(a) & _spans(b))
    n_gold, n_predicted = sum(map(len, right)), sum(map(len, found))
    precision, recall = common / max(n_predicted, 1), common / max(n_gold, 1)
    f1 = 2 * common / max(n_gold + n_predicted, 1)
    return SpanScores(n_gold, n_predicted, common, precision, recall, f1)


def _spans(words: Sequence[str]) -> set[tuple[int, int]]:
    ends = np.cumsum([len(word) for word in words]).tolist()
    return {(end - len(word), end) for word, end in zip(words, ends, strict=True)}


def _confusion(row: NDArray[Any], column: NDArray[Any], size: int) -> Counts:
    """Counts of gold label by predicted one; the last column holds missing predictions."""
    flat = np.bincount(row * (size + 1) + column, minlength=size * (size + 1))
    return flat.reshape(size, size + 1).astype(np.int64)


def _measures(counts: NDArray[Any]) -> dict[str, Floats]:
    """Accuracy, macro-F1 and kappa of each of many confusion matrices."""
    size = counts.shape[1]
    total = counts.sum(axis=(1, 2)).astype(float)
    right = np.diagonal(counts[:, :, :size], axis1=1, axis2=2)
    n_gold, n_predicted = counts.sum(axis=2), counts[:, :, :size].sum(axis=1)
    f1 = _divided(2 * right, n_gold + n_predicted)
    occurs = (n_gold + n_predicted) > 0
    observed = _divided(right.sum(axis=1), total)
    expected = _divided((n_gold * n_predicted).sum(axis=1), total**2)
    kappa = np.where(expected < 1, (observed - expected) / np.where(expected < 1, 1 - expected, 1), np.nan)
    macro = _divided((f1 * occurs).sum(axis=1), occurs.sum(axis=1))
    return {"accuracy": observed, "macro_f1": macro, "kappa": kappa}


def _divided(a: NDArray[Any], b: NDArray[Any]) -> Floats:
    return np.asarray(np.where(b > 0, a / np.where(b > 0, b, 1), 0.0))


def _by_group(row: NDArray[Any], column: NDArray[Any], size: int, group: list[Any]) -> Counts:
    """Confusion counts of each group, flattened."""
    if len(group) != len(row):
        raise ValueError(f"lengths differ: gold {len(row)}, group {len(group)}")
    names = {name: k for k, name in enumerate(dict.fromkeys(group))}
    out = np.zeros((len(names), size * (size + 1)), np.int64)
    np.add.at(out, (np.array([names[g] for g in group]), row * (size + 1) + column), 1)
    return out


def _resampled(grouped: Counts, shape: tuple[int, ...], draws: int, seed: int) -> NDArray[Any]:
    """Confusion matrices of bootstrap samples: of units (one row of counts) or of groups (a row each)."""
    if draws < 1:
        raise ValueError(f"draws must be at least 1, not {draws}")
    rng = np.random.default_rng(seed)
    if grouped.ndim == 1:  # drawing units is drawing cells of the matrix
        flat = rng.multinomial(int(grouped.sum()), grouped / grouped.sum(), size=draws)
    else:
        flat = rng.multinomial(len(grouped), np.full(len(grouped), 1 / len(grouped)), size=draws) @ grouped
    return np.asarray(flat).reshape(draws, *shape)


def _calibration_error(gold: list[Any], probabilities: pd.DataFrame, bins: int = 10) -> float:
    probabilities = as_frame(probabilities, "probabilities")
    missing = sorted({str(label) for label in gold} - set(map(str, probabilities.columns)))
    if missing:
        raise ValueError(f"probabilities has no column for the label {', '.join(missing)}")
    if len(probabilities) != len(gold):
        raise ValueError(f"lengths differ: gold {len(gold)}, probabilities {len(probabilities)}")
    values = probabilities.to_numpy(dtype=float)
    names = list(map(str, probabilities.columns))
    right = np.array([names[k] == str(label) for k, label in zip(values.argmax(axis=1), gold, strict=True)])
    top = values.max(axis=1)
    which = np.minimum((top * bins).astype(int), bins - 1)
    gap = np.abs(np.bincount(which, right, bins) - np.bincount(which, top, bins))
    return float(gap.sum() / len(gold))


def _per_label(names: list[Any], counts: Counts) -> pd.DataFrame:
    import pandas as pd

    right = np.diagonal(counts)
    n_gold, n_predicted = counts.sum(axis=1), counts[:, : len(names)].sum(axis=0)
    return pd.DataFrame(
        {
            "label": names,
            "precision": _divided(right, n_predicted),
            "recall": _divided(right, n_gold),
            "f1": _divided(2 * right, n_gold + n_predicted),
            "n_gold": n_gold,
            "n_predicted": n_predicted,
        }
    )


def _confusion_table(names: list[Any], counts: Counts) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame(counts, index=pd.Index(names, name="gold"), columns=pd.Index([*names, "missing"]))
    return table if table["missing"].any() else table.drop(columns="missing")


def _intervals(values: dict[str, Floats], samples: dict[str, Floats]) -> pd.DataFrame:
    import pandas as pd

    def limits(sample: Floats) -> list[float]:
        known = sample[~np.isnan(sample)]
        return np.quantile(known, [0.025, 0.975]).tolist() if len(known) else [float("nan")] * 2

    rows = [(name, float(values[name][0]), *limits(samples[name])) for name in MEASURES]
    return pd.DataFrame(rows, columns=["measure", "value", "low", "high"])
