"""First, peak, change, new and vanished: on series whose answers are known."""

import math

import numpy as np
import pytest

from npp_nlp import Corpus, Lexicon
from npp_nlp.comparison.emergence import (
    CHANGE_COLUMNS,
    COLUMNS,
    TURNOVER_COLUMNS,
    change_point,
    emergence_table,
    turnover_table,
)
from npp_nlp.comparison.frequencies import count_groups


def corpus(rows, years=None):
    """One document per year, with each term as often as the row of the year says, filled to 200 characters."""
    texts = ["，".join(term for term, n in row.items() for _ in range(n)).ljust(200, "。") for row in rows]
    return Corpus.from_texts(texts, years=years or range(2000, 2000 + len(rows)))


def counts(*series, terms="甲乙丙"):
    rows = [dict(zip(terms, column, strict=False)) for column in zip(*series, strict=True)]
    return count_groups(corpus(rows), Lexicon.from_terms(list(terms)), "year")


def test_change_against_trying_every_place():
    rng = np.random.default_rng(3)
    exposure = rng.integers(5, 30, 9).astype(float)
    for row in rng.poisson(4, (30, 9)):
        best = -1.0
        for k in range(1, 9):
            sides = [(row[:k].sum(), exposure[:k].sum()), (row[k:].sum(), exposure[k:].sum())]
            whole = (row.sum(), exposure.sum())
            fit = [n * math.log(n / e) if n else 0.0 for n, e in (*sides, whole)]
            gain = 2 * (fit[0] + fit[1] - fit[2])
            if gain > best:
                best, place = gain, k
                rate = np.where(np.arange(9) < k, sides[0][0] / sides[0][1], sides[1][0] / sides[1][1])
                mean = rate * exposure
        x2 = sum((n - m) ** 2 / m for n, m in zip(row, mean, strict=True) if m)
        index, gain = change_point(row, exposure, penalty=0)
        assert (index[0], gain[0]) == (place, pytest.approx(best / max(1, x2 / 7)))


def test_made_steps_are_found():
    rng = np.random.default_rng(0)
    steps = np.hstack([rng.poisson(1, (500, 15)), rng.poisson(6, (500, 15))])
    index, _ = change_point(steps, np.ones(30))
    assert (index >= 0).mean() > 0.99
    assert (np.abs(index - 15) <= 1).mean() > 0.9


@pytest.mark.parametrize("mean", [0.2, 1, 5, 20])
def test_constant_rates_seldom_change(mean):
    exposure = np.linspace(10, 30, 30)
    rng = np.random.default_rng(1)
    index, _ = change_point(rng.poisson(mean * exposure / 20, (2000, 30)), exposure)
    assert (index >= 0).mean() < 0.05


def test_exposure_is_not_a_change():
    assert change_point([[2, 2, 2, 20, 20, 20]], [1, 1, 1, 10, 10, 10])[0].tolist() == [-1]


def test_few_times_and_no_occurrences():
    assert change_point([[0, 9]], [1, 1])[0].tolist() == [-1]
    assert change_point([[0, 0, 0]], [1, 1, 1])[0].tolist() == [-1]


def test_the_table():
    table = emergence_table(
        counts([0, 0, 0, 0, 5, 9, 8, 9], [9, 8, 9, 8, 0, 0, 0, 0], [0, 3, 1, 3, 0, 0, 0, 1])
    )
    assert tuple(table.columns) == (*COLUMNS, *CHANGE_COLUMNS)
    assert table["term"].tolist() == ["甲", "丙", "乙"]
    first = table.iloc[0]
    assert (first["first_group"], first["last_group"], first["peak_group"]) == (2004, 2007, 2005)
    assert (first["change_group"], first["per_10k_before"]) == (2004, 0)
    assert first["per_10k_after"] == pytest.approx(31 / 800 * 10_000)
    assert table.loc[table["term"] == "丙", "peak_group"].item() == 2001  # the earliest of equal ones
    assert table["change_group"].isna().tolist() == [False, True, False]
    assert str(table["change_group"].dtype) == "Int64"
    assert table["n"].tolist() == [31, 8, 34]


def test_regions_have_no_emergence():
    documents = [npp_document(name) for name in ("北京", "上海")]
    found = count_groups(Corpus(tuple(documents)), Lexicon.from_terms(["内需"]), "region")
    for table in (emergence_table, turnover_table):
        with pytest.raises(ValueError, match="numbers such as years, not '上海', '北京'"):
            table(found)


def npp_document(region):
    from npp_nlp import Document

    return Document.from_text("内需", id=region, region=region)


def test_new_and_vanished():
    table = turnover_table(counts([0, 3, 0, 0], [4, 0, 5, 0], [2, 0, 0, 2]))
    assert tuple(table.columns) == TURNOVER_COLUMNS
    assert table.values.tolist() == [[  # 甲 comes in the second year and goes after it; 乙 goes after the third
        "甲", 2001, "new", 3], ["甲", 2002, "vanished", 3], ["乙", 2003, "vanished", 5]]  # fmt: skip
    lasting = turnover_table(counts([3, 3, 0, 0]))
    assert lasting.values.tolist() == [["甲", 2002, "vanished", 3]]
    lower = turnover_table(counts([0, 3, 0, 0], [4, 0, 5, 0], [2, 0, 0, 2]), fewest=2)
    assert lower.values.tolist() == table.values.tolist()
    with pytest.raises(ValueError, match="fewest must be at least 1, not 0"):
        turnover_table(counts([1, 1]), fewest=0)


def test_no_terms():
    empty = count_groups(corpus([{}, {}]), Lexicon.from_terms(["甲"]), "year")
    assert len(emergence_table(empty)) == len(turnover_table(empty)) == 0
    assert tuple(emergence_table(empty).columns) == (*COLUMNS, *CHANGE_COLUMNS)
