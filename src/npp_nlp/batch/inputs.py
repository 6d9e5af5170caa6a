"""What there is to tag: files found once each, and the texts in a file as rows of `INPUT_SCHEMA`."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from npp_nlp.reading import MAX_BYTES, ReadError, read_table_file
from npp_nlp.reading.build import printable, whole_year
from npp_nlp.reading.files import expand, extract
from npp_nlp.reading.tables import TABLES
from npp_nlp.reading.tables.files import TEXT, Broken
from npp_nlp.reading.tables.rows import plain_cell
from npp_nlp.text import valid_unicode

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Input:
    """A file to tag: its absolute path, which tells it from others, and its path as given, which results show."""

    path: str
    name: str
    size: int


class Failure(NamedTuple):
    """What could not be tagged, and why."""

    path: str
    reason: str


def find_inputs(items: Iterable[str | os.PathLike[str]], avoid: Callable[[str], bool]) -> list[Input]:
    """The files of paths, folders and patterns, each once, sorted by absolute path; `avoid` says which are none.

    Raises `ValueError` if a folder or pattern matches nothing.
    """
    found: dict[str, str] = {}
    for item in items:
        for path in expand(Path(item) if not isinstance(item, str) else item):
            absolute = os.path.abspath(path)  # noqa: PTH100 (links stay links)
            if not avoid(absolute):
                found.setdefault(absolute, path)
    return [Input(path, shown_name(found[path]), _size(path)) for path in sorted(found)]


def shown_name(path: str) -> str:
    """The path as given, in one spelling: no dots or doubled separators, valid Unicode.

    >>> shown_name("./in//a.txt")
    'in/a.txt'
    """
    return printable(Path(os.path.normpath(path)).as_posix())


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except (OSError, ValueError):
        return 0


def content_hash(path: str) -> str | None:
    """The SHA-256 of a file; None for what is no regular file, cannot be read or is too large to be tagged."""
    try:
        status = Path(path).stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            return None
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


def rows_of(path: str, name: str) -> Iterator[Row | Failure]:
    """The texts of a file, one row each, and what of it cannot be read.

    The `doc_id` is the name of the file; of a table NAME:ID, with the column id or else the number of the row.
    """
    try:
        if Path(path).suffix.lower() in TABLES:
            yield from _table_rows(path, name)
        else:
            extraction = extract(Path(path), name)
            yield _row(name, extraction.text, extraction.facts, name) | {
                "hints": [hint._asdict() for hint in extraction.hints]
            }
    except ReadError as error:
        yield Failure(name, error.reason)
    except ValueError as error:
        yield Failure(name, str(error))


def _table_rows(path: str, name: str) -> Iterator[Row | Failure]:
    frame = read_table_file(path)
    if TEXT not in frame.columns:
        raise ReadError(name, f"no column {TEXT!r}; the table has {list(map(str, frame.columns))}")
    wanted = ("id", TEXT, "year", "date", "region", "title")
    columns = {c: frame[c].tolist() for c in wanted if c in frame.columns}
    seen: set[str] = set()
    for number in range(len(frame)):
        values = {c: column[number] for c, column in columns.items()}
        text = values.pop(TEXT)
        facts = {c: plain_cell(value) for c, value in values.items()}
        doc_id = f"{name}:{_row_id(facts, number)}"
        if not isinstance(text, str) or not text.strip():
            yield Failure(doc_id, text.reason if isinstance(text, Broken) else f"no text in column {TEXT!r}")
        elif doc_id in seen:
            yield Failure(doc_id, f"row {number:,} (from 0) has the id of an earlier row")
        else:
            seen.add(doc_id)
            try:
                yield _row(doc_id, text, facts, name)
            except ValueError as error:
                yield Failure(doc_id, str(error))


def _row_id(facts: Mapping[str, Any], number: int) -> str:
    """The id of a row: its own, or its number from 0, with a # where others of the table have their own."""
    if "id" not in facts:
        return str(number)
    return f"#{number}" if facts["id"] is None else printable(str(facts["id"]))


def _row(doc_id: str, text: str, facts: Mapping[str, Any], name: str) -> Row:
    known = {key: _text(facts.get(key)) for key in ("date", "region", "title")}
    year = whole_year(facts.get("year"))
    return {"doc_id": doc_id, "text": valid_unicode(text), "year": year, "path": name, **known}


def _text(value: Any) -> str | None:
    """A fact as text, a day without its midnight."""
    return None if value is None else valid_unicode(str(value)).removesuffix(" 00:00:00")
