"""`plot_rank`: whether the chains of a sampled fit agree, by ArviZ."""

from __future__ import annotations

import math
from collections.abc import Hashable

import arviz_plots
from arviz_base.labels import MapLabeller
from arviz_plots import PlotCollection

from bayes_ps.diagnostics import diagnose
from bayes_ps.plots.captions import engine_of
from bayes_ps.plots.description import described
from bayes_ps.plots.sampler import Frame, need_chains
from bayes_ps.plots.style import journal
from bayes_ps.posterior import Fit

NAMES: dict[Hashable, Hashable] = {
    "mu": "Mean effect",
    "beta": "Coefficient",
    "tau": "Between-study SD (tau)",
}
PANEL, COLUMNS, LEAST = 1.5, 3, 50


def plot_rank(fit: Fit) -> PlotCollection:
    """Rank plot of the mean effect, or of the coefficients, and of tau: do the chains agree?

    Parameters
    ----------
    fit : by NUTS.

    Returns
    -------
    PlotCollection
        Of :func:`arviz_plots.plot_rank`.

    Raises
    ------
    ModelError
        If nothing was sampled.

    Notes
    -----
    A line a chain: its excess of draws below each rank among those of all chains, around 0 if they
    agree. P tests that they do, for independent draws; so the draws are thinned to as many as the
    effective sample size first. Without that, sound chains get P < 0.001 again and again.
    Säilynoja et al. 2022, doi:10.1007/s11222-022-10090-6. Tests: ``tests/figures/test_plots.py``.
    """
    need_chains(fit, "posterior")
    posterior = fit.dt["posterior"].to_dataset()
    posterior = posterior[[name for name in NAMES if name in posterior]]
    every = _thinning(fit, posterior.sizes["draw"])
    panels = sum(int(variable[0, 0].size) for variable in posterior.values())
    frame = Frame(
        rows=math.ceil(panels / COLUMNS),
        panel=PANEL,
        top=0.45,
        note=f"{engine_of(fit)}, 1 in {every} shown. A line a chain: how far its share of the "
        "draws up to each rank is from that of all chains. p: how probable lines so far from 0 are "
        "if the chains agree; points mark where they do not.",
    )
    with journal():
        plot = arviz_plots.plot_rank(
            posterior.isel(draw=slice(None, None, every)),
            labeller=MapLabeller(NAMES),
            backend="matplotlib",
            col_wrap=COLUMNS,
            visuals={"ecdf_lines": {"width": 0.9}},
            figure_kwargs=frame.figure_kwargs,
        )
        frame.explain(plot)
    return described(plot, _spoken(fit, [str(name) for name in posterior]))


def _thinning(fit: Fit, draws: int) -> int:
    """Every how manieth draw leaves as many as the effective sample size, 50 a chain at least."""
    table = diagnose(fit).table
    chains = fit.dt["posterior"].sizes["chain"]
    ess = float(table[["ess_bulk", "ess_tail"]].min().min())
    return max(1, min(round(chains * draws / ess), draws // LEAST))


def _spoken(fit: Fit, shown: list[str]) -> str:
    chains = fit.dt["posterior"].sizes["chain"]
    names = ", ".join(str(NAMES[name]) for name in shown)
    return (
        f"Rank plot of {chains} chains, a panel for each of: {names}. Lines around 0 say that the "
        f"chains agree. {diagnose(fit)}"
    )
