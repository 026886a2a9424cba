"""Mixtures of normals as numbers, and the quantiles of many of them by one inversion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp, ndtr, ndtri

from bayes_ps.checks import Array
from bayes_ps.exact import invert
from bayes_ps.posterior import Exact, Marginal
from bayes_ps.posterior.normal_mixture import NormalMixture
from bayes_ps.posterior.point_mass import PointMass


@dataclass(frozen=True, eq=False)
class Mixture:
    """sum_j weight_j N(location_j, scale_j²), all (n,); a scale of 0 is a point."""

    weight: Array
    location: Array
    scale: Array

    @classmethod
    def of(cls, m: Marginal) -> Self:
        """The nodes of an exact marginal of an effect."""
        if isinstance(m, NormalMixture):
            return cls(m.weight, m.location, m.scale)
        assert isinstance(m, PointMass), m
        return cls(np.ones(1), np.full(1, m.at), np.zeros(1))

    @staticmethod
    def fits(m: Marginal) -> bool:
        """Whether a marginal is one of these."""
        return isinstance(m, NormalMixture | PointMass)

    @property
    def marginal(self) -> Exact:
        """As a marginal, without draws."""
        if not self.scale.any() and np.ptp(self.location) == 0:
            return PointMass(float(self.location[0]), shape=(0, 0))
        return NormalMixture(self.weight, self.location, self.scale, draws=lambda: np.empty((0, 0)))

    def cdf(self, x: npt.ArrayLike) -> Array:
        """P(X <= x)."""
        return ndtr(self._z(x)) @ self.weight

    def log_density(self, x: float) -> float:
        """log p(x), however far out."""
        height = -0.5 * (self._z(x) ** 2 + np.log(2 * np.pi)) - np.log(self.scale)
        return float(logsumexp(height, b=self.weight))

    def _z(self, x: npt.ArrayLike) -> Array:
        return (np.asarray(x, dtype=float)[..., None] - self.location) / self.scale


class Beside:
    """m mixtures side by side: their nodes end to end, each with the row that it belongs to."""

    def __init__(self, mixtures: Sequence[Mixture]) -> None:
        n = [m.weight.size for m in mixtures]
        self.start, self.row = np.cumsum([0, *n])[:-1], np.repeat(np.arange(len(n)), n)
        self.weight, self.location, self.scale = (
            np.concatenate(parts) if n else np.empty(0)
            for parts in (
                [m.weight for m in mixtures],
                [m.location for m in mixtures],
                [m.scale for m in mixtures],
            )
        )
        self.fixed = self.scale == 0
        nothing = np.maximum(1e-15 * np.abs(self.location), 1e-150)  # whose square is a number
        self.scale = np.where(self.fixed, nothing, self.scale)

    def beyond(self, sign: int, size: float) -> Array:
        """(m,) P(sign · X >= size); a point at 0 is no benefit of any size."""
        over = sign * self.location - size
        point = (over > 0) | ((over == 0) & (size > 0))
        return self._sum(np.where(self.fixed, point, ndtr(over / self.scale)))

    def ppf(self, q: Array) -> Array:
        """(n, m) quantiles at `q` (n,).

        ndtri(P(X <= x)) is all but a straight line in x, so that Newton's steps soon arrive.
        """
        wanted = np.broadcast_to(ndtri(q)[:, None], (q.size, self.start.size))
        seen = wanted

        def normal(x: Array) -> Array:
            nonlocal seen
            seen = ndtri(self._sum(ndtr(self._z(x))))
            return seen

        def slope(x: Array) -> Array:  # `invert` asks for it where it last asked for `normal`
            return self._sum(np.exp(-0.5 * self._z(x) ** 2) / self.scale) * np.exp(0.5 * seen**2)

        return invert(normal, slope, wanted, self._bracket(normal, wanted), noise=1e-12)

    def _bracket(self, normal: Callable[[Array], Array], wanted: Array) -> tuple[Array, Array]:
        """Around the quantiles of a normal like the heaviest nodes, opened by doubling."""
        peak = np.maximum.reduceat(self.weight, self.start) if self.row.size else self.weight
        heavy = self.weight * (self.weight > 1e-3 * peak[self.row])
        share = heavy / np.bincount(self.row, heavy)[self.row]
        mean = np.bincount(self.row, share * self.location)
        spread = self.scale**2 + (self.location - mean[self.row]) ** 2
        reach = np.sqrt(np.bincount(self.row, share * spread))
        centre = mean + wanted * reach
        low, high = centre - reach, centre + reach
        for _ in range(1100):
            above, below = normal(low) > wanted, normal(high) < wanted
            if not (above.any() or below.any()):
                break
            reach = 2 * reach
            low, high = np.where(above, low - reach, low), np.where(below, high + reach, high)
        return low, high

    def _sum(self, values: Array) -> Array:
        """Weighted sums over the nodes of each mixture."""
        if not self.row.size:
            return np.empty((*values.shape[:-1], 0))
        return np.add.reduceat(values * self.weight, self.start, axis=-1)

    def _z(self, x: Array) -> Array:
        return (x[..., self.row] - self.location) / self.scale
