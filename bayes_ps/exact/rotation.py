"""The coordinates in which the covariance of the estimates is I + tau² diag(d)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from bayes_ps.checks import Array
from bayes_ps.hierarchy import GaussianHierarchy


@dataclass(frozen=True, eq=False)
class Rotation:
    """A and A⁻¹ ((k,) where studies are independent), d, and log |V|."""

    A: Array
    inverse: Array
    d: Array
    log_det: float

    def into(self, values: Array) -> Array:
        """A⁻¹ times `values` (k,) or (k, p)."""
        if self.A.ndim == 2:
            return self.inverse @ values
        return values * (self.inverse if values.ndim == 1 else self.inverse[:, None])


def rotation_of(hierarchy: GaussianHierarchy) -> Rotation:
    """By a reflection for each cluster where it can be, else by an eigen-decomposition."""
    V, k = hierarchy.V, hierarchy.k
    Z = hierarchy.component.Z if hierarchy.component is not None else np.zeros((k, 1))
    if V.ndim == 1:
        se, log_det = np.sqrt(V), float(np.log(V).sum())
        if Z is None or not np.any(Z):
            return Rotation(se, 1 / se, 1 / V if Z is None else np.zeros(k), log_det)
        if (np.count_nonzero(Z, axis=1) <= 1).all():
            U, d = _reflection(Z / se[:, None])
            return Rotation(se[:, None] * U, U.T / se, d, log_det)
    L = np.linalg.cholesky(V if V.ndim == 2 else np.diag(V))
    half = solve_triangular(L, np.eye(k) if Z is None else Z, lower=True)
    d, U = np.linalg.eigh(half @ half.T)
    d = np.where(d > d.max(initial=0) * k * np.finfo(float).eps, d, 0.0)
    inverse = U.T @ solve_triangular(L, np.eye(k), lower=True)
    return Rotation(L @ U, inverse, d, float(2 * np.log(np.diag(L)).sum()))


def _reflection(half: Array) -> tuple[Array, Array]:
    """U diag(d) U' = half half' for columns (k, q) that share no row, by a reflection for each.

    Independent estimates within clusters are of this kind; no eigen-decomposition is needed
    (Householder 1958, doi:10.1145/320941.320947).
    """
    half = half[:, half.any(axis=0)]
    first = (half != 0).argmax(axis=0)
    norm = np.sqrt((half**2).sum(axis=0))
    column = np.arange(norm.size)
    axis = half / norm
    axis[first, column] += np.where(axis[first, column] < 0, -1.0, 1.0)
    axis /= np.sqrt((axis**2).sum(axis=0))
    d = np.zeros(len(half))
    d[first] = norm**2
    return np.eye(len(half)) - 2 * axis @ axis.T, d
