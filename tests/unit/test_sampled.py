"""A marginal known by its draws: counts, numpy, and Monte Carlo errors whose truth is known."""

import numpy as np
import pytest
from pytest import approx
from scipy import stats

from bayes_ps import priors
from bayes_ps.checks import BayesPSError
from bayes_ps.posterior import Sampled
from models import PooledEvidence
from tests.unit.making import fitted, made, sampled

DRAWS = np.random.default_rng(7).normal(3, 2, (4, 2500))
NORMAL = Sampled(DRAWS)
TEN = Sampled(np.array([[5.0, 1, 4, 2, 3], [9, 7, 6, 8, 10]]))


def autoregressive(rho: float, shape=(4, 5000)) -> np.ndarray:
    """Chains of a stationary AR(1): the variance of their mean is (1 + rho) / (1 - rho) of iid."""
    noise = np.random.default_rng(1).standard_normal(shape)
    chains = np.empty(shape)
    chains[:, 0] = noise[:, 0]
    for i in range(1, shape[1]):
        chains[:, i] = rho * chains[:, i - 1] + np.sqrt(1 - rho**2) * noise[:, i]
    return chains


def test_probabilities_are_counts():
    assert TEN.cdf(3) == 0.3 and TEN.cdf(2.99) == 0.2 and TEN.sf(3) == 0.7
    assert TEN.cdf([[0, 10], [5, 11]]).tolist() == [[0, 1], [0.5, 1]]


def test_moments_and_quantiles_are_numpys():
    assert (TEN.mean, TEN.median) == (5.5, 5.5)
    assert TEN.sd == approx(np.std(np.arange(1, 11), ddof=1), rel=1e-15)
    assert TEN.ppf([0, 0.5, 1]).tolist() == [1, 5.5, 10]
    assert TEN.interval(0.8) == approx((1.9, 9.1))


def test_shortest_interval_is_the_shortest_that_holds_so_many_draws():
    skewed = Sampled(stats.expon.ppf((np.arange(1000) + 0.5) / 1000).reshape(4, 250))
    low, high = skewed.interval(0.9, kind="shortest")
    assert low == skewed.draws.min() and high == approx(np.log(10), rel=0.02)
    low, high = NORMAL.interval(0.9, kind="shortest")
    inside = ((low <= DRAWS) & (high >= DRAWS)).mean()
    ordered = np.sort(DRAWS.ravel())
    assert inside == approx(0.9, abs=2e-4)
    assert high - low <= min(ordered[9000:] - ordered[:1000])


def test_density_is_smooth_and_near_the_truth():
    x = np.linspace(-2, 8, 21)
    assert NORMAL.pdf(x) == approx(stats.norm(3, 2).pdf(x), abs=0.01)
    assert NORMAL.pdf([-100, 100]).tolist() == [0, 0]


def test_monte_carlo_errors_of_independent_draws():
    n = DRAWS.size
    normal = stats.norm(3, 2)
    assert NORMAL.mcse("mean") == approx(2 / n**0.5, rel=0.1)
    assert NORMAL.mcse("sd") == approx(2 / (2 * n) ** 0.5, rel=0.1)
    for x in (3.0, 6.0):
        p = normal.cdf(x)
        assert NORMAL.mcse("cdf", x) == approx((p * (1 - p) / n) ** 0.5, rel=0.1)
    q = 0.9
    of_quantile = (q * (1 - q) / n) ** 0.5 / normal.pdf(normal.ppf(q))
    assert NORMAL.mcse("ppf", q) == approx(of_quantile, rel=0.15)
    p = normal.cdf(5) - normal.cdf(1)
    assert NORMAL.mcse_between(1, 5) == approx((p * (1 - p) / n) ** 0.5, rel=0.1)


def test_draws_that_resemble_each_other_say_less():
    slow = Sampled(autoregressive(0.9))
    assert slow.mcse("mean") == approx((19 / 20_000) ** 0.5, rel=0.2)
    assert slow.mcse("cdf", 0.0) > 2 * (0.25 / 20_000) ** 0.5


def test_none_of_n_is_not_exactly_0():
    """Half a draw in n + 1 stands for what no draw has seen."""
    p = 0.5 / 10_001
    for x in (-100.0, 100.0):
        assert NORMAL.mcse("cdf", x) == approx((p * (1 - p) / 10_000) ** 0.5, rel=1e-12)
    assert NORMAL.mcse_between(50, 60) == NORMAL.mcse("cdf", -100.0)


@pytest.mark.parametrize("of", ["cdf", "ppf"])
def test_an_error_of_a_place_needs_the_place(of):
    with pytest.raises(BayesPSError, match=rf'mcse\("{of}", at=…\) needs the place'):
        NORMAL.mcse(of)


def test_draws_are_handed_back():
    assert NORMAL.draws.shape == (4, 2500) and (NORMAL.draws == DRAWS).all()


def test_draws_of_a_distribution_without_a_mean_have_none():
    """Behind a pool under a Cauchy prior: tau and a new setting have no moment, mu has all."""
    exact = fitted(made([-3.48], [1.6]), PooledEvidence(priors.flat(), priors.half_cauchy(3)))
    fit = sampled(exact)
    for found in (fit.marginal("tau"), fit.predictive()):
        assert np.isnan(found.mean) and np.isnan(found.sd) and np.isfinite(found.median)
    assert np.isfinite([fit.marginal("mu").mean, fit.marginal("mu").sd]).all()
