"""One analysis: from its estimates to a row of numbers."""

from __future__ import annotations

import math

from bayes_ps.checks import Array
from bayes_ps.many.kernel.centre import look
from bayes_ps.many.kernel.columns import (
    ERROR,
    FINE,
    HIGH,
    IMPROPER,
    LOG_EVIDENCE,
    LOW,
    MEAN_OF,
    MEDIAN,
    NOWHERE,
    OF_MU,
    OF_NEW,
    OF_TAU,
    SD_OF,
    STATUS,
    TOLERANCE,
    WIDE,
)
from bayes_ps.many.kernel.compiled import once, part, summing
from bayes_ps.many.kernel.conditional import add_theta
from bayes_ps.many.kernel.densities import CONVENTIONAL, OVERALL_JEFFREYS, log_total_information
from bayes_ps.many.kernel.effect import describe
from bayes_ps.many.kernel.layout import (
    COARSE,
    CONSTANT,
    FAMILY,
    MEAN,
    PROPER,
    ROOT,
    ROOT_NEW,
    ROOT_THETA,
    TAIL,
    TAU,
    THETA,
    WEIGHT,
    Analysis,
    Mixture,
    Question,
    Rule,
)
from bayes_ps.many.kernel.mixture import beyond
from bayes_ps.many.kernel.rule import HALVINGS, STEP, place
from bayes_ps.many.kernel.sinc import tau_cdf, tau_quantile
from bayes_ps.many.kernel.units import recentred, usable

ROUNDING = 4e-16


@once
def analyse(a: Analysis, q: Question, out: Array, theta: Array) -> None:
    """Fill a row (COLUMNS,), and one of (WIDE,) for each study that `theta` has room for.

    The step is halved until every number agrees with what every second node gives.
    """
    out[STATUS] = IMPROPER
    tail = a.prior[TAIL] + a.y.size - (1 if a.precision == 0 else 0)
    if tail < 1 or (tail == 1 and a.prior[PROPER] == 0):
        return
    out[STATUS] = NOWHERE
    if not usable(a):
        return
    constant, step = constant_of(a), STEP
    axis, mean = look(a)
    if not math.isfinite(axis.centre):
        return
    a = recentred(a, mean)
    for _ in range(HALVINGS + 1):
        rule = place(a, axis, step)
        error = max(rule.cut, abs(sum_of(a.node[COARSE], rule.n) - 1), ROUNDING)
        if q.points.size > 0:
            error = max(error, answer_points(a, rule, q, out))
        else:
            error = max(error, answer_row(a, rule, q, out), answer_studies(a, rule, q, theta))
        out[ERROR], out[LOG_EVIDENCE] = error, rule.log_integral + constant
        if error <= TOLERANCE:
            break
        step /= 2
    if is_whole(q, out):
        out[STATUS] = FINE


@part
def is_whole(q: Question, out: Array) -> bool:
    """Whether every number is there that exists whatever the tails."""
    ok = math.isfinite(out[LOG_EVIDENCE] + out[ERROR])
    if q.points.size > 0:
        return ok and math.isfinite(out[0] + out[1] + out[2])
    for first in (OF_MU, OF_TAU, OF_NEW):
        for each in (MEDIAN, LOW, HIGH):
            ok = ok and math.isfinite(out[first + each])
    return ok


@once
def answer_row(a: Analysis, rule: Rule, q: Question, out: Array) -> float:
    """What is asked of mu, tau and theta_new; the error."""
    exist = a.moments if a.precision == 0 else 2
    mu = Mixture(a.node, MEAN, ROOT, rule.n, exist, a.series)
    new = Mixture(a.node, MEAN, ROOT_NEW, rule.n, a.moments, a.series)
    error = describe(a, mu, q, out[OF_MU : OF_MU + WIDE])
    error = max(error, describe(a, new, q, out[OF_NEW : OF_NEW + WIDE]))
    mean, sd, off = moments_of_tau(a, rule.n)
    out[OF_TAU + MEAN_OF] = a.unit * mean if a.moments > 0 else math.nan
    out[OF_TAU + SD_OF] = a.unit * sd if a.moments > 1 else math.nan
    error = max(error, off)
    for which, p in ((MEDIAN, 0.5), (LOW, q.below), (HIGH, 1 - q.below)):
        tau, off = tau_quantile(a, rule, p)
        out[OF_TAU + which] = a.unit * tau
        error = max(error, off)
    return error


@once
def answer_studies(a: Analysis, rule: Rule, q: Question, out: Array) -> float:
    """What is asked of theta of the first studies, as many as `out` has rows; the error."""
    error = 0.0
    for study in range(out.shape[0]):
        add_theta(a, study, rule.n)
        m = Mixture(a.node, THETA, ROOT_THETA, rule.n, 2, a.series)
        error = max(error, describe(a, m, q, out[study]))
    return error


@once
def answer_points(a: Analysis, rule: Rule, q: Question, out: Array) -> float:
    """P(unknown <= point) of mu, tau and theta_new in the first columns; the error."""
    of_mu = Mixture(a.node, MEAN, ROOT, rule.n, 0, a.series)
    of_new = Mixture(a.node, MEAN, ROOT_NEW, rule.n, 0, a.series)
    out[0], off_mu = beyond(of_mu, (q.points[0] - a.origin) / a.unit, -1.0)
    out[1], off_tau = tau_cdf(a, rule, q.points[1] / a.unit)
    out[2], off_new = beyond(of_new, (q.points[2] - a.origin) / a.unit, -1.0)
    return max(off_mu, off_tau, off_new)


@once
def constant_of(a: Analysis) -> float:
    """What log p(y) holds that does not depend on tau."""
    log_unit, constant = math.log(a.unit), a.prior[CONSTANT]
    free = a.y.size - (1 if a.precision == 0 else 0)
    if int(a.prior[FAMILY]) in (OVERALL_JEFFREYS, CONVENTIONAL):
        constant -= log_total_information(a) + log_unit
    if a.precision > 0:
        constant += 0.5 * math.log(a.precision)
    return constant + log_unit - free * (0.5 * math.log(2 * math.pi) + log_unit)


@summing
def moments_of_tau(a: Analysis, n: int) -> tuple[float, float, float]:
    """Mean and SD of tau, and a tenth of how far those by every second node are off, in SDs."""
    tau, weight, coarse = a.node[TAU], a.node[WEIGHT], a.node[COARSE]
    mean = rough = square = rough_square = 0.0
    for j in range(n):
        mean += weight[j] * tau[j]
        rough += coarse[j] * tau[j]
    if a.moments < 2:
        return mean, math.nan, 0.1 * abs(rough / mean - 1) if a.moments > 0 else 0.0
    for j in range(n):
        square += weight[j] * (tau[j] - mean) ** 2
        rough_square += coarse[j] * (tau[j] - mean) ** 2
    sd = math.sqrt(square)
    return mean, sd, 0.1 * max(abs(rough - mean) / sd, abs(rough_square / square - 1) / 2)


@summing
def sum_of(row: Array, n: int) -> float:
    """Sum over a row of nodes."""
    total = 0.0
    for j in range(n):
        total += row[j]
    return total
