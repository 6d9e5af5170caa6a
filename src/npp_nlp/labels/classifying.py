"""The table of labels: of paragraphs, or of their sentences, with the packaged labels or a model's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import numpy as np

import npp_nlp.labels.context as surrounding
from npp_nlp import artefacts
from npp_nlp.document import BODY_KINDS, Corpus, Document
from npp_nlp.labels.classifier import Floats, ParagraphClassifier, softmax
from npp_nlp.text import sentence_spans, valid_unicode

if TYPE_CHECKING:
    import pandas as pd

Label = Literal["achievement", "challenge", "driver", "other"]
Level = Literal["paragraph", "sentence"]
LABELS: tuple[Label, ...] = get_args(Label)
_BEFORE, _AFTER = ("doc_id", "paragraph", "label", "score"), ("text",)
_OF_SENTENCES = ("sentence", "start", "end")
COLUMNS = (*_BEFORE, *LABELS, *_AFTER)
KINDS: frozenset[str] = BODY_KINDS | {"heading"}
"""Kinds of paragraph that get a label: running text and headings. Titles, captions, notes and residue get none."""
HEARING = 0.4
"""How far a sentence hears its paragraph: the weight of the paragraph's log probabilities beside its own."""

Source = Document | Corpus | str | Iterable[str] | Iterable[Document]
ModelLike = str | Path | ParagraphClassifier | None


class Loaded(NamedTuple):
    """A fitted classifier and, if it has them, the weights of the surroundings."""

    classifier: ParagraphClassifier
    weights: surrounding.Weights | None

    @property
    def labels(self) -> list[str]:
        """Names of the labels in the order of the columns."""
        return [str(name) for name in self.classifier.classes_]


class Judged(NamedTuple):
    """Paragraphs with their document (None: a text alone), index, text, offset, and probabilities as rows."""

    doc_id: list[str]
    paragraph: list[int]
    text: list[str]
    offset: list[int]
    probabilities: Floats


def classify(
    source: Source,
    *,
    min_score: float = 0.0,
    context: bool = True,
    level: Level = "paragraph",
    model: ModelLike = None,
) -> pd.DataFrame:
    """Label each paragraph: table `doc_id, paragraph, label, score, achievement, challenge, driver, other, text`.

    Of a document or corpus, the paragraphs of `KINDS` are labelled, and `paragraph` is their index in
    `Document.paragraphs`; headings and neighbours are heard unless `context` is False. Of texts, each is one
    paragraph as it stands: `doc_id` is "0", "1", …, `paragraph` is 0, and nothing but its words counts.
    The four label columns are calibrated probabilities with sum 1, `score` is the highest of them; below
    `min_score` the label is missing. A text without a letter or digit is "other".

    With `level="sentence"` each row is a sentence, and the columns `sentence` (its number in the paragraph), `start`
    and `end` (offsets in `Document.text`, or in the given text) follow `paragraph`. A sentence is judged by its own
    words and, unless `context` is False, hears its paragraph: p ∝ p_sentence^(1 - w) · p_paragraph^w with w =
    `HEARING` (a logarithmic opinion pool: Genest and Zidek 1986).

    `model` is a fitted `ParagraphClassifier` or the folder of a saved one; the label columns are then its labels.
    Raises `ValueError` if `min_score` is not between 0 and 1, `level` is unknown or a label of the model has the name
    of another column, `TypeError` if `source` holds anything but texts or documents.

    >>> classify("全年粮食增产2%。今年要深化改革。", level="sentence")[["sentence", "start", "end", "label"]].values.tolist()
    [[0, 0, 9, 'achievement'], [1, 9, 17, 'driver']]
    """
    if not 0 <= min_score <= 1:
        raise ValueError(f"min_score must be between 0 and 1, not {min_score}")
    if level not in get_args(Level):
        raise ValueError(f"level must be paragraph or sentence, not {level!r}")
    loaded = load(model)
    judged = judge(source, loaded, context=context)
    if level == "sentence":
        return _sentence_table(judged, loaded, min_score, HEARING if context else 0.0)
    return _table(judged, judged.probabilities, loaded.labels, min_score)


def load(model: ModelLike) -> Loaded:
    """The model a user names, or the packaged one; raises `ValueError` if it is not fitted or has unusable labels."""
    if isinstance(model, ParagraphClassifier):
        loaded = Loaded(model, None)
    elif model is None or isinstance(model, str | Path):
        folder = _folder("labels" if model is None else model)
        loaded = _saved(folder, str(artefacts.load_model(folder).card["sha256"]))
    else:
        raise TypeError(f"model must be a ParagraphClassifier or a folder, not {type(model).__name__}")
    if not hasattr(loaded.classifier, "classes_"):
        raise ValueError("model is not fitted: call fit(texts, labels), or give the folder of a saved one")
    refuse_taken(loaded.labels)
    return loaded


def refuse_taken(labels: Iterable[str]) -> None:
    """Raise `ValueError` if labels are called like the other columns of the table."""
    taken = sorted({*_BEFORE, *_OF_SENTENCES, *_AFTER} & set(labels))
    if taken:
        raise ValueError(f"labels have the names of other columns: {', '.join(taken)}; rename them")


def _folder(model: str | Path) -> str | Path:
    """A packaged model by its name; everything else is a path, also a name alone such as `Path("model")`."""
    if isinstance(model, str) and (artefacts.models_folder() / model).is_dir():
        return model
    return Path(model).resolve()


@cache
def _saved(folder: str | Path, sha256: str) -> Loaded:
    """The model of a folder; `sha256` tells it from an older one in the same place."""
    arrays = artefacts.load_model(folder).arrays
    try:
        classifier = ParagraphClassifier.from_arrays(arrays)
        weights = surrounding.Weights.from_array(arrays["context"]) if "context" in arrays else None
    except (KeyError, ValueError, TypeError, IndexError) as error:
        path = folder if isinstance(folder, Path) else artefacts.models_folder() / folder
        raise artefacts.ModelError(path, f"holds no classifier of this version ({error})") from error
    return Loaded(classifier, weights)


def listed(source: Source) -> list[str] | list[Document]:
    """The texts, or the documents, that a source holds."""
    items: list[Any] = [source] if isinstance(source, str | Document) else list(source)
    texts = [item for item in items if isinstance(item, str)]
    documents = [item for item in items if isinstance(item, Document)]
    if len(texts) == len(items):
        return texts
    if len(documents) < len(items):
        kinds = ", ".join(sorted({type(item).__name__ for item in items}))
        raise TypeError(
            f"source must be texts or documents (or a Corpus), not a mixture or other things: {kinds}"
        )
    return documents


def labelled(document: Document) -> list[int]:
    """Indices of the paragraphs that get a label."""
    return [i for i, paragraph in enumerate(document.paragraphs) if paragraph.kind in KINDS]


def judge(source: Source, loaded: Loaded, *, context: bool = True) -> Judged:
    """The paragraphs of a source with their probabilities."""
    items = listed(source)
    documents = [item for item in items if isinstance(item, Document)]
    if not documents:
        texts = [item for item in items if isinstance(item, str)]
        names = [str(i) for i in range(len(texts))]
        return Judged(names, [0] * len(texts), texts, [0] * len(texts), alone(texts, loaded))
    chosen = [labelled(document) for document in documents]
    some = [(d.id, i, d.paragraphs[i]) for d, numbers in zip(documents, chosen, strict=True) for i in numbers]
    texts = [p.text for _, _, p in some]
    probabilities = alone(texts, loaded)
    start = 0
    for document, numbers in zip(documents, chosen, strict=True):
        part = slice(start, start + len(numbers))
        if context and loaded.weights is not None and numbers:
            around = surrounding.surroundings(document.paragraphs, probabilities[part], numbers)
            probabilities[part] = softmax(surrounding.scores(probabilities[part], around, loaded.weights))
        start += len(numbers)
    return Judged(
        [d for d, _, _ in some], [i for _, i, _ in some], texts, [p.start for _, _, p in some], probabilities
    )


def alone(texts: list[str], loaded: Loaded) -> Floats:
    """Probabilities of texts by their own words; one without a letter or digit is other, if there is such a label."""
    probabilities = loaded.classifier.predict_proba(texts)
    if "other" in loaded.labels:
        empty = [i for i, text in enumerate(texts) if not any(map(str.isalnum, text))]
        probabilities[empty] = np.array([label == "other" for label in loaded.labels], float)
    return probabilities


def _sentence_table(judged: Judged, loaded: Loaded, min_score: float, hearing: float) -> pd.DataFrame:
    places = [
        (row, number, start, end)
        for row, text in enumerate(judged.text)
        for number, (start, end) in enumerate(_trimmed(text))
    ]
    rows = [row for row, _, _, _ in places]
    texts = [judged.text[row][start:end] for row, _, start, end in places]
    own, whole = alone(texts, loaded), judged.probabilities[rows]
    pooled = (1 - hearing) * np.log(own + surrounding.EPSILON) + hearing * np.log(whole + surrounding.EPSILON)
    offsets = [judged.offset[row] for row in rows]
    some = Judged(
        [judged.doc_id[row] for row in rows], [judged.paragraph[row] for row in rows], texts, offsets, own
    )
    table = _table(some, softmax(pooled) if hearing else own, loaded.labels, min_score)
    numbers = {
        "sentence": [number for _, number, _, _ in places],
        "start": [offset + start for offset, (_, _, start, _) in zip(offsets, places, strict=True)],
        "end": [offset + end for offset, (_, _, _, end) in zip(offsets, places, strict=True)],
    }
    for place, (name, column) in enumerate(numbers.items(), start=2):
        table.insert(place, name, np.array(column, dtype=np.int64))
    return table


def _trimmed(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences without the blanks around them; a paragraph of one or no sentence is one."""
    spans = []
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        if sentence.strip():
            lead = len(sentence) - len(sentence.lstrip())
            spans.append((start + lead, start + lead + len(sentence.strip())))
    return spans or [(0, len(text))]


def _table(rows: Judged, probabilities: Floats, labels: Sequence[str], min_score: float) -> pd.DataFrame:
    import pandas as pd

    score = probabilities.max(axis=1) if len(probabilities) else np.zeros(0)
    best = probabilities.argmax(axis=1) if len(probabilities) else np.zeros(0, int)
    names = [labels[k] if s >= min_score else None for k, s in zip(best, score, strict=True)]
    data: dict[str, pd.Series[Any]] = {
        "doc_id": pd.Series(rows.doc_id, dtype="str"),
        "paragraph": pd.Series(rows.paragraph, dtype="int64"),
        "label": pd.Series(names, dtype="str"),
        "score": pd.Series(score, dtype="float64"),
        **{label: pd.Series(probabilities[:, k], dtype="float64") for k, label in enumerate(labels)},
        "text": pd.Series([valid_unicode(text) for text in rows.text], dtype="str"),
    }
    return pd.DataFrame(data)[[*_BEFORE, *labels, *_AFTER]]
