"""The tipping point of bias, drawn."""

import matplotlib
import pytest
from pytest import approx

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import norm

import bayes_ps as bps
from bayes_ps.plots import alt_text
from bayes_ps.plots.bias_figure import plot_tipping_bias
from models import CommonEffect, priors
from tests.figures.test_plots import said, texts, untidy
from tests.unit.making import PAIN, fitted, made

MCID = bps.MCID(4, unit=PAIN.unit, source="doi:10/x", kind="between groups")
NAMES = [str(name) for name in PAIN.study]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.mark.parametrize("better", ["lower", "higher"])
def test_the_curve_and_its_crossing_in_closed_form(better):
    """All of one common effect are biased: P = Phi((y − b − MCID) / se)."""
    effects = made([-6.0] if better == "lower" else [6.0], [0.9], better=better)
    fit = fitted(effects, CommonEffect(priors.flat()))
    found = bps.tipping_bias(fit, MCID, high_risk=["A"], most=3)
    plot = plot_tipping_bias(found)
    assert plot.data["p"].values == approx(norm.cdf((2 - plot.data["bias"].values) / 0.9))
    x = 2 - 0.9 * norm.ppf(0.95)
    assert np.asarray(plot.viz["crossings"].item().get_offsets()) == approx(np.array([[x, 0.95]]))
    drawn = plot.viz["curve"].item()
    assert drawn.get_ydata() == approx(norm.cdf((2 - drawn.get_xdata()) / 0.9), abs=1e-9)
    assert f"P = 0.95 at a bias of {x:.3g} points (0-100)" in texts(plot)
    assert f"{x / 4:.2g} times the MCID" in texts(plot)
    assert "P(benefit ≥ MCID), mean effect" in texts(plot)
    assert str(found).splitlines()[0] in alt_text(plot)
    assert not untidy(plot)


def test_where_nothing_crosses():
    found = bps.tipping_bias(fitted(), bps.MCID(30, unit=PAIN.unit), high_risk=["A"])
    plot = plot_tipping_bias(found)
    assert not found.crossing and "It stays there" in said(plot)
    assert not untidy(plot)


def test_a_new_setting_without_an_mcid_and_many_trials_named():
    found = bps.tipping_bias(fitted(), cut=0.8, high_risk=NAMES[:3], target="new")
    plot = plot_tipping_bias(found)
    assert "P(any benefit), new setting" in texts(plot)
    assert "3 of 8 studies: A, B, C." in said(plot)
    assert not untidy(plot)


def test_an_uncertain_mcid():
    mcid = bps.MCID(priors.uniform(3, 5), unit=PAIN.unit)
    found = bps.tipping_bias(fitted(), mcid, high_risk=NAMES[:3])
    plot = plot_tipping_bias(found)
    assert "averages over its values" in said(plot)
    assert not untidy(plot)
