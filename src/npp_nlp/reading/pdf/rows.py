"""Signs to rows: what stands on one line, in which column, and with which blanks."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from npp_nlp.reading.pdf.columns import reading_order
from npp_nlp.reading.pdf.signs import Floats, Signs, is_han

MAX_RUNS = 20_000
"""A page with more separate pieces of text than this is a drawing, and its pieces are left in the order of the file."""

MOST_BESIDE = 60
"""So many earlier pieces of about one height are tried for a piece that could go on one of them."""

TAB = 1.5
"""Wider gaps, in type sizes, part cells."""


class Row(NamedTuple):
    """One printed line of one column: its text, its left and right edge, base line and type size in points.

    `page` counts from 0; `block` counts the columns of a page in reading order, `columns` how many stand side by
    side there and `column` which it is; `cells` is the number of parts with wide gaps between; `starts` is where the
    first signs stand.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    page: int
    block: int
    column: int
    columns: int
    cells: int
    starts: tuple[float, ...]


def page_rows(signs: Signs, page: int, gutters: list[float]) -> list[Row]:
    """The rows of a page in reading order; `gutters` are those of earlier pages and are added to."""
    if not len(signs.x):
        return []
    run, runs = _runs(signs)
    segment = _segments(*runs) if len(runs[0]) <= MAX_RUNS else np.arange(len(runs[0]))
    of_sign = segment[run]
    x0, x1, y, size = _extent(signs, of_sign)
    rows = []
    for block, (members, column, columns) in enumerate(reading_order(x0, x1, y, size, gutters)):
        row_of = np.full(len(x0), -1)
        row_of[members] = _same_line(x0[members], y[members], size[members])
        rows.append((row_of, block, column, columns))
    return _write(signs, of_sign, page, rows)


def _runs(signs: Signs) -> tuple[NDArray[np.int64], tuple[Floats, Floats, Floats, Floats]]:
    """Signs that follow one another on a base line: the run of every sign, and x0, x1, y and size of the runs."""
    size = np.maximum(signs.size[1:], signs.size[:-1])
    gap = signs.x[1:] - signs.end[:-1]
    new = (gap > 1.2 * size) | (gap < -0.7 * size) | (np.abs(np.diff(signs.y)) > 0.12 * size)
    new |= np.abs(np.diff(signs.size)) > 0.1 * size
    run = np.concatenate(([0], np.cumsum(new)))
    first = np.concatenate(([0], np.flatnonzero(new) + 1))
    return run, (
        np.minimum.reduceat(signs.x, first),
        np.maximum.reduceat(signs.end, first),
        signs.y[first],
        signs.size[first],
    )


def _segments(x0: Floats, x1: Floats, y: Floats, size: Floats) -> NDArray[np.int64]:
    """Runs that touch on one line, raised numbers and mixed sizes included: the segment of every run."""
    step = 8.0
    places: dict[int, list[int]] = defaultdict(list)
    edges: list[list[float]] = []  # left, right, base line, size
    result = np.zeros(len(x0), np.int64)
    for i, (a, b, base, height) in enumerate(
        zip(x0.tolist(), x1.tolist(), y.tolist(), size.tolist(), strict=True)
    ):
        key = int(base // step)
        near = [s for k in (key, key - 1, key + 1) for s in places[k][-MOST_BESIDE:]]
        found = next((s for s in reversed(near) if _touches(edges[s], a, b, base, height)), None)
        if found is None:
            found = len(edges)
            edges.append([a, b, base, height])
            places[key].append(found)
        else:
            left, right, line, largest = edges[found]
            edges[found] = [
                min(left, a),
                max(right, b),
                *((base, height) if height > largest else (line, largest)),
            ]
        result[i] = found
    return result


def _touches(edge: list[float], a: float, b: float, base: float, height: float) -> bool:
    left, right, line, largest = edge
    unit = max(height, largest)
    return a - right < 1.2 * unit and left - b < 1.2 * unit and _level(line, largest, base, height)


def _level(line: float, largest: float, base: float, height: float) -> bool:
    """Whether two pieces of type stand on one line: their heights overlap by half of the smaller one."""
    low, high = (
        max(line - 0.12 * largest, base - 0.12 * height),
        min(line + 0.8 * largest, base + 0.8 * height),
    )
    return high - low >= 0.5 * 0.92 * min(largest, height)


def _extent(signs: Signs, group: NDArray[np.int64]) -> tuple[Floats, Floats, Floats, Floats]:
    """Left and right edge, base line and size of groups of signs; the larger type counts where sizes are mixed."""
    count = int(group.max()) + 1
    x0, x1 = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(x0, group, signs.x)
    np.maximum.at(x1, group, signs.end)
    # The size and base line of a group are those of most of its signs; of two that are as many, the larger.
    order = np.lexsort((signs.size, group))
    bounds = np.searchsorted(group[order], np.arange(count))
    counts = np.bincount(group, minlength=count)
    middle = order[bounds + counts // 2]
    return x0, x1, signs.y[middle], signs.size[middle]


def _same_line(x0: Floats, y: Floats, size: Floats) -> NDArray[np.int64]:
    """The number of the line, from the top, for segments of one column."""
    order = np.lexsort((x0, -y))
    line = np.zeros(len(y), np.int64)
    current = -1
    base = height = 0.0
    for i in order.tolist():
        if current < 0 or not _level(base, height, float(y[i]), float(size[i])):
            current += 1
            base, height = float(y[i]), float(size[i])
        elif size[i] > height:
            base, height = float(y[i]), float(size[i])
        line[i] = current
    return line


def _write(
    signs: Signs, of_sign: NDArray[np.int64], page: int, blocks: list[tuple[NDArray[np.int64], int, int, int]]
) -> list[Row]:
    """The rows of all blocks of a page, their signs sorted from left to right, their blanks settled."""
    row = np.zeros(len(signs.x), np.int64)
    heads: list[tuple[int, int, int]] = []
    for lines, block, column, columns in blocks:
        mine = lines[of_sign] >= 0
        row[mine] = lines[of_sign][mine] + len(heads)
        heads += [(block, column, columns)] * int(lines.max() + 1)
    order = np.lexsort((signs.x, row))
    signs = signs.take(order)
    row = row[order]
    x0, x1, y, size = _extent(signs, row)
    glue = _blanks(signs, row)
    # every sign with what stands before it: nothing, a blank or a tab
    text = signs.point.astype("<u4").tobytes().decode("utf-32-le", "replace")
    bounds = np.searchsorted(row, np.arange(len(heads) + 1)).tolist()
    marked = np.flatnonzero(glue).tolist()
    kinds = glue.tolist()
    inside = np.searchsorted(marked, bounds).tolist() if marked else [0] * len(bounds)
    result = []
    for i, (block, column, columns) in enumerate(heads):
        first, last = bounds[i], bounds[i + 1]
        parts, at = [], first
        for cut in marked[inside[i] : inside[i + 1]]:
            parts += [text[at:cut], "\t" if kinds[cut] == 2 else " "]
            at = cut
        parts.append(text[at:last])
        cells = 1 + parts.count("\t")
        starts = tuple(signs.x[first : first + 8].tolist())
        edges = (float(x0[i]), float(x1[i]), float(y[i]), float(size[i]))
        result.append(Row("".join(parts), *edges, page, block, column, columns, cells, starts))
    return result


def _blanks(signs: Signs, row: NDArray[np.int64]) -> NDArray[np.int8]:
    """What stands before each sign: 0 nothing, 1 a blank, 2 a tab.

    Chinese signs that are spaced out have no blanks between them: the least gap of a line is its letter-spacing.
    """
    result = np.zeros(len(row), np.int8)
    if len(row) < 2:
        return result
    pair = row[1:] == row[:-1]
    unit = np.maximum(signs.size[1:], signs.size[:-1])
    gap = (signs.x[1:] - signs.end[:-1]) / unit
    han = is_han(signs.point)
    both, none = han[1:] & han[:-1], ~(han[1:] | han[:-1])
    spread = np.full(int(row.max()) + 1, np.inf)
    inner = pair & both
    np.minimum.at(spread, row[1:][inner], np.clip(gap[inner], 0, 4))
    few = np.bincount(row[1:][inner], minlength=len(spread)) < 3
    spread[few | ~np.isfinite(spread)] = 0.0
    spacing = spread[row[1:]]
    excess = gap - np.where(both | (spacing > 0.12), spacing, 0.0)
    given = signs.blank[1:]
    real, assumed = (given == 1) & (excess > 0.1), given == 2
    between_latin = ((given == 1) & (spacing <= 0.12)) | (assumed & (excess > 0.12)) | (excess > 0.25)
    blank = np.where(
        both,
        (excess > 0.45) | ((given == 1) & (excess > 0.15)),
        np.where(none, between_latin, real | (excess > 0.6)),
    )
    result[1:] = np.where(pair & (excess > TAB), 2, np.where(pair & blank, 1, 0))
    return result
