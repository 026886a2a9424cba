"""Quantiles of a density on log t that has no closed form: tabulated once, then interpolated."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from bayes_ps.checks import Array

NODES, WEIGHTS = np.polynomial.legendre.leggauss(4)
PANEL = 1 / 64  # of log t, where the density bends: cubic interpolation errs by 1e-10 of a quantile


class Tabulated:
    """Distribution function and quantiles of t > 0 whose log has the density exp(`log_f`).

    Between the edges of panels the logit of the distribution function is interpolated with its
    slope, which is exact. The density bends within `core`, and falls exponentially beyond, where
    the panels widen; `low` and `high` lie where nothing is left.
    """

    def __init__(
        self, log_f: Callable[[Array], Array], low: float, high: float, core: tuple[float, float]
    ) -> None:
        from scipy.interpolate import CubicHermiteSpline

        centre, reach = sum(core) / 2, 1.5 + (core[1] - core[0]) / 2
        first, last = (float(np.arcsinh((end - centre) / reach)) for end in (low, high))
        v = np.linspace(first, last, int((last - first) * reach / PANEL) + 2)
        edges = centre + reach * np.sinh(v)
        half = np.diff(edges)[:, None] / 2
        panel = (np.exp(log_f(edges[:-1, None] + half * (1 + NODES))) * half) @ WEIGHTS
        below, above = np.cumsum(panel)[:-1], np.cumsum(panel[::-1])[::-1][1:]
        u = edges[1:-1]
        z = np.log(below) - np.log(above)
        slope = np.exp(log_f(u)) * (below + above) / (below * above)
        self._z = CubicHermiteSpline(u, z, slope)
        self._u = CubicHermiteSpline(z, u, 1 / slope)

    def cdf(self, log_t: npt.ArrayLike) -> Array:
        """P(log T <= log t), elementwise."""
        u = np.asarray(log_t, dtype=float)
        inside = expit(self._z(np.clip(u, self._z.x[0], self._z.x[-1])))
        return np.where(u > self._z.x[-1], 1.0, np.where(u < self._z.x[0], 0.0, inside))

    def ppf(self, q: npt.ArrayLike) -> Array:
        """Quantile of T, elementwise; 0 and infinity at the ends."""
        q = np.asarray(q, dtype=float)
        with np.errstate(divide="ignore"):
            z = np.clip(logit(q), self._u.x[0], self._u.x[-1])
        return np.where(q <= 0, 0.0, np.where(q >= 1, np.inf, np.exp(self._u(z))))
