"""Dispersion: whether a term is spread over the documents or comes from a few of them.

Layer 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from npp_nlp.comparison.frequencies import Frequencies

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
COLUMNS = ("term", "n", "range", "dp", "dp_norm")


def deviation_of_proportions(n: ArrayLike, sizes: ArrayLike) -> tuple[float, float]:
    """Gries's DP of one term over the parts of a corpus, and DP normalised: 0 is evenly spread, 1 is all in one part.

    `n` are the occurrences in each part, `sizes` the sizes of the parts. With v = n / Σn and s = sizes / Σsizes,
    DP = Σ |v - s| / 2 (Gries 2008), DPnorm = DP / (1 - min s) (Lijffijt and Gries 2012). A term that occurs fewer times
    than there are parts cannot be spread evenly: DP of rare terms is high whatever their nature. Both are missing
    without occurrences, DPnorm also with one part. Raises `ValueError` if a size is not above 0.

    >>> [round(value, 3) for value in deviation_of_proportions([9, 1, 0], [100, 100, 200])]
    [0.65, 0.867]
    """
    counts, size = np.asarray(n, dtype=np.float64), np.asarray(sizes, dtype=np.float64)
    if (size <= 0).any():
        raise ValueError("every part must have a size above 0")
    if not counts.sum():
        return float("nan"), float("nan")
    share = size / size.sum()
    dp = float(np.abs(counts / counts.sum() - share).sum() / 2)
    most = 1 - float(share.min())
    return dp, dp / most if len(size) > 1 else float("nan")


def dispersion_table(counts: Frequencies) -> pd.DataFrame:
    """Table `term, n, range, dp, dp_norm`: the parts are the documents, whatever their group; in order of terms by name.

    `range` is the number of documents with the term; `dp` and `dp_norm` are those of `deviation_of_proportions`, with sizes
    in characters.
    """
    import pandas as pd

    size = max(len(counts.terms), 1)
    share = counts.sizes / max(int(counts.sizes.sum()), 1)
    total = counts.n.sum(axis=1)
    # documents without the term add their own share: 1 less the shares of those with it
    here = share[counts.document]
    off = np.abs(counts.count / total[counts.term] - here) - here
    dp = (np.bincount(counts.term, off, minlength=size)[: len(total)] + 1) / 2
    most = 1 - share.min(initial=1.0)
    dp = np.clip(dp, 0.0, None)
    columns = {
        "term": counts.term_column(np.arange(len(counts.terms))),
        "n": total,
        "range": np.bincount(counts.term, minlength=size)[: len(total)],
        "dp": dp,
        "dp_norm": dp / most if most > 0 else np.full(len(dp), np.nan),
    }
    return pd.DataFrame(columns).astype(
        {"n": "int64", "range": "int64", "dp": "float64", "dp_norm": "float64"}
    )
