"""What is said of a concept graph: centralities, communities, a layout, and its two tables.

Layer 5, beside `cooccurrence`, which makes the graphs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from npp_nlp.centrality import betweenness
from npp_nlp.communities import find_communities
from npp_nlp.text import valid_unicode

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

# A label in layout units, for a page of 11 by 8.5 inches that shows -1 to 1 and names of about 8 points.
CHARACTER_WIDTH, LABEL_HEIGHT = 0.024, 0.085
MOST_LABELS = 400  # beyond that a picture is crowded whatever the effort


def describe(
    graph: nx.Graph[str], *, positions: Mapping[str, tuple[float, float]] | None = None, seed: int = 0
) -> None:
    """Write degree, strength, betweenness, community and a layout (x, y) into the nodes of a graph.

    With `positions` the layout is taken from there.
    """
    if not graph:
        return
    community = find_communities(graph, seed=seed)
    between = betweenness(graph, seed=seed)
    strength = dict(graph.degree(weight="weight"))
    if positions is None:
        positions = lay_out(graph, community, seed=seed)
    for name, data in graph.nodes(data=True):
        data.update(degree=int(graph.degree(name)), strength=round(float(strength[name]), 12))
        data.update(betweenness=round(between[name], 12), community=community[name])
        data.update(x=positions[name][0], y=positions[name][1])


def lay_out(
    graph: nx.Graph[str], community: Mapping[str, int], *, seed: int = 0
) -> dict[str, tuple[float, float]]:
    """Force-directed layout (Fruchterman and Reingold 1991), then labels moved apart until none covers another.

    Edges inside a community pull four times as hard as those between two.
    """
    import networkx as nx

    if not graph:
        return {}
    pull: nx.Graph[str] = nx.Graph()
    pull.add_nodes_from(graph)
    heaviest = max([1.0, *(float(data["weight"]) for _, _, data in graph.edges(data=True))])
    for a, b, data in graph.edges(data=True):
        factor = (2.0 if community[a] == community[b] else 0.5) / heaviest
        pull.add_edge(a, b, weight=data["weight"] * factor)
    by_community = sorted(community, key=lambda name: (community[name], name))
    ring: nx.Graph[str] = nx.Graph()
    ring.add_nodes_from(by_community)
    start = nx.circular_layout(ring)
    k = 2.5 / np.sqrt(len(pull))
    if len(pull) <= MOST_LABELS:
        placed = nx.spring_layout(pull, pos=start, seed=seed, k=k, iterations=300, method="force")
    else:
        placed = _forces(pull, start, k)
    names = list(pull)
    points = np.array([placed[name] for name in names], dtype=np.float64)
    # ranks halfway: a far outlier must not squeeze all others into a corner
    points = 0.5 * points / np.abs(points).max(initial=1e-9) + 0.5 * _ranks(points)
    half_widths = np.array([0.5 * CHARACTER_WIDTH * len(name) for name in names])
    apart = spread(points, half_widths, LABEL_HEIGHT / 2)
    return {name: (round(float(x), 6), round(float(y), 6)) for name, (x, y) in zip(names, apart, strict=True)}


def _forces(
    pull: nx.Graph[str], start: Mapping[str, NDArray[np.float64]], k: float, *, rounds: int = 50
) -> dict[str, NDArray[np.float64]]:
    """The forces of Fruchterman and Reingold (1991) on many nodes, some hundred at a time, so that memory stays small."""
    names = list(pull)
    number = {name: i for i, name in enumerate(names)}
    points = np.array([start[name] for name in names], dtype=np.float32)
    a, b = np.array([(number[x], number[y]) for x, y in pull.edges()], dtype=np.int64).reshape(-1, 2).T
    weight = np.array([float(data["weight"]) for _, _, data in pull.edges(data=True)])
    for step in range(rounds):
        force = np.empty((len(points), 2))
        for begin in range(0, len(points), 256):
            part = points[begin : begin + 256]
            square = sum((part[:, None, axis] - points[None, :, axis]) ** 2 for axis in (0, 1))
            push = np.float32(k * k) / np.maximum(square, np.float32(1e-4))
            force[begin : begin + 256] = part * push.sum(axis=1)[:, None] - push @ points
        apart = (points[a] - points[b]).astype(np.float64)
        draw = apart * (weight * np.hypot(apart[:, 0], apart[:, 1]) / k)[:, None]
        for axis in (0, 1):
            force[:, axis] -= np.bincount(a, draw[:, axis], minlength=len(points))
            force[:, axis] += np.bincount(b, draw[:, axis], minlength=len(points))
        length = np.maximum(np.hypot(force[:, 0], force[:, 1]), 0.01)
        points += (force * (0.2 * (1 - step / rounds) / length)[:, None]).astype(np.float32)
    return dict(zip(names, points.astype(np.float64), strict=True))


def _ranks(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each coordinate's rank, from -1 to 1."""
    order = points.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    return 2.0 * order / max(len(points) - 1, 1) - 1.0


def spread(
    points: NDArray[np.float64], half_widths: NDArray[np.float64], half_height: float, *, rounds: int = 300
) -> NDArray[np.float64]:
    """Move boxes around points apart until none overlaps another; of each two, along the shorter way.

    For more than 400 boxes, which no page could hold apart, the points come back as they are.

    >>> spread(np.array([[0.0, 0.0], [0.1, 0.0]]), np.array([0.2, 0.2]), 0.5).round(2).tolist()
    [[-0.15, 0.0], [0.25, 0.0]]
    """
    if len(points) > MOST_LABELS:
        return points
    points = points.copy()
    wide = half_widths[:, None] + half_widths[None, :]
    order = np.sign(np.arange(len(points))[:, None] - np.arange(len(points))[None, :])
    for _ in range(rounds):
        apart = points[:, None, :] - points[None, :, :]
        missing_x, missing_y = wide - np.abs(apart[..., 0]), 2 * half_height - np.abs(apart[..., 1])
        clash = (missing_x > 1e-9) & (missing_y > 1e-9) & (order != 0)
        if not clash.any():
            break
        sideways = clash & (missing_x < missing_y)
        upright = clash & ~sideways
        for axis, where, missing in ((0, sideways, missing_x), (1, upright, missing_y)):
            direction = np.where(apart[..., axis] == 0, order, np.sign(apart[..., axis]))
            points[:, axis] += np.where(where, 0.5 * missing * direction, 0.0).sum(axis=1)
    return points


def nodes_table(graph: nx.Graph[str]) -> pd.DataFrame:
    """Table `term, n, docfreq, degree, strength, betweenness, community`, strongest first, ties by name."""
    import pandas as pd

    kinds = {"term": "str", "n": "int64", "docfreq": "int64", "degree": "int64", "strength": "float64"}
    kinds |= {"betweenness": "float64", "community": "int64"}
    rows = [
        [valid_unicode(name), *(data[c] for c in list(kinds)[1:])] for name, data in graph.nodes(data=True)
    ]
    frame = pd.DataFrame(rows, columns=list(kinds)).astype(kinds)
    return frame.sort_values(["strength", "term"], ascending=[False, True], ignore_index=True)


def edges_table(graph: nx.Graph[str], *, tests: bool = False) -> pd.DataFrame:
    """Table `source, target, n, weight, measure`, heaviest first, ties by name.

    With `tests` also `contexts, g2, p, p_adjusted`, as `concept_graph` defines them.
    """
    import pandas as pd

    kinds = {"source": "str", "target": "str", "n": "int64", "weight": "float64", "measure": "str"}
    if tests:
        kinds |= {"contexts": "int64", "g2": "float64", "p": "float64", "p_adjusted": "float64"}
    rows = [
        [*map(valid_unicode, sorted((a, b))), *(d[c] for c in list(kinds)[2:])]
        for a, b, d in graph.edges(data=True)
    ]
    frame = pd.DataFrame(rows, columns=list(kinds)).astype(kinds)
    return frame.sort_values(["weight", "source", "target"], ascending=[False, True, True], ignore_index=True)
