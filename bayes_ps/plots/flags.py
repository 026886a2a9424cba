"""Flags above a panel: a dashed line at a value, and what is to be said of it beside its top."""

from __future__ import annotations

from dataclasses import dataclass

import xarray as xr
from arviz_plots import PlotCollection

from bayes_ps.plots import lettering
from bayes_ps.plots.page import EDGE, Page, panel, write
from bayes_ps.plots.style import INK, LINE

POLE = 0.06
"""Inches between a line and its text."""


@dataclass(frozen=True)
class Flag:
    """A value `x` on the axis, and the lines of text beside its top with their colours."""

    x: float
    lines: tuple[tuple[str, str], ...]

    @property
    def width(self) -> float:
        """Inches from the line to the end of the text."""
        return POLE + max(lettering.width(text, bold=True) for text, _ in self.lines)

    @property
    def height(self) -> float:
        """Inches."""
        return LINE * len(self.lines) + 0.06


@dataclass(frozen=True)
class Flagged:
    """Flags on an axis from `low` to `high`, `inner` inches wide."""

    flags: tuple[Flag, ...]
    limits: tuple[float, float]

    def place(self, flag: Flag, inner: float) -> float:
        """Inches of a flag's line from the left end of the axis."""
        low, high = self.limits
        return inner * (flag.x - low) / (high - low)

    def levels(self, inner: float) -> list[int]:
        """How many flags each must stand above: a flag further left stands above those it meets."""
        found = [0] * len(self.flags)
        order = sorted(range(len(self.flags)), key=lambda i: -self.flags[i].x)
        for n, i in enumerate(order):
            end = self.place(self.flags[i], inner) + self.flags[i].width + POLE
            met = [found[j] for j in order[:n] if self.place(self.flags[j], inner) < end]
            found[i] = max(met, default=-1) + 1
        return found

    def height(self, inner: float) -> float:
        """Inches that they need above the panel."""
        tallest = max((flag.height for flag in self.flags), default=0.0)
        return tallest * (max(self.levels(inner), default=-1) + 1) + EDGE

    def overhang(self, inner: float) -> float:
        """Inches that they reach beyond the right end of the axis."""
        ends = [self.place(flag, inner) + flag.width - inner for flag in self.flags]
        return max([*ends, 0.0])


def draw_flags(plot: PlotCollection, page: Page, flagged: Flagged) -> None:
    """The lines through the only panel of a page, and the flags above it."""
    name, height = page.panels[0]
    axes = panel(plot, name)
    tallest = max((flag.height for flag in flagged.flags), default=0.0)
    for n, (flag, level) in enumerate(zip(flagged.flags, flagged.levels(page.inner), strict=True)):
        bottom = level * tallest
        top = 1 + (bottom + flag.height) / height
        across = axes.get_xaxis_transform()
        line = axes.vlines(
            flag.x,
            0,
            top,
            transform=across,
            colors=INK,
            linewidths=0.8,
            linestyles=[(0, (4, 2.5))],
            zorder=1,
            clip_on=False,
        )
        plot.viz[f"mcid_{n}"] = xr.DataArray(line)
        left = page.left + flagged.place(flag, page.inner) + POLE
        for row, (text, color) in enumerate(flag.lines):
            down = page.top - bottom - flag.height + LINE * (row + 0.5)
            write(plot, f"mcid_{n}_text_{row}", text, at=(left, down), color=color)
