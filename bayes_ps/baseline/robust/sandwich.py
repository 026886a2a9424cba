"""The sandwich: a covariance of coefficients from what residuals do within clusters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bayes_ps.baseline.linear.coefficients import LinearModel
from bayes_ps.checks import Array, ModelError

SINGULAR = 1e-12  # of the largest eigenvalue: a direction that the coefficients fit exactly


@dataclass(frozen=True, eq=False)
class Sandwich:
    r"""Clusters of a linear model with working covariance M, block diagonal by cluster.

    .. math:: V = B \left[ \sum_j X_j' W_j A_j e_j e_j' A_j' W_j X_j \right] B, \quad
              W_j = M_j^{-1}, \; B = (X'WX)^{-1}

    A_j = I for CR0 and CR1. For CR2 (`corrected`) it makes the estimate unbiased if M is right (but
    for what one cluster alone determines, which no residual can show):

    .. math:: A_j = D_j' [D_j (M_j - X_j B X_j') D_j']^{+1/2} D_j, \quad D_j' D_j = M_j
    """

    model: LinearModel
    cluster: npt.NDArray[np.str_]
    bread: Array
    beta: Array
    corrected: bool

    @cached_property
    def rows(self) -> list[npt.NDArray[np.intp]]:
        """The effects of each cluster."""
        return [np.flatnonzero(self.cluster == name) for name in sorted(set(self.cluster))]

    @cached_property
    def levers(self) -> list[Array]:
        """A_j W_j X_j B of each cluster, (n_j, p): what its residuals weigh in the coefficients."""
        found = []
        for rows in self.rows:
            X, M = self.model.design.X[rows], self.model.M[np.ix_(rows, rows)]
            lever = np.linalg.solve(M, X @ self.bread)
            found.append(self._adjustment(X, M) @ lever if self.corrected else lever)
        return found

    @cached_property
    def covariance(self) -> Array:
        """(p, p), without a factor for few clusters."""
        residuals = self.model.effects.y - self.model.design.X @ self.beta
        parts = [
            lever.T @ residuals[rows] for lever, rows in zip(self.levers, self.rows, strict=True)
        ]
        return np.asarray(sum(np.outer(part, part) for part in parts))

    def crossed(self, first: Array, second: Array) -> Array:
        """(J, J) covariances, if M is right, of what clusters add to two contrasts (p,)."""
        X = self.model.design.X
        g = [lever @ first for lever in self.levers]
        h = [lever @ second for lever in self.levers]
        fitted_g = np.array([X[r].T @ a for r, a in zip(self.rows, g, strict=True)])
        fitted_h = np.array([X[r].T @ a for r, a in zip(self.rows, h, strict=True)])
        own = [a @ self.model.M[np.ix_(r, r)] @ b for r, a, b in zip(self.rows, g, h, strict=True)]
        return np.diag(own) - fitted_g @ self.bread @ fitted_h.T

    def _adjustment(self, X: Array, M: Array) -> Array:
        D = np.linalg.cholesky(M).T
        values, vectors = np.linalg.eigh(D @ (M - X @ self.bread @ X.T) @ D.T)
        kept = values > SINGULAR * values.max(initial=0.0)
        root = vectors[:, kept] / np.sqrt(values[kept])
        return np.asarray(D.T @ (root @ vectors[:, kept].T) @ D)


def refuse_crossed(model: LinearModel, cluster: npt.NDArray[np.str_]) -> None:
    """Raise if the model correlates effects of different clusters."""
    apart = cluster[:, np.newaxis] != cluster
    if np.abs(model.M[apart]).max(initial=0.0) > 1e-12 * np.diag(model.M).max():
        raise ModelError(
            "The model correlates effects of different clusters, so clusters are not independent. "
            "Cluster at the highest level of the model, which all shared random effects and "
            "participants lie within."
        )
