"""`plot_funnel`: effects against their standard errors."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import NormalDist
from typing import Any

import numpy as np
import xarray as xr
from arviz_plots import PlotCollection
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from bayes_ps.baseline import Baseline
from bayes_ps.baseline.small_study import TrimAndFill
from bayes_ps.checks import BayesPSError
from bayes_ps.effects import Effects
from bayes_ps.plots import lettering
from bayes_ps.plots.baseline.effect_axis import BOTTOM, draw_effect_axis
from bayes_ps.plots.baseline.keys import Key, draw_keys, height_of
from bayes_ps.plots.description import described
from bayes_ps.plots.page import Page, panel
from bayes_ps.plots.pooling import pooled_by
from bayes_ps.plots.scale import Scale, scale_of
from bayes_ps.plots.style import DATA, INK, MEAN, RULE, journal

FUNNEL, HEIGHT, LEFT = "funnel", 3.2, 0.62
CONTOURS = ((0.05, 0.10, "#BDBDBD"), (0.01, 0.05, "#D6D6D6"), (0.0, 0.01, "#EDEDED"))
"""P values from … to …, and their grey."""
POINT: dict[str, Any] = {"marker": "o", "markersize": 4.5, "linestyle": ""}
STUDY = POINT | {"markerfacecolor": DATA, "markeredgecolor": "white", "markeredgewidth": 0.4}
IMPUTED = POINT | {"markerfacecolor": "white", "markeredgecolor": INK, "markeredgewidth": 0.9}


def plot_funnel(
    baseline: Baseline, *, contours: bool = False, filled: TrimAndFill | None = None
) -> PlotCollection:
    """The funnel plot: effects against their standard errors, the most precise on top.

    Parameters
    ----------
    baseline : ``bps.baseline(effects)``, around whose mean the funnel stands.
    contours : shade where a study has a two-sided P below 0.10, 0.05 and 0.01.
    filled : ``bps.trim_and_fill(effects)``, whose mirror images are drawn as open circles.

    Returns
    -------
    PlotCollection
        ``plot.data`` holds the points.

    Raises
    ------
    BayesPSError
        If trim and fill is of other studies.

    Notes
    -----
    Without heterogeneity and without selection, 95% of the studies lie between the dashed lines and
    as many on one side of the mean as on the other. A gap where results are not significant (on
    white, with contours) speaks for selection by P; one elsewhere for other reasons.
    Sterne et al. 2011, doi:10.1136/bmj.d4002; Peters et al. 2008,
    doi:10.1016/j.jclinepi.2007.11.010. Tests: ``tests/figures/test_baseline_plots.py``.
    """
    effects = baseline.effects
    if filled is not None:
        _belongs_to(effects, filled)
    data = _points(effects, filled)
    deepest = 1.06 * float(data["se"].max())
    limits = _limits(data, baseline, deepest, null=contours)
    scale = scale_of(effects)
    keys = list(_keys(baseline, contours, filled))
    with journal():
        page = Page(
            ((FUNNEL, HEIGHT),),
            left=LEFT,
            top=height_of(keys),
            bottom=BOTTOM,
            notes=tuple(_notes(baseline, filled, scale)),
        )
        plot = page.open(data)
        axes = panel(plot, FUNNEL)
        draw_effect_axis(plot, page, scale, limits, better=effects.better)
        _draw_depth(axes, deepest, scale)
        if contours:
            _draw_contours(plot, axes, deepest, limits)
        _draw_funnel(plot, axes, baseline, deepest)
        if filled is not None:
            plot.viz["filled_mean"] = xr.DataArray(
                axes.axvline(filled.adjusted.mu, color=MEAN, linewidth=1.1, linestyle=(0, (4, 2)))
            )
        _draw_points(plot, axes, data)
        draw_keys(plot, keys, page.left)
    return described(plot, _spoken(baseline, filled))


def _belongs_to(effects: Effects, filled: TrimAndFill) -> None:
    if list(filled.observed.study) != list(effects.study):
        raise BayesPSError(
            "Trim and fill is of other effects than these. Use bps.trim_and_fill(effects)."
        )


def _points(effects: Effects, filled: TrimAndFill | None) -> xr.Dataset:
    """All points of the funnel, the imputed last."""
    every = effects if filled is None else filled.filled
    imputed = np.zeros(effects.k, bool) if filled is None else filled.imputed
    return xr.Dataset(
        {"y": ("study", every.y), "se": ("study", every.se), "imputed": ("study", imputed)},
        coords={"study": every.study.astype(object)},
    )


def _limits(
    data: xr.Dataset, baseline: Baseline, deepest: float, *, null: bool
) -> tuple[float, float]:
    """Every point and the foot of the funnel lie on the axis, and no effect if it must."""
    reach = NormalDist().inv_cdf(0.975) * deepest
    ends = [*data["y"].values, baseline.mu - reach, baseline.mu + reach, *([0.0] if null else [])]
    margin = 0.03 * (max(ends) - min(ends))
    return float(min(ends) - margin), float(max(ends) + margin)


def _draw_depth(axes: Axes, deepest: float, scale: Scale) -> None:
    axes.set_ylim(deepest, 0)
    at = [t for t in MaxNLocator(5, steps=[1, 2, 5, 10]).tick_values(0, deepest) if t <= deepest]
    places = max(0, -int(np.floor(np.log10(at[1] - at[0]) + 1e-9)))
    axes.set_yticks(at, [lettering.number(tick, places) for tick in at])
    axes.set_ylabel("Standard error (log scale)" if scale.ratio else "Standard error")


def _draw_contours(
    plot: PlotCollection, axes: Axes, deepest: float, limits: tuple[float, float]
) -> None:
    """Bands of P on both sides of no effect, palest where P is smallest and most studies are."""
    for low, high, color in CONTOURS:
        inner = NormalDist().inv_cdf(1 - high / 2) * deepest
        outer = NormalDist().inv_cdf(1 - low / 2) * deepest if low else 2 * max(map(abs, limits))
        for side in (-1, 1):
            far = side * 10 * max(map(abs, limits)) if low == 0 else side * outer
            corners = [(0, 0), (side * inner, deepest), (far, deepest)]
            corners += [(far, 0)] if low == 0 else []
            (area,) = axes.fill(*zip(*corners, strict=True), color=color, linewidth=0, zorder=0)
            name = f"contour_{high:g}_{'left' if side < 0 else 'right'}"
            plot.viz[name] = xr.DataArray(area)


def _draw_funnel(plot: PlotCollection, axes: Axes, baseline: Baseline, deepest: float) -> None:
    """The mean and the lines within which 95% of studies lie if only chance moves them."""
    reach = NormalDist().inv_cdf(0.975) * deepest
    for name, side in (("lower", -1), ("upper", 1)):
        (line,) = axes.plot(
            [baseline.mu, baseline.mu + side * reach],
            [0, deepest],
            color=INK,
            linewidth=0.8,
            linestyle=(0, (4, 2.5)),
            zorder=2,
        )
        plot.viz[f"funnel_{name}"] = xr.DataArray(line)
    plot.viz["mean"] = xr.DataArray(axes.axvline(baseline.mu, color=MEAN, linewidth=1.3, zorder=2))
    low, high = axes.get_xlim()
    if low < 0 < high:
        plot.viz["no_effect"] = xr.DataArray(axes.axvline(0, color=RULE, linewidth=0.8, zorder=1))


def _draw_points(plot: PlotCollection, axes: Axes, data: xr.Dataset) -> None:
    imputed = data["imputed"].values
    for name, which, look in (("studies", ~imputed, STUDY), ("filled", imputed, IMPUTED)):
        if which.any():
            y, se = data["y"].values[which], data["se"].values[which]
            (points,) = axes.plot(y, se, zorder=4, clip_on=False, **look)
            plot.viz[name] = xr.DataArray(points)


def _keys(baseline: Baseline, contours: bool, filled: TrimAndFill | None) -> Iterator[Key]:
    yield Key("point", "Study", STUDY)
    if filled is not None and filled.k0:
        yield Key("point", "Filled in", IMPUTED)
    mean = "Mean effect" if baseline.random else "Common effect"
    yield Key("line", mean, {"color": MEAN, "linewidth": 1.3})
    if filled is not None:
        look = {"color": MEAN, "linewidth": 1.1, "linestyle": (0, (4, 2))}
        yield Key("line", "Mean with those filled in", look)
    yield Key(
        "line",
        "95% by chance alone",
        {"color": INK, "linewidth": 0.8, "linestyle": (0, (4, 2.5))},
    )
    if contours:
        for low, high, color in CONTOURS:
            text = f"P < {high:g}" if low == 0 else f"P {low:.2f} to {high:.2f}"
            yield Key("area", text, {"facecolor": color})


def _notes(baseline: Baseline, filled: TrimAndFill | None, scale: Scale) -> Iterator[str]:
    yield (
        f"{pooled_by(baseline)} Dashed: within 1.96 standard errors of the mean effect, where 95% "
        f"of studies lie if all have one true effect and none is missing. A gap on one side may "
        f"come from unpublished results, from worse small trials, from true differences or chance."
    )
    if filled is not None:
        yield _filled_in(filled, scale)
        yield from (f"Note: {note}" for note in filled.notes)


def _filled_in(filled: TrimAndFill, scale: Scale) -> str:
    """What trim and fill changes, on the scale of the axis."""
    fits = (filled.adjusted, filled.observed)
    places = scale.places(filled.observed.lower, filled.observed.upper)
    now, then = (scale.interval(fit.mu, fit.lower, fit.upper, places) for fit in fits)
    return (
        f"Trim and fill ({filled.estimator}): {filled.k0} filled in on the {filled.side}. Mean "
        f"effect {now} with those filled in, {then} without."
    )


def _spoken(baseline: Baseline, filled: TrimAndFill | None) -> str:
    effects = baseline.effects
    scale = scale_of(effects)
    left = int((effects.y < baseline.mu).sum())
    inside = int((np.abs(effects.y - baseline.mu) <= 1.96 * effects.se).sum())
    said = (
        f"Funnel plot of {'1 study' if effects.k == 1 else f'{effects.k} studies'}, {scale.label}, "
        f"against their standard errors of {effects.se.min():.3g} to {effects.se.max():.3g}. "
        f"{left} lie left of the mean effect {scale.value(baseline.mu)} and {effects.k - left} "
        f"right of it; {inside} lie within 1.96 standard errors of it."
    )
    if filled is not None:
        said += f" {_filled_in(filled, scale)}"
    return said
