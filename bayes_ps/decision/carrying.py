"""A posterior carried through a map that also depends on another, independent unknown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.optimize.elementwise import find_root

from bayes_ps.checks import Array, ModelError
from bayes_ps.decision.spread import Cut, Spread
from bayes_ps.posterior import Exact, Marginal, Sampled

STEP = 1 / 4  # of the logit of the quantiles
KEPT = 1e-16  # weight below which a node is left out
PROBED = np.array([0.01, 0.3, 0.5, 0.8, 0.99])
FINEST, AGREED, ALLOWED = 1 / 512, 1e-7, 1e-4  # finest step; change that is enough, and at most


@dataclass(frozen=True)
class Map:
    """y = forward(x, u), monotone in x with the inverse x = backward(y, u).

    Attributes
    ----------
    rising : whether y rises with x.
    low, high : between which y lies.
    """

    forward: Callable[[Array, Array], Array]
    backward: Callable[[Array, Array], Array]
    rising: bool
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Carried:
    """The exact distribution of forward(x, u), x ~ `m`, u ~ `other`, by quadrature over u."""

    m: Exact
    other: Spread
    map: Map

    @cached_property
    def _rule(self) -> tuple[Array, Array]:
        """Nodes of u, so many that probabilities around the middle and the tails stay the same.

        The narrower the effect beside u, the more of them it takes.
        """
        x, u = self.m.ppf(PROBED), self.other.ppf(PROBED)
        probes = self.map.forward(x[:, None], u).ravel()
        step, rule = STEP, self._nodes(STEP)
        last = self._p(probes, rule)
        while self.other.fixed is None:
            step /= 2
            rule = self._nodes(step)
            found = self._p(probes, rule)
            change, last = float(np.abs(found - last).max()), found
            if change <= AGREED:
                break
            if step <= FINEST:
                if change <= ALLOWED:
                    break
                raise ModelError(
                    f"The effect is too narrow beside the other unknown for its quadrature, which "
                    f"still changed by {change:.1g}. Give one value instead of a distribution."
                )
        return rule

    def _nodes(self, step: float) -> tuple[Array, Array]:
        u, weight = self.other.rule(step)
        kept = weight > KEPT
        return u[kept], weight[kept] / weight[kept].sum()

    def _p(self, y: Array, rule: tuple[Array, Array]) -> Array:
        """P(value <= y), one y at a time: many nodes of u times those of the effect fill memory."""
        u, weight = rule
        upto = self.m.cdf if self.map.rising else self.m.sf
        return np.array([upto(self.map.backward(one, u)) @ weight for one in y])

    @property
    def mean(self) -> float:
        """E of y."""
        u, weight = self._rule
        x, of_x = Cut(self.m, 0.0, 1.0).rule(STEP)
        return float(of_x @ self.map.forward(x[:, None], u) @ weight)

    def cdf(self, y: npt.ArrayLike) -> Array:
        """P(value <= y)."""
        return self._beyond(y, self.map.rising)

    def sf(self, y: npt.ArrayLike) -> Array:
        """P(value > y)."""
        return self._beyond(y, not self.map.rising)

    def _beyond(self, y: npt.ArrayLike, below: bool) -> Array:
        u, weight = self._rule
        x = self.map.backward(np.asarray(y, dtype=float)[..., None], u)
        return np.asarray((self.m.cdf(x) if below else self.m.sf(x)) @ weight)

    def ppf(self, q: npt.ArrayLike) -> Array:
        """Where the distribution function takes the values q."""
        ends = self.map.low, self.map.high
        found = find_root(lambda y, q: self.cdf(y) - q, ends, args=(np.asarray(q, dtype=float),))
        return np.asarray(found.x)

    def mcse(self, of: str, at: float | None = None) -> float:
        """No Monte Carlo error: nothing is drawn."""
        return 0.0


def carried(m: Marginal, other: Spread, through: Map, seed: int) -> Carried | Sampled:
    """Exact for an exact marginal; from draws, with u drawn beside each by `seed`."""
    if isinstance(m, Exact):
        return Carried(m, other, through)
    rng = np.random.default_rng([seed, 6])
    u = other.ppf((rng.permutation(m.draws.size) + rng.random(m.draws.size)) / m.draws.size)
    return Sampled(through.forward(m.draws, u.reshape(m.draws.shape)))
