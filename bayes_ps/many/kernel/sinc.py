r"""The distribution function of tau by Sinc indefinite integration over the same nodes.

P(tau <= x) = sum_j weight_j (1/2 + Si(pi (t − t_j) / step) / pi), t that of x (Haber 1993,
doi:10.1090/S0025-5718-1993-1149292-9). Within half a step of a node every term is a polynomial of
t: the coefficients, which depend on the distance of two nodes alone, are tabulated once.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import sici

from bayes_ps.checks import Array
from bayes_ps.many.kernel.axis import slope_at, t_at, tau_at, u_at, u_of
from bayes_ps.many.kernel.centre import LOWEST, evaluate
from bayes_ps.many.kernel.compiled import once, part, summing
from bayes_ps.many.kernel.layout import DEGREE, LOG_F, LOG_TAU, MOST, WEIGHT, Analysis, Rule

CLOSE, FAR = 0.55, 0.7  # of a step from a node: its polynomial is used, and trusted


def table() -> Array:
    """(DEGREE + 1, 2 MOST + 1) coefficients of 1/2 + Si(pi (d − n)) / pi in d, n from −MOST on."""
    d = np.cos(np.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1)) / 2
    n = np.arange(-MOST, MOST + 1)
    values = 0.5 + sici(np.pi * (d[:, None] - n))[0] / np.pi
    return np.ascontiguousarray(np.linalg.solve(np.vander(d, increasing=True), values))


@part
def tau_quantile(a: Analysis, rule: Rule, q: float) -> tuple[float, float]:
    """tau with P(tau' <= tau) = q; and the error that the density has beside it."""
    weight, total, near = a.node[WEIGHT], 0.0, 0
    while near < rule.n - 1 and total + weight[near] < q:
        total += weight[near]
        near += 1
    d = min(max((q - total) / weight[near] - 0.5, -0.5), 0.5)
    for _ in range(20):
        cell(a, near, rule.n)
        for _ in range(50):
            value, slope = polynomial(a.cell, d)
            step = (q - value) / slope
            d = min(max(d + step, -FAR), FAR)
            if abs(step) < 1e-10 or abs(d) == FAR:
                break
        aside = 1 if d > 0 else -1
        if abs(d) <= CLOSE or not 0 <= near + aside < rule.n:
            break
        near += aside
        d -= aside
    t = (rule.first + near + d) * rule.step
    return tau_at(a, u_at(rule.axis, t)), mistaken(a, rule, near)


@once
def tau_cdf(a: Analysis, rule: Rule, tau: float) -> tuple[float, float]:
    """P(tau' <= tau), tau in the unit of the analysis; and the error of the density beside it."""
    u = u_of(a, tau)
    if u < LOWEST or u == math.inf:
        return (0.0 if u < 0 else 1.0), 0.0
    place = t_at(rule.axis, u) / rule.step - rule.first
    if place < -0.5 or place > rule.n - 0.5:
        return (0.0 if place < 0 else 1.0), 0.0
    near = min(int(place + 0.5), rule.n - 1)
    cell(a, near, rule.n)
    return min(max(polynomial(a.cell, place - near)[0], 0.0), 1.0), mistaken(a, rule, near)


@summing
def cell(a: Analysis, near: int, n: int) -> None:
    """The polynomial of the distribution function around the node `near`, into a.cell."""
    weight, shift = a.node[WEIGHT], MOST - near
    for power in range(DEGREE + 1):
        row, total = a.sinc[power], 0.0
        for j in range(n):
            total += weight[j] * row[shift + j]
        a.cell[power] = total


@part
def polynomial(c: Array, d: float) -> tuple[float, float]:
    """Its value and its derivative."""
    value = slope = 0.0
    for power in range(DEGREE, -1, -1):
        slope = slope * d + value
        value = value * d + c[power]
    return value, slope


@part
def mistaken(a: Analysis, rule: Rule, near: int) -> float:
    """By how much the polynomial errs about the density halfway to the next node, where it errs
    most, times the step: more than the error of the distribution function."""
    t = (rule.first + near + 0.5) * rule.step
    a.node[LOG_TAU, MOST - 1] = u_at(rule.axis, t)
    evaluate(a, MOST - 1, MOST)
    density = slope_at(rule.axis, t) * math.exp(a.node[LOG_F, MOST - 1] - rule.log_integral)
    return abs(polynomial(a.cell, 0.5)[1] - rule.step * density)
