"""A number that is not known for sure: expectations over it, by quadrature over its quantiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from bayes_ps.checks import Array, BayesPSError, PriorError
from bayes_ps.priors import Prior, for_location

OUTSIDE = 0.01  # of a distribution that may lie outside the bounds and is cut off
REACH = 34.0  # of the logit of the quantile; 3e-15 lies beyond
FINEST = 1 / 1024
AGREED = 1e-10  # change from the last step: what is left is about its square
CHUNK = 4096


@dataclass(frozen=True)
class Cut:
    """A distribution between bounds: what lies outside is cut off, and the rest scaled to 1."""

    distribution: Any
    below: float
    inside: float

    def cdf(self, x: npt.ArrayLike) -> Array:
        found = (np.asarray(self.distribution.cdf(np.asarray(x, float))) - self.below) / self.inside
        return np.clip(found, 0, 1)

    def ppf(self, q: npt.ArrayLike) -> Array:
        return np.asarray(self.distribution.ppf(self.below + np.asarray(q) * self.inside))

    def rule(self, step: float, reach: float = REACH) -> tuple[Array, Array]:
        """Values and weights of the trapezoid rule over the logit of the quantile."""
        t = step * np.arange(-int(reach / step), int(reach / step) + 1)
        weight = expit(t) * expit(-t)
        return self.ppf(expit(t)), weight / weight.sum()

    def expect(self, g: Callable[[Array], Array], finest: float = FINEST) -> tuple[float, float]:
        """The mean of g, and how much halving the step last changed it.

        For a g that is smooth in the quantile the error falls exponentially in 1 / step.
        """
        step, last, change = 0.5, np.inf, np.inf
        while step >= finest and change > AGREED:
            x, weight = self.rule(step)
            parts = np.array_split(np.arange(x.size), x.size // CHUNK + 1)
            found = float(sum(weight[part] @ g(x[part]) for part in parts))
            last, change, step = found, abs(found - last), step / 2
        return last, change


@dataclass(frozen=True)
class Spread:
    """Weighted parts, each a number or a distribution between bounds."""

    parts: tuple[tuple[float, float | Cut], ...]

    @classmethod
    def of(cls, value: Any, low: float, high: float, name: str) -> Spread:
        """`value` between `low` and `high`: a number, a distribution, or a list, counted equally.

        Raises
        ------
        BayesPSError
            For a number outside the bounds, a distribution with more than 1 % outside, or neither.
        """
        listed = value if is_list(value) else (value,)
        if not len(listed):
            raise BayesPSError(f"{name}: the list is empty. Give at least one value.")
        return cls(tuple((1 / len(listed), _part(one, low, high, name)) for one in listed))

    @property
    def fixed(self) -> float | None:
        """The number, if it is known for sure."""
        part = self.parts[0][1]
        return part if len(self.parts) == 1 and isinstance(part, float) else None

    def cdf(self, x: npt.ArrayLike) -> Array:
        """P(value <= x)."""
        at = np.asarray(x, dtype=float)
        return np.asarray(
            sum(w * (p.cdf(at) if isinstance(p, Cut) else at >= p) for w, p in self.parts)
        )

    def ppf(self, q: npt.ArrayLike) -> Array:
        """The smallest value with cdf >= q, by bisection between the quantiles of the parts."""
        q = np.asarray(q, dtype=float)
        each = [p.ppf(q) if isinstance(p, Cut) else np.full(q.shape, p) for _, p in self.parts]
        low, high = np.min(each, axis=0), np.max(each, axis=0)
        at_low = self.cdf(low) >= q
        for _ in range(100):
            middle = (low + high) / 2
            enough = self.cdf(middle) >= q
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return np.where(at_low, np.min(each, axis=0), high)

    def rule(self, step: float, reach: float = REACH) -> tuple[Array, Array]:
        """Values and weights that stand for it."""
        values, weights = [], []
        for share, part in self.parts:
            x, w = part.rule(step, reach) if isinstance(part, Cut) else ([part], np.ones(1))
            values.append(np.asarray(x, dtype=float))
            weights.append(share * w)
        return np.concatenate(values), np.concatenate(weights)


def is_list(value: Any) -> bool:
    """Whether several values are meant."""
    listed = isinstance(value, Sequence | np.ndarray) and not isinstance(value, str | bytes)
    return listed and np.ndim(np.asarray(value, dtype=object)) == 1


def is_distribution(value: Any) -> bool:
    """Whether it has quantiles: a prior, a marginal of a fit, a frozen one of SciPy or PreliZ."""
    quantiles = callable(getattr(value, "ppf", None))
    return quantiles and not isinstance(value, type) and callable(getattr(value, "cdf", None))


def described(value: Any) -> str:
    """In words, as short as it can be."""
    if is_list(value):
        return f"{', '.join(map(described, value))} (each counted equally)"
    if isinstance(value, Real):
        return f"{float(value):g}"
    if isinstance(value, Prior):
        return str(value)
    frozen = getattr(value, "dist", None)
    if frozen is not None and hasattr(value, "args"):
        named = [f"{one:g}" for one in value.args]
        named += [f"{name} {one:g}" for name, one in value.kwds.items()]
        return f"{frozen.name}({', '.join(named)})"
    return type(value).__name__ if is_distribution(value) else repr(value)


def _part(value: Any, low: float, high: float, name: str) -> float | Cut:
    if isinstance(value, Real) and not isinstance(value, bool):
        number = float(value)
        if not low < number < high:
            hint = f" {number:g} % is {number / 100:g}." if high == 1 < number < 100 else ""
            raise BayesPSError(f"{name} must lie in ({low:g}, {high:g}), but is {value!r}.{hint}")
        return number
    if not is_distribution(value):
        raise BayesPSError(
            f"{name} is a number, a list of numbers, or a distribution such as "
            f"priors.uniform(lower, upper), not {value!r}."
        )
    if type(value).__module__.startswith("preliz"):
        value = for_location(value, name)
    if isinstance(value, Prior) and not (value.proper and value.complete):
        raise PriorError(f"{name} needs a proper distribution, not {value!r}.")
    below, upto = (
        float(value.cdf(end)) if np.isfinite(end) else float(end > 0) for end in (low, high)
    )
    inside = upto - below
    if not inside >= 1 - OUTSIDE:
        raise PriorError(
            f"{name} must lie in ({low:g}, {high:g}), but {described(value)} has probability "
            f"{1 - inside:.2g} outside. Give a distribution there, such as priors.uniform(…) or "
            f"priors.log_normal(…)."
        )
    ends = np.asarray(value.ppf(np.array([below + 1e-12 * inside, below + (1 - 1e-12) * inside])))
    if ends[0] == ends[1]:
        return float(ends[0])
    return Cut(value, below, inside)
