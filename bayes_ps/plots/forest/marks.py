"""The marks of a forest plot: visuals for `PlotCollection.map`, each for many rows at once.

Each takes `da` (row, end), the middle, lower and upper end of every row, and `y`, (row,) inches.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection, PolyCollection

from bayes_ps.checks import Array
from bayes_ps.plots.style import INK

DIAMOND = 0.15
"""Height in inches."""


def interval_lines(
    da: xr.DataArray, target: Axes, *, y: Array, color: str, width: float
) -> LineCollection:
    """A line from the lower to the upper end of each row."""
    _, low, high = da.values.T
    return target.hlines(y, low, high, colors=color, linewidths=width, capstyle="butt", zorder=2)


def points(
    da: xr.DataArray, target: Axes, *, y: Array, color: str, marker: str, side: Any
) -> PathCollection:
    """A mark at the middle of each row, `side` points wide."""
    return target.scatter(
        da.values[:, 0], y, s=np.square(side), marker=marker, color=color, linewidths=0, zorder=3
    )


def diamonds(
    da: xr.DataArray, target: Axes, *, y: Array, color: str, filled: bool
) -> PolyCollection:
    """A diamond from the lower over the middle to the upper end of each row."""
    corners = [
        [(low, at), (middle, at - DIAMOND / 2), (high, at), (middle, at + DIAMOND / 2)]
        for (middle, low, high), at in zip(da.values, y, strict=True)
    ]
    face = color if filled else "none"
    drawn = PolyCollection(corners, facecolors=face, edgecolors=color, linewidths=0.9, zorder=3)
    target.add_collection(drawn, autolim=False)
    return drawn


def upright(
    da: xr.DataArray, target: Axes, *, span: tuple[float, float], style: Any
) -> LineCollection:
    """A vertical line over the rows, but not over their header."""
    return target.vlines(da.values, *span, colors=INK, linewidths=0.8, linestyles=[style], zorder=1)


def arrow_heads(
    da: xr.DataArray, target: Axes, *, y: Array, color: str, right: bool
) -> PathCollection:
    """An arrow head at one edge of the axis, where an interval goes on beyond it."""
    edges = target.get_xlim()
    _, low, high = da.values.T
    cut = high > edges[1] if right else low < edges[0]
    return target.scatter(
        np.full(cut.sum(), edges[right]),
        y[cut],
        s=14,
        marker=">" if right else "<",
        color=color,
        linewidths=0,
        zorder=4,
        clip_on=False,
    )


def cells(da: xr.DataArray, target: Axes, *, y: Array, x: float, align: str) -> np.ndarray:
    """The texts of a column; which are bold, and their colours, say the coordinates of `da`."""
    looks = zip(da.values, da["bold"].values, da["color"].values, y, strict=True)
    return np.array(
        [
            target.text(
                x,
                at,
                str(text),
                color=str(color),
                horizontalalignment=align,
                verticalalignment="center",
                fontweight="bold" if bold else "normal",
                parse_math=False,
            )
            for text, bold, color, at in looks
        ],
        dtype=object,
    )
