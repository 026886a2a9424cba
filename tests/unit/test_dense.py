"""What is drawn given both standard deviations, against closed forms by dense matrices."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from scipy import stats

from bayes_ps import priors
from bayes_ps.posterior.dense import draw_beta, draw_effects
from models import MetaRegression, ThreeLevel
from tests.unit.making import made

S, Z_MAX = 20_000, stats.norm.isf(1e-6)
Y, SE = np.array([0.3, 0.5, -0.2, 0.1, 0.9]), np.array([0.2, 0.3, 0.25, 0.2, 0.4])
Z = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1.0]])
V = np.diag(SE**2)
V[0, 1] = V[1, 0] = 0.03
V[2, 4] = V[4, 2] = -0.02
DATA = pd.DataFrame({"trial": list("aabbc"), "dose": [1.0, 2, 4, 3, 7]})
TAU, OMEGA = 0.4, 0.25
FLAT = priors.flat()
DEVIATIONS = TAU**2 * Z @ Z.T + OMEGA**2 * np.eye(5)
BOTH = pytest.mark.parametrize("V", [np.diag(SE**2), V], ids=["independent", "V"])


def hierarchy(V, *beta):
    """Three levels with a prior of mu; with two priors, of an intercept and a dose."""
    effects = made(Y, SE, V).with_data(DATA)
    one = priors.half_normal(1)
    h = ThreeLevel("trial", beta[0], one, one).gaussian(effects)
    if len(beta) == 1:
        return h
    dosed = MetaRegression(["dose"], FLAT, one).gaussian(effects)
    return replace(h, design=dosed.design, X=dosed.X, beta=beta)


def scales(n=S):
    return {"tau": np.full(n, TAU), "omega": np.full(n, OMEGA)}


def same_law(draws, mean, covariance):
    """Every mean and covariance of the draws (S, k), in its standard error."""
    n, var = len(draws), np.diag(covariance)
    assert np.abs((draws.mean(0) - mean) / np.sqrt(var / n)).max() < Z_MAX
    error = np.sqrt((np.outer(var, var) + covariance**2) / n)
    assert np.abs((np.cov(draws.T) - covariance) / error).max() < Z_MAX


@BOTH
def test_effects_and_replicates_follow_their_conditional_law(V):
    """theta given mu and y has precision V⁻¹ + T⁻¹, T the covariance of the deviations."""
    h, mu = hierarchy(V, FLAT), 0.2
    beta = np.full((S, 1), mu)
    theta, replicate, _ = draw_effects(h, beta, scales(), np.random.default_rng(1))
    C = np.linalg.inv(np.linalg.inv(V) + np.linalg.inv(DEVIATIONS))
    m = C @ (np.linalg.solve(V, Y) + np.linalg.solve(DEVIATIONS, np.full(5, mu)))
    same_law(theta, m, C)
    same_law(replicate, np.full(5, mu), V + DEVIATIONS)
    together = np.corrcoef(theta.T, replicate.T)[:5, 5:]
    assert np.abs(together).max() < Z_MAX / S**0.5  # replicates have true effects of their own


@BOTH
def test_log_likelihood_is_given_the_other_estimates(V):
    """log p(y_i | y_-i) = log p(y) − log p(y_-i), draw by draw, over several chunks of draws."""
    rng = np.random.default_rng(2)
    beta, given = (
        rng.normal(0, 1, (600, 1)),
        {
            "tau": rng.gamma(2, 0.2, 600),
            "omega": rng.gamma(2, 0.2, 600),
        },
    )
    *_, found = draw_effects(hierarchy(V, FLAT), beta, given, rng)
    for s in (0, 255, 256, 511, 512, 599):
        cov = V + given["tau"][s] ** 2 * Z @ Z.T + given["omega"][s] ** 2 * np.eye(5)
        whole = stats.multivariate_normal(np.full(5, beta[s, 0]), cov).logpdf(Y)
        for i in range(5):
            kept = np.arange(5) != i
            others = stats.multivariate_normal(np.full(4, beta[s, 0]), cov[kept][:, kept])
            assert found[s, i] == approx(whole - others.logpdf(Y[kept]), abs=1e-10)


@BOTH
@pytest.mark.parametrize("mu", [FLAT, priors.normal(-1, 0.3)], ids=repr)
def test_mu_follows_its_conditional_law(V, mu):
    drawn = draw_beta(hierarchy(V, mu), scales(), np.random.default_rng(3))
    inverse = np.linalg.inv(V + DEVIATIONS)
    prior = (0, 0) if not mu.proper else (1 / mu.sd**2, mu.mean / mu.sd**2)
    precision = inverse.sum() + prior[0]
    same_law(drawn, (inverse.sum(0) @ Y + prior[1]) / precision, np.array([[1 / precision]]))


@pytest.mark.parametrize("first", [FLAT, priors.normal(0.1, 0.2)], ids=repr)
def test_two_coefficients_follow_their_joint_law(first):
    second = priors.normal(0.05, 0.1)
    drawn = draw_beta(hierarchy(V, first, second), scales(), np.random.default_rng(4))
    X, inverse = np.column_stack([np.ones(5), DATA["dose"]]), np.linalg.inv(V + DEVIATIONS)
    precision = np.array([0 if not p.proper else 1 / p.sd**2 for p in (first, second)])
    mean = np.array([0 if not p.proper else p.mean for p in (first, second)])
    C = np.linalg.inv(X.T @ inverse @ X + np.diag(precision))
    same_law(drawn, C @ (X.T @ inverse @ Y + precision * mean), C)


def test_a_fixed_coefficient_stays_where_it_is():
    drawn = draw_beta(hierarchy(V, FLAT, priors.point(0.1)), scales(), np.random.default_rng(5))
    assert (drawn[:, 1] == 0.1).all()
    inverse = np.linalg.inv(V + DEVIATIONS)
    rest = Y - 0.1 * DATA["dose"].to_numpy()
    mean, var = inverse.sum(0) @ rest / inverse.sum(), 1 / inverse.sum()
    same_law(drawn[:, :1], mean, np.array([[var]]))


def test_without_deviations_theta_is_the_fitted_effect():
    """tau = omega = 0, and far beyond the errors theta is y."""
    h, beta = hierarchy(V, FLAT), np.linspace(-1, 1, 7)[:, None]
    nothing = {"tau": np.zeros(7), "omega": np.zeros(7)}
    theta, *_ = draw_effects(h, beta, nothing, np.random.default_rng(6))
    assert theta == approx(np.tile(beta, 5), abs=1e-12)
    wide = {"tau": np.full(7, 1.0), "omega": np.full(7, 1e6)}
    theta, *_ = draw_effects(h, beta, wide, np.random.default_rng(6))
    assert np.abs((theta - Y) / SE).max() < Z_MAX
