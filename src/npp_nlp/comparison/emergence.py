"""When terms come, peak and go: first and peak group, trend, change of rate, new and vanished terms.

Layer 6. All of it needs groups with an order, that is, numbers such as years.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from npp_nlp.comparison.frequencies import Frequencies
from npp_nlp.comparison.trends import mann_kendall
from npp_nlp.contingency import adjust_p

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
FEWEST = 3
"""Fewest occurrences in one group for a term to be called new or vanished."""

COLUMNS = ("term", "n", "first_group", "last_group", "peak_group", "tau", "p", "p_adjusted")
CHANGE_COLUMNS = ("change_group", "per_10k_before", "per_10k_after")
TURNOVER_COLUMNS = ("term", "group", "change", "n")


def change_point(n: ArrayLike, exposure: ArrayLike, *, penalty: float | None = None) -> tuple[Ints, Floats]:
    """The one change of a Poisson rate that fits each row best: index of the first time after it, and its gain.

    `n` is a matrix of terms x times (or one row) of counts, `exposure` the size of each time. For a change before
    time k the gain is twice the log likelihood ratio against a constant rate (Worsley 1986),
    2 [A ln(A / E) + B ln(B / F) - (A + B) ln((A + B) / (E + F))], with A, E the count and exposure before and B, F
    from k on, divided by max(1, X² / (times - 2)), X² Pearson's statistic of the fit with that change: the
    quasi-likelihood of bursty counts (McCullagh and Nelder 1989). The index is -1 if no gain reaches `penalty`, by
    default 3 ln(times): Schwarz's criterion (1978) with one term each for the place and the two rates. One step is
    looked for; where the rate rises and falls again, the larger step is found. With fewer than three times there
    is none.

    >>> change_point([[0, 0, 1, 0, 9, 11, 10, 12]], [10_000] * 8)[0].tolist()
    [4]
    """
    counts = np.atleast_2d(np.asarray(n, dtype=np.float64))
    size = np.asarray(exposure, dtype=np.float64)
    times = counts.shape[1]
    if times < 3:
        return np.full(len(counts), -1), np.zeros(len(counts))
    before, size_before = np.cumsum(counts, axis=1)[:, :-1], np.cumsum(size)[:-1]
    total, size_total = counts.sum(axis=1, keepdims=True), size.sum()
    after, size_after = total - before, size_total - size_before
    gain = _fit(before, size_before) + _fit(after, size_after) - _fit(total, size_total)
    best = gain.argmax(axis=1)
    rows = np.arange(len(counts))
    rates = np.stack([before[rows, best] / size_before[best], after[rows, best] / size_after[best]], axis=1)
    expected = rates[rows[:, None], (np.arange(times) > best[:, None]).astype(np.int64)] * size
    pearson = ((counts - expected) ** 2 / np.where(expected > 0, expected, 1.0)).sum(axis=1)
    scaled = 2 * gain[rows, best] / np.maximum(pearson / (times - 2), 1.0)
    needed = 3 * np.log(times) if penalty is None else penalty
    return np.where(scaled >= needed, best + 1, -1), scaled


def _fit(n: Floats, size: Any) -> Floats:
    """Log likelihood of a constant rate, without what is the same for all: n ln(n / size), 0 for 0."""
    return np.asarray(n * np.log(np.where(n > 0, n, 1.0) / size) * (n > 0))


def emergence_table(counts: Frequencies) -> pd.DataFrame:
    """Table `term, n, first_group, last_group, peak_group, tau, p, p_adjusted, change_group, per_10k_before, per_10k_after`.

    `first_group` and `last_group` are the first and last with the term, `peak_group` that of its highest rate (the
    earliest of equal ones). `tau` and `p` are by `mann_kendall` on the rates, `p_adjusted` over all rows.
    `change_group` is the first group after the change found by `change_point`, missing if there is none;
    `per_10k_before` and `per_10k_after` are the rates on both sides. Rows: largest tau first, then the most frequent, then
    by name. Raises `ValueError` if the groups have no order.
    """
    import pandas as pd

    refuse_unordered(counts)
    present = counts.n > 0
    last = counts.n.shape[1] - 1
    tau, p = mann_kendall(counts.rates)
    change, _ = change_point(counts.n, counts.characters)
    before, after = _sides(counts, change)
    total = counts.n.sum(axis=1)
    columns = {
        "term": counts.term_column(np.arange(len(counts.terms))),
        "n": total,
        "first_group": counts.group_column(present.argmax(axis=1)),
        "last_group": counts.group_column(last - present[:, ::-1].argmax(axis=1)),
        "peak_group": counts.group_column(counts.rates.argmax(axis=1)),
        "tau": tau,
        "p": p,
        "p_adjusted": adjust_p(p),
        "change_group": counts.group_column(change),
        "per_10k_before": before,
        "per_10k_after": after,
    }
    frame = pd.DataFrame(columns)
    whole = all(isinstance(group, int) for group in counts.groups)
    frame = frame.astype({"change_group": "Int64" if whole else "float64"})
    order = np.lexsort((np.arange(len(frame)), -total, -np.nan_to_num(tau, nan=-2.0)))
    return frame.take(order).reset_index(drop=True)


def _sides(counts: Frequencies, change: Ints) -> tuple[Floats, Floats]:
    """Rates before and from the change on; missing without a change."""
    rows, known = np.arange(len(change)), change >= 0
    at = np.where(known, change - 1, 0)
    before, size = np.cumsum(counts.n, axis=1)[rows, at], np.cumsum(counts.characters)
    rest = size[-1] - size[at]
    with np.errstate(divide="ignore", invalid="ignore"):
        after = (counts.n.sum(axis=1) - before) * 10_000 / rest
    return np.where(known, before * 10_000 / size[at], np.nan), np.where(known, after, np.nan)


def turnover_table(counts: Frequencies, *, fewest: int = FEWEST) -> pd.DataFrame:
    """Table `term, group, change, n` of the terms that come and go: `change` is "new" or "vanished".

    A term is new in a group if it occurs there at least `fewest` times and in no earlier group; it has vanished from a
    group if it occurs at least `fewest` times in the group before and neither there nor later. `n` are those
    occurrences. The first group has no new terms. Rows are in the order of groups, new ones first, the most frequent first,
    then by name. What is missing from a small group may only be rare: look at the sizes.
    Raises `ValueError` if the groups have no order or `fewest` is below 1.
    """
    import pandas as pd

    refuse_unordered(counts)
    if fewest < 1:
        raise ValueError(f"fewest must be at least 1, not {fewest}")
    earlier = np.cumsum(counts.n, axis=1)
    later = earlier[:, -1:] - earlier  # after each group
    new_term, new_group = np.nonzero((counts.n[:, 1:] >= fewest) & (earlier[:, :-1] == 0))
    old_term, old_group = np.nonzero((counts.n[:, :-1] >= fewest) & (later[:, :-1] == 0))
    term, group = np.append(new_term, old_term), np.append(new_group, old_group) + 1
    vanished = np.arange(len(term)) >= len(new_term)
    n = np.append(counts.n[new_term, new_group + 1], counts.n[old_term, old_group])
    order = np.lexsort((term, -n, vanished, group))
    columns = {
        "term": counts.term_column(term[order]),
        "group": counts.group_column(group[order]),
        "change": pd.Series(np.where(vanished, "vanished", "new")[order], dtype="str"),
        "n": n[order],
    }
    return pd.DataFrame(columns).astype({"n": "int64"})


def refuse_unordered(counts: Frequencies) -> None:
    """Raise `ValueError` if the groups are not numbers."""
    if not counts.ordered:
        some = ", ".join(map(repr, counts.groups[:3]))
        raise ValueError(f"emergence needs groups with an order, that is numbers such as years, not {some}")
