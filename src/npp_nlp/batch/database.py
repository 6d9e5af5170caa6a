"""Results as a DuckDB database."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from npp_nlp.batch.extras import needed
from npp_nlp.batch.inputs import Failure
from npp_nlp.batch.schema import TAG_SCHEMA

SETTINGS = {
    "threads": 1,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "storage_compatibility_version": "v1.0.0",
}
"""One thread keeps the order of the rows; nothing is fetched; any DuckDB from 1.0 reads the file."""
TERMS = "CREATE VIEW terms AS SELECT doc_id, paragraph, unnest(terms, max_depth := 2) FROM paragraphs"


def write_database(
    path: Path, groups: Iterable[pa.RecordBatch], failures: Iterable[Failure], provenance: Mapping[str, Any]
) -> None:
    """Write a database, down to the disk: tables paragraphs (`TAG_SCHEMA`), failures, provenance; view terms.

    `failures` has path and reason; `provenance` name and value, the value as JSON; `terms` a row for each term of a
    paragraph. Raises `OSError` if it cannot be written.
    """
    duckdb = needed("duckdb")
    tables = {
        "paragraphs": pa.RecordBatchReader.from_batches(TAG_SCHEMA, iter(groups)),
        "failures": _texts("path", "reason", failures),
        "provenance": _texts("name", "value", ((k, _json(v)) for k, v in sorted(provenance.items()))),
    }
    remove_database(path)
    try:
        with duckdb.connect(str(path), config=SETTINGS) as connection:
            for name, rows in tables.items():
                connection.from_arrow(rows).create(name)
            connection.execute(TERMS)
    except duckdb.Error as error:
        raise OSError(f"the database could not be written: {' '.join(str(error).split())}") from error
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def remove_database(path: Path) -> None:
    """Remove a database and its log."""
    for old in (path, path.with_name(f"{path.name}.wal")):
        old.unlink(missing_ok=True)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _texts(first: str, second: str, rows: Iterable[tuple[str, str]]) -> pa.Table:
    pairs = list(rows)
    columns = {
        name: pa.array([pair[i] for pair in pairs], pa.string()) for i, name in enumerate((first, second))
    }
    return pa.table(columns)
