"""The width at which the lines of a text were wrapped, for the whole text or for a part of it."""

import re

import numpy as np
from numpy.typing import NDArray

from npp_nlp.layout.lines import NO_START, Line

MIN_WRAP, MAX_WRAP = 8.0, 120.0
SLACK = 1.25
WIDER = 1.15
FIRST_SHORT = 3.25
_WINDOW = 8
_INNER = re.compile("[，。、；：！？,;]")

Widths = NDArray[np.float64]
Flags = NDArray[np.bool_]


def wrap_width(lines: list[Line]) -> tuple[Widths, bool]:
    """The wrap width around each line, 0 where there is none, and whether it counts characters.

    A typesetter lets no comma begin a line; where that happens often, lines were cut by counting.
    """
    if len(lines) < 3:
        return np.zeros(len(lines)), False
    widths = np.array([line.width for line in lines])
    lengths = np.array([line.end - line.start + line.indent for line in lines])
    inner = np.array([bool(_INNER.search(line.text[:80])) for line in lines])
    hanging = np.mean([line.text[0] in NO_START for line in lines])
    runs_on = np.array([line.ending not in ("final", "colon", "semicolon") for line in lines])
    begins = np.concatenate(([True], ~runs_on[:-1] | (widths[:-1] < 0.6 * np.median(widths))))
    by_length, length_share = _whole(lengths, inner, runs_on, begins, 0.0)
    by_width, width_share = _whole(widths, inner, runs_on, begins, SLACK)
    if by_length and hanging >= 0.02 and length_share >= 0.6 * width_share:
        return np.where(lengths <= by_length, by_length, 0.0), True
    if by_width:
        # Parts set a little wider are wrapped, too: their lines count as full.
        wider = np.where(widths <= by_width * WIDER, widths, 0.0)
        return np.where(widths <= by_width + SLACK + 0.25, by_width, wider), False
    return _parts(widths, inner & runs_on), False


def _whole(sizes: Widths, inner: Flags, runs_on: Flags, begins: Flags, slack: float) -> tuple[float, float]:
    """The one width that the lines of a text reach, and the share of lines that reach it; (0, 0) if none.

    Short lines (headings, cells, last lines) may be many; of the long ones most must be full, or narrower by the
    lost indent of a first line, and few wider.
    """
    usable = sizes[(sizes >= MIN_WRAP) & (sizes <= MAX_WRAP)]
    if not len(usable):
        return 0.0, 0.0
    steps = np.bincount(np.round(usable).astype(np.int64), minlength=int(MAX_WRAP) + 4)
    mode = int(steps.argmax())
    # First lines, which lost their indent, may outnumber full ones where paragraphs are short.
    first = slack and begins[np.round(sizes) == mode].mean() >= 0.5
    width = max(w for w in range(mode, mode + 4) if w == mode or (first and 2 * steps[w] >= steps[mode]))
    near = (sizes >= width - slack) & (sizes <= width + slack)
    long = sizes >= width - 7
    full = near | ((sizes >= width - FIRST_SHORT) & (sizes <= width))
    over = float((sizes[long] > width + slack).mean())
    share = float((full if slack else near)[long].mean())
    few = len(sizes) < 8
    enough = share >= (0.6 if slack or few else 0.45) and over <= (0.1 if few else 0.25) and near.sum() >= 2
    if (
        not enough
        or near.mean() < (0.6 if few else 0.12)
        or inner[near].mean() < 0.4
        or runs_on[near].mean() < 0.5
    ):
        return 0.0, 0.0
    return float(width), float(near.mean())


def _parts(widths: Widths, running: Flags) -> Widths:
    """For every line the width that most lines in a window of eight around it reach, where there is one.

    Three of them at least must be running text: a mark inside, and no sentence ends.
    """
    wrap = np.zeros(len(widths))
    if len(widths) < _WINDOW:
        return wrap
    windows = np.lib.stride_tricks.sliding_window_view(widths, _WINDOW)
    reached = np.partition(windows, _WINDOW - 2, axis=1)[:, _WINDOW - 2]
    near = (windows >= reached[:, None] - SLACK - 0.5) & (windows <= reached[:, None] + 1)
    commas = (near & np.lib.stride_tricks.sliding_window_view(running, _WINDOW)).sum(axis=1)
    good = (
        (near.sum(axis=1) > _WINDOW // 2) & (commas >= 3) & (reached >= MIN_WRAP) & (reached <= MAX_WRAP / 2)
    )
    for shift in range(_WINDOW):
        part = wrap[shift : shift + len(reached)]
        take = good & (widths[shift : shift + len(reached)] <= reached + 1)
        part[take] = np.maximum(part[take], reached[take])
    return wrap
