"""Rates, their limits, and the test for a trend: against scipy and independent counting."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from npp_nlp import Corpus, Lexicon
from npp_nlp.comparison.frequencies import count_groups
from npp_nlp.comparison.trends import COLUMNS, mann_kendall, rate_interval, trends_table

series = st.lists(st.integers(0, 6), min_size=2, max_size=14)


def by_hand(x):
    """Kendall's S, and the p value with corrections for continuity and ties."""
    s = sum((b > a) - (b < a) for a, b in itertools.combinations(x, 2))
    n, ties = len(x), [x.count(value) for value in set(x)]
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    z = (s - (s > 0) + (s < 0)) / math.sqrt(variance)
    return math.erfc(abs(z) / math.sqrt(2))


@given(series)
@settings(max_examples=200, deadline=None)
def test_tau_against_scipy_and_p_by_hand(x):
    tau, p = mann_kendall([x])
    if len(set(x)) == 1:
        assert np.isnan(tau[0])
        assert np.isnan(p[0])
    else:
        assert tau[0] == pytest.approx(stats.kendalltau(range(len(x)), x).statistic)
        assert p[0] == pytest.approx(min(by_hand(x), 1))


def test_rows_do_not_depend_on_one_another(monkeypatch):
    rows = np.random.default_rng(0).integers(0, 5, (20, 9))
    whole = mann_kendall(rows)
    monkeypatch.setattr("npp_nlp.comparison.trends._CELLS", 100)
    parts = mann_kendall(rows)
    assert [whole[0].tolist(), whole[1].tolist()] == [parts[0].tolist(), parts[1].tolist()]


def test_two_times_say_nothing():
    tau, p = mann_kendall([[1, 2]])
    assert (tau.tolist(), p.tolist()) == ([1], [1])


@pytest.mark.parametrize("n", [0, 1, 7, 500])
def test_limits_by_their_definition(n):
    low, high = rate_interval(n)
    assert stats.poisson.cdf(n, high) == pytest.approx(0.025)
    if n:
        assert stats.poisson.sf(n - 1, low) == pytest.approx(0.025)
    else:
        assert low == 0


def test_level():
    assert rate_interval(10, level=0.9)[1] < rate_interval(10)[1]
    with pytest.raises(ValueError, match="level must be between 0 and 1, not 95"):
        rate_interval(10, level=95)


def test_the_table_has_no_holes():
    corpus = Corpus.from_texts(["内需内需。", "改革", "改革内需"], years=[2023, 2024, 2024])
    table = trends_table(count_groups(corpus, Lexicon.from_terms(["内需", "改革"]), "year"))
    assert list(table.columns) == list(COLUMNS)
    assert table[["term", "group", "n", "docfreq"]].values.tolist() == [
        ["内需", 2023, 2, 1], ["内需", 2024, 1, 1], ["改革", 2023, 0, 0], ["改革", 2024, 2, 2],
    ]  # fmt: skip
    assert table["per_10k"].tolist() == pytest.approx([4000, 10_000 / 6, 0, 20_000 / 6])
    assert table.loc[2, "high"] == pytest.approx(-math.log(0.025) * 2000)
    assert (table["low"] <= table["per_10k"]).all()
    assert (table["per_10k"] <= table["high"]).all()
