"""A marginal averaged over models: a mixture, with a point where a model fixes the unknown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, BayesPSError
from bayes_ps.exact import invert
from bayes_ps.posterior import Exact
from bayes_ps.posterior.point_mass import PointMass


class Averaged(Exact):
    """sum_m weight_m p_m: what several models say, each as far as it is probable.

    Attributes
    ----------
    parts, weight : the marginals and their weights, which sum to 1.
    points : the values that have a probability of their own, and which: that of mu = 0, say.

    `cdf` jumps at a point, so that ``cdf(0)`` holds P(value = 0) and ``sf(0)`` does not; `ppf` is
    the point itself for every q within the jump; `pdf` is infinite there.
    """

    def __init__(
        self, parts: Sequence[Exact], weight: Array, *, draws: Callable[[], Array]
    ) -> None:
        kept = [(part, w) for part, w in zip(parts, weight, strict=True) if w > 0]
        super().__init__(draws, min(part.moments for part, _ in kept))
        self.parts = tuple(part for part, _ in kept)
        self.weight = np.array([w for _, w in kept])
        self.points: dict[float, float] = {}
        for part, w in kept:
            if isinstance(part, PointMass):
                self.points[part.at] = self.points.get(part.at, 0.0) + float(w)

    @property
    def mean(self) -> float:
        if self.moments < 1:
            return float("nan")
        return float(self.weight @ [part.mean for part in self.parts])

    @property
    def sd(self) -> float:
        if self.moments < 2:
            return float("nan")
        square = [part.sd**2 + (part.mean - self.mean) ** 2 for part in self.parts]
        return float(np.sqrt(self.weight @ square))

    def cdf(self, x: npt.ArrayLike) -> Array:
        return self._sum([part.cdf(x) for part in self.parts])

    def sf(self, x: npt.ArrayLike) -> Array:
        return self._sum([part.sf(x) for part in self.parts])

    def pdf(self, x: npt.ArrayLike) -> Array:
        return self._sum([part.pdf(x) for part in self.parts])

    def ppf(self, q: npt.ArrayLike) -> Array:
        """Between the least and the largest of the models' own; at a point within its jump."""
        q = np.asarray(q, dtype=float)
        ends = np.stack([part.ppf(q) for part in self.parts])
        low, high = ends.min(axis=0), ends.max(axis=0)
        for point, mass in self.points.items():
            after = self.cdf(point)
            jump = (q > after - mass) & (q <= after)
            low, high = np.where(jump, point, low), np.where(jump, point, high)
        inside = (q > 0) & (q < 1)
        bracket = np.where(inside, low, 0.0), np.where(inside, high, 0.0)
        found = invert(self.cdf, self._density, np.where(inside, q, 0.5), bracket)
        return np.where(inside, found, np.where(q <= 0, low, high))

    def _density(self, x: Array) -> Array:
        """Beside the points."""
        parts = zip(self.parts, self.weight, strict=True)
        spread = [w * part.pdf(x) for part, w in parts if not isinstance(part, PointMass)]
        return np.sum(spread, axis=0) if spread else np.zeros(x.shape)

    def _sum(self, values: Sequence[Array]) -> Array:
        return np.asarray(np.tensordot(self.weight, np.stack(values), axes=1))

    def _shortest(self, level: float) -> tuple[float, float]:
        if self.points:
            raise BayesPSError(
                "Part of the probability lies at a point, so that the shortest set that holds "
                'the level is no interval. Use kind="central".'
            )
        return super()._shortest(level)
