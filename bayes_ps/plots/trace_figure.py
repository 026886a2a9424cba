"""`plot_tau_trace`: what each study's effect, and their mean, would be if tau were known."""

from __future__ import annotations

import numpy as np
import xarray as xr
from arviz_plots import PlotCollection

from bayes_ps.checks import ModelError
from bayes_ps.effects import Effects
from bayes_ps.plots import lettering
from bayes_ps.plots.captions import about
from bayes_ps.plots.densities import tau_density
from bayes_ps.plots.description import described
from bayes_ps.plots.page import Page, panel, write
from bayes_ps.plots.scale import scale_of
from bayes_ps.plots.spreading import spread
from bayes_ps.plots.style import INK, LINE, MEAN, RULE, SETTING, TAU, journal
from bayes_ps.posterior import Fit, tau_trace

ESTIMATES, DENSITY = "estimates", "density"
LEFT, BOTTOM, NAME_WIDTH, LEAST_HIGH = 0.7, 0.55, 1.7, 2.8
MEAN_EFFECT = "Mean effect"


def plot_tau_trace(fit: Fit) -> PlotCollection:
    """Estimates given tau, of every study and of the mean effect, over the posterior of tau.

    Parameters
    ----------
    fit : of a Gaussian model without moderators, by either engine.

    Returns
    -------
    PlotCollection
        ``plot.data`` holds ``theta`` (study, tau), ``mu``, ``mu_sd`` and ``density`` (tau).

    Raises
    ------
    ModelError
        If the model has no tau, has moderators, or sees no studies behind a published pool.

    Notes
    -----
    At tau = 0 all studies have one effect; the larger tau is, the more each keeps its own estimate.
    Read it above the values of tau that the density below calls probable. Rubin 1981,
    doi:10.3102/10769986006004377. Tests: ``tests/figures/test_plots.py``.
    """
    if not fit.studies:
        raise ModelError("Behind a published pool there are no studies to trace.")
    data = _asked(fit)
    names = [lettering.wrapped(str(name), NAME_WIDTH) for name in data["study"].values]
    with journal():
        page = _page(names, _label(fit.effects), _notes(fit))
        plot = page.open(data)
        _draw_axes(plot, page, data, fit.effects)
        _draw_estimates(plot, data)
        _draw_density(plot, data)
        _draw_names(plot, page, data, names)
    return described(plot, _spoken(data, fit))


def _asked(fit: Fit) -> xr.Dataset:
    """The traces, and the posterior density of tau."""
    trace = tau_trace(fit)
    return xr.Dataset(
        {
            "theta": (("study", "tau"), trace.theta.T),
            "mu": ("tau", trace.mu),
            "mu_sd": ("tau", trace.mu_sd),
            "density": ("tau", tau_density(fit, trace.tau)),
            "median": fit.marginal("tau").median,
        },
        coords={"study": list(trace.study), "tau": trace.tau},
    )


def _page(names: list[str], label: str, notes: tuple[str, ...]) -> Page:
    """As high as the names need, with room for them on the right."""
    high = float(_heights(names).sum()) + 0.1
    widest = max(lettering.widest(names), lettering.width(MEAN_EFFECT, bold=True))
    return Page(
        ((ESTIMATES, max(LEAST_HIGH, high)), (DENSITY, 0.8)),
        left=LEFT + LINE * label.count("\n"),
        right=_leader(names) + widest + 0.1,
        bottom=BOTTOM,
        gap=0.12,
        notes=notes,
    )


def _heights(names: list[str]) -> np.ndarray:
    """Of the names and, last, of that of the mean effect, in inches."""
    return np.array([LINE * (name.count("\n") + 1) for name in (*names, MEAN_EFFECT)])


def _label(effects: Effects) -> str:
    """Of the vertical axis, in lines that the panel has room for."""
    return lettering.wrapped(scale_of(effects).label, LEAST_HIGH)


def _leader(names: list[str]) -> float:
    """Width of the lines from the curves to the names: the more there are, the steeper they get."""
    return min(0.2 + 0.01 * len(names), 0.8)


def _draw_axes(plot: PlotCollection, page: Page, data: xr.Dataset, effects: Effects) -> None:
    above, below, scale = panel(plot, ESTIMATES), panel(plot, DENSITY), scale_of(effects)
    ends = np.concatenate([data["theta"].values.ravel(), *_band(data)])
    margin = 0.03 * float(np.ptp(ends))
    low, high = float(ends.min()) - margin, float(ends.max()) + margin
    above.set_ylim(low, high)
    above.set_yticks(*scale.ticks(low, high, page.panels[0][1], upright=True))
    above.set_ylabel(_label(effects), parse_math=False)
    above.set_xticklabels([])
    below.set_yticks([])
    below.set_ylim(0, 1.08 * float(np.nanmax(data["density"].values)))
    below.set_ylabel("Density")
    for axes in (above, below):
        axes.set_xlim(0, float(data["tau"][-1]))
        axes.tick_params(length=2.5, pad=2)
        axes.axvline(float(data["median"]), color=RULE, linewidth=0.8, linestyle="--", zorder=0)
    middle = (page.left + page.inner / 2, page.floor + 0.33)
    write(plot, "xlabel", f"Between-study SD (tau), {effects.unit}", at=middle, align="center")


def _band(data: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """95 % interval of the mean effect given tau."""
    mu, reach = data["mu"].values, 1.96 * data["mu_sd"].values
    return mu - reach, mu + reach


def _draw_estimates(plot: PlotCollection, data: xr.Dataset) -> None:
    axes, tau = panel(plot, ESTIMATES), data["tau"].values
    axes.fill_between(tau, *_band(data), color=MEAN, alpha=0.12, linewidth=0)
    lines = axes.plot(tau, data["theta"].values.T, color=SETTING, linewidth=0.9)
    (mean,) = axes.plot(tau, data["mu"].values, color=MEAN, linewidth=2.2, zorder=4)
    plot.viz["theta"] = xr.DataArray(np.array(lines, dtype=object), dims="study")
    plot.viz["mu"] = xr.DataArray(mean)


def _draw_density(plot: PlotCollection, data: xr.Dataset) -> None:
    axes, tau = panel(plot, DENSITY), data["tau"].values
    axes.fill_between(tau, data["density"].values, color=TAU, alpha=0.15, linewidth=0)
    (line,) = axes.plot(tau, data["density"].values, color=TAU)
    plot.viz["density"] = xr.DataArray(line)


def _draw_names(plot: PlotCollection, page: Page, data: xr.Dataset, names: list[str]) -> None:
    """At the right end, spread so that none covers another, each led back to its curve."""
    axes, height = panel(plot, ESTIMATES), page.panels[0][1]
    low, high = axes.get_ylim()
    ends = np.append(data["theta"].values[:, -1], data["mu"].values[-1])
    inches = (ends - low) / (high - low) * height
    places = spread(inches, _heights(names), 0.0, height)
    across, leader = axes.get_yaxis_transform(), _leader(names)
    for n, name in enumerate((*names, MEAN_EFFECT)):
        mean = n == len(names)
        color = MEAN if mean else SETTING
        at = 1 + (leader - 0.04) / page.inner
        to = low + places[n] / height * (high - low)
        axes.plot(
            [1.005, at], [ends[n], to], transform=across, color=color, linewidth=0.5, clip_on=False
        )
        axes.text(
            1 + leader / page.inner,
            to,
            name,
            transform=across,
            color=color if mean else INK,
            fontweight="bold" if mean else "normal",
            verticalalignment="center",
            parse_math=False,
        )


def _notes(fit: Fit) -> tuple[str, ...]:
    notes = [
        about(fit),
        "Thin lines: mean of each study's true effect given tau. Thick line and band: mean and 95% "
        "interval of the mean effect given tau. Dashed: posterior median of tau.",
    ]
    return (*notes, *(f"Note: {warning}" for warning in fit.warnings))


def _spoken(data: xr.Dataset, fit: Fit) -> str:
    first, last = float(data["mu"][0]), float(data["mu"][-1])
    ends = data["theta"].values[:, -1]
    return (
        f"Effects of {fit.k} studies given the between-study standard deviation tau, from tau = 0, "
        f"where all are {first:.3g}, to tau = {float(data['tau'][-1]):.3g}, where they lie between "
        f"{ends.min():.3g} and {ends.max():.3g} {fit.effects.unit} and their mean is {last:.3g}. "
        f"The posterior median of tau is {float(data['median']):.3g}."
    )
