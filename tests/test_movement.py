"""Migration between labels: shares by hand, distance and test on known cases."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from scipy.spatial import distance as scipy_distance

from npp_nlp import Corpus, label_shift, migration
from npp_nlp.comparison.movement import js_distance

COLUMNS = ["term", "group", "n", "achievement", "challenge", "driver", "other"]


def made(years):
    """Documents and labels: per year a list of (text, label), one paragraph each."""
    corpus = Corpus.from_texts(
        ["\n".join(text for text, _ in rows) for rows in years.values()], years=list(years)
    )
    labels = [
        (document.id, number, label)
        for document, rows in zip(corpus, years.values(), strict=True)
        for number, (_, label) in enumerate(rows)
    ]
    assert [len(d.paragraphs) for d in corpus] == [len(rows) for rows in years.values()]
    return corpus, pd.DataFrame(labels, columns=["doc_id", "paragraph", "label"])


def test_distance_against_scipy():
    rng = np.random.default_rng(0)
    p, q = rng.random((2, 20, 4))
    wanted = [scipy_distance.jensenshannon(a, b, base=2) for a, b in zip(p, q, strict=True)]
    assert js_distance(p, q) == pytest.approx(wanted)
    assert np.isnan(js_distance([0, 0], [1, 2]))


def test_shares_are_of_occurrences():
    corpus, labels = made(
        {
            2020: [
                ("发展数字经济，壮大数字经济。", "driver"),
                ("数字经济很好。", "achievement"),
                ("数字经济！", None),
            ],
            2024: [("扩大内需。", "driver"), ("数字经济。", "achievement")],
        }
    )
    table = migration(corpus, ["数字经济", "经济", "内需"], min_count=2, labels=labels)
    assert list(table.columns) == COLUMNS
    third = 1 / 3
    assert table.values.tolist() == [
        ["数字经济", 2020, 3, pytest.approx(third), 0, pytest.approx(2 * third), 0],
        ["数字经济", 2024, 1, 1, 0, 0, 0],
        ["经济", 2020, 3, pytest.approx(third), 0, pytest.approx(2 * third), 0],
        ["经济", 2024, 1, 1, 0, 0, 0],
    ]
    assert str(table["group"].dtype) == "int64"


def test_a_term_that_moves():
    rows = {year: [("数字经济，内需。", "driver")] * 3 for year in (2018, 2019)}
    rows |= {year: [("数字经济。", "achievement")] * 3 + [("内需。", "driver")] * 3 for year in (2020, 2021)}
    corpus, labels = made(rows)
    table = label_shift(corpus, ["数字经济", "内需"], labels=labels)
    assert table["term"].tolist() == ["数字经济", "内需"]
    first, second = table.iloc[0], table.iloc[1]
    assert (first["group"], first["n_early"], first["n_late"]) == (2020, 6, 6)
    assert (first["distance"], first["toward"], first["rise"]) == (1, "achievement", 1)
    exact = 2 / math.comb(12, 6)  # two of all divisions of twelve paragraphs separate the labels wholly
    assert first["p"] == pytest.approx(exact, abs=0.0015)
    assert (second["distance"], second["p"]) == (0, 1)


def test_p_against_all_divisions():
    rows = {
        1: [("内需。", x) for x in ("driver", "driver", "challenge")],
        2: [("内需。", x) for x in ("other", "driver", "other")],
    }
    corpus, labels = made(rows)
    row = label_shift(corpus, ["内需"], labels=labels).iloc[0]
    names = ["driver", "driver", "challenge", "other", "driver", "other"]
    kinds = sorted(set(names))

    def apart(chosen):
        sides = [[names[i] for i in chosen], [names[i] for i in range(6) if i not in chosen]]
        return float(js_distance(*([side.count(k) for k in kinds] for side in sides)))

    every = [apart(chosen) for chosen in itertools.combinations(range(6), 3)]
    share = sum(d >= apart((0, 1, 2)) - 1e-12 for d in every) / len(every)
    assert row["p"] == pytest.approx(share, abs=0.05)


def test_one_group_too_few_and_other_terms_do_not_matter():
    corpus, labels = made({1: [("内需。", "driver")] * 6, 2: [("改革。", "driver")] * 2})
    assert label_shift(corpus, ["内需", "改革"], labels=labels).empty
    corpus, labels = made(
        {1: [("内需改革。", "driver")] * 4, 2: [("内需改革。", "other")] * 3 + [("内需。", "driver")] * 3}
    )
    alone = label_shift(corpus, ["内需"], labels=labels)["p"].item()
    assert label_shift(corpus, ["内需", "改革"], labels=labels).set_index("term").loc["内需", "p"] == alone


def test_many_documents_are_counted_in_parts(monkeypatch):
    rows = {
        year: [("内需。", "driver" if year % 2 else "other"), ("改革。", "challenge")]
        for year in range(2000, 2007)
    }
    corpus, labels = made(rows)
    whole = migration(corpus, ["内需", "改革"], labels=labels)
    monkeypatch.setattr("npp_nlp.comparison.movement._GROUP", 15)
    assert migration(corpus, ["内需", "改革"], labels=labels).equals(whole)
    assert whole.loc[whole["term"] == "内需", "driver"].tolist() == [0, 1, 0, 1, 0, 1, 0]


def test_empty_and_wrong():
    corpus, labels = made({1: [("内需。", "driver")], 2: [("改革。", "other")]})
    table = migration(corpus, ["稳定"], labels=labels)
    assert list(table.columns) == COLUMNS
    assert table.empty
    assert label_shift(corpus, ["稳定"], labels=labels).empty
    with pytest.raises(ValueError, match="min_count must be at least 1, not 0"):
        migration(corpus, labels=labels, min_count=0)
    with pytest.raises(ValueError, match="numbers, such as years"):
        label_shift(corpus, ["内需"], by="id", labels=labels, min_count=1)


def test_labels_are_worked_out_otherwise():
    corpus = Corpus.from_texts(["要发展数字经济。", "去年数字经济增长9%。"], years=[2020, 2024])
    table = migration(corpus, ["数字经济"], min_count=1)
    assert table[["achievement", "driver"]].values.tolist() == [[0, 1], [1, 0]]
