"""Probabilities and quantiles of an effect: a mixture of normals over the nodes of tau."""

from __future__ import annotations

import math

from bayes_ps.many.kernel.compiled import part, summing
from bayes_ps.many.kernel.layout import BELL, COARSE, ORDER, WEIGHT, Mixture
from bayes_ps.many.kernel.normal import PEAK, ROOT_2PI, exp, mills, rough_ndtri

EXACT = 1e-12  # of a probability that a quantile belongs to
TURNS = 300


@summing
def beyond(m: Mixture, x: float, side: float) -> tuple[float, float]:
    """P(effect > x) for side 1, P(effect < x) for side −1; and by how much every second node
    differs. Small probabilities keep their digits.

    Leaves in BELL what the densities of the components at x add to that of the mixture.
    """
    weight, coarse, bell = m.node[WEIGHT], m.node[COARSE], m.node[BELL]
    location, root = m.node[m.location], m.node[m.root]
    p = rough = 0.0
    for j in range(m.n):
        z = (x - location[j]) * root[j]
        height = exp(-0.5 * z * z)
        tail = height * mills(abs(z))
        share = tail if side * z > 0 else 1 - tail
        p += weight[j] * share
        rough += coarse[j] * share
        bell[j] = weight[j] * height * (root[j] * PEAK)
    return p, abs(rough - p)


@summing
def expand(m: Mixture, x: float) -> None:
    """The Taylor series of P(effect <= x + s) in s, after `beyond`: m.series[i] belongs to s^i.

    The derivatives of a normal density are Hermite polynomials, by their recurrence.
    """
    location, root, bell, series = m.node[m.location], m.node[m.root], m.node[BELL], m.series
    s1 = s2 = s3 = s4 = s5 = s6 = s7 = s8 = s9 = 0.0
    for j in range(m.n):
        p, q = (location[j] - x) * root[j] * root[j], root[j] * root[j]
        d1 = bell[j]
        d2 = p * d1
        d3 = p * d2 - q * d1
        d4 = p * d3 - 2 * q * d2
        d5 = p * d4 - 3 * q * d3
        d6 = p * d5 - 4 * q * d4
        d7 = p * d6 - 5 * q * d5
        d8 = p * d7 - 6 * q * d6
        d9 = p * d8 - 7 * q * d7
        s1 += d1
        s2 += d2
        s3 += d3
        s4 += d4
        s5 += d5
        s6 += d6
        s7 += d7
        s8 += d8
        s9 += d9
    series[1], series[2], series[3], series[4] = s1, s2 / 2, s3 / 6, s4 / 24
    series[5], series[6], series[7] = s5 / 120, s6 / 720, s7 / 5040
    series[8], series[9] = s8 / 40320, s9 / 362880


@part
def quantile(m: Mixture, score: float, x: float, scale: float) -> tuple[float, float]:
    """Where the probability below is Phi(`score`), from the guess x ± scale; and its error.

    Near it the Taylor series is solved; farther off steps are made on the normal score of the
    probability, which is nearly linear in x. Both keep between too low and too high.
    """
    side = 1.0 if score > 0 else -1.0
    tail = exp(-0.5 * score * score) * mills(abs(score))
    low, high, error = -math.inf, math.inf, math.inf
    for _ in range(TURNS):
        p, error = beyond(m, x, side)
        off = side * (p - tail)  # of the probability below
        if off == 0:
            break
        low, high = (x, high) if off > 0 else (low, x)
        expand(m, x)
        step, left = solve(m, off)
        if not left < 0.01 * abs(off):
            step = by_scores(m, score, score_of(p, side))
        if low < x + step < high:
            x += step
            if left < EXACT * tail:
                break
        elif high - low < math.inf:
            x = 0.5 * (low + high)
            if x in (low, high):
                break
        else:
            x += scale if off > 0 else -scale
            scale *= 2
    return x, error


@part
def solve(m: Mixture, off: float) -> tuple[float, float]:
    """The s that adds `off` to the probability by the series, and the size of its last term."""
    c, last = m.series, m.series[ORDER]
    s = off / c[1]
    s /= 1 + max(c[2] / c[1] * s, -0.5)
    for _ in range(6):
        value, slope = 0.0, 0.0
        for i in range(ORDER, 0, -1):
            slope = slope * s + i * c[i]
            value = value * s + c[i]
        change = (value * s - off) / slope
        s -= change
        if abs(change) < 1e-9 * abs(s):
            break
    for _ in range(ORDER):
        last *= s
    return s, abs(last)


@part
def score_of(p: float, side: float) -> float:
    """The normal score of the probability below, roughly, if that on `side` is p."""
    score = rough_ndtri(min(p, 1 - p))
    return -side * score if p < 0.5 else side * score


@part
def by_scores(m: Mixture, score: float, reached: float) -> float:
    """A step of third order that moves the normal score of the probability below."""
    density, bend = m.series[1], 2 * m.series[2] / m.series[1]
    slope = density * ROOT_2PI * exp(0.5 * min(reached * reached, 1400.0))
    newton = (score - reached) / slope
    return newton / (1 + max(0.5 * (bend + reached * slope) * newton, -0.5))
