"""Excel workbooks to tables; openpyxl reads them after their parts were looked through."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from npp_nlp.reading.containers import as_utf8, main_part, open_package
from npp_nlp.reading.tables.files import MOST_CELLS, TEXT, refuse_size

if TYPE_CHECKING:
    import pandas as pd

_MOST_PART = 200_000_000
_MOST_MARKUP = 12_000_000
"""Tags and attributes of a workbook: two million cells, which take half a minute."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})
_MOST_ROWS = 1_048_576
_HEADER_ROWS = 20
# What openpyxl raises on files that are no proper workbooks.
_DAMAGE = (ValueError, LookupError, TypeError, AttributeError, SyntaxError, OSError, ArithmeticError)


class _TooLargeError(ValueError):
    """A sheet beyond the bounds."""


def _brief(error: Exception) -> str:
    """The first line of an error, with its kind."""
    return f"{type(error).__name__}: {str(error).strip().split(chr(10))[0][:120]}"


def read_xlsx(path: Path, text_column: str = TEXT) -> pd.DataFrame:
    """The first sheet of a workbook that has a column text; its names stand in one of the first 20 rows.

    Cells hold the values that Excel saved; formulas are not computed, errors such as #N/A are empty.
    """
    from openpyxl import load_workbook

    data = path.read_bytes()
    _check_workbook(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns about extensions that hold no cells
        try:
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        except _DAMAGE as error:
            raise ValueError(f"damaged: no workbook can be read from it ({_brief(error)})") from error
        found: list[str] = []
        for sheet in book.worksheets:
            try:
                rows = _sheet_rows(sheet)
            except _TooLargeError:
                raise
            except _DAMAGE as error:
                raise ValueError(
                    f"damaged: sheet {sheet.title!r} cannot be read ({_brief(error)})"
                ) from error
            at = next((i for i, row in enumerate(rows[:_HEADER_ROWS]) if text_column in row), None)
            if at is not None:
                return _sheet_frame(rows, at)
            first = [str(cell)[:40] for cell in rows[0] if cell is not None] if rows else []
            found.append(f"{sheet.title!r} has {first[:10]}")
    raise ValueError(
        f"no sheet has a column {text_column!r}: {'; '.join(found[:10]) or 'there are no sheets'}"
    )


def _check_workbook(data: bytes) -> None:
    """Refuse what openpyxl would unpack and expand without measure: all parts are looked through beforehand."""
    package = open_package(data)
    main_part(package, ("xl/workbook.xml",))
    markup = 0
    for name in package.names():
        part = package.data(name, _MOST_PART)
        # A part may have any name, so what begins as XML does is XML.
        if part[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or part[:2] in _UTF_16:
            part = as_utf8(part, name)
            markup += part.count(b"<") + part.count(b"=")
            if markup > _MOST_MARKUP:
                raise ValueError(f"more than {_MOST_MARKUP:,} tags and attributes: save the table as .csv")


def _sheet_rows(sheet: Any) -> list[list[Any]]:
    """The rows of a sheet that hold anything; what the sheet says of its own size is not believed."""
    sheet.reset_dimensions()
    rows: list[list[Any]] = []
    cells = 0
    for at, row in enumerate(sheet.iter_rows(values_only=True)):
        cells += len(row)
        if at >= _MOST_ROWS:
            raise _TooLargeError(
                f"sheet {sheet.title!r} has more than {_MOST_ROWS:,} rows, which no Excel writes"
            )
        if cells > MOST_CELLS:
            raise _TooLargeError(f"sheet {sheet.title!r} has more than {MOST_CELLS:,} cells")
        values = [None if value is None else _value(value) for value in row]
        while values and values[-1] is None:
            values.pop()
        if values:
            rows.append(values)
    return rows


def _value(value: Any) -> Any:
    """The value of a cell; errors are empty, _x000D_ and the like are the characters they stand for."""
    from openpyxl.utils.escape import unescape

    if not isinstance(value, str):
        return value
    if value in _ERRORS:
        return None
    return unescape(value) if "_x" in value else value


def _sheet_frame(rows: list[list[Any]], at: int) -> pd.DataFrame:
    """The rows below the names; rows without any value are left out, columns without a name too."""
    import pandas as pd

    names = [str(name).strip() if name is not None else "" for name in rows[at]]
    below = rows[at + 1 :]
    refuse_size(len(below), len(names))
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise ValueError(f"column {twice[0]!r} occurs twice")
    columns = {
        name: pd.Series([row[i] if i < len(row) else None for row in below], dtype=object)
        for i, name in enumerate(names)
        if name
    }
    return pd.DataFrame(columns, index=range(len(below)))
