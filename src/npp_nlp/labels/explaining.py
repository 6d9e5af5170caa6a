"""Why a paragraph got its label: the clauses and words that carried the decision, with their weights."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

import npp_nlp.labels.context as surrounding
from npp_nlp.document import Document
from npp_nlp.labels.attribution import Attribution, attribute
from npp_nlp.labels.classifier import Floats, softmax
from npp_nlp.labels.classifying import Loaded, ModelLike, alone, labelled, load
from npp_nlp.labels.cues import forms_by_length
from npp_nlp.segmentation import default_segmenter

if TYPE_CHECKING:
    import pandas as pd

PARTS = (
    "clause",
    "cue",
    "paragraph",
    "start value",
    "own words in context",
    "neighbours",
    "section",
    "heading",
)
_PER_CLAUSE = 3
_LEAST = 0.25
"""A cue weighs at least this share of the strongest cue of its paragraph."""


class _Cue(NamedTuple):
    start: int
    end: int
    weight: float


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why a paragraph got, or might have got, `label`.

    `probability` is that of the label, `log_odds` its log probability less the mean log probability of the others (or
    less that of `against`). `parts` is a table `part, text, start, end, weight`: what each part adds to the log odds.
    Cues are inside the clause above them; all rows but the cues sum to `log_odds`. Offsets count characters of the
    text, or of `Document.text` for a paragraph of a document; parts without a place have none (missing).
    """

    text: str
    label: str
    against: str | None
    probability: float
    log_odds: float
    parts: pd.DataFrame = field(repr=False)

    def __str__(self) -> str:
        """The strongest clauses with their cues, a line each."""
        head = f"{self.label} {self.probability:.2f} (log odds {self.log_odds:+.2f})"
        rows = self.parts.itertuples(index=False)
        return "\n".join(
            [head, *(f"{'  ' * (r.part == 'cue')}{r.weight:+.2f} {r.part}: {r.text}" for r in rows)]
        )

    def __repr__(self) -> str:
        return f"Explanation({self.label!r}, {self.probability:.2f}, {len(self.parts)} parts, {len(self.text):,} characters)"

    def _repr_html_(self) -> str:
        from npp_nlp.display import explanation_html

        summary = f"{self.label} {self.probability:.2f} (log odds {self.log_odds:+.2f})"
        return explanation_html(self.text, summary, self.parts)


def explain(
    source: str | Document,
    paragraph: int | None = None,
    *,
    label: str | None = None,
    against: str | None = None,
    model: ModelLike = None,
) -> Explanation:
    """Say why a text, or paragraph number `paragraph` of a document, gets its label, or how far it might get `label`.

    The score is linear, so it is taken apart exactly: weights of clauses (strongest first, each followed by its
    strongest words), of the paragraph as a whole (length, order and shares of its clauses), and the start value (what
    the label has without any text) sum to the log odds. In a document the headings, neighbours and the section add
    theirs, and `own words in context` is how far the paragraph's own words are trusted more or less there. By default
    the odds are against the mean of all other labels, with `against` those of one label. (A text without a letter or
    digit is "other" by rule in `classify`, whatever its parts say.)

    Raises `ValueError` if a label is unknown, `IndexError` or `TypeError` if the paragraph is not one of the document.

    >>> found = explain("各位代表，今年要深化改革。")
    >>> found.label, found.parts.loc[0, "text"]
    ('driver', '今年要深化改革。')
    >>> rows = found.parts[found.parts["part"] != "cue"]
    >>> bool(abs(rows["weight"].sum() - found.log_odds) < 1e-9)
    True
    """
    loaded = load(model)
    text, offset, number = _chosen(source, paragraph)
    parts = next(attribute(loaded.classifier, [text]))
    scores = parts.total()
    rows: list[tuple[str, str, Floats]] = []
    if isinstance(source, Document) and loaded.weights is not None and number in labelled(source):
        scores, rows = _surroundings(source, number, loaded, scores)
    probabilities = softmax(scores[None])[0]
    names = loaded.labels
    which = int(probabilities.argmax()) if label is None else _index(names, label, "label")
    contrast = _contrast(names, which, against)
    table = [*_clause_rows(text, offset, parts, contrast), *_other_rows(parts, contrast)]
    table += [(name, said, None, None, float(values @ contrast)) for name, said, values in rows]
    return Explanation(
        text, names[which], against, float(probabilities[which]), float(scores @ contrast), _table(table)
    )


def cue_spans(
    texts: Sequence[str], labels: Sequence[str | None], *, model: ModelLike = None
) -> list[list[tuple[int, int]]]:
    """Offsets of the words that spoke most for the given label of each text; none where the label is missing.

    >>> cue_spans(["今年要深化改革。", "今年要深化改革。"], ["driver", None])[1]
    []
    """
    loaded = load(model)
    chosen = [i for i, label in enumerate(labels) if isinstance(label, str)]
    spans: list[list[tuple[int, int]]] = [[] for _ in texts]
    some = [texts[i] for i in chosen]
    told = [_index(loaded.labels, str(labels[i]), "label") for i in chosen]
    contrasts = np.array([_contrast(loaded.labels, i, None) for i in range(len(loaded.labels))])[told]
    parted = attribute(loaded.classifier, some, toward=contrasts)
    for i, words, parts in zip(chosen, _words(some), parted, strict=True):
        found = _cues(texts[i], words, parts, np.ones(1))
        spans[i] = sorted((cue.start, cue.end) for cues in found for cue in cues)
    return spans


def _chosen(source: str | Document, paragraph: int | None) -> tuple[str, int, int]:
    """Text, offset and number of the paragraph asked for."""
    if isinstance(source, str):
        if paragraph is not None:
            raise TypeError("paragraph is for documents: a text is one paragraph")
        return source, 0, -1
    if not isinstance(source, Document):
        raise TypeError(f"source must be a text or a Document, not {type(source).__name__}")
    if paragraph is None:
        raise TypeError("paragraph is missing: say which one of the document, counted from 0")
    if not 0 <= paragraph < len(source.paragraphs):
        raise IndexError(f"paragraph {paragraph}: {source.id!r} has {len(source.paragraphs)} paragraphs")
    chosen = source.paragraphs[paragraph]
    return chosen.text, chosen.start, paragraph


def _index(names: list[str], label: str, argument: str) -> int:
    if label not in names:
        raise ValueError(f"{argument}={label!r}: must be one of {', '.join(names)}")
    return names.index(label)


def _contrast(names: list[str], which: int, against: str | None) -> Floats:
    """The vector that turns scores into log odds of one label against the mean of the others, or against one."""
    if against is None:
        contrast = np.full(len(names), -1 / (len(names) - 1))
    else:
        contrast = np.zeros(len(names))
        contrast[_index(names, against, "against")] = -1.0
        if names[which] == against:
            raise ValueError(f"against={against!r}: this is the label itself; name another one")
    contrast[which] = 1.0
    return contrast


def _surroundings(
    document: Document, number: int, loaded: Loaded, own: Floats
) -> tuple[Floats, list[tuple[str, str, Floats]]]:
    """Scores in context, and what makes the difference to the paragraph's own scores, as (part, words, values)."""
    weights = loaded.weights
    assert weights is not None  # noqa: S101 (the caller asked)
    chosen = labelled(document)
    row = chosen.index(number)
    probabilities = alone([document.paragraphs[i].text for i in chosen], loaded)
    around = surrounding.surroundings(document.paragraphs, probabilities, chosen)
    near = weights.near * np.log(around.near[row] + surrounding.EPSILON)
    section = weights.section * np.log(around.section[row] + surrounding.EPSILON)
    heading = weights.heading[around.announced[row]]
    scores = surrounding.scores(probabilities, around, weights)[row]
    said = surrounding.ANNOUNCED[around.announced[row]]
    names = loaded.labels
    return scores, [
        ("own words in context", "", scores - near - section - heading - own),
        ("neighbours", f"mostly {names[int(around.near[row].argmax())]}", near),
        ("section", f"mostly {names[int(around.section[row].argmax())]}", section),
        ("heading", f"announces {said}", heading),
    ]


_Row = tuple[str, str, int | None, int | None, float]


def _clause_rows(text: str, offset: int, parts: Attribution, contrast: Floats) -> list[_Row]:
    """A row for each clause, the strongest first, followed by its cues."""
    sums = [parts.characters[start:end].sum(axis=0) for start, end in parts.spans]
    weights = [float((s + c) @ contrast) for s, c in zip(sums, parts.clauses, strict=True)]
    cues = _cues(text, _words([text])[0], parts, contrast)
    rows: list[_Row] = []
    for k in sorted(range(len(weights)), key=lambda k: (-weights[k], k)):
        start, end = parts.spans[k]
        end = start + len(text[start:end].rstrip())
        rows.append(("clause", text[start:end], offset + start, offset + end, weights[k]))
        rows += [("cue", text[c.start : c.end], offset + c.start, offset + c.end, c.weight) for c in cues[k]]
    return rows


def _other_rows(parts: Attribution, contrast: Floats) -> list[_Row]:
    whole, constant = float(parts.whole @ contrast), float(parts.constant @ contrast)
    return [
        ("paragraph", "length, order and shares of its clauses", None, None, whole),
        ("start value", "without any text", None, None, constant),
    ]


def _words(texts: Sequence[str]) -> list[NDArray[np.int32]]:
    """Starts and ends of the words of each text, one row per word."""
    tokens = default_segmenter().segment_batch(texts)
    spans = np.stack([tokens.starts, tokens.ends], axis=1)
    return [spans[tokens.span(i)] for i in range(len(texts))]


def _cues(text: str, words: NDArray[np.int32], parts: Attribution, contrast: Floats) -> list[list[_Cue]]:
    """The strongest words of each clause that speak for the label; words that touch are one cue."""
    weight = np.concatenate([[0.0], np.cumsum(parts.characters @ contrast)])
    gain = weight[words[:, 1]] - weight[words[:, 0]]
    for_it = np.flatnonzero(gain > 0)
    order = for_it[np.argsort(-gain[for_it], kind="stable")]
    least = 0.0
    chosen: list[list[_Cue]] = [[] for _ in parts.spans]
    begins = [start for start, _ in parts.spans]
    for (start, end), value in zip(words[order].tolist(), gain[order].tolist(), strict=True):
        if value < least:
            break
        if _says_something(text[start:end]):
            least = least or _LEAST * value
            clause = bisect_right(begins, start) - 1
            if clause >= 0 and start < parts.spans[clause][1] and len(chosen[clause]) < _PER_CLAUSE:
                chosen[clause].append(_Cue(start, end, value))
    return [_joined(sorted(cues)) for cues in chosen]


def _says_something(word: str) -> bool:
    """Whether a word means something to a reader: of single characters only 要, 将, 了 … do."""
    return (len(word) > 1 or word in forms_by_length()[1]) and any(map(str.isalnum, word))


def _joined(cues: list[_Cue]) -> list[_Cue]:
    """Cues in reading order, those that touch as one."""
    out: list[_Cue] = []
    for cue in cues:
        if out and out[-1].end == cue.start:
            cue = _Cue(out[-1].start, cue.end, out.pop().weight + cue.weight)
        out.append(cue)
    return out


def _table(rows: list[_Row]) -> pd.DataFrame:
    import pandas as pd

    part, text, start, end, weight = zip(*rows, strict=True)
    return pd.DataFrame(
        {
            "part": pd.Series(part, dtype="str"),
            "text": pd.Series(text, dtype="str"),
            "start": pd.Series(start, dtype="Int64"),
            "end": pd.Series(end, dtype="Int64"),
            "weight": pd.Series(weight, dtype="float64"),
        }
    )
