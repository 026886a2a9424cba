"""The axis of a forest plot: its ends, its ticks, no effect, the MCID, and whom a side favours."""

from __future__ import annotations

import xarray as xr
from arviz_plots import PlotCollection

from bayes_ps.effects import Direction
from bayes_ps.plots import lettering
from bayes_ps.plots.forest import marks
from bayes_ps.plots.forest.sheet import FOREST, HEADER, SIDE, Sheet, axes_of
from bayes_ps.plots.forest.threshold import Threshold
from bayes_ps.plots.page import write
from bayes_ps.plots.scale import Scale

HELP, HARM = "Favours intervention", "Favours control"
DASHED = (0, (4, 2.5))
BAND = "#E8E8E8"
FAVOURS, LABEL = 0.29, 0.47


def draw_axis(
    plot: PlotCollection, sheet: Sheet, scale: Scale, limits: tuple[float, float]
) -> None:
    """Ticks and label; nothing on the other three sides."""
    axes = axes_of(plot)
    axes.set_xlim(limits)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    at, labels = scale.ticks(*limits, sheet.forest_width)
    axes.set_xticks(at, labels)
    axes.tick_params(length=2.5, pad=2)
    middle = sheet.forest_left + sheet.forest_width / 2
    down = SIDE + sheet.bottom
    write(plot, "xlabel", scale.label, at=(middle, down + LABEL), align="center")


def draw_lines(plot: PlotCollection, sheet: Sheet, threshold: Threshold | None) -> None:
    """The line of no effect, solid, and that of the MCID, dashed, with its value above.

    An uncertain MCID has a band from the 2.5 % to the 97.5 % quantile, and the line at the median.
    """
    span, where = (HEADER, sheet.bottom), {"column": FOREST}
    null = xr.Dataset({"effect": 0.0})
    plot.map(marks.upright, "no_effect", data=null, coords=where, span=span, style="solid")
    if threshold is None:
        return
    if not threshold.certain:
        ends = xr.Dataset({"effect": ("end", [threshold.low, threshold.high])})
        plot.map(marks.band, "mcid_band", data=ends, coords=where, span=span, color=BAND)
    mcid = xr.Dataset({"effect": threshold.middle})
    plot.map(marks.upright, "mcid", data=mcid, coords=where, span=span, style=DASHED)
    half = lettering.width(threshold.label) / 2 / sheet.forest_width
    low, high = axes_of(plot).get_xlim()
    share = min(max((threshold.middle - low) / (high - low), half), 1 - half)
    drawn = axes_of(plot).text(
        share,
        HEADER - 0.07,
        threshold.label,
        transform=axes_of(plot).get_yaxis_transform(),
        horizontalalignment="center",
        verticalalignment="bottom",
    )
    plot.viz["mcid_label"] = xr.DataArray(drawn)


def draw_favours(plot: PlotCollection, sheet: Sheet, better: Direction) -> None:
    """Which side of no effect favours whom, the arrows pointing away from it."""
    left, right = (HELP, HARM) if better == "lower" else (HARM, HELP)
    left, right = f"\N{LEFTWARDS ARROW} {left}", f"{right} \N{RIGHTWARDS ARROW}"
    low, high = axes_of(plot).get_xlim()
    null = sheet.forest_left - low / (high - low) * sheet.forest_width
    gap = 0.07
    start = min(null + gap, sheet.width - SIDE - lettering.width(right))
    end = max(min(null, start) - gap, SIDE + lettering.width(left))
    down = SIDE + sheet.bottom + FAVOURS
    write(plot, "favours_left", left, at=(end, down), align="right")
    write(plot, "favours_right", right, at=(max(start, end + gap), down))
