"""Bootstrap intervals of label shares: shares by hand, limits of known cases."""

import numpy as np
import pandas as pd
import pytest

from npp_nlp.comparison.intervals import COLUMNS, share_intervals


def table(groups):
    rows = [
        (group, f"{group}{i // 10}", label, 10 + i)
        for group, labels in groups.items()
        for i, label in enumerate(labels)
    ]
    return pd.DataFrame(rows, columns=["group", "doc_id", "label", "n_characters"])


def test_shares():
    shares = share_intervals(table({2024: "xxy", 2025: "yz"}), ["x", "y"])
    assert tuple(shares.columns) == COLUMNS
    assert shares[["group", "label", "n", "n_characters"]].values.tolist() == [
        [2024, "x", 2, 21], [2024, "y", 1, 12], [2025, "x", 0, 0], [2025, "y", 1, 10],
    ]  # fmt: skip
    assert shares["share"].tolist() == pytest.approx([2 / 3, 1 / 3, 0, 1])
    assert shares["share_characters"].tolist() == pytest.approx([21 / 33, 12 / 33, 0, 1])


def test_limits_are_those_of_a_binomial():
    shares = share_intervals(table({1: "x" * 40 + "y" * 60}), ["x", "y"], rounds=20_000)
    error = np.sqrt(0.4 * 0.6 / 100)
    assert shares.loc[0, "low"] == pytest.approx(0.4 - 1.96 * error, abs=0.012)
    assert shares.loc[0, "high"] == pytest.approx(0.4 + 1.96 * error, abs=0.012)


def test_documents_that_differ_make_wider_limits():
    alike = table({1: ("x" * 10 + "y" * 10) * 5})
    by_paragraph = share_intervals(alike, ["x", "y"]).loc[0]
    by_document = share_intervals(alike, ["x", "y"], unit="document").loc[0]
    assert by_document["high"] - by_document["low"] > 1.5 * (by_paragraph["high"] - by_paragraph["low"])


def test_seeds_and_independence_of_groups(monkeypatch):
    both, one = table({1: "xyxyx", 2: "xyyyy"}), table({2: "xyyyy"})
    labels = ["x", "y"]
    assert share_intervals(both, labels).equals(share_intervals(both, labels))
    assert share_intervals(both, labels).tail(2).reset_index(drop=True).equals(share_intervals(one, labels))
    assert not share_intervals(both, labels, seed=1, rounds=25).equals(
        share_intervals(both, labels, rounds=25)
    )
    whole = share_intervals(both, labels)
    monkeypatch.setattr("npp_nlp.comparison.intervals._CELLS", 50)
    assert share_intervals(both, labels).equals(whole)


def test_wrong_options_and_empty():
    with pytest.raises(ValueError, match="unit must be one of paragraph, document, not 'year'"):
        share_intervals(table({1: "x"}), ["x"], unit="year")
    with pytest.raises(ValueError, match="rounds must be at least 1"):
        share_intervals(table({1: "x"}), ["x"], rounds=0)
    assert tuple(share_intervals(table({}), ["x"]).columns) == COLUMNS


def test_a_group_without_labels_has_missing_shares():
    shares = share_intervals(table({1: "zz", 2: "xy"}), ["x", "y"])
    assert shares["group"].tolist() == [1, 1, 2, 2]
    assert shares["n"].tolist() == [0, 0, 1, 1]
    assert shares["share"].isna().tolist() == [True, True, False, False]
