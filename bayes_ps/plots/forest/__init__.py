"""The forest plot: its looks, rows, axis, sheet of columns, marks, lights and notes."""

from bayes_ps.plots.forest.drawing import plot_forest

__all__ = ["plot_forest"]
