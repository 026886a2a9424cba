"""Names beside points, as many as there is room for, none over another or over a point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from arviz_plots import PlotCollection
from matplotlib.axes import Axes

from bayes_ps.checks import Array
from bayes_ps.plots import lettering
from bayes_ps.plots.style import FONT, INK, LINE

AWAY, WIDEST = 0.03, 1.9
SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))


@dataclass(frozen=True)
class Placed:
    """The name of point `n` as a box in inches, with its lines aligned to face the point."""

    n: int
    text: str
    align: str
    left: float
    bottom: float
    width: float
    height: float

    def meets(self, left: float, bottom: float, right: float, top: float) -> bool:
        """Whether it covers some of this box."""
        across = self.left < right and left < self.left + self.width
        return across and self.bottom < top and bottom < self.bottom + self.height


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points (n, 2) with their radii (n,), in inches from the lower left corner of a panel.

    `room` is how far to the right and up names may reach, `lines` (m, 2) are places on lines that
    no name should cover.
    """

    points: Array
    radii: Array
    room: tuple[float, float]
    lines: Array | None = None

    def placed(self, names: Sequence[str], order: Sequence[int]) -> list[Placed]:
        """Where to write names, the first of `order` first; those without room are left out."""
        found: list[Placed] = []
        for n in order:
            boxes = (box for box in self._boxes(n, str(names[n])) if self._free(box, found))
            found += list(boxes)[:1]
        return found

    def _boxes(self, n: int, name: str) -> Iterator[Placed]:
        """Beside, above and below the point, then at its corners."""
        text = lettering.wrapped(name, WIDEST)
        width, height = lettering.width(text), LINE * (text.count("\n") + 1)
        (x, y), away = self.points[n], AWAY + float(self.radii[n])
        for across, up in SIDES:
            left = x + across * (away + width / 2) - width / 2
            bottom = y + up * (away + height / 2) - height / 2
            align = {1: "left", 0: "center", -1: "right"}[across]
            yield Placed(n, text, align, float(left), float(bottom), width, height)

    def _free(self, box: Placed, others: Sequence[Placed]) -> bool:
        right, top = box.left + box.width, box.bottom + box.height
        if box.left < 0 or box.bottom < 0 or right > self.room[0] or top > self.room[1]:
            return False
        if any(box.meets(o.left, o.bottom, o.left + o.width, o.bottom + o.height) for o in others):
            return False
        lines = np.empty((0, 2)) if self.lines is None else self.lines
        spots = np.vstack([np.delete(self.points, box.n, axis=0), lines])
        wide = np.append(np.delete(self.radii, box.n), np.zeros(len(lines)))
        return not any(
            box.meets(x - r, y - r, x + r, y + r) for (x, y), r in zip(spots, wide, strict=True)
        )


def in_inches(axes: Axes, x: Array, y: Array, size: tuple[float, float]) -> Array:
    """Data coordinates as inches from the lower left corner of a panel of this size."""
    shares = axes.transLimits.transform(np.column_stack([x, y]))
    return np.asarray(shares * np.array(size))


def radii(areas: Array) -> Array:
    """Inches, of marks whose areas are given as matplotlib takes them (points squared)."""
    return np.asarray(np.sqrt(areas) / 2 / 72)


def draw_names(
    plot: PlotCollection, axes: Axes, placed: Sequence[Placed], size: tuple[float, float]
) -> None:
    """Write the names where they were placed."""
    for box in placed:
        share = {"left": 0.0, "center": 0.5, "right": 1.0}[box.align]
        drawn = axes.text(
            (box.left + share * box.width) / size[0],
            (box.bottom + box.height / 2) / size[1],
            box.text,
            transform=axes.transAxes,
            horizontalalignment=box.align,
            verticalalignment="center",
            fontsize=FONT,
            color=INK,
            parse_math=False,
            zorder=5,
        )
        plot.viz[f"name_{box.n}"] = xr.DataArray(drawn)
