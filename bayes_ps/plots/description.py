"""The alt text of a figure: what it shows, in words, for those who cannot see it."""

from __future__ import annotations

from arviz_plots import PlotCollection

from bayes_ps.checks import BayesPSError

KEY = "alt_text"


def alt_text(plot: PlotCollection) -> str:
    """What the figure shows, in words.

    Use it where the figure goes: ``<img alt="…">``, the caption of a slide, or the file itself,
    ``plot.savefig("forest.png", metadata={"Description": alt_text(plot)})``. It is kept with the
    figure, in ``plot.viz.attrs["alt_text"]``.

    Raises
    ------
    BayesPSError
        If the figure is not one of ours.
    """
    if KEY not in plot.viz.attrs:
        raise BayesPSError("This figure has no alt text: it was not drawn by bayes_ps.")
    return str(plot.viz.attrs[KEY])


def described(plot: PlotCollection, text: str) -> PlotCollection:
    """The same figure, with its alt text."""
    plot.viz.attrs[KEY] = " ".join(text.split())
    return plot
