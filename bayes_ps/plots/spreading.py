"""Labels in a column, each as near to its mark as the others let it be."""

from __future__ import annotations

import numpy as np

from bayes_ps.checks import Array


def spread(wanted: Array, heights: Array, low: float, high: float) -> Array:
    """Places (n,) nearest to `wanted` in least squares, none nearer than the labels are high.

    Labels of `heights` (n,) stay between `low` and `high` if they fit there. Less the room that the
    labels before take, "none nearer" means "none falls": an isotonic regression.
    """
    order = np.argsort(wanted, kind="stable")
    tall = heights[order]
    before = np.concatenate([[0.0], np.cumsum((tall[1:] + tall[:-1]) / 2)])
    first = low + tall[0] / 2
    last = max(high - tall[-1] / 2 - before[-1], first)
    places = np.empty(wanted.size)
    places[order] = np.clip(_rising(wanted[order] - before), first, last) + before
    return places


def _rising(values: Array) -> Array:
    """The nearest values that never fall: what falls is pooled with its neighbour."""
    pools: list[list[float]] = []
    for value in values:
        pools.append([float(value)])
        while len(pools) > 1 and np.mean(pools[-2]) > np.mean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    return np.concatenate([np.full(len(pool), np.mean(pool)) for pool in pools])
