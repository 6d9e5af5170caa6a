"""Tables as sources and results: rows to documents, documents to a table of paragraphs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from npp_nlp.document import Corpus, Document

if TYPE_CHECKING:
    import pandas as pd

PARAGRAPH_COLUMNS = ["doc_id", "paragraph", "kind", "article", "start", "end", "text"]

Build = Callable[[str, str, Mapping[str, Any]], Document]


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


def rows_to_documents(
    frame: pd.DataFrame, text_column: str, names: Mapping[str, str | None], build: Build
) -> tuple[list[Document], list[tuple[str, str]]]:
    """One document per row; `names` says which columns hold id, year and region. Rows without text are given back.

    Raises `ValueError` if a named column is missing.
    """
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
        given = {name: _plain(columns[column][row]) for name, column in names.items() if column is not None}
        identity = given.pop("id", None)
        name = str(row) if identity is None else str(identity)
        text = columns[text_column][row]
        if not isinstance(text, str) or not text.strip():
            unread.append((name, f"no text in column {text_column!r}"))
            continue
        known = {**{str(c): _plain(columns[c][row]) for c in others}, **given}
        try:
            documents.append(build(text, name, known))
        except ValueError as error:
            unread.append((name, str(error)))
    return documents, unread


def _plain(value: Any) -> Any:
    """A cell as a plain value: None for missing ones, Python numbers for NumPy ones."""
    import pandas as pd

    if pd.api.types.is_scalar(value) and pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") and not hasattr(value, "__len__") else value


def _read_csv(path: Path) -> pd.DataFrame:
    import io

    import pandas as pd

    from npp_nlp.reading.decoding import decode

    return pd.read_csv(io.StringIO(decode(path.read_bytes())[0]))


def _read_jsonl(path: Path) -> pd.DataFrame:
    import json

    import pandas as pd

    from npp_nlp.reading.decoding import decode

    text, _ = decode(path.read_bytes())
    return pd.DataFrame([json.loads(line) for line in text.split("\n") if line.strip()])


def _read_parquet(path: Path) -> pd.DataFrame:
    import pandas as pd

    return pd.read_parquet(path)


TABLES: dict[str, Callable[[Path], Any]] = {
    ".csv": _read_csv,
    ".jsonl": _read_jsonl,
    ".parquet": _read_parquet,
}
