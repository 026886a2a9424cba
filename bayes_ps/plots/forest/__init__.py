"""The forest plot: its rows, its axis, its sheet of columns, its marks, its notes."""

from bayes_ps.plots.forest.drawing import plot_forest

__all__ = ["plot_forest"]
