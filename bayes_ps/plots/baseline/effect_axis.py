"""The axis of effects below a panel, and whom a side of no effect favours."""

from __future__ import annotations

from arviz_plots import PlotCollection

from bayes_ps.effects import Direction
from bayes_ps.plots import lettering
from bayes_ps.plots.forest.axis import FAVOURS, HARM, HELP, LABEL
from bayes_ps.plots.page import EDGE, Page, panel, write
from bayes_ps.plots.scale import Scale
from bayes_ps.plots.style import WIDTH

BOTTOM = 0.66
"""Inches that ticks, favours and label take below the panel."""


def draw_effect_axis(
    plot: PlotCollection,
    page: Page,
    scale: Scale,
    limits: tuple[float, float],
    *,
    better: Direction,
) -> None:
    """Ticks, label, and the arrows of whom a side favours, below the only panel of a page."""
    axes = panel(plot, page.panels[0][0])
    axes.set_xlim(limits)
    axes.set_xticks(*scale.ticks(*limits, page.inner))
    axes.tick_params(length=2.5, pad=2)
    middle = page.left + page.inner / 2
    write(plot, "xlabel", scale.label, at=(middle, page.floor + LABEL + 0.02), align="center")
    _draw_favours(plot, page, limits, better)


def _draw_favours(
    plot: PlotCollection, page: Page, limits: tuple[float, float], better: Direction
) -> None:
    """On either side of no effect, where there is room; beyond the axis, one side favours all."""
    low, high = limits
    left, right = (HELP, HARM) if better == "lower" else (HARM, HELP)
    down = page.floor + FAVOURS
    if low >= 0 or high <= 0:
        middle = (page.left + page.inner / 2, down)
        write(plot, "favours_all", right if low >= 0 else left, at=middle, align="center")
        return
    left, right = f"\N{LEFTWARDS ARROW} {left}", f"{right} \N{RIGHTWARDS ARROW}"
    null = page.left - low / (high - low) * page.inner
    if null - 0.07 - lettering.width(left) > EDGE:
        write(plot, "favours_left", left, at=(null - 0.07, down), align="right")
    if null + 0.07 + lettering.width(right) < WIDTH - EDGE:
        write(plot, "favours_right", right, at=(null + 0.07, down))
