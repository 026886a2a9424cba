"""A forest of baselines: what leave-one-out and cumulative figures share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from arviz_plots import PlotCollection

from bayes_ps import words
from bayes_ps.baseline import Baseline
from bayes_ps.baseline.influence import Refits
from bayes_ps.plots.baseline.rows import estimate_column, names_column, text_column
from bayes_ps.plots.description import described
from bayes_ps.plots.forest import marks
from bayes_ps.plots.forest.axis import draw_axis, draw_favours, draw_lines
from bayes_ps.plots.forest.columns import Column, printed
from bayes_ps.plots.forest.drawing import CUT
from bayes_ps.plots.forest.layers import as_dataset
from bayes_ps.plots.forest.limits import axis_limits, is_cut
from bayes_ps.plots.forest.rows import Row, Span
from bayes_ps.plots.forest.sheet import BELOW, FOREST, HEADER, SIDE, Sheet, axes_of
from bayes_ps.plots.forest.texts import draw_texts
from bayes_ps.plots.page import in_lines, write_notes
from bayes_ps.plots.pooling import interval_of_mean, pooled_by
from bayes_ps.plots.scale import scale_of
from bayes_ps.plots.style import DATA, MEAN, journal

DOTTED = (0, (1, 2))


def refit_forest(
    refits: Refits, steps: Sequence[tuple[str, Baseline]], *, header: str, last: str, said: str
) -> PlotCollection:
    """A row a step with the mean effect and its interval, and all studies below.

    Parameters
    ----------
    refits : what is drawn.
    steps : name and baseline of each row.
    header, last : of the names, and the name of the row of all studies.
    said : what the figure shows, for the notes and the alt text.
    """
    full, effects = refits.full, refits.full.effects
    rows = (
        *(Row("study", name, reported=_span(fit)) for name, fit in steps),
        Row("mean", last, reported=_span(full)),
    )
    scale = scale_of(effects)
    how, limits, data = printed(rows, scale), axis_limits(rows, None), as_dataset(rows)
    with journal():
        estimates = estimate_column(rows, how, effects.measure, full.level)
        beside = _heterogeneity_columns(rows, [*(fit for _, fit in steps), full])
        sheet = Sheet(rows, (names_column(rows, header),), (estimates, *beside))
        notes = [*_notes(refits, said), *([CUT] if is_cut(rows, limits) else [])]
        lines = in_lines(notes, sheet.width - 2 * SIDE)
        plot = sheet.open(data, len(lines))
        draw_axis(plot, sheet, scale, limits)
        draw_lines(plot, sheet, None)
        _draw_marks(plot, sheet, data, full.mu)
        draw_texts(plot, sheet)
        draw_favours(plot, sheet, effects.better)
        write_notes(plot, lines, down=SIDE + sheet.bottom + BELOW)
    return described(plot, f"Forest plot, {scale.label}. {said} {refits}")


def _span(fit: Baseline) -> Span:
    return Span(fit.mu, fit.lower, fit.upper)


def _heterogeneity_columns(rows: Sequence[Row], fits: Sequence[Baseline]) -> list[Column]:
    """tau² (unless the effect is common) and I² of each step; nothing for one study."""
    known = [fit for fit in fits if fit.k > 1]
    places = words.decimals(max(fit.tau2 for fit in known))
    tau2 = [f"{fit.tau2:.{places}f}" if fit.k > 1 else "" for fit in fits]
    i2 = [f"{fit.i2:.0f}%" if fit.k > 1 else "" for fit in fits]
    columns = [text_column(rows, "i2", "I²", i2, color=DATA)]
    if fits[-1].estimator == "FE":
        return columns
    return [text_column(rows, "tau2", "tau²", tau2, color=DATA), *columns]


def _draw_marks(plot: PlotCollection, sheet: Sheet, data: xr.Dataset, mu: float) -> None:
    """Steps as small diamonds, all studies as a large one, and a dotted line through it."""
    where = {"column": FOREST}
    everyone = xr.Dataset({"effect": mu})
    plot.map(
        marks.upright,
        "all_studies_line",
        data=everyone,
        coords=where,
        span=(HEADER, sheet.bottom),
        style=DOTTED,
    )
    steps, last = sheet.at("study"), sheet.at("mean")
    chosen, y = data[["reported"]].isel(row=steps), sheet.y[steps]
    plot.map(
        marks.interval_lines, "step_interval", data=chosen, coords=where, y=y, color=MEAN, width=1.0
    )
    plot.map(marks.points, "step", data=chosen, coords=where, y=y, color=MEAN, marker="D", side=4.2)
    plot.map(
        marks.diamonds,
        "all_studies",
        data=data[["reported"]].isel(row=last),
        coords=where,
        y=sheet.y[last],
        color=MEAN,
        filled=True,
    )
    low, high = axes_of(plot).get_xlim()
    ends = chosen["reported"].values
    for side, cut in (("left", ends[:, 1] < low), ("right", ends[:, 2] > high)):
        if np.any(cut):
            plot.map(
                marks.arrow_heads,
                f"step_{side}",
                data=chosen,
                coords=where,
                y=y,
                color=MEAN,
                right=side == "right",
            )


def _notes(refits: Refits, said: str) -> list[str]:
    full = refits.full
    percent = f"{100 * full.level:g}%"
    return [
        f"{said} {pooled_by(full)} {percent} {interval_of_mean(full)}. Dotted: all studies.",
        *(f"Note: {note}" for note in refits.notes),
    ]
