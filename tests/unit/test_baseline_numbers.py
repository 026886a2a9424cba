"""The baseline in hard numbers: roots against 50 digits, other units, identical studies."""

import math

import mpmath
import numpy as np
import pytest
from pytest import approx
from scipy.stats import chi2

from bayes_ps.baseline import baseline
from bayes_ps.baseline.estimators import TAU2
from bayes_ps.effects import Effects
from tests import references

EACH = pytest.mark.parametrize("tau2", list(TAU2)[1:])


def made(y, se) -> Effects:
    return Effects.from_estimates(
        y, se=se, study=range(len(y)), measure="MD", unit="points (0-100)", better="lower"
    )


PAIN = made([-12, -4.5, -9, -15.5, -2, -8.5, -6, -11], [4, 2.5, 5, 6, 2, 3, 3.5, 4.5])
HARD = {
    "tiny": made(1e-6 * PAIN.y, 1e-6 * PAIN.se),
    "huge": made(1e6 * PAIN.y, 1e6 * PAIN.se),
    "far from 0": made(1e6 + PAIN.y, PAIN.se),
    "se ratio 1e4": made([0.3, 1.2, -4, 7, 0.1], [1e-4, 0.01, 0.5, 1, 1e-3]),
    "far apart": made([-1e6, 0, 1e6, 3], [1e-6, 1e-3, 1, 10]),
    "just above the boundary": made([0, 1.4142136], [1, 1]),
    "two local maxima of REML": made([3.3, -2.5, -0.1, -0.8, 3.5], [0.2, 5.1, 1.6, 9.0, 0.7]),
    "two local maxima of ML": made([-2.0, 2.0, 7.0, -7.9], [1.3, 0.1, 3.5, 2.8]),
}


def exact_score(effects: Effects, tau2: mpmath.mpf, method: str) -> mpmath.mpf:
    """The estimating function of PM, PMM, REML or ML, written out in 50 digits."""
    y = [mpmath.mpf(float(value)) for value in effects.y]
    w = [1 / (mpmath.mpf(float(se)) ** 2 + tau2) for se in effects.se]
    total = mpmath.fsum(w)
    mu = mpmath.fdot(w, y) / total
    if method in ("PM", "PMM"):
        df = len(y) - 1
        target = df if method == "PM" else mpmath.mpf(float(chi2.median(df)))
        return mpmath.fsum(a * (b - mu) ** 2 for a, b in zip(w, y, strict=True)) - target
    score = mpmath.fsum((a * (b - mu)) ** 2 for a, b in zip(w, y, strict=True)) - total
    return score + mpmath.fdot(w, w) / total if method == "REML" else score


def log_likelihood(effects: Effects, tau2: np.ndarray, *, restricted: bool) -> np.ndarray:
    """Its logarithm on a grid of tau², as in Viechtbauer 2005."""
    v = effects.se[:, None] ** 2 + tau2
    mu = (effects.y[:, None] / v).sum(0) / (1 / v).sum(0)
    value = -np.log(v).sum(0) - ((effects.y[:, None] - mu) ** 2 / v).sum(0)
    return value - restricted * np.log((1 / v).sum(0))


@pytest.mark.parametrize("tau2", ["PM", "PMM", "REML", "ML"])
@pytest.mark.parametrize("case", [*HARD, *references.UNIVARIATE])
def test_iterated_estimators_are_exact_to_the_last_digits(case, tau2):
    effects = HARD[case] if case in HARD else references.effects(case)
    found = baseline(effects, tau2).tau2
    with mpmath.workdps(50):
        if found == 0:
            assert exact_score(effects, mpmath.mpf(0), tau2) <= 0
            return
        # 1e-14 of tau², or where tau² is all but 0, the rounding of v + tau².
        step = max(1e-14 * found, 1e-15 * effects.se.min() ** 2)
        below, above = (
            exact_score(effects, mpmath.mpf(found) + end, tau2) for end in (-step, step)
        )
        assert below > 0 > above


@pytest.mark.parametrize("tau2", ["REML", "ML"])
@pytest.mark.parametrize("case", HARD)
def test_likelihood_estimators_find_the_highest_maximum(case, tau2):
    effects = HARD[case]
    grid = np.append(
        0, np.geomspace(1e-4 * effects.se.min() ** 2, 4 * np.ptp(effects.y) ** 2, 4000)
    )
    values = log_likelihood(effects, grid, restricted=tau2 == "REML")
    at = log_likelihood(
        effects, np.array([baseline(effects, tau2).tau2]), restricted=tau2 == "REML"
    )
    assert at[0] >= values.max() - 1e-9 * abs(values.max())


@EACH
@pytest.mark.parametrize("scale", [2.0**-20, 2.0**20])
def test_units_do_not_matter(tau2, scale):
    """A power of two, so that rounding is the same: every digit must be."""
    one, other = baseline(PAIN, tau2), baseline(made(scale * PAIN.y, scale * PAIN.se), tau2)
    assert (other.mu, other.se, other.upper) == approx(
        (scale * one.mu, scale * one.se, scale * one.upper), rel=1e-14
    )
    assert other.tau2 == approx(scale**2 * one.tau2, rel=1e-13)
    assert (other.i2, other.q, other.p) == approx((one.i2, one.q, one.p), rel=1e-13)
    assert other.tau2_interval.upper == approx(scale**2 * one.tau2_interval.upper, rel=1e-13)


@EACH
def test_origin_sign_and_order_do_not_matter(tau2):
    one = baseline(PAIN, tau2)
    moved, turned = made(PAIN.y + 1024, PAIN.se), made(-PAIN.y[::-1], PAIN.se[::-1])
    assert baseline(moved, tau2).mu - 1024 == approx(one.mu, rel=1e-12)
    assert baseline(moved, tau2).tau2 == approx(one.tau2, rel=1e-12)
    other = baseline(turned, tau2)
    assert (-other.mu, other.tau2, -other.lower) == approx((one.mu, one.tau2, one.upper), rel=1e-13)


@EACH
@pytest.mark.parametrize("ci", ["wald", "t", "hksj", "hksj-adhoc"])
@pytest.mark.parametrize("value", [0.0, 0.1, -1e6])
def test_identical_estimates(tau2, ci, value):
    found = baseline(made([value] * 4, [0.1, 0.2, 0.3, 1000]), tau2, ci)
    assert (found.mu, found.tau2, found.q, found.i2) == (value, 0, 0, 0)
    assert tuple(found.tau2_interval) == (0, 0)
    assert "no tau² fits" in " ".join(found.notes)
    if ci == "hksj":
        assert (found.se, found.lower, found.upper) == (0, value, value)
        assert found.p == (1 if value == 0 else 0)
        assert "standard error is 0" in " ".join(found.notes)
    assert not math.isnan(found.p + found.statistic)
