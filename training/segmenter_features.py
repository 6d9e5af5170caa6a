"""Features of the segmenter as sparse matrices, and trained weights as the arrays `LinearModel` reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from npp_nlp.segmentation import linear
from npp_nlp.segmentation.hashing import build_table, extend, mixed
from npp_nlp.text import codepoints

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]

# Where an n-gram may lie around a boundary or a one-character word: offsets from its start to that place.
BOUNDARY = {1: range(-2, 4), 2: range(-1, 4), 3: range(4)}
SINGLE = {1: range(-1, 2), 2: range(2)}
LEAST_COUNT = {1: 1, 2: 2, 3: 2}
CATEGORIES = (("nr", "nrfg"), ("nrt",), ("ns",), ("nt", "nz", "j"), ("m", "t", "mq"), ("i", "l", "z"))
FREQUENCIES = (3, 20, 200)
SCALE, LIMIT = 256, 1450  # weights are stored in steps of 1 / SCALE, up to LIMIT steps


def detailed_class(tag: str, frequency: int) -> int:
    """A dictionary word's class for its own weights: 8 categories by 4 ranges of frequency."""
    rest = 6 if tag.startswith("n") else 7
    category = next((i for i, tags in enumerate(CATEGORIES) if tag in tags), rest)
    return category * 4 + int(np.searchsorted(FREQUENCIES, frequency))


def plain_class(tag: str, frequency: int, length: int) -> int:
    """A dictionary word's class for what stands around a boundary: length by 8 categories, 1 to 24."""
    if tag in ("i", "l"):
        kind = 4
    elif frequency <= FREQUENCIES[0]:
        kind = 0
    else:
        names = {"nr": 1, "nrfg": 1, "nrt": 1, "ns": 2, "m": 3, "t": 3, "mq": 3}
        kind = names.get(tag, {"n": 5, "v": 6}.get(tag[0], 7))
    return (length - 2) * 8 + kind + 1


def ngrams(symbols: Ints, n: int) -> Keys:
    """The key of the n-gram that starts at each place; 16 bits a symbol, zeros behind the end."""
    padded = np.concatenate([symbols, np.zeros(n, dtype=np.int64)]).astype(np.uint64)
    keys = np.zeros(len(symbols), dtype=np.uint64)
    for j in range(n):
        keys = keys << np.uint64(16) | padded[j : j + len(symbols)]
    return keys


def place_of(vocabulary: Keys, keys: Keys) -> Ints:
    """The index of each key in the sorted vocabulary, -1 if it is not there."""
    at = np.minimum(np.searchsorted(vocabulary, keys), len(vocabulary) - 1)
    return np.where(vocabulary[at] == keys, at, -1)


def shifted(values: Ints, offset: int, missing: int) -> Ints:
    """`values[p - offset]` for each place p."""
    result = np.full(len(values), missing, dtype=np.int64)
    source = values[: len(values) - offset] if offset >= 0 else values[-offset:]
    begin = max(offset, 0)
    result[begin : begin + len(source)] = source
    return result


Part = Literal["single", "context", "dictionary", "classes", "types", "trigrams"]


class Features:
    """The alphabet, the n-grams and the dictionary words that carry weights, with their columns.

    `without` leaves a part of the model out, to see what it is worth: the one-character words, the dictionary words
    around a boundary, the whole dictionary, its classes, the character types, or the trigrams.
    """

    def __init__(
        self, points: NDArray[np.uint32], words: list[tuple[str, int, str]], *, without: Part | None = None
    ) -> None:
        self.without = without
        inside = [(w, f, t) for w, f, t in words if 2 <= len(w) <= 4 and max(w) <= "\uffff"]
        spelled = codepoints("".join(word for word, _, _ in inside))
        # What occurs once and in no dictionary word trains the symbols for unknown characters.
        seen, counts = np.unique(linear.folded_symbols(points), return_counts=True)
        self.alphabet = np.union1d(seen[counts > 1], linear.folded_symbols(spelled))
        symbols = self.symbols(points)
        self.grams: dict[int, Keys] = {}
        for n in BOUNDARY:
            keys, counts = np.unique(ngrams(symbols, n), return_counts=True)
            self.grams[n] = keys[counts >= LEAST_COUNT[n]]
        self.words: dict[int, tuple[Keys, Ints, Ints]] = {}
        for n in linear.ORDERS:
            own = [row for row in inside if len(row[0]) == n]
            keys = ngrams(self.symbols(codepoints("".join(w for w, _, _ in own))), n)[::n]
            keys, first = np.unique(keys, return_index=True)
            same = without == "classes"
            classes = [
                (0, plain_class("x", 0, n)) if same else (detailed_class(t, f), plain_class(t, f, n))
                for _, f, t in own
            ]
            detailed, plain = np.array(classes, dtype=np.int64)[first].T
            self.words[n] = (keys, detailed, plain)

    def symbols(self, points: NDArray[np.uint32]) -> Ints:
        """Symbol numbers as `LinearModel` gives them."""
        folded = linear.folded_symbols(points)
        at = np.minimum(np.searchsorted(self.alphabet, folded), len(self.alphabet) - 1)
        unknown = np.where(linear.is_han(folded), linear.UNKNOWN_HAN, linear.UNKNOWN_OTHER)
        return np.where(self.alphabet[at] == folded, at + linear.FIRST_SYMBOL, unknown).astype(np.int64)

    def blocks(
        self, points: NDArray[np.uint32], kind: str
    ) -> Iterator[tuple[tuple[str, int, int], int, Ints]]:
        """Name, size and active feature (-1: none) of each block of features, for "boundary" or "single"."""
        symbols = self.symbols(points)
        for n, offsets in (BOUNDARY if kind == "boundary" else SINGLE).items():
            found = place_of(self.grams[n], ngrams(symbols, n))
            for offset in offsets:
                yield ("gram", n, offset), len(self.grams[n]), shifted(found, offset, -1)
        start, end, over = (np.zeros(len(points), dtype=np.int64) for _ in range(3))
        for n, (keys, detailed, plain) in self.words.items():
            found = place_of(keys, ngrams(symbols, n))
            known = np.where(found >= 0, detailed[found], -1)
            for offset in range(n + 1 if kind == "boundary" else n):
                yield ("word", n, offset), linear.CLASSES, shifted(known, offset, -1)
            context = np.where(found >= 0, plain[found], 0)
            start, end = np.maximum(start, context), np.maximum(end, shifted(context, n, 0))
            for offset in range(1, n):
                over = np.maximum(over, shifted(context, offset, 0))
        if kind == "boundary":
            types = linear.character_types(linear.folded_symbols(points)).astype(np.int64)
            code = sum(shifted(types, 3 - j, 0) << 3 * (5 - j) for j in range(6))
            yield ("types", 0, 0), 8**6, np.asarray(code)
            for at, (left, right) in enumerate(((start, end), (start, over), (end, over))):
                yield ("pair", at, 0), 1 << 10, left << 5 | right
            yield ("triple", 0, 0), 1 << 15, start << 10 | end << 5 | over
        else:
            yield ("pair", 0, 0), 1 << 10, end << 5 | shifted(start, -1, 0)
        yield ("bias", 0, 0), 1, np.zeros(len(points), dtype=np.int64)

    def matrix(self, points: NDArray[np.uint32], kind: str) -> sp.csr_matrix:
        """One row per character, one column per feature."""
        columns, width = [], 0
        for name, size, active in self.blocks(points, kind):
            used = (active >= 0) & (not self._left_out(name, kind))
            columns.append(np.where(used, active + width, -1).astype(np.int32))
            width += size
        stacked = np.stack(columns, axis=1)
        there = stacked >= 0
        ends = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
        ones = np.ones(int(ends[-1]), dtype=np.float32)
        return sp.csr_matrix((ones, stacked[there], ends), shape=(len(points), width))

    def _left_out(self, name: tuple[str, int, int], kind: str) -> bool:
        block, n, _ = name
        left_out: dict[Part | None, bool] = {
            "single": kind == "single",
            "context": block in ("pair", "triple"),
            "dictionary": block in ("word", "pair", "triple"),
            "types": block == "types",
            "trigrams": block == "gram" and n == 3,
        }
        return left_out.get(self.without, False)

    def named(
        self, weights: NDArray[np.float32], kind: str
    ) -> dict[tuple[str, int, int], NDArray[np.float32]]:
        """The weights of each block by its name."""
        parts, at = {}, 0
        for name, size, _ in self.blocks(np.array([10], dtype=np.uint32), kind):
            parts[name] = weights[at : at + size]
            at += size
        return parts


def pruned(weights: NDArray[np.float32], least: float) -> NDArray[np.float32]:
    """The weights without the small ones."""
    return np.where(np.abs(weights) < least, np.float32(0), weights)


def stored(weights: NDArray[np.float32]) -> NDArray[np.int16]:
    """Weights in steps of 1 / SCALE; the limit keeps any sum of them, at most 22, inside 16 bits."""
    return np.clip(np.rint(weights * SCALE), -LIMIT, LIMIT).astype(np.int16)


def packed(
    features: Features,
    weights: tuple[NDArray[np.float32], NDArray[np.float32]],
    points: NDArray[np.uint32],
    least: float,
    variants: list[tuple[str, str]],
) -> dict[str, NDArray[np.generic]]:
    """The arrays of the model; n-gram weights under `least` are left out.

    `variants` are traditional characters with the simplified ones they are read as, unless training saw them.
    """
    boundary = features.named(weights[0], "boundary")
    single = features.named(weights[1], "single")
    triple = boundary["triple", 0, 0].reshape(32, 32, 32) + boundary["pair", 0, 0].reshape(32, 32, 1)
    triple = triple + boundary["pair", 1, 0].reshape(32, 1, 32) + boundary["pair", 2, 0].reshape(1, 32, 32)
    arrays: dict[str, NDArray[np.generic]] = {
        "alphabet": features.alphabet.astype(np.uint16),
        "types": stored(boundary["types", 0, 0] + boundary["bias", 0, 0]),
        "dictionary_boundary": stored(triple.ravel()),
        "dictionary_single": stored(single["pair", 0, 0] + single["bias", 0, 0]),
    }
    symbols = features.symbols(points)
    for n in (1, *linear.ORDERS):
        keys, rows = _rows(features, n, boundary, single, least)
        spelled = np.stack(
            [keys >> np.uint64(16 * (n - 1 - j)) & np.uint64(0xFFFF) for j in range(n)], axis=1
        )
        if n == 1:
            arrays["rows1"] = np.zeros(
                (len(features.alphabet) + linear.FIRST_SYMBOL, linear.ROW), dtype=np.int16
            )
            arrays["rows1"][spelled[:, 0].astype(np.int64)] = rows
        else:
            seen = place_of(keys, ngrams(symbols, n))
            counts = np.bincount(seen[seen >= 0], minlength=len(keys))
            arrays.update(_table(n, spelled.astype(np.uint32), rows, counts))
    arrays["variants"] = _unseen(features, variants, arrays["rows1"])
    return arrays


def _unseen(
    features: Features, variants: list[tuple[str, str]], rows: NDArray[np.generic]
) -> NDArray[np.uint16]:
    """The pairs whose traditional character has no weights of its own and whose simplified one has."""
    trained = set(features.alphabet[rows.any(axis=1)[linear.FIRST_SYMBOL :]].tolist())
    pairs = [(ord(a), ord(b)) for a, b in variants if len(a) == len(b) == 1 and max(a, b) <= "\uffff"]
    kept = sorted((a, b) for a, b in pairs if a not in trained and b in trained)
    return np.array(kept, dtype=np.uint16).reshape(-1, 2)


Named = dict[tuple[str, int, int], NDArray[np.float32]]


def _rows(
    features: Features, n: int, boundary: Named, single: Named, least: float
) -> tuple[Keys, NDArray[np.int16]]:
    """The n-grams that have any weight or are dictionary words, and their rows."""
    none = np.zeros(0, dtype=np.uint64)
    grams = features.grams.get(n, none)
    words, detailed, plain = features.words.get(n, (none, none.astype(np.int64), none.astype(np.int64)))
    keys = np.union1d(grams, words)
    rows = np.zeros((len(keys), linear.ROW), dtype=np.float32)
    of_grams, of_words = np.searchsorted(keys, grams), np.searchsorted(keys, words)
    for weights, offsets, first in (
        (boundary, linear.BOUNDARY_OFFSETS, 0),
        (single, linear.SINGLE_OFFSETS, linear.SINGLE_AT),
    ):
        for place, offset in enumerate(offsets, start=first):
            if ("gram", n, offset) in weights:
                rows[of_grams, place] += pruned(weights["gram", n, offset], least)
            if ("word", n, offset) in weights:
                rows[of_words, place] += weights["word", n, offset][detailed]
    result = stored(rows)
    result[of_words, linear.CLASS_AT] = plain
    kept = result.any(axis=1)
    return keys[kept], result[kept]


def _table(
    n: int, spelled: NDArray[np.uint32], rows: NDArray[np.int16], counts: Ints
) -> dict[str, NDArray[np.generic]]:
    """The hash table of n-grams of one length; equal rows are stored once, the most used ones first."""
    keys = spelled[:, 0]
    for j in range(1, n):
        keys = extend(keys, spelled[:, j])
    hashes, first = np.unique(mixed(keys), return_index=True)
    distinct, number = np.unique(rows[first], axis=0, return_inverse=True)
    use = np.bincount(number.ravel(), weights=counts[first], minlength=len(distinct))
    order = np.argsort(-use, kind="stable")
    rank = np.empty(len(order), dtype=np.uint32)
    rank[order] = np.arange(1, len(order) + 1)
    table = build_table(hashes, rank[number.ravel()], bits=int(np.ceil(np.log2(len(hashes) / 0.85))))
    zero = np.zeros((1, linear.ROW), dtype=np.int16)
    return {
        f"displacement{n}": table.displacement,
        f"slots{n}": table.slots,
        f"rows{n}": np.concatenate([zero, distinct[order]]),
    }
