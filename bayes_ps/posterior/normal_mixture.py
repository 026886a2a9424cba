"""A mixture of normals over the nodes of tau: the exact marginal of every effect."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from bayes_ps.checks import Array
from bayes_ps.exact import invert
from bayes_ps.posterior.marginal import Exact


class NormalMixture(Exact):
    """sum_j weight_j N(location_j, scale_j²).

    Parameters
    ----------
    weight, location, scale : (n,) at the nodes.
    moments : how many moments exist, counted up to 4.
    draws : gives the joint draws when they are asked for.
    """

    def __init__(
        self,
        weight: Array,
        location: Array,
        scale: Array,
        *,
        draws: Callable[[], Array],
        moments: int = 4,
    ) -> None:
        super().__init__(draws, moments)
        self.weight, self.location, self.scale = weight, location, scale

    @property
    def mean(self) -> float:
        return float(self.weight @ self.location) if self.moments >= 1 else float("nan")

    @property
    def sd(self) -> float:
        if self.moments < 2:
            return float("nan")
        spread = self.scale**2 + (self.location - self.mean) ** 2
        return float(np.sqrt(self.weight @ spread))

    def cdf(self, x: npt.ArrayLike) -> Array:
        return ndtr(self._z(x)) @ self.weight

    def sf(self, x: npt.ArrayLike) -> Array:
        return ndtr(-self._z(x)) @ self.weight

    def pdf(self, x: npt.ArrayLike) -> Array:
        density = np.exp(-0.5 * self._z(x) ** 2) / (np.sqrt(2 * np.pi) * self.scale)
        return np.asarray(density @ self.weight)

    def ppf(self, q: npt.ArrayLike) -> Array:
        q = np.asarray(q, dtype=float)
        finite = (q > 0) & (q < 1)
        at = np.where(finite, q, 0.5)
        return np.where(finite, invert(self.cdf, self.pdf, at, self._bracket(at)), ndtri(q))

    def _z(self, x: npt.ArrayLike) -> Array:
        return (np.asarray(x, dtype=float)[..., None] - self.location) / self.scale

    def _bracket(self, q: Array) -> tuple[Array, Array]:
        """Around each quantile, opened from the middle node by doubling."""
        middle = int(np.searchsorted(np.cumsum(self.weight), 0.5))
        centre, reach = self.location[middle], self.scale[middle]
        low, high = np.full(q.shape, centre - reach), np.full(q.shape, centre + reach)
        for _ in range(1100):
            above, below = self.cdf(low) > q, self.cdf(high) < q
            if not (above.any() or below.any()):
                break
            reach = 2 * reach
            low, high = np.where(above, low - reach, low), np.where(below, high + reach, high)
        return low, high
