"""Shares of labels by group with bootstrap intervals.

Layer 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Unit = Literal["paragraph", "document"]
COLUMNS = (
    "group", "label", "n", "n_characters", "share", "low", "high",
    "share_characters", "low_characters", "high_characters",
)  # fmt: skip
_CELLS = 4_000_000  # weights at a time: bounds the temporary arrays


def share_intervals(
    table: pd.DataFrame,
    labels: Sequence[str],
    *,
    unit: Unit = "paragraph",
    rounds: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Shares of labels in each group, by paragraphs and by characters, with percentile bootstrap limits (Efron 1979).

    `table` has `group, doc_id, label, n_characters`, one row per paragraph; rows whose label is not in `labels` are left
    out, and a group without others has missing shares. In each of `rounds` draws a group's units (its paragraphs, or
    its documents) are drawn with replacement; `low` and `high` enclose the share of paragraphs in the middle `level`
    of the draws, `low_characters` and `high_characters` that of characters. Paragraphs of one document resemble one
    another: with several documents in a group, draw documents. A group of one unit has limits equal to its share, and a
    share of 0 or 1 has limits equal to itself: they say nothing (with 0 of n, up to 3 / n is still plausible). Groups
    keep their order in the table; equal seeds give equal limits, and a group's do not depend on the others'.
    Raises `ValueError` for an unknown unit, no rounds, or a level that is not between 0 and 1.

    >>> import pandas as pd
    >>> table = pd.DataFrame({"group": [1, 1], "doc_id": ["a", "a"], "label": ["x", "y"], "n_characters": [10, 30]})
    >>> share_intervals(table, ["x", "y"])[["share", "low", "high", "share_characters"]].values.tolist()
    [[0.5, 0.0, 1.0, 0.25], [0.5, 0.0, 1.0, 0.75]]
    """
    import pandas as pd

    if unit not in get_args(Unit):
        raise ValueError(f"unit must be one of {', '.join(get_args(Unit))}, not {unit!r}")
    if rounds < 1 or not 0 < level < 1:
        raise ValueError(f"rounds must be at least 1 and level between 0 and 1, not {rounds} and {level}")
    names = list(labels)
    rows: list[list[Any]] = []
    for group, every in table.groupby("group", sort=False):
        part = every[every["label"].isin(names)]
        if not len(part):
            rows += [[group, label, 0, 0, *[np.nan] * 6] for label in names]
            continue
        units = np.arange(len(part)) if unit == "paragraph" else pd.factorize(part["doc_id"])[0]
        number = part["label"].map({label: i for i, label in enumerate(names)}).to_numpy()
        weight = part["n_characters"].to_numpy(dtype=np.int64)
        sums = [_sums(units, number, w, len(names)) for w in (np.ones_like(weight), weight)]
        rows += _rows(group, names, sums, _limits(sums, rounds=rounds, level=level, seed=seed))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(
    group: Any, labels: list[str], sums: Sequence[Floats], limits: Sequence[tuple[Floats, Floats]]
) -> list[list[Any]]:
    """The rows of one group: counts, and for paragraphs and characters the share with its limits."""
    totals = [one.sum(axis=0) for one in sums]
    shares = [total / total.sum() if total.sum() else np.full(len(labels), np.nan) for total in totals]
    rows = []
    for i, label in enumerate(labels):
        sides = [[share[i], low[i], high[i]] for share, (low, high) in zip(shares, limits, strict=True)]
        rows.append([group, label, int(totals[0][i]), int(totals[1][i]), *sides[0], *sides[1]])
    return rows


def _sums(unit: NDArray[Any], label: NDArray[Any], weight: NDArray[Any], size: int) -> Floats:
    """Units x labels: the weight of each label in each unit."""
    units = int(unit.max()) + 1
    sums = np.bincount(unit * size + label, weight, minlength=units * size).reshape(units, size)
    return np.asarray(sums, dtype=np.float64)


def _limits(sums: Sequence[Floats], *, rounds: int, level: float, seed: int) -> list[tuple[Floats, Floats]]:
    """Low and high of the shares for each of several sums over the same units, from the same draws."""
    units = len(sums[0])
    rng = np.random.default_rng(seed)
    step = max(_CELLS // units, 1)
    drawn: list[list[Floats]] = [[] for _ in sums]
    for begin in range(0, rounds, step):
        times = rng.multinomial(units, np.full(units, 1 / units), size=min(step, rounds - begin))
        for one, kept in zip(sums, drawn, strict=True):
            total = times @ one
            with np.errstate(invalid="ignore"):
                kept.append(total / total.sum(axis=1, keepdims=True))
    tail = (1 - level) / 2
    every = [np.concatenate(kept) for kept in drawn]
    return [
        (np.nanquantile(shares, tail, axis=0), np.nanquantile(shares, 1 - tail, axis=0)) for shares in every
    ]
