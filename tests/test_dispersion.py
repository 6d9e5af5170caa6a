"""Gries's DP: by hand, by definition, and the table against the function."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp import Corpus, Lexicon
from npp_nlp.comparison.dispersion import COLUMNS, deviation_of_proportions, dispersion_table
from npp_nlp.comparison.frequencies import count_groups


def test_on_paper():
    assert deviation_of_proportions([5, 5], [100, 100]) == (0, 0)
    assert deviation_of_proportions([10, 0], [100, 100]) == (0.5, 1)
    dp, norm = deviation_of_proportions([1, 2, 3, 4, 5], [10, 20, 30, 15, 25])
    wanted = (
        abs(1 / 15 - 0.1) + abs(2 / 15 - 0.2) + abs(0.2 - 0.3) + abs(4 / 15 - 0.15) + abs(1 / 3 - 0.25)
    ) / 2
    assert (dp, norm) == (pytest.approx(wanted), pytest.approx(wanted / 0.9))


def test_one_part_and_no_occurrences():
    assert deviation_of_proportions([3], [10])[0] == 0
    assert np.isnan(deviation_of_proportions([3], [10])[1])
    assert np.isnan(deviation_of_proportions([0, 0], [10, 10])).all()
    with pytest.raises(ValueError, match="size above 0"):
        deviation_of_proportions([1, 1], [10, 0])


@given(st.lists(st.text("甲乙。", min_size=1, max_size=12), min_size=2, max_size=6))
@settings(max_examples=100, deadline=None)
def test_the_table_is_the_function_for_every_term(texts):
    corpus = Corpus.from_texts(texts, years=range(len(texts)))
    counts = count_groups(corpus, Lexicon.from_terms(["甲", "乙", "丁"]), "year")
    table = dispersion_table(counts)
    assert tuple(table.columns) == COLUMNS
    full = [d for d in corpus if d.text]
    for row in table.itertuples():
        n = [document.text.count(row.term) for document in full]
        wanted = deviation_of_proportions(n, [len(document.text) for document in full])
        assert (row.n, row.range) == (sum(n), sum(k > 0 for k in n))
        assert [row.dp, row.dp_norm] == pytest.approx(wanted, nan_ok=True)
