"""`Marginal`: what can be asked of one unknown number, whichever engine answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Literal, cast

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, BayesPSError

Kind = Literal["central", "shortest"]
GRID = 0.5 - 0.5 * np.cos(np.pi * np.linspace(0, 1, 41))  # of 0 to 1, denser towards both ends
Statistic = Literal["mean", "sd", "cdf", "ppf"]


class Marginal(ABC):
    """The posterior distribution of one unknown number.

    `cdf`, `sf`, `pdf` and `ppf` take a number or an array and give the same shape. A moment that
    does not exist (a mean under a tail as heavy as a Cauchy's) is NaN: use `median` and `interval`.
    """

    @property
    @abstractmethod
    def mean(self) -> float:
        """Posterior mean, NaN where it does not exist."""

    @property
    @abstractmethod
    def sd(self) -> float:
        """Posterior standard deviation, NaN where it does not exist."""

    @abstractmethod
    def cdf(self, x: npt.ArrayLike) -> Array:
        """P(value <= x | y)."""

    @abstractmethod
    def pdf(self, x: npt.ArrayLike) -> Array:
        """Posterior density."""

    @abstractmethod
    def ppf(self, q: npt.ArrayLike) -> Array:
        """Posterior quantile, q in (0, 1)."""

    @property
    @abstractmethod
    def draws(self) -> Array:
        """(chain, draw) draws, joint with those of the other unknowns of the same fit."""

    @abstractmethod
    def mcse(self, of: Statistic, at: float | None = None) -> float:
        """Monte Carlo standard error of mean, sd, ``cdf(at)`` or ``ppf(at)``; 0 if exact."""

    def mcse_between(self, low: float, high: float) -> float:
        """Monte Carlo standard error of P(low < value <= high); 0 if exact."""
        return 0.0

    def sf(self, x: npt.ArrayLike) -> Array:
        """P(value > x | y)."""
        return 1 - self.cdf(x)

    @property
    def median(self) -> float:
        """Posterior median."""
        return float(self.ppf(0.5))

    def interval(self, level: float = 0.95, kind: Kind = "central") -> tuple[float, float]:
        """The credible interval that holds `level` of the posterior.

        ``"central"`` leaves the same probability on either side; ``"shortest"`` is the narrowest
        (for a density with one peak).
        """
        if not 0 < level < 1:
            raise BayesPSError(f"level must be between 0 and 1, as in 0.95, but is {level!r}.")
        if kind == "central":
            low, high = self.ppf(np.array([(1 - level) / 2, (1 + level) / 2]))
            return float(low), float(high)
        if kind != "shortest":
            raise BayesPSError(f'kind must be "central" or "shortest", but is {kind!r}.')
        return self._shortest(level)

    def _shortest(self, level: float) -> tuple[float, float]:
        """The narrowest of the intervals that begin at the quantiles of a grid, then refined.

        Its ends have equal density, unless it begins or ends with the support.
        """
        from scipy.optimize import brentq

        lefts = (1 - level) * GRID
        low, high = self.ppf(lefts), self.ppf(np.minimum(lefts + level, 1))
        best = int(np.argmin(high - low))
        around = [lefts[at] for at in (best - 1, best, best + 1) if 0 <= at < GRID.size]
        tilts = [self._tilt(left, level) for left in around]
        for start, end, falls, rises in zip(around, around[1:], tilts, tilts[1:], strict=False):
            if falls < 0 < rises:
                left = cast(
                    float, brentq(self._tilt, start, end, args=(level,), xtol=1e-16, rtol=1e-14)
                )
                ends = self.ppf(np.array([left, left + level]))
                return float(ends[0]), float(ends[1])
        return float(low[best]), float(high[best])

    def _tilt(self, left: float, level: float) -> float:
        """How much denser the left end is than the right one."""
        low, high = self.pdf(self.ppf(np.array([left, min(left + level, 1.0)])))
        return float(low - high)


class Exact(Marginal):
    """A marginal that is computed, not sampled: no Monte Carlo error; draws are made on request.

    Attributes
    ----------
    moments : how many moments exist, counted up to 4: the mean of draws has a Monte Carlo standard
        error only if 2 do, their sd only if 4 do.
    """

    def __init__(self, draws: Callable[[], Array], moments: int) -> None:
        self._draws, self.moments = draws, moments

    @property
    def draws(self) -> Array:
        return self._draws()

    def mcse(self, of: Statistic, at: float | None = None) -> float:
        return 0.0
