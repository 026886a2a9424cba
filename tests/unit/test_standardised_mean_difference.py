"""Hedges' g: its correction against 30 digits and the noncentral t, its variances by hand."""

import mpmath
import numpy as np
import pytest
from pytest import approx
from scipy import stats

from bayes_ps.effects.measure import Arms
from bayes_ps.effects.standardised_mean_difference import exact_j, hedges_g


def arms(n_t, mean_t, sd_t, n_c, mean_c, sd_c) -> Arms:
    return Arms(*(np.array([x], dtype=float) for x in (n_t, mean_t, sd_t, n_c, mean_c, sd_c)))


@pytest.mark.parametrize("df", [2, 3, 10, 48, 1000, 10**6])
def test_exact_j_is_that_of_30_digits(df):
    with mpmath.workdps(30):
        m = mpmath.mpf(df) / 2
        want = mpmath.gammaprod([m], [m - 0.5]) / mpmath.sqrt(m)
    assert exact_j(np.array(float(df))) == approx(float(want), rel=1e-13)


@pytest.mark.parametrize(("n_t", "n_c", "delta"), [(2, 2, 1), (5, 8, -0.7), (20, 20, 0.5)])
def test_j_makes_g_unbiased(n_t, n_c, delta):
    """t = d / sqrt(1/n_t + 1/n_c) is noncentral t: E(g) = J E(d) is delta."""
    root = np.sqrt(1 / n_t + 1 / n_c)
    df = n_t + n_c - 2
    mean_of_d = root * stats.nct(df, delta / root).mean()
    assert exact_j(np.array(float(df))) * mean_of_d == approx(delta, rel=1e-12)


def test_by_hand():
    """N = 22, pooled variance (9·16 + 11·25)/20 = 20.95, d = 2/sqrt(20.95) = 0.436956."""
    given = arms(10, 7, 4, 12, 5, 5)
    d = 2 / 20.95**0.5
    g, se = hedges_g(given, "RevMan")
    assert g[0] == approx(d * (1 - 3 / 79), rel=1e-14)
    assert se[0] ** 2 == approx(22 / 120 + g[0] ** 2 / (2 * 18.06), rel=1e-14)
    g, se = hedges_g(given, "LS")
    j = float(mpmath.gamma(10) / mpmath.gamma(9.5) / mpmath.sqrt(10))
    assert g[0] == approx(d * j, rel=1e-13)
    assert se[0] ** 2 == approx(1 / 10 + 1 / 12 + g[0] ** 2 / 44, rel=1e-14)


def test_two_patients_an_arm():
    g, se = hedges_g(arms(2, 1, 1, 2, 0, 1), "LS")
    assert g[0] == approx(1 / np.sqrt(np.pi), rel=1e-14)  # Γ(1) / Γ(1/2)
    assert se[0] ** 2 == approx(1 + g[0] ** 2 / 8, rel=1e-14)
