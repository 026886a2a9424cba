"""The maxima of many likelihoods at once, by the same proof; what it leaves open is handed back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from bayes_ps.baseline.isolated_maxima import (
    LAST_MOVE,
    MOST_MOVES,
    Slope,
    holds_one,
    open_cells,
    unit_grid,
    where_zero,
)
from bayes_ps.checks import Array

AT_ONCE = 20_000  # points in a work array: some of these fit a core's cache


def only_maxima(y: Array, v: Array, *, restricted: bool) -> Array:
    """(m,) the maximum in tau² >= 0 of m likelihoods, NaN where there may be another.

    `y` and `v` are (m, k), the most precise study first and `y` less its estimate.
    """
    beyond = np.vecdot(y, y) / v[:, 0]
    order = np.argsort(beyond)
    found = np.empty(len(y))
    start = 0
    while start < len(y):
        # Analyses alike in how far they reach share a grid; the last of a block reaches furthest.
        points = 20 + len(unit_grid(float(v[0, -1] / v[0, 0]), float(beyond[order[start]])))
        stop = start + max(AT_ONCE // points, 1)
        block = order[start:stop]
        found[block] = _of_block(Many(y[block], v[block], restricted))
        start = stop
    return found


class Many(NamedTuple):
    """m analyses of k studies, (m, k), and whether their likelihood is restricted."""

    y: Array
    v: Array
    restricted: bool

    def slope(self, t: Array) -> Slope:
        """The parts of the slope at `t` (m, n), as ``likelihood.restricted_slope``.

        Study after study: (m, n) arrays fit the cache, sums over a short last axis are slow.
        """
        first = 1 / (self.v[:, :1] + t)
        others = [1 / (self.v[:, j : j + 1] + t) for j in range(1, self.v.shape[1])]
        y = [self.y[:, j : j + 1] for j in range(1, self.v.shape[1])]
        rest = _sum(others)
        total = first + rest
        mu = _sum(w * each for w, each in zip(others, y, strict=True)) / total
        rise = (first * mu) ** 2
        rise += _sum((w * (each - mu)) ** 2 for w, each in zip(others, y, strict=True))
        if not self.restricted:
            return Slope(rise, total)
        return Slope(rise, rest + rest * (first / total) - _sum(w * w for w in others) / total)


def _sum(terms: Iterable[Array]) -> Array:
    """Their sum, in place."""
    each = iter(terms)
    total = np.array(next(each))
    for term in each:
        total += term
    return total


def _of_block(many: Many) -> Array:
    y, v, _ = many
    smallest, largest = v[:, 0], v[:, -1]
    beyond = np.vecdot(y, y)
    unit = unit_grid(float((largest / smallest).max()), float((beyond / smallest).max()))
    points = smallest[:, np.newaxis] * unit
    at = many.slope(points)
    rising = at.rise[:, 1] > at.fall[:, 1]
    analysis, cell = open_cells(at)
    near = analysis[:, np.newaxis], cell[:, np.newaxis] + np.arange(4)
    t, rise, fall = (each[near].T for each in (points, at.rise, at.fall))
    falls, proved = holds_one(t, rise, fall, (largest - 2 * smallest)[analysis])
    count = np.bincount(analysis[falls], minlength=len(y)) + ~rising
    roots = falls & (count[analysis] == 1)
    owner = analysis[roots]
    found = np.zeros(len(y))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = fall[:, roots] / rise[:, roots] - 1
        found[owner] = _solve(Many(y[owner], v[owner], many.restricted), t[:, roots], ratio)
    found[count != 1] = np.nan
    found[analysis[~proved]] = np.nan
    return found


def _solve(many: Many, t: Array, f: Array) -> Array:
    """The root of fall/rise − 1 between t[1] and t[2] of 4 points (4, m), NaN where it escapes."""
    low, high = t[1], t[2]
    root = where_zero(t, f)
    moving = np.ones(root.shape, dtype=bool)
    for _ in range(MOST_MOVES):
        at = many.slope(root[:, np.newaxis])
        t = np.stack([*t[1:], root])
        f = np.stack([*f[1:], (at.fall / at.rise)[:, 0] - 1])
        new = np.where(moving, where_zero(t, f), root)
        moving &= ~(np.abs(new - root) <= LAST_MOVE * (many.v[:, 0] + root))
        root = new
        if not moving.any():
            break
    escaped = moving | ~((root >= low) & (root <= high))
    return np.where(escaped, np.nan, root)
