"""The densities of a forest plot, as hills above the marks of their rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.plots.forest.rows import Row
from bayes_ps.posterior import Marginal

POINTS = 161
TAIL = 0.001
"""Share of the posterior beyond either end of a hill."""


def hills_of(rows: Sequence[Row]) -> Array:
    """(row, POINTS, 2): places, and densities as shares of the peak; NaN where there is none."""
    found = np.full((len(rows), POINTS, 2), np.nan)
    for i, row in enumerate(rows):
        if row.marginal is not None:
            found[i] = _hill(row.marginal)
    return found


def _hill(m: Marginal) -> Array:
    """NaN where the density is infinite or the posterior one number."""
    low, high = m.ppf(np.array([TAIL, 1 - TAIL]))
    x = np.linspace(low, high, POINTS)
    with np.errstate(all="ignore"):
        density = np.asarray(m.pdf(x), dtype=float)
    peak = density.max()
    if not (high > low and np.isfinite(peak) and peak > 0):
        return np.full((POINTS, 2), np.nan)
    return np.column_stack([x, density / peak])
