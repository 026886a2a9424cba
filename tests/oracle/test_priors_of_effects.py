"""Priors of an effect that are integrated around: against quadrature over mu and tau by scipy."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from scipy import stats

import bayes_ps as bps
from models import CommonEffect, MetaRegression, RandomEffects, priors
from tests.unit.making import made

DATA = made([0.9, 0.2, 1.4, 0.6], [0.3, 0.25, 0.5, 0.4], better="higher")
TAU = priors.half_normal(0.5)
MU = {
    "student-t": priors.student_t(3, 0, 0.4),
    "cauchy": priors.cauchy(0, 0.7),
    "robust": priors.mixture([(0.8, priors.normal(0, 0.1)), (0.2, priors.normal(0, 2))]),
    "mixed": priors.mixture([(0.5, priors.student_t(4, 1, 0.2)), (0.5, priors.normal(0, 1))]),
}
EACH = pytest.mark.parametrize("name", MU)


@cache
def grid(name):
    """Gauss-Legendre panels over mu and tau: points, and the joint density with its weights."""
    mu, dmu = panels(np.concatenate([[-4, -1.5], np.linspace(-0.6, 2.2, 15), [3.5, 6]]), 24)
    tau, dtau = panels(np.array([0, 0.02, 0.1, 0.3, 0.6, 1, 1.6, 2.5, 4]), 24)
    sd = np.sqrt(DATA.se**2 + tau[:, None] ** 2)
    log_density = TAU.logpdf(tau)[:, None] + MU[name].logpdf(mu)
    log_density = log_density + sum(
        stats.norm.logpdf(y, mu, sd[:, [i]]) for i, y in enumerate(DATA.y)
    )
    return mu, tau, np.exp(log_density) * np.outer(dtau, dmu)


def panels(edges, points):
    x, w = np.polynomial.legendre.leggauss(points)
    half = np.diff(edges)[:, None] / 2
    return (edges[:-1, None] + half * (1 + x)).ravel(), (half * w).ravel()


@EACH
def test_mu_and_tau_equal_two_dimensional_quadrature(name):
    mu, tau, density = grid(name)
    total = density.sum()
    fit = bps.fit(RandomEffects(MU[name], TAU), DATA)
    assert fit.log_evidence == approx(np.log(total), abs=1e-9)
    assert fit.marginal("mu").mean == approx((density @ mu).sum() / total, abs=1e-9)
    assert fit.marginal("mu").sd == approx(
        np.sqrt((density @ mu**2).sum() / total - ((density @ mu).sum() / total) ** 2), abs=1e-8
    )
    assert fit.marginal("tau").mean == approx((tau @ density).sum() / total, abs=1e-9)
    inside = mu < 2.2 - 2.8 / 14 * 8  # an edge of the panels, so that the sum is the integral
    assert float(fit.marginal("mu").cdf(0.6)) == approx(density[:, inside].sum() / total, abs=1e-9)
    new = stats.norm.cdf((0.3 - mu) / np.hypot(tau[:, None], 0.2))  # a study of that error there
    study = fit.predictive(se=0.2)
    assert float(study.cdf(0.3)) == approx((density * new).sum() / total, abs=1e-9)
    assert fit.posterior.error < 1e-9


@EACH
def test_a_true_effect_is_shrunken_as_quadrature_says(name):
    mu, tau, density = grid(name)
    w = 1 / (1 + (tau[:, None] / DATA.se[0]) ** 2)
    theta = DATA.y[0] + w * (mu - DATA.y[0])
    want = (density * theta).sum() / density.sum()
    fit = bps.fit(RandomEffects(MU[name], TAU), DATA)
    assert fit.study("A").mean == approx(want, abs=1e-9)


def test_a_student_t_of_many_degrees_of_freedom_is_a_normal():
    far, near = (
        bps.fit(RandomEffects(prior, TAU), DATA)
        for prior in (priors.student_t(1e4, 0.3, 0.5), priors.normal(0.3, 0.5))
    )
    at = [0.025, 0.5, 0.975]
    assert far.marginal("mu").ppf(at) == approx(near.marginal("mu").ppf(at), abs=1e-4)
    assert far.log_evidence == approx(near.log_evidence, abs=1e-4)


def test_a_common_effect_under_a_t_prior():
    prior = priors.student_t(5, 0, 0.43)
    mu, dmu = panels(np.linspace(-3, 4, 60), 16)
    density = dmu * np.exp(
        prior.logpdf(mu) + stats.norm.logpdf(DATA.y[:, None], mu, DATA.se[:, None]).sum(0)
    )
    fit = bps.fit(CommonEffect(prior), DATA)
    assert fit.log_evidence == approx(np.log(density.sum()), abs=1e-10)
    assert fit.marginal("mu").mean == approx(density @ mu / density.sum(), abs=1e-10)


def test_a_coefficient_under_a_t_prior_beside_a_flat_one():
    """The others are integrated in closed form, so one-dimensional quadrature is left."""
    data = DATA.with_data(pd.DataFrame({"dose": [1.0, 2, 3, 5]}))
    slope = priors.student_t(4, 0, 0.2)
    model = MetaRegression(["dose"], {"intercept": priors.flat(), "dose": slope}, priors.point(0))
    flat = MetaRegression(["dose"], priors.flat(), priors.point(0))
    alone = bps.fit(flat, data).marginal("beta[dose]")
    b, db = panels(np.linspace(-3, 3, 80), 16)
    density = db * np.exp(slope.logpdf(b)) * alone.pdf(b)
    fit = bps.fit(model, data)
    assert fit.marginal("beta[dose]").mean == approx(density @ b / density.sum(), abs=1e-10)


def test_a_fixed_effect_stays_where_it_is():
    fit = bps.fit(RandomEffects(priors.point(0), TAU), DATA, seed=1)
    assert fit.marginal("mu").interval() == (0, 0) and fit.marginal("mu").sd == 0
    tau, dtau = panels(np.array([0, 0.1, 0.3, 0.6, 1, 1.6, 2.5, 4]), 24)
    sd = np.sqrt(DATA.se**2 + tau[:, None] ** 2)
    density = dtau * np.exp(TAU.logpdf(tau) + stats.norm.logpdf(DATA.y, 0, sd).sum(1))
    assert fit.log_evidence == approx(np.log(density.sum()), abs=1e-11)
    assert fit.marginal("tau").mean == approx(density @ tau / density.sum(), abs=1e-10)
    assert (fit.dt["posterior"]["mu"] == 0).all()


def test_tau_fixed_at_0_is_a_common_effect():
    fixed = bps.fit(RandomEffects(priors.normal(0, 1), priors.point(0)), DATA)
    alone = bps.fit(CommonEffect(priors.normal(0, 1)), DATA)
    assert fixed.log_evidence == approx(alone.log_evidence, abs=1e-13)
    assert fixed.marginal("mu").interval() == approx(alone.marginal("mu").interval(), abs=1e-13)
