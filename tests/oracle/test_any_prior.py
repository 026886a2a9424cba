"""Priors of an effect that no closed form covers: against quadrature over mu and tau by a grid."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import preliz
import pytest
from pytest import approx
from scipy import stats

import bayes_ps as bps
from bayes_ps.checks import ModelError
from bayes_ps.priors import Prior
from models import CommonEffect, MetaRegression, PooledEvidence, RandomEffects, ThreeLevel, priors
from tests.oracle.test_priors_of_effects import panels
from tests.unit.making import made

DATA = made([0.9, 0.2, 1.4, 0.6], [0.3, 0.25, 0.5, 0.4], better="higher")
TAU = priors.half_normal(0.5)


class Logistic(Prior):
    """What a user writes: a density, and what can be asked of it."""

    family = "logistic"
    parameters = ()
    support = (-np.inf, np.inf)
    proper = True

    def logpdf(self, x):
        return stats.logistic.logpdf(x, 0.2, 0.3)

    def cdf(self, x):
        return stats.logistic.cdf(x, 0.2, 0.3)

    def ppf(self, q):
        return stats.logistic.ppf(q, 0.2, 0.3)


WIDE = np.concatenate([[-4, -1.5], np.linspace(-0.6, 2.2, 15), [3.5, 6]])
# Each prior with the ends of panels on which the joint density is smooth.
MU = {
    "uniform": (priors.uniform(-0.5, 1.0), np.linspace(-0.5, 1.0, 11)),
    "half-normal": (priors.half_normal(0.5), np.linspace(0, 4, 25)),
    "gamma": (priors.gamma(3.0, 4.0), np.linspace(0, 5, 31)),
    "laplace": (preliz.Laplace(0.4, 0.3), np.concatenate([np.linspace(-3, 0.4, 20), WIDE[8:]])),
    "skew": (preliz.SkewNormal(0.0, 0.6, 3.0), np.linspace(-2.6, 4.4, 60)),
    "own": (Logistic(), np.unique(np.concatenate([WIDE, np.linspace(-5, 7, 25)]))),
}
EACH = pytest.mark.parametrize("name", MU)


@cache
def grid(name):
    """Gauss-Legendre panels over mu and tau: points, and the joint density with its weights."""
    edges = MU[name][1]
    near = np.append(0, np.geomspace(1e-6, 0.1, 11))  # steps near 0.5, the steeper the smaller tau
    edges = np.concatenate([edges, 0.5 - near, 0.5 + near])
    mu, dmu = panels(np.unique(edges[(edges >= min(MU[name][1]))]), 24)
    tau, dtau = panels(np.append(near, [0.3, 0.6, 1, 1.6, 2.5, 4]), 24)
    sd = np.sqrt(DATA.se**2 + tau[:, None] ** 2)
    own = fitted(name).model.mu.logpdf(mu)
    log_density = TAU.logpdf(tau)[:, None] + own
    for y, each in zip(DATA.y, sd.T, strict=True):
        log_density = log_density + stats.norm.logpdf(y, mu, each[:, None])
    return mu, tau, np.exp(log_density) * np.outer(dtau, dmu)


@cache
def fitted(name):
    return bps.fit(RandomEffects(MU[name][0], TAU), DATA)


@EACH
def test_mu_and_tau_equal_two_dimensional_quadrature(name):
    mu, tau, density = grid(name)
    total, fit = density.sum(), fitted(name)
    assert fit.log_evidence == approx(np.log(total), abs=1e-9)
    for marginal, value, axis in ((fit.marginal("mu"), mu, 0), (fit.marginal("tau"), tau, 1)):
        weight = density.sum(axis=axis) / total
        mean = weight @ value
        assert marginal.mean == approx(mean, abs=1e-9)
        assert marginal.sd == approx(np.sqrt(weight @ (value - mean) ** 2), abs=1e-9)
    edge = 0.5  # of panels
    below = density[:, mu < edge].sum() / total
    assert float(fit.marginal("mu").cdf(edge)) == approx(below, abs=1e-10)
    assert float(fit.marginal("mu").sf(edge)) == approx(1 - below, abs=1e-10)
    assert float(fit.marginal("mu").ppf(below)) == approx(edge, abs=1e-9)
    assert fit.posterior.error < 1e-9


@EACH
def test_true_effects_equal_two_dimensional_quadrature(name):
    mu, tau, density = grid(name)
    fit, tau = fitted(name), tau[:, None]
    share = density / density.sum()
    new = stats.norm.cdf((0.3 - mu) / np.hypot(tau, 0.2))  # a study of that error there
    assert float(fit.predictive(se=0.2).cdf(0.3)) == approx((share * new).sum(), abs=1e-10)
    v = 1 / (1 / DATA.se[0] ** 2 + 1 / tau**2)
    theta = v * (DATA.y[0] / DATA.se[0] ** 2 + mu / tau**2)
    assert fit.study("A").mean == approx((share * theta).sum(), abs=1e-9)
    beyond = (share * stats.norm.sf((0.5 - theta) / np.sqrt(v))).sum()
    assert float(fit.study("A").sf(0.5)) == approx(beyond, abs=1e-10)
    settings = stats.norm.sf((0.5 - mu) / tau)  # the share of them beyond 0.5
    found = fit.share(0.5)
    mean = (share * settings).sum()
    assert found.mean == approx(mean, abs=1e-10)
    assert found.sd == approx(np.sqrt((share * (settings - mean) ** 2).sum()), abs=1e-9)


@EACH
def test_quantiles_invert_the_distribution_function(name):
    fit, q = fitted(name), np.array([1e-6, 0.025, 0.3, 0.5, 0.9, 0.999])
    for asked in (fit.marginal("mu"), fit.marginal("tau"), fit.study("C"), fit.predictive()):
        x = asked.ppf(q)
        assert (np.diff(x) > 0).all() and asked.cdf(x) == approx(q, abs=1e-11)
        step = 1e-5 * asked.sd
        slope = (asked.cdf(x[1:5] + step) - asked.cdf(x[1:5] - step)) / (2 * step)
        assert asked.pdf(x[1:5]) == approx(slope, rel=1e-6)
    low, high = fit.model.mu.support
    assert (fit.marginal("mu").draws >= low).all() and (fit.marginal("mu").draws <= high).all()


@EACH
def test_draws_follow_the_marginals(name):
    fit = fitted(name)
    for asked in (fit.marginal("mu"), fit.marginal("tau"), fit.study("B"), fit.predictive()):
        assert stats.kstest(asked.draws[:, ::4].ravel(), asked.cdf).pvalue > 1e-4


def test_a_known_density_given_as_any_other_changes_nothing():
    """PreliZ' Normal and StudentT take the second quadrature; ours are closed form, or mixtures."""
    for any_other, ours in (
        (preliz.Normal(0.2, 0.4), priors.normal(0.2, 0.4)),
        (preliz.StudentT(3, 0.0, 0.4), priors.student_t(3, 0.0, 0.4)),
        (preliz.Cauchy(0.1, 0.7), priors.cauchy(0.1, 0.7)),
    ):
        one, other = (bps.fit(RandomEffects(prior, TAU), DATA) for prior in (any_other, ours))
        assert one.log_evidence == approx(other.log_evidence, abs=1e-10)
        questions = (
            lambda fit: fit.marginal("mu"),
            lambda fit: fit.marginal("tau"),
            lambda fit: fit.study("D"),
            lambda fit: fit.predictive(),
        )
        for asked in questions:
            x = asked(other).ppf([0.025, 0.5, 0.975])
            assert asked(one).cdf(x) == approx([0.025, 0.5, 0.975], abs=1e-10)
        assert one.share(0.4).mean == approx(other.share(0.4).mean, abs=1e-10)
        weights = [bps.study_weights(fit) for fit in (one, other)]
        np.testing.assert_allclose(*weights, atol=1e-10)


def test_a_common_effect_and_a_regression():
    mu, dmu = panels(np.linspace(-2.6, 4.4, 60), 24)
    density = np.exp(stats.norm.logpdf(DATA.y[:, None], mu, DATA.se[:, None]).sum(axis=0)) * dmu
    prior = preliz.SkewNormal(0.0, 0.6, 3.0)
    common = bps.fit(CommonEffect(prior), DATA)
    density *= np.exp(common.model.mu.logpdf(mu))
    assert common.marginal("mu").mean == approx(density @ mu / density.sum(), abs=1e-10)
    assert common.log_evidence == approx(np.log(density.sum()), abs=1e-10)
    dosed = DATA.with_data(pd.DataFrame({"dose": [10.0, 20, 30, 40]}))
    given = {"intercept": priors.normal(0, 2), "dose": preliz.Normal(0.01, 0.05)}
    closed = given | {"dose": priors.normal(0.01, 0.05)}
    one, other = (bps.fit(MetaRegression(["dose"], each, TAU), dosed) for each in (given, closed))
    assert one.log_evidence == approx(other.log_evidence, abs=1e-10)
    for name in ("beta[intercept]", "beta[dose]"):
        x = other.marginal(name).ppf([0.1, 0.5, 0.9])
        assert one.marginal(name).cdf(x) == approx([0.1, 0.5, 0.9], abs=1e-10)


def test_what_is_refused():
    laplace = preliz.Laplace(0.0, 1.0)
    trials = DATA.with_data(pd.DataFrame({"trial": list("aabc")}))
    with pytest.raises(ModelError, match=r"not beside half_normal\(0.3\) of omega"):
        bps.fit(ThreeLevel("trial", laplace, TAU, priors.half_normal(0.3)), trials)
    with pytest.raises(ModelError, match="takes a proper prior of mu"):
        bps.fit(RandomEffects(priors.improper_uniform(), TAU), DATA)


class TwiceTooMuch(Logistic):
    def logpdf(self, x):
        return super().logpdf(x) + np.log(2)


def test_a_density_that_does_not_integrate_to_1_is_refused():
    with pytest.raises(ModelError, match="integrates to 2 by quadrature, not to 1"):
        bps.fit(RandomEffects(TwiceTooMuch(), TAU), DATA)


@pytest.mark.parametrize("factor", [1e-6, 1e6])
def test_a_unit_scales_everything(factor):
    scaled = made(DATA.y * factor, DATA.se * factor, better="higher")
    one = fitted("laplace")
    other = bps.fit(
        RandomEffects(preliz.Laplace(0.4 * factor, 0.3 * factor), priors.half_normal(0.5 * factor)),
        scaled,
    )
    for asked in (lambda f: f.marginal("mu"), lambda f: f.predictive(), lambda f: f.study("A")):
        q = [0.01, 0.5, 0.99]
        assert asked(other).ppf(q) == approx(asked(one).ppf(q) * factor, rel=1e-9)
    assert other.log_evidence == approx(one.log_evidence - DATA.k * np.log(factor), abs=1e-9)


def test_a_published_pool_takes_any_prior():
    pooled = made([0.6], [0.2], better="higher")
    prior = preliz.Laplace(0.0, 0.4)
    fit = bps.fit(PooledEvidence(prior, TAU), pooled)
    mu, dmu = panels(np.concatenate([np.linspace(-3, 0, 10), np.linspace(0, 4, 20)]), 24)
    density = stats.laplace.pdf(mu, 0, 0.4) * stats.norm.pdf(0.6, mu, 0.2) * dmu
    assert fit.marginal("mu").mean == approx(density @ mu / density.sum(), abs=1e-9)
