"""Betweenness of many nodes at once, by products of the adjacency matrix.

Layer 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import networkx as nx

Floats = NDArray[np.float64]

EXACT = 100_000_000  # nodes times edges up to which every node is a source
PIVOTS = 500
_TOGETHER = 128  # sources at a time


def betweenness(graph: nx.Graph[str], *, pivots: int | None = None, seed: int = 0) -> dict[str, float]:
    """Share of the shortest paths between two other nodes that lead through a node (Freeman 1977), weights aside.

    Brandes's (2001) sums, for 128 sources at once. Exact as long as nodes times edges is at most 100 million (1,000 nodes
    with 100,000 edges); beyond that, estimated from the paths of 500 sources drawn with `seed` (Brandes and Pich
    2007), unless `pivots` says how many.

    >>> import networkx as nx
    >>> betweenness(nx.path_graph(["a", "b", "c"]))
    {'a': 0.0, 'b': 1.0, 'c': 0.0}
    """
    import networkx as nx

    names = sorted(graph)
    size = len(names)
    if size < 3:
        return dict.fromkeys(names, 0.0)
    if pivots is not None and pivots < 1:
        raise ValueError(f"pivots must be at least 1 source, not {pivots}")
    if pivots is None:
        pivots = size if size * graph.number_of_edges() <= EXACT else PIVOTS
    sources = np.arange(size)
    if pivots < size:
        sources = np.sort(np.random.default_rng(seed).choice(size, pivots, replace=False))
    matrix = nx.to_scipy_sparse_array(graph, names, weight=None, format="csr").astype(np.float64)
    matrix.setdiag(0)
    matrix.eliminate_zeros()
    near: Any = matrix.toarray() if matrix.nnz > 0.05 * size * size and size <= 5_000 else matrix
    through = np.zeros(size)
    for begin in range(0, len(sources), _TOGETHER):
        through += _dependencies(near, sources[begin : begin + _TOGETHER])
    scale = size / (len(sources) * (size - 1) * (size - 2))
    return dict(zip(names, (through * scale).tolist(), strict=True))


def _dependencies(near: Any, sources: NDArray[np.int64]) -> Floats:
    """Sum over the sources of the share of shortest paths to every other node that lead through each node."""
    many = np.arange(len(sources))
    front = np.zeros((near.shape[0], len(sources)))
    front[sources, many] = 1.0
    unseen = front == 0
    levels = []  # the numbers of shortest paths to the nodes at each distance
    while front.any():
        levels.append(front)
        front = (near @ front) * unseen
        unseen &= front == 0
    after = np.zeros_like(levels[0])
    for before, level in zip(levels[-2::-1], levels[:0:-1], strict=True):
        reached = level > 0
        passed = np.where(reached, (1.0 + after) / np.where(reached, level, 1.0), 0.0)
        after += (near @ passed) * before
    after[sources, many] = 0.0
    return np.asarray(after.sum(axis=1), dtype=np.float64)
