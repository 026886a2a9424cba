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
    """Curves (n, m) over `x` (m,) that all fall, and vertical `lines` to keep clear of.

    `limits` are those of the axis, the ends of `x` unless given.
    """

    x: Array
    curves: Array
    lines: Array
    limits: tuple[float, float] | None = None

    def spot(self, n: int, wanted: tuple[float, float], width: float) -> Spot:
        """Where to name curve `n`, its name taking `width` on the axis.

        `wanted` are the heights at which to name it on its right and, failing that, on its left.
        Where there is no room beside all curves, the name stands over one of them.
        """
        for over in (False, True):
            if (found := self.clear_spot(n, wanted, width, over=over)) is not None:
                return found
        curve, away = self.curves[n], np.abs(self.curves[n] - np.mean(wanted))
        nothing = self.lines[:0]
        for above in (True, False):
            left = self.x - (0 if above else width)
            fits = self._clear(left, left + width, nothing)
            if fits.any():
                best = int(np.argmin(np.where(fits, away, np.inf)))
                return Spot(float(self.x[best]), float(curve[best]), above)
        best = int(np.argmin(away))
        return Spot(float(self.x[best]), float(curve[best]), True)

    def clear_spot(
        self, n: int, wanted: tuple[float, float], width: float, *, over: bool
    ) -> Spot | None:
        """The same where no curve runs through the name; None if there is no room.

        Nothing lies right of and above the upper curve, nor left of and below the lower one. With
        `over` the name may stand over a line.
        """
        curve, size = self.curves[n], float(np.ptp(self.curves[n]))
        upper = curve >= self.curves.max(axis=0) - 1e-6 * size
        lower = curve <= self.curves.min(axis=0) + 1e-6 * size
        lines = self.lines[:0] if over else self.lines
        for side, height, above in ((upper, wanted[0], True), (lower, wanted[1], False)):
            left = self.x - (0 if above else width)
            away = np.abs(curve - height)
            allowed = side & (away < NEAR * size) & self._clear(left, left + width, lines)
            if allowed.any():
                found = int(np.argmin(np.where(allowed, away, np.inf)))
                return Spot(float(self.x[found]), float(curve[found]), above)
        return None

    def _clear(self, left: Array, right: Array, lines: Array) -> npt.NDArray[np.bool_]:
        """Whether a name between these places stays on the axis and off the lines."""
        low, high = self.limits or (self.x[0], self.x[-1])
        on_axis = (left >= low) & (right <= high)
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
