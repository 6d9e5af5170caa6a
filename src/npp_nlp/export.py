"""Results to files: tables as Parquet, CSV and Excel, graphs for other programs, provenance as JSON.

Layer 7. The same result gives the same bytes: no time of writing goes into a file.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from npp_nlp.cooccurrence.describing import edges_table, nodes_table
from npp_nlp.graphfiles import (
    plain_graph,
    save_gexf,
    save_gexf_series,
    save_graphml,
    save_pajek,
    save_ucinet,
    save_vosviewer,
    valid_xml,
)
from npp_nlp.text import valid_unicode

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

__all__ = [
    "plain_graph",
    "safe_cell",
    "save_csv",
    "save_excel",
    "save_gexf",
    "save_gexf_series",
    "save_graph",
    "save_graphml",
    "save_json",
    "save_pajek",
    "save_parquet",
    "save_ucinet",
    "save_vosviewer",
]

_NOT_A_SHEET = re.compile(r"[\[\]:*?/\\]")
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
    _map_strings(table, safe_cell).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def safe_cell(cell: str) -> str:
    """A text that spreadsheets take as text: an apostrophe before what they would run, nothing that UTF-8 cannot hold.

    >>> safe_cell("=1+1"), safe_cell("增长5%")
    ("'=1+1", '增长5%')
    """
    cell = valid_unicode(cell).replace("\0", "\ufffd")
    return "'" + cell if _FORMULA.match(cell) else cell


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


def save_excel(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write tables as one Excel workbook, a sheet each, the names of the columns above.

    No cell is a formula, whatever it begins with: text stays text. Characters that XML cannot hold become U+FFFD, lists
    become text, missing values empty cells. Raises `ValueError` for a table or a text longer than a sheet or a cell can
    hold, for a name that no sheet can bear, and for no table at all.
    """
    from openpyxl import Workbook

    if not tables:
        raise ValueError("tables is empty: a workbook needs at least one sheet")
    for name, table in tables.items():
        if not 0 < len(name) <= 31 or _NOT_A_SHEET.search(name) or name.startswith("'") or name.endswith("'"):
            raise ValueError(f"table {name!r}: a sheet's name has 1 to 31 characters, none of []:*?/\\")
        if len(table) > 1_048_575:
            raise ValueError(f"table {name!r} has {len(table):,} rows; a sheet holds 1,048,575 and the head")
    rows = {name: _rows_of(table, name) for name, table in tables.items()}
    book = Workbook(write_only=True)
    for name in tables:
        sheet = book.create_sheet(valid_xml(name))
        sheet.freeze_panes = "A2"
        for row in rows[name]:
            sheet.append([_cell(sheet, value) if isinstance(value, str) else value for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(_without_time(buffer.getvalue()))


def _rows_of(table: pd.DataFrame, name: str) -> list[list[Any]]:
    """The head and the rows with what a cell can hold; checked before anything is written."""
    cells = table.astype(object).itertuples(index=False, name=None)
    rows = [
        [valid_xml(str(column)) for column in table.columns],
        *([_plain(v) for v in row] for row in cells),
    ]
    longest = max((len(value) for row in rows for value in row if isinstance(value, str)), default=0)
    if longest > 32_767:
        raise ValueError(f"table {name!r}: a text of {longest:,} characters; a cell holds 32,767")
    return rows


def _plain(value: Any) -> Any:
    """A number or truth value as it is, None for what is missing, anything else as text."""
    import pandas as pd

    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, bool | int | float) and value == value and abs(value) != float("inf"):
        return value
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return None
    return valid_xml(str(value))


def _cell(sheet: Any, text: str) -> Any:
    """A cell of text that is never run."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = bool(_FORMULA.match(text))
    return cell


def _without_time(data: bytes) -> bytes:
    """The workbook with one fixed time in all places, so that the same tables give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2000-01-01T00:00:00Z", part)
            new.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def save_graph(graph: nx.Graph[str], path: Path) -> None:
    """Write a graph in the format that the suffix names: .gexf, .graphml, .net, .json, .csv or .xlsx.

    .net is Pajek (with a partition beside it), .json VOSviewer, .csv the matrix for UCINET, .xlsx a workbook of nodes and
    edges with their tests. Raises `ValueError` for another suffix.
    """
    writers: dict[str, Callable[[nx.Graph[str], Path], None]] = {
        ".gexf": save_gexf,
        ".graphml": save_graphml,
        ".net": save_pajek,
        ".json": save_vosviewer,
        ".csv": save_ucinet,
        ".xlsx": _save_workbook,
    }
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise ValueError(f"{path}: the suffix must be one of {', '.join(writers)}")
    writer(graph, path)


def _save_workbook(graph: nx.Graph[str], path: Path) -> None:
    save_excel({"nodes": nodes_table(graph), "edges": edges_table(graph, tests=True)}, path)


def save_json(value: Mapping[str, Any], path: Path) -> None:
    """Write a mapping as indented JSON with sorted keys."""
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    path.write_text(valid_unicode(text), encoding="utf-8", newline="\n")
