"""The figures of the frequentist baseline, one a file: each takes finished values."""

from bayes_ps.plots.baseline.baujat_figure import plot_baujat
from bayes_ps.plots.baseline.cumulative_figure import plot_baseline_cumulative
from bayes_ps.plots.baseline.forest_figure import plot_baseline_forest
from bayes_ps.plots.baseline.funnel_figure import plot_funnel
from bayes_ps.plots.baseline.labbe_figure import plot_labbe
from bayes_ps.plots.baseline.leave_one_out_figure import plot_baseline_leave_one_out
from bayes_ps.plots.baseline.radial_figure import plot_radial

__all__ = [
    "plot_baseline_cumulative",
    "plot_baseline_forest",
    "plot_baseline_leave_one_out",
    "plot_baujat",
    "plot_funnel",
    "plot_labbe",
    "plot_radial",
]
