"""Three levels against two-dimensional quadrature, and against random effects where they meet."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from pytest import approx

import bayes_ps as bps
from models import RandomEffects, ThreeLevel, priors
from tests import references
from tests.references_bayes import mu_prior, tau_prior
from tests.unit.making import made

SCHOOLS = references.expected("konstantopoulos")["three_level"]["bayes"]
EACH = pytest.mark.parametrize("number", range(len(SCHOOLS)))


@cache
def fitted(number):
    """Konstantopoulos 2011: 56 schools in 11 districts."""
    want = SCHOOLS[number]
    given = {name: tau_prior(prior) for name, prior in want["tau_priors"].items()}
    model = ThreeLevel("district", mu_prior(want["mu_prior"]), given["between"], given["within"])
    effects = references.effects("konstantopoulos")
    data = references.table("konstantopoulos")[["district"]]
    return bps.fit(model, effects.with_data(data))


@EACH
def test_schools_in_districts_equal_the_reference(number):
    """The reference has 90 000 nodes and an error of about 1e-9."""
    fit, want = fitted(number), SCHOOLS[number]
    assert fit.log_evidence == approx(want["log_integrated_likelihood"], abs=1e-9)
    asked = {
        "mu": fit.marginal("mu"),
        "theta_new_cluster_new_unit": fit.predictive(),
        "tau_between": fit.marginal("tau"),
        "tau_within": fit.marginal("omega"),
    }
    for name, marginal in asked.items():
        values = dict(want[name])
        assert marginal.mean == approx(values.pop("mean"), abs=1e-9 * marginal.sd)
        assert marginal.sd == approx(values.pop("sd"), rel=1e-9)
        assert marginal.median == approx(values.pop("median"), abs=1e-8 * marginal.sd)
        if "p_gt_0" in values:
            assert float(marginal.sf(0.0)) == approx(values.pop("p_gt_0"), abs=1e-9)
        for key, value in values.items():
            assert marginal.ppf(float(f"0.{key[1:]}")) == approx(value, abs=1e-8 * marginal.sd)
    assert fit.posterior.error < 1e-9


SMALL = made([0.3, 0.5, -0.2, 0.1, 0.9], [0.2, 0.3, 0.25, 0.2, 0.4]).with_data(
    pd.DataFrame({"trial": ["a", "a", "b", "b", "c"]})
)
MODEL = ThreeLevel("trial", priors.normal(0, 1), priors.half_normal(0.5), priors.half_cauchy(0.3))


def by_brute_force(points):
    """Gauss-Legendre over tau and omega and dense matrices: evidence, E(mu), E(theta)."""
    x, w = np.polynomial.legendre.leggauss(points)
    u, du = 0.5 + 0.5 * x, 0.5 * w  # scale = s u / (1 - u): the whole half line
    scale, jacobian = 0.3 * u / (1 - u), 0.3 * du / (1 - u) ** 2
    weight = np.outer(
        jacobian * np.exp(MODEL.tau.logpdf(scale)), jacobian * np.exp(MODEL.omega.logpdf(scale))
    )
    Z = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1.0]])
    tau2, omega2 = scale[:, None, None, None] ** 2, scale[:, None, None] ** 2
    S = np.diag(SMALL.se**2) + tau2 * (Z @ Z.T) + omega2 * np.eye(5)
    with_mu = S + 1.0
    square = np.einsum("i,abij,j->ab", SMALL.y, np.linalg.inv(with_mu), SMALL.y)
    density = np.exp(-0.5 * (square + np.linalg.slogdet(2 * np.pi * with_mu)[1])) * weight
    inverse = np.linalg.inv(S)
    mean = inverse.sum(-2) @ SMALL.y / (inverse.sum((-1, -2)) + 1)
    off = np.einsum("abij,abj->abi", inverse, SMALL.y - mean[..., None])
    theta = SMALL.y - SMALL.se**2 * off
    total = density.sum()
    return (
        np.log(total),
        (density * mean).sum() / total,
        (density[..., None] * theta).sum((0, 1)) / total,
    )


def test_a_small_one_equals_brute_force():
    fit = bps.fit(MODEL, SMALL)
    log_evidence, mean, theta = by_brute_force(120)
    assert fit.log_evidence == approx(log_evidence, abs=1e-10)
    assert fit.marginal("mu").mean == approx(mean, abs=1e-10)
    assert [fit.study(name).mean for name in SMALL.study] == approx(theta, abs=1e-10)


def test_without_deviations_within_it_is_a_random_effect_of_clusters():
    """omega = 0 and two estimates a cluster: the same as pooling each cluster first."""
    fixed = ThreeLevel("trial", priors.flat(), priors.half_normal(0.5), priors.point(0))
    data = pd.DataFrame({"trial": ["a", "a", "b", "c"]})
    fit = bps.fit(fixed, made([1.0, 2, 0, 3], [1.0, 1, 0.5, 0.7]).with_data(data))
    pooled = made([1.5, 0, 3], [0.5**0.5, 0.5, 0.7])
    alone = bps.fit(RandomEffects(priors.flat(), priors.half_normal(0.5)), pooled)
    for name in ("mu", "tau"):
        at = alone.marginal(name).ppf([0.025, 0.5, 0.975])
        assert fit.marginal(name).ppf([0.025, 0.5, 0.975]) == approx(at, abs=1e-11)


def test_without_clusters_apart_it_is_random_effects():
    """tau = 0: estimates deviate by themselves."""
    fixed = replace_tau(MODEL, priors.point(0))
    fit = bps.fit(fixed, SMALL)
    alone = bps.fit(RandomEffects(MODEL.mu, MODEL.omega), SMALL)
    assert fit.log_evidence == approx(alone.log_evidence, abs=1e-10)
    at = [0.025, 0.5, 0.975]
    assert fit.marginal("omega").ppf(at) == approx(alone.marginal("tau").ppf(at), abs=1e-9)
    assert fit.predictive().ppf(at) == approx(alone.predictive().ppf(at), abs=1e-9)
    assert fit.study("A").ppf(at) == approx(alone.study("A").ppf(at), abs=1e-9)


def replace_tau(model, tau):
    return ThreeLevel(model.cluster, model.mu, tau, model.omega)


def test_draws_follow_the_exact_marginals():
    fit = bps.fit(MODEL, SMALL, seed=4)
    for name in ("mu", "tau", "omega"):
        marginal = fit.marginal(name)
        u = np.sort(marginal.cdf(marginal.draws.ravel()[:400]))
        assert np.abs(u - (np.arange(u.size) + 0.5) / u.size).max() < 1.95 / u.size**0.5
    both = np.corrcoef(fit.marginal("tau").draws.ravel(), fit.marginal("omega").draws.ravel())
    assert abs(both[0, 1]) > 0.02  # they compete for the same spread
    theta = fit.study("C")
    assert theta.draws.mean() == approx(theta.mean, abs=4.5 * theta.sd / 4000**0.5)
