"""`plot_radial`: standardised effects against precision, Galbraith's plot."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import xarray as xr
from arviz_plots import PlotCollection
from matplotlib.axes import Axes

from bayes_ps.baseline import Baseline
from bayes_ps.plots import lettering
from bayes_ps.plots.baseline.point_names import Cloud, draw_names, in_inches, radii
from bayes_ps.plots.description import described
from bayes_ps.plots.page import Page, panel, write
from bayes_ps.plots.pooling import pooled_by
from bayes_ps.plots.scale import Scale, scale_of
from bayes_ps.plots.style import DATA, LINE, MEAN, RULE, journal

RADIAL, HEIGHT, LEFT, BOTTOM, MOST, AREA = "radial", 3.2, 0.62, 0.5, 12, 22.0
BAND = NormalDist().inv_cdf(0.975)


def plot_radial(baseline: Baseline) -> PlotCollection:
    """The radial (Galbraith) plot: standardised effects against their precision.

    Parameters
    ----------
    baseline : ``bps.baseline(effects)``; with random effects tau² is part of every variance.

    Returns
    -------
    PlotCollection
        ``plot.data`` holds ``precision`` and ``z``.

    Notes
    -----
    With s² = se² + tau², a study stands at x = 1/s and z = y/s. A line from 0 through it meets the
    scale on the right at its effect; the line drawn is the pooled effect. 95% of the studies are
    expected in the band 1.96 around it, whatever their precision; those outside are named where
    there is room.
    Galbraith 1988, doi:10.1002/sim.4780070807. Tests: ``tests/figures/test_baseline_plots.py``.
    """
    effects = baseline.effects
    s = np.sqrt(effects.se**2 + baseline.tau2)
    data = xr.Dataset(
        {"precision": ("study", 1 / s), "z": ("study", effects.y / s)},
        coords={"study": effects.study.astype(object)},
    )
    end = 1.05 * float(data["precision"].max())
    low, high = _limits(data, baseline, end)
    scale = scale_of(effects)
    away = np.abs(data["z"].values - baseline.mu * data["precision"].values)
    outside = [int(n) for n in np.argsort(-away, kind="stable") if away[n] > BAND]
    with journal():
        at, labels = scale.ticks(low / end, high / end, HEIGHT, upright=True)
        right = 0.12 + lettering.widest(labels) + 0.1 + LINE * 1.6
        page = Page(
            ((RADIAL, HEIGHT),), left=LEFT, right=right, bottom=BOTTOM, notes=_notes(baseline)
        )
        plot = page.open(data)
        axes = panel(plot, RADIAL)
        axes.set_xlim(0, end)
        axes.set_ylim(low, high)
        _draw_axes(plot, page, tau2=baseline.tau2 > 0)
        ticks = [(effect * end, text) for effect, text in zip(at, labels, strict=True)]
        _draw_scale(plot, scale, ticks)
        _draw_mean(plot, axes, baseline.mu, end)
        _draw_studies(plot, page, data, outside)
    return described(plot, _spoken(baseline, outside))


def _limits(data: xr.Dataset, baseline: Baseline, end: float) -> tuple[float, float]:
    """The studies and the whole band lie on the axis."""
    last = baseline.mu * end
    ends = [*data["z"].values, -BAND, BAND, last - BAND, last + BAND]
    margin = 0.04 * (max(ends) - min(ends))
    return float(min(ends)) - margin, float(max(ends)) + margin


def _draw_mean(plot: PlotCollection, axes: Axes, mu: float, end: float) -> None:
    """The line of the pooled effect, and the band around it."""
    x = np.array([0, end])
    band = axes.fill_between(x, mu * x - BAND, mu * x + BAND, color=MEAN, alpha=0.12, linewidth=0)
    plot.viz["band"] = xr.DataArray(band)
    plot.viz["mean"] = xr.DataArray(axes.plot(x, mu * x, color=MEAN, zorder=2)[0])


def _draw_studies(plot: PlotCollection, page: Page, data: xr.Dataset, outside: list[int]) -> None:
    """The points, and the names of those furthest outside the band."""
    axes, size = panel(plot, RADIAL), (page.inner, HEIGHT)
    x, z = data["precision"].values, data["z"].values
    points = axes.scatter(x, z, s=AREA, color=DATA, zorder=4, clip_on=False)
    plot.viz["studies"] = xr.DataArray(points)
    cloud = Cloud(in_inches(axes, x, z, size), radii(np.full(x.size, AREA)), size)
    draw_names(plot, axes, cloud.placed(list(data["study"].values), outside[:MOST]), size)


def _draw_axes(plot: PlotCollection, page: Page, *, tau2: bool) -> None:
    axes = panel(plot, RADIAL)
    axes.axhline(0, color=RULE, linewidth=0.8, zorder=1)
    axes.tick_params(length=2.5, pad=2)
    axes.tick_params(axis="x", pad=5)
    s = "√(se² + tau²)" if tau2 else "se"
    axes.set_ylabel(f"Standardised effect, y / {s}")
    middle = (page.left + page.inner / 2, page.floor + 0.36)
    write(plot, "xlabel", f"Precision, 1 / {s}", at=middle, align="center")


def _draw_scale(plot: PlotCollection, scale: Scale, ticks: list[tuple[float, str]]) -> None:
    """The effects at which lines from 0 leave the panel."""
    axes = panel(plot, RADIAL).twinx()
    axes.spines["right"].set_visible(True)
    axes.set_ylim(panel(plot, RADIAL).get_ylim())
    axes.set_yticks([at for at, _ in ticks], [text for _, text in ticks])
    axes.tick_params(length=2.5, pad=2)
    axes.set_ylabel(lettering.wrapped(scale.label, HEIGHT), parse_math=False)
    plot.viz["effect_scale"] = xr.DataArray(axes)


def _notes(baseline: Baseline) -> tuple[str, ...]:
    return (
        f"{pooled_by(baseline)} Line: pooled effect, read on the scale on the right; so is that of "
        f"a study, along a line from 0 through its point. Band: 95% of the studies are expected "
        f"here. The studies furthest outside are named where there is room.",
    )


def _spoken(baseline: Baseline, outside: list[int]) -> str:
    effects = baseline.effects
    scale = scale_of(effects)
    names = ", ".join(map(str, effects.study[outside])) or "none"
    return (
        f"Radial plot of {'1 study' if effects.k == 1 else f'{effects.k} studies'}, {scale.label}. "
        f"Pooled effect {scale.value(baseline.mu)}. Outside the 95% band: {names}."
    )
