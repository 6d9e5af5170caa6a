"""The fitted part of termhood: the model that turns measures into one score, and how terms begin and end.

Layer 5. The score is the log odds that an indexer would list the candidate: a sum of tables, each over one or two
measures cut into intervals. Boosted trees of depth two are such a sum, and are fitted as one (Friedman 2001; pairwise
additive models: Lou, Caruana, Gehrke and Hooker 2013). `models/termhood` holds the tables; they are made by
`training/train_termhood.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from npp_nlp.artefacts import Model, load_model
from npp_nlp.terms.spans import Ints

Floats = NDArray[np.float64]

_SHIFT = np.uint64(21)
QUOTES = '“”‘’"「」『』'
"""Marks that do not count at the edges of a term."""
_QUOTES = np.array([ord(c) for c in QUOTES], dtype=np.uint32)


class TermModel:
    """The measures it expects, their tables, and how often pairs of characters begin and end lexicon terms.

    Arrays: `cuts`, the upper ends of the intervals, of one measure after the other, and `cut_counts`, how many each
    measure has; `table_measures`, two measures to a table (the same one twice: a table over one measure), `tables`, their
    cells in rows, one table after the other; `bias`.
    """

    def __init__(self, model: Model) -> None:
        self.measures: tuple[str, ...] = tuple(model.card["measures"])
        ends = np.cumsum(model.arrays["cut_counts"])
        self._cuts = np.split(model.arrays["cuts"].astype(np.float64), ends[:-1]) if len(ends) else []
        self._bias = float(model.arrays["bias"][0])
        self._tables = []
        at = 0
        for one, two in model.arrays["table_measures"].tolist():
            columns = 1 if one == two else len(self._cuts[two]) + 1
            size = (len(self._cuts[one]) + 1) * columns
            self._tables.append((one, two, columns, model.arrays["tables"][at : at + size]))
            at += size
        self._pairs, self._begins, self._ends = (model.arrays[n] for n in ("pairs", "begins", "ends"))

    def score(self, measures: Mapping[str, Floats]) -> Floats:
        """Log odds of each candidate; added up table by table, so that batches do not matter."""
        columns = zip(self.measures, self._cuts, strict=True)
        interval = [np.searchsorted(cuts, measures[name]).astype(np.int32) for name, cuts in columns]
        total = np.full(len(interval[0]), self._bias)
        for one, two, width, table in self._tables:
            total += table[interval[one] if one == two else interval[one] * width + interval[two]]
        return total

    def edges(
        self, points: NDArray[np.uint32], starts: Ints, ends: Ints, known: Ints
    ) -> tuple[Floats, Floats]:
        """For each candidate log2 of how many lexicon terms begin, and how many end, with the same two characters.

        Quotation marks at the edges do not count; `known` is 1 where the candidate itself is among those terms.
        """
        first = starts + np.isin(points[starts], _QUOTES)
        last = ends - np.isin(points[ends - 1], _QUOTES)
        begins = self._count(points, first, self._begins)
        finals = self._count(points, np.maximum(last - 2, 0), self._ends)
        return np.log2(np.maximum(begins - known, 0) + 0.5), np.log2(np.maximum(finals - known, 0) + 0.5)

    def _count(self, points: NDArray[np.uint32], at: Ints, counts: NDArray[np.uint16]) -> Floats:
        keys = pair_keys(points[at], points[np.minimum(at + 1, len(points) - 1)])
        place = np.minimum(np.searchsorted(self._pairs, keys), len(self._pairs) - 1)
        return np.where(self._pairs[place] == keys, counts[place], 0).astype(np.float64)


def pair_keys(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """One number for each pair of characters.

    >>> int(pair_keys(np.array([1], np.uint32), np.array([2], np.uint32))[0]) == 1 * 2**21 + 2
    True
    """
    return (first.astype(np.uint64) << _SHIFT) | second.astype(np.uint64)


@cache
def packaged_term_model() -> TermModel:
    """The packaged model, loaded once."""
    return TermModel(load_model("termhood"))
