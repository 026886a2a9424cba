"""A marginal known by its draws: every answer comes with a Monte Carlo standard error."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, BayesPSError
from bayes_ps.posterior.marginal import Marginal, Statistic


class Sampled(Marginal):
    """The posterior of one number as (chain, draw) draws.

    `moments` says how many moments its distribution has, as for exact marginals: draws always have
    a mean, even of a distribution that has none.
    """

    def __init__(self, draws: Array, moments: int = 4) -> None:
        self._draws, self.moments = np.asarray(draws, dtype=float), moments

    @property
    def draws(self) -> Array:
        return self._draws

    @property
    def mean(self) -> float:
        return float(self._draws.mean()) if self.moments >= 1 else float("nan")

    @property
    def sd(self) -> float:
        return float(self._draws.std(ddof=1)) if self.moments >= 2 else float("nan")

    def cdf(self, x: npt.ArrayLike) -> Array:
        return np.searchsorted(self._sorted, np.asarray(x), side="right") / self._sorted.size

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.asarray(np.quantile(self._sorted, np.asarray(q, dtype=float)))

    def pdf(self, x: npt.ArrayLike) -> Array:
        """Kernel density estimate of ArviZ."""
        from arviz_stats.base import array_stats

        grid, density, _ = array_stats.kde(self._draws.ravel())
        return np.interp(np.asarray(x, dtype=float), grid, density, left=0, right=0)

    def mcse(self, of: Statistic, at: float | None = None) -> float:
        """By ArviZ, from the effective sample size of the statistic asked for.

        A probability of which every draw says the same has no estimable error: it gets that of half
        a draw in S + 1, so that "0 of 8000" is not "0 exactly".
        """
        from arviz_stats.base import array_stats

        if of in ("mean", "sd"):
            return float(array_stats.mcse(self._draws, method=of))
        if at is None:
            raise BayesPSError(f'mcse("{of}", at=…) needs the place: the x of cdf, the q of ppf.')
        if of == "ppf":
            return float(array_stats.mcse(self._draws, method="quantile", prob=at))
        return _mcse_of_event(self._draws <= at)

    def mcse_between(self, low: float, high: float) -> float:
        return _mcse_of_event((self._draws > low) & (self._draws <= high))

    def _shortest(self, level: float) -> tuple[float, float]:
        held = int(np.floor(level * self._sorted.size))
        widths = self._sorted[held:] - self._sorted[: self._sorted.size - held]
        best = int(np.argmin(widths))
        return float(self._sorted[best]), float(self._sorted[best + held])

    @cached_property
    def _sorted(self) -> Array:
        return np.sort(self._draws, axis=None)


def _mcse_of_event(said: npt.NDArray[np.bool_]) -> float:
    """Of the mean of an indicator (chain, draw)."""
    from arviz_stats.base import array_stats

    if said.all() or not said.any():
        p = 0.5 / (said.size + 1)
        return float(np.sqrt(p * (1 - p) / said.size))
    return float(array_stats.mcse(said.astype(float), method="mean"))
