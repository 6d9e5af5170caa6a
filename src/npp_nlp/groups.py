"""Documents in groups, by the values of their metadata.

Layer 2.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from npp_nlp.document import Corpus

Ints = NDArray[np.int64]


def plain_value(value: Any) -> Any:
    """A value of metadata as Python has it: NumPy's numbers as numbers, NaN and the other missing values as None.

    >>> plain_value(np.int64(2024)), plain_value(float("nan")), plain_value("北京")
    (2024, None, '北京')
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    return None if value != value else value


def grouping(corpus: Corpus, by: str | None) -> tuple[list[Any], Ints]:
    """Names of the groups in order, and for each document the number of its group, -1 without a value."""
    if by is None:
        return [document.id for document in corpus], np.arange(len(corpus), dtype=np.int64)

    parts = corpus.split(lambda document: plain_value(document.value(by)))
    parts.pop(None, None)
    if len(corpus) and not parts:
        raise ValueError(f"by={by!r}: no document has a value of it")
    number = {document.id: i for i, part in enumerate(parts.values()) for document in part}
    member = np.fromiter((number.get(d.id, -1) for d in corpus), dtype=np.int64, count=len(corpus))
    return list(parts), member
