r"""Quadrature nodes over tau, placed by the posterior itself.

tau in (lower, upper) is mapped to the whole line by u = log(tau − lower), or by the logit where the
prior has an upper bound, and u = centre + width · sinh(t). Around the posterior's mode nodes are
dense on the scale of its own curvature; towards 0 and infinity they run away double exponentially,
so that a spike at 0, a Cauchy tail and a log-t prior all end within the range. In t the trapezoidal
rule converges geometrically (Takahasi & Mori 1974, doi:10.2977/prims/1195192451), and the same
nodes give the distribution function by Sinc indefinite integration (Haber 1993,
doi:10.1090/S0025-5718-1993-1149292-9).

The step is halved until the rule on every second node agrees with the rule on all. That difference
is returned as the error: it is that of the coarser rule, far above that of the finer one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import sici

from bayes_ps.checks import Array

LOWEST, HIGHEST = -700.0, 300.0  # of u: tau² neither underflows to nothing nor overflows
FIRST, MOST = 145, 9_217  # nodes: 144 · 2^j + 1
WEIGHTLESS = 1e-20


@dataclass(frozen=True, eq=False)
class Axis:
    """The map from t to tau: tau = lower + exp(u), or the logistic of u below `upper`."""

    lower: float
    upper: float
    centre: float = 0.0
    width: float = 1.0

    def u(self, t: Array) -> Array:
        """Where t lies on the unbounded axis, kept off under- and overflow."""
        return np.clip(self.centre + self.width * np.sinh(t), LOWEST, HIGHEST)

    def log_tau(self, u: Array) -> Array:
        """log tau at u."""
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

    @cached_property
    def tau(self) -> Array:
        """(n,) the points."""
        return np.exp(self.log_tau)

    @cached_property
    def cdf_at_nodes(self) -> Array:
        """(n,) P(tau' <= tau | y) at the points."""
        return self.cdf(self.tau)

    def cdf(self, tau: Array) -> Array:
        """P(tau' <= tau | y) at each of `tau` (m,), by Sinc indefinite integration."""
        z = np.pi * (self.axis.t(np.asarray(tau, dtype=float))[..., None] - self.t) / self.step
        return np.clip((0.5 + sici(z)[0] / np.pi) @ self.weight, 0, 1)


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
    axis = _centred(log_density, support)

    def log_f_at(t: Array) -> Array:
        u = axis.u(t)
        return log_density(axis.log_tau(u)) + axis.log_slope(u) + np.log(axis.width * np.cosh(t))

    n = FIRST
    t = np.linspace(*axis.span, n)
    log_f = log_f_at(t)
    while True:
        log_tau = axis.log_tau(axis.u(t))
        peak = log_f.max()
        f = np.exp(log_f - peak)
        weight = f / f.sum()
        error = _disagreement(weight, t, log_tau - axis.log_tau(axis.u(np.zeros(1))), moments)
        cut = weight[[0, -1]].sum() / (t[1] - t[0])  # what log-t's tails leave beyond the range
        if error < max(tolerance, cut) or n >= MOST:
            break
        n = 2 * n - 1
        finer = np.linspace(*axis.span, n)
        known, log_f, t = log_f, np.empty(n), finer
        log_f[::2], log_f[1::2] = known, log_f_at(finer[1::2])
    step = float(t[1] - t[0])
    kept = weight * np.maximum(1, np.exp(2 * (log_tau - log_tau[weight.argmax()]))) > WEIGHTLESS
    return Nodes(
        log_tau[kept],
        weight[kept],
        float(peak + np.log(f.sum() * step)),
        max(error, float(cut), np.finfo(float).eps),
        axis,
        t[kept],
        step,
    )


def _disagreement(weight: Array, t: Array, log_ratio: Array, moments: int) -> float:
    """How far the rule on every second node is from the rule on all, over smooth functions of t.

    Of the moments of tau that exist the difference is relative.
    """
    probes = np.vstack([np.ones_like(t), np.tanh(t), np.tanh(2 * t - 1), np.tanh(2 * t + 1)])
    if moments:
        power = np.exp(np.minimum(log_ratio[None] * np.arange(1, moments + 1)[:, None], 600))
        probes = np.vstack([probes, power / (power @ weight)[:, None]])
    coarse = 2 * probes[:, ::2] @ weight[::2]
    return float(np.abs(coarse - probes @ weight).max())


def _centred(log_density: Callable[[Array], Array], support: tuple[float, float]) -> Axis:
    """The axis whose centre is the mode in u and whose width is the curvature's there."""
    axis = Axis(*support)
    low, high = -60.0, 60.0
    for points in (121, 21):
        u = np.linspace(low, high, points)
        log_f = log_density(axis.log_tau(u)) + axis.log_slope(u)
        best = int(np.argmax(np.where(np.isnan(log_f), -np.inf, log_f)))
        if not np.isfinite(log_f[best]):
            raise FloatingPointError("The posterior density of tau is 0 or not finite everywhere.")
        low, high = u[max(best - 1, 0)], u[min(best + 1, points - 1)]
        if points == 121:
            width = _width(u, log_f)
    gap = u[1] - u[0]
    inner = slice(max(best - 1, 0), best + 2)
    curve = -np.diff(log_f[inner], 2) / gap**2 if log_f[inner].size == 3 else np.array([0.0])
    if curve.size and curve[0] > 1 / width**2:
        width = float(1 / np.sqrt(curve[0]))
    return Axis(*support, centre=float(u[best]), width=min(max(width, 1e-4), 3.0))


def _width(u: Array, log_f: Array) -> float:
    """Standard deviation of u on the coarse grid: the width of a flat-topped or ragged density."""
    f = np.exp(log_f - np.nanmax(log_f))
    f = np.nan_to_num(f / np.nansum(f))
    mean = f @ u
    return float(np.sqrt(max(f @ (u - mean) ** 2, (u[1] - u[0]) ** 2)))
