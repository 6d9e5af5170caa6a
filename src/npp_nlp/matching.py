"""Many terms in one text at once: a trie walked by all candidate positions together.

Layer 3. Terms are compared in their folded form (`npp_nlp.text.fold`); nothing here loops over characters.
A filter on hashed pairs and triples of characters leaves a few positions in a hundred; these walk down the
trie (Fredkin 1960), which lies in two arrays (`check` and `base`, Aoe 1989). For every fixed set of terms the
cost is linear in the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from npp_nlp.text import codepoints, fold, fold_codepoints

Ints = NDArray[np.int64]
Spans = tuple[Ints, Ints, Ints]
Codes = NDArray[Any]

_PLANE = 0x10000
_CHUNK = 1 << 17
_LARGE = 32
_PAIR, _TRIPLE = np.uint16(40503), np.uint16(30011)


class TermMatcher:
    """Finds all occurrences of a fixed list of terms, exact on folded text.

    `owners[i]` is the number reported for `terms[i]`; of equal folded terms the first one counts. A term that
    begins or ends with a Latin letter or a digit never cuts a longer run of them.

    >>> matcher = TermMatcher(["AI", "人工智能"], [0, 1])
    >>> [column.tolist() for column in matcher.all_matches(codepoints("人工智能、ＡＩ与AIDS"))]
    [[0, 5], [4, 7], [1, 0]]
    """

    def __init__(self, terms: Sequence[str], owners: Sequence[int]) -> None:
        folded = dict(zip(reversed(fold_all(terms)), reversed(owners), strict=True))
        surfaces = sorted(surface for surface in folded if surface)
        self.longest = max(map(len, surfaces), default=0)
        rows = np.zeros((len(surfaces), max(self.longest, 3)), dtype=np.uint32)
        lengths = np.array([len(surface) for surface in surfaces], dtype=np.int64)
        rows[np.arange(rows.shape[1]) < lengths[:, None]] = codepoints("".join(surfaces))
        self._number_characters(np.unique(rows[rows > 0]))
        coded = self._coded(rows.ravel()).reshape(rows.shape).astype(np.int64)
        self._build_filters(coded, lengths)
        self._build_trie(coded, lengths, np.array([folded[surface] for surface in surfaces], dtype=np.int64))
        self._latin = _latin_table()

    def _number_characters(self, alphabet: NDArray[np.uint32]) -> None:
        """Give the characters of all terms the codes 1, 2, …; 0 is any other character."""
        self._size = len(alphabet) + 1
        plain = np.zeros(_PLANE, dtype=np.uint16 if self._size <= _PLANE else np.uint32)
        basic = alphabet[alphabet < _PLANE]
        plain[basic] = np.arange(1, len(basic) + 1)
        plain[0] = 0
        # Composed with the folding, the table takes raw and folded code points alike.
        self._codes = plain[fold_codepoints(np.arange(_PLANE, dtype=np.uint32))]
        self._beyond = alphabet[alphabet >= _PLANE]

    def _coded(self, points: NDArray[np.uint32]) -> Codes:
        """Look up the codes of code points."""
        coded = self._codes.take(points, mode="clip")
        if len(points) and int(points.max()) >= _PLANE:
            outside = np.flatnonzero(points >= _PLANE)
            place = np.searchsorted(self._beyond, points[outside])
            known = np.append(self._beyond, np.uint32(0))[place] == points[outside]
            coded[outside] = np.where(known, place + (self._size - len(self._beyond)), 0)
        return coded

    def _build_filters(self, coded: Ints, lengths: Ints) -> None:
        """Fill byte tables over hashed pairs and triples: bit 1 for terms of three or more, bit 2 for two."""
        self._pairs = np.zeros(_PLANE, dtype=np.uint8)
        self._triples = np.full(_PLANE, 2, dtype=np.uint8)
        short = coded.astype(np.uint16)
        self._singles = np.zeros(self._size, dtype=np.bool_)
        self._singles[coded[lengths == 1, 0]] = True
        first, long = short[:, 0] * _PAIR + short[:, 1], lengths > 2
        self._pairs[first[lengths == 2]] |= 2
        self._pairs[first[long]] |= 1
        self._triples[(first * _TRIPLE + short[:, 2])[long]] |= 1

    def _build_trie(self, coded: Ints, lengths: Ints, owners: Ints) -> None:
        """Number the nodes level by level, then place them: child = base[node] + code, check[child] == node."""
        parents, codes, ends = [], [], [np.full(1, -1, dtype=np.int64)]
        node, count = np.zeros(len(coded), dtype=np.int64), 1
        for depth in range(self.longest):
            reaching = lengths > depth
            keys, index = np.unique(node[reaching] * self._size + coded[reaching, depth], return_inverse=True)
            parents.append(keys // self._size)
            codes.append(keys % self._size)
            node[reaching] = index + count
            count += len(keys)
            ending = lengths == depth + 1
            ends.append(np.full(len(keys), -1, dtype=np.int64))
            ends[-1][node[ending] - (count - len(keys))] = owners[ending]
        parent = np.concatenate(parents) if parents else np.zeros(0, dtype=np.int64)
        code = np.concatenate(codes) if codes else parent
        base = _place_children(parent, code, self._size)
        slot = np.append(0, base[parent] + code)
        size = int(base.max(initial=0)) + self._size
        self._check = np.full(size, -1, dtype=np.int32)
        self._check[slot[1:]] = slot[parent]
        self._base = np.zeros(size, dtype=np.int32)
        self._base[slot[: len(base)]] = base
        self._owner = np.full(size, -1, dtype=np.int64)
        self._owner[slot] = np.concatenate(ends)

    def _candidates(self, coded: Codes) -> Ints:
        """Find where a term may start; `coded` reaches two characters beyond the last such place."""
        short = coded.astype(np.uint16, copy=False)
        hashed = short[:-2] * _PAIR + short[1:-1]
        possible = self._pairs.take(hashed, mode="clip")
        possible &= self._triples.take(hashed * _TRIPLE + short[2:], mode="clip")
        if self._singles.any():
            possible |= self._singles.take(coded[:-2]).view(np.uint8)
        return np.flatnonzero(possible != 0)

    def _walk(self, coded: Codes, positions: Ints) -> list[Spans]:
        """Find starts, ends and owners of the terms that start at the positions, shorter ones first."""
        found = []
        nodes = np.zeros(len(positions), dtype=np.int32)
        for depth in range(self.longest):
            slots = self._base.take(nodes, mode="clip") + coded.take(positions + depth, mode="clip")
            alive = np.flatnonzero(self._check.take(slots, mode="clip") == nodes)
            if not len(alive):
                break
            nodes, positions = slots.take(alive), positions.take(alive)
            owners = self._owner.take(nodes)
            ending = np.flatnonzero(owners >= 0)
            starts = positions.take(ending)
            found.append((starts, starts + (depth + 1), owners.take(ending)))
        return found

    def _chunks(self, points: NDArray[np.uint32]) -> list[Spans]:
        """Find the uncut matches of each stretch of the text, in the order of the text."""
        nothing = np.zeros(0, dtype=np.int64)
        found = [(nothing, nothing, nothing)]
        for low in range(0, len(points) if self.longest else 0, _CHUNK):
            high = min(low + _CHUNK, len(points))
            coded = self._coded(points[low : high + self.longest])
            padding = np.zeros(high + self.longest + 2 - low - len(coded), dtype=coded.dtype)
            coded = np.concatenate([coded, padding])
            matches = self._walk(coded, self._candidates(coded[: high - low + 2]))
            if not matches:
                continue
            starts, ends, owners = (np.concatenate(column) for column in zip(*matches, strict=True))
            keep = np.flatnonzero(self._uncut(points, starts + low, ends + low))
            # Ends are at most `longest` after starts: one integer orders by (start, -end).
            order = keep[np.argsort((starts * (self.longest + 1) - (ends - starts))[keep])]
            found.append((starts[order] + low, ends[order] + low, owners[order]))
        return found

    def all_matches(self, points: NDArray[np.uint32]) -> Spans:
        """Find starts, ends and owners of every occurrence, nested ones too, sorted by (start, -end)."""
        starts, ends, owners = (np.concatenate(column) for column in zip(*self._chunks(points), strict=True))
        return starts, ends, owners

    def _uncut(self, points: NDArray[np.uint32], starts: Ints, ends: Ints) -> NDArray[np.bool_]:
        """Tell which matches do not begin or end inside a run of Latin letters and digits."""
        last = len(points) - 1
        first, final = self._is_latin(points[starts]), self._is_latin(points[ends - 1])
        before = self._is_latin(points[np.maximum(starts - 1, 0)]) & (starts > 0)
        after = self._is_latin(points[np.minimum(ends, last)]) & (ends <= last)
        return ~((first & before) | (final & after))

    def _is_latin(self, points: NDArray[np.uint32]) -> NDArray[np.bool_]:
        return self._latin.take(points, mode="clip")


def fold_all(texts: Sequence[str]) -> list[str]:
    """Fold many short texts at once, far faster than one by one; raises `ValueError` if one holds U+0000."""
    folded = fold("\x00".join(texts)).split("\x00") if texts else []
    if len(folded) != len(texts):
        raise ValueError("a text holds the character U+0000, which separates texts")
    return folded


def quoteless(forms: Sequence[str]) -> list[str]:
    """Fold written forms and take all quotes out: what makes two terms the same.

    >>> quoteless(["“内卷式”竞争", "「双碳」"])
    ['内卷式竞争', '双碳']
    """
    return [form.replace('"', "").strip() for form in fold_all(forms)]


def unquoted(folded: str) -> str:
    """Take away quotes around the whole of a folded form, but not those around a part.

    >>> unquoted('"双碳"'), unquoted('"放管服"改革')
    ('双碳', '"放管服"改革')
    """
    bare = folded.strip()
    while len(bare) > 2 and bare[0] == bare[-1] == '"' and '"' not in bare[1:-1]:
        bare = bare[1:-1].strip()
    return bare


def _latin_table() -> NDArray[np.bool_]:
    """Mark digits and Latin letters, accented and full-width ones included."""
    table = np.zeros(_PLANE, dtype=np.bool_)
    for first, last in ("09", "az", "AZ", "Àɏ", "０９", "ａｚ", "ＡＺ"):
        table[ord(first) : ord(last) + 1] = True
    table[[ord("×"), ord("÷")]] = False
    return table


def _place_children(parent: Ints, code: Ints, size: int) -> Ints:
    """Find a base for every parent, so that no two children fall on one slot.

    Bases are drawn by hashing; those that collide draw again. Large families come first and one by one, out of 64
    draws at a time, small ones together by order of magnitude. The table starts at four times the number of nodes
    and doubles when draws keep failing, so that the drawing ends.
    """
    children = np.bincount(parent, minlength=1)
    base = np.zeros(len(children), dtype=np.int64)
    room = 4 * (len(parent) + size)
    taken = np.zeros(room + size, dtype=np.bool_)
    taken[np.append(0, code[parent == 0])] = True
    by_parent = np.argsort(parent, kind="stable")
    first = np.cumsum(children) - children
    large = np.flatnonzero(children[1:] >= _LARGE) + 1
    for family in large[np.argsort(-children[large], kind="stable")]:
        codes = code[by_parent[first[family] : first[family] + children[family]]]
        for attempt in range(1, 1000):
            draws = _draw(family + np.arange(64) * len(base), attempt) % (room - 1) + 1
            free = np.flatnonzero(~taken[draws[:, None] + codes].any(axis=1))
            if len(free):
                base[family] = draws[free[0]]
                taken[base[family] + codes] = True
                break
            taken = np.append(taken, np.zeros(room, dtype=np.bool_))
            room *= 2
    _place_small(parent, code, base, np.where(children < _LARGE, children, 0), taken, room)
    return base


def _place_small(
    parent: Ints, code: Ints, base: Ints, children: Ints, taken: NDArray[np.bool_], room: int
) -> None:
    """Draw the bases of small families, all those of one order of magnitude at once."""
    magnitude = np.frexp(children)[1]
    magnitude[0] = 0
    attempt, failures = 1000, 0
    for order in range(int(magnitude.max(initial=0)), 0, -1):
        members = np.flatnonzero(magnitude[parent] == order)
        while len(members):
            attempt += 1
            base[parent[members]] = _draw(parent[members], attempt) % (room - 1) + 1
            slots = base[parent[members]] + code[members]
            crowded = taken[slots] | (np.bincount(slots, minlength=1)[slots] > 1)
            failed = np.zeros(len(base), dtype=np.bool_)
            failed[parent[members[crowded]]] = True
            settled = ~failed[parent[members]]
            taken[slots[settled]] = True
            failures += int(2 * np.count_nonzero(settled) < len(settled))
            members = members[~settled]
            if failures == 8:
                taken, room, failures = np.append(taken, np.zeros(room, dtype=np.bool_)), 2 * room, 0


def _draw(numbers: Ints, attempt: int) -> Ints:
    """Hash numbers to other numbers, others at each attempt (the finaliser of splitmix64, Steele et al. 2014)."""
    mixed = numbers.astype(np.uint64) + np.uint64(attempt << 32)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(2)).astype(np.int64)


def leftmost_longest(starts: Ints, ends: Ints) -> Ints:
    """Choose the non-overlapping matches that reading from the left takes, at each place the longest.

    Returns indices; the matches must be sorted by (start, -end). The choice is a chain: each winner leads to
    the first match that starts at or after its end. All chains are followed at once by pointer doubling, n log n
    at worst.

    >>> leftmost_longest(np.array([0, 0, 1, 4]), np.array([3, 2, 5, 6])).tolist()
    [0, 3]
    """
    count = len(starts)
    if not count:
        return np.zeros(0, dtype=np.int64)
    follower = np.append(np.searchsorted(starts, ends), count)
    won = np.zeros(count + 1, dtype=np.bool_)
    won[0] = True
    # A match that starts after the end of all before it wins in any case.
    won[1:count] = starts[1:] >= np.maximum.accumulate(ends)[:-1]
    while True:
        new = follower[won]
        new = new[~won[new]]
        if not len(new):
            break
        won[new] = True
        follower = follower[follower]
    return np.flatnonzero(won[:count])
