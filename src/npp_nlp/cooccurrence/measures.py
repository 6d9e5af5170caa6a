"""How strongly two terms are associated, whether that can be chance, and which edges carry a graph.

Layer 5. With x contexts that hold both terms, a and b that hold each, and N contexts in all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from npp_nlp.contingency import adjust_p, log_likelihood, p_value

Measure = Literal["count", "jaccard", "dice", "cosine", "npmi", "g2", "association"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def association(both: Ints, one: Ints, two: Ints, total: int, measure: Measure) -> Floats:
    """Association of two terms from the numbers of contexts that hold both, the first, the second, or anything.

    With x = both, a = one, b = two, N = total:

    - jaccard x / (a + b - x), dice 2x / (a + b), cosine x / √(ab), all from 0 to 1;
    - npmi ln(xN / ab) / -ln(x / N), from -1 to 1 (Bouma 2009); a pair in every context has npmi 1;
    - g2 is `log_likelihood` (Dunning 1993), negative where the terms avoid each other;
    - association xN / ab, the association strength (van Eck and Waltman 2009) times N: times seen over times expected
      of independent terms, 1 for these.

    >>> association(np.array([2]), np.array([2]), np.array([2]), 8, "npmi").round(3).tolist()
    [1.0]
    >>> association(np.array([2]), np.array([4]), np.array([2]), 8, "association").tolist()
    [2.0]
    """
    x: Floats = both.astype(np.float64)
    a: Floats = one.astype(np.float64)
    b: Floats = two.astype(np.float64)
    if measure == "jaccard":
        return x / (a + b - x)
    if measure == "dice":
        return 2 * x / (a + b)
    if measure == "cosine":
        return x / np.sqrt(a * b)
    if measure == "npmi":
        information = -np.log(x / total)
        with np.errstate(invalid="ignore", divide="ignore"):
            value = np.log(x * total / (a * b)) / information
        return np.where(information > 0, value, 1.0)
    if measure == "g2":
        return log_likelihood(both, one, two, total)
    if measure == "association":
        return x * total / (a * b)
    raise ValueError(f"measure must be one of {', '.join(get_args(Measure)[1:])}, not {measure!r}")


def p_of_pairs(a: Ints, b: Ints, contexts: Ints, occurring: Ints, total: int) -> Floats:
    """The p values of `log_likelihood` for pairs of terms `a` and `b`, some at a time, so that memory stays small.

    `contexts` are those that hold both terms, `occurring` those that hold each term.
    """
    p = np.empty(len(a), dtype=np.float64)
    for part in _chunks(len(a)):
        p[part] = p_value(log_likelihood(contexts[part], occurring[a[part]], occurring[b[part]], total))
    return p


def adjusted_for_pairs(p: Floats, a: Ints, b: Ints, occurring: Ints, total: int) -> Floats:
    """The p values of pairs seen together, adjusted for all pairs of terms, those never seen together included.

    `a` and `b` are the terms of each pair, `occurring` the contexts that hold each term, or 0 for terms that are not
    tested. A pair never seen together has a p value as well (of x = 0), which depends on the contexts of its terms alone, so
    that pairs with the same two numbers of contexts are counted, not listed.
    """
    values, counts = np.unique(occurring[occurring > 0], return_counts=True)
    kind, size = np.searchsorted(values, occurring), len(values)
    met = np.zeros(size * size, dtype=np.int64)
    for part in _chunks(len(a)):
        one, two = kind[a[part]], kind[b[part]]
        np.add.at(met, np.minimum(one, two) * size + np.maximum(one, two), 1)
    unseen, without = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.float64)]
    for i in range(size):
        many = counts[i] * counts[i:]
        many[0] = counts[i] * (counts[i] - 1) // 2
        many -= met[i * size + i : (i + 1) * size]
        left = np.flatnonzero(many)
        one, two = np.full(len(left), values[i]), values[i:][left]
        unseen.append(many[left])
        without.append(p_value(log_likelihood(np.zeros_like(one), one, two, total)))
    times = np.concatenate([np.ones(len(p), dtype=np.int64), *unseen])
    return adjust_p(np.concatenate([p, *without]), times)[: len(p)]


def _chunks(length: int, size: int = 100_000) -> Iterator[slice]:
    yield from (slice(begin, begin + size) for begin in range(0, length, size))


def disparity(a: Ints, b: Ints, weight: Floats) -> Floats:
    """How likely an edge is to weigh so much by chance, by the disparity filter (Serrano, Boguñá and Vespignani 2009).

    (1 - w / s)^(k - 1) with s the sum of the weights of a node's k edges, as if they were spread over them at random; of
    the two ends the smaller value counts. At a node with a single edge the value is 1.

    >>> disparity(np.array([0, 0, 0]), np.array([1, 2, 3]), np.array([8.0, 1.0, 1.0])).round(2).tolist()
    [0.04, 0.81, 0.81]
    """
    size = int(max(a.max(initial=-1), b.max(initial=-1))) + 1
    ends = np.concatenate([a, b])
    degree = np.bincount(ends, minlength=size)
    strength = np.bincount(ends, np.concatenate([weight, weight]), minlength=size)
    sides = [np.clip(1 - weight / strength[end], 0.0, 1.0) ** (degree[end] - 1) for end in (a, b)]
    return np.asarray(np.minimum(*sides), dtype=np.float64)
