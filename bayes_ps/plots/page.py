"""A page of panels one above the other, measured in inches, with notes below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xarray as xr
from arviz_plots import PlotCollection
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bayes_ps.plots import lettering
from bayes_ps.plots.style import INK, LINE, WIDTH

EDGE = 0.07
PANEL = "panel"


@dataclass(frozen=True)
class Page:
    """Panels and margins in inches.

    Attributes
    ----------
    panels : name and height of each, from the top.
    left, right, top, bottom : margins around them, for labels; the notes come below.
    gap : between two panels.
    notes : paragraphs below.
    """

    panels: tuple[tuple[str, float], ...]
    left: float = 0.55
    right: float = 0.2
    top: float = 0.1
    bottom: float = 0.5
    gap: float = 0.25
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """The notes, broken into lines."""
        return in_lines(self.notes, WIDTH - 2 * EDGE)

    @property
    def floor(self) -> float:
        """From the top of the figure to the lower end of the lowest panel."""
        gaps = self.gap * (len(self.panels) - 1)
        return self.top + sum(height for _, height in self.panels) + gaps

    @property
    def inner(self) -> float:
        """Width of the panels."""
        return WIDTH - self.left - self.right

    def open(self, data: xr.Dataset) -> PlotCollection:
        """An empty figure, with the notes in place."""
        height = self.floor + self.bottom + LINE * len(self.lines) + EDGE
        names = [name for name, _ in self.panels]
        heights = [panel for _, panel in self.panels]
        plot = PlotCollection.grid(
            data.expand_dims({PANEL: names}),
            rows=[PANEL],
            backend="matplotlib",
            figure_kwargs={
                "figsize": (WIDTH, height),
                "height_ratios": heights,
                "gridspec_kw": {
                    "left": self.left / WIDTH,
                    "right": 1 - self.right / WIDTH,
                    "top": 1 - self.top / height,
                    "bottom": 1 - self.floor / height,
                    "hspace": self.gap * len(heights) / sum(heights),
                },
            },
        )
        plot.data = data
        write_notes(plot, self.lines, down=self.floor + self.bottom)
        return plot


def panel(plot: PlotCollection, name: str) -> Axes:
    """The axes of a panel."""
    axes: Axes = plot.get_target(None, {PANEL: name})
    return axes


def figure_of(plot: PlotCollection) -> Figure:
    """The figure that a collection draws on."""
    figure: Figure = plot.viz["figure"].item()
    return figure


def write(
    plot: PlotCollection,
    name: str,
    text: str,
    *,
    at: tuple[float, float],
    align: str = "left",
    color: str = INK,
) -> None:
    """A line of text, `at` so many inches from the left and the top of the figure.

    A centred text that is wider than its place is moved to where it fits.
    """
    figure = figure_of(plot)
    width, height = figure.get_size_inches()
    if align == "center":
        half = lettering.width(text) / 2 + EDGE
        at = (min(max(at[0], half), max(width - half, half)), at[1])
    plot.viz[name] = xr.DataArray(
        figure.text(
            at[0] / width,
            1 - at[1] / height,
            text,
            color=color,
            horizontalalignment=align,
            verticalalignment="center",
            parse_math=False,
        )
    )


def write_notes(plot: PlotCollection, lines: Sequence[str], *, down: float) -> None:
    """Lines of notes, from the left edge, so many inches below the top."""
    figure = figure_of(plot)
    width, height = figure.get_size_inches()
    plot.viz["notes"] = xr.DataArray(
        figure.text(
            EDGE / width,
            1 - down / height,
            "\n".join(lines),
            color=INK,
            verticalalignment="top",
            linespacing=1.3,
            parse_math=False,
        )
    )


def in_lines(paragraphs: Iterable[str], inches: float) -> list[str]:
    """Paragraphs, broken into lines no wider than `inches`."""
    return [line for text in paragraphs for line in lettering.wrapped(text, inches).split("\n")]
