"""Own categories: from a table of labelled texts to a classifier with cross-validated scores and a card.

Layer 6.
"""

from __future__ import annotations

import hashlib
import platform
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import npp_nlp
from npp_nlp.dataframes import as_frame
from npp_nlp.evaluate import LabelScores, evaluate_labels
from npp_nlp.labels import ParagraphClassifier
from npp_nlp.labels.classifier import Floats
from npp_nlp.labels.classifying import refuse_taken
from npp_nlp.reading import read_table_file

if TYPE_CHECKING:
    import pandas as pd

    Ints = NDArray[np.intp]

_LOWEST = -12.0
"""Score of a label that was not among the texts a fold was trained on."""


@dataclass(frozen=True, eq=False)
class TrainedClassifier:
    """A classifier trained on a table, how good it is on texts it has not seen, and its card.

    `scores` are those of the cross-validation; `predictions` is a table with a row for each text: `row` (its place in the
    given table, from 0), group, label, predicted, score, a probability for each label, and text.
    """

    classifier: ParagraphClassifier
    card: Mapping[str, Any] = field(repr=False)
    scores: LabelScores
    predictions: pd.DataFrame = field(repr=False)

    def save(self, folder: str | Path) -> Path:
        """Write the model and its card into a folder, for `classify(…, model=folder)`; returns the folder."""
        self.classifier.save(folder, self.card)
        return Path(folder)

    def summary(self) -> str:
        """What a terminal shows: counts, scores with their interval, F1 of each label."""
        s = self.scores
        low, high = s.intervals.set_index("measure").loc["macro_f1", ["low", "high"]]
        lines = [
            f"{s.n} 段，{len(s.per_label)} 类，{self.card['scores']['cross_validation']}",
            f"macro-F1 {s.macro_f1:.3f}（95% {low:.3f} 至 {high:.3f}），正确率 {s.accuracy:.3f}，kappa {s.kappa:.3f}",
        ]
        rows = s.per_label.itertuples(index=False)
        return "\n".join([*lines, *(f"  {row.label}  {row.n_gold} 段  F1 {row.f1:.3f}" for row in rows)])


def train_classifier(
    table: pd.DataFrame | str | Path,
    *,
    text: str = "text",
    label: str = "label",
    group: str | None = None,
    folds: int = 5,
    template: ParagraphClassifier | None = None,
) -> TrainedClassifier:
    """Train a classifier for own categories from a table, or a table file, of texts and their labels.

    The table is one of pandas, polars or Arrow. `text` and `label` name the columns; there may be two labels or more.
    The scores come from stratified cross-validation with `folds` parts (fewer if a label has fewer texts); with
    `group`, the column of the document that a text is from, all texts of a document are on one side, without it texts
    of one document may help each other and scores are likely too high. Probabilities are calibrated on the scores of
    the texts left out. `template` is a `ParagraphClassifier` with the settings to use. The same table gives the same
    model.

    Raises `ValueError`, naming column and row (from 0; of a file with its line), for a missing column, empty texts or
    labels, fewer than two labels, a label with a single text or of a single group, a label called like a column of
    `classify`, or one text with two labels; `ReadError` for a file that is no table.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"text": ["粮食增产。", "就业增加。", "要推进改革。", "要加快创新。"], "label": list("aabb")})
    >>> trained = train_classifier(frame, template=ParagraphClassifier(min_df=1))
    >>> trained.scores.accuracy, trained.classifier.predict(["要加快改革。"]).tolist()
    (1.0, ['b'])
    """
    if folds < 2:
        raise ValueError(f"folds must be at least 2, not {folds}")
    frame = read_table_file(table, text) if isinstance(table, str | Path) else as_frame(table)
    texts, labels, groups = _checked(
        frame, (text, label, group), Path(table).name if isinstance(table, str | Path) else ""
    )
    refuse_taken(labels)
    template = ParagraphClassifier() if template is None else template
    splits, how = _splits(labels, groups, folds)
    scores = _left_out(texts, labels, splits, template)
    classifier = _like(template).fit(texts, labels)
    classifier.calibrate(scores, labels)
    predictions = _predictions(classifier, scores, (texts, labels, groups))
    names = [str(name) for name in classifier.classes_]
    result = evaluate_labels(
        labels, predictions["predicted"], probabilities=predictions[names], group=groups if group else None
    )
    card = _card(classifier, result, (texts, labels, groups if group else []), how)
    return TrainedClassifier(classifier, card, result, predictions)


def _checked(
    frame: pd.DataFrame, columns: tuple[str, str, str | None], file: str
) -> tuple[list[str], list[str], list[str]]:
    """Texts, labels and groups of a table without holes."""
    where = f"{file}: " if file else ""
    for name in columns:
        if name is not None and name not in frame.columns:
            raise ValueError(f"{where}no column {name!r}: the table has {', '.join(map(str, frame.columns))}")
    if not len(frame):
        raise ValueError(f"{where}the table has no rows")
    out = []
    for name in columns:
        cells = ["" if _absent(cell) else str(cell) for cell in frame[name]] if name else []
        blank = [i for i, cell in enumerate(cells) if not cell.strip()]
        if blank:
            more = f" (and {len(blank) - 1} more)" if len(blank) > 1 else ""
            raise ValueError(f"{where}column {name!r}, row {blank[0]}{_line(file, blank[0])}: empty{more}")
        out.append([cell.strip() for cell in cells])
    texts, labels, groups = out
    _contradictions(texts, labels, where)
    count = Counter(labels)
    if len(count) < 2:
        raise ValueError(
            f"{where}column {columns[1]!r} has one label, {labels[0]!r}: at least two are needed"
        )
    lonely = sorted(name for name, n in count.items() if n < 2)
    if lonely:
        row = labels.index(lonely[0])
        raise ValueError(
            f"{where}column {columns[1]!r}, row {row}{_line(file, row)}: the label {lonely[0]!r} has a single text;"
            " at least two are needed to train and to test"
        )
    return texts, labels, groups


def _absent(cell: Any) -> bool:
    try:
        return cell is None or bool(cell != cell)
    except TypeError:  # pandas.NA
        return True


def _line(file: str, row: int) -> str:
    """Where a spreadsheet shows the row: below the line of names."""
    return f" (line {row + 2})" if file else ""


def _contradictions(texts: list[str], labels: list[str], where: str) -> None:
    first: dict[str, int] = {}
    for row, text in enumerate(texts):
        other = first.setdefault(text, row)
        if labels[other] != labels[row]:
            raise ValueError(
                f"{where}rows {other} and {row} hold the same text with two labels,"
                f" {labels[other]!r} and {labels[row]!r}: {text[:30]}"
            )


def _splits(labels: list[str], groups: list[str], folds: int) -> tuple[list[tuple[Ints, Ints]], str]:
    """Train and test rows, and how they were chosen."""
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    few = min(Counter(labels).values())
    if not groups:
        n = min(folds, few)
        splitter = StratifiedKFold(n, shuffle=True, random_state=0)
        return list(splitter.split(labels, labels)), f"{n}-fold cross-validation by text"
    of_label = {
        name: {g for g, other in zip(groups, labels, strict=True) if other == name} for name in set(labels)
    }
    alone = sorted(name for name, some in of_label.items() if len(some) < 2)
    if alone:
        raise ValueError(
            f"the label {alone[0]!r} occurs in a single group, {min(of_label[alone[0]])!r}: it cannot be tested on"
            " another one; add texts or leave the group out"
        )
    n = min(folds, few, len(set(groups)))
    grouped = StratifiedGroupKFold(n, shuffle=True, random_state=0)
    splits = [
        (train, test) for train, test in grouped.split(labels, labels, groups) if len(test) and len(train)
    ]
    return splits, f"{n}-fold cross-validation by group, {len(set(groups))} groups"


def _like(template: ParagraphClassifier) -> ParagraphClassifier:
    return ParagraphClassifier(**template.get_params())


def _left_out(
    texts: list[str], labels: list[str], splits: list[tuple[Ints, Ints]], template: ParagraphClassifier
) -> Floats:
    """The scores of each text from the model that has not seen it, nor its group."""
    names = sorted(set(labels))
    scores = np.full((len(texts), len(names)), _LOWEST)
    for train, test in splits:
        known = sorted({labels[i] for i in train})
        if len(known) < 2:
            raise ValueError(f"a fold holds the label {known[0]!r} alone: use fewer folds or more groups")
        model = _like(template).fit([texts[i] for i in train], [labels[i] for i in train])
        columns = np.array([names.index(name) for name in known])
        scores[np.ix_(test, columns)] = model.scores([texts[i] for i in test])
    return scores


def _predictions(
    classifier: ParagraphClassifier, scores: Floats, rows: tuple[list[str], list[str], list[str]]
) -> pd.DataFrame:
    import pandas as pd

    texts, labels, groups = rows
    probabilities = classifier.probabilities(scores)
    names = [str(name) for name in classifier.classes_]
    data: dict[str, Any] = {
        "row": range(len(texts)),
        "group": groups or None,
        "label": labels,
        "predicted": [names[k] for k in probabilities.argmax(axis=1)],
        "score": probabilities.max(axis=1),
        **{name: probabilities[:, k] for k, name in enumerate(names)},
        "text": texts,
    }
    return pd.DataFrame(data)


def _rounded(values: Iterator[tuple[str, float]]) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in values}


def _card(
    classifier: ParagraphClassifier,
    scores: LabelScores,
    rows: tuple[list[str], list[str], list[str]],
    how: str,
) -> dict[str, Any]:
    """What is said of the model: data with their hash, settings, scores, versions."""
    texts, labels, groups = rows
    digest = hashlib.sha256()
    for line in zip(labels, texts, groups or [""] * len(texts), strict=True):
        digest.update("\x1f".join(line).encode("utf-8", "surrogatepass") + b"\x1e")
    f1 = zip(scores.per_label["label"], scores.per_label["f1"], strict=True)
    macro = scores.intervals.set_index("measure").loc[["macro_f1"]]
    return {
        "name": "own labels",
        "version": "1",
        "task": f"which of {len(set(labels))} labels a text has",
        "data": {
            "sha256": digest.hexdigest(),
            "texts": len(texts),
            "groups": len(set(groups)) or None,
            "labels": dict(sorted(Counter(labels).items())),
        },
        "settings": {"seed": 0},
        "scores": {
            "cross_validation": how,
            "macro_f1": round(scores.macro_f1, 4),
            "interval_95": macro[["low", "high"]].to_numpy()[0].round(4).tolist(),
            "accuracy": round(scores.accuracy, 4),
            "kappa": round(scores.kappa, 4),
            "f1": _rounded(f1),
            "calibration_error": round(float(scores.calibration_error or 0), 4),
            "note": "calibrated on the scores of the same left-out texts",
            "confusion_rows_true": scores.confusion.to_numpy().tolist(),
        },
        "versions": {
            "npp_nlp": npp_nlp.__version__,
            "python": platform.python_version(),
            "scikit-learn": version("scikit-learn"),
        },
    }
