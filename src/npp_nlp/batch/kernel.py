"""The one function that every engine runs: texts in, tagged paragraphs out, as Arrow batches.

A document's rows depend on that document alone, so any engine may cut its documents into batches as it likes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import pyarrow as pa

from npp_nlp.batch.schema import INPUT_SCHEMA, TAG_SCHEMA, TERMS
from npp_nlp.document import Document, Hint
from npp_nlp.labels.classifying import LABELS, judge, labelled, load
from npp_nlp.matching import TermMatcher, leftmost_longest
from npp_nlp.reading import document_from_text
from npp_nlp.segmentation import default_segmenter
from npp_nlp.terms.mentions import Ranked, term_key
from npp_nlp.terms.ranking import rank
from npp_nlp.terms.spans import Ints
from npp_nlp.text import codepoints, fold, fold_codepoints, valid_unicode

TOP = 20
"""Key terms of each document, unless told otherwise."""


def tag_batch(batch: pa.RecordBatch, *, top: int = TOP) -> pa.RecordBatch:
    """Tag the paragraphs of texts: one row per paragraph, in the columns of `TAG_SCHEMA`.

    `batch` has the columns doc_id and text, and any of year, date, region, title, path and hints (`INPUT_SCHEMA`); others
    are left alone. What is given wins over what the text says of itself; a text that is null or blank has no rows.

    In the result `paragraph` counts from 0 in each document, `start` and `end` are offsets in `Document.text`
    (the paragraphs one to a line). Label, score (the highest of the four) and the probabilities are those of
    `classify`, null for the kinds that get no label (title, caption, footnote, …). `terms` lists those of the `top`
    key terms of the document (`key_terms`) that stand in the paragraph, best first: term, n (occurrences in
    the paragraph, those inside longer terms included), start (offset of the first), score (in the document) and
    source. The sum of n over a document is the n of `key_terms`. Year, region, title and path are the document's.

    Rows of a document are the same whatever else is in the batch. Raises `ValueError` if a column or a doc_id is missing, a
    year is no whole number or `top` is below 1.

    >>> texts = pa.RecordBatch.from_pydict({"doc_id": ["a"], "text": ["要加快发展新质生产力。"]})
    >>> row = tag_batch(texts, top=1).to_pylist()[0]
    >>> row["label"], [(t["term"], t["n"], t["start"]) for t in row["terms"]]
    ('driver', [('新质生产力', 1, 5)])
    """
    if top < 1:
        raise ValueError(f"top={top}: must be at least 1")
    missing = [name for name in ("doc_id", "text") if name not in batch.schema.names]
    if missing:
        raise ValueError(f"batch has no column {', '.join(missing)}; it has {', '.join(batch.schema.names)}")
    wanted = [name for name in batch.schema.names if name in INPUT_SCHEMA.names]
    rows = batch.select(wanted).to_pylist()
    documents = [_document(row) for row in rows]
    return _tagged(documents, [row.get("path") for row in rows], top)


def _document(row: dict[str, Any]) -> Document:
    if row["doc_id"] is None:
        raise ValueError("batch has a row without doc_id")
    given = ((name, row.get(name)) for name in ("year", "date", "region", "title"))
    known = {
        name: value for name, value in given if value == value
    }  # NaN, which differs from itself, is a missing year
    hints = [Hint(**hint) for hint in row.get("hints") or ()]
    return document_from_text(row["text"] or "", str(row["doc_id"]), known, hints)


def _tagged(documents: Sequence[Document], paths: Sequence[str | None], top: int) -> pa.RecordBatch:
    """The rows of documents; `paths` are those of the files they are from."""
    first = [0, *accumulate(len(document.paragraphs) for document in documents)]
    paragraphs = [p for document in documents for p in document.paragraphs]
    of = [number for number, document in enumerate(documents) for _ in document.paragraphs]
    columns: dict[str, Any] = {
        "doc_id": [documents[i].id for i in of],
        "paragraph": np.arange(len(of)) - np.array(first, dtype=np.int64)[of],
        "kind": [p.kind for p in paragraphs],
        "start": [p.start for p in paragraphs],
        "end": [p.end for p in paragraphs],
        "text": [p.text for p in paragraphs],
        **_labels(documents, first),
        "terms": _terms(documents, first, top),
        "year": [documents[i].year for i in of],
        "region": [_text(documents[i].region) for i in of],
        "title": [_text(documents[i].title) for i in of],
        "path": [paths[i] for i in of],
    }
    arrays = [
        columns[field.name]
        if isinstance(columns[field.name], pa.Array)
        else pa.array(columns[field.name], field.type)
        for field in TAG_SCHEMA
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=TAG_SCHEMA)


def _text(value: str | None) -> str | None:
    return None if value is None else valid_unicode(value)


def _labels(documents: Sequence[Document], first: Sequence[int]) -> dict[str, pa.Array]:
    """Label, score and probabilities of every paragraph, null for kinds that get none."""
    loaded = load(None)
    rows = [
        base + i for base, document in zip(first[:-1], documents, strict=True) for i in labelled(document)
    ]
    absent = np.ones(first[-1], dtype=np.bool_)
    absent[rows] = False
    probabilities = np.zeros((first[-1], len(LABELS)))
    if rows:
        order = [loaded.labels.index(label) for label in LABELS]
        probabilities[rows] = judge(list(documents), loaded).probabilities[:, order]
    best = probabilities.argmax(axis=1)
    names = [None if gone else LABELS[k] for gone, k in zip(absent.tolist(), best.tolist(), strict=True)]
    numbers = {"score": probabilities.max(axis=1)}
    numbers |= {str(label): column for label, column in zip(LABELS, probabilities.T, strict=True)}
    return {
        "label": pa.array(names, pa.string()),
        **{
            name: pa.array(np.ascontiguousarray(column), pa.float64(), mask=absent)
            for name, column in numbers.items()
        },
    }


def _terms(documents: Sequence[Document], first: Sequence[int], top: int) -> pa.Array:
    """For every paragraph the key terms of its document that stand in it."""
    # U+0000, which damaged tables hold, is what the matcher fills up with: no term has it
    ranked = [r for r in rank(documents, 0, top, default_segmenter()) if "\0" not in r.term]
    starts, owner, offsets = _mentions(documents, ranked)
    places = np.array(
        [offset + p.start for offset, d in zip(offsets, documents, strict=True) for p in d.paragraphs],
        dtype=np.int64,
    )
    row = np.searchsorted(places, starts, side="right") - 1
    # `ranked` has the best terms of a document first: the keys sort by paragraph, then by rank
    key = row * max(len(ranked), 1) + owner
    pairs, at, n = np.unique(key, return_index=True, return_counts=True)
    chosen = [ranked[i] for i in (pairs % max(len(ranked), 1)).tolist()]
    document = np.array([r.document for r in chosen], dtype=np.int64)
    base = np.array(offsets, dtype=np.int64)
    fields = {
        "term": [r.term for r in chosen],
        "n": n,
        "start": starts[at] - base[document] if len(at) else at,
        "score": [r.score for r in chosen],
        "source": [r.source for r in chosen],
    }
    kind = TERMS.value_type
    values = pa.StructArray.from_arrays(
        [pa.array(fields[kind.field(i).name], kind.field(i).type) for i in range(kind.num_fields)],
        fields=[kind.field(i) for i in range(kind.num_fields)],
    )
    counts = np.bincount(pairs // max(len(ranked), 1), minlength=first[-1])
    limits = np.concatenate([[0], np.cumsum(counts)])
    return pa.ListArray.from_arrays(pa.array(limits, pa.int32()), values, type=TERMS)


def _mentions(documents: Sequence[Document], ranked: Sequence[Ranked]) -> tuple[Ints, Ints, list[int]]:
    """Start of each occurrence and its place in `ranked`, term by term; and the offset of each document.

    One matcher knows the written forms of all documents; a match counts where its own document has the form, and
    there for the term that `npp_nlp.terms.mentions` would give it to in a corpus of that document alone.
    """
    texts = [document.text + "\n" for document in documents]
    offsets = [0, *accumulate(map(len, texts))][:-1]
    forms: dict[str, int] = {}
    owned = _owned(ranked, forms)
    none = np.zeros(0, dtype=np.int64)
    if not owned:
        return none, none, offsets
    matcher = TermMatcher(list(forms), range(len(forms)))
    starts, ends, form = matcher.all_matches(fold_codepoints(codepoints("".join(texts))))
    document = np.searchsorted(np.array(offsets, dtype=np.int64), starts, side="right") - 1
    keys = np.array(sorted(owned), dtype=np.int64)
    owners = np.array([owned[key] for key in keys.tolist()], dtype=np.int64)
    key = document * len(forms) + form
    at = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
    kept = keys[at] == key
    starts, ends, owner = starts[kept], ends[kept], owners[at[kept]]
    order = np.lexsort((-ends, starts, owner))
    shift = owner[order] * (sum(map(len, texts)) + 1)  # lays the terms one after the other
    order = order[leftmost_longest(starts[order] + shift, ends[order] + shift)]
    return starts[order], owner[order], offsets


def _owned(ranked: Sequence[Ranked], forms: dict[str, int]) -> dict[int, int]:
    """Document and form -> place in `ranked`, the first claim counts; numbers the forms in `forms`."""
    claims: dict[tuple[int, str], int] = {}
    terms: dict[tuple[int, str], int] = {}
    for place, row in enumerate(ranked):  # a term's own name goes before the variants of others
        own = terms.setdefault((row.document, term_key(row.term)), place)
        claims.setdefault((row.document, fold(row.term)), own)
    for row in ranked:
        own = terms[row.document, term_key(row.term)]
        for form in map(fold, row.forms):
            claims.setdefault((row.document, form), own)
            claims.setdefault((row.document, form.replace('"', "")), own)
    for _, form in claims:
        forms.setdefault(form, len(forms))
    return {document * len(forms) + forms[form]: place for (document, form), place in claims.items()}


def warm_up() -> None:
    """Load the models, so that the first batch takes no longer than the next."""
    tag_batch(pa.RecordBatch.from_pydict({"doc_id": ["a"], "text": ["深化改革。"]}))
