"""The columns of a batch: what `tag_batch` takes and what it gives."""

from __future__ import annotations

import pyarrow as pa

HINTS = pa.list_(
    pa.struct(
        {
            "start": pa.int64(),
            "role": pa.string(),
            "level": pa.int64(),
            "whole": pa.bool_(),
            "reason": pa.string(),
        }
    )
)
"""What a file says about its lines, as `npp_nlp.document.Hint` has it."""

INPUT_SCHEMA = pa.schema(
    {
        "doc_id": pa.string(),
        "text": pa.string(),
        "year": pa.int64(),
        "date": pa.string(),
        "region": pa.string(),
        "title": pa.string(),
        "path": pa.string(),
        "hints": HINTS,
    }
)
"""Columns that `tag_batch` reads; `doc_id` and `text` are needed, the others may be absent or null."""

TERMS = pa.list_(
    pa.struct(
        {
            "term": pa.string(),
            "n": pa.int64(),
            "start": pa.int64(),
            "score": pa.float64(),
            "source": pa.string(),
        }
    )
)
"""Key terms of the document in a paragraph, best first: n in it, offset of the first one, score in the document."""

TAG_SCHEMA = pa.schema(
    {
        "doc_id": pa.string(),
        "paragraph": pa.int64(),
        "kind": pa.string(),
        "start": pa.int64(),
        "end": pa.int64(),
        "text": pa.string(),
        "label": pa.string(),
        "score": pa.float64(),
        "achievement": pa.float64(),
        "challenge": pa.float64(),
        "driver": pa.float64(),
        "other": pa.float64(),
        "terms": TERMS,
        "year": pa.int64(),
        "region": pa.string(),
        "title": pa.string(),
        "path": pa.string(),
    }
)
"""Columns that `tag_batch` gives: one row per paragraph, in reading order."""
