"""`plot_labbe`: the risk in treated arms against that in control arms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from arviz_plots import PlotCollection
from matplotlib.axes import Axes

from bayes_ps.baseline import Baseline
from bayes_ps.baseline.two_by_two.counts import Counts, counts_of
from bayes_ps.checks import Array, BayesPSError
from bayes_ps.plots.baseline.keys import Key, draw_keys, height_of
from bayes_ps.plots.baseline.point_names import Cloud, draw_names, in_inches, radii
from bayes_ps.plots.description import described
from bayes_ps.plots.page import EDGE, Page, panel, write
from bayes_ps.plots.pooling import pooled_by
from bayes_ps.plots.scale import RATIOS
from bayes_ps.plots.style import DATA, INK, MEAN, WIDTH, journal

LABBE, SIDE, BOTTOM, MOST = "labbe", 3.6, 0.5, 12
LARGEST, SMALLEST = 160.0, 14.0
NO_EFFECT: dict[str, Any] = {"color": INK, "linewidth": 0.8, "linestyle": (0, (4, 2.5))}
POOLED: dict[str, Any] = {"color": MEAN, "linewidth": 1.3}
TREATED: Mapping[str, Callable[[Array, float], Array]] = {
    "OR": lambda risk, effect: _from_odds(risk, effect),
    "PETO": lambda risk, effect: _from_odds(risk, effect),
    "RR": lambda risk, effect: risk * np.exp(effect),
    "RD": lambda risk, effect: risk + effect,
}
"""The risk in the treated arm, given that in the control arm and the effect."""


def plot_labbe(
    table: pd.DataFrame,
    measure: str,
    *,
    baseline: Baseline | None = None,
    columns: Mapping[str, str] | None = None,
) -> PlotCollection:
    """The L'Abbé plot: the risk of the event with treatment against that without.

    Parameters
    ----------
    table : counts, a row a study: `study, events_t, n_t, events_c, n_c`.
    measure : ``"OR"``, ``"PETO"``, ``"RR"`` or ``"RD"``: how the pooled effect bends.
    baseline : of that measure, drawn as the line of studies that all have the pooled effect.
    columns : your names for ours, as in ``{"events_t": "Experimental cases"}``.

    Returns
    -------
    PlotCollection
        ``plot.data`` holds ``risk_t`` and ``risk_c``; areas are as the numbers of participants.

    Raises
    ------
    BayesPSError
        For another measure, or a baseline of one.
    StudyTableError
        For a missing column or impossible counts.

    Notes
    -----
    On the dashed line both arms have one risk; below it the event is rarer with treatment. If the
    studies follow the line of the pooled effect whatever the risk in their control arm, the measure
    describes them well. L'Abbé et al. 1987, doi:10.7326/0003-4819-107-2-224.
    Tests: ``tests/figures/test_baseline_plots.py``.
    """
    if measure not in TREATED or (baseline is not None and baseline.measure != measure):
        raise BayesPSError(
            f"measure must be one of {', '.join(TREATED)} and that of the baseline, but is "
            f"{measure!r}" + (f" and {baseline.measure!r}." if baseline is not None else ".")
        )
    counts = counts_of(table, columns)
    data = xr.Dataset(
        {
            "risk_t": ("study", counts.a / counts.n_t),
            "risk_c": ("study", counts.c / counts.n_c),
            "n": ("study", counts.n),
        },
        coords={"study": counts.study.astype(object)},
    )
    end = min(1.0, 1.1 * max(0.01, float(max(data["risk_t"].max(), data["risk_c"].max()))))
    keys = _keys(measure, baseline)
    with journal():
        page = Page(
            ((LABBE, SIDE),),
            left=(WIDTH - SIDE) / 2,
            right=(WIDTH - SIDE) / 2,
            top=height_of(keys),
            bottom=BOTTOM,
            notes=_notes(counts, baseline),
        )
        plot = page.open(data)
        _draw_axes(plot, page, end)
        lines = _draw_lines(plot, panel(plot, LABBE), measure, baseline, end=end)
        _draw_studies(plot, panel(plot, LABBE), data, lines)
        draw_keys(plot, keys, page.left)
    return described(plot, _spoken(data, measure, baseline))


def _from_odds(risk: Array, effect: float) -> Array:
    """The risk whose odds are exp(effect) times those of `risk`."""
    return np.asarray(risk * np.exp(effect) / (1 - risk + risk * np.exp(effect)))


def _draw_axes(plot: PlotCollection, page: Page, end: float) -> None:
    axes = panel(plot, LABBE)
    axes.set_xlim(0, end)
    axes.set_ylim(0, end)
    axes.xaxis.set_major_formatter(lambda risk, _: f"{100 * risk:.3g}%")
    axes.yaxis.set_major_formatter(lambda risk, _: f"{100 * risk:.3g}%")
    axes.tick_params(length=2.5, pad=2)
    axes.tick_params(axis="x", pad=5)
    axes.set_ylabel("Risk with intervention")
    middle = (page.left + page.inner / 2, page.floor + 0.36)
    write(plot, "xlabel", "Risk in control group", at=middle, align="center")


def _draw_lines(
    plot: PlotCollection, axes: Axes, measure: str, baseline: Baseline | None, *, end: float
) -> Array:
    """No effect and the pooled effect; returns where they run, (m, 2)."""
    risk = np.linspace(0, end, 201)
    plot.viz["no_effect"] = xr.DataArray(axes.plot(risk, risk, zorder=1, **NO_EFFECT)[0])
    drawn = [np.column_stack([risk, risk])]
    if baseline is not None:
        treated = np.clip(TREATED[measure](risk, baseline.mu), 0, 1)
        plot.viz["pooled"] = xr.DataArray(axes.plot(risk, treated, zorder=2, **POOLED)[0])
        drawn.append(np.column_stack([risk, treated]))
    return np.vstack(drawn)


def _draw_studies(plot: PlotCollection, axes: Axes, data: xr.Dataset, lines: Array) -> None:
    """Circles with areas as the numbers of participants; the largest differences are named."""
    control, treated = data["risk_c"].values, data["risk_t"].values
    area = np.maximum(LARGEST * data["n"].values / float(data["n"].max()), SMALLEST)
    points = axes.scatter(
        control, treated, s=area, color=DATA, alpha=0.55, linewidths=0.5, edgecolors="white"
    )
    points.set(zorder=3, clip_on=False)
    plot.viz["studies"] = xr.DataArray(points)
    order = np.argsort(-np.abs(treated - control), kind="stable")[:MOST]
    size = (SIDE, SIDE)
    along = in_inches(axes, lines[:, 0], lines[:, 1], size)
    room = (SIDE + (WIDTH - SIDE) / 2 - EDGE, SIDE)
    cloud = Cloud(in_inches(axes, control, treated, size), radii(area), room, along)
    draw_names(plot, axes, cloud.placed(list(data["study"].values), order.tolist()), size)


def _keys(measure: str, baseline: Baseline | None) -> list[Key]:
    look = {"marker": "o", "markersize": 5, "color": DATA, "linestyle": ""}
    keys = [
        Key("point", "Study, area as participants", look),
        Key("line", "No effect", NO_EFFECT),
    ]
    if baseline is not None:
        value = np.exp(baseline.mu) if measure in RATIOS else baseline.mu
        keys.append(Key("line", f"Pooled {measure} {value:.3g}", POOLED))
    return keys


def _notes(counts: Counts, baseline: Baseline | None) -> tuple[str, ...]:
    notes = [
        "Below the dashed line the event is rarer with the intervention. Named: the studies with "
        "the largest differences in risk, where there is room."
    ]
    if baseline is not None:
        notes.insert(0, pooled_by(baseline))
    if counts.empty:
        notes.append(f"Left out, because an arm has nobody: {', '.join(counts.empty)}.")
    return tuple(notes)


def _spoken(data: xr.Dataset, measure: str, baseline: Baseline | None) -> str:
    control, treated = data["risk_c"].values, data["risk_t"].values
    rarer, k = int((treated < control).sum()), control.size
    said = (
        f"L'Abbé plot of {'1 study' if k == 1 else f'{k} studies'}: risks of {control.min():.2g} "
        f"to {control.max():.2g} in control groups and {treated.min():.2g} to {treated.max():.2g} "
        f"with the intervention, where the event is rarer in {rarer}."
    )
    if baseline is not None:
        value = np.exp(baseline.mu) if measure in RATIOS else baseline.mu
        said += f" Pooled {measure} {value:.3g}."
    return said
