"""Data that is in another system already: Arrow tables and streams of batches of any size, tagged piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa
from pyarrow import compute

from npp_nlp.batch.kernel import TOP, tag_batch
from npp_nlp.batch.schema import TAG_SCHEMA
from npp_nlp.batch.work import CHARACTERS, DOCUMENTS


def tag_table(table: pa.Table, *, top: int = TOP) -> pa.Table:
    """Tag the texts of an Arrow table: a table with the columns of `TAG_SCHEMA`; columns and errors as in `tag_batch`.

    What Ray's `dataset.map_batches(tag_table, batch_format="pyarrow")` calls.

    >>> texts = pa.table({"doc_id": ["a", "b"], "text": ["要加快发展新质生产力。", "要扩大内需。"]})
    >>> tag_table(texts, top=1).column("doc_id").to_pylist()
    ['a', 'b']
    """
    return pa.Table.from_batches(tag_batches(table.to_batches(), top=top), TAG_SCHEMA)


def tag_batches(batches: Iterable[pa.RecordBatch], *, top: int = TOP) -> Iterator[pa.RecordBatch]:
    """Tag a stream of Arrow batches of any size, a bounded number of characters at a time; errors as in `tag_batch`.

    What Spark's `frame.mapInArrow(tag_batches, SPARK_SCHEMA)` calls.

    >>> texts = pa.RecordBatch.from_pydict({"doc_id": ["a"], "text": ["要扩大内需。"]})
    >>> [batch.num_rows for batch in tag_batches([texts, texts])]
    [1, 1]
    """
    for batch in batches:
        for start, end in _pieces(batch):
            yield tag_batch(batch.slice(start, end - start), top=top)


def _pieces(batch: pa.RecordBatch) -> Iterator[tuple[int, int]]:
    """Where to cut a batch: so many rows or characters at once, and one text at least."""
    if "text" not in batch.schema.names:
        yield 0, batch.num_rows  # the kernel says what is missing
        return
    start = size = 0
    for row, length in enumerate(compute.utf8_length(batch.column("text")).to_pylist()):
        if row > start and (row - start >= DOCUMENTS or size + (length or 0) > CHARACTERS):
            yield start, row
            start, size = row, 0
        size += length or 0
    if start < batch.num_rows:
        yield start, batch.num_rows
