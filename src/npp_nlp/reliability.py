"""How far annotators of the same units agree: Cohen's kappa, Krippendorff's alpha.

Layer 6.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from npp_nlp.dataframes import as_values

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Agreement:
    """How far annotators agree.

    `alpha` is Krippendorff's for all of them; `pairs` is a table `a, b, n, observed, kappa` with a row for every two
    annotators (numbers from 0): units both labelled, share of equal labels, Cohen's kappa. `observed` and
    `kappa` are the means over the pairs; `n_units` counts the units with at least two labels.
    """

    n_units: int
    n_annotators: int
    observed: float
    kappa: float
    alpha: float
    pairs: pd.DataFrame = field(repr=False)


def agreement(*annotations: Iterable[Any]) -> Agreement:
    """Measure how far two or more annotators agree, each given as a sequence of labels for the same units.

    A missing label (None, NaN, "") is left out. Raises `ValueError` for fewer than two annotators, different lengths, or no
    unit that two of them labelled.

    >>> found = agreement(["a", "a", "b", "b"], ["a", "b", "b", "b"])
    >>> found.observed, found.kappa, round(found.alpha, 4)
    (0.75, 0.5, 0.5333)
    """
    import pandas as pd

    columns = [[None if label == "" else label for label in as_column(one)] for one in annotations]
    if len(columns) < 2:
        raise ValueError(f"annotations: at least two annotators are needed, not {len(columns)}")
    same_length({f"annotator {k}": column for k, column in enumerate(columns)})
    rows = []
    for a, b in combinations(range(len(columns)), 2):
        both = [
            (x, y) for x, y in zip(columns[a], columns[b], strict=True) if x is not None and y is not None
        ]
        observed = float(np.mean([x == y for x, y in both])) if both else float("nan")
        rows.append(
            (
                a,
                b,
                len(both),
                observed,
                cohen_kappa(*map(list, zip(*both, strict=True))) if both else float("nan"),
            )
        )
    units = sum(sum(label is not None for label in unit) >= 2 for unit in zip(*columns, strict=True))
    if not units:
        raise ValueError("annotations: no unit has labels of two annotators")
    pairs = pd.DataFrame(rows, columns=["a", "b", "n", "observed", "kappa"])
    means = (float(pairs["observed"].mean()), float(pairs["kappa"].mean()))
    return Agreement(units, len(columns), *means, krippendorff_alpha(*columns), pairs)


def cohen_kappa(a: Iterable[Any], b: Iterable[Any]) -> float:
    """Cohen's kappa of two annotators, (observed - expected) / (1 - expected) (Cohen 1960); NaN if only one label occurs.

    >>> cohen_kappa(["a", "a", "b", "b"], ["a", "b", "b", "b"])
    0.5
    """
    one, other = as_column(a), as_column(b)
    same_length({"a": one, "b": other})
    observed = sum(x == y for x, y in zip(one, other, strict=True)) / len(one)
    n_one, n_other = Counter(one), Counter(other)
    expected = sum(n_one[label] * n_other[label] for label in n_one) / len(one) ** 2
    return (observed - expected) / (1 - expected) if expected < 1 else float("nan")


def krippendorff_alpha(*annotations: Iterable[Any]) -> float:
    """Krippendorff's alpha for names: any number of annotators, missing labels left out (Krippendorff 2004).

    alpha = 1 - (n - 1) · sum of o_ck / sum of n_c · n_k over all c ≠ k, with o the coincidences: each pair of labels of a
    unit counts 1 / (labels of the unit - 1). NaN if only one label occurs.

    >>> round(krippendorff_alpha(["a", "a", "b", "b"], ["a", "b", "b", "b"]), 4)
    0.5333
    """
    columns = [as_column(one) for one in annotations]
    same_length({f"annotator {k}": column for k, column in enumerate(columns)})
    names = sorted({label for column in columns for label in column if label is not None}, key=str)
    code = {name: k for k, name in enumerate(names)}
    coincidences = np.zeros((len(names), len(names)))
    for unit in zip(*columns, strict=True):
        count = np.bincount(
            [code[label] for label in unit if label is not None], minlength=len(names)
        ).astype(float)
        size = count.sum()
        if size >= 2:
            coincidences += (np.outer(count, count) - np.diag(count)) / (size - 1)
    n_each = coincidences.sum(axis=0)
    n = n_each.sum()
    expected = n * n - (n_each**2).sum()
    if not expected:
        return float("nan")
    return float(1 - (n - 1) * (n - np.trace(coincidences)) / expected)


def as_column(labels: Iterable[Any]) -> list[Any]:
    """The labels as a list, with None for what is missing."""
    if isinstance(labels, str):
        raise TypeError(f"labels must be a sequence of labels, not one text: {labels[:20]!r}")
    # NaN, NaT: a value that differs from itself; pandas.NA: one whose comparison has no truth
    return [None if label is None or _missing(label) else label for label in as_values(labels)]


def _missing(label: Any) -> bool:
    try:
        return bool(label != label)
    except TypeError:
        return True


def same_length(columns: dict[str, list[Any]]) -> None:
    """Raise `ValueError` if the named columns differ in length or are empty."""
    sizes = {name: len(column) for name, column in columns.items()}
    if len(set(sizes.values())) > 1:
        raise ValueError(f"lengths differ: {', '.join(f'{name} {size}' for name, size in sizes.items())}")
    if not sizes or not next(iter(sizes.values())):
        raise ValueError("there are no labels to compare")
