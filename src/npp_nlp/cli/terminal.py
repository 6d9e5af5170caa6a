"""What the commands share: lines to the terminal, reading the files of a call, writing a table."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from npp_nlp.document import Corpus, Document
from npp_nlp.export import save_csv, save_parquet

if TYPE_CHECKING:
    import pandas as pd


def prepare_streams() -> None:
    """Let no character be lost or end the program: what the terminal cannot show is written as an escape."""
    for name in ("stdout", "stderr"):
        if (
            getattr(sys, name) is None
        ):  # closed by the caller; also keeps its number from the next file opened
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="strict")


def abandon_stdout() -> None:
    """Send what is left of the output nowhere, so that the interpreter does not complain when it ends."""
    try:
        number = sys.stdout.fileno()
    except (OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)


def say(line: str) -> None:
    """Write a line of the result."""
    sys.stdout.write(line + "\n")


def warn(line: str) -> None:
    """Write a line about a trouble; always one line."""
    sys.stderr.write(f"npp: {' '.join(line.split())}\n")


def read_stdin() -> str:
    """All of the standard input, which must be UTF-8."""
    if sys.stdin is None:
        raise ValueError("standard input: closed")
    try:
        return sys.stdin.read().removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise ValueError(f"standard input: not UTF-8: {error.reason} at byte {error.start:,}") from error


def say_json(table: pd.DataFrame) -> None:
    """Write a table as JSON Lines: one object a row, numbers as they are, null for what is missing."""
    # an ASCII terminal would turn other characters into escapes that are no JSON
    narrow = not str(getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf")
    for values in table.itertuples(index=False, name=None):
        row = dict(zip(table.columns, map(_plain, values), strict=True))
        say(json.dumps(row, ensure_ascii=narrow, allow_nan=False))


def _plain(value: Any) -> Any:
    """A cell as JSON has it."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    if value is None or value != value or type(value).__name__ in ("NAType", "NaTType"):
        return None
    return value if isinstance(value, str | bool | int | float) else str(value)


def read_corpus(options: argparse.Namespace, **manner: Any) -> Corpus | None:
    """The files of a call, with what cannot be read on stderr; None if nothing can."""
    if "-" in options.inputs:
        return _from_stdin(options.inputs)
    corpus = Corpus.from_files(*options.inputs, **manner)
    for path, reason in corpus.unread:
        warn(f"not read: {path}: {reason}")
    if not len(corpus):
        warn("no document could be read")
        return None
    return corpus


def _from_stdin(inputs: list[str]) -> Corpus | None:
    if len(inputs) > 1:
        raise ValueError("-: the standard input must be the only input")
    text = read_stdin()
    if not text.strip():
        warn("not read: standard input: no text in it")
        return None
    return Corpus((Document.from_text(text, id="stdin"),))


def saver(out: Path) -> Callable[[pd.DataFrame, Path], object]:
    """The function that writes a table to such a file."""
    save = {".csv": save_csv, ".parquet": save_parquet}.get(out.suffix.lower())
    if save is None:
        raise ValueError(f"--out {out}: must end in .csv or .parquet")
    return save
