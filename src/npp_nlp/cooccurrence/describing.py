"""What is said of a concept graph: centralities, communities, a layout, and its two tables.

Layer 5, beside `cooccurrence`, which makes the graphs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from npp_nlp.cooccurrence.centrality import betweenness
from npp_nlp.cooccurrence.communities import find_communities
from npp_nlp.text import valid_unicode

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

Floats = NDArray[np.float64]

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
        positions = lay_out(graph, community)
    for name, data in graph.nodes(data=True):
        data.update(degree=int(graph.degree(name)), strength=round(float(strength[name]), 12))
        data.update(betweenness=round(between[name], 12), community=community[name])
        data.update(x=positions[name][0], y=positions[name][1])


def lay_out(graph: nx.Graph[str], community: Mapping[str, int]) -> dict[str, tuple[float, float]]:
    """Force-directed layout (Fruchterman and Reingold 1991), then labels moved apart until none covers another.

    It starts from a circle in the order of the communities; edges inside a community pull four times as hard as those
    between two.
    """
    if not graph:
        return {}
    names = list(graph)
    number = {name: i for i, name in enumerate(names)}
    rows = [(number[a], number[b], float(data["weight"])) for a, b, data in graph.edges(data=True)]
    ends = np.array([row[:2] for row in rows], dtype=np.int64).reshape(-1, 2).T
    weight = np.array([row[2] for row in rows], dtype=np.float64)
    group = np.array([community[name] for name in names])
    weight *= np.where(group[ends[0]] == group[ends[1]], 2.0, 0.5) / max(1.0, weight.max(initial=1.0))
    place = np.empty(len(names))
    place[sorted(range(len(names)), key=lambda i: (group[i], names[i]))] = np.arange(len(names))
    angle = 2 * np.pi * place / len(names)
    points = _forces(np.stack([np.cos(angle), np.sin(angle)], axis=1), ends, weight)
    # ranks halfway: a far outlier must not squeeze all others into a corner
    points = 0.5 * points / np.abs(points).max(initial=1e-9) + 0.5 * _ranks(points)
    half_widths = np.array([0.5 * CHARACTER_WIDTH * len(name) for name in names])
    apart = spread(points, half_widths, LABEL_HEIGHT / 2)
    return {name: (round(float(x), 6), round(float(y), 6)) for name, (x, y) in zip(names, apart, strict=True)}


def _forces(points: Floats, ends: NDArray[np.int64], weight: Floats) -> Floats:
    """Points moved by the forces: k² / d apart for each two, weight times d² / k together for each edge; centred.

    Some hundred points at a time, so that memory stays small; for many, fewer rounds with single precision.
    """
    few = len(points) <= MOST_LABELS
    rounds = 300 if few else 50
    kind: Any = np.float64 if few else np.float32
    k = 2.5 / np.sqrt(len(points))
    for step in range(rounds):
        short: NDArray[Any] = points.astype(kind)
        force = np.empty_like(points)
        for begin in range(0, len(points), 256):
            part = short[begin : begin + 256]
            square = (part[:, None, 0] - short[None, :, 0]) ** 2
            square += (part[:, None, 1] - short[None, :, 1]) ** 2
            push = np.divide(kind(k * k), np.maximum(square, kind(1e-4), out=square), out=square)
            force[begin : begin + 256] = part * push.sum(axis=1)[:, None] - push @ short
        apart = points[ends[0]] - points[ends[1]]
        pull = apart * (weight * np.hypot(apart[:, 0], apart[:, 1]) / k)[:, None]
        for axis in (0, 1):
            force[:, axis] -= np.bincount(ends[0], pull[:, axis], minlength=len(points))
            force[:, axis] += np.bincount(ends[1], pull[:, axis], minlength=len(points))
        length = np.maximum(np.hypot(force[:, 0], force[:, 1]), 0.01)
        points = points + force * (0.2 * (1 - step / (rounds + 1)) / length)[:, None]
    return np.asarray(points - points.mean(axis=0), dtype=np.float64)


def _ranks(points: Floats) -> Floats:
    """Each coordinate's rank, from -1 to 1."""
    order = points.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    return 2.0 * order / max(len(points) - 1, 1) - 1.0


def spread(points: Floats, half_widths: Floats, half_height: float, *, rounds: int = 300) -> Floats:
    """Move boxes around points apart until none overlaps another; of each two, along the shorter way.

    For more than 400 boxes, which no page could hold apart, the points come back as they are.

    >>> spread(np.array([[0.0, 0.0], [0.1, 0.0]]), np.array([0.2, 0.2]), 0.5).round(2).tolist()
    [[-0.15, 0.0], [0.25, 0.0]]
    """
    if len(points) > MOST_LABELS:
        return points
    points = points.copy()
    wide = half_widths[:, None] + half_widths[None, :]
    np.fill_diagonal(wide, -1.0)  # no box is in its own way
    order = np.sign(np.arange(len(points))[:, None] - np.arange(len(points))[None, :])
    for _ in range(rounds):
        apart_x, apart_y = (points[:, None, axis] - points[None, :, axis] for axis in (0, 1))
        missing_x, missing_y = wide - np.abs(apart_x), 2 * half_height - np.abs(apart_y)
        clash = (missing_x > 1e-9) & (missing_y > 1e-9)
        moved = np.flatnonzero(clash.any(axis=1))
        if not len(moved):
            break
        clash, missing_x, missing_y = clash[moved], missing_x[moved], missing_y[moved]
        sideways = clash & (missing_x < missing_y)
        upright = clash & ~sideways
        for axis, where, missing, apart in (
            (0, sideways, missing_x, apart_x[moved]),
            (1, upright, missing_y, apart_y[moved]),
        ):
            direction = np.where(apart == 0, order[moved], np.sign(apart))
            points[moved, axis] += np.where(where, 0.5 * missing * direction, 0.0).sum(axis=1)
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
