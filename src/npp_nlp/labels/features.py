"""Texts -> hashed features, all texts at once over one array of code points.

A feature is present or absent in a paragraph. There are character n-grams (anywhere; opening a clause), the same
at the opening and the end of a clause together with the clause's marks of tense and number or with the tense
that prevails in the paragraph, and patterns of cues: what the clauses do, in which order, in which shares.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from npp_nlp.labels.cues import KINDS, Table, forms_by_length
from npp_nlp.text import codepoints, fold_codepoints

Hashes = NDArray[np.uint64]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]

FAMILIES: dict[str, float] = {"anywhere": 1.0, "opening": 1.2, "marks": 1.4, "tense": 1.4, "patterns": 0.6}
"""Kinds of features and their weights: n-grams anywhere; opening a clause; opening or ending a clause, beside its
marks of tense and number; the same beside the tense of the paragraph; patterns of cues."""

SEPARATOR = 0
_CLAUSE_END = np.array([ord(c) for c in ",;:!?。…\n"], np.uint32)
_PERFECTIVE = np.array([ord(c) for c in "了过已"], np.uint32)
_MODAL = np.array([ord(c) for c in "要将必"], np.uint32)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_CHAIN = np.uint64(0x100000001B3)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SALT = 0x94D049BB133111EB
_SHARES = np.array([0.001, 0.12, 0.25, 0.4, 0.6, 0.8])
_COUNTS = np.array([1, 2, 3, 5, 8])
_LENGTHS = np.array([2, 3, 4, 6, 9, 14, 20])


class Parsed(NamedTuple):
    """Code points of all texts with their clauses; `offset` leads back into the joined texts."""

    points: NDArray[np.uint32]
    offset: Ints
    paragraph: Ints
    inside: Flags
    clause: Ints
    opening: Ints
    end: Ints
    texts: int


class Keys(NamedTuple):
    """One row per occurrence of a feature: its key, its paragraph, the position it starts at (-1: none), its family."""

    key: NDArray[np.uint32]
    paragraph: Ints
    position: Ints
    family: NDArray[np.uint8]


def _numbers_collapsed(points: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], Flags]:
    """Write each number as one `0`, a year before 年 as `Y`; the second value says which characters stay."""
    digit = (points >= ord("0")) & (points <= ord("9"))
    before = np.concatenate([[False], digit[:-1]])
    after = np.concatenate([digit[1:], [False]])
    number = digit | (((points == ord(".")) | (points == ord(","))) & before & after)
    first = number & ~np.concatenate([[False], number[:-1]])
    starts = np.flatnonzero(first)
    ends = np.flatnonzero(number & ~np.concatenate([number[1:], [False]])) + 1
    year = (ends - starts == 4) & (points[np.minimum(ends, len(points) - 1)] == ord("年"))
    points = points.copy()
    points[starts] = np.where(year, ord("Y"), ord("0"))
    blank = (points == ord(" ")) | (points == ord("\t"))
    return points, ~((number & ~first) | blank)


def parse(texts: Sequence[str]) -> Parsed:
    """Fold, collapse numbers, drop blanks, and find the clauses; a mark that ends a clause is in it."""
    cleaned = [text.strip().replace("\0", " ") for text in texts]
    raw = fold_codepoints(codepoints("\0".join(cleaned) + "\0"))
    points, stays = _numbers_collapsed(raw)
    offset = np.flatnonzero(stays)
    points = points[offset]
    inside = points != SEPARATOR
    paragraph = np.cumsum(~inside) - ~inside
    bound = np.isin(points, _CLAUSE_END) | ~inside
    clause = np.cumsum(bound) - bound
    opening = np.flatnonzero(~bound & np.concatenate([[True], bound[:-1]]))
    end = np.flatnonzero(~bound & np.concatenate([bound[1:], [True]]))
    return Parsed(points, offset, paragraph, inside, clause, opening, end, len(texts))


def _grams(parsed: Parsed) -> list[tuple[Hashes, Flags]]:
    """Hash and validity of the n-gram that starts at each position, for n = 1 … 4."""
    single = parsed.points.astype(np.uint64) * _SPREAD
    grams = [(single, parsed.inside)]
    for n in range(2, 5):
        before, valid = grams[-1]
        size = max(len(single) - n + 1, 0)
        hashes = np.zeros_like(single)
        complete = np.zeros_like(valid)
        hashes[:size] = (before[:size] * _CHAIN) ^ single[n - 1 :]
        complete[:size] = valid[:size] & parsed.inside[n - 1 :]
        grams.append((hashes, complete))
    return grams


@cache
def _cue_tables() -> dict[int, Table]:
    """Length -> sorted hashes of the cue forms and the bits of their kinds."""
    tables: dict[int, Table] = {}
    for n, forms in forms_by_length().items():
        hashes = _grams(parse(list(forms)))[n - 1]
        found = hashes[0][hashes[1]]
        order = np.argsort(found)
        tables[n] = (found[order], np.array(list(forms.values()), np.int64)[order])
    return tables


def _cues(parsed: Parsed, grams: list[tuple[Hashes, Flags]]) -> NDArray[np.int64]:
    """Bits of the cue kinds that occur in each clause."""
    at_opening = np.int64(1 << KINDS.index("imperative"))
    bits = np.zeros(len(parsed.points), np.int64)
    opens = np.zeros(len(parsed.points), bool)
    opens[parsed.opening] = True
    for n, (forms, kinds) in _cue_tables().items():
        hashes, valid = grams[n - 1]
        at = np.minimum(np.searchsorted(forms, hashes), len(forms) - 1)
        hit = np.flatnonzero((forms[at] == hashes) & valid)
        found = kinds[at[hit]]
        bits[hit] |= np.where(opens[hit], found, found & ~at_opening)
    total = np.zeros(int(parsed.clause[-1]) + 1, np.int64)
    hits = np.flatnonzero(bits)
    np.bitwise_or.at(total, parsed.clause[hits], bits[hits])
    return total


class _Clauses(NamedTuple):
    """The clauses that hold text: their number, paragraph, cue bits, and three marks (number, perfective, modal)."""

    number: Ints
    paragraph: Ints
    bits: NDArray[np.int64]
    marks: NDArray[np.int64]

    def has(self, kind: str) -> Flags:
        return np.asarray((self.bits >> KINDS.index(kind)) & 1 == 1)


def _clauses(parsed: Parsed, bits: NDArray[np.int64]) -> tuple[_Clauses, NDArray[np.int64]]:
    """The clauses with text, and the marks of every clause by its number."""

    def present(where: Flags) -> Flags:
        return np.asarray(np.bincount(parsed.clause[where], minlength=len(bits)) > 0)

    number = present(parsed.points == ord("0"))
    perfective = present(np.isin(parsed.points, _PERFECTIVE))
    modal = present(np.isin(parsed.points, _MODAL))
    year = present(parsed.points == ord("Y"))
    marks = number * 1 + perfective * 2 + modal * 4 + year * 8
    real = parsed.clause[parsed.opening]
    return _Clauses(real, parsed.paragraph[parsed.opening], bits[real], marks[real]), marks


def _key(salt: int, value: NDArray[np.integer]) -> NDArray[np.uint32]:
    mixed = value.astype(np.uint64) ^ np.uint64(salt * _SALT & 0xFFFFFFFFFFFFFFFF)
    mixed = (mixed ^ (mixed >> np.uint64(31))) * _MIX
    return ((mixed ^ (mixed >> np.uint64(29))) >> np.uint64(16)).astype(np.uint32)


def _prevails(one: Flags, other: Flags, paragraph: Ints, count: int) -> Ints:
    """0, 1 or 2 for each paragraph: fewer, as many, or more clauses of one kind than of the other."""
    more = np.bincount(paragraph, one.astype(float) - other, minlength=count)
    return np.sign(more).astype(np.intp) + 1


def _patterns(clauses: _Clauses, count: int) -> list[tuple[int, NDArray[np.integer], Ints, Ints]]:
    """Features of what the clauses do: kinds, order, shares; as (salt, value, paragraph, clause)."""
    past, modal, problem = (clauses.has(k) for k in ("past", "modal", "problem"))
    imperative = clauses.has("imperative")
    figure = (clauses.marks & 9) > 0
    small = past * 1 + modal * 2 + problem * 4 + imperative * 8 + figure * 16
    full = small + clauses.has("degree") * 32 + clauses.has("theory") * 64 + clauses.has("formal") * 128
    row, index = clauses.paragraph, np.arange(len(small))
    change = row[1:] != row[:-1] if len(row) else np.zeros(0, bool)
    first, last = np.concatenate([[True], change])[: len(row)], np.concatenate([change, [True]])[: len(row)]
    pair = np.flatnonzero(~first[1:])
    none = np.full(count, -1)
    every = np.arange(count)
    total = np.maximum(np.bincount(row, minlength=count), 1)
    found = [
        (70, full, row, index),
        (71, small, row, index),
        (72, small[first], row[first], index[first]),
        (73, small[last], row[last], index[last]),
        (74, small[pair] * 64 + small[pair + 1], row[pair], index[pair]),
        (120, np.digitize(total, _LENGTHS), every, none),
    ]
    marks = [figure, clauses.marks & 2 > 0, clauses.marks & 4 > 0]
    for number, flag in enumerate([*(clauses.has(kind) for kind in KINDS), *marks]):
        n = np.bincount(row, flag, minlength=count)
        found.append((80 + number, np.digitize(n / total, _SHARES), every, none))
        found.append((100 + number, np.digitize(n, _COUNTS), every, none))
    n_each = np.stack([np.bincount(row, f, minlength=count) for f in (past, modal, problem, imperative)], 1)
    found.append((121, n_each.argmax(1) * 8 + (n_each.max(1) == 0) * 64, every, none))
    share = n_each / total[:, None]
    mixed = sum(
        np.digitize(share[:, i], [0.01, cut, 2 * cut]) * 4**i for i, cut in enumerate([0.2, 0.2, 0.25])
    )
    found.append((122, np.asarray(mixed), every, none))
    return found


def _ngram_keys(
    parsed: Parsed, grams: list[tuple[Hashes, Flags]], clauses: _Clauses, marks: NDArray[np.int64]
) -> Iterator[tuple[str, int, NDArray[np.integer], Ints]]:
    """n-gram features as (family, salt, value, position)."""
    row, count = parsed.paragraph, parsed.texts
    by_mark = _prevails(clauses.marks & 2 > 0, clauses.marks & 4 > 0, clauses.paragraph, count)
    by_cue = _prevails(clauses.has("past"), clauses.has("modal"), clauses.paragraph, count)
    for n, (hashes, valid) in enumerate(grams[:3], start=1):
        opening = parsed.opening[valid[parsed.opening]]
        yield "anywhere", 1, hashes[valid], np.flatnonzero(valid)
        yield "opening", 2, hashes[opening], opening
        if n == 3:
            return
        end = parsed.end - (n - 1)
        end = end[end >= 0]
        end = end[valid[end]]
        beside = [
            ("marks", 3, opening, marks[parsed.clause[opening]] & 7),
            ("marks", 4, end, marks[parsed.clause[end]] & 7),
            ("tense", 5, opening, by_mark[row[opening]]),
            ("tense", 6, opening, by_cue[row[opening]]),
            ("tense", 7, end, by_cue[row[end]]),
        ]
        for family, salt, at, state in beside:
            yield family, salt, hashes[at] * np.uint64(31) + state.astype(np.uint64), at


def keys(texts: Sequence[str], families: Iterable[str] = FAMILIES) -> Keys:
    """The features of each text.

    >>> found = keys(["推进改革。"])
    >>> len({len(column) for column in found}), int(found.paragraph.max())
    (1, 0)
    """
    wanted = set(families)
    number = {name: i for i, name in enumerate(FAMILIES)}
    parsed = parse(texts)
    grams = _grams(parsed)
    clauses, marks = _clauses(parsed, _cues(parsed, grams))
    out = [
        (_key(salt, value), parsed.paragraph[at], at, np.full(len(at), number[family], np.uint8))
        for family, salt, value, at in _ngram_keys(parsed, grams, clauses, marks)
        if family in wanted
    ]
    for salt, value, paragraph, clause in _patterns(clauses, parsed.texts) if "patterns" in wanted else ():
        at = np.full(len(value), -1)
        if len(parsed.opening):
            at = np.where(clause >= 0, parsed.opening[clause], -1)
        out.append((_key(salt, value), paragraph, at, np.full(len(at), number["patterns"], np.uint8)))
    return Keys(*(np.concatenate(column) for column in zip(*out, strict=True)))
