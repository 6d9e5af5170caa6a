"""Part files: Parquet files that hold the rows of some inputs and, in their footer, what these inputs were.

A part comes into being by one rename. Its footer is the record of what is done, so that record and rows cannot disagree,
whenever a run is killed.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
from pyarrow import parquet

from npp_nlp.batch.inputs import Failure
from npp_nlp.batch.schema import TAG_SCHEMA

ROWS = 4096
"""Rows of a row group: always this many but for the last, so that the bytes do not depend on how rows arrived."""
TEMPORARY = ".unfinished-"
_NAME = re.compile(r"part-(\d{6,})\.parquet")
_INPUTS, _PROVENANCE = b"npp_nlp.inputs", b"npp_nlp"


@dataclass(frozen=True)
class Entry:
    """What became of one input: its content, its documents and rows, its failures; `again` says that a retry may help."""

    path: str
    name: str
    size: int
    sha256: str | None
    documents: int = 0
    rows: int = 0
    failures: tuple[Failure, ...] = ()
    again: bool = False


def part_path(folder: Path, number: int) -> Path:
    """Where the part of that number lies."""
    return folder / f"part-{number:06}.parquet"


def is_part(path: Path) -> bool:
    """Whether a path has the name of a part."""
    return _NAME.fullmatch(path.name) is not None


def list_parts(folder: Path) -> list[tuple[int, Path]]:
    """Number and path of the finished parts, in order."""
    found = ((match, path) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name)))
    return sorted((int(match[1]), path) for match, path in found)


def read_footer(path: Path) -> tuple[list[Entry], dict[str, Any]]:
    """The inputs of a part, in the order of their rows, and the provenance; raises `ValueError` if it is no part."""
    try:
        metadata = parquet.read_metadata(path).metadata or {}
        entries = [
            Entry(**{**entry, "failures": tuple(Failure(*pair) for pair in entry["failures"])})
            for entry in json.loads(metadata[_INPUTS])
        ]
        return entries, json.loads(metadata[_PROVENANCE])
    except (KeyError, TypeError, ValueError, pa.ArrowException) as error:
        raise ValueError(f"{path}: no part of a batch, or damaged: remove it, or overwrite all") from error


def read_groups(path: Path) -> Iterator[pa.RecordBatch]:
    """The rows of a part, one row group at a time."""
    with parquet.ParquetFile(path) as file:
        yield from file.iter_batches(batch_size=ROWS)


class PartWriter:
    """Writes a part to a temporary file; it counts once `close` has come through and the file has been renamed."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb")
        self._writer = parquet.ParquetWriter(self._file, TAG_SCHEMA, compression="zstd")
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._file.closed:
            self._file.close()

    def write(self, batch: pa.RecordBatch) -> None:
        """Add rows."""
        self._waiting.append(batch)
        self._rows += batch.num_rows
        if self._rows >= ROWS:
            self._flush(ROWS)

    def _flush(self, least: int) -> None:
        table = pa.Table.from_batches(self._waiting, TAG_SCHEMA)
        start = 0
        while table.num_rows - start >= least and start < table.num_rows:
            self._writer.write_table(table.slice(start, ROWS), row_group_size=ROWS)
            start += ROWS
        rest = table.slice(start).combine_chunks()  # lets go of what was written
        self._waiting, self._rows = rest.to_batches(), rest.num_rows

    def close(self, entries: Sequence[Entry], provenance: Mapping[str, Any]) -> None:
        """Write what is left and the footer, down to the disk."""
        self._flush(1)
        notes = {
            _INPUTS: json.dumps([asdict(entry) for entry in entries]),
            _PROVENANCE: json.dumps(provenance),
        }
        self._writer.add_key_value_metadata(notes)
        self._writer.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
