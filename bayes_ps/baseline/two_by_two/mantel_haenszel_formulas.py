r"""Mantel-Haenszel estimates, standard errors and weights of OR, RR and RD, from sums of counts.

Every variance is consistent both for few large trials and for many small ones. N is the size of a
trial, a to d its cells (see `Counts`).

Tests: ``tests/golden/test_metafor_two_by_two.py``, ``tests/golden/test_papers_regression.py``
(Rothman, Greenland & Lash 2008, tables 15-1 and 15-5).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bayes_ps.baseline.methods import Method, by_code
from bayes_ps.baseline.two_by_two.counts import Counts
from bayes_ps.checks import Array


@dataclass(frozen=True)
class Estimate:
    """The pooled effect (log for ratios), its standard error, and the weights of the trials.

    It is infinite or NaN where the counts do not define it.
    """

    mu: float
    se: float
    weights: Array


def odds_ratio(x: Counts) -> Estimate:
    r"""log(R/S), R = Σ ad/N, S = Σ bc/N, with the variance of Robins, Breslow and Greenland.

    .. math:: \frac{\sum PR}{2R^2} + \frac{\sum (PS + QR)}{2RS} + \frac{\sum QS}{2S^2},
              \quad P = (a + d)/N, \; Q = (b + c)/N

    Robins, Breslow & Greenland 1986, Biometrics 42:311, doi:10.2307/2531052.
    """
    R, S = x.a * x.d / x.n, x.b * x.c / x.n
    P, Q = (x.a + x.d) / x.n, (x.b + x.c) / x.n
    r, s = R.sum(), S.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (P @ R / r**2 + (P @ S + Q @ R) / (r * s) + Q @ S / s**2) / 2
        return Estimate(float(np.log(r / s)), float(np.sqrt(variance)), S)


def risk_ratio(x: Counts) -> Estimate:
    r"""log(R/S), R = Σ a n_c/N, S = Σ c n_t/N, with the variance of Greenland and Robins.

    .. math:: \sum \left[ n_t n_c (a + c) / N^2 - ac/N \right] / (R S)

    Greenland & Robins 1985, Biometrics 41:55, doi:10.2307/2530643.
    """
    R, S = x.a * x.n_c / x.n, x.c * x.n_t / x.n
    D = x.n_t * x.n_c * x.events / x.n**2 - x.a * x.c / x.n
    with np.errstate(divide="ignore", invalid="ignore"):
        mu = np.log(R.sum() / S.sum())
        return Estimate(float(mu), float(np.sqrt(D.sum() / (R.sum() * S.sum()))), S)


def risk_difference_sato(x: Counts) -> Estimate:
    r"""Σ w (a/n_t − c/n_c) / Σ w, w = n_t n_c/N, with the variance of Sato.

    .. math:: \left[ \mu \sum \frac{c n_t^2 - a n_c^2 + n_t n_c (n_c - n_t)/2}{N^2}
              + \tfrac12 \sum \frac{ad + bc}{N} \right] / (\sum w)^2

    Sato, Greenland & Robins 1989, Biometrics 45:1323. metafor's.
    """
    mu, w = _risk_difference(x)
    first = (x.c * x.n_t**2 - x.a * x.n_c**2 + x.n_t * x.n_c * (x.n_c - x.n_t) / 2) / x.n**2
    second = (x.a * x.d + x.b * x.c) / (2 * x.n)
    variance = max(0.0, mu * first.sum() + second.sum()) / w.sum() ** 2
    return Estimate(mu, float(np.sqrt(variance)), w)


def risk_difference_greenland_robins(x: Counts) -> Estimate:
    r"""The same estimate with Σ w² (ab/n_t³ + cd/n_c³) / (Σ w)²: consistent for large trials only.

    Greenland & Robins 1985, Biometrics 41:55, doi:10.2307/2530643. RevMan's, and Stata's metan.
    """
    mu, w = _risk_difference(x)
    variance = w**2 @ (x.a * x.b / x.n_t**3 + x.c * x.d / x.n_c**3) / w.sum() ** 2
    return Estimate(mu, float(np.sqrt(variance)), w)


def _risk_difference(x: Counts) -> tuple[float, Array]:
    w = x.n_t * x.n_c / x.n
    return float((x.a * x.n_c / x.n - x.c * x.n_t / x.n).sum() / w.sum()), w


OR = Method[Callable[[Counts], Estimate]](
    "OR", "variance of Robins, Breslow & Greenland", "doi:10.2307/2531052", odds_ratio
)
RR = Method("RR", "variance of Greenland & Robins", "doi:10.2307/2530643", risk_ratio)
# By program, because they differ in the variance of the risk difference.
FORMULAS = {
    "metafor": by_code(
        OR,
        RR,
        Method(
            "RD",
            "variance of Sato",
            "Sato, Greenland & Robins 1989, Biometrics 45:1323",
            risk_difference_sato,
        ),
    ),
    "RevMan": by_code(
        OR,
        RR,
        Method(
            "RD",
            "variance of Greenland & Robins",
            "doi:10.2307/2530643",
            risk_difference_greenland_robins,
        ),
    ),
}
