"""A page of panels side by side over the same rows, measured in inches, with notes below."""

from __future__ import annotations

from dataclasses import dataclass

import xarray as xr
from arviz_plots import PlotCollection

from bayes_ps.plots.page import EDGE, PANEL, in_lines, panel, write_notes
from bayes_ps.plots.style import LINE, WIDTH


@dataclass(frozen=True)
class SideBySide:
    """Panels and margins in inches.

    Attributes
    ----------
    panels : name and width of each, from the left.
    height : of the panels.
    left, top, bottom : margins, for names, headers and axes; the notes come below.
    gap : between two panels.
    notes : paragraphs below.
    """

    panels: tuple[tuple[str, float], ...]
    height: float
    left: float
    top: float
    bottom: float
    gap: float
    notes: tuple[str, ...]

    @property
    def floor(self) -> float:
        """From the top of the figure to the lower end of the panels."""
        return self.top + self.height

    def ends(self, name: str) -> tuple[float, float]:
        """Inches from the left of the figure to either end of a panel."""
        start = self.left
        for each, width in self.panels:
            if each == name:
                return start, start + width
            start += width + self.gap
        raise KeyError(name)

    def open(self, data: xr.Dataset) -> PlotCollection:
        """An empty figure whose rows are inches from the top of the panels."""
        lines = in_lines(self.notes, WIDTH - 2 * EDGE)
        height = self.floor + self.bottom + LINE * len(lines) + EDGE
        widths = [width for _, width in self.panels]
        right = self.ends(self.panels[-1][0])[1]
        plot = PlotCollection.grid(
            data.expand_dims({PANEL: [name for name, _ in self.panels]}),
            cols=[PANEL],
            backend="matplotlib",
            figure_kwargs={
                "figsize": (WIDTH, height),
                "width_ratios": widths,
                "gridspec_kw": {
                    "left": self.left / WIDTH,
                    "right": right / WIDTH,
                    "top": 1 - self.top / height,
                    "bottom": 1 - self.floor / height,
                    "wspace": self.gap * len(widths) / sum(widths),
                },
            },
        )
        plot.data = data
        for name, _ in self.panels:
            axes = panel(plot, name)
            axes.set_ylim(self.height, 0)
            axes.set_yticks([])
            axes.spines["left"].set_visible(False)
            axes.tick_params(length=2.5, pad=2)
        write_notes(plot, lines, down=self.floor + self.bottom)
        return plot
