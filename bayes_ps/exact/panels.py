"""Gauss-Legendre panels, halved until on each of them a function is as good as a polynomial."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from bayes_ps.checks import Array

POINTS = 16  # of a panel
X, W = np.polynomial.legendre.leggauss(POINTS)
ORDER = np.arange(POINTS)
# From values at X: the Legendre coefficients, the last two of them, and the slopes at both ends.
COEFFICIENTS = (np.polynomial.legendre.legvander(X, POINTS - 1) * W[:, None] * (ORDER + 0.5)).T
LAST = COEFFICIENTS[-2:]
SLOPES = np.array([(-1.0) ** (ORDER + 1), np.ones(POINTS)]) * ORDER * (ORDER + 1) / 2 @ COEFFICIENTS
DEPTH = 1100  # halvings: from the largest number to the smallest
RESOLVED = 1e-14  # of the integral: what the last two polynomials may add to it


@dataclass(frozen=True, eq=False)
class Panels:
    """Intervals (P,) in order, each with a Gauss-Legendre rule.

    Attributes
    ----------
    lower, upper : (P,) ends.
    x, dx : (P, 16) points and weights.
    """

    lower: Array
    upper: Array
    x: Array
    dx: Array

    @property
    def width(self) -> Array:
        """(P,) lengths of the intervals."""
        return self.upper - self.lower

    def values(self, f: Callable[[Array], Array]) -> Array:
        """(…, P, 16) of a function that gives (…, n) at each x (n,)."""
        found = f(self.x.ravel())
        return found.reshape(*found.shape[:-1], *self.x.shape)

    def where(self, kept: npt.NDArray[np.bool_]) -> Panels:
        """Only the panels that are `kept` (P,)."""
        return Panels(self.lower[kept], self.upper[kept], self.x[kept], self.dx[kept])

    def kinks(self, f: Array) -> Array:
        """Ends of panels where the slope of f jumps, which is given at the points (P, 16)."""
        with np.errstate(invalid="ignore"):
            first, last = 2 * SLOPES @ f.T / self.width
            noise = 1e-10 * np.abs(f).max(axis=1) / self.width
            jump = np.abs(first[1:] - last[:-1])
            size = 1e-3 * (np.abs(first[1:]) + np.abs(last[:-1])) + noise[1:] + noise[:-1]
        adjacent = self.upper[:-1] == self.lower[1:]
        return self.upper[:-1][adjacent & (jump > size)]


def rule(lower: Array, upper: Array, x: Array = X, w: Array = W) -> tuple[Array, Array]:
    """Points and weights (…, n) of the Gauss-Legendre rule `x`, `w` on intervals (…)."""
    half = (upper - lower)[..., None] / 2
    return lower[..., None] + half * (1 + x), half * w


def unresolved(f: Array, width: Array) -> Array:
    """(…, P) what the last two Legendre polynomials of f (…, P, 16) may add to its integral."""
    return np.asarray(np.abs(f @ LAST.T).sum(axis=-1) * width)


def resolve(
    log_f: Callable[[Array], Array],
    edges: Array,
    too_wide: Callable[[Array, Array], npt.NDArray[np.bool_]],
) -> Panels:
    """Panels between `edges` that resolve each of m functions, relative to its integral.

    Parameters
    ----------
    log_f : the log of m positive functions (m, n) at each x (n,); −inf where they are 0.
    edges : (P + 1,) rising; where the functions have kinks, as far as that is known.
    too_wide : whether a panel (lower, upper) cannot be trusted to see what is in it.
    """
    lower, upper = edges[:-1], edges[1:]
    done: list[tuple[Array, Array]] = []
    known = np.full(log_f(edges[:1]).shape[0], -np.inf)  # log integrals of what is done
    for _ in range(DEPTH):
        x, dx = rule(lower, upper)
        values = log_f(x.ravel()).reshape(-1, *x.shape)
        mass = logsumexp(values + np.log(dx), axis=2)
        total = np.logaddexp(known, logsumexp(mass, axis=1))
        f = np.exp(np.minimum(values - total[:, None, None], 700))
        middle = lower + (upper - lower) / 2
        open_still = (unresolved(f, upper - lower) > RESOLVED).any(axis=0)
        open_still = (open_still | too_wide(lower, upper)) & (lower < middle) & (middle < upper)
        done.append((lower[~open_still], upper[~open_still]))
        known = np.logaddexp(known, logsumexp(mass[:, ~open_still], axis=1))
        if not open_still.any():
            break
        lower, middle, upper = lower[open_still], middle[open_still], upper[open_still]
        lower, upper = np.concatenate([lower, middle]), np.concatenate([middle, upper])
    lower, upper = (np.sort(np.concatenate(ends)) for ends in zip(*done, strict=True))
    return Panels(lower, upper, *rule(lower, upper))
