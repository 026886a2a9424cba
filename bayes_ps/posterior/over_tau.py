"""A known number in units of tau: how far a fixed effect is from a threshold."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array
from bayes_ps.posterior.heterogeneity import ScaleMarginal
from bayes_ps.posterior.marginal import Exact


class OverTau(Exact):
    """c / tau, c not 0: it rises with tau from −∞ to 0 if c < 0, and falls from ∞ to 0 if c > 0."""

    def __init__(self, c: float, tau: ScaleMarginal) -> None:
        super().__init__(lambda: c / tau.draws, moments=0)
        self._c, self._tau = c, tau

    @property
    def mean(self) -> float:
        return float("nan")

    @property
    def sd(self) -> float:
        return float("nan")

    def cdf(self, x: npt.ArrayLike) -> Array:
        return self._beyond(x, below=True)

    def sf(self, x: npt.ArrayLike) -> Array:
        return self._beyond(x, below=False)

    def _beyond(self, x: npt.ArrayLike, *, below: bool) -> Array:
        tau, same_side = self._at(x)
        small = self._tau.sf(tau) if below == (self._c > 0) else self._tau.cdf(tau)
        return np.where(same_side, small, float(below == (self._c < 0)))

    def pdf(self, x: npt.ArrayLike) -> Array:
        tau, same_side = self._at(x)
        return np.where(same_side, self._tau.pdf(tau) * tau**2 / abs(self._c), 0.0)

    def ppf(self, q: npt.ArrayLike) -> Array:
        q = np.asarray(q, dtype=float)
        with np.errstate(divide="ignore"):
            return np.asarray(self._c / self._tau.ppf(q if self._c < 0 else 1 - q))

    def _at(self, x: npt.ArrayLike) -> tuple[Array, npt.NDArray[np.bool_]]:
        """The tau at which c / tau is x, and whether there is one."""
        x = np.asarray(x, dtype=float)
        same_side = x * self._c > 0
        return self._c / np.where(same_side, x, self._c), same_side
