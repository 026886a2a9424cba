"""Generalised least squares of y on X for one known covariance M, by orthogonal factors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import solve_triangular
from scipy.linalg.lapack import dtrtri

from bayes_ps.checks import Array


@dataclass(frozen=True, eq=False)
class LeastSquares:
    """Ordinary least squares of z = L⁻¹y on A = L⁻¹X, which is GLS of y on X with M = L Lᵀ.

    Parameters
    ----------
    basis, R : (k, p) orthonormal columns with A = basis R; their squares are the hat values.
    along : (p,) basisᵀ z.
    residuals : (k,) z − A beta.
    """

    basis: Array
    R: Array
    along: Array
    residuals: Array

    @cached_property
    def rss(self) -> float:
        """yᵀPy with P = M⁻¹ − M⁻¹X (XᵀM⁻¹X)⁻¹ XᵀM⁻¹."""
        return float(self.residuals @ self.residuals)

    @cached_property
    def beta(self) -> Array:
        """(p,) the estimates."""
        return np.asarray(solve_triangular(self.R, self.along))

    @cached_property
    def covariance(self) -> Array:
        """(p, p) (XᵀM⁻¹X)⁻¹."""
        inverse = solve_triangular(self.R, np.eye(self.R.shape[0]))
        return np.asarray(inverse @ inverse.T)

    @cached_property
    def log_det(self) -> float:
        """log |XᵀM⁻¹X|."""
        return 2 * float(np.log(np.abs(np.diag(self.R))).sum())


def least_squares(z: Array, A: Array) -> LeastSquares:
    """Of `z` (k,) on `A` (k, p), whose columns are independent."""
    basis, R = np.linalg.qr(A)
    along = basis.T @ z
    return LeastSquares(basis, R, along, z - basis @ along)


@dataclass(frozen=True, eq=False)
class Generalised:
    """GLS of y on X with covariance M: the `fit`, P (k, k), P y (k,), and log |M|."""

    fit: LeastSquares
    inverse: Array
    P: Array
    Py: Array
    log_det: float


def generalised(y: Array, X: Array, M: Array) -> Generalised:
    """GLS of `y` (k,) on `X` (k, p) where `M` (k, k) is positive definite."""
    L = np.linalg.cholesky(M)
    inverse_root = np.asarray(dtrtri(L, lower=1)[0])
    fit = least_squares(inverse_root @ y, inverse_root @ X)
    inverse = inverse_root.T @ inverse_root
    explained = fit.basis.T @ inverse_root
    return Generalised(
        fit=fit,
        inverse=inverse,
        P=inverse - explained.T @ explained,
        Py=inverse_root.T @ fit.residuals,
        log_det=2 * float(np.log(np.diag(L)).sum()),
    )
