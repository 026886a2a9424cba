"""The key above a panel: what each mark is, in rows that fit the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import xarray as xr
from arviz_plots import PlotCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from bayes_ps.plots import lettering
from bayes_ps.plots.page import EDGE, figure_of, write
from bayes_ps.plots.style import LINE, RULE, WIDTH

SAMPLE, GAP, ROW = 0.22, 0.18, 1.25 * LINE


@dataclass(frozen=True)
class Key:
    """A sample and its text.

    `kind` is ``"point"``, ``"line"`` or ``"area"``; `look` goes to matplotlib's artist.
    """

    kind: Literal["point", "line", "area"]
    text: str
    look: dict[str, Any]

    @property
    def width(self) -> float:
        """Inches of sample, text and the gap behind it."""
        return SAMPLE + 0.06 + lettering.width(self.text) + GAP


def in_rows(keys: Sequence[Key]) -> list[list[Key]]:
    """Keys in rows no wider than the page."""
    rows: list[list[Key]] = [[]]
    for key in keys:
        if rows[-1] and sum(k.width for k in rows[-1]) + key.width > WIDTH - 2 * EDGE:
            rows.append([])
        rows[-1].append(key)
    return rows


def height_of(keys: Sequence[Key]) -> float:
    """Inches that the keys need above the panel."""
    return ROW * len(in_rows(keys)) + EDGE + 0.06


def draw_keys(plot: PlotCollection, keys: Sequence[Key], left: float) -> None:
    """The rows of keys at the top of the figure, from `left` inches on, or further left if long."""
    for n, row in enumerate(in_rows(keys)):
        x = min(left, WIDTH - EDGE - sum(key.width for key in row) + GAP)
        x, down = max(x, EDGE), EDGE + ROW * (n + 0.5)
        for m, key in enumerate(row):
            _sample(plot, key, x, down)
            write(plot, f"key_{n}_{m}", key.text, at=(x + SAMPLE + 0.06, down))
            x += key.width


def _sample(plot: PlotCollection, key: Key, x: float, down: float) -> None:
    figure = figure_of(plot)
    width, height = figure.get_size_inches()
    left, right, middle = x / width, (x + SAMPLE) / width, 1 - down / height
    if key.kind == "area":
        tall = 0.7 * LINE / height
        corner = (left, middle - tall / 2)
        artist: Any = Rectangle(
            corner,
            right - left,
            tall,
            transform=figure.transFigure,
            edgecolor=RULE,
            linewidth=0.4,
            **key.look,
        )
    else:
        at = [(left + right) / 2] if key.kind == "point" else [left, right]
        artist = Line2D(at, [middle] * len(at), transform=figure.transFigure, **key.look)
    figure.add_artist(artist)
    plot.viz[f"sample_{key.text}"] = xr.DataArray(artist)
