"""Files, tables and strings to documents; what cannot be read is a value with its path and reason.

Layer 3. `READERS` is the one table from suffix to reader: a reader takes the bytes of a file and gives its text and
what it knows about it, or raises `ValueError` with the reason.
"""

from __future__ import annotations

import datetime
import glob
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from npp_nlp.document import Document, Hint, Paragraph
from npp_nlp.reading.extraction import Extraction
from npp_nlp.reading.facts import facts
from npp_nlp.reading.plain import read_plain
from npp_nlp.reading.tables import TABLES, paragraphs_table, rows_to_documents
from npp_nlp.reflow import Piece, reflow
from npp_nlp.text import valid_unicode

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "MAX_BYTES",
    "READERS",
    "ReadError",
    "document_from_text",
    "paragraphs_table",
    "read",
    "read_files",
    "read_table",
]

MAX_BYTES = 50_000_000
"""Files larger than this are refused unless `max_bytes` says otherwise."""

Reader = Callable[[bytes, str | None], Extraction]

READERS: dict[str, Reader] = {
    ".txt": read_plain,
    ".text": read_plain,
    ".md": read_plain,
    ".markdown": read_plain,
}
"""Suffix -> reader."""

_CONVERT = {
    **dict.fromkeys(
        (".pdf", ".docx", ".doc", ".wps", ".rtf", ".odt", ".ofd", ".epub"), "save its text as .txt (UTF-8)"
    ),
    **dict.fromkeys((".html", ".htm", ".mht", ".mhtml"), "save the page as .txt (UTF-8)"),
    **dict.fromkeys((".xlsx", ".xls"), "save the table as .csv (UTF-8) with a column text"),
    **dict.fromkeys(
        (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp"),
        "recognise its text and save it as .txt",
    ),
}
_DOCUMENTS = frozenset({".pdf", ".docx", ".doc", ".wps", ".rtf", ".odt", ".ofd", ".epub", ".html", ".htm"})
_FIELDS = frozenset({"title", "year", "date", "region"})


class ReadError(ValueError):
    """A file that could not be read: `path` and `reason`."""

    def __init__(self, path: str | os.PathLike[str], reason: str) -> None:
        super().__init__(f"{os.fspath(path)}: {reason}")
        self.path = os.fspath(path)
        self.reason = reason

    def __reduce__(self) -> tuple[type[ReadError], tuple[str, str]]:
        return ReadError, (self.path, self.reason)


def document_from_text(
    text: str,
    id: str,  # noqa: A002 (the column's name)
    known: Mapping[str, Any],
    hints: tuple[Hint, ...] = (),
) -> Document:
    """Recover the paragraphs of a text and what it says about itself; values in `known` win over what it says.

    `hints` is what the file of the text says about its lines.

    Lone surrogates, which no table or file can hold, become U+FFFD; `metadata["lone_surrogates"]` counts them.
    Raises `TypeError` if `text` is no string, `ValueError` if a known year is no whole number.
    """
    if not isinstance(text, str):
        raise TypeError(f"text must be a str, not {type(text).__name__}")
    valid = valid_unicode(text)
    surrogates = sum(a != b for a, b in zip(text, valid, strict=True)) if valid != text else 0
    text = valid
    pieces, removed = reflow(text, hints)
    paragraphs, joined = _paragraphs(pieces)
    found = facts(pieces)
    given = {name: value for name, value in known.items() if value is not None}
    if surrogates:
        given["lone_surrogates"] = surrogates
    values = {name: given.get(name, found.pop(name, None)) for name in _FIELDS}
    extra = {name: value for name, value in found.items() if value is not None and name not in _FIELDS}
    return Document(
        id=_shown(id),
        text=joined,
        paragraphs=paragraphs,
        title=_text(values["title"]),
        year=_year(values["year"]),
        date=_text(values["date"]),
        region=_text(values["region"]),
        source=text,
        removed=tuple(removed),
        metadata={**extra, **{name: value for name, value in given.items() if name not in _FIELDS}},
        hints=hints,
    )


def _text(value: Any) -> str | None:
    if isinstance(value, datetime.datetime):
        value = value.date()
    return None if value is None else str(value)


def _year(value: Any) -> int | None:
    if value is None:
        return None
    try:
        year = int(value)
        exact = year == float(value)
    except (TypeError, ValueError):
        exact = False
    if not exact:
        raise ValueError(f"year={value!r} is not a whole number")
    return year


def _paragraphs(pieces: Sequence[Piece]) -> tuple[tuple[Paragraph, ...], str]:
    """Place the pieces one to a line; gives the paragraphs and the whole text."""
    paragraphs = []
    position = 0
    for piece in pieces:
        end = position + len(piece.text)
        paragraphs.append(
            Paragraph(piece.text, piece.kind, piece.article, position, end, piece.spans, piece.level)
        )
        position = end + 1
    return tuple(paragraphs), "\n".join([piece.text for piece in pieces])


def read(path: str | os.PathLike[str], *, max_bytes: int = MAX_BYTES) -> Document:
    """Read one file of plain text or Markdown; its id is the file name without suffix.

    Raises `ReadError` with path and reason if it is missing, no file, too large, binary, blank, in an unknown
    encoding or of a kind that is not read.
    """
    return _read(Path(path), _shown(os.fspath(path)), max_bytes)


def _shown(name: str) -> str:
    """A name that tables and files can hold: what is no valid Unicode (file names may be any bytes) is escaped."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _read(path: Path, shown: str, max_bytes: int, name: str | None = None) -> Document:
    suffix = path.suffix.lower()
    if path.is_dir():
        raise ReadError(shown, "is a folder: read it with Corpus.from_files")
    if not path.exists():
        raise ReadError(shown, "No such file or directory")
    if suffix not in READERS:
        raise ReadError(shown, _why_not(suffix))
    data = _bytes(path, shown, max_bytes)
    try:
        extraction = READERS[suffix](data, None)
    except ValueError as error:
        raise ReadError(shown, str(error)) from error
    known = {"path": shown, "sha256": hashlib.sha256(data).hexdigest(), **extraction.facts}
    return document_from_text(extraction.text, path.stem if name is None else name, known, extraction.hints)


def _why_not(suffix: str) -> str:
    if suffix in TABLES:
        return f"{suffix} is a table: read it with Corpus.from_files, or with Corpus.from_table"
    readable = ", ".join(READERS)
    if suffix in _CONVERT:
        return f"{suffix} files are not read: {_CONVERT[suffix]}"
    return f"suffix {suffix or '(none)'} is not known; read are {readable}"


def _bytes(path: Path, shown: str, max_bytes: int) -> bytes:
    """The bytes of a regular file, or the reason why not."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise ReadError(shown, "is not a regular file")
        if size > max_bytes:
            raise ReadError(shown, f"{size:,} bytes, more than max_bytes={max_bytes:,}")
        data = path.read_bytes()
    except OSError as error:
        raise ReadError(shown, error.strerror or str(error)) from error
    if not data:
        raise ReadError(shown, "empty: 0 bytes")
    return data


def read_files(
    paths: Sequence[str | Path], *, max_bytes: int = MAX_BYTES
) -> tuple[list[Document], list[tuple[str, str]]]:
    """Read files, folders (with all below them, but for hidden files and READMEs) and patterns, sorted by path.

    Gives the documents and, as (path, reason), what could not be read. Ids are file names without suffix, with the
    path below the common folder where two are alike. Raises `ValueError` if a folder or pattern matches nothing.
    """
    each_once = {os.path.abspath(p): p for item in paths for p in _expand(item)}  # noqa: PTH100 (links stay links)
    found = sorted(each_once.values())
    names = _names(found)
    documents: list[Document] = []
    unread: list[tuple[str, str]] = []
    for path in found:
        try:
            if Path(path).suffix.lower() in TABLES:
                rows, missing = _read_rows(path, names[path], max_bytes)
                documents += rows
                unread += missing
            else:
                documents.append(_read(Path(path), _shown(path), max_bytes, names[path]))
        except ReadError as error:
            unread.append((error.path, error.reason))
    return documents, unread


def _expand(item: str | Path) -> list[str]:
    """The files that a path, folder or pattern stands for."""
    shown = os.fspath(item)
    path = Path(item)
    if path.is_dir():
        inside = [
            p for p in path.rglob("*") if p.suffix.lower() in READERS.keys() | _DOCUMENTS and p.is_file()
        ]
        # a README tells about the folder; to read one, name it
        files = [str(p) for p in inside if not p.name.startswith((".", "~$")) and p.stem.upper() != "README"]
        if not files:
            raise ValueError(f"folder {shown!r} holds no readable file; read are {', '.join(READERS)}")
        return files
    if path.exists() or not glob.has_magic(shown):
        return [shown]
    files = [p for p in glob.glob(shown, recursive=True) if not Path(p).is_dir()]  # noqa: PTH207 (patterns may be absolute)
    if not files:
        raise ValueError(f"pattern {shown!r} matches no file")
    return files


def _names(paths: Sequence[str]) -> dict[str, str]:
    """A document id for every path: the stem, or the path below the common folder where stems are alike."""
    stems = Counter(Path(p).stem for p in paths)
    absolute = {p: os.path.abspath(p) for p in paths}  # noqa: PTH100 (no links resolved)
    common = os.path.commonpath([os.path.dirname(a) for a in absolute.values()]) if paths else ""  # noqa: PTH120
    return {
        p: Path(p).stem if stems[Path(p).stem] == 1 else Path(os.path.relpath(absolute[p], common)).as_posix()
        for p in paths
    }


def _read_rows(file: str, name: str, max_bytes: int) -> tuple[list[Document], list[tuple[str, str]]]:
    """The rows of a table file with a column text, and of id, year, region and others where it has them."""
    path, shown = Path(file), _shown(file)
    _bytes(path, shown, max_bytes)
    try:
        frame = TABLES[path.suffix.lower()](path)
        names = {column: column for column in ("id", "year", "region") if column in frame.columns}
        documents, unread = read_table(frame, "text", {"id": None, "year": None, "region": None, **names})
    except (ValueError, OSError, ImportError) as error:
        raise ReadError(shown, f"not a table with a column text: {error}") from error
    documents = documents if "id" in names else [_renamed(d, _shown(f"{name}:{d.id}")) for d in documents]
    return documents, [(f"{shown}:{row}", reason) for row, reason in unread]


def _renamed(document: Document, name: str) -> Document:
    from dataclasses import replace

    return replace(document, id=name)


def read_table(
    frame: pd.DataFrame, text_column: str, names: Mapping[str, str | None]
) -> tuple[list[Document], list[tuple[str, str]]]:
    """Make one document per row; `names` maps id, year and region to columns or None, the rest becomes metadata.

    Gives the documents and, as (row id, reason), the rows without text. Raises `ValueError` if a column is missing.
    """
    return rows_to_documents(frame, text_column, names, document_from_text)
