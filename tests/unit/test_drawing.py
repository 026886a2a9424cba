"""Draws of an exact posterior are independent draws of that posterior, jointly."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import ndtr

from bayes_ps import priors
from bayes_ps.exact import integrate
from bayes_ps.posterior.drawing import draw
from models import CommonEffect, MetaRegression, RandomEffects, ThreeLevel
from tests.unit.making import made

DATA = pd.DataFrame({"trial": list("aabbc"), "dose": [1.0, 2, 4, 3, 7]})
EFFECTS = made([0.3, 0.5, -0.2, 0.1, 0.9], [0.2, 0.3, 0.25, 0.2, 0.4]).with_data(DATA)
HALF, NORMAL = priors.half_normal(0.5), priors.normal(0, 1)
ROBUST = priors.mixture([(0.6, priors.normal(0.5, 0.1)), (0.4, priors.normal(-1, 0.5))])
MODELS = {
    "common": CommonEffect(priors.flat()),
    "random": RandomEffects(priors.flat(), HALF),
    "t": RandomEffects(priors.student_t(3, 0, 0.3), HALF),
    "mixture": RandomEffects(ROBUST, HALF),
    "regression": MetaRegression(["dose"], NORMAL, HALF),
    "three levels": ThreeLevel("trial", NORMAL, HALF, priors.half_cauchy(0.3)),
}
SHAPE = (4, 100)
EACH = pytest.mark.parametrize("name", list(MODELS))


@cache
def posterior(name):
    return integrate(MODELS[name].gaussian(EFFECTS))


def drawn(name, seed=1, shape=SHAPE):
    return draw(posterior(name), shape, np.random.default_rng(seed))


@EACH
def test_shapes_and_names(name):
    beta, scales = drawn(name, shape=(2, 3))
    h = MODELS[name].gaussian(EFFECTS)
    assert beta.shape == (2, 3, len(h.beta))
    assert {name: each.shape for name, each in scales.items()} == {
        each.name: (2, 3) for each in h.components
    }


@EACH
def test_each_unknown_follows_its_marginal(name):
    """Kolmogorov–Smirnov on P(unknown <= draw)."""
    beta, scales = drawn(name)
    mean, covariance = posterior(name).beta
    for i in range(beta.shape[-1]):
        z = (beta[..., i].reshape(-1, 1) - mean[:, i]) / covariance[:, i, i] ** 0.5
        assert stats.kstest(ndtr(z) @ posterior(name).weight, "uniform").pvalue > 1e-4
    for scale, each in scales.items():
        p = posterior(name).scale(scale).cdf(each.ravel()[::3])
        assert stats.kstest(p, "uniform").pvalue > 1e-4


@pytest.mark.parametrize("name", ["random", "t", "mixture"])
def test_mu_is_drawn_given_its_tau(name):
    """P(mu' <= mu | tau, y) of the pairs is uniform and unrelated to tau; by a grid of mu."""
    beta, scales = drawn(name, shape=(1, 600))
    mu, tau = beta.ravel(), scales["tau"].ravel()
    grid = np.linspace(-8, 8, 2001)
    sd = np.hypot(EFFECTS.se, tau[:, None])[..., None]
    log_p = stats.norm.logpdf(EFFECTS.y[:, None], grid, sd).sum(1) + MODELS[name].mu.logpdf(grid)
    p = np.exp(log_p - log_p.max(1, keepdims=True))
    cdf = (np.cumsum(p, axis=1) - p / 2) / p.sum(1, keepdims=True)
    u = np.array([np.interp(m, grid, each) for m, each in zip(mu, cdf, strict=True)])
    assert stats.kstest(u, "uniform").pvalue > 1e-4
    assert stats.spearmanr(u, tau).pvalue > 1e-4
    assert stats.spearmanr(abs(u - 0.5), tau).pvalue > 1e-4


def test_both_standard_deviations_are_drawn_together():
    """P(tau <= a, omega <= b) against a grid of dense matrices."""
    model = MODELS["three levels"]
    beta, scales = drawn("three levels", shape=(4, 500))
    u = (np.arange(120) + 0.5) / 120
    scale = 0.3 * u / (1 - u)  # the whole half line, d scale = 0.3 du / (1 - u)²
    p = np.exp(np.add.outer(model.tau.logpdf(scale), model.omega.logpdf(scale)))
    p *= np.multiply.outer((1 - u) ** -2, (1 - u) ** -2)
    Z = model.gaussian(EFFECTS).component.Z
    tau2, omega2 = scale[:, None, None, None] ** 2, scale[:, None, None] ** 2
    S = np.diag(EFFECTS.se**2) + tau2 * (Z @ Z.T) + omega2 * np.eye(5)
    with_mu = S + 1  # mu ~ N(0, 1)
    square = np.einsum("i,abij,j->ab", EFFECTS.y, np.linalg.inv(with_mu), EFFECTS.y)
    p *= np.exp(-0.5 * (square + np.linalg.slogdet(with_mu)[1]))
    inverse = np.linalg.inv(S)
    mean = inverse.sum(-2) @ EFFECTS.y / (inverse.sum((-1, -2)) + 1)
    p /= p.sum()
    for a in (40, 70):
        for b in (40, 70):
            here = (slice(0, a), slice(0, b))
            edge = [0.3 * n / (120 - n) for n in (a, b)]
            inside = (scales["tau"] <= edge[0]) & (scales["omega"] <= edge[1])
            want = p[here].sum()
            assert abs(inside.mean() - want) < 4.5 * (want * (1 - want) / inside.size) ** 0.5
            mu = beta[..., 0][inside]
            expected = (p[here] * mean[here]).sum() / want
            assert abs(mu.mean() - expected) < 4.5 * mu.std() / mu.size**0.5


def test_draws_are_independent_and_in_no_order():
    """Parts of a mixture are drawn one after the other, and then shuffled."""
    for name in ("t", "mixture", "three levels"):
        beta, scales = drawn(name)
        for each in (beta[..., 0], *scales.values()):
            x = stats.rankdata(each.ravel())
            assert abs(np.corrcoef(x[1:], x[:-1])[0, 1]) < 4.5 / x.size**0.5
            assert stats.kruskal(*each).pvalue > 1e-4  # the chains agree


def test_same_seed_same_draws():
    beta, scales = drawn("t", seed=1)
    for seed, same in ((1, True), (2, False)):
        again, others = drawn("t", seed)
        assert (beta == again).all() == (scales["tau"] == others["tau"]).all() == same


def test_fixed_coefficients_are_not_drawn():
    given = {"intercept": priors.flat(), "dose": priors.point(0.05)}
    fixed = integrate(MetaRegression(["dose"], given, HALF).gaussian(EFFECTS))
    beta, _ = draw(fixed, SHAPE, np.random.default_rng(1))
    assert (beta[..., 1] == 0.05).all() and len(np.unique(beta[..., 0])) == beta.size / 2
