"""The comparison as the page holds it: groups, keyness, emergence and label shares, from the tables of `npp.compare`."""

from __future__ import annotations

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


def groups_data(
    corpus: Corpus, chosen: tuple[str, Comparison], number: Mapping[str, int]
) -> dict[str, Any]:
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


def _keyness(result: Comparison, number: Mapping[str, int]) -> list[list[list[float]]]:
    """For each group the terms furthest above and below: number, n there, n elsewhere, G2, log ratio; highest G2 first."""
    table = result.terms
    table = table[table["g2"].abs() >= SIGNIFICANT].sort_values(["g2", "term"], ascending=[False, True])
    parts = dict(list(table.groupby("group", sort=False)))
    shown = []
    for group in result.groups:
        part = parts.get(group, table.head(0))
        ends = (part[part["g2"] > 0].head(MOST_TERMS), part[part["g2"] < 0].tail(MOST_TERMS))
        rows = [
            [number[row.term], row.n_target, row.n_reference, round(row.g2, 2), round(row.log_ratio, 2)]
            for end in ends
            for row in end.itertuples()
        ]
        shown.append([[None if v != v or abs(v) == float("inf") else v for v in row] for row in rows])
    return shown


def _shares(result: Comparison) -> list[list[list[float]]]:
    """For each group and label the number of paragraphs, the share, and its limits."""
    shares: dict[tuple[Any, str], list[float]] = {}
    for row in result.labels.itertuples():
        values = [0.0 if v != v else round(v, 4) for v in (row.share, row.low, row.high)]
        shares[row.group, row.label] = [row.n, *values]
    return [[shares.get((group, label), [0, 0.0, 0.0, 0.0]) for label in LABELS] for group in result.groups]


def _moves(result: Comparison, number: Mapping[str, int]) -> dict[str, Any]:
    """Terms whose rate changed for good, the largest change first, and the terms that are new in each group."""
    place = {group: i for i, group in enumerate(result.groups)}
    table = result.emergence
    table = table[table["change_group"].notna() & (table["n"] >= FEWEST)]
    table = table.assign(step=table["per_10k_after"] - table["per_10k_before"])
    order = np.lexsort((table["term"].to_numpy(str), -table["step"].abs().to_numpy()))
    table = table.take(order)
    sides = {"rising": table[table["step"] > 0], "falling": table[table["step"] < 0]}
    data: dict[str, Any] = {
        name: [
            [
                *(number[row.term], row.n),
                *(place[g] for g in (row.first_group, row.last_group, row.peak_group, row.change_group)),
                *(round(v, 3) for v in (row.per_10k_before, row.per_10k_after)),
            ]
            for row in part.head(MOST_MOVES).itertuples()
        ]
        for name, part in sides.items()
    }
    new = result.turnover[result.turnover["change"] == "new"]
    rows = [[place[group], number[term], n] for term, group, _, n in new.itertuples(index=False)]
    data["new"] = [row for i in range(len(place)) for row in [r for r in rows if r[0] == i][:MOST_TERMS]]
    return data


def _telling(result: Comparison, data: Mapping[str, Any], number: Mapping[str, int]) -> list[int]:
    """The terms whose lines are shown first: those that moved most, else the most frequent."""
    moved = [row[0] for row in [*data["rising"][:3], *data["falling"][:2]]]
    total = result.counts.n.sum(axis=1)
    often = sorted(range(len(total)), key=lambda i: (-total[i], result.counts.terms[i]))
    filled = [*moved, *(number[result.counts.terms[i]] for i in often[:5])]
    return list(dict.fromkeys(filled))[:5]
