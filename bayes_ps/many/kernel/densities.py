"""Log densities of the priors of tau at the nodes, without their constants."""

from __future__ import annotations

import math

from bayes_ps.checks import Array
from bayes_ps.many.kernel.compiled import part
from bayes_ps.many.kernel.layout import FAMILY, FIRST, LOG_F, LOG_TAU, SECOND, TAU, THIRD, Analysis

# Families by number; `families` knows the priors that they stand for.
FLAT, HALF_NORMAL, HALF_T, GAMMA, INVERSE_GAMMA, LOG_NORMAL, LOG_T, LOG_LOGISTIC, POWER = range(9)
JEFFREYS, OVERALL_JEFFREYS, BERGER_DEELY, CONVENTIONAL = range(9, 13)


@part
def add_prior(a: Analysis, first: int, last: int) -> None:
    """Add the log density of tau, in the unit of the estimates, to LOG_F."""
    family, log_unit = int(a.prior[FAMILY]), math.log(a.unit)
    log_tau, tau, log_f = a.node[LOG_TAU], a.node[TAU], a.node[LOG_F]
    if family >= JEFFREYS:
        add_information(a, first, last)
    elif family >= LOG_NORMAL:
        for j in range(first, last):
            log_f[j] += on_log(family, a.prior, log_tau[j] + log_unit)
    elif family != FLAT:
        for j in range(first, last):
            log_f[j] += on_tau(family, a.prior, log_tau[j] + log_unit, tau[j] * a.unit)


@part
def on_tau(family: int, prior: Array, log_tau: float, tau: float) -> float:
    """Families whose density is written in tau."""
    a, b = prior[FIRST], prior[SECOND]
    if family == HALF_NORMAL:
        return -0.5 * (tau / a) ** 2
    if family == HALF_T:  # df a, scale b
        return -0.5 * (a + 1) * math.log1p((tau / b) ** 2 / a)
    if family == GAMMA:  # shape a, rate b
        return (a - 1) * log_tau - b * tau
    return -(a + 1) * log_tau - b / tau  # inverse gamma of shape a, scale b


@part
def on_log(family: int, prior: Array, log_tau: float) -> float:
    """Families whose density is written in log tau."""
    a, b = prior[FIRST], prior[SECOND]
    if family == LOG_NORMAL:
        return -0.5 * ((log_tau - a) / b) ** 2 - log_tau
    if family == LOG_T:
        df = prior[THIRD]
        return -0.5 * (df + 1) * math.log1p(((log_tau - a) / b) ** 2 / df) - log_tau
    if family == LOG_LOGISTIC:  # location a, scale b
        x = (log_tau - a) / b
        return -abs(x) - 2 * math.log1p(math.exp(-abs(x))) - log_tau
    return a * log_tau


@part
def add_information(a: Analysis, first: int, last: int) -> None:
    """Jeffreys' rule and its kin: functions of tau and of w_i = 1 / (se_i² + tau²)."""
    family, log_f, log_unit = int(a.prior[FAMILY]), a.node[LOG_F], math.log(a.unit)
    k = a.y.size
    for j in range(first, last):
        tau2 = a.node[TAU, j] ** 2
        total = squares = logs = 0.0
        for i in range(k):
            w = 1 / (a.v[i] + tau2)
            total += w
            squares += w * w
            logs += math.log(w)
        log_f[j] += a.node[LOG_TAU, j]
        if family == JEFFREYS:
            log_f[j] += 0.5 * math.log(squares) - log_unit
        elif family == OVERALL_JEFFREYS:
            log_f[j] += 0.5 * math.log(total * squares)
        elif family == BERGER_DEELY:
            log_f[j] += logs / k - log_unit
        else:
            log_f[j] += 1.5 * logs / k


@part
def log_total_information(a: Analysis) -> float:
    """Log of the integral over tau of a prior that `add_information` leaves without its constant.

    On u = log tau it falls exponentially on both sides: the trapezoidal rule errs by exp(−π² / h).
    """
    low, high, h = -40.0, 60.0, 0.25
    for i in range(a.v.size):
        high = max(high, 60.0 + 0.5 * math.log(a.v[i]))
    n = int((high - low) / h) + 1
    for j in range(n):
        u = low + h * j
        a.node[LOG_TAU, j], a.node[TAU, j], a.node[LOG_F, j] = u, math.exp(u), u
    add_information(a, 0, n)
    peak, total = -math.inf, 0.0
    for j in range(n):
        peak = max(peak, a.node[LOG_F, j])
    for j in range(n):
        total += math.exp(a.node[LOG_F, j] - peak)
    return peak + math.log(total * h)
