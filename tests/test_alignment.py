"""Similarity of two passages and the heaviest chain, against plain dynamic programming."""

import random
from itertools import combinations, pairwise

import numpy as np
import pytest

from npp_nlp.reuse.alignment import (
    common_length,
    heaviest_chain,
    pair_weights,
    similar,
    similarities,
    similarity,
    specificity,
)


def lcs(a, b):
    row = [0] * (len(b) + 1)
    for x in a:
        previous = 0
        for k, y in enumerate(b, start=1):
            previous, row[k] = row[k], previous + 1 if x == y else max(row[k], row[k - 1])
    return row[-1]


def test_common_length_is_that_of_dynamic_programming():
    rng = random.Random(0)  # noqa: S311
    for _ in range(300):
        a, b = ("".join(rng.choice("改革开放发展") for _ in range(rng.randrange(90))) for _ in range(2))
        assert common_length(a, b) == lcs(a, b)


@pytest.mark.parametrize(
    ("a", "b", "value"),
    [
        ("", "", 1.0),
        ("", "改", 0.0),
        ("改", "改", 1.0),
        ("改", "革", 0.0),
        ("改革", "开放", 0.0),
        ("改革开放", "改革发展", 0.5),  # 2 · 2 / 8; pairs 2 · 1 / 6
        ("稳就业,稳物价", "稳物价,稳就业", 10 / 12),  # pairs: 稳就 就业 稳物 物价 ,稳 of 6 each
    ],
)
def test_similarity_on_paper(a, b, value):
    assert similarity(a, b) == pytest.approx(value)
    assert similarity(b, a) == pytest.approx(value)
    assert similarities(a, [b, a]) == pytest.approx([value, 1.0])


def test_specificity_on_paper():
    weights = {"推进": 1.0, "进改": 2.0, "改革": 3.0, "进开": 2.0, "开放": 4.0}
    assert specificity("推进改革", "推进开放", weights) == pytest.approx(2 * 1 / (6 + 7))
    assert specificity("推", "推", weights) == 1.0
    assert specificity("推", "进", weights) == 0.0
    assert pair_weights(["推进"] * 2000)["推进"] == pytest.approx(np.log(2))


def test_similar_keeps_what_is_alike_and_specific():
    weights = {"推进": 0.1, "进改": 0.1, "改革": 9.0, "革开": 9.0, "开放": 9.0, "推改": 0.1}
    found = similar(
        "推进改革", ["推进改革", "推进改开", "改革开放"], weights | {"改开": 9.0}, least=0.5, specific=0.5
    )
    assert found == [(1.0, "推进改革"), (0.5, "改革开放")] or found == [(1.0, "推进改革")]


def test_heaviest_chain_is_the_best_of_all():
    rng = random.Random(3)  # noqa: S311
    for _ in range(60):
        size = rng.randrange(1, 9)
        before, after = (np.array([rng.randrange(6) for _ in range(size)]) for _ in range(2))
        weight = np.array([rng.randrange(1, 20) for _ in range(size)], dtype=float)
        best = 0.0
        for k in range(size + 1):
            for chosen in combinations(range(size), k):
                pairs = sorted((before[n], after[n]) for n in chosen)
                if all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(pairs)):
                    best = max(best, sum(weight[n] for n in chosen))
        chain = heaviest_chain(before, after, weight)
        assert weight[chain].sum() == best
        assert (np.diff(before[chain]) > 0).all()
        assert (np.diff(after[chain]) > 0).all()


def test_empty_chain():
    none = np.zeros(0, dtype=np.int64)
    assert len(heaviest_chain(none, none, np.zeros(0))) == 0
