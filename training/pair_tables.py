"""Boosted trees of depth two as tables over one or two measures, exactly: what `npp_nlp.terms.model` evaluates.

Such a tree is a sum of functions of two measures (Lou, Caruana, Gehrke and Hooker 2013), so their sum is one table for
each pair of measures.
"""

from __future__ import annotations

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

Box = dict[int, tuple[float, float]]  # measure -> above, up to


def pair_tables(trees: HistGradientBoostingClassifier, size: int) -> dict[str, np.ndarray]:
    """The arrays of a fitted model over `size` measures; they give its `decision_function`."""
    leaves = [leaf for (tree,) in trees._predictors for leaf in leaves_of(tree.nodes)]
    return tables_of(leaves, size, float(trees._baseline_prediction[0, 0]))


def leaves_of(nodes: np.ndarray, at: int = 0, box: Box | None = None) -> list[tuple[Box, float]]:
    """The leaves of a tree: the box of measures that each holds, and its value."""
    node, box = nodes[at], box or {}
    if node["is_leaf"]:
        return [(box, float(node["value"]))]
    measure, cut = int(node["feature_idx"]), float(node["num_threshold"])
    low, high = box.get(measure, (-np.inf, np.inf))
    left = leaves_of(nodes, int(node["left"]), {**box, measure: (low, min(high, cut))})
    return left + leaves_of(nodes, int(node["right"]), {**box, measure: (max(low, cut), high)})


def tables_of(leaves: list[tuple[Box, float]], size: int, bias: float) -> dict[str, np.ndarray]:
    """The sum of the leaves as tables over one or two measures."""
    ends = [(m, end) for box, _ in leaves for m, ends in box.items() for end in ends if np.isfinite(end)]
    cuts = [np.array(sorted({end for m, end in ends if m == measure})) for measure in range(size)]
    tables: dict[tuple[int, int], np.ndarray] = {}
    for box, value in leaves:
        if not box:
            bias += value
            continue
        one, two = min(box), max(box)
        shape = (len(cuts[one]) + 1, 1 if one == two else len(cuts[two]) + 1)
        table = tables.setdefault((one, two), np.zeros(shape))
        inside = [
            (np.append(cuts[m], np.inf) <= box[m][1]) & (np.append(-np.inf, cuts[m]) >= box[m][0])
            for m in (one, two)
        ]
        table += value * (inside[0][:, None] if one == two else np.outer(*inside))
    for measure, _ in [pair for pair in tables if pair[0] == pair[1]]:
        wider = [pair for pair in sorted(tables) if measure in pair and pair[0] != pair[1]]
        if wider:  # a table over one measure is a part of any over that and another
            alone = tables.pop((measure, measure))
            tables[wider[0]] += alone if wider[0][0] == measure else alone.T
    pairs = sorted(tables)
    return {
        "cuts": np.concatenate(cuts),
        "cut_counts": np.array([len(some) for some in cuts], dtype=np.int64),
        "table_measures": np.array(pairs, dtype=np.int64).reshape(-1, 2),
        "tables": np.concatenate([tables[pair].ravel() for pair in pairs]),
        "bias": np.array([bias]),
    }
