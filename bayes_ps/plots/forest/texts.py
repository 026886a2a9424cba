"""The words on a forest plot: headers and cells, and the rules between them."""

from __future__ import annotations

import numpy as np
import xarray as xr
from arviz_plots import PlotCollection

from bayes_ps.plots.forest import marks
from bayes_ps.plots.forest.columns import Column
from bayes_ps.plots.forest.sheet import HEADER, Sheet, axes_of
from bayes_ps.plots.style import MEAN, RULE, SETTING


def draw_texts(plot: PlotCollection, sheet: Sheet) -> None:
    """Header and cells of every column, a rule below the header and one above the mean effect."""
    for column in (*sheet.left, *sheet.right):
        _draw_column(plot, sheet, column)
    rules = [HEADER - 0.04, *_above_the_mean(sheet)]
    for name in sheet.columns:
        axes = axes_of(plot, name)
        across = axes.get_yaxis_transform()
        axes.hlines(
            rules, 0, 1, transform=across, colors=RULE, linewidths=0.6, clip_on=False, zorder=0
        )


def _draw_column(plot: PlotCollection, sheet: Sheet, column: Column) -> None:
    text = np.array([column.header, *column.cells], dtype=object)
    colors = [
        MEAN if row.kind == "mean" and column.color == SETTING else column.color
        for row in sheet.rows
    ]
    looks = {"bold": ("row", [True, *column.bold]), "color": ("row", [column.color, *colors])}
    plot.map(
        marks.cells,
        f"{column.name}_text",
        data=xr.Dataset({column.name: ("row", text)}, coords=looks),
        coords={"column": column.name},
        artist_dims={"cell": len(text)},
        y=np.array([(HEADER - 0.04) / 2, *sheet.y]),
        x=sheet.x(column),
        align=column.align,
    )


def _above_the_mean(sheet: Sheet) -> list[float]:
    rows = sheet.at("mean") if not sheet.at("heading") else []
    return [float(sheet.y[i] - sheet.heights[i] / 2 - 0.03) for i in rows]
