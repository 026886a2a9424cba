"""From t, on which nodes are equidistant, to tau and back."""

from __future__ import annotations

import math

from bayes_ps.many.kernel.compiled import part
from bayes_ps.many.kernel.layout import LOWER, UPPER, Analysis, Axis
from bayes_ps.many.kernel.normal import exp

LINEAR = 10.0  # t at most


@part
def bent(centre: float, width: float, below: float, above: float) -> Axis:
    """The axis that reaches `below` and `above` the centre, exponential no more than it must be."""
    left, low = bend(below / width)
    right, high = bend(above / width)
    return Axis(centre, width, left, right, low, high)


@part
def bend(length: float) -> tuple[float, float]:
    """How exponential u must be to go `length` widths within LINEAR, and the last t."""
    if length <= LINEAR:
        return 0.0, length
    return (length - LINEAR) / (math.exp(LINEAR) - 1 - LINEAR), LINEAR


@part
def u_at(axis: Axis, t: float) -> float:
    """u at t."""
    bent = axis.right * (exp(t) - 1 - t) - axis.left * (exp(-t) - 1 + t)
    return axis.centre + axis.width * (t + bent)


@part
def slope_at(axis: Axis, t: float) -> float:
    """du / dt at t."""
    return axis.width * (1 + axis.right * (exp(t) - 1) + axis.left * (exp(-t) - 1))


@part
def t_at(axis: Axis, u: float) -> float:
    """t at u, by Newton's steps from within the range."""
    x = (u - axis.centre) / axis.width
    t = min(max(x, -axis.low), axis.high)
    for _ in range(100):
        step = (u_at(axis, t) - u) / slope_at(axis, t)
        t -= step
        if abs(step) < 1e-14 * (1 + abs(t)):
            break
    return t


@part
def tau_at(a: Analysis, u: float) -> float:
    """tau at u."""
    lower, length = a.prior[LOWER] / a.unit, (a.prior[UPPER] - a.prior[LOWER]) / a.unit
    return lower + length / (1 + math.exp(-u)) if length < math.inf else math.exp(u)


@part
def u_of(a: Analysis, tau: float) -> float:
    """u at tau; −inf and inf at the ends of the support and beyond."""
    lower, upper = a.prior[LOWER] / a.unit, a.prior[UPPER] / a.unit
    if tau <= lower:
        return -math.inf
    if tau >= upper:
        return math.inf
    return math.log(tau - lower) - (math.log(upper - tau) if upper < math.inf else 0.0)
