"""Two-by-two tables: the log-likelihood ratio, its p value, and p values adjusted for their number.

Layer 2. Keyness of terms, edges of graphs and rankings all rest on these.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def log_likelihood(both: ArrayLike, one: ArrayLike, two: ArrayLike, total: ArrayLike) -> Floats:
    """Signed log-likelihood ratio of a two-by-two table (Dunning 1993).

    `both` of `total` cases have two properties, `one` and `two` of them have the first and the second. 2 Σ O ln(O / E)
    over the four cells both, first only, second only, neither, with E = row sum times column sum over N and 0 ln 0 = 0;
    negative where fewer have both than expected.

    >>> log_likelihood(np.array([10, 0]), np.array([10, 5]), np.array([10, 5]), 20).round(2).tolist()
    [27.73, -3.4]
    """
    x = np.asarray(both, dtype=np.float64)
    a, b, n = (np.asarray(margin, dtype=np.float64) for margin in (one, two, total))
    value = np.zeros(np.broadcast_shapes(x.shape, a.shape, b.shape, n.shape))
    with np.errstate(invalid="ignore", divide="ignore"):
        for seen, row, column in (
            (x, a, b),
            (a - x, a, n - b),
            (b - x, n - a, b),
            (n - a - b + x, n - a, n - b),
        ):
            value += np.where(seen > 0, seen * np.log(seen * n / (row * column)), 0.0)
        fewer = x * n < a * b
    # rounding must not make an association of independent properties
    size = np.where(value < 1e-9, 0.0, 2 * value)
    return np.where(fewer, -1.0, 1.0) * size


def p_value(statistic: ArrayLike) -> Floats:
    """Probability of a value of |G2| or |chi2| at least as large: the chi-squared distribution with one degree of freedom.

    >>> p_value([3.841459, -3.841459]).round(4).tolist()
    [0.05, 0.05]
    """
    from scipy.special import chdtrc

    return np.asarray(chdtrc(1, np.abs(np.asarray(statistic, dtype=np.float64))))


def adjust_p(p: ArrayLike, times: ArrayLike | None = None) -> Floats:
    """Adjust p values for their number, so that the false discovery rate is kept (Benjamini and Hochberg 1995).

    The i-th smallest of m becomes min over j ≥ i of p_j · m / j, at most 1. Missing values stay missing and are not
    counted. `times` says how often each value stands for a test, where many have the same.

    >>> adjust_p([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    values = np.asarray(p, dtype=np.float64)
    many = np.ones(values.shape, dtype=np.int64) if times is None else np.asarray(times, dtype=np.int64)
    out = np.full(values.shape, np.nan)
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    rank = np.cumsum(many[order])
    if len(rank):
        scaled = np.minimum(values[order] * (rank[-1] / np.maximum(rank, 1)), 1.0)
        out[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return out
