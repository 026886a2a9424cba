"""An analysis in its own unit: the smallest standard error is 1, and estimates lie around 0.

So neither the scale of the outcome nor its origin costs digits.
"""

from __future__ import annotations

import math

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.many.kernel.compiled import once, part
from bayes_ps.many.kernel.densities import LOG_LOGISTIC
from bayes_ps.many.kernel.layout import (
    DEGREE,
    FAMILY,
    FIRST,
    MOST,
    MU_MEAN,
    MU_SD,
    ORDER,
    PARTS,
    ROWS,
    TAIL,
    THIRD,
    Analysis,
)

STATED, HARMONIC, TYPICAL = 0, 1, 2  # whence the scale of a log-logistic prior is
SMALLEST = 600.0  # − log of the smallest product of weights
LARGEST = 1e200  # of v


def room(k: int, sinc: Array) -> Analysis:
    """Room for analyses of up to k studies."""
    y, v, prior, cell, series = (np.empty(n) for n in (k, k, PARTS, DEGREE + 1, ORDER + 1))
    return Analysis(
        y=y,
        v=v,
        prior=prior,
        node=np.empty((ROWS, MOST)),
        sinc=sinc,
        cell=cell,
        series=series,
        mean=0.0,
        precision=0.0,
        origin=0.0,
        unit=1.0,
        moments=0,
        chunk=1,
    )


@once
def enter(r: Analysis, estimates: Array, prior: Array) -> Analysis:
    """The analysis of (2, k) y and se in the room r."""
    y, se = estimates[0], estimates[1]
    k, unit, largest = y.size, math.inf, 1.0
    for i in range(k):
        unit = min(unit, se[i])
    for i in range(k):
        r.v[i] = (se[i] / unit) ** 2
        largest = max(largest, r.v[i])
    weights = weighted = 0.0
    for i in range(k):
        weights += 1 / r.v[i]
        weighted += (y[i] - y[0]) / r.v[i]
    origin = y[0] + weighted / weights
    for i in range(k):
        r.y[i] = (y[i] - origin) / unit
    for i in range(PARTS):
        r.prior[i] = prior[i]
    if int(prior[FAMILY]) == LOG_LOGISTIC and int(prior[THIRD]) != STATED:
        r.prior[FIRST] = math.log(unit) + 0.5 * math.log(variance_of(r.v[:k], int(prior[THIRD])))
    flat = math.isinf(prior[MU_SD])
    tail = prior[TAIL] + k - (1 if flat else 0)
    return Analysis(
        r.y[:k],
        r.v[:k],
        r.prior,
        r.node,
        r.sinc,
        r.cell,
        r.series,
        0.0 if flat else (prior[MU_MEAN] - origin) / unit,
        0.0 if flat else (unit / prior[MU_SD]) ** 2,
        origin,
        unit,
        (1 if tail > 2 else 0) + (1 if tail > 3 else 0),
        max(1, int(SMALLEST / max(math.log(largest), SMALLEST / k))),
    )


@part
def usable(a: Analysis) -> bool:
    """Whether its own unit keeps every number well within the range of numbers."""
    ok = math.isfinite(a.mean * a.mean * a.precision) and math.isfinite(a.origin)
    for i in range(a.y.size):
        ok = ok and math.isfinite(a.y[i] * a.y[i]) and a.v[i] < LARGEST
    return ok and not math.isnan(a.prior[FIRST])


@once
def recentred(a: Analysis, shift: float) -> Analysis:
    """The same analysis with its origin at mu, so that sums of squares around it lose no digits."""
    for i in range(a.y.size):
        a.y[i] -= shift
    return Analysis(
        a.y,
        a.v,
        a.prior,
        a.node,
        a.sinc,
        a.cell,
        a.series,
        a.mean - shift,
        a.precision,
        a.origin + a.unit * shift,
        a.unit,
        a.moments,
        a.chunk,
    )


@part
def variance_of(v: Array, how: int) -> float:
    """The sampling variance of a typical study: harmonic mean, or Higgins & Thompson's."""
    total = squares = 0.0
    for i in range(v.size):
        total += 1 / v[i]
        squares += 1 / v[i] ** 2
    return v.size / total if how == HARMONIC else (v.size - 1) * total / (total**2 - squares)
