"""Measures on paper, tests against scipy, adjustment and backbone against the plain definition."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, chi2_contingency, false_discovery_control

from npp_nlp.contingency import adjust_p, log_likelihood, p_value
from npp_nlp.cooccurrence.measures import adjusted_for_pairs, association, disparity, p_of_pairs


def one(measure, x, a, b, n):
    return association(np.array([x]), np.array([a]), np.array([b]), n, measure)[0]


def test_measures_on_paper():
    # 10 contexts; 4 hold the first, 3 the second, 2 both
    assert one("jaccard", 2, 4, 3, 10) == pytest.approx(2 / 5)
    assert one("dice", 2, 4, 3, 10) == pytest.approx(4 / 7)
    assert one("cosine", 2, 4, 3, 10) == pytest.approx(2 / math.sqrt(12))
    assert one("npmi", 2, 4, 3, 10) == pytest.approx(math.log(20 / 12) / -math.log(0.2))
    assert one("association", 2, 4, 3, 10) == pytest.approx(20 / 12)  # 1.2 expected
    expected = [2 * math.log(2 / 1.2), 2 * math.log(2 / 2.8), 1 * math.log(1 / 1.8), 5 * math.log(5 / 4.2)]
    assert one("g2", 2, 4, 3, 10) == pytest.approx(2 * sum(expected))


def test_a_pair_in_every_context():
    assert one("npmi", 3, 3, 3, 3) == 1.0
    assert one("g2", 3, 3, 3, 3) == 0.0  # nothing to compare with
    assert one("association", 3, 3, 3, 3) == 1.0


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 300))
def test_log_likelihood_is_that_of_scipy(x, first, second, neither):
    table = np.array([[x, first], [second, neither]])
    if 0 in (*table.sum(axis=0), *table.sum(axis=1)):
        return
    total = int(table.sum())
    g2 = log_likelihood(np.array([x]), np.array([x + first]), np.array([x + second]), total)[0]
    known = chi2_contingency(table, correction=False, lambda_="log-likelihood")
    assert abs(g2) == pytest.approx(known.statistic, abs=1e-7)
    assert p_value(np.array([g2]))[0] == pytest.approx(known.pvalue, abs=1e-4 if g2 == 0 else 1e-9)
    expected = (x + first) * (x + second) / total
    assert (g2 < 0) == (x < expected - 1e-12) or abs(g2) < 1e-8


def test_p_of_a_huge_ratio():
    assert p_value(np.array([1000.0]))[0] == pytest.approx(chi2.sf(1000.0, 1), rel=1e-9)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0.0, 1e-9, 0.01, 0.02, 0.5, 1.0]), st.integers(1, 4)), min_size=1))
def test_adjusted_is_that_of_scipy(values):
    p, times = np.array([v for v, _ in values]), np.array([t for _, t in values])
    want = false_discovery_control(np.repeat(p, times))[np.cumsum(times) - 1]
    assert adjust_p(p, times) == pytest.approx(want)
    assert adjust_p(p) == pytest.approx(false_discovery_control(p))


def test_nothing_to_adjust():
    assert len(adjust_p(np.zeros(0))) == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=2, max_size=7), st.randoms(use_true_random=False))
def test_pairs_never_seen_together_are_tested_too(sizes, rng):
    total = 12
    places = [set(rng.sample(range(total), size)) for size in sizes]
    occurring = np.array([len(place) for place in places])
    rows = [
        (i, j, len(places[i] & places[j]))
        for i, j in combinations(range(len(places)), 2)
        if places[i] and places[j]
    ]
    a, b, x = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    p = p_of_pairs(a, b, x, occurring, total)
    assert p == pytest.approx(p_value(log_likelihood(x, occurring[a], occurring[b], total)))
    seen = x > 0
    got = adjusted_for_pairs(p[seen], a[seen], b[seen], occurring, total)
    assert got == pytest.approx(adjust_p(p)[seen])


def test_disparity_on_paper():
    # a star with weights 8, 1, 1 has k = 3, s = 10: (1 - 8/10)^2 and (1 - 1/10)^2; its leaves have one edge each
    value = disparity(np.array([0, 0, 0]), np.array([1, 2, 3]), np.array([8.0, 1.0, 1.0]))
    assert value == pytest.approx([0.04, 0.81, 0.81])
    assert disparity(np.array([0]), np.array([1]), np.array([5.0]))[0] == 1.0
    assert len(disparity(np.zeros(0, dtype=int), np.zeros(0, dtype=int), np.zeros(0))) == 0


def test_disparity_is_the_integral_of_the_paper():
    # alpha = 1 - (k - 1) times the integral of (1 - x)^(k - 2) from 0 to w / s
    weights = np.array([3.0, 2.0, 1.5, 0.5])
    value = disparity(np.zeros(4, dtype=int), np.arange(1, 5), weights)
    for got, share in zip(value, weights / weights.sum(), strict=True):
        steps = (np.arange(20_000) + 0.5) * share / 20_000
        assert got == pytest.approx(1 - 3 * np.mean((1 - steps) ** 2) * share, abs=1e-6)
