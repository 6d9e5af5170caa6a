"""What the commands share: lines to the terminal, reading the files of a call, writing a table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from npp_nlp.document import Corpus
from npp_nlp.export import save_csv, save_parquet

if TYPE_CHECKING:
    import pandas as pd


def say(line: str) -> None:
    """Write a line of the result."""
    sys.stdout.write(line + "\n")


def warn(line: str) -> None:
    """Write a line about a trouble."""
    sys.stderr.write(f"npp: {line}\n")


def read_corpus(options: argparse.Namespace, **manner: Any) -> Corpus | None:
    """The files of a call, with what cannot be read on stderr; None if nothing can."""
    corpus = Corpus.from_files(*options.inputs, **manner)
    for path, reason in corpus.unread:
        warn(f"not read: {path}: {reason}")
    if not len(corpus):
        warn("no document could be read")
        return None
    return corpus


def saver(out: Path) -> Callable[[pd.DataFrame, Path], object]:
    """The function that writes a table to such a file."""
    save = {".csv": save_csv, ".parquet": save_parquet}.get(out.suffix.lower())
    if save is None:
        raise ValueError(f"--out {out}: must end in .csv or .parquet")
    return save
