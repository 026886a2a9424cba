r"""Quadrature nodes over tau, placed by the posterior itself.

tau in (lower, upper) is mapped to the whole line by u = log(tau − lower), or by the logit where the
prior has an upper bound, and u = centre + width · sinh(t). Around the posterior's mode nodes are
dense on the scale of its own curvature; towards 0 and infinity they run away double exponentially,
so that a spike at 0, a Cauchy tail and a log-t prior all end within the range. In t the trapezoidal
rule converges geometrically (Takahasi & Mori 1974, doi:10.2977/prims/1195192451), and the same
nodes give the distribution function by Sinc indefinite integration (Haber 1993,
doi:10.1090/S0025-5718-1993-1149292-9).

The step is halved until the error is small enough. Where the density is analytic, half the step
squares the error, so the rule on every second node tells how good the rule on all is. That the
errors do fall like this is seen from every fourth node; where they do not, the difference between
the two finest rules is the error that is returned, which is that of the coarser one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.special import sici

from bayes_ps.checks import Array

LOWEST, HIGHEST = -700.0, 300.0  # of u: tau² neither underflows to nothing nor overflows
STEP, MOST = 0.1, 10_000  # the first step in t; nodes at most
WEIGHTLESS = 1e-20
PROBED = np.array([-2.5, -1.2, 0.0, 1.2, 2.5, 3.7])  # in t
GRID, FRACTION = np.linspace(-60.0, 60.0, 41), np.linspace(0.0, 1.0, 21)  # to find the mode of u
ROUNDING = 16 * np.finfo(float).eps  # of a probability; the most seen in 228 references is 8 eps
REACH = 50.0  # of the log density below its peak: where the density is no longer looked at


@dataclass(frozen=True, eq=False)
class Axis:
    """The map from t to tau: tau = lower + exp(u), or the logistic of u below `upper`."""

    lower: float
    upper: float
    centre: float = 0.0
    width: float = 1.0

    @property
    def is_half_line(self) -> bool:
        """Whether tau may be any positive number."""
        return self.lower == 0 and self.upper == np.inf

    def u(self, t: Array) -> Array:
        """Where t lies on the unbounded axis, kept off under- and overflow."""
        return np.minimum(np.maximum(self.centre + self.width * np.sinh(t), LOWEST), HIGHEST)

    def log_tau(self, u: Array) -> Array:
        """log tau at u."""
        if self.is_half_line:
            return u
        with np.errstate(divide="ignore"):
            floor = np.log(self.lower)
        if np.isfinite(self.upper):
            u = np.log(self.upper - self.lower) - np.logaddexp(0, -u)
        return np.logaddexp(floor, u)

    def log_slope(self, u: Array) -> Array:
        """log d tau / d u."""
        if np.isfinite(self.upper):
            return np.log(self.upper - self.lower) - np.logaddexp(0, -u) - np.logaddexp(0, u)
        return u

    def t(self, tau: Array) -> Array:
        """The inverse of the map; −inf and inf at the ends of the support."""
        with np.errstate(divide="ignore", invalid="ignore"):
            above = np.log(np.maximum(tau - self.lower, 0))
            if np.isfinite(self.upper):
                above = above - np.log(np.maximum(self.upper - tau, 0))
        return np.arcsinh((above - self.centre) / self.width)

    @property
    def span(self) -> tuple[float, float]:
        """The range of t in which u stays within its limits."""
        low, high = ((end - self.centre) / self.width for end in (LOWEST, HIGHEST))
        return float(np.arcsinh(low)), float(np.arcsinh(high))


@dataclass(frozen=True, eq=False)
class Nodes:
    """The posterior of tau as points with weights.

    Attributes
    ----------
    log_tau, weight : (n,) points and posterior weights, which sum to 1.
    log_integral : log of the integral of the density that was given.
    error : estimate of the absolute error of a posterior probability, that of the coarser rule.
    axis, t, step : where the nodes lie, for the distribution function.
    """

    log_tau: Array
    weight: Array
    log_integral: float
    error: float
    axis: Axis
    t: Array
    step: float

    def halved(self, log_density: Callable[[Array], Array]) -> Nodes:
        """The same rule with half the step, for what needs it: the distribution function.

        Sinc integration converges like the square root of the trapezoidal rule.
        """
        axis, between = self.axis, (self.t[1:] + self.t[:-1]) / 2
        u = axis.u(between)
        log_f = log_density(axis.log_tau(u)) + axis.log_slope(u) - self.log_integral
        t = np.insert(self.t, np.arange(1, self.t.size), between)
        weight = np.empty(t.size)
        weight[::2] = self.weight / 2
        weight[1::2] = np.exp(log_f) * axis.width * np.cosh(between) * self.step / 2
        log_tau = axis.log_tau(axis.u(t))
        return replace(self, log_tau=log_tau, weight=weight, t=t, step=self.step / 2)

    @cached_property
    def tau(self) -> Array:
        """(n,) the points."""
        return np.exp(self.log_tau)

    @cached_property
    def cdf_at_nodes(self) -> Array:
        """(n,) P(tau' <= tau | y) at the points."""
        return self.cdf(self.tau)

    def cdf(self, tau: Array) -> Array:
        """P(tau' <= tau | y) at each of `tau`, by Sinc indefinite integration."""
        return self.cdf_t(self.axis.t(np.asarray(tau, dtype=float)))

    def cdf_t(self, t: Array, weight: Array | None = None) -> Array:
        """The same at each of `t`; `weight` (m, n) instead of the posterior's for m values."""
        z = np.pi * (t[..., None] - self.t) / self.step
        return np.clip(self._sum(0.5 + sici(z)[0] / np.pi, weight), 0, 1)

    def pdf_t(self, t: Array, weight: Array | None = None) -> Array:
        """Density of t at each of `t`, by Sinc interpolation: right but for 1e-15 of its peak."""
        return self._sum(np.sinc((t[..., None] - self.t) / self.step), weight) / self.step

    def _sum(self, terms: Array, weight: Array | None) -> Array:
        return terms @ self.weight if weight is None else (terms * weight).sum(axis=-1)


def place(
    log_density: Callable[[Array], Array],
    support: tuple[float, float],
    *,
    moments: int = 0,
    tolerance: float = 1e-13,
) -> Nodes:
    """Nodes for a density of tau, given as its log at each log tau (n,), not normalised.

    `moments` says how many moments of tau exist and should be accurate too (relatively).

    Raises
    ------
    FloatingPointError
        If the density is 0 or not finite everywhere.
    """
    axis, ends = _centred(log_density, support, moments)
    scale = axis.log_tau(axis.u(PROBED))
    t = np.linspace(*ends, 4 * math.ceil((ends[1] - ends[0]) / (4 * STEP)) + 1)
    log_f = _log_f_at(t, log_density, axis)
    while True:
        peak = log_f.max()
        f = np.exp(log_f - peak)
        total, step = f.sum(), float(t[1] - t[0])
        weight, log_tau = f / total, axis.log_tau(axis.u(t))
        error = _error(weight, log_tau, scale, moments)
        cut = weight[[0, -1]].sum() / step  # what log-t's tails leave beyond the range
        if error < max(tolerance, cut) or t.size >= MOST:
            break
        t = np.linspace(*ends, 2 * t.size - 1)
        known, log_f = log_f, np.empty(t.size)
        log_f[::2], log_f[1::2] = known, _log_f_at(t[1::2], log_density, axis)
    ratio = 2 * (log_tau - log_tau[weight.argmax()])
    kept = weight * np.exp(np.clip(ratio, 0, 600)) > WEIGHTLESS
    log_integral = float(peak + np.log(total * step))
    error = max(error, float(cut), ROUNDING)
    return Nodes(log_tau[kept], weight[kept], log_integral, error, axis, t[kept], step)


def _log_f_at(t: Array, log_density: Callable[[Array], Array], axis: Axis) -> Array:
    """Log density of t."""
    u = axis.u(t)
    return log_density(axis.log_tau(u)) + axis.log_slope(u) + np.log(axis.width * np.cosh(t))


def _error(weight: Array, log_tau: Array, scale: Array, moments: int) -> float:
    """The error of the rule on all nodes, absolute for what is bounded, relative for moments.

    Everything asked of the posterior depends on tau through weights 1 / (1 + tau² / scale²); so the
    rule is tried on these, at scales from far below the mode of tau to far above.
    """
    with np.errstate(over="ignore"):
        pulled = 1 / (1 + np.exp(2 * (log_tau - scale[:, None])))
    probes = [np.ones((1, log_tau.size)), pulled]
    if moments:
        ratio = (log_tau - log_tau[weight.argmax()]) * np.arange(1, moments + 1)[:, None]
        power = np.exp(np.minimum(ratio, 600))
        probes.append(power / (power @ weight)[:, None])
    terms = np.vstack(probes) * weight
    finest, coarser, coarsest = (s * terms[:, ::s].sum(1) for s in (1, 2, 4))
    differ, before = np.abs(coarser - finest).max(), np.abs(coarsest - coarser).max()
    geometric = differ <= max(before**1.5, np.finfo(float).eps)
    return float(differ**1.5 if geometric else differ)


def _centred(
    log_density: Callable[[Array], Array], support: tuple[float, float], moments: int
) -> tuple[Axis, tuple[float, float]]:
    """The axis whose centre is the mode in u and whose width is the curvature's there.

    And the ends in t between which the density, and its moments' integrand, is not negligible.
    """
    axis = Axis(*support)
    u = GRID
    log_f = _log_f(log_density, axis, u)
    best = int(log_f.argmax())
    heavy = log_f + moments * np.maximum(axis.log_tau(u) - axis.log_tau(u[best : best + 1]), 0)
    seen = np.flatnonzero(heavy > heavy.max() - REACH)
    ends = (
        u[seen[0] - 1] if seen[0] > 0 else LOWEST,
        u[seen[-1] + 1] if seen[-1] < u.size - 1 else HIGHEST,
    )
    low, high = u[max(best - 1, 0)], u[min(best + 1, u.size - 1)]
    u = low + (high - low) * FRACTION
    log_f = _log_f(log_density, axis, u)
    best = int(log_f.argmax())
    centre, width, gap = float(u[best]), _width(u, log_f), u[1] - u[0]
    if 0 < best < u.size - 1:
        left, middle, right = log_f[best - 1 : best + 2]
        curve = (2 * middle - left - right) / gap**2
        if curve > 1 / width**2:
            centre += float((right - left) / (2 * gap * curve))
            width = 1 / math.sqrt(curve)
    axis = Axis(*support, centre=centre, width=min(max(width, 1e-4), 3.0))
    low, high = (math.asinh((end - axis.centre) / axis.width) for end in ends)
    return axis, (low, high)


def _log_f(log_density: Callable[[Array], Array], axis: Axis, u: Array) -> Array:
    """Log density of u, −inf where it is not a number."""
    log_f = log_density(axis.log_tau(u)) + axis.log_slope(u)
    log_f[np.isnan(log_f)] = -np.inf
    if not np.isfinite(log_f.max()):
        raise FloatingPointError("The posterior density of tau is 0 or not finite everywhere.")
    return log_f


def _width(u: Array, log_f: Array) -> float:
    """Standard deviation of u on a grid: the width of a flat-topped or ragged density."""
    f = np.exp(log_f - log_f.max())
    f = f / f.sum()
    mean = f @ u
    return float(np.sqrt(max(f @ (u - mean) ** 2, (u[1] - u[0]) ** 2)))
