"""The axes of the MCID curve: benefit in the unit of the effects, or as a ratio, and P."""

from __future__ import annotations

from collections.abc import Sequence

import xarray as xr
from arviz_plots import PlotCollection

from bayes_ps.effects import Effects
from bayes_ps.plots.mcid_extent import Extent
from bayes_ps.plots.page import Page, panel, write
from bayes_ps.plots.scale import RATIOS, scale_of
from bayes_ps.plots.style import INK, RULE

SIDES, LABEL = 0.29, 0.47
PROBABILITY = "Posterior probability"
DASHED = (0, (4, 2.5))


def draw_axis(
    plot: PlotCollection, page: Page, effects: Effects, limits: tuple[float, float]
) -> None:
    """Ticks, labels and, if it lies on the axis, no effect between benefit and harm."""
    at, labels = _ticks(effects, limits, page.inner)
    for n, (name, _) in enumerate(page.panels):
        axes = panel(plot, name)
        axes.set_xlim(limits)
        axes.set_ylim(0, 1)
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
        axes.set_ylabel(PROBABILITY if len(page.panels) == 1 else f"{name}:\nprobability")
        axes.set_xticks(at, labels if n == len(page.panels) - 1 else [""] * len(at))
        axes.tick_params(length=2.5, pad=2)
        axes.tick_params(axis="x", pad=4)  # clear of the lowest label of the other axis
        if limits[0] < 0:
            axes.axvline(0, color=RULE, linewidth=0.8, zorder=0)
    middle = (page.left + page.inner / 2, page.floor + LABEL)
    write(plot, "xlabel", _label(effects), at=middle, align="center")
    if limits[0] < 0:
        null = page.left - limits[0] / (limits[1] - limits[0]) * page.inner
        down = page.floor + SIDES
        harm = "\N{LEFTWARDS ARROW} harm"
        write(plot, "harm", harm, at=(null - 0.06, down), align="right")
        write(plot, "benefit", "benefit \N{RIGHTWARDS ARROW}", at=(null + 0.06, down))


def draw_extents(plot: PlotCollection, page: Page, extents: Sequence[Extent]) -> None:
    """The range of each uncertain MCID or ticks at its anchors, and its line in lower panels."""
    for row, (name, _) in enumerate(page.panels):
        axes = panel(plot, name)
        for n, one in enumerate(extents):
            if not one.certain and not one.anchors:
                span = axes.axvspan(one.low, one.high, color=RULE, alpha=0.2, linewidth=0, zorder=0)
                plot.viz[f"mcid_{n}_range_{row}"] = xr.DataArray(span)
            if one.anchors:
                ticks = axes.vlines(one.anchors, 0, 0.06, colors=INK, linewidths=1.4)
                plot.viz[f"mcid_{n}_anchors_{row}"] = xr.DataArray(ticks)
            if row:
                axes.axvline(one.middle, color=INK, linewidth=0.8, linestyle=DASHED, zorder=1)


def spoken(effects: Effects, threshold: str) -> str:
    """The event of which the curve is the probability, for the alt text."""
    if effects.measure in RATIOS:
        most = "most" if effects.better == "lower" else "least"
        return f"{RATIOS[effects.measure].lower()} of at {most} {threshold}"
    return f"benefit of at least {threshold} {effects.unit}"


def _ticks(
    effects: Effects, limits: tuple[float, float], inches: float
) -> tuple[list[float], list[str]]:
    """Of benefit; for ratios those of the effect that has this benefit."""
    scale, sign = scale_of(effects), effects.benefit_sign
    if not scale.ratio:
        return scale.ticks(*limits, inches)
    low, high = sorted(sign * end for end in limits)
    at, labels = scale.ticks(low, high, inches)
    return [sign * place for place in at], labels


def _label(effects: Effects) -> str:
    if effects.measure in RATIOS:
        most = "most" if effects.better == "lower" else "least"
        return f"{RATIOS[effects.measure]} of at {most} … (log scale), {effects.better} is better"
    return f"Benefit of at least … {effects.unit}, {effects.better} is better"
