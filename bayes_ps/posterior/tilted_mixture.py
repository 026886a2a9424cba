"""The exact marginal of an effect where one coefficient, b, has a prior of any kind."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array
from bayes_ps.exact import Line, Quotient, invert
from bayes_ps.posterior.marginal import Exact
from bayes_ps.posterior.normal_mixture import NormalMixture


class TiltedMixture(Exact):
    """A mixture over tau: at each a straight line in b; see `Line` and `Quotient`.

    Parameters
    ----------
    line : the unknown number.
    moments : how many moments exist, counted up to 4.
    draws : gives the joint draws when they are asked for.
    """

    def __init__(
        self, line: Line | Quotient, *, draws: Callable[[], Array], moments: int = 4
    ) -> None:
        super().__init__(draws, moments)
        self._line = line
        self._alike = NormalMixture(*line.moments, draws=draws, moments=moments)

    @property
    def mean(self) -> float:
        return self._alike.mean

    @property
    def sd(self) -> float:
        return self._alike.sd

    def cdf(self, x: npt.ArrayLike) -> Array:
        return _asked(self._line.below, x)

    def sf(self, x: npt.ArrayLike) -> Array:
        return _asked(self._line.above, x)

    def pdf(self, x: npt.ArrayLike) -> Array:
        return _asked(self._line.density, x)

    def ppf(self, q: npt.ArrayLike) -> Array:
        return _asked(self._quantile, q)

    def _quantile(self, q: Array) -> Array:
        inside = (q > 0) & (q < 1)
        at = np.where(inside, q, 0.5)
        x = invert(self._line.below, self._line.density, at, self._bracket(at), noise=1e-15)
        low, high = self._line.support
        return np.where(inside, np.clip(x, low, high), np.where(q <= 0, low, high))

    def _bracket(self, q: Array) -> tuple[Array, Array]:
        """Around each quantile: opened by doubling from that of normals with the same moments."""
        start, reach = self._alike.ppf(q), 0.05 * float(np.diff(self._alike.ppf([0.25, 0.75]))[0])
        low, high = start - reach, start + reach
        for _ in range(1100):
            above, under = self._line.below(low) > q, self._line.below(high) < q
            if not (above.any() or under.any()):
                break
            reach = 2 * reach
            low, high = np.where(above, low - reach, low), np.where(under, high + reach, high)
        return low, high


def _asked(of: Callable[[Array], Array], x: npt.ArrayLike) -> Array:
    values = np.asarray(x, dtype=float)
    return of(values.ravel()).reshape(values.shape)
