"""Tables and columns of other libraries (polars, Arrow, DuckDB, …) as pandas has them, in one place.

Layer 2. Whatever offers the Arrow PyCapsule interface (`__arrow_c_stream__`) is a table; results are always pandas.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def is_table(value: Any) -> bool:
    """Whether `as_frame` takes a value: a pandas DataFrame, or a table with columns that speaks Arrow.

    >>> import pyarrow as pa
    >>> is_table(pa.table({"a": [1]})), is_table(pa.chunked_array([[1]])), is_table(["a"])
    (True, False, False)
    """
    # a class is asked, not the object: attributes of a lazy table may compute something
    streams = hasattr(type(value), "__arrow_c_stream__")
    named = any(hasattr(type(value), name) for name in ("columns", "column_names", "schema"))
    return _is_pandas(value) or (streams and named)


def as_frame(table: Any, name: str = "table") -> pd.DataFrame:
    """A table as a pandas DataFrame; one of pandas comes back itself.

    Of others, whole numbers stay whole where a cell is missing (then the column is of Python objects, None for the
    missing). Raises `TypeError`, with the argument's `name`, for what is no table; a lazy one has to be collected first.

    >>> import pyarrow as pa
    >>> as_frame(pa.table({"text": ["改革"], "year": [2025]})).to_dict("records")
    [{'text': '改革', 'year': 2025}]
    """
    if _is_pandas(table):
        frame: pd.DataFrame = table
        return frame
    if not is_table(table):
        raise TypeError(
            f"{name} is {type(table).__name__}: must be a DataFrame of pandas, or a table with the Arrow interface such "
            "as polars and pyarrow have (of a lazy one, call collect() first)"
        )
    import pandas as pd
    import pyarrow as pa

    arrow = pa.table(table)
    plain = pa.schema([(field.name, _plain(field.type)) for field in arrow.schema])
    # pandas' own metadata would bring back an index that other libraries do not keep
    converted: pd.DataFrame = arrow.cast(plain).to_pandas(integer_object_nulls=True, ignore_metadata=True)
    return pd.DataFrame(converted)


def as_values(column: Iterable[Any]) -> Iterable[Any]:
    """A column to iterate over as Python values: an Arrow array becomes a list, anything else comes back itself.

    >>> import pyarrow as pa
    >>> as_values(pa.chunked_array([["a", None]]))
    ['a', None]
    """
    convert = getattr(column, "to_pylist", None)
    return column if convert is None else list(convert())


def _plain(kind: Any) -> Any:
    """The Arrow type that pandas knows for the newer ones: views of text, and text by number."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return _plain(kind.value_type)
    if str(kind) == "string_view":
        return pa.large_string()
    return kind


def _is_pandas(value: Any) -> bool:
    pandas = sys.modules.get("pandas")  # who has one has imported it
    return pandas is not None and isinstance(value, pandas.DataFrame)
