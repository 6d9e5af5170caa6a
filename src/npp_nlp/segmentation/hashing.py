"""Hash tables of n-grams as plain arrays: a lookup is a few vectorised steps, without false hits in practice.

A table is a perfect hash (Belazzougui, Botelho and Dietzfelbinger 2009, "hash, displace, compress"): the upper bits
of a key's hash choose a displacement, the lower bits plus that displacement the slot. A slot holds 14 bits of the
hash, which tell unseen n-grams from known ones, and the number of the row of weights in its other 18 bits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROW_BITS = 18
_ROW_LIMIT = np.uint32(1 << ROW_BITS)
_MIX_1, _MIX_2, _STEP = np.uint32(0x7FEB352D), np.uint32(0x846CA68B), np.uint32(0x9E3779B1)
BUCKET_SHIFT = np.uint32(17)


@dataclass(frozen=True)
class NgramTable:
    """Displacements per bucket and slots of one n-gram length."""

    displacement: NDArray[np.uint16]
    slots: NDArray[np.uint32]

    def rows(self, hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """The row number of each hash, 0 where it is not in the table."""
        moved = self.displacement.take(hashes >> BUCKET_SHIFT, mode="clip")
        slot = moved + hashes
        slot &= np.uint32(len(self.slots) - 1)
        found = self.slots.take(slot, mode="clip")
        found ^= hashes & ~(_ROW_LIMIT - np.uint32(1))
        found *= found < _ROW_LIMIT
        return found


def extend(keys: NDArray[np.uint32], symbols: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Keys of n-grams from keys of their first n - 1 characters and their last characters."""
    return keys * _STEP + symbols


def mixed(keys: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Spread keys over all 32 bits (the first steps of Wellons 2018, "hash prospector"); one to one."""
    out = keys ^ (keys >> np.uint32(16))
    out *= _MIX_1
    out ^= out >> np.uint32(15)
    out *= _MIX_2
    return out


def build_table(hashes: NDArray[np.uint32], rows: NDArray[np.uint32], *, bits: int) -> NgramTable:
    """Place distinct hashes with their row numbers into a table of 2**bits slots.

    Raises `ValueError` if hashes repeat, rows need more than 18 bits or the table is too small.

    >>> h = mixed(np.arange(1, 900, dtype=np.uint32))
    >>> table = build_table(h, np.arange(1, 900, dtype=np.uint32), bits=10)
    >>> bool((table.rows(h) == np.arange(1, 900)).all())
    True
    """
    if len(np.unique(hashes)) < len(hashes):
        raise ValueError("hashes: two are equal")
    if len(rows) and int(rows.max()) >= int(_ROW_LIMIT):
        raise ValueError(f"rows: number {int(rows.max())} needs more than {ROW_BITS} bits")
    size = 1 << bits
    buckets = hashes >> BUCKET_SHIFT
    displacement = np.zeros(1 << (32 - int(BUCKET_SHIFT)), dtype=np.uint16)
    slots = np.zeros(size, dtype=np.uint32)
    taken = np.zeros(size, dtype=np.bool_)
    order = np.argsort(buckets, kind="stable")
    counts = np.bincount(buckets, minlength=len(displacement))
    ends = np.cumsum(counts)
    trials = np.arange(1 << 16, dtype=np.uint32)
    for bucket in np.argsort(-counts, kind="stable")[: int((counts > 0).sum())].tolist():
        members = order[ends[bucket] - counts[bucket] : ends[bucket]]
        chosen = _first_free(taken, hashes[members], trials)
        if chosen < 0:
            raise ValueError(f"bits={bits}: no place for {len(hashes)} n-grams in {size} slots")
        at = (hashes[members] + np.uint32(chosen)) & np.uint32(size - 1)
        displacement[bucket] = chosen
        taken[at] = True
        slots[at] = (hashes[members] & ~(_ROW_LIMIT - np.uint32(1))) | rows[members]
    return NgramTable(displacement, slots)


def _first_free(taken: NDArray[np.bool_], hashes: NDArray[np.uint32], trials: NDArray[np.uint32]) -> int:
    """The smallest displacement that puts all hashes of a bucket on free slots; -1 if there is none."""
    mask = np.uint32(len(taken) - 1)
    if len(np.unique(hashes & mask)) < len(hashes):
        return -1
    begin, step = 0, 64
    while begin < len(trials):
        block = trials[begin : begin + step]
        free = ~taken[(block[:, None] + hashes[None, :]) & mask].any(axis=1)
        if free.any():
            return begin + int(free.argmax())
        begin += step
        step *= 4
    return -1
