"""What is said of one unknown effect: mean, SD, median, interval, and probabilities."""

from __future__ import annotations

import math

from bayes_ps.checks import Array
from bayes_ps.many.kernel.columns import (
    HIGH,
    LOW,
    MEAN_OF,
    MEDIAN,
    P_BENEFIT,
    P_HARM,
    P_MCID,
    SD_OF,
)
from bayes_ps.many.kernel.compiled import part, summing
from bayes_ps.many.kernel.layout import COARSE, WEIGHT, Analysis, Mixture, Question, Shape
from bayes_ps.many.kernel.mixture import beyond, quantile


@part
def describe(a: Analysis, m: Mixture, q: Question, out: Array) -> float:
    """Fill (WIDE,) numbers about a mixture, and say how exact they are: the largest difference to
    what every second node gives, in probabilities, or in tenths of SDs of means and SDs."""
    s = shape_of(m)
    out[MEAN_OF] = a.origin + a.unit * s.mean if m.moments > 0 else math.nan
    out[SD_OF] = a.unit * s.sd if m.moments > 1 else math.nan
    error = s.error if m.moments > 1 else 0.0
    for which, score in ((MEDIAN, 0.0), (LOW, q.score), (HIGH, -q.score)):
        x, scale = guess(m, s, score)
        x, off = quantile(m, score, x, scale)
        out[which] = a.origin + a.unit * x
        error = max(error, off)
    if not math.isnan(q.sign):
        out[P_BENEFIT], off = beyond(m, -a.origin / a.unit, q.sign)
        error = max(error, off)
    if not math.isnan(q.sign * q.mcid):
        out[P_MCID], off = beyond(m, (q.sign * q.mcid - a.origin) / a.unit, q.sign)
        error = max(error, off)
        out[P_HARM], off = beyond(m, (-q.sign * q.mcid - a.origin) / a.unit, -q.sign)
        error = max(error, off)
    return error


@summing
def shape_of(m: Mixture) -> Shape:
    """Mean, SD, skewness and excess kurtosis."""
    weight, coarse = m.node[WEIGHT], m.node[COARSE]
    location, root = m.node[m.location], m.node[m.root]
    mean = rough = second = rough_second = third = fourth = 0.0
    for j in range(m.n):
        mean += weight[j] * location[j]
        rough += coarse[j] * location[j]
    for j in range(m.n):
        d, v = location[j] - mean, 1 / (root[j] * root[j])
        d2 = d * d
        second += weight[j] * (d2 + v)
        rough_second += coarse[j] * (d2 + v)
        third += weight[j] * d * (d2 + 3 * v)
        fourth += weight[j] * (d2 * d2 + 6 * d2 * v + 3 * v * v)
    sd = math.sqrt(second)
    error = 0.1 * max(abs(rough - mean) / sd, abs(rough_second / second - 1) / 2)
    return Shape(mean, sd, third / sd**3, fourth / second**2 - 3, error)


@part
def guess(m: Mixture, s: Shape, score: float) -> tuple[float, float]:
    """Where the quantile at Phi(score) is, ± a scale: by Cornish & Fisher's series where moments
    tell, else by the component in whose tail it lies."""
    if m.moments < 2 or abs(s.skewness) > 1 or s.kurtosis > 6:
        location, scale = middle(m)
        return location + score * scale, scale
    z, square = score, score * score
    bent = z + (square - 1) * s.skewness / 6 + z * (square - 3) * s.kurtosis / 24
    return s.mean + s.sd * (bent - z * (2 * square - 5) * s.skewness**2 / 36), s.sd


@part
def middle(m: Mixture) -> tuple[float, float]:
    """Location and scale at the upper quartile of the nodes: where to look if there is no SD."""
    total, j = 0.0, 0
    while j < m.n - 1 and total + m.node[WEIGHT, j] < 0.75:
        total += m.node[WEIGHT, j]
        j += 1
    return m.node[m.location, j], 1 / m.node[m.root, j]
