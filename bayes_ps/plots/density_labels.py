"""Names on the flanks of densities, where neither a curve nor another name runs through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation

from bayes_ps.checks import Array

OFFSET = 4.0
"""Points from the curve."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Flank:
    """A point of a curve; the name stands above it, on its right or on its left, in `box`."""

    x: float
    y: float
    right: bool
    box: Box

    def write(self, axes: Axes, text: str, color: str) -> Annotation:
        """The name."""
        return axes.annotate(
            text,
            (self.x, self.y),
            xytext=(OFFSET if self.right else -OFFSET, OFFSET),
            textcoords="offset points",
            color=color,
            horizontalalignment="left" if self.right else "right",
            verticalalignment="bottom",
            zorder=4,
        )


@dataclass(frozen=True, eq=False)
class Densities:
    """Curves (n, m) over `x` (m,), on an axis from the ends of x and from 0 to `top`."""

    x: Array
    curves: Array
    top: float

    def flank(
        self, n: int, wanted: float, size: tuple[float, float], taken: Sequence[Box]
    ) -> Flank:
        """Where curve `n` is nearest to the height `wanted` and its name finds room.

        `size` is that of the name on the axes, `taken` where other names stand. If there is no such
        place the name stands in the upper right corner, below others.
        """
        curve = self.curves[n]
        for i in np.argsort(np.abs(curve - wanted), kind="stable"):
            for right in (True, False):
                start = float(self.x[i]) - (0.0 if right else size[0])
                box = (start, start + size[0], float(curve[i]), float(curve[i]) + size[1])
                if self._free(box) and not any(_meet(box, other) for other in taken):
                    return Flank(float(self.x[i]), float(curve[i]), right, box)
        end, floor = float(self.x[-1]), self.top - size[1] * (1 + len(taken))
        return Flank(end, floor, right=False, box=(end - size[0], end, floor, floor + size[1]))

    def _free(self, box: Box) -> bool:
        """Whether a box lies on the axis and each curve passes below it or above it."""
        left, right, low, high = box
        if left < self.x[0] or right > self.x[-1] or not high <= self.top:
            return False
        over = self.curves[:, (self.x >= left) & (self.x <= right)]
        below = (over <= low + 1e-3 * self.top).all(axis=1)
        return bool((below | (over >= high).all(axis=1)).all())


def _meet(one: Box, other: Box) -> bool:
    across = min(one[1], other[1]) > max(one[0], other[0])
    return across and min(one[3], other[3]) > max(one[2], other[2])
