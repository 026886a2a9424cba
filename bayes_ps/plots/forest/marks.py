"""The marks of a forest plot: visuals for `PlotCollection.map`, each for many rows at once.

Each takes `da` (row, end), the middle, lower and upper end of every row, and `y`, (row,) inches.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.text import Text

from bayes_ps.checks import Array
from bayes_ps.plots.forest.bias import SIGNS
from bayes_ps.plots.style import INK, RULE

DIAMOND = 0.15
"""Height in inches."""
CIRCLE = 10.6
"""Width of a circle of a sign, in points."""


class Beyond(NamedTuple):
    """What lies on the side `sign` (+1 or −1) of a threshold."""

    threshold: float
    sign: int


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


def hills(
    da: xr.DataArray, target: Axes, *, y: Array, color: str, height: float, beyond: Beyond | None
) -> PolyCollection:
    """A density above each row, `da` (row, point, 2), darker where it lies beyond a threshold."""
    whole, part = [], []
    for (x, density), at in zip(np.moveaxis(da.values, 2, 1), y, strict=True):
        top = at - height * density
        whole.append(_filled(x, top, at))
        if beyond is not None:
            inside = (x - beyond.threshold) * beyond.sign >= 0
            part += [_filled(x[inside], top[inside], at)] if inside.sum() > 1 else []
    drawn = PolyCollection(whole, facecolors=to_rgba(color, 0.22), edgecolors="none", zorder=1.5)
    target.add_collection(drawn, autolim=False)
    dark = PolyCollection(part, facecolors=to_rgba(color, 0.4), edgecolors="none", zorder=1.6)
    target.add_collection(dark, autolim=False)
    return drawn


def upright(
    da: xr.DataArray, target: Axes, *, span: tuple[float, float], style: Any
) -> LineCollection:
    """A vertical line over the rows, but not over their header."""
    return target.vlines(da.values, *span, colors=INK, linewidths=0.8, linestyles=[style], zorder=1)


def band(
    da: xr.DataArray, target: Axes, *, span: tuple[float, float], color: str
) -> PolyCollection:
    """A band over the rows from the first to the second of `da`."""
    low, high = da.values
    top, bottom = span
    corners = [(low, top), (high, top), (high, bottom), (low, bottom)]
    drawn = PolyCollection([corners], facecolors=color, edgecolors="none", zorder=-1)
    target.add_collection(drawn, autolim=False)
    return drawn


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


def signs(target: Axes, places: Sequence[tuple[float, float, str]]) -> np.ndarray:
    """A circle with its sign for every (x, y, judgement); the texts of the signs."""
    found = []
    for x, y, word in places:
        sign = SIGNS[word]
        target.scatter(
            x,
            y,
            s=CIRCLE**2,
            marker="o",
            color=sign.face,
            edgecolors=RULE if sign.face == "white" else "none",
            linewidths=0.6,
            zorder=2,
            clip_on=False,
        )
        found.append(centred(target, x, y, sign.text, color=sign.ink))
    return np.array(found, dtype=object)


def centred(target: Axes, x: float, y: float, text: str, *, color: str = INK) -> Text:
    """A bold text around a place."""
    return target.text(
        x,
        y,
        text,
        color=color,
        fontweight="bold",
        horizontalalignment="center",
        verticalalignment="center_baseline",
        parse_math=False,
        zorder=3,
    )


def _filled(x: Array, top: Array, base: float) -> Array:
    """The corners of what lies between a line and its base."""
    ends = [[x[-1], base], [x[0], base]]
    return np.vstack([np.column_stack([x, top]), ends])
