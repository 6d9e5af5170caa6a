"""The comparison as the page holds it: groups, keyness, emergence and label shares, from the tables of `npp.compare`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from npp_nlp.comparison import Comparison, compare
from npp_nlp.comparison.trends import rate_interval
from npp_nlp.document import Corpus
from npp_nlp.groups import plain_value
from npp_nlp.labels import LABELS
from npp_nlp.lexicon import Lexicon

if TYPE_CHECKING:
    import pandas as pd

MOST_DOCUMENTS = 60
"""Most documents that are compared one by one where they have no years."""
MOST_TERMS = 15
"""Terms shown above and below expectation for each group."""
MOST_MOVES = 30
"""Rising, and falling, terms in the section of emergence."""
FEWEST = 5
"""Occurrences of a term in the corpus for its rise or fall to be shown."""
SIGNIFICANT = 3.841
"""G2 of a term shown under keyness: the 95 % point of chi-squared with one degree of freedom."""
KEYNESS = ("term", "n_target", "n_reference", "g2", "log_ratio")
EMERGENCE = (
    *("term", "n", "first_group", "last_group", "peak_group", "change_group"),
    *("per_10k_before", "per_10k_after"),
)


def compared(
    corpus: Corpus, lexicon: Lexicon, labels: pd.DataFrame, by: str | None
) -> tuple[str, Comparison] | None:
    """What the groups are and their comparison: by `by`, by default by year, else document by document; None for one group.

    Raises `ValueError` if `by` is named but makes no two groups, or mixes numbers with texts.
    """
    chosen = by or ("year" if _groups(corpus, "year") > 1 else "id")
    if by is None and (_groups(corpus, chosen) < 2 or (chosen == "id" and len(corpus) > MOST_DOCUMENTS)):
        return None
    result = compare(corpus, chosen, terms=lexicon)
    return chosen, replace(result, known_labels=labels)


def _groups(corpus: Corpus, by: str) -> int:
    values = {plain_value(document.value(by)) for document in corpus if document.text}
    return len(values - {None})


def members(corpus: Corpus, chosen: tuple[str, Comparison] | None) -> list[int]:
    """The number of each document's group, -1 for none."""
    if chosen is None:
        return [-1] * len(corpus)
    number = {group: i for i, group in enumerate(chosen[1].groups)}
    return [number.get(plain_value(document.value(chosen[0])), -1) for document in corpus]


def groups_data(corpus: Corpus, chosen: tuple[str, Comparison], number: Mapping[str, int]) -> dict[str, Any]:
    """The data of the sections that compare; `number` gives the number of a term in the page."""
    by, result = chosen
    counts = result.counts
    titles = {document.id: document.title or document.id for document in corpus}
    told = np.unique(counts.n)
    low, high = rate_interval(told)
    data: dict[str, Any] = {
        "by": by,
        "ordered": counts.ordered and len(counts.groups) > 1,
        "names": [g if counts.ordered else titles.get(g, g) if by == "id" else str(g) for g in result.groups],
        "characters": counts.characters.tolist(),
        "documents": counts.documents.tolist(),
        "intervals": {str(n): [_short(a), _short(b)] for n, a, b in zip(told, low, high, strict=True)},
        "keyness": _keyness(result, number),
        "shares": _shares(result),
        "unit": result.labels["unit"].iat[0],
    }
    data |= _moves(result, number) if data["ordered"] else {"rising": [], "falling": [], "new": []}
    data["chosen"] = _telling(result, data, number)
    return data


def _short(value: float) -> float:
    return float(f"{value:.5g}")


def _keyness(result: Comparison, number: Mapping[str, int]) -> list[list[list[float | None]]]:
    """For each group the terms furthest above and below: number, n there, n elsewhere, G2, log ratio; highest G2 first."""
    table = result.terms
    table = table[table["g2"].abs() >= SIGNIFICANT].sort_values(["g2", "term"], ascending=[False, True])
    parts = {group: _rows(part, *KEYNESS) for group, part in table.groupby("group", sort=False)}
    shown = []
    for group in result.groups:
        rows = parts.get(group, [])
        ends = [
            *[row for row in rows if row[3] > 0][:MOST_TERMS],
            *[row for row in rows if row[3] < 0][-MOST_TERMS:],
        ]
        shown.append(
            [[number[term], n, rest, round(g2, 2), _finite(ratio)] for term, n, rest, g2, ratio in ends]
        )
    return shown


def _rows(table: pd.DataFrame, *columns: str) -> list[list[Any]]:
    """The rows of some columns, as Python has the values."""
    return [list(row) for row in zip(*(table[column].tolist() for column in columns), strict=True)]


def _finite(value: float) -> float | None:
    return round(value, 2) if math.isfinite(value) else None


def _shares(result: Comparison) -> list[list[list[float]]]:
    """For each group and label the number of paragraphs, the share, and its limits."""
    shares: dict[tuple[Any, str], list[float]] = {}
    for group, label, n, *values in _rows(result.labels, "group", "label", "n", "share", "low", "high"):
        shares[group, label] = [n, *(round(v, 4) if math.isfinite(v) else 0.0 for v in values)]
    return [[shares.get((group, label), [0, 0.0, 0.0, 0.0]) for label in LABELS] for group in result.groups]


def _moves(result: Comparison, number: Mapping[str, int]) -> dict[str, Any]:
    """Terms whose rate changed for good, the largest change first, and the terms that are new in each group."""
    place = {group: i for i, group in enumerate(result.groups)}
    table = result.emergence
    table = table[table["change_group"].notna() & (table["n"] >= FEWEST)]
    rows = [
        [number[term], n, *(place[group] for group in groups), round(before, 3), round(after, 3)]
        for term, n, *groups, before, after in _rows(table, *EMERGENCE)
    ]
    rows.sort(key=lambda row: (-abs(row[7] - row[6]), row[0]))
    data = {
        "rising": [row for row in rows if row[7] > row[6]][:MOST_MOVES],
        "falling": [row for row in rows if row[7] < row[6]][:MOST_MOVES],
    }
    new: dict[int, list[list[int]]] = {}
    fresh = result.turnover[result.turnover["change"] == "new"]
    for group, term, n in _rows(fresh, "group", "term", "n"):
        new.setdefault(place[group], []).append([place[group], number[term], n])
    return {**data, "new": [row for group in sorted(new) for row in new[group][:MOST_TERMS]]}


def _telling(result: Comparison, data: Mapping[str, Any], number: Mapping[str, int]) -> list[int]:
    """The terms whose lines are shown first: those that rose most, else fell most, else the most frequent."""
    moved = [row[0] for row in (data["rising"] or data["falling"])]
    total = result.counts.n.sum(axis=1)
    often = sorted(range(len(total)), key=lambda i: (-total[i], result.counts.terms[i]))
    return (moved or [number[result.counts.terms[i]] for i in often])[:4]
