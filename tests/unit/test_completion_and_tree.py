"""Draws of everything, given draws of beta and tau: scipy's densities and exact marginals.

Seeds are fixed; a z of 4.5 is exceeded by one sound draw in 150 000.
"""

from functools import cache

import numpy as np
import pytest
from pytest import approx
from scipy import stats

from bayes_ps import priors
from bayes_ps.posterior.completion import complete
from bayes_ps.posterior.tree import posterior_tree
from models import CommonEffect, MetaRegression, PooledEvidence, RandomEffects
from tests.unit.making import MODEL, PAIN, fitted, made

Z = 4.5
SHARED = np.array([[2.0, 0.8, 0], [0.8, 1.5, 0], [0, 0, 3]])
Y = np.array([1.0, 2.5, -2])
EFFECTS = {
    "shared": made(Y, np.sqrt(np.diag(SHARED)), SHARED),
    "independent": made(Y, np.sqrt(np.diag(SHARED))),
}
MU, TAU, DRAWS = 0.7, 1.3, 10_000
FIT = fitted(seed=3)
EACH = pytest.mark.parametrize("which", EFFECTS)


def covariance(which):
    return SHARED if which == "shared" else np.diag(np.diag(SHARED))


@cache
def completed(which, tau=TAU):
    hierarchy = MODEL.gaussian(EFFECTS[which])
    beta, scales = np.full((DRAWS, 1), MU), {"tau": np.full(DRAWS, tau)}
    return complete(hierarchy, beta, scales, rng=np.random.default_rng(5))


def same_moments(draws, mean, cov):
    """Means and covariances of draws in Monte Carlo standard errors."""
    sd = np.sqrt(np.diag(cov))
    assert (np.abs(draws.mean(0) - mean) < Z * sd / DRAWS**0.5).all()
    error = np.sqrt((np.outer(sd, sd) ** 2 + cov**2) / DRAWS)
    assert (np.abs(np.cov(draws.T) - cov) < Z * error).all()


@EACH
def test_true_effects_come_from_their_conditional(which):
    V = covariance(which)
    cov = np.linalg.inv(np.linalg.inv(V) + np.eye(3) / TAU**2)
    mean = cov @ (np.linalg.solve(V, Y) + MU / TAU**2)
    same_moments(completed(which).theta, mean, cov)
    assert completed(which, tau=0.0).theta == approx(np.full((DRAWS, 3), MU), abs=1e-12)


@EACH
def test_replicated_estimates_have_new_true_effects(which):
    same_moments(completed(which).replicate, np.full(3, MU), covariance(which) + TAU**2 * np.eye(3))


def test_a_new_setting_is_standard_normal():
    same_moments(completed("shared").z_new[:, None], np.zeros(1), np.eye(1))


@EACH
def test_log_likelihood_of_a_study_is_given_the_others(which):
    """log p(y_i | y_-i) = log p(y) - log p(y_-i), by scipy."""
    found = completed(which).log_likelihood
    cov = covariance(which) + TAU**2 * np.eye(3)
    whole = stats.multivariate_normal(np.full(3, MU), cov).logpdf(Y)
    for row in range(3):
        others = np.arange(3) != row
        rest = stats.multivariate_normal(np.full(2, MU), cov[np.ix_(others, others)])
        assert found[:, row] == approx(np.full(DRAWS, whole - rest.logpdf(Y[others])), abs=1e-12)


def test_draws_of_an_exact_fit_are_from_its_marginals():
    fit = FIT
    asked = {"mu": fit.marginal("mu"), "tau": fit.marginal("tau"), "new": fit.predictive()}
    asked |= {name: fit.study(name) for name in fit.studies}
    for name, marginal in asked.items():
        assert marginal.draws.shape == (4, 1000)
        assert stats.kstest(marginal.draws.ravel(), marginal.cdf).pvalue > 1e-4, name
    share = fit.share(-5)
    assert stats.kstest(share.draws.ravel(), share.cdf).pvalue > 1e-4


def test_draws_are_joint():
    """theta_new - mu given tau is N(0, tau²); the share belongs to the mu and tau of its draw."""
    fit = FIT
    mu, tau, new = (m.draws for m in (fit.marginal("mu"), fit.marginal("tau"), fit.predictive()))
    assert stats.kstest(((new - mu) / tau).ravel(), stats.norm.cdf).pvalue > 1e-4
    assert fit.share(-5).draws == approx(stats.norm.cdf((-5 - mu) / tau), abs=1e-14)
    assert abs(stats.spearmanr(fit.study("D").draws.ravel(), tau.ravel()).statistic) > 0.2


def test_the_seed_makes_the_draws():
    one, same, other = (f.marginal("tau").draws for f in (FIT, fitted(seed=3), fitted(seed=4)))
    assert (one == same).all() and (one != other).all()


def test_groups_and_dims_of_the_tree():
    tree = fitted(model=RandomEffects(priors.normal(0, 9), priors.half_normal(5)), seed=1).dt
    dims = {"chain": 4, "draw": 1000, "study": 8}
    assert dict(tree["posterior"].sizes) == dims
    assert set(tree["posterior"].data_vars) == {"mu", "tau", "theta", "theta_new"}
    assert tree["posterior"].attrs["seed"] == 1
    for group in ("log_likelihood", "posterior_predictive"):
        assert dict(tree[group].sizes) == dims and list(tree[group].data_vars) == ["y"]
    assert dict(tree["prior"].sizes) == {"chain": 1, "draw": 2000, "study": 8}
    assert set(tree["prior"].data_vars) == {"mu", "tau", "theta_new"}
    assert list(tree["prior_predictive"].data_vars) == ["y"]
    assert tree["observed_data"]["y"].values.tolist() == PAIN.y.tolist()
    assert tree["constant_data"]["se"].values == approx(PAIN.se)
    assert tree["posterior"]["study"].values.tolist() == PAIN.study.tolist()


def test_there_is_no_prior_group_under_an_improper_prior():
    assert not {"prior", "prior_predictive"} & set(fitted().dt.children)


def test_prior_draws_are_from_the_priors():
    tree = fitted(model=RandomEffects(priors.normal(1, 3), priors.half_cauchy(5))).dt
    prior = tree["prior"]
    laws = {"mu": stats.norm(1, 3), "tau": stats.halfcauchy(scale=5)}
    for name, law in laws.items():
        assert stats.kstest(prior[name].values.ravel(), law.cdf).pvalue > 1e-4
    spread = np.hypot(PAIN.se[0], np.hypot(3, prior["tau"].values.ravel()))
    replicate = tree["prior_predictive"]["y"].values[0, :, 0]
    assert stats.kstest((replicate - 1) / spread, stats.norm.cdf).pvalue > 1e-4


def test_log_prior_is_scipys_and_sums_over_coefficients():
    effects = PAIN.with_data(PAIN.to_frame()[["se"]].rename(columns={"se": "size"}))
    model = MetaRegression(
        ["size"],
        {"intercept": priors.normal(0, 9), "size": priors.normal(1, 2)},
        priors.half_normal(5),
    )
    tree = fitted(effects, model).dt
    beta = tree["posterior"]["beta"].values
    want = stats.norm(0, 9).logpdf(beta[..., 0]) + stats.norm(1, 2).logpdf(beta[..., 1])
    assert tree["log_prior"]["beta"].values == approx(want, abs=1e-11)
    tau = stats.halfnorm(scale=5).logpdf(tree["posterior"]["tau"].values)
    assert tree["log_prior"]["tau"].values == approx(tau, abs=1e-11)
    assert tree["posterior"]["moderator"].values.tolist() == ["intercept", "size"]
    assert "theta_new" not in tree["posterior"]


def test_without_heterogeneity_there_is_no_tau():
    posterior = fitted(model=CommonEffect(priors.flat())).dt["posterior"]
    assert set(posterior.data_vars) == {"mu", "theta", "theta_new"}
    mu = posterior["mu"].values
    assert (posterior["theta_new"].values == mu).all()
    assert np.abs(posterior["theta"].values - mu[..., None]).max() < 1e-12


def test_behind_a_pool_there_is_tau_but_no_study_of_its_own():
    fit = fitted(made([-0.4], [0.15]), PooledEvidence(priors.flat(), priors.half_normal(0.5)))
    posterior = fit.dt["posterior"]
    assert fit.studies == () and "tau" in posterior
    replicate = fit.dt["posterior_predictive"]["y"].values.ravel()
    assert stats.kstest(replicate, stats.norm(-0.4, 0.15 * 2**0.5).cdf).pvalue > 1e-4


def test_a_tree_of_given_draws_keeps_them():
    hierarchy = MODEL.gaussian(PAIN)
    beta, scales = np.full((2, 3, 1), -7.0), {"tau": np.full((2, 3), 2.0)}
    tree = posterior_tree(hierarchy, beta, scales, seed=1, attrs={"made": "up"})
    assert (tree["posterior"]["mu"].values == -7).all() and (tree["posterior"]["tau"] == 2).all()
    assert tree["posterior"].attrs == {"made": "up"}
