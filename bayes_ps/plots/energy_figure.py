"""`plot_energy`: whether a sampled fit reached the tails of the posterior, by ArviZ."""

from __future__ import annotations

import arviz_plots
from arviz_plots import PlotCollection
from matplotlib.ticker import MaxNLocator

from bayes_ps.diagnostics import diagnose
from bayes_ps.plots.captions import engine_of
from bayes_ps.plots.description import described
from bayes_ps.plots.sampler import Frame, need_chains
from bayes_ps.plots.style import MEAN, SETTING, journal
from bayes_ps.posterior import Fit

PANEL = 1.9
NAMES = (("Energy", SETTING), ("Change from draw to draw, dashed", MEAN))


def plot_energy(fit: Fit) -> PlotCollection:
    """Energy of the draws: did the sampler reach the tails of the posterior?

    Parameters
    ----------
    fit : by NUTS.

    Returns
    -------
    PlotCollection
        Of :func:`arviz_plots.plot_energy`: E-BFMI of each chain, and the two densities.

    Raises
    ------
    ModelError
        If nothing was sampled.

    Notes
    -----
    If energy changes much less from draw to draw than it varies, an E-BFMI below 0.3, the chains
    take long to reach the tails. Betancourt 2016, arXiv:1604.00695.
    Tests: ``tests/figures/test_plots.py``.
    """
    need_chains(fit, "sample_stats")
    frame = Frame(
        rows=1,
        panel=PANEL,
        top=0.1,
        note=f"{engine_of(fit)}. E-BFMI above 0.3 (dashed) is wanted: the change of the energy "
        "from draw to draw should spread about as widely as the energy itself.",
    )
    with journal():
        plot = arviz_plots.plot_energy(
            fit.dt,
            backend="matplotlib",
            visuals={"legend": False},
            aes={"color": ["energy"], "linestyle": ["energy"]},
            color=[color for _, color in NAMES],
            linestyle=["-", "--"],
            figure_kwargs=frame.figure_kwargs | {"width_ratios": [1, 3]},
        )
        _name(plot)
        frame.explain(plot)
    return described(plot, f"Energy plot. {diagnose(fit)}")


def _name(plot: PlotCollection) -> None:
    """What each panel and each density is."""
    bfmi, energy = (plot.get_target(None, {"column": name}) for name in ("bfmi", "energy"))
    bfmi.set_title("")
    bfmi.set_xlabel("E-BFMI")
    bfmi.yaxis.set_major_locator(MaxNLocator(integer=True))
    energy.set_xlabel("Energy, its mean taken as 0")
    for row, (text, color) in enumerate(NAMES):
        energy.text(1, 0.95 - 0.1 * row, text, transform=energy.transAxes, color=color, ha="right")
