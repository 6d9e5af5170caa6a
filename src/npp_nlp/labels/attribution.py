"""Which characters of a paragraph a score comes from: the linear score taken apart, nothing left over.

A feature that occurs several times in a paragraph counts once; its contribution is divided evenly among its places,
and that of an n-gram among its characters. What speaks of a clause as a whole is kept with the clause, what speaks
of the paragraph as a whole apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from npp_nlp.labels.classifier import CHUNK, Floats, ParagraphClassifier
from npp_nlp.labels.features import FAMILIES, Ints, Keys, Parsed, keys, parse
from npp_nlp.text import batches

_LONGEST = {"anywhere": 4, "opening": 4}
"""Longest n-gram that a family may hold; other families count as pairs of characters."""


class Attribution(NamedTuple):
    """The score of each label taken apart: by character, by clause, by paragraph, and what is there without any text.

    `characters` has a row for each character of the text, `clauses` one for each span of `spans` (what the clause as
    a whole says, beyond its characters); columns are the labels. All rows together, `whole` and `constant` included,
    sum to the calibrated score, whose softmax is the probability.
    """

    characters: Floats
    spans: list[tuple[int, int]]
    clauses: Floats
    whole: Floats
    constant: Floats

    def total(self) -> Floats:
        """The score of each label."""
        return np.asarray(self.characters.sum(axis=0) + self.clauses.sum(axis=0) + self.whole + self.constant)


class _Shares(NamedTuple):
    """Contribution of each known occurrence of a feature, its place and its length."""

    value: Floats
    paragraph: Ints
    position: Ints
    length: Ints
    of_clause: NDArray[np.bool_]


def attribute(
    classifier: ParagraphClassifier, texts: Sequence[str], *, toward: Floats | None = None
) -> Iterator[Attribution]:
    """Take the scores of texts apart, in their order.

    With `toward`, weights of the labels for each text, what is taken apart is the weighted sum: one column, without the
    constant.

    >>> texts = ["产量增长。", "要推进改革。"]
    >>> model = ParagraphClassifier(min_df=1).fit(texts, ["done", "to do"])
    >>> parts = next(attribute(model, texts))
    >>> parts.spans, bool(np.allclose(parts.total(), model.scores(texts)[0]))
    ([(0, 5)], True)
    """
    for some in batches([len(text) + 1 for text in texts], CHUNK):
        yield from _attribute(classifier, texts[some], None if toward is None else toward[some])


def _attribute(
    classifier: ParagraphClassifier, texts: Sequence[str], toward: Floats | None
) -> Iterator[Attribution]:
    parsed = parse(texts)
    shares = _shares(classifier, keys(texts, classifier.families), toward, len(texts))
    size, labels = len(parsed.points), shares.value.shape[1]
    by_point, by_opening = np.zeros((size + 1, labels)), np.zeros((size + 1, labels))
    whole = np.zeros((len(texts), labels))
    nowhere = shares.position < 0
    _add(whole, shares.paragraph[nowhere], shares.value[nowhere])
    clause = ~nowhere & shares.of_clause
    _add(by_opening, shares.position[clause], shares.value[clause])
    _spread(by_point, parsed, shares, np.flatnonzero(~nowhere & ~shares.of_clause))
    constant = classifier.constant() if toward is None else np.zeros(1)
    stops = np.flatnonzero(~parsed.inside)
    start = place = 0
    for number, (text, stop) in enumerate(zip(texts, stops.tolist(), strict=True)):
        lead = len(text) - len(text.lstrip()) if text.strip() else 0
        where = parsed.offset[start:stop] - place + lead
        characters = np.zeros((len(text), labels))
        characters[where] = by_point[start:stop]
        opens = np.flatnonzero(np.diff(parsed.clause[start:stop], prepend=-1))
        edges = [*where[opens].tolist(), lead + len(text.strip())]
        spans = list(pairwise(edges))
        clauses = np.add.reduceat(by_opening[start:stop], opens, axis=0) if len(opens) else by_opening[:0]
        yield Attribution(characters, spans, clauses, whole[number], constant)
        start, place = stop + 1, place + len(text.strip()) + 1


def _shares(classifier: ParagraphClassifier, found: Keys, toward: Floats | None, texts: int) -> _Shares:
    """What each occurrence of a known feature gives to each label."""
    known, column, value = classifier.contributions(found, texts, toward=toward)
    pair = found.paragraph[known].astype(np.int64) << 32 | column
    _, back, count = np.unique(pair, return_inverse=True, return_counts=True)
    names = np.array(list(FAMILIES))[found.family]
    return _Shares(
        value / count[back][:, None],
        found.paragraph[known],
        found.position[known],
        _lengths(found, names)[known],
        (names == "patterns")[known],
    )


def _lengths(found: Keys, names: NDArray[np.str_]) -> Ints:
    """Length of each n-gram: those that start at one place come in the order of their lengths."""
    order = np.lexsort((np.arange(len(names)), found.position, found.family))
    place = np.stack([found.position[order], found.family[order]])
    first = np.flatnonzero(np.any(np.diff(place, axis=1, prepend=-2) != 0, axis=0))
    rank = np.empty(len(order), np.intp)
    rank[order] = np.arange(len(order)) - np.repeat(first, np.diff(first, append=len(order)))
    longest = np.array([_LONGEST.get(name, 2) for name in FAMILIES])[found.family]
    return np.asarray(np.minimum(rank + 1, longest))


def _spread(out: Floats, parsed: Parsed, shares: _Shares, chosen: Ints) -> None:
    """Add each contribution to the characters of its n-gram, as far as the paragraph reaches."""
    start = shares.position[chosen]
    stop_of = np.flatnonzero(~parsed.inside)[shares.paragraph[chosen]]
    length = np.maximum(np.minimum(shares.length[chosen], stop_of - start), 1)
    each = shares.value[chosen] / length[:, None]
    for step in range(int(length.max(initial=0))):
        inside = length > step
        _add(out, start[inside] + step, each[inside])


def _add(out: Floats, rows: Ints, values: Floats) -> None:
    """Add each row of values to its row of `out`; as `np.add.at`, which takes three times as long."""
    for column in range(out.shape[1]):
        out[:, column] += np.bincount(rows, values[:, column], minlength=len(out))
