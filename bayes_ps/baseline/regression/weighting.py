"""Weighted least squares at one given tau²: y ~ N(X beta, diag(v) + tau² I)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bayes_ps.baseline.linear.gls import LeastSquares, least_squares
from bayes_ps.checks import Array
from bayes_ps.effects import Effects

ROUNDING = 1e-13  # of the largest effect: residuals below it are 0


@dataclass(frozen=True, eq=False)
class Weighted:
    """The fit at one tau²: weights w = 1/(v + tau²), and what estimators of tau² need of it.

    `fit` is of what ordinary least squares leaves of y, whose coefficients are `ordinary`: so a
    large mean costs no digit.
    """

    weights: Array
    fit: LeastSquares
    ordinary: Array

    @property
    def beta(self) -> Array:
        """(p,) the coefficients."""
        return self.ordinary + self.fit.beta

    @property
    def rss(self) -> float:
        """The generalised Q statistic, yᵀPy = Σ w (y − x b)²."""
        return self.fit.rss

    @property
    def squares(self) -> float:
        """yᵀPPy = Σ w² (y − x b)²."""
        return float(self.weights @ self.fit.residuals**2)

    @cached_property
    def free(self) -> Array:
        """1 − h, h the hat values: the share of each study that is left to its residual."""
        return np.asarray(1 - (self.fit.basis**2).sum(axis=1))

    def trace(self, diagonal: Array | float = 1.0) -> float:
        """tr(P D) for a diagonal D."""
        return float((self.weights * diagonal * self.free).sum())


@dataclass(frozen=True, eq=False)
class Studies:
    """`y` (k,), `X` (k, p) and sampling variances `v` (k,) whose errors are independent.

    `ones` is the column of the mean (rotated like X where there is a `V`); `spread` is Σ (y − ȳ)²/k
    of the effects, where the estimator of Sidik and Jonkman starts.
    """

    y: Array
    X: Array
    v: Array
    ones: Array
    spread: float

    @property
    def df(self) -> int:
        """k − p."""
        return self.y.size - self.X.shape[1]

    @property
    def mean_alone(self) -> Studies | None:
        """The same studies with the mean as their only coefficient; None if X does not hold it."""
        left = least_squares(self.ones, self.X).rss
        if left > 1e-18 * float(self.ones @ self.ones):
            return None
        return replace(self, X=self.ones[:, np.newaxis])

    @cached_property
    def fixed(self) -> Weighted:
        """The fit at tau² = 0."""
        return self.at(0.0)

    @cached_property
    def ordinary(self) -> Weighted:
        """Ordinary least squares: every weight 1."""
        return self.weighted(np.ones_like(self.v))

    @cached_property
    def _plain(self) -> LeastSquares:
        return least_squares(self.y, self.X)

    @cached_property
    def _rest(self) -> Array:
        """What ordinary least squares leaves of y; exactly 0 where it is rounding."""
        rest = self._plain.residuals
        return rest if np.abs(rest).max() > ROUNDING * np.abs(self.y).max() else 0 * rest

    def at(self, tau2: float) -> Weighted:
        """The fit at `tau2`."""
        return self.weighted(self.v + tau2)

    def weighted(self, variances: Array) -> Weighted:
        """The fit with weights 1/`variances` (k,)."""
        root = 1 / np.sqrt(variances)
        fit = least_squares(root * self._rest, root[:, np.newaxis] * self.X)
        return Weighted(1 / variances, fit, self._plain.beta)


def independent_studies(effects: Effects, X: Array) -> Studies:
    """The effects as independent errors: with a `V`, rotated by its eigenvectors.

    Uᵀy has the covariance diag(λ) + tau² I where V = U diag(λ) Uᵀ, so that correlated effects cost
    one decomposition, and every quadratic form in P stays what it was.
    """
    spread = float(np.var(effects.y))
    if effects.V is None:
        return Studies(effects.y, X, effects.se**2, np.ones(effects.k), spread)
    eigenvalues, U = np.linalg.eigh(effects.V)
    return Studies(U.T @ effects.y, U.T @ X, eigenvalues, U.sum(axis=0), spread)
