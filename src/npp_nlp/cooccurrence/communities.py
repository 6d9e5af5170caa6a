"""Communities of a graph, and how far they can be relied on: over seeds, by consensus.

Layer 5. Nodes and edges are put in alphabetical order first, so that a result does not depend on how a graph was built.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from npp_nlp.text import valid_unicode

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

Method = Literal["louvain", "leiden"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Edges = tuple[Ints, Ints, Floats]

_ROUNDS = 20  # of the consensus at most


@dataclass(frozen=True)
class CommunityStability:
    """How stable the communities of a graph are over seeds.

    `nodes`: term, community (of the consensus; 0 is the largest), agreement (share of the runs in which the term is
    with another member of its consensus community, mean over these; for a term alone the share in which it is alone).
    `runs`: seed, communities (their number), modularity, adjusted_rand (mean over the other runs).
    `adjusted_rand`: mean over all pairs of runs; 1 where all runs agree, about 0 where they agree by chance only (Hubert
    and Arabie 1985).
    """

    nodes: pd.DataFrame
    runs: pd.DataFrame
    adjusted_rand: float


def find_communities(
    graph: nx.Graph[str], *, method: Method = "louvain", resolution: float = 1.0, seed: int = 0
) -> dict[str, int]:
    """The community of each node, 0 being the largest, ties by the first name.

    `method` is "louvain" (Blondel et al. 2008, of networkx) or "leiden" (Traag, Waltman and van Eck 2019, of igraph,
    which is not installed with this package and is under the GPL). Both look for high modularity of the edge
    attribute `weight`; `resolution` above 1 gives more and smaller communities. The order in which nodes and edges were
    added makes no difference. Raises `ImportError` where igraph is missing, `ValueError` for another method.

    >>> import networkx as nx
    >>> find_communities(nx.Graph([("a", "b"), ("c", "d"), ("d", "e"), ("c", "e")]))
    {'a': 1, 'b': 1, 'c': 0, 'd': 0, 'e': 0}
    """
    _check(method, resolution)
    names, edges = _canonical(graph)
    labels = partition(len(names), edges, method, resolution, seed)
    return dict(zip(names, labels.tolist(), strict=True))


def community_stability(
    graph: nx.Graph[str],
    *,
    seeds: int = 20,
    method: Method = "louvain",
    resolution: float = 1.0,
    threshold: float = 0.5,
    seed: int = 0,
) -> CommunityStability:
    """Run `find_communities` with several seeds and say what they agree on.

    The consensus follows Lancichinetti and Fortunato (2012): terms are joined by the share of runs that put them
    together, shares below `threshold` are dropped, communities are sought again in this graph with every seed, and so
    on until all runs agree. Seeds are `seed`, `seed` + 1 and so on. Raises `ValueError` for fewer than 2 seeds.

    >>> import networkx as nx
    >>> community_stability(nx.Graph([("a", "b"), ("c", "d")]), seeds=5).adjusted_rand
    1.0
    """
    import pandas as pd

    _check(method, resolution)
    if seeds < 2:
        raise ValueError(f"seeds must be 2 or more runs to compare, not {seeds}")
    if not 0 < threshold <= 1:
        raise ValueError(f"threshold must be above 0 and at most 1, not {threshold}")
    names, edges = _canonical(graph)
    used = range(seed, seed + seeds)
    runs = [partition(len(names), edges, method, resolution, s) for s in used]
    together = _together(runs, len(names))
    consensus = _consensus(together, used, method, threshold)
    rand = _adjusted_rand(runs)
    others = (rand.sum(axis=1) - 1) / (seeds - 1)
    quality = [modularity(run, edges, resolution) for run in runs]
    numbers = [int(run.max(initial=-1)) + 1 for run in runs]
    terms = pd.Series([valid_unicode(name) for name in names], dtype="str")
    agreement = _agreement(together, consensus)
    nodes = pd.DataFrame({"term": terms, "community": consensus, "agreement": agreement})
    columns = {"seed": list(used), "communities": numbers, "modularity": quality, "adjusted_rand": others}
    return CommunityStability(
        nodes.sort_values(["community", "term"], ignore_index=True),
        pd.DataFrame(columns),
        float(others.mean()),
    )


def _check(method: str, resolution: float) -> None:
    if method not in get_args(Method):
        raise ValueError(f"method must be one of {', '.join(get_args(Method))}, not {method!r}")
    if not resolution > 0:
        raise ValueError(f"resolution must be above 0, not {resolution}")
    if method == "leiden" and find_spec("igraph") is None:
        raise ImportError('method="leiden" needs igraph (GPL): pip install igraph')


def _canonical(graph: nx.Graph[str]) -> tuple[list[str], Edges]:
    """Names in order, and the edges between their numbers in order, loops and directions aside."""
    names = sorted(graph)
    number = {name: i for i, name in enumerate(names)}
    rows = sorted(
        (*sorted((number[a], number[b])), float(weight))
        for a, b, weight in graph.edges(data="weight", default=1.0)
    )
    a, b, weight = np.array(rows, dtype=np.float64).reshape(-1, 3).T
    return names, (a.astype(np.int64), b.astype(np.int64), weight)


def partition(size: int, edges: Edges, method: Method, resolution: float, seed: int) -> Ints:
    """The community of each number up to `size`, in the order of their sizes, then of their smallest members.

    >>> partition(3, (np.array([0]), np.array([2]), np.ones(1)), "louvain", 1.0, 0).tolist()
    [0, 1, 0]
    """
    found = (_louvain if method == "louvain" else _leiden)(size, edges, resolution, seed)
    found.sort(key=lambda group: (-len(group), min(group)))
    labels = np.zeros(size, dtype=np.int64)
    for community, group in enumerate(found):
        labels[list(group)] = community
    return labels


def _louvain(size: int, edges: Edges, resolution: float, seed: int) -> list[Sequence[int]]:
    import networkx as nx

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(size))  # numbers: sets of names are in another order in every process
    graph.add_weighted_edges_from(zip(*(column.tolist() for column in edges), strict=True))
    groups = nx.community.louvain_communities(graph, weight="weight", resolution=resolution, seed=seed)
    return [sorted(group) for group in groups] if size else []


def _leiden(size: int, edges: Edges, resolution: float, seed: int) -> list[Sequence[int]]:
    import igraph

    a, b, weight = (column.tolist() for column in edges)
    graph = igraph.Graph(n=size, edges=list(zip(a, b, strict=True)))
    igraph.set_random_number_generator(random.Random(seed))  # noqa: S311
    try:
        found = graph.community_leiden("modularity", weights=weight, resolution=resolution, n_iterations=-1)
    finally:
        igraph.set_random_number_generator(random)
    return [list(group) for group in found]


def modularity(labels: Ints, edges: Edges, resolution: float = 1.0) -> float:
    """Newman's modularity of a partition; 0 for a graph without edges.

    >>> two = np.array([0, 0, 1, 1])
    >>> modularity(two, (np.array([0, 2]), np.array([1, 3]), np.ones(2)))
    0.5
    """
    a, b, weight = edges
    total = weight.sum()
    if not total:
        return 0.0
    size = len(labels)
    strength = np.bincount(a, weight, minlength=size) + np.bincount(b, weight, minlength=size)
    inside = weight[labels[a] == labels[b]].sum() / total
    share = np.bincount(labels, strength) / (2 * total)
    return float(inside - resolution * np.square(share).sum())


def _together(runs: Sequence[Ints], size: int) -> Floats:
    """The share of runs in which each two numbers are in one community."""
    from scipy import sparse

    rows = np.tile(np.arange(size), len(runs))
    shift = np.concatenate([[0], np.cumsum([run.max(initial=-1) + 1 for run in runs])])
    columns = np.concatenate([run + offset for run, offset in zip(runs, shift, strict=False)])
    member = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(size, max(int(shift[-1]), 1)))
    return np.asarray((member @ member.T).toarray() / len(runs), dtype=np.float64)


def _consensus(together: Floats, seeds: Sequence[int], method: Method, threshold: float) -> Ints:
    size = len(together)
    labels = np.zeros(size, dtype=np.int64)
    for _ in range(_ROUNDS):
        a, b = np.nonzero(np.triu(together >= threshold, k=1))
        edges = (a.astype(np.int64), b.astype(np.int64), together[a, b])
        runs = [partition(size, edges, method, 1.0, seed) for seed in seeds]
        labels = runs[0]
        if all(np.array_equal(run, labels) for run in runs):
            break
        together = _together(runs, size)
    return labels


def _agreement(together: Floats, labels: Ints) -> Floats:
    """Mean share of runs with the other members of its community; for one alone, the share of runs without company."""
    same = labels[:, None] == labels[None, :]
    np.fill_diagonal(same, val=False)
    number = same.sum(axis=1)
    others = together - np.eye(len(together))
    alone = 1 - others.max(axis=1, initial=0.0)
    return np.asarray(np.where(number, (others * same).sum(axis=1) / np.maximum(number, 1), alone))


def _adjusted_rand(runs: Sequence[Ints]) -> Floats:
    """Adjusted Rand index of each two partitions."""
    from sklearn.metrics import adjusted_rand_score

    result = np.eye(len(runs))
    for i, one in enumerate(runs):
        for j in range(i):
            result[i, j] = result[j, i] = adjusted_rand_score(one, runs[j]) if len(one) else 1.0
    return result
