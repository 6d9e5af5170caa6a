"""Scores of labels and agreement of annotators: worked on paper, and against scikit-learn."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score, confusion_matrix, f1_score, precision_recall_fscore_support

from npp_nlp.evaluate import agreement, cohen_kappa, evaluate_labels, krippendorff_alpha, span_scores

NONE = None
# Krippendorff (2004; "Computing Krippendorff's alpha-reliability", example C): four coders, twelve units.
CODERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
    [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
]


def random_labels(seed=0, n=300):
    rng = np.random.default_rng(seed)
    gold = rng.choice(list("abcd"), n)
    return gold, np.where(rng.random(n) < 0.6, gold, rng.choice(list("abcd"), n))


def test_alpha_is_the_published_one():
    # Unit 12 has one label and drops out: 40 labels. Coincidences off the diagonal, both directions:
    # unit 2 (2 2 3 2): 3·1·2 / 3 = 2; unit 6 (1 2 3 4): 12 / 3 = 4; unit 8 (1 1 2 1): 2. Together 8.
    # Labels: 9 ones, 13 twos, 10 threes, 5 fours, 3 fives: 40² - (81 + 169 + 100 + 25 + 9) = 1216.
    by_hand = 1 - 39 * 8 / 1216
    assert krippendorff_alpha(*CODERS) == pytest.approx(by_hand)
    assert round(by_hand, 3) == 0.743


def test_agreement_of_four():
    found = agreement(*CODERS)
    assert (found.n_units, found.n_annotators) == (11, 4)
    assert found.alpha == pytest.approx(krippendorff_alpha(*CODERS))
    assert found.pairs[["a", "b"]].to_numpy().tolist() == [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]
    # Coders 0 and 1 share nine units and differ in one (the sixth).
    assert found.pairs.loc[0, ["n", "observed"]].tolist() == [9, pytest.approx(8 / 9)]
    for row in found.pairs.itertuples():
        both = [(x, y) for x, y in zip(CODERS[row.a], CODERS[row.b], strict=True) if x and y]
        assert row.kappa == pytest.approx(cohen_kappa_score(*zip(*both, strict=True)))


def test_kappa_by_hand_and_by_scikit_learn():
    # 20 of 25 and 15 of 25: Cohen's table 20, 5 / 10, 15; observed 0.7, expected 0.5 · 0.6 + 0.5 · 0.4 = 0.5.
    a = ["yes"] * 25 + ["no"] * 25
    b = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert cohen_kappa(a, b) == pytest.approx(0.4)
    for seed in range(5):
        gold, told = random_labels(seed)
        assert cohen_kappa(gold, told) == pytest.approx(cohen_kappa_score(gold, told))


def test_only_one_label_gives_no_kappa():
    assert np.isnan(cohen_kappa(["a", "a"], ["a", "a"]))
    assert np.isnan(krippendorff_alpha(["a", "a"], ["a", "a"]))


def test_scores_are_those_of_scikit_learn():
    gold, told = random_labels()
    scores = evaluate_labels(gold, told, draws=10)
    precision, recall, f1, n_gold = precision_recall_fscore_support(gold, told)
    table = scores.per_label
    assert table["label"].tolist() == list("abcd")
    for column, wanted in zip(
        ("precision", "recall", "f1", "n_gold"), (precision, recall, f1, n_gold), strict=True
    ):
        assert table[column].tolist() == pytest.approx(wanted.tolist())
    assert scores.macro_f1 == pytest.approx(f1_score(gold, told, average="macro"))
    assert scores.kappa == pytest.approx(cohen_kappa_score(gold, told))
    assert scores.accuracy == np.mean(gold == told)
    assert scores.confusion.to_numpy().tolist() == confusion_matrix(gold, told).tolist()


def test_missing_predictions_are_never_right():
    scores = evaluate_labels(["a", "a", "b"], ["a", None, float("nan")], draws=5)
    assert scores.accuracy == pytest.approx(1 / 3)
    assert scores.per_label["recall"].tolist() == [0.5, 0]
    assert scores.confusion["missing"].tolist() == [1, 1]


def test_a_label_never_predicted_scores_nothing():
    scores = evaluate_labels(["a", "b"], ["a", "a"], draws=5)
    assert scores.per_label["f1"].tolist() == [pytest.approx(2 / 3), 0]


def test_intervals_are_the_bootstrap_of_units():
    gold, told = random_labels()
    scores = evaluate_labels(gold, told, draws=2000)
    rng = np.random.default_rng(1)
    drawn = [np.mean((gold == told)[rng.integers(0, 300, 300)]) for _ in range(2000)]
    row = scores.intervals.set_index("measure").loc["accuracy"]
    assert row["value"] == scores.accuracy
    assert [row["low"], row["high"]] == pytest.approx(np.quantile(drawn, [0.025, 0.975]).tolist(), abs=0.012)
    assert scores.intervals.equals(evaluate_labels(gold, told, draws=2000).intervals)
    assert not scores.intervals.equals(evaluate_labels(gold, told, draws=2000, seed=1).intervals)


def test_whole_groups_are_drawn():
    # Two documents, one all right, one all wrong: a draw has accuracy 0, 1/2 or 1.
    scores = evaluate_labels(list("aabb"), list("aaaa"), group=[1, 1, 2, 2], draws=200)
    row = scores.intervals.set_index("measure").loc["accuracy"]
    assert (row["low"], row["value"], row["high"]) == (0, 0.5, 1)


def test_calibration_error_by_hand():
    # Three of confidence 0.8, two right: gap |2 - 2.4| = 0.4; one of 0.6, right: 0.4. (0.4 + 0.4) / 4 = 0.2.
    table = pd.DataFrame({"a": [0.8, 0.8, 0.2, 0.6], "b": [0.2, 0.2, 0.8, 0.4]})
    scores = evaluate_labels(list("abba"), list("aaba"), probabilities=table, draws=5)
    assert scores.calibration_error == pytest.approx(0.2)


def test_span_scores_by_hand():
    scores = span_scores([["新质生产力", "发展"], ["改革"]], [["新质", "生产力", "发展"], ["改革"]])
    assert scores == (3, 4, 2, 0.5, pytest.approx(2 / 3), pytest.approx(4 / 7))
    assert span_scores([[]], [[]]).f1 == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: evaluate_labels(["a"], ["a", "b"]), "lengths differ: gold 1, predicted 2"),
        (lambda: evaluate_labels([], []), "there are no labels to compare"),
        (lambda: evaluate_labels(["a", None], ["a", "a"]), r"gold\[1\] is missing"),
        (lambda: evaluate_labels(["a"], ["a"], draws=0), "draws must be at least 1, not 0"),
        (lambda: evaluate_labels(["a"], ["a"], group=[1, 2]), "lengths differ: gold 1, group 2"),
        (
            lambda: evaluate_labels(["a"], ["a"], probabilities=pd.DataFrame({"b": [1.0]})),
            "probabilities has no column for the label a",
        ),
        (lambda: agreement(["a"]), "at least two annotators are needed, not 1"),
        (lambda: agreement(["a"], ["a", "b"]), "lengths differ: annotator 0 1, annotator 1 2"),
        (lambda: agreement(["a", None], [None, "a"]), "no unit has labels of two annotators"),
        (lambda: span_scores([["a"]], [["b"]]), "text 0: the words of gold and predicted join to different"),
    ],
)
def test_errors(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_one_text_is_no_list_of_labels():
    with pytest.raises(TypeError, match="not one text: 'abc'"):
        agreement("abc", "abd")
