"""Files and folders to documents: which files there are, how each is read, and why one was not."""

from __future__ import annotations

import codecs
import glob
import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from npp_nlp.document import Document
from npp_nlp.reading.build import document_from_text, printable
from npp_nlp.reading.extraction import Extraction, Reader
from npp_nlp.reading.html import read_html
from npp_nlp.reading.pdf import read_pdf
from npp_nlp.reading.plain import read_plain
from npp_nlp.reading.tables import TABLES, read_table
from npp_nlp.reading.word import read_word

if TYPE_CHECKING:
    import pandas as pd

MAX_BYTES = 50_000_000
"""Files larger than this are refused unless `max_bytes` says otherwise."""

READERS: dict[str, Reader] = {
    ".txt": read_plain,
    ".text": read_plain,
    ".md": read_plain,
    ".markdown": read_plain,
    ".html": read_html,
    ".htm": read_html,
    ".shtml": read_html,
    ".xhtml": read_html,
    ".docx": read_word,
    ".docm": read_word,
    ".dotm": read_word,
    ".dotx": read_word,
    ".pdf": read_pdf,
}
"""Suffix -> reader."""

_AS_DOCX = "save it as .docx with Word, WPS or LibreOffice (soffice --headless --convert-to docx FILE)"
_BY_OCR = "recognise its text (OCR, for example tesseract -l chi_sim) and save it as .txt"
_CONVERT = {
    **dict.fromkeys((".doc", ".wps", ".wpt", ".dot", ".rtf", ".odt", ".pages"), _AS_DOCX),
    **dict.fromkeys((".mht", ".mhtml"), "save the page as .html with a browser"),
    **dict.fromkeys((".ofd", ".caj", ".ceb"), "print it to .pdf with its reader"),
    **dict.fromkeys((".epub", ".mobi"), "save it as .docx or .html (for example with calibre)"),
    **dict.fromkeys((".xls", ".et", ".ods"), "save the table as .xlsx or .csv with a column text"),
    **dict.fromkeys((".ppt", ".pptx"), "save it as .pdf"),
    **dict.fromkeys((".zip", ".rar", ".7z", ".gz", ".tar"), "unpack it"),
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic"), _BY_OCR),
}
_IN_FOLDERS = frozenset({*READERS, ".doc", ".wps", ".rtf", ".odt", ".ofd", ".epub", ".caj"})


class ReadError(ValueError):
    """A file that could not be read: `path` and `reason`."""

    def __init__(self, path: str | os.PathLike[str], reason: str) -> None:
        super().__init__(f"{os.fspath(path)}: {reason}")
        self.path = os.fspath(path)
        self.reason = reason

    def __reduce__(self) -> tuple[type[ReadError], tuple[str, str]]:
        return ReadError, (self.path, self.reason)


@dataclass(frozen=True)
class Manner:
    """How files are read: the encoding that the user declares, whether traditional characters become simplified."""

    encoding: str | None = None
    simplified: bool = False
    max_bytes: int = MAX_BYTES

    def __post_init__(self) -> None:
        if self.encoding is not None:
            try:
                codecs.lookup(self.encoding)
            except LookupError:
                raise ValueError(f"encoding={self.encoding!r}: no such encoding") from None


AS_USUAL = Manner()


def read(
    path: str | os.PathLike[str],
    *,
    encoding: str | None = None,
    simplified: bool = False,
    max_bytes: int = MAX_BYTES,
) -> Document:
    """Read one file: text, Markdown, HTML, Word (.docx) or PDF; its id is the file name without suffix.

    `encoding` declares the encoding of a text or HTML file (`"big5"`); otherwise it is UTF-8, UTF-16 with a mark, or
    GB18030, never guessed beyond that. `simplified` turns traditional characters into simplified ones, one for
    one. Raises `ReadError` with path and reason if the file is missing, no file, too large, binary, blank, damaged,
    encrypted, scanned, in another encoding or of a kind that is not read; `ValueError` if no encoding has the name.
    """
    return _read(Path(path), printable(os.fspath(path)), Manner(encoding, simplified, max_bytes))


def _read(path: Path, shown: str, manner: Manner, name: str | None = None) -> Document:
    extraction = extract(path, shown, manner)
    own = path.stem if name is None else name
    return document_from_text(
        extraction.text, own, extraction.facts, extraction.hints, simplified=manner.simplified
    )


def extract(path: Path, shown: str, manner: Manner = AS_USUAL) -> Extraction:
    """The text of a file with its hints and facts, path and sha256 among them; paragraphs are not recovered yet.

    Raises `ReadError` with the path as `shown`, and the reason.
    """
    suffix = path.suffix.lower()
    data = _bytes(path, shown, manner.max_bytes)
    if suffix not in READERS:
        raise ReadError(shown, _why_not(suffix))
    try:
        extraction = READERS[suffix](data, manner.encoding)
    except ValueError as error:
        raise ReadError(shown, str(error)) from error
    known = {"path": shown, "sha256": hashlib.sha256(data).hexdigest(), **extraction.facts}
    return replace(extraction, facts=known)


def _why_not(suffix: str) -> str:
    if suffix in TABLES:
        return f"{suffix} is a table: read it with Corpus.from_files, or with Corpus.from_table"
    if suffix in _CONVERT:
        return f"{suffix} files are not read: {_CONVERT[suffix]}"
    return f"suffix {suffix or '(none)'} is not known; read are {', '.join(READERS)}"


def _bytes(path: Path, shown: str, max_bytes: int) -> bytes:
    """The bytes of a regular file, or the reason why not."""
    if "\0" in str(path):
        raise ReadError(shown, "not the name of a file: it holds a zero character")
    try:
        if path.is_dir():
            raise ReadError(shown, "is a folder: read it with Corpus.from_files")
        size = path.stat().st_size
        if not path.is_file():
            raise ReadError(shown, "is not a regular file")
        if size > max_bytes:
            raise ReadError(shown, f"{size:,} bytes, more than max_bytes={max_bytes:,}")
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise ReadError(shown, error.strerror or str(error)) from error
    if len(data) > max_bytes:
        raise ReadError(shown, f"grew beyond max_bytes={max_bytes:,} while it was read")
    if not data:
        raise ReadError(shown, "empty: 0 bytes")
    return data


def read_files(
    paths: Sequence[str | Path], manner: Manner = AS_USUAL, *, progress: bool | None = None
) -> tuple[list[Document], list[tuple[str, str]]]:
    """Read files, folders (with all below them, but for hidden files and READMEs) and patterns, sorted by path.

    Gives the documents and, as (path, reason), what could not be read. Ids are file names without suffix, with the
    path below the common folder where two are alike. `progress` shows a bar; by default only on a terminal.
    Raises `ValueError` if a folder or pattern matches nothing.
    """
    from tqdm import tqdm

    each_once = {os.path.abspath(p): p for item in paths for p in expand(item)}  # noqa: PTH100 (links stay links)
    found = sorted(each_once.values())
    names = _names(found)
    documents: list[Document] = []
    unread: list[tuple[str, str]] = []
    disable = None if progress is None else not progress
    for path in tqdm(found, disable=disable, unit="file", leave=False, delay=0.5):
        try:
            if Path(path).suffix.lower() in TABLES:
                rows, missing = _read_rows(path, names[path], manner)
                documents += rows
                unread += missing
            else:
                documents.append(_read(Path(path), printable(path), manner, names[path]))
        except ReadError as error:
            unread.append((error.path, error.reason))
    return documents, unread


def expand(item: str | Path) -> list[str]:
    """The files that a path, folder or pattern stands for."""
    shown = os.fspath(item)
    path = Path(item)
    if path.is_dir():
        inside = [p for p in path.rglob("*") if p.suffix.lower() in _IN_FOLDERS and not p.is_dir()]
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


def read_table_file(
    file: str | os.PathLike[str], text_column: str = "text", *, max_bytes: int = MAX_BYTES
) -> pd.DataFrame:
    """The table in a file: CSV, TSV, Excel, JSON, JSON Lines or Parquet; `text_column` is the one with the texts.

    Raises `ReadError` with path and reason.
    """
    path, shown = Path(file), printable(os.fspath(file))
    suffix = path.suffix.lower()
    if suffix not in TABLES:
        raise ReadError(shown, f"suffix {suffix or '(none)'} is no table; read are {', '.join(TABLES)}")
    _bytes(path, shown, max_bytes)
    try:
        frame: pd.DataFrame = TABLES[suffix](path, text_column)
    except (ValueError, OSError) as error:
        raise ReadError(shown, f"not a table with a column {text_column}: {error}") from error
    return frame


def _read_rows(file: str, name: str, manner: Manner) -> tuple[list[Document], list[tuple[str, str]]]:
    """The rows of a table file with a column text, and of id, year, region and others where it has them."""
    shown = printable(file)
    frame = read_table_file(file, max_bytes=manner.max_bytes)
    try:
        names = {column: column for column in ("id", "year", "region") if column in frame.columns}
        columns = {"id": None, "year": None, "region": None, **names}
        documents, unread = read_table(frame, "text", columns, simplified=manner.simplified)
    except ValueError as error:
        raise ReadError(shown, f"not a table with a column text: {error}") from error
    documents = (
        documents if "id" in names else [replace(d, id=printable(f"{name}:{d.id}")) for d in documents]
    )
    return documents, [(f"{shown}:{row}", reason) for row, reason in unread]
