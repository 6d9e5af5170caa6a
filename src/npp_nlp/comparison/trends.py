"""Rates of terms by group with confidence bands, and the test for a steady rise or fall.

Layer 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from npp_nlp.comparison.frequencies import Frequencies

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
COLUMNS = {
    "term": "str",
    "group": None,
    "n": "int64",
    "per_10k": "float64",
    "docfreq": "int64",
    "low": "float64",
    "high": "float64",
}
_CELLS = 4_000_000  # pairs of groups at a time: bounds the temporary arrays


def rate_interval(n: ArrayLike, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Exact confidence limits of the mean of a Poisson count (Garwood 1936): for 0 occurrences 0 to 3.69.

    low = χ²(α/2; 2n) / 2, high = χ²(1 - α/2; 2n + 2) / 2. They hold if occurrences are independent; words come in
    bursts, so true limits are wider. Raises `ValueError` if `level` is not between 0 and 1.

    >>> low, high = rate_interval([0, 10])
    >>> low.round(2).tolist(), high.round(2).tolist()
    ([0.0, 4.8], [3.69, 18.39])
    """
    from scipy.special import gammainccinv, gammaincinv

    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1, not {level}")
    counts, tail = np.asarray(n, dtype=np.float64), (1 - level) / 2
    low = np.where(counts > 0, gammaincinv(np.maximum(counts, 1), tail), 0.0)
    return low, np.asarray(gammainccinv(counts + 1, tail))


def mann_kendall(series: ArrayLike) -> tuple[Floats, Floats]:
    """Kendall's tau-b of each row with time, and the p value of the Mann-Kendall test, corrected for ties.

    `series` is a matrix of terms x times, or one row. S = Σ sign(x_j - x_i) over i < j; tau = S / sqrt(m (m - t)), m all
    pairs, t those with equal values. With var = [k(k-1)(2k+5) - Σ u(u-1)(2u+5)] / 18, u the sizes of ties,
    z = (S - sign S) / sqrt(var), p two-sided from the normal distribution (Mann 1945; Kendall 1975). Both are missing
    if all values are equal. With fewer than about ten times the p value is rough, and with fewer than five it cannot
    fall below 0.05. Values that depend on those before (years do) make p too small.

    >>> tau, p = mann_kendall([[1, 2, 3, 4, 5, 6, 7, 8]])
    >>> tau.tolist(), p.round(5).tolist()
    ([1.0], [0.00084])
    """
    from scipy.special import ndtr

    x = np.atleast_2d(np.asarray(series, dtype=np.float64))
    k = x.shape[1]
    score, tied, ties = (np.zeros(len(x)) for _ in range(3))
    step = max(_CELLS // max(k * k, 1), 1)
    for begin in range(0, len(x), step):
        rows = slice(begin, begin + step)
        sign = np.sign(x[rows, None, :] - x[rows, :, None])
        score[rows] = np.triu(sign, 1).sum(axis=(1, 2))
        equal = (sign == 0).sum(axis=2)  # of each value, how many are equal to it
        tied[rows] = (equal - 1).sum(axis=1) / 2
        ties[rows] = ((equal - 1) * (2 * equal + 5)).sum(axis=1)
    pairs = k * (k - 1) / 2
    variance = (k * (k - 1) * (2 * k + 5) - ties) / 18
    with np.errstate(divide="ignore", invalid="ignore"):
        tau = score / np.sqrt(pairs * (pairs - tied))
        z = (score - np.sign(score)) / np.sqrt(variance)
    varied = tied < pairs
    return np.where(varied, tau, np.nan), np.where(varied, np.minimum(2 * ndtr(-np.abs(z)), 1.0), np.nan)


def trends_table(counts: Frequencies, *, level: float = 0.95) -> pd.DataFrame:
    """Table `term, group, n, per_10k, docfreq, low, high`: one row per term and group, n = 0 included.

    `per_10k` is per 10,000 characters of the group, `low` and `high` are its limits by `rate_interval`. Rows are in the
    order of terms by name, then of groups.
    """
    import pandas as pd

    terms, groups = counts.n.shape
    low, high = rate_interval(counts.n, level=level)
    columns = {
        "term": counts.term_column(np.repeat(np.arange(terms), groups)),
        "group": counts.group_column(np.tile(np.arange(groups), terms)),
        "n": counts.n.ravel(),
        "per_10k": counts.rates.ravel(),
        "docfreq": counts.docfreq.ravel(),
        "low": (low * 10_000 / counts.characters).ravel(),
        "high": (high * 10_000 / counts.characters).ravel(),
    }
    return pd.DataFrame(columns).astype({name: kind for name, kind in COLUMNS.items() if kind})
