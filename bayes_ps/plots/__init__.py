"""The figures, one a file: each takes a finished fit, changes nothing, returns a PlotCollection."""

from bayes_ps.plots.cumulative_figure import plot_cumulative
from bayes_ps.plots.description import alt_text
from bayes_ps.plots.energy_figure import plot_energy
from bayes_ps.plots.forest.drawing import plot_forest
from bayes_ps.plots.leave_one_out_figure import plot_leave_one_out
from bayes_ps.plots.mcid_figure import plot_mcid_curve
from bayes_ps.plots.prior_figure import plot_prior_posterior
from bayes_ps.plots.rank_figure import plot_rank
from bayes_ps.plots.sensitivity_figure import plot_prior_sensitivity
from bayes_ps.plots.trace_figure import plot_tau_trace

__all__ = [
    "alt_text",
    "plot_cumulative",
    "plot_energy",
    "plot_forest",
    "plot_leave_one_out",
    "plot_mcid_curve",
    "plot_prior_posterior",
    "plot_prior_sensitivity",
    "plot_rank",
    "plot_tau_trace",
]
