"""How alike two passages are, and the best alignment of two sequences of passages in order.

Layer 6.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from npp_nlp.reuse.passages import Ints

Floats = NDArray[np.float64]


def common_length(a: str, b: str) -> int:
    """Length of the longest common subsequence, one machine-word operation for many cells (Hyyrö 2004).

    >>> common_length("扩大国内需求", "着力扩大内需"), common_length("", "内需")
    (4, 0)
    """
    return _common(_masks(a), len(a), b)


def _masks(text: str) -> dict[str, int]:
    masks: dict[str, int] = {}
    for place, char in enumerate(text):
        masks[char] = masks.get(char, 0) | 1 << place
    return masks


def _common(masks: dict[str, int], length: int, other: str) -> int:
    full = (1 << length) - 1
    row = full
    for char in other:
        mask = masks.get(char)
        if mask:
            hit = row & mask
            row = ((row + hit) | (row - hit)) & full
    return length - row.bit_count()


def similarity(a: str, b: str) -> float:
    """How alike two texts are, from 0 to 1.

    The greater of 2 L / (m + n), L being the length of the longest common subsequence and m and n the lengths of the
    texts, and of the Dice coefficient of their character pairs (as multisets), which does not mind clauses that
    changed places.

    >>> similarity("扩大内需", "扩大内需"), similarity("扩大国内需求", "着力扩大内需")
    (1.0, 0.6666666666666666)
    >>> similarity("稳就业、稳物价和稳外贸", "稳外贸、稳就业和稳物价") > 0.7
    True
    """
    return similarities(a, [b])[0]


def similarities(text: str, others: Sequence[str]) -> list[float]:
    """The similarity of one text with each of several."""
    masks, pairs = _masks(text), Counter(map("".join, pairwise(text)))
    found = []
    for other in others:
        if text == other:
            found.append(1.0)
            continue
        total = len(text) + len(other)
        subsequence = 2 * _common(masks, len(text), other) / total if total else 0.0
        both = total - 2
        shared = sum(
            min(n, pairs[pair]) for pair, n in Counter(map("".join, pairwise(other))).items() if pair in pairs
        )
        found.append(max(subsequence, 2 * shared / both if both > 0 else 0.0))
    return found


PLAIN = 0.85
"""Similarity from which two texts are alike whatever they have in common."""
_FEWEST = 1000  # texts that weights are taken to come from at least, so that two short texts say something


def pair_weights(texts: Iterable[str]) -> dict[str, float]:
    """How much each character pair tells, from the number n of texts it is in (Spärck Jones 1972).

    The weight is log(1 + N / n), N being the number of texts, but at least 1,000.

    >>> {pair: round(w, 2) for pair, w in pair_weights(["推进改革", "推进开放"]).items()}
    {'推进': 6.22, '进改': 6.91, '改革': 6.91, '进开': 6.91, '开放': 6.91}
    """
    docfreq: dict[str, int] = {}
    total = 0
    for total, text in enumerate(texts, start=1):  # noqa: B007 (the number of texts is needed afterwards)
        for pair in dict.fromkeys(map("".join, pairwise(text))):
            docfreq[pair] = docfreq.get(pair, 0) + 1
    return {pair: math.log1p(max(total, _FEWEST) / n) for pair, n in docfreq.items()}


def specificity(a: str, b: str, weights: Mapping[str, float]) -> float:
    """The Dice coefficient of the character pairs of two texts, each weighted: how much of what they say is common.

    Two sentences that share no more than 推进 and 建设 have a high similarity and a low specificity.

    >>> weights = pair_weights(["推进改革", "推进开放", "推进建设", "全面改革"])
    >>> specificity("推进改革", "推进开放", weights) < specificity("推进改革", "全面改革", weights)
    True
    """
    one, other = (set(map("".join, pairwise(text))) for text in (a, b))
    common, left, right = (math.fsum(weights[pair] for pair in part) for part in (one & other, one, other))
    return 2 * common / (left + right) if left + right else float(a == b)


def similar(
    text: str, others: Sequence[str], weights: Mapping[str, float], *, least: float, specific: float
) -> list[tuple[float, str]]:
    """Those of the others that are like the text, with their similarity.

    Alike is what is at least `least` similar, and either at least `PLAIN` or of at least the specificity `specific`.

    >>> similar("扩大国内需求", ["扩大内需", "着力扩大国内需求"], pair_weights([]), least=0.85, specific=0.5)
    [(0.8571428571428571, '着力扩大国内需求')]
    """
    worth = [other for other in others if 2 * min(len(text), len(other)) >= least * (len(text) + len(other))]
    return [
        (score, other)
        for score, other in zip(similarities(text, worth), worth, strict=True)
        if score >= least and (score >= PLAIN or specificity(text, other, weights) >= specific)
    ]


def heaviest_chain(before: Ints, after: Ints, weight: Floats) -> Ints:
    """Numbers of the pairs that make the heaviest alignment in which both sides ascend, in that order.

    Only the given pairs are looked at (Jacobson and Vo 1992), so P pairs take P log P steps where a full table
    (Needleman and Wunsch 1970) takes the product of the lengths.

    >>> heaviest_chain(np.array([0, 0, 1, 2]), np.array([0, 2, 1, 2]), np.array([1.0, 1.5, 1.0, 1.0])).tolist()
    [0, 2, 3]
    """
    order = np.lexsort((-after, before))
    size = int(after.max(initial=-1)) + 1
    tree: list[tuple[float, int]] = [(0.0, -1)] * (size + 1)
    previous = np.full(len(before), -1, dtype=np.int64)
    for pair in order.tolist():
        place = int(after[pair])
        best = (0.0, -1)
        step = place
        while step > 0:
            best = max(best, tree[step], key=lambda entry: entry[0])
            step &= step - 1
        previous[pair] = best[1]
        entry = (best[0] + float(weight[pair]), pair)
        step = place + 1
        while step <= size:
            if entry[0] > tree[step][0]:
                tree[step] = entry
            step += step & -step
    end = max(tree, key=lambda entry: entry[0])[1]
    chain = []
    while end >= 0:
        chain.append(end)
        end = int(previous[end])
    return np.array(chain[::-1], dtype=np.int64)
