"""OR, RR, RD, AS: two proportions compared."""

from __future__ import annotations

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.effects.measure import Measure
from bayes_ps.effects.reported import Events, Form


def log_odds_ratio(e: Events, variance: str) -> tuple[Array, Array]:
    """y = log(a d / (b c)), se² = 1/a + 1/b + 1/c + 1/d (Woolf 1955)."""
    a, b, c, d = e.events_t, e.others_t, e.events_c, e.others_c
    return np.log(a * d / (b * c)), np.sqrt(1 / a + 1 / b + 1 / c + 1 / d)


def log_risk_ratio(e: Events, variance: str) -> tuple[Array, Array]:
    """y = log((a/n_t) / (c/n_c)), se² = 1/a − 1/n_t + 1/c − 1/n_c."""
    v = e.others_t / (e.events_t * e.n_t) + e.others_c / (e.events_c * e.n_c)
    return np.log(e.events_t * e.n_c / (e.n_t * e.events_c)), np.sqrt(v)


def risk_difference(e: Events, variance: str) -> tuple[Array, Array]:
    """y = a/n_t − c/n_c, se² = a b/n_t³ + c d/n_c³."""
    v = e.events_t * e.others_t / e.n_t**3 + e.events_c * e.others_c / e.n_c**3
    return e.events_t / e.n_t - e.events_c / e.n_c, np.sqrt(v)


def arcsine_difference(e: Events, variance: str) -> tuple[Array, Array]:
    """y = asin √(a/n_t) − asin √(c/n_c), se² = 1/(4 n_t) + 1/(4 n_c) (Rücker et al. 2009)."""
    y = np.arcsin(np.sqrt(e.events_t / e.n_t)) - np.arcsin(np.sqrt(e.events_c / e.n_c))
    return y, np.sqrt(1 / (4 * e.n_t) + 1 / (4 * e.n_c))


_READS = (Form(Events),)

OR = Measure(
    code="OR",
    compute=log_odds_ratio,
    variances=dict.fromkeys(("LS", "RevMan"), "log odds ratio, Woolf's variance"),
    reads=_READS,
    ratio=True,
    corrected=True,
    silent=True,
)
RR = Measure(
    code="RR",
    compute=log_risk_ratio,
    variances=dict.fromkeys(("LS", "RevMan"), "log risk ratio, large-sample variance"),
    reads=_READS,
    ratio=True,
    corrected=True,
    silent=True,
)
RD = Measure(
    code="RD",
    compute=risk_difference,
    variances=dict.fromkeys(("LS", "RevMan"), "risk difference, binomial variance of each arm"),
    reads=_READS,
    unit="risk difference",
    corrected=True,
)
AS = Measure(
    code="AS",
    compute=arcsine_difference,
    variances=dict.fromkeys(("LS", "RevMan"), "difference of arcsine square roots, 1/(4n) each"),
    reads=_READS,
    unit="arcsine units",
)
