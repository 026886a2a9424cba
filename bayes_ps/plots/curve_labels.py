"""Names beside falling curves, where no curve can run through them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.text import Annotation

from bayes_ps.checks import Array

OFFSET = 4.0
"""Points from the curve."""
NEAR = 0.15
"""How far from the height that is wanted, as a share of the curve's height, a name may stand."""


@dataclass(frozen=True, eq=False)
class Spot:
    """A point of a curve, and on which side of it the name stands."""

    x: float
    y: float
    above: bool


@dataclass(frozen=True, eq=False)
class Falling:
    """Curves (n, m) over `x` (m,) that all fall, and vertical `lines` to keep clear of."""

    x: Array
    curves: Array
    lines: Array

    def spot(self, n: int, wanted: tuple[float, float], width: float) -> Spot:
        """Where to name curve `n`, its name taking `width` on the axis.

        Nothing lies right of and above the upper curve, nor left of and below the lower one.
        `wanted` are the heights at which to do the first and, failing that, the second; where a
        line is in the way of both, the name stands over it.
        """
        curve, size = self.curves[n], float(np.ptp(self.curves[n]))
        upper = curve >= self.curves.max(axis=0) - 1e-6 * size
        lower = curve <= self.curves.min(axis=0) + 1e-6 * size
        for lines in (self.lines, self.lines[:0]):
            for side, height, above in ((upper, wanted[0], True), (lower, wanted[1], False)):
                left = self.x - (0 if above else width)
                away = np.abs(curve - height)
                allowed = side & (away < NEAR * size) & self._clear(left, left + width, lines)
                if allowed.any():
                    found = int(np.argmin(np.where(allowed, away, np.inf)))
                    return Spot(float(self.x[found]), float(curve[found]), above)
        middle = int(np.argmin(np.abs(curve - np.mean(wanted))))
        return Spot(float(self.x[middle]), float(curve[middle]), True)

    def _clear(self, left: Array, right: Array, lines: Array) -> npt.NDArray[np.bool_]:
        """Whether a name between these places stays on the axis and off the lines."""
        on_axis = (left >= self.x[0]) & (right <= self.x[-1])
        met = (lines[:, None] > left) & (lines[:, None] < right)
        clear: npt.NDArray[np.bool_] = on_axis & ~met.any(axis=0)
        return clear


def name_curve(axes: Axes, text: str, at: Spot, color: str) -> Annotation:
    """The name, right above or left below its spot."""
    side = OFFSET if at.above else -OFFSET
    return axes.annotate(
        text,
        (at.x, at.y),
        xytext=(side, side),
        textcoords="offset points",
        color=color,
        horizontalalignment="left" if at.above else "right",
        verticalalignment="bottom" if at.above else "top",
        bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"},
        zorder=4,
    )
