"""Quantiles: where a distribution function takes given values."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bayes_ps.checks import Array


def invert(
    cdf: Callable[[Array], Array],
    pdf: Callable[[Array], Array],
    q: Array,
    bracket: tuple[Array, Array],
    *,
    noise: float = 0.0,
) -> Array:
    """x with cdf(x) = q, elementwise: Newton's steps, bisection where they leave the bracket.

    `noise` is the absolute error of `cdf`: beside its rounding, how near to q is near enough.
    """
    low, high = bracket
    x = (low + high) / 2
    for turn in range(200):
        off = cdf(x) - q
        low, high = np.where(off < 0, x, low), np.where(off > 0, x, high)
        width = 4 * np.finfo(float).eps * np.maximum(np.abs(low), np.abs(high))
        open_still = (np.abs(off) > noise + 16 * np.finfo(float).eps * q) & (high - low > width)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            step = x - off / pdf(x)
        if not open_still.any():
            return np.where((step >= low) & (step <= high), step, x)
        # A step that hardly moves has not arrived by that: it may stand on a spike of density.
        newton = (step > low) & (step < high) & (np.abs(step - x) > width) & (turn % 8 < 7)
        x = np.where(open_still, np.where(newton, step, (low + high) / 2), x)
    return x
