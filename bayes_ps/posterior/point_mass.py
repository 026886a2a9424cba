"""A marginal with all of its mass at one value: an effect that the model fixes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array
from bayes_ps.posterior.marginal import Exact


class PointMass(Exact):
    """P(value = `at`) = 1; the density is infinite there and 0 elsewhere."""

    def __init__(self, at: float, *, shape: tuple[int, int]) -> None:
        super().__init__(lambda: np.full(shape, at), moments=4)
        self.at = at

    @property
    def mean(self) -> float:
        return self.at

    @property
    def sd(self) -> float:
        return 0.0

    def cdf(self, x: npt.ArrayLike) -> Array:
        return np.where(np.asarray(x, dtype=float) >= self.at, 1.0, 0.0)

    def pdf(self, x: npt.ArrayLike) -> Array:
        return np.where(np.asarray(x, dtype=float) == self.at, np.inf, 0.0)

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.full(np.shape(q), self.at)

    def _shortest(self, level: float) -> tuple[float, float]:
        return self.at, self.at
