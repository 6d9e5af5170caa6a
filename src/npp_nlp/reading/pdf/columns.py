"""Columns of a page: where a gutter runs down between lines of text, and in which order its blocks are read."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from npp_nlp.reading.pdf.signs import Flags, Floats

Members = NDArray[np.int64]
Block = tuple[Members, int, int]

MIN_LINES = 5
"""A gutter is believed if this many lines stand on each side of it, or if an earlier page has it."""
FEW = 0.06
"""The share of the lines of a page that may cross a gutter, as titles do, where it shows itself."""
_DEEPEST = 3
_WIDEST_PAGE = 20_000


def reading_order(x0: Floats, x1: Floats, y: Floats, size: Floats, gutters: list[float]) -> list[Block]:
    """The blocks of a page in reading order: members, which column they are, and of how many.

    Lines that cross a gutter part the columns into bands: what is above them is read first.
    """
    everything = np.arange(len(x0))
    found = list(_split((x0, x1, y, size), everything, gutters, 0))
    return [(members, column, columns) for members, column, columns in found if len(members)]


def _split(
    boxes: tuple[Floats, Floats, Floats, Floats], members: Members, gutters: list[float], depth: int
) -> Iterator[Block]:
    x0, x1, y, _ = boxes
    gutter = _gutter(boxes, members, gutters) if depth < _DEEPEST else None
    if gutter is None:
        yield members, 0, 1
        return
    low, high = gutter
    left, right = _sides(x0[members], x1[members], low, high)
    crossing = np.sort(y[members[~(left | right)]])[::-1]
    band = np.searchsorted(-crossing, -y[members])
    gutters.append((low + high) / 2)
    for number in range(len(crossing) + 1):
        across = members[~(left | right) & (band == number)]
        if len(across):
            yield across, 0, 1
        sides = members[left & (band == number)], members[right & (band == number)]
        for side, part in enumerate(sides):
            if len(part):
                for inner, column, columns in _split(boxes, part, gutters, depth + 1):
                    yield inner, side * 4 + column, columns + 1


def _gutter(
    boxes: tuple[Floats, Floats, Floats, Floats], members: Members, known: list[float]
) -> tuple[float, float] | None:
    """The left and right edge of the widest empty strip that parts the lines into two columns of running text."""
    x0, x1, y, size = (values[members] for values in boxes)
    unit = float(np.median(size)) if len(size) else 0.0
    lowest, highest = float(x0.min()), float(x1.max())
    width = highest - lowest
    if len(members) < 4 or width < 16 * unit or width > _WIDEST_PAGE:
        return None
    # Running heads and page numbers stand where they like.
    inner = (y < y.max() - 0.8 * unit) & (y > y.min() + 0.8 * unit)
    inner = inner if inner.sum() >= MIN_LINES else np.ones(len(y), bool)
    strips = _strips(x0[inner] - lowest, x1[inner] - lowest, width)
    for low, high in sorted(strips, key=lambda strip: strip[0] - strip[1]):
        if high - low < 0.8 * unit:
            break
        edges = low + lowest, high + lowest
        if _is_gutter((x0, x1, y), edges, unit, known):
            return edges
    return None


def _strips(left: Floats, right: Floats, width: float) -> list[tuple[float, float]]:
    """The vertical strips, to a point, that few lines cross; not those near the edges."""
    length = int(width) + 3
    cover = np.zeros(length + 1, np.int64)
    np.add.at(cover, np.floor(left).astype(int), 1)
    np.add.at(cover, np.minimum(np.ceil(right).astype(int), length), -1)
    cover = np.cumsum(cover)[:length]
    first, last = int(0.15 * width), int(0.85 * width)
    inner = cover[first:last]
    if not len(inner):
        return []
    least = inner <= max(int(inner.min()), FEW * len(left))
    change = np.flatnonzero(np.diff(np.concatenate(([0], least.astype(np.int8), [0]))))
    return [(float(a + first), float(b + first)) for a, b in change.reshape(-1, 2).tolist()]


def _sides(x0: Floats, x1: Floats, low: float, high: float) -> tuple[Flags, Flags]:
    """Which lines stand left and which right of a strip; marks may hang into it, page numbers may stand in it."""
    return (x0 < low) & (x1 < high + 1), (x0 > low - 1) & (x1 > high)


def _is_gutter(
    boxes: tuple[Floats, Floats, Floats], edges: tuple[float, float], unit: float, known: list[float]
) -> bool:
    """Whether the strip parts running text: enough lines on both sides, most of them long and set flush."""
    x0, x1, _ = boxes
    low, high = edges
    left, right = _sides(x0, x1, low, high)
    sides = int(left.sum()), int(right.sum())
    crossing = len(x0) - sum(sides)
    if min(sides) < 1 or crossing > 0.4 * len(x0):
        return False
    if any(low - unit < gutter < high + unit for gutter in known) and max(sides) >= 3:
        return True
    if min(sides) < MIN_LINES:
        return False
    return all(
        _flush(x0[side], unit) and _long(x0[side], x1[side]) and np.median((x1 - x0)[side]) >= 6 * unit
        for side in (left, right)
    )


def _flush(starts: Floats, unit: float) -> bool:
    """Whether most lines begin at one of two edges: the margin and the indent."""
    steps = np.round(starts / (0.5 * unit)).astype(np.int64)
    counts = np.sort(np.unique(steps, return_counts=True)[1])[::-1]
    return bool(counts[:3].sum() >= 0.6 * len(starts))


def _long(starts: Floats, ends: Floats) -> bool:
    """Whether half of the lines nearly reach the right edge, as lines of running text do."""
    right = np.sort(ends)[int(0.9 * (len(ends) - 1))]
    return bool(np.mean(ends >= right - 0.12 * (right - starts.min())) >= 0.4)
