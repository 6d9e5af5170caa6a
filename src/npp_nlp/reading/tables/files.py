"""Table files to tables: CSV, JSON Lines, JSON and Parquet, each bounded in cells and bytes.

Ids and texts stay the strings they are (00123 keeps its zeros); other columns of a CSV file become numbers where
every value is written as a number is. A line of JSON that cannot be read becomes a row that says so.
"""

from __future__ import annotations

import io
import json
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from npp_nlp.reading.decoding import decode

if TYPE_CHECKING:
    import pandas as pd

TEXT = "text"
"""The column that holds the texts in a table file."""
MOST_CELLS = 20_000_000
"""Rows times columns of one table: a million documents with twenty columns."""
MOST_COLUMNS = 10_000
MOST_CHARACTERS = 500_000_000
"""Bytes of the texts of one table, unpacked."""
_SEPARATORS = (",", "\t", ";")
_WHOLE = r"-?(?:0|[1-9]\d{0,17})"
_DECIMAL = r"-?(?:0|[1-9]\d{0,14})\.\d{1,15}"


class Broken(NamedTuple):
    """Stands for the text of a row that could not be read."""

    reason: str


def refuse_size(rows: int, columns: int) -> None:
    """Raise `ValueError` if a table of so many rows and columns is beyond the bounds."""
    if columns > MOST_COLUMNS:
        raise ValueError(f"{columns:,} columns, more than {MOST_COLUMNS:,}")
    if rows * columns > MOST_CELLS:
        raise ValueError(f"{rows:,} rows of {columns:,} columns, more than {MOST_CELLS:,} cells")


def read_csv(path: Path, text_column: str = TEXT) -> pd.DataFrame:
    """A table separated by commas, tabs or semicolons, whichever sets the column text apart in the first line.

    Raises `ValueError` with the number of the line if a row has more values than the header.
    """
    import pandas as pd

    text = decode(path.read_bytes())[0]
    if not text.strip():
        raise ValueError("blank: no table in it")
    header = next(line for line in text.splitlines() if line.strip())
    separator = _separator(header, text_column, tab_first=path.suffix.lower() == ".tsv")
    refuse_size(text.count("\n") + 1, header.count(separator) + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)
        try:
            frame = pd.read_csv(
                io.StringIO(text), sep=separator, dtype=str, keep_default_na=False, na_values=[""]
            )
        except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
            raise ValueError(_plainly(str(error))) from error
    if not isinstance(frame.index, pd.RangeIndex):
        raise ValueError("line 2 has more values than the first line has names")
    as_written = {"id", text_column}
    result: pd.DataFrame = frame.apply(
        lambda column: column if column.name in as_written else _numbers(column)
    )
    return result


def _separator(header: str, text_column: str, *, tab_first: bool) -> str:
    """The sign that parts the names in the first line: the one that sets text apart, else the commonest."""
    signs = ("\t", ",", ";") if tab_first else _SEPARATORS
    for sign in signs:
        if text_column in (name.strip().strip('"') for name in header.split(sign)):
            return sign
    return max(signs, key=header.count)


def _plainly(message: str) -> str:
    found = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", message)
    if found:
        return (
            f"line {int(found[2]):,} has {found[3]} values, the first line {found[1]} names "
            "(is a quotation mark missing?)"
        )
    return message.removeprefix("Error tokenizing data. C error: ").strip()


def _numbers(column: pd.Series[Any]) -> pd.Series[Any]:
    """The column as numbers if every value is written as a number is, without leading zeros."""
    values = column.dropna()
    if values.empty:
        return column
    if values.str.fullmatch(_WHOLE).all():
        return column.astype("int64" if len(values) == len(column) else "Int64")
    if values.str.fullmatch(f"{_WHOLE}|{_DECIMAL}").all():
        return column.astype("float64")
    return column


def read_jsonl(path: Path, text_column: str = TEXT) -> pd.DataFrame:
    """One JSON object on a line; a line that is none becomes a row whose text is `Broken` and names the line."""
    text = decode(path.read_bytes())[0]
    rows = [
        _object(line, f"line {i:,}", text_column)
        for i, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]
    broken = [row[text_column].reason for row in rows if isinstance(row.get(text_column), Broken)]
    if broken and not any(text_column in row and not isinstance(row[text_column], Broken) for row in rows):
        raise ValueError(broken[0])
    return _frame(rows)


def read_json(path: Path, text_column: str = TEXT) -> pd.DataFrame:
    """A JSON array of objects, or an object that holds one array of objects."""
    found = _parsed(decode(path.read_bytes())[0], "the file")
    if isinstance(found, dict):
        arrays = [v for v in found.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
        found = arrays[0] if len(arrays) == 1 else [found]
    if not isinstance(found, list):
        raise ValueError(f"no array of objects, but a {type(found).__name__}")
    rows = [
        one if isinstance(one, dict) else {text_column: Broken(f"entry {i:,} is no object")}
        for i, one in enumerate(found, start=1)
    ]
    return _frame(rows)


def _object(line: str, where: str, text_column: str) -> dict[str, Any]:
    try:
        found = _parsed(line, where)
    except ValueError as error:
        return {text_column: Broken(str(error))}
    return found if isinstance(found, dict) else {text_column: Broken(f"{where} is no object")}


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError(f"{where} is nested too deep") from error
    except ValueError as error:
        reason = (
            f"{error.msg} at character {error.colno:,}" if isinstance(error, json.JSONDecodeError) else error
        )
        raise ValueError(f"{where} is no JSON: {reason}") from error


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Objects as rows, every value as it is: a column with gaps must not turn ids into decimals."""
    import pandas as pd

    names: dict[str, None] = {}
    for row in rows:
        names.update(dict.fromkeys(row))
        refuse_size(len(rows), len(names))
    return pd.DataFrame(
        {name: pd.Series([row.get(name) for row in rows], dtype=object) for name in names},
        index=range(len(rows)),
    )


def read_parquet(path: Path, text_column: str = TEXT) -> pd.DataFrame:
    """A Parquet file; what pandas noted in it is not used, so an index becomes a column like the others."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        schema = file.schema_arrow
        strings = [f.name for f in schema if pa.types.is_string(f.type) or pa.types.is_large_string(f.type)]
        refuse_size(file.metadata.num_rows, max(1, file.metadata.num_columns))
        file.close()
        file = pq.ParquetFile(path, read_dictionary=strings)
        table = file.read()
        file.close()
    except (pa.ArrowException, OSError) as error:
        raise ValueError(f"damaged or no Parquet file: {error}") from error
    table = table.select([name for name in table.column_names if not name.startswith("__index_level_")])
    if len(set(table.column_names)) < table.num_columns:
        raise ValueError("two columns of one name")
    _refuse_expansion(table)
    for i, name in enumerate(table.column_names):
        if pa.types.is_dictionary(table.column(i).type):
            table = table.set_column(i, name, table.column(i).cast(table.column(i).type.value_type))
    try:
        frame: pd.DataFrame = table.to_pandas(ignore_metadata=True)
    except (pa.ArrowException, TypeError) as error:
        raise ValueError(f"a column that no table holds: {error}") from error
    return frame


def _refuse_expansion(table: Any) -> None:
    """Refuse texts that are stored once and repeated without end."""
    import pyarrow as pa
    import pyarrow.compute as pc

    size = 0
    for column in table.columns:
        for chunk in column.chunks:
            if pa.types.is_dictionary(chunk.type) and pa.types.is_string(chunk.type.value_type):
                lengths = pc.take(pc.binary_length(chunk.dictionary), chunk.indices)
                size += pc.sum(pc.cast(lengths, pa.int64())).as_py() or 0
            else:
                size += chunk.nbytes
        if size > MOST_CHARACTERS:
            raise ValueError(f"unpacks to more than {MOST_CHARACTERS:,} bytes")
