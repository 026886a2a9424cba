"""The axes of the MCID curve: benefit in the unit of the effects, or as a ratio, and P."""

from __future__ import annotations

from arviz_plots import PlotCollection

from bayes_ps.effects import Effects
from bayes_ps.plots.page import Page, panel, write
from bayes_ps.plots.scale import RATIOS, scale_of
from bayes_ps.plots.style import RULE

SIDES, LABEL = 0.27, 0.46


def draw_axis(
    plot: PlotCollection, page: Page, effects: Effects, limits: tuple[float, float]
) -> None:
    """Ticks, labels and, if it lies on the axis, no effect between benefit and harm."""
    name, _ = page.panels[0]
    axes = panel(plot, name)
    axes.set_xlim(limits)
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    axes.set_ylabel("Posterior probability")
    axes.set_xticks(*_ticks(effects, limits, page.inner))
    axes.tick_params(length=2.5, pad=2)
    middle = (page.left + page.inner / 2, page.floor + LABEL)
    write(plot, "xlabel", _label(effects), at=middle, align="center")
    if limits[0] < 0:
        axes.axvline(0, color=RULE, linewidth=0.8, zorder=0)
        null = page.left - limits[0] / (limits[1] - limits[0]) * page.inner
        down = page.floor + SIDES
        harm = "\N{LEFTWARDS ARROW} harm"
        write(plot, "harm", harm, at=(null - 0.06, down), align="right")
        write(plot, "benefit", "benefit \N{RIGHTWARDS ARROW}", at=(null + 0.06, down))


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
