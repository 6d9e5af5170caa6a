"""Parts of a corpus that keep their place: documents with the same text, of which only some passages count.

Layer 6. A restricted document has the id, text and metadata of the whole one; its paragraphs are only the kept pieces, with
their true offsets. `count_terms`, `key_terms`, `discover_terms`, `concept_graph`, `classify`, `concordance` and
`compare` read the paragraphs, so they see nothing else, and what they find still points into the whole text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from npp_nlp.dataframes import as_frame
from npp_nlp.document import Corpus, Document, Paragraph, Source, as_corpus

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]


def restrict(source: Source, spans: pd.DataFrame) -> Corpus:
    r"""The corpus with only the given passages: `spans` is a table with `doc_id, start, end` (others are ignored).

    Spans are offsets in `Document.text`, in any order; they may overlap, be empty and cross paragraphs. Pieces that
    touch inside one paragraph are one piece; pieces of blanks are left out. A document of which nothing is kept stays,
    without paragraphs. In a piece cut out of a paragraph, `source_spans` are cut likewise.
    Raises `ValueError` if a column is missing, a document is not in the corpus or a span is not inside its text.

    >>> import pandas as pd
    >>> kept = restrict("扩大内需。\n深化改革。", pd.DataFrame({"doc_id": ["text"], "start": [2], "end": [8]}))
    >>> [(p.text, p.start, p.end) for p in kept[0].paragraphs]
    [('内需。', 2, 5), ('深化', 6, 8)]
    """
    corpus = as_corpus(source)
    starts, ends = _union(corpus, spans)
    return _cut(corpus, starts, ends)


def without(source: Source, spans: pd.DataFrame) -> Corpus:
    """The corpus without the given passages; the rest as in `restrict`.

    >>> import pandas as pd
    >>> rest = without("扩大内需，深化改革。", pd.DataFrame({"doc_id": ["text"], "start": [4], "end": [9]}))
    >>> [(p.text, p.start) for p in rest[0].paragraphs]
    [('扩大内需', 0), ('。', 9)]
    """
    corpus = as_corpus(source)
    starts, ends = _union(corpus, spans)
    total = int(_offsets(corpus)[-1])
    return _cut(corpus, np.append(0, ends), np.append(starts, total))


def labelled_spans(labels: pd.DataFrame, source: Source, label: str) -> pd.DataFrame:
    r"""Table `doc_id, start, end` of the paragraphs that have a label in a table of `classify`.

    A table of sentences has its own `start` and `end`, which are taken. Raises `ValueError` if the label is in no row.

    >>> import pandas as pd
    >>> table = pd.DataFrame({"doc_id": ["text"], "paragraph": [1], "label": ["driver"]})
    >>> labelled_spans(table, "去年增长5%。\n深化改革。", "driver").values.tolist()
    [['text', 8, 13]]
    """
    import pandas as pd

    labels = as_frame(labels, "labels")
    chosen = labels[labels["label"] == label]
    if not len(chosen):
        known = ", ".join(sorted(map(str, labels["label"].dropna().unique())))
        raise ValueError(f"no paragraph has the label {label!r}; the labels found are {known or 'none'}")
    if {"start", "end"} <= set(chosen.columns):
        return chosen[["doc_id", "start", "end"]].reset_index(drop=True)
    place = {(d.id, i): (p.start, p.end) for d in as_corpus(source) for i, p in enumerate(d.paragraphs)}
    rows = [
        (name, *place[name, number])
        for name, number in zip(chosen["doc_id"], chosen["paragraph"].tolist(), strict=True)
    ]
    return pd.DataFrame(rows, columns=["doc_id", "start", "end"])


def _offsets(corpus: Corpus) -> Ints:
    """Where each document begins if all are laid one after the other, with a gap of one; and the end."""
    lengths = np.fromiter((len(d.text) + 1 for d in corpus), dtype=np.int64, count=len(corpus))
    return np.append(0, np.cumsum(lengths))


def _union(corpus: Corpus, spans: pd.DataFrame) -> tuple[Ints, Ints]:
    """The spans in the coordinates of `_offsets`: sorted, apart from one another, none empty."""
    spans = as_frame(spans, "spans")
    missing = [name for name in ("doc_id", "start", "end") if name not in spans.columns]
    if missing:
        raise ValueError(
            f"spans has no column {', '.join(missing)}: it has {', '.join(map(str, spans.columns))}"
        )
    number = {document.id: i for i, document in enumerate(corpus)}
    unknown = sorted({str(name) for name in spans["doc_id"].unique() if name not in number})
    if unknown:
        raise ValueError(f"spans are of documents that are not in the corpus: {', '.join(unknown[:5])}")
    document = spans["doc_id"].map(number).to_numpy(dtype=np.int64)
    starts, ends = (spans[name].to_numpy(dtype=np.int64) for name in ("start", "end"))
    offsets = _offsets(corpus)
    lengths = np.diff(offsets) - 1
    wrong = np.flatnonzero((starts < 0) | (ends < starts) | (ends > lengths[document]))
    if len(wrong):
        row = wrong[0]
        where = f"{corpus[int(document[row])].id!r} of {lengths[document[row]]} characters"
        raise ValueError(f"span {starts[row]} to {ends[row]} is not inside {where}")
    starts, ends = starts + offsets[document], ends + offsets[document]
    order = np.argsort(starts[ends > starts], kind="stable")
    starts, ends = starts[ends > starts][order], ends[ends > starts][order]
    if not len(starts):
        return starts, ends
    reach = np.maximum.accumulate(ends)
    opens = np.append(True, starts[1:] > reach[:-1])
    return starts[opens], reach[np.append(np.flatnonzero(opens)[1:] - 1, len(reach) - 1)]


def _cut(corpus: Corpus, starts: Ints, ends: Ints) -> Corpus:
    """The documents with the parts of their paragraphs that lie in the spans, which are sorted and apart."""
    offsets = _offsets(corpus)
    sizes = np.fromiter((len(d.paragraphs) for d in corpus), dtype=np.int64, count=len(corpus))
    owner = np.repeat(np.arange(len(corpus)), sizes)
    count = int(sizes.sum())
    begin, stop = (
        np.fromiter((getattr(p, side) for d in corpus for p in d.paragraphs), np.int64, count)
        + offsets[owner]
        for side in ("start", "end")
    )
    low = np.searchsorted(ends, begin, side="right")
    parts = np.maximum(np.searchsorted(starts, stop, side="left") - low, 0)
    piece = np.repeat(np.arange(count), parts)
    span = np.arange(len(piece)) - np.repeat(np.cumsum(parts) - parts, parts) + low[piece]
    first = np.maximum(starts[span], begin[piece]) - begin[piece]
    last = np.minimum(ends[span], stop[piece]) - begin[piece]
    flat = [paragraph for document in corpus for paragraph in document.paragraphs]
    kept: list[list[Paragraph]] = [[] for _ in corpus]
    columns = (array.tolist() for array in (piece, owner[piece], first, last))
    for number, document, a, b in zip(*columns, strict=True):
        part = _part(flat[number], a, b)
        if part.text.strip():
            kept[document].append(part)
    documents = zip(corpus, kept, strict=True)
    return Corpus(tuple(_with(document, paragraphs) for document, paragraphs in documents), corpus.unread)


def _with(document: Document, paragraphs: list[Paragraph]) -> Document:
    return replace(document, paragraphs=tuple(paragraphs))


def _part(paragraph: Paragraph, first: int, last: int) -> Paragraph:
    if first == 0 and last == len(paragraph.text):
        return paragraph
    sources, place = [], 0
    for a, b in paragraph.source_spans:
        low, high = max(first - place, 0), min(last - place, b - a)
        if low < high:
            sources.append((a + low, a + high))
        place += b - a
    return replace(
        paragraph,
        text=paragraph.text[first:last],
        start=paragraph.start + first,
        end=paragraph.start + last,
        source_spans=tuple(sources),
    )
