"""The effect in a new setting by bootstrap: tau² drawn from its confidence distribution."""

from __future__ import annotations

import numpy as np
from scipy.special import logit

from bayes_ps.baseline import quadratic_form
from bayes_ps.baseline.interval import Interval
from bayes_ps.baseline.q_distribution import survival
from bayes_ps.baseline.weighting import pool
from bayes_ps.checks import Array

POINTS = 400
DRAWS_AT_ONCE = 10_000


def drawn_new_effects(y: Array, v: Array, seed: int, draws: int) -> Array:
    r"""(draws,) of the effect in a new setting, for studies `y` and `v`, (k,), k >= 3.

    .. math:: \theta_{new} = \hat\mu(\tau_b^2) + \tau_b z_b - t_b \, se_{HK}(\tau_b^2)

    with tau_b² from the confidence distribution of tau² by Cochran's Q, z_b normal, t_b of t with
    k − 1 df, and the Hartung-Knapp standard error. Unlike other prediction intervals it does not
    take tau² as known.

    Nagashima, Noma & Furukawa 2019, Stat Methods Med Res 28:1689, doi:10.1177/0962280218773520.
    Test: ``tests/golden/test_papers_baseline.py``, pimeta's cisapride example, 0.533 to 33.692.
    """
    rng = np.random.default_rng(seed)
    k = y.size
    tau2 = tau2_quantiles(y, v, rng.random(draws))
    z, t = rng.standard_normal(draws), rng.standard_t(k - 1, draws)
    found = np.empty(draws)
    for start in range(0, draws, DRAWS_AT_ONCE):
        some = slice(start, start + DRAWS_AT_ONCE)
        pooled = pool(y, v, tau2[some])
        error = pooled.se * np.sqrt(pooled.q / (k - 1))
        found[some] = pooled.mu + z[some] * np.sqrt(tau2[some]) - t[some] * error
    return found


def tau2_quantiles(y: Array, v: Array, probability: Array) -> Array:
    """Quantiles of the confidence distribution H(tau²) = P(Q > Q observed; tau²), 0 up to H(0).

    H is exact at 400 points; between them log tau² is interpolated monotonically in logit H.
    """
    from scipy.interpolate import PchipInterpolator

    q = float(quadratic_form.value(y - y[v.argmin()], 1 / v))
    if q == 0:
        return np.zeros(probability.shape)
    smallest = float(v.min())
    high = q * smallest
    most = float(probability.max())
    while float(survival(q, v, 1 / v, high)) < most:
        high *= 4
    grid = smallest * np.expm1(np.linspace(0, np.log1p(high / smallest), POINTS))
    below = survival(q, v, 1 / v, grid)
    inside = np.flatnonzero((below > 1e-9) & (np.diff(below, prepend=-1) > 0) & (below < 1))
    curve = PchipInterpolator(logit(below[inside]), np.log(smallest + grid[inside]))
    clipped = np.clip(probability, below[inside[0]], below[inside[-1]])
    found = np.exp(curve(logit(clipped))) - smallest
    return np.where(probability <= below[0], 0.0, np.maximum(found, 0))


def bootstrap_interval(y: Array, v: Array, level: float, *, seed: int, draws: int) -> Interval:
    """The central interval of :func:`drawn_new_effects`; its method says its Monte Carlo error."""
    effects = np.sort(drawn_new_effects(y, v, seed, draws))
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    lower, upper = np.quantile(effects, tails)
    spread = np.sqrt(tails * (1 - tails) / draws)
    around = np.quantile(effects, np.clip([tails - spread, tails + spread], 0, 1))
    errors = (around[1] - around[0]) / 2
    method = (
        f"Nagashima-Noma-Furukawa parametric bootstrap, {draws} draws, seed {seed}, Monte Carlo "
        f"error of its ends {errors[0]:.1g} and {errors[1]:.1g} (doi:10.1177/0962280218773520)"
    )
    return Interval(float(lower), float(upper), None, level, method)
