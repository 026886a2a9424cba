"""What the MCID figure asks and draws: the curves, their marks at the MCIDs, and their range."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import xarray as xr
from arviz_plots import PlotCollection
from matplotlib.axes import Axes

from bayes_ps import words
from bayes_ps.checks import Array
from bayes_ps.decision import MCID, mcid_curve
from bayes_ps.decision.over_mcid import beyond
from bayes_ps.plots import lettering
from bayes_ps.plots.curve_labels import Falling, Spot, name_curve
from bayes_ps.plots.mcid_extent import Extent
from bayes_ps.plots.page import Page, panel
from bayes_ps.plots.style import MEAN, SETTING
from bayes_ps.posterior import Fit, Setting
from bayes_ps.robustness.band import Curves, MCIDBand
from bayes_ps.sensitivity.question import Target

CURVE = "curve"
MEAN_EFFECT, NEW_SETTING = "Mean effect", "A new setting"
LOOKS = {MEAN_EFFECT: (MEAN, "-", "o", (0.8, 0.2)), NEW_SETTING: (SETTING, "--", "D", (0.2, 0.8))}
"""Colour, line, mark, and the heights at which the curve is named, above it or below."""
ENDS = (("Lowest", 0.42), ("Highest", 0.68))
"""The ends of a range, and the heights at which they are named."""
END_WIDTHS = (3.0, 2.1, 1.6, 1.2)
NO_BREAK = "\N{NO-BREAK SPACE}"


def asked(fit: Fit, marked: Sequence[MCID], band: MCIDBand | None, at: Setting) -> xr.Dataset:
    """The curves, the probabilities at the MCIDs (means over uncertain ones), and the band."""
    curve = mcid_curve(fit, marked[-1] if marked else None, at=at)
    targets, p = {MEAN_EFFECT: fit.average(at)}, [curve.p_mean]
    if fit.has_tau:
        targets[NEW_SETTING] = fit.predictive(at)
        p.append(curve.p_new)
    sizes, sign = [one.in_unit_of(fit.effects).spread for one in marked], fit.effects.benefit_sign
    found = [[beyond(m, size, sign) for size in sizes] for m in targets.values()]
    shape = len(targets), len(marked)
    data = xr.Dataset(
        {
            "p": (("target", "threshold"), np.array(p)),
            "p_mcid": (
                _AT,
                np.array([[one.p_mcid for one in row] for row in found]).reshape(shape),
            ),
            "mcse": (
                _AT,
                np.array([[one.mcse_mcid for one in row] for row in found]).reshape(shape),
            ),
        },
        coords={
            "target": list(targets),
            "threshold": curve.threshold,
            "mcid": [float(size.ppf(0.5)) for size in sizes],
        },
    )
    return data if band is None else data.merge(_range(band, list(targets)))


_AT = ("target", "mcid")


def _range(band: MCIDBand, targets: list[str]) -> xr.Dataset:
    """Lowest and highest over the analyses, at each threshold of the band and at its MCID."""
    curves = [band.mean, band.new][: len(targets)]
    where = ("target", "band_threshold")
    return xr.Dataset(
        {
            "lowest": (where, np.array([each.lowest for each in curves])),
            "highest": (where, np.array([each.highest for each in curves])),
            "ends": (
                ("target", "end"),
                np.array([[each.at_mcid.min(), each.at_mcid.max()] for each in curves]),
            ),
        },
        coords={"band_threshold": band.threshold, "end": ["lowest", "highest"]},
    )


def panel_of(plot: PlotCollection, page: Page, target: str) -> Axes:
    """The axes of a target: its own, or the only ones."""
    return panel(plot, target if len(page.panels) > 1 else CURVE)


def kept_clear(extents: Sequence[Extent]) -> Array:
    """Places on the axis that no name should cover."""
    return np.array([place for one in extents for place in one.places])


def relation(p: float) -> str:
    """As in ``= 0.060`` or ``< 0.001``."""
    text = words.probability(p)
    return text if text[0] in "<>" else f"= {text}"


def draw_curves(plot: PlotCollection, page: Page, extents: Sequence[Extent]) -> None:
    """A curve a target with its name, and its mark at each MCID."""
    data = plot.data
    x, p = data["threshold"].values, data["p"].values
    curves = Falling(x, p, kept_clear(extents))
    for n, name in enumerate(map(str, data["target"].values)):
        color, style, _, wanted = LOOKS[name]
        axes = panel_of(plot, page, name)
        (line,) = axes.plot(x, p[n], color=color, linestyle=style, zorder=3, clip_on=False)
        plot.viz[f"{name} curve"] = xr.DataArray(line)
        _draw_marks(plot, axes, n, extents)
        if len(page.panels) == 1 and "lowest" not in data:
            label = name if len(p) > 1 else "Mean effect, and a new setting"
            width = (lettering.width(label) + 0.1) / page.inner * (x[-1] - x[0])
            name_curve(axes, label, curves.spot(n, wanted, width), color)


def _draw_marks(plot: PlotCollection, axes: Axes, n: int, extents: Sequence[Extent]) -> None:
    """The mark of target `n` at each MCID; for an uncertain one a bar, over all of it."""
    data = plot.data
    name, p = str(data["target"].values[n]), data["p_mcid"].values[n]
    color, _, mark, _ = LOOKS[name]
    dots = axes.scatter(data["mcid"], p, s=22, marker=mark, color=color, zorder=5, clip_on=False)
    plot.viz[f"{name} marks"] = xr.DataArray(dots)
    for i, one in enumerate(extents):
        if not one.certain:
            bar = axes.hlines(p[i], one.low, one.high, color=color, linewidth=1.6, zorder=4)
            plot.viz[f"{name} bar {i}"] = xr.DataArray(bar)


def draw_band(plot: PlotCollection, page: Page, extents: Sequence[Extent], band: MCIDBand) -> None:
    """The range over the analyses, each of them a hairline, and the names of those at its ends."""
    lines = kept_clear(extents)
    unknowns: tuple[tuple[Target, Curves], ...] = (("mean", band.mean), ("new", band.new))
    for name, (target, of) in zip(map(str, plot.data["target"].values), unknowns, strict=False):
        axes, color, x = panel_of(plot, page, name), LOOKS[name][0], band.threshold
        area = axes.fill_between(x, of.lowest, of.highest, color=color, alpha=0.15, linewidth=0)
        plot.viz[f"{name} range"] = xr.DataArray(area)
        axes.plot(x, of.p.T, color=color, linewidth=0.4, zorder=2)
        ends = Falling(x, np.array([of.lowest, of.highest]), lines, axes.get_xlim())
        for n, analysis in enumerate((band.lowest(target), band.highest(target))):
            p = float(plot.data["ends"].sel(target=name)[n])
            said = f"{ENDS[n][0]}, P {relation(p)}:"
            text = " ".join(one.replace(" ", NO_BREAK) for one in (said, *_parts(analysis)))
            label, spot = _fitting(text, ends, n, page.inner)
            drawn = name_curve(axes, label, spot, color)
            plot.viz[f"{name} {ENDS[n][0].lower()}"] = xr.DataArray(drawn)


def _parts(analysis: str) -> list[str]:
    """Pieces of a name, each of which stays on a line."""
    first, *rest = analysis.split(", ")
    return [f"{first},", *rest] if rest else [first]


def _fitting(text: str, ends: Falling, n: int, inner: float) -> tuple[str, Spot]:
    """The text, broken into as few lines as there is room for, and where it stands."""
    low, high = ends.limits or (0.0, 1.0)
    wanted = ENDS[n][1], ENDS[n][1]
    least = lettering.widest(text.split(" "))
    widths = [each for each in END_WIDTHS if each > least] + [least]
    for over, inches in product((False, True), widths):
        label = lettering.wrapped(text, inches)
        width = (lettering.width(label) + 0.1) / inner * (high - low)
        if (spot := ends.clear_spot(n, wanted, width, over=over)) is not None:
            return label, spot
    return label, ends.spot(n, wanted, width)
