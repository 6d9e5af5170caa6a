"""Where results go: a folder of part files, or one file put together from them; and what lies beside.

Every file comes into being by a rename, so none is ever seen half written.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import pyarrow as pa

from npp_nlp.batch.database import remove_database, write_database
from npp_nlp.batch.inputs import Failure
from npp_nlp.batch.parts import TEMPORARY, Entry, is_part, list_parts, read_footer, read_groups
from npp_nlp.batch.schema import TAG_SCHEMA
from npp_nlp.export import safe_cell

Format = Literal["parquet", "jsonl", "csv", "duckdb"]
_SUFFIXES: dict[str, Format] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".duckdb": "duckdb"}
_LOCK = "_lock"
_BESIDE = ("failures.csv", "provenance.json")
_OWN = frozenset({_LOCK, "_manifest.jsonl", *(f"_{name}" for name in _BESIDE)})
_OF_SYSTEMS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What file managers leave in any folder."""


@dataclass(frozen=True)
class Target:
    """The place of the results: `out`, its format, and the folder of the part files (for Parquet `out` itself)."""

    out: Path
    format: Format

    @property
    def parts(self) -> Path:
        """The folder of the part files."""
        return self.out if self.format == "parquet" else self.out.with_name(self.out.name + ".parts")

    def beside(self, name: str) -> Path:
        """The path of a file that goes with the results, such as failures.csv; readers of datasets skip `_` names."""
        return (
            self.out / f"_{name}"
            if self.format == "parquet"
            else self.out.with_name(f"{self.out.name}.{name}")
        )

    def holds(self, path: str) -> bool:
        """Whether a path is one of the results, which are never inputs."""
        own = os.path.abspath(self.out)  # noqa: PTH100 (links stay links)
        inside = path.startswith((own + os.sep, f"{own}.parts{os.sep}"))
        return inside or path in (own, *(f"{own}.{name}" for name in _BESIDE))


def target_of(out: str | os.PathLike[str], form: str | None = None) -> Target:
    """The target that a path names: .jsonl, .csv and .duckdb are files, anything else is a folder of Parquet files.

    >>> target_of("a/out.jsonl").parts.name, target_of("a/out.parquet").parts.name
    ('out.jsonl.parts', 'out.parquet')
    """
    path = Path(out)
    if form is None:
        return Target(path, _SUFFIXES.get(path.suffix.lower(), "parquet"))
    for known in get_args(Format):
        if form == known:
            return Target(path, known)
    raise ValueError(f"format must be one of {', '.join(get_args(Format))}, not {form!r}")


@contextmanager
def opened(target: Target, *, resume: bool, overwrite: bool) -> Iterator[None]:
    """Make the folder of the parts and keep other runs out of it.

    Raises `FileExistsError` if there are results and neither `resume` nor `overwrite` is given, `ValueError` if
    there is something else, or another run is at work.
    """
    _check(target, resume=resume, overwrite=overwrite)
    target.parts.mkdir(parents=True, exist_ok=True)
    with (target.parts / _LOCK).open("ab") as lock:
        _hold(lock, target.out)
        if overwrite:
            _clear(target)
        _sweep(target.parts)
        try:
            yield
        finally:
            _sweep(target.parts)


def _sweep(folder: Path) -> None:
    """Remove what was not finished."""
    for path in folder.iterdir():
        if path.name.startswith(TEMPORARY):
            with suppress(OSError):
                path.unlink()


def _check(target: Target, *, resume: bool, overwrite: bool) -> None:
    out, parts = target.out, target.parts
    if parts.exists() and not parts.is_dir():
        raise NotADirectoryError(f"{parts}: the results are a folder of files, and a file has this name")
    if parts is not out and out.is_dir():
        raise IsADirectoryError(
            f"{out}: the results are one {target.format} file, and a folder has this name"
        )
    inside = list(parts.iterdir()) if parts.is_dir() else []
    inside = [path for path in inside if path.name not in _OF_SYSTEMS]
    foreign = sorted(path.name for path in inside if not _is_ours(path))
    if foreign:
        raise ValueError(f"{parts}: holds {foreign[0]}, which is no result of npp tag: choose another output")
    done = bool(inside) or (parts is not out and out.exists())
    if done and not resume and not overwrite:
        raise FileExistsError(f"{out}: exists; resume it (--resume) or overwrite it (--overwrite)")
    if done and not inside and not overwrite:
        raise FileExistsError(f"{out}: cannot be resumed without {parts.name}; overwrite it (--overwrite)")


def _is_ours(path: Path) -> bool:
    """Whether a file in the folder of the parts is one that a run makes."""
    known = path.name in _OWN or path.name.startswith(TEMPORARY) or is_part(path)
    return known and (path.is_symlink() or not path.is_dir())


def _hold(lock: io.BufferedWriter, out: Path) -> None:
    """Lock until the file is closed, or the process killed; where the system has no such locks, go on without."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ValueError(f"{out}: another run is writing to it") from None
    except OSError:  # some network drives have no locks
        return


def _clear(target: Target) -> None:
    """Remove the results of an earlier run, and nothing else."""
    for path in target.parts.iterdir():
        if path.name != _LOCK and _is_ours(path):
            path.unlink()
    for path in (target.out, *map(target.beside, _BESIDE)):
        if path != target.parts:
            path.unlink(missing_ok=True)


def replace_file(path: Path, write: Callable[[io.BufferedWriter], None]) -> None:
    """Write a file under another name beside it, down to the disk, then give it its name."""
    temporary = path.with_name(f"{TEMPORARY}{path.name}")
    temporary.unlink(missing_ok=True)
    try:
        with temporary.open("xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        commit(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def commit(temporary: Path, path: Path) -> None:
    """Give a finished file its name, and make the name outlast a loss of power."""
    temporary.replace(path)
    with suppress(OSError, AttributeError):  # not every system opens folders
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def save_beside(target: Target, provenance: Mapping[str, Any]) -> Iterable[Failure]:
    """Write the table of failures, the list of what is done and the provenance; gives the failures."""
    failures: list[Failure] = []

    def write(file: io.BufferedWriter) -> None:
        for number, path in list_parts(target.parts):
            for entry in read_footer(path)[0]:
                failures.extend(entry.failures)
                file.write(_line(_done(entry, number)))

    replace_file(target.parts / "_manifest.jsonl", write)
    replace_file(target.beside(_BESIDE[0]), lambda file: _csv(file, ["path", "reason"], failures))
    text = json.dumps(provenance, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    replace_file(target.beside(_BESIDE[1]), lambda file: _write(file, text.encode()))
    return failures


def _write(file: io.BufferedWriter, data: bytes) -> None:
    file.write(data)


def _done(entry: Entry, number: int) -> dict[str, Any]:
    values = asdict(entry)
    return {k: values[k] for k in ("path", "size", "sha256", "documents", "rows")} | {
        "part": number,
        "failures": len(entry.failures),
    }


def _line(row: Mapping[str, Any]) -> bytes:
    return (json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def assemble(target: Target) -> None:
    """Put the one file of .jsonl, .csv or .duckdb together from the parts, in their order."""
    if target.format == "parquet":
        return
    parts = [path for _, path in list_parts(target.parts)]
    groups = (group for path in parts for group in read_groups(path))
    if target.format == "duckdb":
        failures = (failure for path in parts for entry in read_footer(path)[0] for failure in entry.failures)
        provenance = json.loads(target.beside(_BESIDE[1]).read_text("utf-8"))
        temporary = target.out.with_name(f"{TEMPORARY}{target.out.name}")
        try:
            write_database(temporary, groups, failures, provenance)
            commit(temporary, target.out)
        finally:
            remove_database(temporary)
        return

    def as_lines(file: io.BufferedWriter) -> None:
        for group in groups:
            for row in group.to_pylist():
                file.write(_line(row))

    def as_csv(file: io.BufferedWriter) -> None:
        _csv(file, TAG_SCHEMA.names, (row for group in groups for row in _cells(group)))

    replace_file(target.out, as_lines if target.format == "jsonl" else as_csv)


def _cells(group: pa.RecordBatch) -> Iterator[list[Any]]:
    for row in group.to_pylist():
        terms = json.dumps(row["terms"], ensure_ascii=False, separators=(",", ":"))
        yield list((row | {"terms": terms}).values())


def _csv(file: io.BufferedWriter, names: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Write a table that spreadsheets open in Chinese and run no formula of."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
    text.flush()
    text.detach()
