r"""The quadrature rule: nodes of tau where the posterior of an analysis is.

u = log tau runs linearly in t around the mode and exponentially far from it, so that a spike at 0
and a Cauchy tail both end within the range. In t the trapezoidal rule converges geometrically
(Takahasi & Mori 1974, doi:10.2977/prims/1195192451).
"""

from __future__ import annotations

import math

from bayes_ps.many.kernel.axis import slope_at, u_at
from bayes_ps.many.kernel.centre import evaluate
from bayes_ps.many.kernel.compiled import once, part
from bayes_ps.many.kernel.conditional import add_roots
from bayes_ps.many.kernel.layout import (
    COARSE,
    LOG_F,
    LOG_TAU,
    MEAN,
    SLOPE,
    TAU,
    VARIANCE,
    WEIGHT,
    Analysis,
    Axis,
    Rule,
)
from bayes_ps.many.kernel.normal import exp

STEP, HALVINGS = 0.2, 4  # in t, of the first rule; how often it may be halved
WEIGHTLESS = 1e-19
PAD = 8


@once
def place(a: Analysis, axis: Axis, step: float) -> Rule:
    """Nodes with their weights; those that weigh nothing are dropped."""
    first, last = -math.ceil(axis.low / step), math.ceil(axis.high / step)
    n = last - first + 1
    u, slope = a.node[LOG_TAU], a.node[SLOPE]
    for j in range(n):
        u[j] = u_at(axis, (first + j) * step)
        slope[j] = slope_at(axis, (first + j) * step)
    evaluate(a, 0, n)
    peak, total = weigh(a, n)
    cut = at_the_ends(a, n) / step
    begin, end = worth(a, n)
    kept = move(a, begin, end)
    add_roots(a.node, kept)
    return Rule(axis, step, first + begin, kept, peak + math.log(total * step), cut)


@part
def weigh(a: Analysis, n: int) -> tuple[float, float]:
    """Posterior weights of the n nodes, which sum to 1; the peak of LOG_F, and the sum before."""
    log_f, slope, weight, coarse = a.node[LOG_F], a.node[SLOPE], a.node[WEIGHT], a.node[COARSE]
    peak, total = -math.inf, 0.0
    for j in range(n):
        peak = max(peak, log_f[j])
    for j in range(n):
        weight[j] = exp(log_f[j] - peak) * slope[j]
    for j in range(n):
        total += weight[j]
    for j in range(n):
        weight[j] /= total
        coarse[j] = 2 * weight[j] if j % 2 == 0 else 0.0
    return peak, total


@part
def at_the_ends(a: Analysis, n: int) -> float:
    """The weight of the last nodes, in a probability and in the highest moment that exists."""
    tau, weight = a.node[TAU], a.node[WEIGHT]
    cut, total = weight[0] + weight[n - 1], 0.0
    for j in range(n):
        total += weight[j] * raised(tau[j], a.moments)
    return cut + weight[n - 1] * raised(tau[n - 1], a.moments) / total


@part
def raised(x: float, power: int) -> float:
    """x to the power 0, 1 or 2."""
    return 1.0 if power == 0 else x if power == 1 else x * x


@part
def worth(a: Analysis, n: int) -> tuple[int, int]:
    """The first node that weighs something, in a probability or a moment, and where they end."""
    tau, weight = a.node[TAU], a.node[WEIGHT]
    top = 0
    for j in range(n):
        if weight[j] > weight[top]:
            top = j
    first, last = 0, n - 1
    while first < top and weight[first] < WEIGHTLESS:
        first += 1
    while last > top:
        if weight[last] * max(1.0, raised(tau[last] / tau[top], a.moments)) > WEIGHTLESS:
            break
        last -= 1
    return first, last + 1


@part
def move(a: Analysis, begin: int, end: int) -> int:
    """Move nodes to the front, and fill up with nodes of no weight to a multiple of PAD, so that
    later loops run in whole vectors; how many there are then."""
    n = end - begin
    full = (n + PAD - 1) // PAD * PAD
    for row in (LOG_TAU, TAU, LOG_F, WEIGHT, COARSE, MEAN, VARIANCE):
        for j in range(n):
            a.node[row, j] = a.node[row, begin + j]
        for j in range(n, full):
            a.node[row, j] = 0.0 if row in (WEIGHT, COARSE) else a.node[row, n - 1]
    return full
