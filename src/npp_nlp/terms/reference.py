"""The reference: how often words occur in general prose and in policy reports, and how noun-like each word is.

Layer 5. `models/reference` holds it; it is made by `training/build_reference.py`.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from npp_nlp.artefacts import Model, load_model
from npp_nlp.terms.spans import Bools, Ints, Keys

Floats = NDArray[np.float64]


class Reference:
    """Frequencies and nominality of words, looked up by key."""

    def __init__(self, model: Model) -> None:
        self._keys = model.arrays["keys"]
        self._general = np.exp2(model.arrays["general"] / 8) - 1
        self._policy = np.exp2(model.arrays["policy"] / 8) - 1
        self._nominal = model.arrays["nominal"] / 255
        self._totals = model.card["totals"]
        self.policy_total = float(self._totals["policy"])

    def _find(self, keys: Keys) -> tuple[Ints, Bools]:
        short = (keys >> np.uint64(32)).astype(np.uint32)
        at = np.searchsorted(self._keys, short)
        at[at == len(self._keys)] = 0
        return at, self._keys[at] == short

    def rates(self, keys: Keys) -> Floats:
        """Occurrences per word, the mean of general prose and policy reports; never zero."""
        at, found = self._find(keys)
        general = np.where(found, self._general[at], 0) + 2
        policy = np.where(found, self._policy[at], 0) + 0.3
        return np.asarray((general / self._totals["general"] + policy / self._totals["policy"]) / 2)

    def policy(self, keys: Keys) -> Floats:
        """Occurrences in policy reports, of words and of runs of words, as a share of all words; 0 if unknown."""
        at, found = self._find(keys)
        return np.asarray(np.where(found, self._policy[at], 0) / self._totals["policy"])

    def nominal(self, keys: Keys) -> Floats:
        """Share of a word's occurrences that follow a noun-like word directly; 0.5 if unknown."""
        at, found = self._find(keys)
        return np.asarray(np.where(found & (self._nominal[at] > 0), self._nominal[at], 0.5))


@cache
def packaged_reference() -> Reference:
    """The packaged reference, loaded once."""
    return Reference(load_model("reference"))
