"""The text of a corpus as the page holds it, and offsets into it.

The text of the page is the paragraphs of all documents, one to a line. JavaScript counts UTF-16 units, so offsets are given
in these: a character outside the basic plane is two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from npp_nlp.document import Corpus, Kind
from npp_nlp.labels import LABELS, cue_spans
from npp_nlp.text import codepoints

Ints = NDArray[np.int64]
KINDS: tuple[str, ...] = get_args(Kind)


@dataclass(frozen=True)
class PageText:
    """Where each paragraph starts in the page's text.

    `key` is the sorted place of a paragraph in the corpus: its document and its offset there; `start` its offset in the
    page in characters, `inner` its offset in the document; `units` is the offset in UTF-16 of every character.
    """

    key: Ints
    start: Ints
    inner: Ints
    size: int
    units: Ints | None

    def places(self, document: Ints, offset: Ints) -> Ints:
        """Offsets in the page of offsets in `Document.text`, which must lie inside paragraphs or at their ends."""
        at = np.searchsorted(self.key, document * self.size + offset, side="right") - 1
        place = self.start[at] + offset - self.inner[at]
        return place if self.units is None else self.units[place]


def page_text(corpus: Corpus) -> PageText:
    """Where the paragraphs of the documents stand in the page.

    >>> text = page_text(Corpus.from_texts(["扩大内需。", "𠀀深化改革。"]))
    >>> text.places(np.array([0, 1]), np.array([2, 1])).tolist()
    [2, 8]
    """
    size = max((len(document.text) for document in corpus), default=0) + 1
    paragraphs = [(number, p) for number, document in enumerate(corpus) for p in document.paragraphs]
    key = np.array([number * size + p.start for number, p in paragraphs], dtype=np.int64)
    inner = np.array([p.start for _, p in paragraphs], dtype=np.int64)
    lengths = np.array([len(p.text) for _, p in paragraphs], dtype=np.int64)
    points = codepoints("\n".join(p.text for _, p in paragraphs))
    units = None
    if (points > 0xFFFF).any():
        units = np.concatenate([[0], np.cumsum(1 + (points > 0xFFFF))]).astype(np.int64)
    return PageText(key, np.cumsum(lengths + 1) - lengths - 1, inner, size, units)


def documents_data(
    corpus: Corpus, tables: Mapping[str, Any], group: Iterable[int], terms: Mapping[str, list[list[int]]]
) -> list[dict[str, Any]]:
    """What the page holds of each document: facts, paragraphs with kind, label, score and cues, key terms.

    `group` is the number of each document's group, -1 for none; `terms` are rows of its key terms by document.
    """
    known = _labels_of(tables["labels"])
    shown = []
    for document, number in zip(corpus, group, strict=True):
        texts = [p.text for p in document.paragraphs]
        rows = [known.get((document.id, i), (-1, -1)) for i in range(len(texts))]
        telling = [LABELS[label] if label >= 0 and LABELS[label] != "other" else None for label, _ in rows]
        shown.append(
            {
                "id": document.id,
                "title": document.title or document.id,
                "group": number,
                "facts": [str(v) for v in (document.year, document.region, document.date) if v is not None],
                "paragraphs": texts,
                "kinds": [KINDS.index(p.kind) for p in document.paragraphs],
                "labels": [label for label, _ in rows],
                "scores": [score for _, score in rows],
                "cues": [_flat(t, s) for t, s in zip(texts, cue_spans(texts, telling), strict=True)],
                "terms": terms.get(document.id, []),
            }
        )
    return shown


def _labels_of(labels: Any) -> dict[tuple[str, int], tuple[int, int]]:
    """Number of the label and score in percent of each labelled paragraph."""
    number = {label: i for i, label in enumerate(LABELS)}
    columns = (labels["doc_id"], labels["paragraph"].tolist(), labels["label"], labels["score"])
    rows = zip(*columns, strict=True)
    return {(name, at): (number[label], round(100 * score)) for name, at, label, score in rows}


def _flat(text: str, spans: Iterable[tuple[int, int]]) -> list[int]:
    """Spans as one list of starts and ends, in UTF-16 units."""
    flat = [edge for span in spans for edge in span]
    return flat if text.isascii() or max(text) <= "\uffff" else [_utf16(text[:edge]) for edge in flat]


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
