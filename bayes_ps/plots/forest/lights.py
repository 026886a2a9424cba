"""Risk of bias on a forest plot: a coloured circle with its sign per study and domain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from arviz_plots import PlotCollection

from bayes_ps.plots import lettering
from bayes_ps.plots.forest import marks
from bayes_ps.plots.forest.bias import Lights
from bayes_ps.plots.forest.columns import GAP, Column
from bayes_ps.plots.forest.rows import Row
from bayes_ps.plots.forest.sheet import LOWER_HEADER, Sheet, axes_of
from bayes_ps.plots.style import INK

NAME, HEADER = "rob", "Risk of bias"
PITCH = 0.185
"""Inches from one circle to the next."""
LEGEND = 1.3
"""Lines of text that the legend takes."""


def lights_column(rows: Sequence[Row], lights: Lights) -> Column:
    """An empty column of text as wide as the circles."""
    width = max(PITCH * len(lights.domains), lettering.width(HEADER, bold=True))
    none = ("",) * len(rows)
    return Column(NAME, "", none, (False,) * len(rows), width, align="left", over=HEADER)


def draw_lights(plot: PlotCollection, sheet: Sheet, lights: Lights) -> None:
    """Circles in the rows of the studies, with the letter of each domain above them."""
    column = next(each for each in sheet.right if each.name == NAME)
    left = GAP + (column.width - PITCH * len(lights.domains)) / 2
    across = left + PITCH * (np.arange(len(lights.domains)) + 0.5)
    known = [
        (x, float(sheet.y[row]), word)
        for row in sheet.at("study", "pool")
        for x, word in zip(across, lights.judged[sheet.rows[row].name], strict=True)
        if word
    ]
    axes = axes_of(plot, NAME)
    plot.viz["rob_signs"] = xr.DataArray(marks.signs(axes, known), dims="light")
    letters = [
        marks.centred(axes, x, LOWER_HEADER, text)
        for x, text in zip(across, lights.letters, strict=True)
    ]
    plot.viz["rob_letters"] = xr.DataArray(np.array(letters, dtype=object), dims="domain")


def draw_legend(plot: PlotCollection, lights: Lights, *, down: float) -> None:
    """One line, so many inches below the top of the header, on what the signs mean."""
    axes = axes_of(plot, "names")
    x, entries, circles = 0.0, [], []
    for word in lights.used:
        circles.append((x + PITCH / 2, down, word))
        entries.append(
            axes.text(
                x + PITCH + 0.03,
                down,
                word,
                color=INK,
                verticalalignment="center_baseline",
            )
        )
        x += PITCH + 0.03 + lettering.width(word) + 0.2
    plot.viz["rob_legend_signs"] = xr.DataArray(marks.signs(axes, circles), dims="judgement")
    plot.viz["rob_legend"] = xr.DataArray(np.array(entries, dtype=object), dims="judgement")
