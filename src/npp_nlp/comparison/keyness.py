"""Keyness: how much more, or less, often a term is used in one part of a corpus than in another.

Layer 6. Every measure is a plain function of four numbers or arrays of them: occurrences of the term in the target and in
the reference (`n_target`, `n_reference`) and the sizes of both in the same unit (`size_target`, `size_reference`). Here
the unit is the character; each character begins an occurrence or does not, so the 2 x 2 table has n and size - n.
As long as terms are rare, G2 and chi2 hardly depend on the unit: with tokens in place of characters both sizes shrink
alike, and only their ratio counts (the limit is the comparison of two Poisson rates).

Small counts: below an expected count of about 5 the chi-squared distribution is a poor guide to chi2, and G2 finds too
much; `log_ratio`, `pct_diff` and, if the reference has none, `log_odds` are extreme; z is then small, and elsewhere
grows with the counts of both sides, so that rare terms seldom lead. All p values take occurrences for independent
draws. Words come in bursts, so p is too small: rank by effect among terms with enough occurrences, sift by p, and look
at the dispersion (Gries 2008).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from npp_nlp.comparison.frequencies import Frequencies
from npp_nlp.contingency import adjust_p, log_likelihood, p_value

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Correction = Literal["none", "yates", "williams"]
Baseline = Literal["rest", "previous"]
PRIOR_SIZE = 10_000
"""Size of the prior of `log_odds`, in characters: the prior weighs as much as that much average text."""

COLUMNS = {
    "term": "str",
    "group": None,
    "n_target": "int64",
    "n_reference": "int64",
    "per_10k_target": "float64",
    "per_10k_reference": "float64",
    "log_odds": "float64",
    "g2": "float64",
    "z": "float64",
    "p": "float64",
    "p_adjusted": "float64",
    "log_ratio": "float64",
    "pct_diff": "float64",
}
"""Columns of the keyness table and their types; `group` has that of the groups."""


def g2(
    n_target: ArrayLike,
    n_reference: ArrayLike,
    size_target: ArrayLike,
    size_reference: ArrayLike,
    *,
    correction: Correction = "none",
) -> Floats:
    """Log-likelihood ratio of the 2 x 2 table (Dunning 1993), negative if the target has fewer than expected.

    G2 = 2 Σ O ln(O / E) over the four cells, with 0 ln 0 = 0; the sign is that of O - E of the first cell. `correction`
    "williams" divides by Williams's q (1976; 1 if a cell is 0), "yates" moves each cell by a half towards its expectation
    where quanteda does: if |ad - bc| is at least N / 2 and an expected count is below 5.
    Without correction it is quanteda's `textstat_keyness(measure = "lr", correction = "none")`. (Rayson's calculator of
    log-likelihood sums over the two cells of the term alone, which gives nearly the same for rare terms.)

    >>> g2(20, 10, 10_000, 10_000).round(3).tolist(), g2(10, 20, 10_000, 10_000).round(3).tolist()
    (3.403, -3.403)
    """
    a, b, c, d = _cells(n_target, n_reference, size_target, size_reference)
    _check(correction)
    q = _williams(a, b, c, d) if correction == "williams" else 1.0
    shift = _yates(a, b, c, d) if correction == "yates" else 0.0
    moved = a - shift * np.where(a * d > b * c, 1.0, -1.0)
    return np.asarray(log_likelihood(moved, a + b, a + c, a + b + c + d) / q + 0.0)  # no -0.0


def chi2(
    n_target: ArrayLike,
    n_reference: ArrayLike,
    size_target: ArrayLike,
    size_reference: ArrayLike,
    *,
    correction: Correction = "yates",
) -> Floats:
    """Pearson's chi-squared of the 2 x 2 table, signed as `g2`; by default as quanteda's `textstat_keyness`.

    χ2 = N (|ad - bc| - c)² / (row and column sums multiplied), with c = N / 2 (Yates 1934) if |ad - bc| ≥ N / 2 and an
    expected count is below 5, else 0. `correction` "williams" multiplies by q as quanteda does. Missing where a
    row or column is empty.

    >>> chi2(7, 2, 10, 9, correction="none").round(4).tolist()
    4.3372
    """
    a, b, c, d = _cells(n_target, n_reference, size_target, size_reference)
    _check(correction)
    total = a + b + c + d
    off = total * _yates(a, b, c, d) if correction == "yates" else 0.0
    q = _williams(a, b, c, d) if correction == "williams" else 1.0
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    sign = np.where(a * total > (a + b) * (a + c), 1.0, -1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sign * q * total * (np.abs(a * d - b * c) - off) ** 2 / margins)


def log_odds(
    n_target: ArrayLike,
    n_reference: ArrayLike,
    size_target: ArrayLike,
    size_reference: ArrayLike,
    *,
    prior_rate: ArrayLike | None = None,
    prior_size: float = PRIOR_SIZE,
) -> tuple[Floats, Floats]:
    """Log odds ratio with an informative Dirichlet prior, and its z score (Monroe, Colaresi and Quinn 2008).

    With y occurrences in n characters, α = `prior_size` · `prior_rate` and α0 = `prior_size`:
    δ = ln[(y_t + α) / (n_t + α0 - y_t - α)] - ln[(y_r + α) / (n_r + α0 - y_r - α)], variance
    1 / (y_t + α) + 1 / (y_r + α), z = δ / its root. `prior_rate` is the share of the term in the background; by default in
    target and reference together. z is small for small counts, also for a term that is new: with no occurrence in the
    reference the variance is above 1 / α. So z ranks what both sides can tell, and is no test of what is new.

    >>> delta, z = log_odds(30, 10, 10_000, 10_000)
    >>> delta.round(3).tolist(), z.round(3).tolist()
    (0.512, 2.216)
    """
    yt, yr, nt, nr = (
        np.asarray(x, dtype=np.float64) for x in (n_target, n_reference, size_target, size_reference)
    )
    rate = (yt + yr) / (nt + nr) if prior_rate is None else np.asarray(prior_rate, dtype=np.float64)
    alpha = prior_size * rate
    with np.errstate(divide="ignore", invalid="ignore"):
        delta = np.log((yt + alpha) / (nt + prior_size - yt - alpha))
        delta = delta - np.log((yr + alpha) / (nr + prior_size - yr - alpha))
        z = delta / np.sqrt(1 / (yt + alpha) + 1 / (yr + alpha))
    none = alpha + yt + yr == 0
    return np.where(none, 0.0, delta), np.where(none, 0.0, z)


def pct_diff(
    n_target: ArrayLike, n_reference: ArrayLike, size_target: ArrayLike, size_reference: ArrayLike
) -> Floats:
    """%DIFF (Gabrielatos and Marchi 2012): the difference of the relative frequencies in per cent of the reference's.

    Infinite if the reference has none (the paper puts 10^-18 in place of 0), missing if neither has any.

    >>> pct_diff(30, 10, 10_000, 10_000).tolist(), pct_diff(0, 10, 10_000, 10_000).tolist()
    (200.0, -100.0)
    """
    target, reference = _rates(n_target, n_reference, size_target, size_reference)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((target - reference) * 100 / reference)


def log_ratio(
    n_target: ArrayLike, n_reference: ArrayLike, size_target: ArrayLike, size_reference: ArrayLike
) -> Floats:
    """Binary logarithm of the ratio of the relative frequencies (Hardie 2014): 1 is twice as often, -1 half as often.

    A count of 0 is taken as 0.5, so that the ratio exists; missing if neither has any.

    >>> log_ratio(40, 10, 10_000, 10_000).tolist(), log_ratio(4, 0, 10_000, 10_000).tolist()
    (2.0, 3.0)
    """
    t, r = (np.asarray(n, dtype=np.float64) for n in (n_target, n_reference))
    target, reference = _rates(np.where(t > 0, t, 0.5), np.where(r > 0, r, 0.5), size_target, size_reference)
    return np.where(t + r > 0, np.log2(target / reference), np.nan)


def keyness_table(counts: Frequencies, *, baseline: Baseline = "rest") -> pd.DataFrame:
    """Keyness of every term in every group against a baseline: the columns are `COLUMNS`.

    `baseline` "rest" takes all other groups as the reference; "previous" the group before, so that the first group has no
    rows. Terms that neither target nor reference has are left out. `p` is that of `g2`, without correction; `p_adjusted`
    (Benjamini and Hochberg) is over all rows of the table; the prior of `log_odds` is the whole corpus. Rows are in the
    order of the groups, then by `g2` (most overused first), then by term.
    """
    import pandas as pd

    group, (target, reference, size_target, size_reference) = _sides(counts, baseline)
    term, column = np.nonzero(target + reference)
    cells: tuple[Any, ...] = (
        target[term, column], reference[term, column], size_target[column], size_reference[column],
    )  # fmt: skip
    prior = counts.n.sum(axis=1) / max(int(counts.characters.sum()), 1)
    delta, z = log_odds(*cells, prior_rate=prior[term])
    likelihood = g2(*cells)
    rate_target, rate_reference = _rates(*cells)
    values = {
        "term": counts.term_column(term),
        "group": counts.group_column(group[column]),
        "n_target": cells[0],
        "n_reference": cells[1],
        "per_10k_target": rate_target * 10_000,
        "per_10k_reference": rate_reference * 10_000,
        "log_odds": delta,
        "g2": likelihood,
        "z": z,
        "p": p_value(likelihood),
        "p_adjusted": adjust_p(p_value(likelihood)),
        "log_ratio": log_ratio(*cells),
        "pct_diff": pct_diff(*cells),
    }
    frame = pd.DataFrame(values).astype({name: kind for name, kind in COLUMNS.items() if kind})
    order = np.lexsort((term, -likelihood, column))  # terms are sorted by name
    return frame.take(order).reset_index(drop=True)


def _sides(counts: Frequencies, baseline: Baseline) -> tuple[Any, tuple[Any, ...]]:
    """The groups with a reference; occurrences of both, terms x these groups; sizes of both."""
    n, size = counts.n, counts.characters
    every = np.arange(len(size))
    if baseline == "rest":
        return every, (n, n.sum(axis=1, keepdims=True) - n, size, size.sum() - size)
    if baseline == "previous":
        return every[1:], (n[:, 1:], n[:, :-1], size[1:], size[:-1])
    raise ValueError(f"baseline must be one of {', '.join(get_args(Baseline))}, not {baseline!r}")


def _cells(*values: ArrayLike) -> tuple[Floats, Floats, Floats, Floats]:
    a, b, size_a, size_b = (np.asarray(value, dtype=np.float64) for value in values)
    if (a > size_a).any() or (b > size_b).any() or (a < 0).any() or (b < 0).any():
        raise ValueError("occurrences must be 0 or more and no more than the size they are counted in")
    return a, b, size_a - a, size_b - b


def _rates(*values: ArrayLike) -> tuple[Floats, Floats]:
    a, b, size_a, size_b = (np.asarray(value, dtype=np.float64) for value in values)
    return a / size_a, b / size_b


def _check(correction: str) -> None:
    if correction not in get_args(Correction):
        raise ValueError(f"correction must be one of {', '.join(get_args(Correction))}, not {correction!r}")


def _yates(a: Floats, b: Floats, c: Floats, d: Floats) -> Floats:
    total = a + b + c + d
    least = np.minimum(a + b, c + d) * np.minimum(a + c, b + d) / total
    return np.where((np.abs(a * d - b * c) >= total / 2) & (least < 5), 0.5, 0.0)


def _williams(a: Floats, b: Floats, c: Floats, d: Floats) -> Floats:
    total = a + b + c + d
    with np.errstate(divide="ignore", invalid="ignore"):
        rows, columns = total / (a + b) + total / (c + d) - 1, total / (a + c) + total / (b + d) - 1
        return np.where(a * b * c * d == 0, 1.0, 1 + rows * columns / (6 * total))
