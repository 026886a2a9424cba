"""The exact marginals of tau, and of the share of settings beyond a threshold."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from bayes_ps.checks import Array, BayesPSError
from bayes_ps.exact import ExactPosterior
from bayes_ps.posterior.marginal import Exact, invert
from bayes_ps.posterior.normal_mixture import NormalMixture


class TauMarginal(Exact):
    """The exact posterior of the between-study standard deviation."""

    def __init__(
        self, posterior: ExactPosterior, *, draws: Callable[[], Array], moments: int
    ) -> None:
        super().__init__(draws, moments)
        self.posterior = posterior

    @property
    def mean(self) -> float:
        nodes = self.posterior.nodes
        return float(nodes.weight @ nodes.tau) if self.moments >= 1 else float("nan")

    @property
    def sd(self) -> float:
        if self.moments < 2:
            return float("nan")
        nodes = self.posterior.nodes
        return float(np.sqrt(nodes.weight @ (nodes.tau - self.mean) ** 2))

    def cdf(self, x: npt.ArrayLike) -> Array:
        return self.posterior.nodes.cdf(np.asarray(x, dtype=float))

    def pdf(self, x: npt.ArrayLike) -> Array:
        x = np.asarray(x, dtype=float)
        with np.errstate(divide="ignore"):
            log_tau = np.log(np.maximum(x, 0)).ravel()
        density = np.exp(self.posterior.log_density_tau(log_tau))
        return np.where(x >= 0, density.reshape(x.shape), 0)

    def ppf(self, q: npt.ArrayLike) -> Array:
        q = np.asarray(q, dtype=float)
        nodes, axis = self.posterior.nodes, self.posterior.nodes.axis
        at_nodes = np.concatenate([[0], nodes.cdf_at_nodes, [1]])
        t = np.concatenate([[axis.span[0]], nodes.t, [axis.span[1]]])
        place = np.clip(np.searchsorted(at_nodes, q), 1, t.size - 1)
        ends = t[place - 1], t[place]
        found = invert(self._cdf_t, self._pdf_t, q, ends, noise=1e-15)
        tau = np.exp(axis.log_tau(axis.u(found)))
        return np.where(q <= 0, axis.lower, np.where(q >= 1, axis.upper, tau))

    def _cdf_t(self, t: Array) -> Array:
        axis = self.posterior.nodes.axis
        return self.cdf(np.exp(axis.log_tau(axis.u(t))))

    def _pdf_t(self, t: Array) -> Array:
        axis = self.posterior.nodes.axis
        u = axis.u(t)
        log_f = self.posterior.log_density_tau(axis.log_tau(u).ravel()).reshape(u.shape)
        return np.exp(log_f + axis.log_slope(u)) * axis.width * np.cosh(t)


class ShareMarginal(Exact):
    """The share of settings whose effect lies beyond a threshold, Phi(z), z a mixture of normals.

    Given mu and tau the share is Phi((mu − threshold) / tau) on the side of benefit. Its mean is
    the probability that one new setting lies beyond; its interval says how sure that is
    (Mathur & VanderWeele 2019, doi:10.1002/sim.8057).
    """

    def __init__(self, z: NormalMixture, mean: float) -> None:
        super().__init__(lambda: ndtr(z.draws), moments=4)
        self._z, self._mean = z, mean

    @property
    def mean(self) -> float:
        return self._mean

    @property
    def sd(self) -> float:
        """From E(share²) = P(both of two new settings lie beyond), by quadrature over z."""
        grid, gap = np.linspace(-9, 9, 2001, retstep=True)
        density = np.exp(-0.5 * grid**2) / np.sqrt(2 * np.pi)
        second = (2 * ndtr(grid) * density * self._z.sf(grid)).sum() * gap
        return float(np.sqrt(max(second - self._mean**2, 0)))

    def cdf(self, x: npt.ArrayLike) -> Array:
        x = np.asarray(x, dtype=float)
        inside = (x >= 0) & (x < 1)
        return np.where(inside, self._z.cdf(ndtri(np.where(inside, x, 0.5))), x >= 1)

    def pdf(self, x: npt.ArrayLike) -> Array:
        x = np.asarray(x, dtype=float)
        inside = (x > 0) & (x < 1)
        z = ndtri(np.where(inside, x, 0.5))
        return np.where(inside, self._z.pdf(z) * np.sqrt(2 * np.pi) * np.exp(0.5 * z**2), 0)

    def ppf(self, q: npt.ArrayLike) -> Array:
        q = np.asarray(q, dtype=float)
        ends = np.full(q.shape, -39.0), np.full(q.shape, 39.0)
        return ndtr(invert(self._z.cdf, self._z.pdf, q, ends))

    def _shortest(self, level: float) -> tuple[float, float]:
        raise BayesPSError(
            "The density of a share may rise towards both 0 and 1, so that the shortest set that "
            'holds it is no interval. Use kind="central".'
        )
