"""Tables as sources and results: rows to documents, documents to a table of paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from npp_nlp.dataframes import as_frame
from npp_nlp.document import Corpus, Document
from npp_nlp.reading.build import document_from_text
from npp_nlp.reading.tables.files import Broken, read_csv, read_json, read_jsonl, read_parquet
from npp_nlp.reading.tables.xlsx import read_xlsx

if TYPE_CHECKING:
    import pandas as pd

PARAGRAPH_COLUMNS = ["doc_id", "paragraph", "kind", "article", "start", "end", "text"]


def paragraphs_table(subject: Document | Corpus) -> pd.DataFrame:
    """The paragraphs of a document or corpus: doc_id, paragraph, kind, article, start, end, text.

    `paragraph` counts from 0 in each document; `start` and `end` are offsets into `Document.text`.

    >>> paragraphs_table(Document.from_text("推进改革。", id="a"))["kind"].tolist()
    ['paragraph']
    """
    import pandas as pd

    documents = [subject] if isinstance(subject, Document) else list(subject)
    rows = [
        (d.id, i, p.kind, p.article, p.start, p.end, p.text)
        for d in documents
        for i, p in enumerate(d.paragraphs)
    ]
    types = dict.fromkeys(("doc_id", "kind", "text"), "str") | dict.fromkeys(
        ("paragraph", "article", "start", "end"), "int64"
    )
    return pd.DataFrame(rows, columns=PARAGRAPH_COLUMNS).astype(types)


def read_table(
    frame: pd.DataFrame, text_column: str, names: Mapping[str, str | None], *, simplified: bool = False
) -> tuple[list[Document], list[tuple[str, str]]]:
    """Make one document per row; `names` maps id, year and region to columns or None, the rest becomes metadata.

    Gives the documents and, as (row id, reason), the rows without text. Raises `ValueError` if a column is missing.
    """
    frame = as_frame(frame, "frame")
    wanted = {"text": text_column, **{k: v for k, v in names.items() if v is not None}}
    for argument, column in wanted.items():
        if column not in frame.columns:
            raise ValueError(
                f"{argument}={column!r}: no such column; the table has {list(map(str, frame.columns))}"
            )
    taken = {text_column, *(v for v in names.values() if v is not None)}
    others = [c for c in frame.columns if c not in taken]
    documents: list[Document] = []
    unread: list[tuple[str, str]] = []
    columns = {c: frame[c].tolist() for c in frame.columns}
    for row in range(len(frame)):
        given = {
            name: plain_cell(columns[column][row]) for name, column in names.items() if column is not None
        }
        identity = given.pop("id", None)
        name = str(row) if identity is None else str(identity)
        text = columns[text_column][row]
        if not isinstance(text, str) or not text.strip():
            reason = text.reason if isinstance(text, Broken) else f"no text in column {text_column!r}"
            unread.append((name, reason))
            continue
        known = {**{str(c): plain_cell(columns[c][row]) for c in others}, **given}
        try:
            documents.append(document_from_text(text, name, known, simplified=simplified))
        except ValueError as error:
            unread.append((name, str(error)))
    return documents, unread


def plain_cell(value: Any) -> Any:
    """A cell as a plain value: None for missing ones, Python numbers for NumPy ones."""
    import pandas as pd

    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") and not hasattr(value, "__len__") else value


TABLES: dict[str, Callable[[Path, str], Any]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".xlsx": read_xlsx,
    ".xlsm": read_xlsx,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".json": read_json,
    ".parquet": read_parquet,
}
"""Suffix -> what reads a table file; it takes the path and the name of the column that holds the texts."""
