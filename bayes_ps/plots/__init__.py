"""The figures, one a file: each takes finished values and returns a PlotCollection."""

from bayes_ps.plots.baseline import (
    plot_baseline_cumulative,
    plot_baseline_forest,
    plot_baseline_leave_one_out,
    plot_baujat,
    plot_funnel,
    plot_labbe,
    plot_radial,
)
from bayes_ps.plots.bias_figure import plot_tipping_bias
from bayes_ps.plots.cumulative_figure import plot_cumulative
from bayes_ps.plots.description import alt_text
from bayes_ps.plots.energy_figure import plot_energy
from bayes_ps.plots.forest.drawing import plot_forest
from bayes_ps.plots.leave_one_out_figure import plot_leave_one_out
from bayes_ps.plots.mcid_figure import plot_mcid_curve
from bayes_ps.plots.outcomes_figure import plot_outcomes
from bayes_ps.plots.prior_figure import plot_prior_posterior
from bayes_ps.plots.rank_figure import plot_rank
from bayes_ps.plots.robustness_figure import plot_robustness
from bayes_ps.plots.sensitivity_figure import plot_prior_sensitivity
from bayes_ps.plots.trace_figure import plot_tau_trace

__all__ = [
    "alt_text",
    "plot_baseline_cumulative",
    "plot_baseline_forest",
    "plot_baseline_leave_one_out",
    "plot_baujat",
    "plot_cumulative",
    "plot_energy",
    "plot_forest",
    "plot_funnel",
    "plot_labbe",
    "plot_leave_one_out",
    "plot_mcid_curve",
    "plot_outcomes",
    "plot_prior_posterior",
    "plot_prior_sensitivity",
    "plot_radial",
    "plot_rank",
    "plot_robustness",
    "plot_tau_trace",
    "plot_tipping_bias",
]
