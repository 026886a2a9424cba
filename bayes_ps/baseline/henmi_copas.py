"""Henmi and Copas' interval: common-effect weights, and an error that allows for heterogeneity."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import gammainc, ndtr, ndtri

from bayes_ps.baseline.generalised_q import root_between
from bayes_ps.baseline.mean_effect import Given, MeanEffect
from bayes_ps.baseline.weighting import pool

TIGHT = {"epsabs": 1e-14, "epsrel": 1e-11, "limit": 200}


class Moments(NamedTuple):
    """k studies, and of w = 1/v under weights w: mean, variance, and E w(w − mean)²; tau²_DL."""

    k: int
    total: float
    mean: float
    variance: float
    third: float
    tau2: float


def common_effect_weights(given: Given) -> MeanEffect:
    r"""henmi-copas: mu and its weights as for a common effect, quantiles that allow for tau².

    Small studies get the little weight of the common effect, so that a publication bias that grows
    as studies shrink does less harm; the price is a wider interval. With r = (mu − true)/sd, Q
    given r is close to a gamma variable; tau² of DerSimonian and Laird is a function of Q, which
    leaves one integral over r and one root.

    Henmi & Copas 2010, Stat Med 29:2969, doi:10.1002/sim.4029; the same as metafor's hc().
    Test: ``tests/golden/test_papers_baseline.py``, Lee 2004, −0.5145 (−0.9994 to −0.0295), p. 2978.
    """
    common = pool(given.y, given.v, 0.0)
    w = 1 / given.v
    mean = float(w @ w / w.sum())
    off = w - mean
    moments = Moments(
        given.y.size,
        float(w.sum()),
        mean,
        float(w @ off**2 / w.sum()),
        float((w * w) @ off**2 / w.sum()),
        float(given.tau2),
    )
    mu, se = float(common.mu), float(np.sqrt((1 + moments.tau2 * mean) / moments.total))
    unit = se * np.sqrt(1 + moments.tau2 * mean)
    ratio = _quantile(moments, (1 - given.level) / 2)
    p = 2 * _tail(abs(mu) / unit, moments)
    half = ratio * unit
    return MeanEffect(mu, se, mu - half, mu + half, mu / se, None, p)


def _quantile(moments: Moments, tail: float) -> float:
    """Where the tail is `tail`: not above the normal quantile, which is that without selection."""
    return root_between(lambda x: _tail(x, moments) - tail, 0.0, -float(ndtri(tail)))


def _tail(x: float, moments: Moments) -> float:
    """P(U > x) for U, the error of mu in units of its estimated standard deviation."""
    from scipy.integrate import quad

    if x == 0:
        return 0.5
    if x > 35:
        return float(ndtr(-x))
    excess = moments.total / moments.mean - 1

    def density(r: float) -> float:
        q = excess * ((r / x) ** 2 - 1) + (moments.k - 1)
        mean, variance = _of_q(r * r, moments)
        below = gammainc(mean * mean / variance, q * mean / variance)
        return float(below * np.exp(-r * r / 2) / np.sqrt(2 * np.pi))

    return float(quad(density, x, x + 40, points=[x + 0.1, x + 1, x + 4, x + 10], **TIGHT)[0])


def _of_q(r2: float, moments: Moments) -> tuple[float, float]:
    """Mean and variance of Q given r² = `r2`, r the standardised error of mu."""
    k, total, mean, spread, third, tau2 = moments
    inflation = 1 + tau2 * mean
    square = spread * tau2**2 / inflation
    expected = (k - 1) + tau2 * (total - mean) + square * (r2 - 1)
    # W1 W2 − 2 W3 + W2² of Henmi and Copas, with W3 = W2² + spread.
    pairs = total * mean - mean**2 - 2 * spread
    variance = (
        2 * (k - 1)
        + 4 * tau2 * (total - mean)
        + 2 * tau2**2 * pairs
        + 4 * square * (r2 - 1)
        + 4 * tau2**3 * third * (r2 - 1) / inflation
        + 2 * square**2 * (1 - 2 * r2)
    )
    return expected, variance
