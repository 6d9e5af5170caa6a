"""Results to files: tables as Parquet and CSV, graphs as GEXF, provenance as JSON.

Layer 7. The same result gives the same bytes: no time of writing goes into a file.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from npp_nlp.text import valid_unicode

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = re.compile(r"^[=+\-@\t\r]")


def save_parquet(table: pd.DataFrame, path: Path, *, provenance: Mapping[str, Any] | None = None) -> None:
    """Write a table as Parquet; the provenance goes into the file's metadata under `npp_nlp`.

    Lone surrogates, which no UTF-8 file can hold, become U+FFFD.
    """
    import pyarrow as pa
    from pyarrow import parquet

    arrow = pa.Table.from_pandas(_map_strings(table, valid_unicode), preserve_index=False)
    note = {b"npp_nlp": json.dumps(provenance or {}, ensure_ascii=False, sort_keys=True).encode()}
    with path.open("wb") as file:  # a path that Arrow could not encode is none of its business
        parquet.write_table(arrow.replace_schema_metadata({**(arrow.schema.metadata or {}), **note}), file)


def save_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV that spreadsheets open in Chinese (UTF-8 with signature).

    A cell that a spreadsheet would run as a formula (it begins with = + - @) gets an apostrophe in front;
    the Parquet file beside it has the text as it is.
    """

    def safe(cell: str) -> str:
        cell = valid_unicode(cell).replace("\0", "\ufffd")
        return "'" + cell if _FORMULA.match(cell) else cell

    _map_strings(table, safe).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def save_tables(
    tables: Mapping[str, pd.DataFrame], folder: str | Path, *, provenance: Mapping[str, Any]
) -> list[Path]:
    """Write each table as NAME.parquet and NAME.csv, and the provenance as provenance.json; returns the paths.

    Raises `NotADirectoryError` if `folder` is a file.
    """
    out = Path(folder)
    if out.exists() and not out.is_dir():
        raise NotADirectoryError(f"{out}: the output must be a folder, and a file of that name exists")
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, table in tables.items():
        save_parquet(table, out / f"{name}.parquet", provenance=provenance)
        save_csv(table, out / f"{name}.csv")
        written += [out / f"{name}.parquet", out / f"{name}.csv"]
    save_json(provenance, out / "provenance.json")
    return [*written, out / "provenance.json"]


def _map_strings(table: pd.DataFrame, change: Any) -> pd.DataFrame:
    """The table with `change` applied to every string cell."""
    changed = table.copy()
    for column in changed.columns:
        if changed[column].dtype.kind == "O" or str(changed[column].dtype) in ("str", "string"):
            cells = [change(cell) if isinstance(cell, str) else cell for cell in changed[column]]
            changed[column] = type(changed[column])(cells, index=changed.index, dtype="object")
    return changed


def save_gexf(graph: nx.Graph[str], path: Path) -> None:
    """Write a graph as GEXF 1.2 for Gephi, with all attributes and the positions of the layout."""
    import networkx as nx

    clean: nx.Graph[str] = nx.Graph()
    for name, data in graph.nodes(data=True):
        plain = {key: value for key, value in data.items() if key not in ("x", "y")}
        position = {"x": float(data["x"]) * 1000, "y": float(data["y"]) * 1000, "z": 0.0}
        clean.add_node(_NOT_XML.sub("\ufffd", name), **plain, viz={"position": position})
    for a, b, data in graph.edges(data=True):
        clean.add_edge(_NOT_XML.sub("\ufffd", a), _NOT_XML.sub("\ufffd", b), **data)
    buffer = io.BytesIO()
    nx.write_gexf(clean, buffer)
    text = re.sub(r' lastmodifieddate="[^"]*"', "", buffer.getvalue().decode("utf-8"))
    path.write_text(text, encoding="utf-8", newline="\n")


def save_json(value: Mapping[str, Any], path: Path) -> None:
    """Write a mapping as indented JSON with sorted keys."""
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    path.write_text(valid_unicode(text), encoding="utf-8", newline="\n")
