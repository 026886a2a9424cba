"""The exact marginal of an effect, against sums of scipy's normals."""

import numpy as np
import pytest
from pytest import approx
from scipy import optimize, stats

from bayes_ps.posterior.normal_mixture import NormalMixture

WEIGHT, LOCATION, SCALE = (
    np.array([0.2, 0.5, 0.3]),
    np.array([-1.0, 0.5, 3.0]),
    np.array([0.1, 1.0, 4.0]),
)
DRAWS = np.arange(8.0).reshape(2, 4)


def mixture(weight=WEIGHT, location=LOCATION, scale=SCALE, moments=4):
    return NormalMixture(weight, location, scale, draws=lambda: DRAWS, moments=moments)


def by_scipy(name, x):
    parts = stats.norm(LOCATION, SCALE)
    return (getattr(parts, name)(np.asarray(x)[..., None]) * WEIGHT).sum(-1)


@pytest.mark.parametrize("name", ["cdf", "sf", "pdf"])
@pytest.mark.parametrize("x", [0.3, [-40, -1, 0, 0.5, 3, 60], [[0, 1], [2, 3]]])
def test_probabilities_are_sums_and_keep_the_shape(name, x):
    found = getattr(mixture(), name)(x)
    assert np.shape(found) == np.shape(x)
    assert found == approx(by_scipy(name, x), rel=1e-13)


def test_far_tails_keep_their_digits():
    """1 - cdf would give 0."""
    assert mixture().sf(120.0) == approx(0.3 * stats.norm.sf(117 / 4), rel=1e-12)
    assert mixture().sf(120.0) > 0 and mixture().cdf(120.0) == 1


@pytest.mark.parametrize("q", [1e-300, 1e-12, 0.025, 0.2, 0.5, 0.975, 1 - 1e-12])
def test_quantiles_are_roots(q):
    x = float(mixture().ppf(q))
    if q < 0.5:
        assert np.log(by_scipy("cdf", x)) == approx(np.log(q), abs=1e-9)
    want = optimize.brentq(lambda x: by_scipy("cdf", x) - q, -200, 200, xtol=1e-14, rtol=1e-14)
    if q > 1e-13:
        assert x == approx(want, rel=1e-12, abs=1e-12 + 1e-15 / by_scipy("pdf", want))


def test_quantiles_keep_the_shape_and_end_at_infinity():
    found = mixture().ppf([[0, 0.5], [1, 0.5]])
    assert found.shape == (2, 2) and found[0, 0] == -np.inf and found[1, 0] == np.inf
    assert mixture().median == found[0, 1] == found[1, 1]


@pytest.mark.parametrize("factor", [1e-9, 1e9])
def test_quantiles_far_from_1(factor):
    found = mixture(location=factor * LOCATION, scale=factor * SCALE).ppf([0.01, 0.6])
    assert found / factor == approx(mixture().ppf([0.01, 0.6]), rel=1e-12)


def test_two_distant_peaks():
    """Between them the density is 0 and Newton has no slope."""
    apart = mixture(np.array([0.3, 0.7]), np.array([-1e3, 1e3]), np.array([1.0, 1]))
    assert apart.ppf([0.15, 0.65]) == approx([-1e3, 1e3], abs=1e-9)
    assert -1e3 + 5 < apart.ppf(0.3) < 1e3 - 5


def test_moments():
    mean = 0.2 * -1 + 0.5 * 0.5 + 0.3 * 3
    variance = 0.2 * (0.01 + 1) + 0.5 * (1 + 0.25) + 0.3 * (16 + 9) - mean**2
    assert mixture().mean == approx(mean, rel=1e-15)
    assert mixture().sd == approx(variance**0.5, rel=1e-15)


@pytest.mark.parametrize(
    ("moments", "known"), [(0, (False, False)), (1, (True, False)), (2, (1, 1))]
)
def test_moments_that_do_not_exist_are_nan(moments, known):
    found = mixture(moments=moments)
    assert (np.isfinite(found.mean), np.isfinite(found.sd)) == known
    assert np.isfinite(found.median) and np.isfinite(found.interval()).all()


def test_draws_are_made_when_asked_for_and_there_is_no_monte_carlo_error():
    assert mixture().draws is DRAWS
    assert mixture().mcse("mean") == mixture().mcse("cdf", 0.0) == mixture().mcse_between(0, 1) == 0
