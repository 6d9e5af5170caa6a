"""Keyness: against scipy, by hand, and against counting."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from npp_nlp import Corpus, Lexicon
from npp_nlp.comparison.frequencies import count_groups
from npp_nlp.comparison.keyness import (
    COLUMNS,
    chi2,
    g2,
    keyness_table,
    log_odds,
    log_ratio,
    pct_diff,
)
from npp_nlp.contingency import adjust_p, p_value

counts = st.tuples(
    st.integers(0, 60), st.integers(0, 60), st.integers(61, 5000), st.integers(61, 5000)
).filter(lambda t: t[0] + t[1] > 0)


def table(a, b, size_a, size_b):
    return np.array([[a, b], [size_a - a, size_b - b]])


def signed(value, a, b, size_a, size_b):
    return math.copysign(value, 1 if a * (size_a + size_b) > size_a * (a + b) else -1)


@given(counts)
@settings(max_examples=200, deadline=None)
def test_g2_and_chi2_without_correction_against_scipy(cell):
    for measure, kind in ((g2, "log-likelihood"), (chi2, "pearson")):
        result = stats.chi2_contingency(table(*cell), correction=False, lambda_=kind)
        assert measure(*cell, correction="none") == pytest.approx(signed(result.statistic, *cell), abs=1e-6)
        assert p_value(measure(*cell, correction="none")) == pytest.approx(result.pvalue, abs=1e-5)


@given(counts)
@settings(max_examples=200, deadline=None)
def test_yates_against_scipy_where_quanteda_corrects(cell):
    observed = table(*cell)
    expected = stats.contingency.expected_freq(observed)
    corrects = abs(np.linalg.det(observed)) >= observed.sum() / 2 - 1e-9 and expected.min() < 5
    if abs(abs(observed[0, 0] - expected[0, 0]) - 0.5) < 1e-9:
        return  # at the very limit rounding decides
    wanted = stats.chi2_contingency(observed, correction=bool(corrects)).statistic
    assert abs(chi2(*cell)) == pytest.approx(wanted, abs=1e-6)
    if corrects:
        kind = "log-likelihood"
        wanted = stats.chi2_contingency(observed, correction=True, lambda_=kind).statistic
        assert abs(g2(*cell, correction="yates")) == pytest.approx(wanted, abs=1e-6)


def test_the_documents_of_quantedas_own_test():
    """Seven b and three a against two b and seven a: R's chisq.test and likelihood.test, worked out by hand."""
    a, b, c, d = 3, 7, 7, 2  # a in the target, a in the reference, b in either
    assert chi2(3, 7, 10, 9) == pytest.approx(-19 * (abs(a * d - b * c) - 9.5) ** 2 / (10 * 9 * 10 * 9))
    assert chi2(3, 7, 10, 9, correction="none") == pytest.approx(-19 * (a * d - b * c) ** 2 / 8100)
    g = 2 * sum(o * math.log(o / e) for o, e in ((3, 100 / 19), (7, 90 / 19), (7, 90 / 19), (2, 81 / 19)))
    q = 1 + (19 * (1 / 10 + 1 / 9) - 1) ** 2 / (6 * 19)
    assert g2(3, 7, 10, 9) == pytest.approx(-g)
    assert g2(3, 7, 10, 9, correction="williams") == pytest.approx(-g / q)


def test_g2_of_rare_terms_hardly_depends_on_the_unit():
    characters, tokens = g2(30, 10, 200_000, 200_000), g2(30, 10, 110_000, 110_000)
    poisson = 2 * (30 * math.log(30 / 20) + 10 * math.log(10 / 20))
    assert characters == pytest.approx(poisson, rel=1e-3)
    assert tokens == pytest.approx(characters, rel=1e-3)


def test_equal_rates_and_empty_rows():
    assert g2(10, 20, 100, 200).tolist() == 0
    assert g2(0, 0, 100, 200).tolist() == 0
    assert math.isnan(chi2(0, 0, 100, 200))
    assert math.isnan(pct_diff(0, 0, 100, 200))
    assert math.isnan(log_ratio(0, 0, 100, 200))
    assert pct_diff(1, 0, 100, 200).tolist() == math.inf
    assert log_ratio(0, 4, 100, 100).tolist() == -3
    assert log_ratio(4, 0, 100, 100).tolist() == 3


def test_more_occurrences_than_text():
    with pytest.raises(ValueError, match="no more than the size"):
        g2(11, 1, 10, 10)
    with pytest.raises(ValueError, match="correction must be one of none, yates, williams, not 'x'"):
        g2(1, 1, 10, 10, correction="x")


def test_log_odds_step_by_step():
    alpha = 500 * 0.01
    one = math.log((20 + alpha) / (1000 + 500 - 20 - alpha))
    two = math.log((5 + alpha) / (800 + 500 - 5 - alpha))
    error = math.sqrt(1 / (20 + alpha) + 1 / (5 + alpha))
    delta, z = log_odds(20, 5, 1000, 800, prior_rate=0.01, prior_size=500)
    assert delta == pytest.approx(one - two)
    assert z == pytest.approx((one - two) / error)


def test_log_odds_turns_its_sign_with_the_sides_and_grows_with_the_evidence():
    left, right = log_odds(9, 3, 1000, 1000), log_odds(3, 9, 1000, 1000)
    assert left[1] == pytest.approx(-right[1])
    assert log_odds(900, 300, 100_000, 100_000)[1] > left[1]
    assert log_odds(0, 0, 10, 10)[1].tolist() == 0


@given(st.lists(st.floats(0, 1), max_size=30))
@settings(max_examples=100, deadline=None)
def test_adjusted_p_against_scipy(p):
    if p:
        assert adjust_p(p) == pytest.approx(stats.false_discovery_control(p, method="bh"))
    assert len(adjust_p(p)) == len(p)


def test_missing_p_do_not_count():
    assert adjust_p([0.01, np.nan, 0.02])[[0, 2]].tolist() == [0.02, 0.02]
    assert np.isnan(adjust_p([0.01, np.nan, 0.02])[1])


# the table

CORPUS = Corpus.from_texts(["内需内需改革。", "改革。开放", "改革"], years=[2023, 2024, 2025])
COUNTS = count_groups(CORPUS, Lexicon.from_terms(["内需", "改革", "开放", "稳定"]), "year")


def test_against_the_rest():
    frame = keyness_table(COUNTS)
    assert list(frame.columns) == list(COLUMNS)
    assert len(frame) == 9
    row = frame[(frame["term"] == "内需") & (frame["group"] == 2023)].iloc[0]
    assert (row["n_target"], row["n_reference"]) == (2, 0)
    assert row["per_10k_target"] == pytest.approx(2 / 7 * 10_000)
    assert row["g2"] == pytest.approx(g2(2, 0, 7, 7))
    assert row["p"] == pytest.approx(p_value(g2(2, 0, 7, 7)))
    assert row["z"] == pytest.approx(log_odds(2, 0, 7, 7, prior_rate=2 / 14)[1])
    assert frame["p_adjusted"].tolist() == pytest.approx(adjust_p(frame["p"]).tolist())


def test_against_the_group_before():
    frame = keyness_table(COUNTS, baseline="previous")
    assert frame[["group", "term"]].values.tolist() == [
        [2024, "开放"], [2024, "改革"], [2024, "内需"], [2025, "改革"], [2025, "开放"],
    ]  # fmt: skip
    assert frame["n_reference"].tolist() == [0, 1, 2, 1, 1]
    whole = 3 / 14  # the prior of 改革 is its share of all three years, not of the two compared
    assert frame.loc[1, "z"] == pytest.approx(log_odds(1, 1, 5, 7, prior_rate=whole)[1])


def test_ties_are_in_the_order_of_names():
    counts = count_groups(
        Corpus.from_texts(["乙甲丙", "丁"], years=[1, 2]), Lexicon.from_terms([*"甲乙丙"]), "year"
    )
    assert keyness_table(counts)["term"].tolist()[:3] == sorted("甲乙丙")


def test_no_terms():
    counts = count_groups(CORPUS, Lexicon.from_terms(["稳定"]), "year")
    frame = keyness_table(counts)
    assert len(frame) == 0
    assert list(frame.columns) == list(COLUMNS)
    assert {n: str(t) for n, t in frame.dtypes.items() if n != "group"} == {
        n: t for n, t in COLUMNS.items() if t
    }
