"""The exact marginals of standard deviations, and of the share of settings beyond a threshold."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from bayes_ps.checks import Array, BayesPSError
from bayes_ps.exact import Scale, invert
from bayes_ps.posterior.marginal import Exact


class ScaleMarginal(Exact):
    """The exact posterior of a standard deviation: tau between studies, omega within them."""

    def __init__(self, scale: Scale, *, draws: Callable[[], Array], moments: int) -> None:
        super().__init__(draws, moments)
        self.scale = scale

    @property
    def mean(self) -> float:
        return float(self.scale.weight @ self.scale.value) if self.moments >= 1 else float("nan")

    @property
    def sd(self) -> float:
        if self.moments < 2:
            return float("nan")
        return float(np.sqrt(self.scale.weight @ (self.scale.value - self.mean) ** 2))

    def cdf(self, x: npt.ArrayLike) -> Array:
        return self.scale.cdf(np.asarray(x, dtype=float))

    def pdf(self, x: npt.ArrayLike) -> Array:
        return self.scale.pdf(np.asarray(x, dtype=float))

    def ppf(self, q: npt.ArrayLike) -> Array:
        return self.scale.ppf(np.asarray(q, dtype=float))


class ShareMarginal(Exact):
    """The share of settings whose effect lies beyond a threshold, Phi(z).

    Given mu and tau the share is Phi((mu − threshold) / tau) on the side of benefit. Its mean is
    the probability that one new setting lies beyond; its interval says how sure that is
    (Mathur & VanderWeele 2019, doi:10.1002/sim.8057).
    """

    def __init__(self, z: Exact, mean: float) -> None:
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
