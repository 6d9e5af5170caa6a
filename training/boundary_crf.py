"""A chain over the boundaries of a line: forward-backward, decoding and training, vectorised over lines.

Boundary p stands before character p and is 1 where a word starts; a line's two edges are 1. The score of a
segmentation is the sum of u[p] over its inner boundaries and of s[p] over its one-character words, which makes it a
conditional random field (Lafferty, McCallum and Pereira 2001) with the four tags begin, middle, end and single.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]
LINE_END = 10


@dataclass(frozen=True)
class Lines:
    """Where the lines lie in the array of characters, longest first."""

    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]

    @classmethod
    def of(cls, points: NDArray[np.uint32]) -> Lines:
        """The lines of a text; empty ones are left out."""
        ends = np.flatnonzero(points == LINE_END)
        starts = np.concatenate([[0], ends[:-1] + 1])
        lengths = ends - starts
        order = np.argsort(-lengths, kind="stable")
        order = order[lengths[order] > 0]
        return cls(starts[order], lengths[order])

    def active(self) -> NDArray[np.int64]:
        """How many lines are longer than 0, 1, 2, … characters."""
        return np.searchsorted(-self.lengths, -np.arange(self.lengths.max() + 1), side="left")


def expectations(u: Floats, s: Floats, lines: Lines) -> tuple[float, Floats, Floats]:
    """The log partition function and the expected boundaries and one-character words."""
    active, longest = lines.active(), int(lines.lengths.max())
    off, on = [np.full(len(lines.starts), -np.inf)], [np.zeros(len(lines.starts))]
    log_z = np.zeros(len(lines.starts))
    for t in range(longest):
        here, following = active[t], active[t + 1]
        at = lines.starts[:here] + t
        a0, a1 = off[t][:here], on[t][:here]
        to_on = np.logaddexp(a0, a1 + s[at])
        log_z[following:here] = to_on[following:]
        on.append(to_on[:following] + u[at[:following] + 1])
        off.append(np.logaddexp(a0, a1)[:following])
    boundary, single = np.zeros(len(u)), np.zeros(len(u))
    b0, b1 = np.zeros(0), np.zeros(0)
    for t in range(longest - 1, -1, -1):
        here, following = active[t], active[t + 1]
        at = lines.starts[:here] + t
        next_on, next_off = np.zeros(here), np.full(here, -np.inf)
        next_on[:following] = b1 + u[at[:following] + 1]
        next_off[:following] = b0
        single[at] = np.exp(on[t][:here] + s[at] + next_on - log_z[:here])
        b1, b0 = np.logaddexp(s[at] + next_on, next_off), np.logaddexp(next_on, next_off)
        boundary[at] = np.exp(on[t][:here] + b1 - log_z[:here])
    return float(log_z.sum()), boundary, single


@dataclass(frozen=True)
class Problem:
    """Design matrices of the boundary and single-word scores, and the lines with their true boundaries."""

    boundary_features: sp.csr_matrix
    single_features: sp.csr_matrix
    lines: Lines
    truth: NDArray[np.bool_]
    inner: NDArray[np.bool_]
    character: NDArray[np.bool_]


def train(
    problem: Problem, *, penalty: float, iterations: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights that maximise the likelihood less penalty / 2 times their squared length, by L-BFGS.

    Each weight is scaled by its feature's frequency first, which makes the search several times shorter.
    """
    x, z = problem.boundary_features, problem.single_features
    x_t, z_t = x.T.tocsr(), z.T.tocsr()
    split = x.shape[1]
    gold_u = problem.truth[:-1] * problem.inner * 1.0
    gold_s = problem.truth[:-1] * problem.truth[1:] * problem.character * 1.0
    counts = np.concatenate([np.asarray(m.sum(axis=0)).ravel() for m in (x, z)])
    scale = 1 / np.sqrt(penalty + 0.05 * counts)

    def objective(scaled: Floats) -> tuple[float, Floats]:
        weights = scaled * scale
        narrow = weights.astype(np.float32)
        u, s = (x @ narrow[:split]).astype(np.float64), (z @ narrow[split:]).astype(np.float64)
        log_z, boundary, single = expectations(u, s, problem.lines)
        loss = log_z - u @ gold_u - s @ gold_s + 0.5 * penalty * float(weights @ weights)
        slope_u = x_t @ (boundary * problem.inner - gold_u).astype(np.float32)
        slope_s = z_t @ (single - gold_s).astype(np.float32)
        slope = np.concatenate([slope_u, slope_s]).astype(np.float64) + penalty * weights
        return loss, slope * scale

    options = {"maxiter": iterations, "maxcor": 6}
    found = minimize(objective, np.zeros(len(scale)), jac=True, method="L-BFGS-B", options=options)
    weights = (found.x * scale).astype(np.float32)
    return weights[:split], weights[split:]
