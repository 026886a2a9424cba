"""The two axes of the robustness plot: the mean effect, and its probability of benefit."""

from __future__ import annotations

import xarray as xr
from arviz_plots import PlotCollection
from matplotlib.axes import Axes

from bayes_ps.plots import lettering
from bayes_ps.plots.mcid_extent import Extent
from bayes_ps.plots.p_axis import probability_axis
from bayes_ps.plots.page import EDGE, panel, write
from bayes_ps.plots.scale import scale_of
from bayes_ps.plots.side_by_side import SideBySide
from bayes_ps.plots.style import INK, LINE, RULE
from bayes_ps.robustness import Robustness

EFFECT, PROBABILITY, GAP = "effect", "probability", 0.3
SIDES, LABEL, TICK = 0.27, 0.46, 0.1
DASHED = (0, (4, 2.5))
WIDE = 4.0
"""An interval so many times as wide as that of the analysis as fitted may be cut."""


def limits_of(found: Robustness, extent: Extent) -> tuple[tuple[float, float], bool]:
    """Ends of the axis of effects, and whether some interval goes on beyond them."""
    there = [v for v in found.variants if not v.problem]
    own, sign = there[0], found.effects.benefit_sign
    usual = [v for v in there if v.upper - v.lower <= WIDE * (own.upper - own.lower)]
    kept = [0.0, sign * extent.low, sign * extent.high, *(v.median for v in there)]
    kept += [end for v in usual for end in (v.lower, v.upper)]
    margin = 0.04 * (max(kept) - min(kept))
    low, high = min(kept) - margin, max(kept) + margin
    return (low, high), any(v.lower < low or v.upper > high for v in there)


def draw_effect_axis(
    plot: PlotCollection,
    page: SideBySide,
    what: tuple[Robustness, Extent],
    limits: tuple[float, float],
) -> None:
    """Ticks, no effect, the MCID, and on which side the benefit lies."""
    (found, extent), axes, (start, end) = what, panel(plot, EFFECT), page.ends(EFFECT)
    sign, scale, (low, high) = found.effects.benefit_sign, scale_of(found.effects), limits
    axes.set_xlim(limits)
    axes.set_xticks(*scale.ticks(low, high, end - start))
    axes.axvline(0, color=RULE, linewidth=0.8, zorder=0)
    if extent.anchors:
        at_anchors = [sign * x for x in extent.anchors]
        ticks = axes.vlines(at_anchors, page.height, page.height - TICK, colors=INK, linewidths=1.4)
        plot.viz["mcid_anchors"] = xr.DataArray(ticks)
    elif not extent.certain:
        span = axes.axvspan(*sorted((sign * extent.low, sign * extent.high)), color=RULE)
        span.set(alpha=0.2, linewidth=0, zorder=0)
        plot.viz["mcid_range"] = xr.DataArray(span)
    _dashed(plot, "mcid", axes, (sign * extent.middle, page.height))

    def inches(x: float) -> float:
        return start + (x - low) / (high - low) * (end - start)

    at = (inches(sign * extent.middle), EDGE + LINE / 2)
    write(plot, "mcid_label", extent.text, at=at, align="center")
    left, right = ("benefit", "harm") if sign < 0 else ("harm", "benefit")
    down = page.floor + SIDES
    left, right = f"\N{LEFTWARDS ARROW} {left}", f"{right} \N{RIGHTWARDS ARROW}"
    write(plot, "side_left", left, at=(inches(0) - 0.06, down), align="right")
    write(plot, "side_right", right, at=(inches(0) + 0.06, down))
    label = label_of(found, end - start)
    down = page.floor + LABEL + LINE / 2 * label.count("\n")
    write(plot, "effect_label", label, at=((start + end) / 2, down), align="center")


def label_of(found: Robustness, inches: float) -> str:
    """Of the axis of effects, in lines that it has room for."""
    return lettering.wrapped(f"Mean effect: {scale_of(found.effects).label}", inches + GAP)


def draw_probability_axis(plot: PlotCollection, page: SideBySide, found: Robustness) -> None:
    """From 0 to 1, with the cut."""
    axes, (start, end) = panel(plot, PROBABILITY), page.ends(PROBABILITY)
    probability_axis(axes)
    _dashed(plot, "cut", axes, (found.cut, page.height))
    at = (start + found.cut * (end - start), EDGE + LINE / 2)
    write(plot, "cut_label", f"{found.cut:g}", at=at, align="center")
    middle = (start + end) / 2
    said = "P(benefit \N{GREATER-THAN OR EQUAL TO} MCID)"
    write(plot, "probability_label", said, at=(middle, page.floor + LABEL), align="center")


def _dashed(plot: PlotCollection, name: str, axes: Axes, at: tuple[float, float]) -> None:
    x, height = at
    line = axes.vlines(x, 0, height, colors=INK, linewidths=0.8, linestyles=[DASHED], zorder=1)
    plot.viz[name] = xr.DataArray(line)
