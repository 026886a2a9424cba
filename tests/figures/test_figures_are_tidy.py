"""Every figure over data of many shapes: each text lies on the page, and none covers another."""

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.text import Text

import bayes_ps as bps
from bayes_ps.plots import alt_text, plot_cumulative, plot_leave_one_out, plot_prior_sensitivity
from bayes_ps.plots.bias_figure import plot_tipping_bias
from bayes_ps.plots.density_labels import Densities
from bayes_ps.plots.outcomes_figure import plot_outcomes
from bayes_ps.plots.robustness_figure import plot_robustness
from bayes_ps.robustness.band import mcid_band
from bayes_ps.sensitivity import cumulative, leave_one_out
from bayes_ps.sensitivity import priors as prior_grid
from models import RandomEffects, priors
from tests.figures.test_plots import figure, untidy
from tests.unit.making import made


def data_of(k):
    """SMDs of studies with long names, or ratios where k is 13."""
    rng = np.random.default_rng(k)
    names = [f"A rather long name of a study group, {1990 + i % 30} ({i})" for i in range(k)]
    y, se = rng.normal(-0.4, 0.3, k), rng.uniform(0.1, 0.4, k)
    kind = {"measure": "SMD", "unit": "SD units"}
    if k == 13:
        kind = {"measure": "OR", "unit": "log odds ratio"}
    return made(y, se, study=names, **kind)


FITS = {
    k: bps.fit(RandomEffects(priors.flat(), priors.half_normal(0.5)), data_of(k))
    for k in (1, 3, 13, 60, 131)
}


def mcids(fit):
    unit = fit.effects.unit
    return bps.MCID(0.2, unit=unit), bps.MCID(priors.uniform(0.1, 0.4), unit=unit)


def high(fit):
    return [str(name) for name in fit.effects.study[: max(1, fit.k // 3)]]


FIGURES = {
    "curve": lambda fit, mcid: bps.plot_mcid_curve(fit, mcid),
    "band": lambda fit, mcid: bps.plot_mcid_curve(fit, band=mcid_band(fit, mcid)),
    "robustness": lambda fit, mcid: plot_robustness(bps.robustness(fit, mcid)),
    "outcomes": lambda fit, mcid: plot_outcomes({"Pain": (fit, mcid), "Sleep": (fit, mcid)}),
    "bias": lambda fit, mcid: plot_tipping_bias(bps.tipping_bias(fit, mcid, high_risk=high(fit))),
    "prior": lambda fit, _: bps.plot_prior_posterior(fit),
    "priors": lambda fit, mcid: plot_prior_sensitivity(
        prior_grid(fit.effects, mu=[priors.flat()], tau=[fit.model.tau], mcid=mcid)
    ),
    "left out": lambda fit, mcid: plot_leave_one_out(leave_one_out(fit, mcid=mcid)),
    "cumulative": lambda fit, mcid: plot_cumulative(cumulative(fit, mcid=mcid)),
}
LISTS = ("left out", "cumulative")  # a row a study, drawn for 60 as for 131; none without one study
CASES = [
    (name, k, uncertain)
    for k, uncertain in ((1, False), (3, True), (13, True), (13, False), (60, False), (131, True))
    for name in FIGURES
    if name not in LISTS or 1 < k < 131
]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.mark.parametrize(("name", "k", "uncertain"), CASES)
def test_every_text_lies_on_the_page_and_covers_no_other(name, k, uncertain):
    plot = FIGURES[name](FITS[k], mcids(FITS[k])[uncertain])
    assert not untidy(plot)
    assert len(alt_text(plot)) > 60
    assert min(text.get_fontsize() for text in figure(plot).findobj(Text)) >= 8


@pytest.mark.parametrize("scale", [0.03, 0.1, 0.3, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("k", [1, 13, 60])
def test_the_densities_of_tau_are_named_where_no_curve_runs(k, scale):
    """The label of a prior that ends before the posterior begins was cut off at the right."""
    fit = bps.fit(RandomEffects(priors.flat(), priors.half_normal(scale)), FITS[k].effects)
    assert not untidy(bps.plot_prior_posterior(fit))


def test_a_name_finds_the_free_flank():
    x = np.linspace(0, 10, 101)
    falling, hill = np.exp(-x), 0.8 * np.exp(-((x - 6) ** 2))
    curves = Densities(x, np.array([falling, hill]), 1.1)
    prior = curves.flank(0, 0.5, (2.0, 0.1), ())
    assert prior.right and prior.x == pytest.approx(0.7)
    assert curves.flank(0, 0.5, (2.0, 0.1), (prior.box,)).box != prior.box
    crowded = Densities(x, np.array([falling, hill, np.full(101, 0.55)]), 0.6)
    corner = crowded.flank(0, 0.5, (9.0, 0.3), ())
    assert not corner.right and corner.box == pytest.approx((1, 10, 0.3, 0.6))
