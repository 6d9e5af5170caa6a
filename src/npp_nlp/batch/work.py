"""One unit of work: some inputs tagged into one part file. Every engine calls `write_part`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from npp_nlp.batch.inputs import Failure, Row, content_hash, rows_of
from npp_nlp.batch.kernel import tag_batch
from npp_nlp.batch.parts import Entry, PartWriter, read_footer, read_groups
from npp_nlp.batch.schema import INPUT_SCHEMA

CHARACTERS = 100_000
"""Characters tagged at once: bounds the temporary arrays."""
DOCUMENTS = 64
Action = Literal["tag", "alone", "copy", "failed"]


@dataclass(frozen=True, slots=True)
class Item:
    """An input of a task and what to do: tag it, with others or alone; copy its rows; or list it as failed."""

    path: str
    name: str
    size: int
    action: Action = "tag"
    reason: str = ""


@dataclass(frozen=True)
class Task:
    """A part to write: its number, the temporary file, an older version to copy from, the inputs and the settings."""

    number: int
    temporary: str
    items: tuple[Item, ...]
    old: str | None = None
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """The task on one line of ASCII."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Task:
        """The task that `to_json` wrote."""
        values = json.loads(line)
        return cls(**{**values, "items": tuple(Item(**item) for item in values["items"])})


class _Tally:
    """What became of an input so far."""

    def __init__(self, item: Item, place: int) -> None:
        self.place = place
        self.entry = Entry(item.path, item.name, item.size, None)
        self.failures: list[Failure] = []
        self.documents = self.rows = 0

    def closed(self) -> Entry:
        return replace(self.entry, documents=self.documents, rows=self.rows, failures=tuple(self.failures))


class _Pending:
    """Rows that wait to be tagged together."""

    def __init__(self, writer: PartWriter, top: int) -> None:
        self.writer, self.top = writer, top
        self.rows: list[tuple[_Tally, Row]] = []
        self.ids: set[str] = set()
        self.characters = 0

    def add(self, tally: _Tally, row: Row) -> None:
        size = len(row["text"])
        if self.rows and (self.characters + size > CHARACTERS or len(self.rows) >= DOCUMENTS):
            self.flush()
        if row["doc_id"] in self.ids:
            self.flush()
        self.rows.append((tally, row))
        self.ids.add(row["doc_id"])
        self.characters += size

    def flush(self) -> None:
        rows, self.rows, self.characters = self.rows, [], 0
        self.ids.clear()
        if not rows:
            return
        try:
            self._keep(rows, self._tagged(rows))
            return
        except _UntaggableError as error:
            if len(rows) == 1:
                rows[0][0].failures.append(Failure(rows[0][1]["doc_id"], str(error)))
                return
        for pair in rows:  # one of them is at fault: find it
            self.rows = [pair]
            self.flush()

    def _tagged(self, rows: list[tuple[_Tally, Row]]) -> pa.RecordBatch:
        try:
            batch = pa.RecordBatch.from_pylist([row for _, row in rows], schema=INPUT_SCHEMA)
            return tag_batch(batch, top=self.top)
        except Exception as error:
            raise _UntaggableError(_brief("could not be tagged", error)) from error

    def _keep(self, rows: list[tuple[_Tally, Row]], tagged: pa.RecordBatch) -> None:
        owner = {row["doc_id"]: tally for tally, row in rows}
        for tally, _ in rows:
            tally.documents += 1
        for count in tagged.column("doc_id").value_counts().to_pylist():
            owner[count["values"]].rows += count["counts"]
        self.writer.write(tagged)


class _UntaggableError(ValueError):
    """Texts that the kernel cannot take."""


def _brief(what: str, error: Exception) -> str:
    return " ".join(f"{what}: {type(error).__name__}: {error}".split())[:300]


def write_part(task: Task, at: Callable[[int, int], None] = lambda first, end: None) -> list[Entry]:
    """Tag the inputs of a task into its temporary file, and give what became of each.

    `at` is told which inputs are in work, as places in the task (the end not included). Raises `OSError` if the file
    cannot be written; what is wrong with an input is a failure in its entry.
    """
    older = _Older(task.old) if task.old else None
    tallies: list[_Tally] = []
    with PartWriter(Path(task.temporary)) as writer:
        pending = _Pending(writer, int(task.provenance["settings"]["top"]))
        for place, item in enumerate(task.items):
            if item.action != "tag":
                pending.flush()
            at(pending.rows[0][0].place if pending.rows else place, place + 1)
            tally = _Tally(item, place)
            tallies.append(tally)
            if item.action == "copy" and older:
                older.copy(item, tally, writer)
            elif item.action == "failed":
                tally.failures.append(Failure(item.name, item.reason))
                tally.entry = replace(tally.entry, again=True)
            else:
                _read(item, tally, pending)
            if item.action != "tag":
                pending.flush()
        pending.flush()
        at(len(task.items), len(task.items))
        entries = [tally.closed() for tally in tallies]
        writer.close(entries, task.provenance)
    return entries


def _read(item: Item, tally: _Tally, pending: _Pending) -> None:
    digest = content_hash(item.path)  # before reading: what changes in between is found changed next time
    tally.entry = replace(tally.entry, sha256=digest, again=digest is None)
    for row in _rows(item):
        if isinstance(row, Failure):
            tally.failures.append(row)
        else:
            pending.add(tally, row)


def _rows(item: Item) -> Iterator[Row | Failure]:
    """The rows of an input; an error that no reader foresaw is a failure like the others."""
    try:
        yield from rows_of(item.path, item.name)
    except Exception as error:
        yield Failure(item.name, _brief("could not be read", error))


class _Older:
    """The part that a task replaces."""

    def __init__(self, path: str) -> None:
        self._entries, _ = read_footer(Path(path))
        self._table = pa.Table.from_batches(read_groups(Path(path)))

    def copy(self, item: Item, tally: _Tally, writer: PartWriter) -> None:
        start = 0
        for entry in self._entries:
            if entry.path == item.path:
                for batch in self._table.slice(start, entry.rows).to_batches():
                    writer.write(batch)
                tally.entry, tally.failures = entry, list(entry.failures)
                tally.documents, tally.rows = entry.documents, entry.rows
                return
            start += entry.rows
