"""`plot_prior_posterior`: what was believed of tau before the studies, and what is after them."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from arviz_plots import PlotCollection

from bayes_ps.checks import ModelError
from bayes_ps.plots import lettering
from bayes_ps.plots.captions import about
from bayes_ps.plots.densities import finite, tau_density
from bayes_ps.plots.density_labels import Box, Densities
from bayes_ps.plots.description import described
from bayes_ps.plots.page import Page, panel, write
from bayes_ps.plots.style import DATA, TAU, journal
from bayes_ps.posterior import Fit

DENSITY, HEIGHT, BOTTOM = "density", 2.3, 0.55
PRIOR, POSTERIOR = "Prior", "Posterior"
ROOM = 0.22
"""Inches that a name takes upwards."""
WANTED = {PRIOR: 0.4, POSTERIOR: 0.55}
"""At which share of its height a density is named."""
QUANTILES, POINTS = (0.5, 0.025, 0.975), 801


def plot_prior_posterior(fit: Fit) -> PlotCollection:
    """Prior and posterior density of tau, the between-study standard deviation.

    Parameters
    ----------
    fit : with a tau, by either engine.

    Returns
    -------
    PlotCollection
        ``plot.data`` holds ``density`` (which, tau) and ``quantiles`` (which, quantile).

    Raises
    ------
    ModelError
        If the model has no tau.

    Notes
    -----
    Where the two look alike the studies say little of tau, and the prior decides how far a new
    setting may lie from the mean. Exact fits have exact densities; that of draws is ArviZ's kernel
    density estimate. Tests: ``tests/figures/test_plots.py``.
    """
    if not fit.has_tau:
        raise ModelError("This model has no tau, so there is no prior of it to compare.")
    prior = _prior_of(fit)
    data = _asked(fit, prior)
    with journal():
        page = Page(((DENSITY, HEIGHT),), left=0.3, bottom=BOTTOM, notes=_notes(fit, prior))
        plot = page.open(data)
        _draw_axis(plot, page, data, fit.effects.unit)
        _draw_densities(plot, page, data, known=bool(fit.studies))
    return described(plot, _spoken(data, fit))


def _prior_of(fit: Fit) -> Any:
    """The prior of tau, or None if it is not known or has no density."""
    component = fit.hierarchy.component if fit.hierarchy is not None else None
    prior = getattr(fit.model, "tau", None) if component is None else component.prior
    return prior if getattr(prior, "proper", False) else None


def _asked(fit: Fit, prior: Any) -> xr.Dataset:
    """Densities over an axis that holds the posterior, and what it can of the prior."""
    posterior = fit.marginal("tau")
    end = float(posterior.ppf(0.995))
    if prior is not None:
        end = max(end, min(float(prior.ppf(0.975)), 2.5 * end))
    tau = np.linspace(0, end, POINTS)
    q = np.array(QUANTILES)
    found = {POSTERIOR: (tau_density(fit, tau), posterior.ppf(q))}
    if prior is not None:
        with np.errstate(all="ignore"):
            found = {PRIOR: (finite(np.exp(prior.logpdf(tau))), prior.ppf(q))} | found
    return xr.Dataset(
        {
            "density": (("which", "tau"), np.array([d for d, _ in found.values()])),
            "quantiles": (("which", "quantile"), np.array([q for _, q in found.values()])),
        },
        coords={"which": list(found), "tau": tau, "quantile": list(QUANTILES)},
    )


def _draw_axis(plot: PlotCollection, page: Page, data: xr.Dataset, unit: str) -> None:
    axes = panel(plot, DENSITY)
    end = float(data["tau"][-1])
    peak = data["density"].max("tau").values
    axes.set_xlim(0, end)
    axes.set_ylim(0, 1.08 * min(float(peak.max()), 1.6 * float(peak[-1])))
    axes.set_yticks([])
    axes.set_ylabel("Density")
    axes.tick_params(length=2.5, pad=2)
    label = (page.left + page.inner / 2, page.floor + 0.33)
    write(plot, "xlabel", f"Between-study SD (tau), {unit}", at=label, align="center")


def _draw_densities(plot: PlotCollection, page: Page, data: xr.Dataset, *, known: bool) -> None:
    """Prior dashed, posterior filled; each named with its median and interval."""
    axes = panel(plot, DENSITY)
    x, density, top = data["tau"].values, data["density"].values, axes.get_ylim()[1]
    curves, taken = Densities(x, np.nan_to_num(density), top), list[Box]()
    for n, which in enumerate(map(str, data["which"].values)):
        color = DATA if which == PRIOR else TAU
        (line,) = axes.plot(x, density[n], color=color, linestyle="--" if which == PRIOR else "-")
        plot.viz[which.lower()] = xr.DataArray(line)
        if which == POSTERIOR:
            axes.fill_between(x, density[n], color=color, alpha=0.15, linewidth=0)
        if known or which == POSTERIOR:
            label = _label(which if known else "Prior and posterior", data, n)
            size = (lettering.width(label) + 0.1) / page.inner * x[-1], ROOM / HEIGHT * top
            flank = curves.flank(n, WANTED[which] * float(np.nanmax(density[n])), size, taken)
            flank.write(axes, label, color)
            taken.append(flank.box)


def _label(name: str, data: xr.Dataset, n: int) -> str:
    """As in ``Posterior: 2.73 [0.21, 6.88]``."""
    middle, low, high = map(float, data["quantiles"].values[n])
    return f"{name}: {lettering.interval(middle, low, high, lettering.places(high - low))}"


def _notes(fit: Fit, prior: Any) -> tuple[str, ...]:
    notes = [f"{about(fit)} Numbers: median [95% central interval]."]
    if prior is None:
        notes.append("The prior of tau has no density to draw: it is improper, or not known.")
    if not fit.studies:
        notes.append("A published pool says nothing of tau: its posterior is its prior.")
    return (*notes, *(f"Note: {warning}" for warning in fit.warnings))


def _spoken(data: xr.Dataset, fit: Fit) -> str:
    said = [_label(str(which), data, n) for n, which in enumerate(data["which"].values)]
    return (
        f"Densities of the between-study standard deviation tau in {fit.effects.unit}. "
        f"{'; '.join(said)} (median and 95% central interval)."
    )
