r"""A normal times a prior: what a coefficient is given tau, if its prior is of any kind.

Given tau, y says of the coefficient b what N(m, v) says, so that p(b | tau, y) ∝ N(b; m, v) π(b).
Panels are laid that resolve this product for every tau; on them its integral, its moments and its
distribution function are Gauss-Legendre sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from bayes_ps.checks import Array
from bayes_ps.exact.inversion import invert
from bayes_ps.exact.panels import Panels, resolve, rule, unresolved
from bayes_ps.priors import Prior

WIDEST = 6.0  # of a panel, in standard deviations of a normal, within `REACH` of its mean
REACH = 9.0
FARTHEST = 1e25  # from the centre, in the largest width of the prior and of what y says
QUANTILES = np.array([1e-3, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999])
NOTHING = 1e-24  # of an integral: where panels are not kept
LOG_2PI = np.log(2 * np.pi)

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Tilted:
    """N(b; mean, variance) π(b) / c for each of n normals.

    Attributes
    ----------
    prior : π.
    panels : P panels that resolve every product.
    log_prior : (P, 16) of π at the points of the panels.
    mean, variance : (n,) of the normals.
    """

    prior: Prior
    panels: Panels
    log_prior: Array
    mean: Array
    variance: Array

    @cached_property
    def _log_weight(self) -> Array:
        x = self.panels.x.ravel()
        log_f = self.log_prior.ravel() + log_normal(x, self.mean[:, None], self.variance[:, None])
        return log_f.reshape(-1, *self.panels.x.shape) + np.log(self.panels.dx)

    @cached_property
    def log_integral(self) -> Array:
        """(n,) log of c, which is p(y | tau) next to that under a flat prior of b."""
        return np.asarray(logsumexp(self._log_weight, axis=(1, 2)))

    @cached_property
    def weight(self) -> Array:
        """(n, P, 16) of the points; those of each product sum to 1."""
        return np.exp(self._log_weight - self.log_integral[:, None, None])

    @cached_property
    def error(self) -> Array:
        """(n,) estimate of the absolute error of a probability."""
        return unresolved(self.weight / self.panels.dx, self.panels.width).sum(axis=1)

    @cached_property
    def moments(self) -> tuple[Array, Array]:
        """Mean and SD (n,) of b."""
        sd = np.sqrt(self.variance)
        t = (self.panels.x - self.mean[:, None, None]) / sd[:, None, None]
        mean = (self.weight * t).sum(axis=(1, 2))
        square = (self.weight * (t - mean[:, None, None]) ** 2).sum(axis=(1, 2))
        return self.mean + sd * mean, sd * np.sqrt(square)

    @cached_property
    def kinks(self) -> Array:
        """Where π is not smooth: ends of its support, and jumps of its slope in between."""
        ends = np.array(self.prior.support)
        return np.append(ends[np.isfinite(ends)], self.panels.kinks(self.log_prior))

    def density(self, row: Rows, b: Array) -> Array:
        """(q, …) of the products `row` (q,) at each b (q, …)."""
        at = (row, *(None,) * (b.ndim - 1))
        log_f = self.prior.logpdf(b.ravel()).reshape(b.shape)
        log_f = log_f + log_normal(b, self.mean[at], self.variance[at])
        return np.exp(log_f - self.log_integral[at])

    def integral(self, row: Rows, lower: Array, upper: Array) -> Array:
        """(q,) of the products `row` between ends (q,) within a panel."""
        b, db = rule(lower, upper)
        return np.asarray((self.density(row, b) * db).sum(axis=-1))

    @cached_property
    def _before_and_after(self) -> tuple[Array, Array]:
        """(n, P) the probability of all panels below each panel, and of all above."""
        mass, none = self.weight.sum(axis=2), np.zeros((self.mean.size, 1))
        before = np.cumsum(mass, axis=1)[:, :-1]
        after = np.cumsum(mass[:, :0:-1], axis=1)[:, ::-1]
        return np.hstack([none, before]), np.hstack([after, none])

    def below(self, row: Rows, b: Array, *, upwards: bool = True) -> Array:
        """(q,) the probability up to b (q,) of the products `row`; if not `upwards`, from b on."""
        panels, (before, after) = self.panels, self._before_and_after
        panel = np.minimum(np.searchsorted(panels.upper, b), panels.upper.size - 1)
        lower, upper = panels.lower[panel], panels.upper[panel]
        b = np.clip(b, lower, upper)
        if upwards:
            return np.asarray(before[row, panel] + self.integral(row, lower, b))
        return np.asarray(after[row, panel] + self.integral(row, b, upper))

    def ppf(self, q: Array) -> Array:
        """(n,) the quantile of each product at its own q (n,)."""
        row = np.arange(q.size)
        panel = np.maximum((self._before_and_after[0] < q[:, None]).sum(axis=1) - 1, 0)
        return invert(
            lambda b: self.below(row, b),
            lambda b: self.density(row, b),
            q,
            (self.panels.lower[panel], self.panels.upper[panel]),
            noise=1e-14,
        )


def log_normal(x: Array, mean: Array, variance: Array) -> Array:
    """Log density; 0 where the variance is infinite."""
    flat = np.isinf(variance)
    finite = np.where(flat, 1.0, variance)
    return np.where(flat, 0.0, -0.5 * ((x - mean) ** 2 / finite + np.log(finite) + LOG_2PI))


def lay(prior: Prior, mean: Array, sd: Array) -> Panels:
    """Panels that resolve the prior, and its product with each normal of `mean` and `sd` (n,)."""
    centre, width = float(mean[0]), float(sd[0])
    quantiles = prior.ppf(QUANTILES)
    quantiles = quantiles[np.isfinite(quantiles)]
    far = FARTHEST * max(np.ptp(np.concatenate([quantiles, mean])), sd.max())
    reach = 2 * width * 4.0 ** np.arange(np.log(far / width) / np.log(4) + 1)
    low, high = prior.support
    edges = np.concatenate([quantiles, centre - reach, centre + reach, [low, high]])
    edges = np.unique(edges[np.isfinite(edges) & (edges >= low) & (edges <= high)])
    rows_mean = np.append(mean, 0.0)[:, None]
    rows_variance = np.append(sd**2, np.inf)[:, None]  # the last one is the prior itself

    def log_f(x: Array) -> Array:
        return prior.logpdf(x) + log_normal(x, rows_mean, rows_variance)

    def too_wide(lower: Array, upper: Array) -> npt.NDArray[np.bool_]:
        m, s = mean[:, None], sd[:, None]
        seen = (lower < m + REACH * s) & (upper > m - REACH * s)
        return np.asarray((seen & (upper - lower > WIDEST * s)).any(axis=0))

    panels = resolve(log_f, edges, too_wide)
    mass = logsumexp(
        log_f(panels.x.ravel()).reshape(-1, *panels.x.shape) + np.log(panels.dx), axis=2
    )
    share = np.exp(mass - logsumexp(mass, axis=1, keepdims=True)).max(axis=0)
    far = (panels.lower - centre) / width
    return panels.where(share * np.maximum(1, far**2) > NOTHING)
