"""Where the posterior of tau is: its mode, its width and how far it reaches."""

from __future__ import annotations

import math

import numpy as np

from bayes_ps.many.kernel.axis import bent
from bayes_ps.many.kernel.compiled import once, part
from bayes_ps.many.kernel.conditional import add_likelihood
from bayes_ps.many.kernel.densities import add_prior
from bayes_ps.many.kernel.layout import LOG_F, LOG_TAU, LOWER, MEAN, TAU, UPPER, Analysis, Axis
from bayes_ps.many.kernel.normal import exp

LOWEST, HIGHEST = -650.0, 290.0  # of u: tau² neither underflows to nothing nor overflows
EVERYWHERE = np.clip(np.sinh(0.4 * np.arange(-19, 17)), LOWEST, HIGHEST)
WHOLE, ZOOMED, TURNS = EVERYWHERE.size, 17, 30  # points, and grids at most
REACH = 40.0  # of the log density below its peak: what lies farther out is left out
WIDTH, WIDEST, NARROWEST = 1.5, 0.5, 1e-8  # u for a step of 1 in t: so many SDs of u, in bounds


@part
def evaluate(a: Analysis, first: int, last: int) -> None:
    """LOG_F = log p(u, y) at u = LOG_TAU, which becomes log tau."""
    log_tau, tau, log_f = a.node[LOG_TAU], a.node[TAU], a.node[LOG_F]
    lower, length = a.prior[LOWER] / a.unit, (a.prior[UPPER] - a.prior[LOWER]) / a.unit
    if length < math.inf:
        for j in range(first, last):
            u, rest = log_tau[j], math.exp(-abs(log_tau[j]))
            log_f[j] = math.log(length) - abs(u) - 2 * math.log1p(rest)
            tau[j] = lower + length * (1.0 if u > 0 else rest) / (1 + rest)
            log_tau[j] = math.log(tau[j])
    else:
        for j in range(first, last):
            log_f[j] = log_tau[j]
            tau[j] = exp(log_tau[j])
    add_likelihood(a, first, last)
    add_prior(a, first, last)


@once
def look(a: Analysis) -> tuple[Axis, float]:
    """The axis of t on which this posterior looks like any other, NaN if it is 0 everywhere; and
    the mean of mu given the mode of tau.

    A grid over all u, dense near 0, then grids between the neighbours of the best point, until
    they show the SD of u.
    """
    ends = LOWEST, HIGHEST
    below = above = centre = sd = 0.0
    best = 0
    for turn in range(TURNS):
        n = WHOLE if turn == 0 else ZOOMED
        for j in range(n):
            a.node[LOG_TAU, j] = grid_point(j, turn, ends)
        evaluate(a, 0, n)
        best = highest(a, n)
        if best < 0:
            return Axis(math.nan, math.nan, 0.0, 0.0, 0.0, 0.0), 0.0
        if turn == 0:
            first, last = seen(a, best)
            below, above = EVERYWHERE[first], EVERYWHERE[last]
        centre, sd = grid_point(best, turn, ends), spread(a, best, turn, ends)
        nearest = grid_point(max(best - 1, 0), turn, ends)
        farthest = grid_point(min(best + 1, n - 1), turn, ends)
        if sd > 0.5 * (farthest - nearest):
            break
        ends = nearest, farthest
    width = max(min(WIDTH * sd, WIDEST), NARROWEST)
    return bent(centre, width, centre - below, above - centre), a.node[MEAN, best]


@part
def grid_point(j: int, turn: int, ends: tuple[float, float]) -> float:
    """u of the j-th point: over the whole range at first, then between the ends."""
    if turn == 0:
        return EVERYWHERE[j]
    low, high = ends
    return low + (high - low) * j / (ZOOMED - 1)


@part
def highest(a: Analysis, n: int) -> int:
    """The best of n points, −1 if the density is nowhere above 0."""
    log_f, best = a.node[LOG_F], -1
    for j in range(n):
        if log_f[j] > -math.inf and (best < 0 or log_f[j] > log_f[best]):
            best = j
    return best


@part
def seen(a: Analysis, best: int) -> tuple[int, int]:
    """The points just beyond those where the density, or the integrand of a moment, counts."""
    log_tau, log_f, top = a.node[LOG_TAU], a.node[LOG_F], -math.inf
    first, last = best, best
    for j in range(WHOLE):
        top = max(top, log_f[j] + a.moments * max(log_tau[j] - log_tau[best], 0.0))
    for j in range(WHOLE):
        heavy = log_f[j] + a.moments * max(log_tau[j] - log_tau[best], 0.0)
        if log_f[j] > log_f[best] - REACH:
            first, last = min(first, j), max(last, j)
        if heavy > top - REACH:
            last = max(last, j)
    return max(first - 1, 0), min(last + 1, WHOLE - 1)


@part
def spread(a: Analysis, best: int, turn: int, ends: tuple[float, float]) -> float:
    """SD of u by a grid."""
    n = WHOLE if turn == 0 else ZOOMED
    middle = grid_point(best, turn, ends)
    total = first = second = 0.0
    for j in range(n):
        u = grid_point(j, turn, ends) - middle
        gap = grid_point(min(j + 1, n - 1), turn, ends) - grid_point(max(j - 1, 0), turn, ends)
        p = gap * exp(a.node[LOG_F, j] - a.node[LOG_F, best])
        total += p
        first += p * u
        second += p * u * u
    return math.sqrt(max(second / total - (first / total) ** 2, 0.0))
