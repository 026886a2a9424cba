"""The words on a forest plot: headers and cells, and the rules between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import xarray as xr
from arviz_plots import PlotCollection

from bayes_ps.plots.forest import marks
from bayes_ps.plots.forest.columns import GAP, Column
from bayes_ps.plots.forest.sheet import HEADER, LOWER_HEADER, UPPER_HEADER, Sheet, axes_of
from bayes_ps.plots.style import RULE


def draw_texts(plot: PlotCollection, sheet: Sheet) -> None:
    """Header and cells of every column, a rule below the header and one above the mean effect."""
    for column in (*sheet.left, *sheet.right):
        _draw_column(plot, sheet, column)
    for side in (sheet.left, sheet.right):
        _draw_over(plot, sheet, side)
    rules = [HEADER - 0.04, *_above_the_mean(sheet)]
    for name in sheet.columns:
        axes = axes_of(plot, name)
        across = axes.get_yaxis_transform()
        axes.hlines(
            rules, 0, 1, transform=across, colors=RULE, linewidths=0.6, clip_on=False, zorder=0
        )


def _draw_column(plot: PlotCollection, sheet: Sheet, column: Column) -> None:
    text = np.array([column.header, *column.cells], dtype=object)
    of_mean = column.of_mean or column.color
    colors = [of_mean if row.kind == "mean" else column.color for row in sheet.rows]
    header = LOWER_HEADER if column.over else (HEADER - 0.04) / 2
    looks = {"bold": ("row", [True, *column.bold]), "color": ("row", [column.color, *colors])}
    plot.map(
        marks.cells,
        f"{column.name}_text",
        data=xr.Dataset({column.name: ("row", text)}, coords=looks),
        coords={"column": column.name},
        artist_dims={"cell": len(text)},
        y=np.array([header, *sheet.y]),
        x=sheet.x(column),
        align=column.align,
    )


def _draw_over(plot: PlotCollection, sheet: Sheet, columns: Sequence[Column]) -> None:
    """The header that neighbours share, in the middle above them, with a short rule below it."""
    for over, group in groupby(columns, key=lambda column: column.over):
        if not over:
            continue
        shared = list(group)
        axes = axes_of(plot, shared[0].name)
        gap = 0.0 if shared[0] in sheet.left else GAP
        left = gap
        right = sum(column.width + GAP for column in shared) - GAP + gap
        label = marks.centred(axes, (left + right) / 2, UPPER_HEADER, over)
        plot.viz[f"{shared[0].name}_over"] = xr.DataArray(label)


def _above_the_mean(sheet: Sheet) -> list[float]:
    rows = sheet.at("mean") if not sheet.at("heading") else []
    return [float(sheet.y[i] - sheet.heights[i] / 2 - 0.03 - sheet.hills[i]) for i in rows]
