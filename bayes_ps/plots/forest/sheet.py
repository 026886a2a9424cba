"""The sheet of a forest plot: its columns, the place of each row, and the figure, all in inches."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr
from arviz_plots import PlotCollection
from matplotlib.axes import Axes

from bayes_ps.checks import Array
from bayes_ps.plots.forest.columns import GAP, Column
from bayes_ps.plots.forest.rows import Row
from bayes_ps.plots.style import LINE, WIDTH

FOREST, FOREST_WIDTH, ACROSS_WIDTH = "forest", 1.8, 2.3
SIDE, HEADER, BELOW = 0.07, 0.40, 0.66
UPPER_HEADER, LOWER_HEADER = 0.112, 0.248
"""Middle of each of the two lines of the header."""
APART = {"heading": 0.08, "mean": 0.06, "tau": 0.06}
HILL = {"study": 0.17, "mean": 0.2, "new": 0.2}
"""Inches that a density takes above its row."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """What stands where. Inches count downwards from the top of the header.

    Attributes
    ----------
    rows : of the plot.
    left, right : columns of text on either side of the forest.
    """

    rows: tuple[Row, ...]
    left: tuple[Column, ...]
    right: tuple[Column, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names from left to right."""
        return (*(c.name for c in self.left), FOREST, *(c.name for c in self.right))

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """Of the columns; the forest takes what a page leaves, if that is enough for it."""
        left, right = ([column.width + GAP for column in side] for side in (self.left, self.right))
        rest = WIDTH - 2 * SIDE - sum(left) - sum(right)
        return (*left, rest if rest >= FOREST_WIDTH else ACROSS_WIDTH, *right)

    def x(self, column: Column) -> float:
        """Where the texts of a column are aligned, from its left end; the gap faces the forest."""
        if column.align == "left":
            return 0.0
        return column.width if column in self.left else GAP + column.width

    @property
    def width(self) -> float:
        """Of the figure."""
        return sum(self.widths) + 2 * SIDE

    @property
    def forest_left(self) -> float:
        """Of the forest's left end, from the left of the figure."""
        return SIDE + sum(self.widths[: len(self.left)])

    @property
    def forest_width(self) -> float:
        """Of the forest."""
        return self.widths[len(self.left)]

    @cached_property
    def heights(self) -> Array:
        """Of the rows: lower where there are many, higher where a name takes several lines."""
        k = sum(row.kind == "study" for row in self.rows)
        least = 0.235 if k <= 12 else 0.2 if k <= 30 else 0.165
        lines = [cell.count("\n") + 1 for cell in self.left[0].cells]
        return np.maximum(least, LINE * np.array(lines) + 0.05)

    @cached_property
    def y(self) -> Array:
        """Middle of each row."""
        before = np.array([APART.get(row.kind, 0.0) for row in self.rows])
        return HEADER + np.cumsum(self.heights + before + self.hills) - self.heights / 2

    @property
    def hills(self) -> Array:
        """Room for a density above each row."""
        drawn = (HILL.get(row.kind, 0.0) if row.marginal is not None else 0 for row in self.rows)
        return np.fromiter(drawn, dtype=float)

    @property
    def bottom(self) -> float:
        """Where the axis lies."""
        return float(self.y[-1] + self.heights[-1] / 2 + 0.04)

    def at(self, *kinds: str) -> list[int]:
        """Rows of these kinds."""
        return [i for i, row in enumerate(self.rows) if row.kind in kinds]

    def open(self, data: xr.Dataset, lines: float) -> PlotCollection:
        """An empty figure with these columns, and room for so many lines of footnote."""
        height = SIDE + self.bottom + BELOW + LINE * lines + SIDE
        plot = PlotCollection.grid(
            data.expand_dims(column=list(self.columns)),
            cols=["column"],
            backend="matplotlib",
            figure_kwargs={
                "figsize": (self.width, height),
                "width_ratios": self.widths,
                "gridspec_kw": {
                    "left": SIDE / self.width,
                    "right": 1 - SIDE / self.width,
                    "top": 1 - SIDE / height,
                    "bottom": 1 - (SIDE + self.bottom) / height,
                    "wspace": 0,
                },
            },
        )
        plot.data = data
        for name, width in zip(self.columns, self.widths, strict=True):
            axes = plot.get_target(None, {"column": name})
            axes.set_ylim(self.bottom, 0)
            if name != FOREST:
                axes.set_xlim(0, width)
                axes.set_axis_off()
        return plot


def axes_of(plot: PlotCollection, column: str = FOREST) -> Axes:
    """The axes of a column."""
    axes: Axes = plot.get_target(None, {"column": column})
    return axes
