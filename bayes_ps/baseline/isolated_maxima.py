"""Every local maximum of a likelihood of tau², isolated by proof and then solved.

The slope of both likelihoods is (rise − fall)/2, where with t = tau²

    rise = Σ z²/(d + t)²,    fall = Σ 1/(d + t)

over contrasts z with variances d from v_min to v_max (for ML, fall is over the studies). Both fall
with t and are convex, and by Cauchy-Schwarz their relative rates of loss fall too. So on a cell
from a to b

* the slope keeps its sign if rise(b) > fall(a), or rise(a) < fall(b);
* it falls through 0 once at most, and never rises, if rise loses faster at b, relatively, than fall
  does at a; it never falls through 0 if rise loses slower at a than fall does at b. Chords to the
  next points outside the cell bound these rates;
* beyond v_max − 2 v_min the first is true everywhere: rise loses at 2/(v_max + t) at least, fall at
  1/(v_min + t) at most.

A cell that none of these decides is split: no maximum can hide between the points of a grid.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bayes_ps.baseline.generalised_q import root_between
from bayes_ps.checks import Array

CELL, OUTER_CELL = 1.15, 1.5  # growth of v_min + t over a cell, up to v_max − 2 v_min and beyond
GROWN = CELL ** np.arange(-1.0, 1000.0)
OUTER_GROWN = OUTER_CELL ** np.arange(1.0, 350.0)
LOG_CELL, LOG_OUTER_CELL = math.log(CELL), math.log(OUTER_CELL)
SPLIT = 8
NARROWEST = 1e-13  # of v_min + t: two roots as close as this are rounding
MOST_MOVES = 6
LAST_MOVE = 1e-8  # of v_min + t: the error after it is below rounding


class Slope(NamedTuple):
    """The two parts of a slope (rise − fall)/2 at points t, (...)."""

    rise: Array
    fall: Array


class Likelihood(NamedTuple):
    """The slope of one likelihood at points (n,), and fall/rise − 1 at one point.

    `smallest` and `largest` are the variances; from t = `beyond` on the slope is below 0.
    """

    slope: Callable[[Array], Slope]
    excess: Callable[[float], float]
    smallest: float
    largest: float
    beyond: float


def maxima(of: Likelihood) -> list[float]:
    """All local maxima in t >= 0, rising; 0 is one if the slope there is not above 0."""
    points = of.smallest * unit_grid(of.largest / of.smallest, of.beyond / of.smallest)
    at = of.slope(points)
    found = [] if at.rise[1] > at.fall[1] else [0.0]
    return found + _falls_through_zero(of, points, at)


def unit_grid(largest: float, beyond: float) -> Array:
    """(n,) points from 0 past `beyond`, and one below 0, where the smallest variance is 1.

    Small cells reach past `largest` − 2, large ones go on from there.
    """
    inner = max(min(largest - 1, beyond + 1), 1)
    small = math.ceil(math.log(inner) / LOG_CELL) + 2
    end = float(GROWN[small - 1])
    large = math.ceil(max(math.log((beyond + 1) / end) / LOG_OUTER_CELL, 0)) + 2
    return np.concatenate([GROWN[:small], end * OUTER_GROWN[:large]]) - 1


def open_cells(at: Slope) -> tuple[npt.NDArray[np.intp], ...]:
    """Inner cells of the points `at` (..., n) in which the slope may change sign: their low ends,
    less 1.
    """
    rise, fall = at
    may = (rise[..., 2:-1] <= fall[..., 1:-2]) & (rise[..., 1:-2] >= fall[..., 2:-1])
    return may.nonzero()


def holds_one(t: Any, rise: Any, fall: Any, simple_from: Any) -> tuple[Any, Any]:
    """Of a cell, by 4 points (4, ...) with its ends in the middle: does the slope fall through 0
    from end to end, and is it proved that it has no other maximum? From `simple_from` on it is.
    """
    falls = (rise[1] > fall[1]) & (rise[2] <= fall[2])
    before, after = t[1] - t[0], t[3] - t[2]
    rise_most, rise_least = (rise[0] - rise[1]) / before, (rise[2] - rise[3]) / after
    fall_most, fall_least = (fall[0] - fall[1]) / before, (fall[2] - fall[3]) / after
    falling = (rise_least * fall[1] > fall_most * rise[2]) | (t[1] >= simple_from)
    return falls, falling | (rise_most * fall[2] < fall_least * rise[1])


def where_zero(t: Any, f: Any) -> Any:
    """The t at which f is 0, by inverse interpolation through 4 points (4, ...)."""
    a, b, c, d = t
    e, g, h, i = f
    ab, bc, cd = (g * a - e * b) / (g - e), (h * b - g * c) / (h - g), (i * c - h * d) / (i - h)
    abc, bcd = (h * ab - e * bc) / (h - e), (i * bc - g * cd) / (i - g)
    return (i * abc - e * bcd) / (i - e)


def _falls_through_zero(of: Likelihood, points: Array, at: Slope) -> list[float]:
    """The maximum in each inner cell of `points` (n,) that holds one; undecided cells are split."""
    found: list[float] = []
    cells = open_cells(at)[0].tolist()
    if not cells:
        return found
    near = slice(cells[0], cells[-1] + 4)
    values = points[near].tolist(), at.rise[near].tolist(), at.fall[near].tolist()
    for cell in cells:
        here = cell - cells[0]
        t, rise, fall = (each[here : here + 4] for each in values)
        falls, proved = holds_one(t, rise, fall, of.largest - 2 * of.smallest)
        if not proved and t[2] - t[1] > NARROWEST * (of.smallest + t[2]):
            finer = t[1] + (t[2] - t[1]) / SPLIT * np.arange(-1.0, SPLIT + 2)
            found += _falls_through_zero(of, finer, of.slope(finer))
        elif falls:
            f = [down / up - 1 for up, down in zip(rise, fall, strict=True)]
            found.append(_solve(of, t, f))
    return found


def _solve(of: Likelihood, t: list[float], f: list[float]) -> float:
    """The root of fall/rise − 1 between t[1] and t[2], by interpolation from 4 points.

    By bisection and secants should that fail, as where the interpolation leaves the cell.
    """
    low, high = t[1], t[2]
    try:
        root = where_zero(t, f)
        for _ in range(MOST_MOVES):
            if not low <= root <= high:
                break
            new = of.excess(root)
            t, f = [t[1], t[2], t[3], root], [f[1], f[2], f[3], new]
            low, high = (root, high) if new < 0 else (low, root)
            before, root = root, where_zero(t, f)
            if abs(root - before) <= LAST_MOVE * (of.smallest + before):
                return root
    except ZeroDivisionError:
        pass
    return root_between(of.excess, low, high)
