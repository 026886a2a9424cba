"""The axis of a probability, from 0 to 1."""

from __future__ import annotations

from matplotlib.axes import Axes

PLACES = (0, 0.25, 0.5, 0.75, 1)


def probability_axis(axes: Axes) -> None:
    """Along the bottom, in quarters."""
    axes.set_xlim(0, 1)
    axes.set_xticks(PLACES, [f"{place:g}" for place in PLACES])


def rows_of_probabilities(axes: Axes, height: float) -> None:
    """For rows that are counted downwards over `height` and named beside the panel."""
    probability_axis(axes)
    axes.set_ylim(height, 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(length=2.5, pad=2)
