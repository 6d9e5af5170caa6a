"""What a paragraph does: reports achievements, states challenges, says what is to drive development, or none of these.

The labels follow a written guideline: achievement 成就, challenge 挑战, driver 动能, other 其他. A paragraph is judged
by its own words; inside a document its headings and neighbours are heard too.

>>> classify(["去年粮食产量增长5.5%，新增就业1200万人。", "要加快建设现代化产业体系。"])["label"].tolist()
['achievement', 'driver']
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from npp_nlp import artefacts
from npp_nlp.document import BODY_KINDS, Corpus, Document
from npp_nlp.labels import context as surrounding
from npp_nlp.labels.classifier import Floats, ParagraphClassifier, softmax
from npp_nlp.text import valid_unicode

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "KINDS", "LABELS", "Label", "ParagraphClassifier", "classify"]

Label = Literal["achievement", "challenge", "driver", "other"]
LABELS: tuple[Label, ...] = get_args(Label)
COLUMNS = ("doc_id", "paragraph", "label", "score", *LABELS, "text")
KINDS: frozenset[str] = BODY_KINDS | {"heading"}
"""Kinds of paragraph that get a label: running text and headings. Titles, captions, notes and residue get none."""

Source = Document | Corpus | str | Iterable[str]
_Texts = list[tuple[str, int, str]]


def classify(
    source: Source | Iterable[Document],
    *,
    min_score: float = 0.0,
    context: bool = True,
    model: str | Path | ParagraphClassifier | None = None,
) -> pd.DataFrame:
    """Label each paragraph: table `doc_id, paragraph, label, score, achievement, challenge, driver, other, text`.

    Of a document or corpus, the paragraphs of `KINDS` are labelled, and `paragraph` is their index in
    `Document.paragraphs`; headings and neighbours are heard unless `context` is False. Of texts, each is one
    paragraph as it stands: `doc_id` is "0", "1", …, `paragraph` is 0, and nothing but its words counts.
    The four label columns are calibrated probabilities with sum 1, `score` is the highest of them; below
    `min_score` the label is missing. A text without a letter or digit is "other".

    `model` is a fitted `ParagraphClassifier` with the same four labels, or the folder of a saved one.
    Raises `ValueError` if `min_score` is not between 0 and 1 or the model has other labels, `TypeError` if
    `source` holds anything but texts or documents.
    """
    if not 0 <= min_score <= 1:
        raise ValueError(f"min_score must be between 0 and 1, not {min_score}")
    classifier, weights = _model(model)
    rows, probabilities = _judged(source, classifier, weights if context else None)
    return _table(rows, probabilities, min_score)


def _model(
    model: str | Path | ParagraphClassifier | None,
) -> tuple[ParagraphClassifier, surrounding.Weights | None]:
    """The classifier and, if it has them, the weights of the surroundings."""
    if isinstance(model, ParagraphClassifier):
        classifier, weights = model, None
    else:
        classifier, weights = _saved(str("labels" if model is None else model))
    found = getattr(classifier, "classes_", None)
    if found is None or tuple(found) != LABELS:
        raise ValueError(f"model must be fitted with the labels {', '.join(LABELS)}, not {found}")
    return classifier, weights


@cache
def _saved(folder: str) -> tuple[ParagraphClassifier, surrounding.Weights | None]:
    arrays = artefacts.load_model(folder).arrays
    weights = surrounding.Weights.from_array(arrays["context"]) if "context" in arrays else None
    return ParagraphClassifier.from_arrays(arrays), weights


def _judged(
    source: Source | Iterable[Document], classifier: ParagraphClassifier, weights: surrounding.Weights | None
) -> tuple[_Texts, Floats]:
    """Document, index and text of each paragraph, and its probabilities."""
    items: list[str | Document]
    items = [source] if isinstance(source, str | Document) else list(source)
    texts = [item for item in items if isinstance(item, str)]
    documents = [item for item in items if isinstance(item, Document)]
    if len(texts) == len(items):
        return [(str(i), 0, text) for i, text in enumerate(texts)], _alone(texts, classifier)
    if len(documents) < len(items):
        kinds = ", ".join(sorted({type(item).__name__ for item in items}))
        raise TypeError(
            f"source must be texts or documents (or a Corpus), not a mixture or other things: {kinds}"
        )
    chosen = [[i for i, p in enumerate(d.paragraphs) if p.kind in KINDS] for d in documents]
    rows = [(d.id, i, d.paragraphs[i].text) for d, some in zip(documents, chosen, strict=True) for i in some]
    probabilities = _alone([text for _, _, text in rows], classifier)
    if weights is not None:
        start = 0
        for document, some in zip(documents, chosen, strict=True):
            part = slice(start, start + len(some))
            probabilities[part] = _in_context(document, some, probabilities[part], weights)
            start += len(some)
    return rows, probabilities


def _alone(texts: list[str], classifier: ParagraphClassifier) -> Floats:
    probabilities = classifier.predict_proba(texts)
    empty = [i for i, text in enumerate(texts) if not any(map(str.isalnum, text))]
    probabilities[empty] = np.array([label == "other" for label in LABELS], float)
    return probabilities


def _in_context(document: Document, chosen: list[int], own: Floats, weights: surrounding.Weights) -> Floats:
    if not chosen:
        return own
    around = surrounding.surroundings(document.paragraphs, own, chosen)
    return softmax(surrounding.scores(own, around, weights))


def _table(rows: _Texts, probabilities: Floats, min_score: float) -> pd.DataFrame:
    import pandas as pd

    score = probabilities.max(axis=1) if len(rows) else np.zeros(0)
    best = probabilities.argmax(axis=1) if len(rows) else np.zeros(0, int)
    names: Iterator[str | None] = (
        LABELS[k] if s >= min_score else None for k, s in zip(best, score, strict=True)
    )
    data: dict[str, pd.Series[Any]] = {
        "doc_id": pd.Series([doc for doc, _, _ in rows], dtype="str"),
        "paragraph": pd.Series([i for _, i, _ in rows], dtype="int64"),
        "label": pd.Series(list(names), dtype="str"),
        "score": pd.Series(score, dtype="float64"),
        **{label: pd.Series(probabilities[:, k], dtype="float64") for k, label in enumerate(LABELS)},
        "text": pd.Series([valid_unicode(text) for _, _, text in rows], dtype="str"),
    }
    return pd.DataFrame(data)[list(COLUMNS)]
