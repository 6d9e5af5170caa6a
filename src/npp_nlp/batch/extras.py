"""Packages that come with an extra and are imported when they are needed."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

PACKAGES = {"ray": "ray", "spark": "pyspark.sql", "duckdb": "duckdb"}
"""Extra -> what is imported."""


def needed(extra: str) -> Any:
    """The package of an extra; raises `ImportError` with the command that installs it."""
    name = PACKAGES[extra]
    try:
        importlib.import_module(name)
        return importlib.import_module(name.split(".")[0])
    except ImportError as error:
        package = name.split(".")[0]
        raise ImportError(
            f"{extra} needs {package}, which is not installed: pip install 'npp-nlp[{extra}]'"
        ) from error


def check(*names: str) -> None:
    """Raise `ImportError` if an engine or format has its package missing, without importing it."""
    for name in names:
        if name in PACKAGES and importlib.util.find_spec(PACKAGES[name].split(".")[0]) is None:
            needed(name)
