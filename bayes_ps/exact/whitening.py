r"""The hierarchy in coordinates in which every tau costs O(k p²): one eigen-decomposition, once.

With V = L L' and L⁻¹ Z Z' L⁻ᵀ = U diag(d) U', the rotated A⁻¹ y = U' L⁻¹ y has covariance
I + tau² diag(d) whatever tau is. For independent studies A = diag(se) and d = 1/se².
The design is rotated too and made orthonormal (A⁻¹ X = Q R), so that a moderator like the year
2000 ± 10 costs no digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import solve_triangular

from bayes_ps.checks import Array, ModelError
from bayes_ps.hierarchy import GaussianHierarchy
from bayes_ps.priors.location import Flat, Normal

LOG_2PI = np.log(2 * np.pi)


@dataclass(frozen=True, eq=False)
class Conditional:
    """What holds given tau, at n values of it.

    Attributes
    ----------
    w : (n, k) 1 / (1 + tau² d), the weight of each rotated estimate; `shrink` = 1 − w.
    mean : (n, p) of beta given tau and y.
    covariance : (n, p, p) of beta given tau and y.
    loglik : (n,) log p(y | tau), beta integrated out.
    """

    w: Array
    shrink: Array
    mean: Array
    covariance: Array
    loglik: Array


@dataclass(frozen=True, eq=False)
class Whitened:
    """y, X and V of a hierarchy in the rotated coordinates, and the prior of beta.

    Attributes
    ----------
    y : (k,) rotated estimates; Q : (k, p) orthonormal design; R : (p, p), A⁻¹ X = Q R.
    A : (k,) or (k, k), from rotated to original; d : (k,) signal-to-noise of u in each coordinate.
    precision, prior_mean : (p, p) and (p,) of the normal prior of R beta; precision 0 where flat.
    constant : what log p(y | tau) holds that depends on neither tau nor y.
    refused : why nothing is closed form given tau, if a prior of beta is neither flat nor normal.
    """

    y: Array
    Q: Array
    R: Array
    A: Array
    d: Array
    precision: Array
    prior_mean: Array
    constant: float
    refused: str = ""

    def given(self, log_tau: Array) -> Conditional:
        """Everything that is closed form given tau, at each log tau (n,)."""
        if self.refused:
            raise ModelError(self.refused)
        signal = np.exp(2 * log_tau)[:, None] * self.d
        w = 1 / (1 + signal)
        score = (w * self.y) @ self.Q + self.precision @ self.prior_mean
        gamma, root_inverse, half_log_det = _solve(self._precision(w), score)
        off_prior = gamma - self.prior_mean
        square = (w * (self.y - gamma @ self.Q.T) ** 2).sum(1)
        square += ((off_prior @ self.precision) * off_prior).sum(1)
        loglik = self.constant - 0.5 * np.log1p(signal).sum(1) - half_log_det - 0.5 * square
        half = self.R_inverse @ root_inverse
        covariance = half @ half.transpose(0, 2, 1)
        return Conditional(w, signal * w, gamma @ self.R_inverse.T, covariance, loglik)

    def _precision(self, w: Array) -> Array:
        """(n, p, p) of R beta given tau and y."""
        p = len(self.R)
        outer = (self.Q[:, :, None] * self.Q[:, None, :]).reshape(-1, p * p)
        return (w @ outer).reshape(-1, p, p) + self.precision

    def theta(self, at: Conditional) -> tuple[Array, Array]:
        """Mean (n, k) and variance (n, k) of theta = X beta + Z u given tau and y."""
        residual = self.y - at.mean @ self.X.T
        pulled = at.w[:, :, None] * self.X
        if self.A.ndim == 1:
            mean = self.A * (self.y - at.w * residual)
            variance = at.shrink + np.einsum("nkp,npq,nkq->nk", pulled, at.covariance, pulled)
            return mean, self.A**2 * variance
        mean = (self.y - at.w * residual) @ self.A.T
        spread = np.einsum("ki,ni,ki->nk", self.A, at.shrink, self.A)
        lifted = self.A @ pulled
        return mean, spread + np.einsum("nkp,npq,nkq->nk", lifted, at.covariance, lifted)

    def pull(self, at: Conditional, x: Array) -> Array:
        """(n, k) the weight of each y_i in the mean of x'beta given tau."""
        rotated = np.einsum("p,npq,kq,nk->nk", x, at.covariance, self.X, at.w)
        return rotated / self.A if self.A.ndim == 1 else rotated @ np.linalg.inv(self.A)

    @cached_property
    def X(self) -> Array:
        """(k, p) the rotated design A⁻¹ X."""
        return self.Q @ self.R

    @cached_property
    def R_inverse(self) -> Array:
        """(p, p)"""
        return solve_triangular(self.R, np.eye(len(self.R)))


def _solve(P: Array, score: Array) -> tuple[Array, Array, Array]:
    """P⁻¹ score, a root of P⁻¹ (n, p, p), and half of log |P|, for each of n precisions P."""
    if P.shape[1] == 1:  # one coefficient: by far the commonest model, and 5 times faster so
        root_inverse = 1 / np.sqrt(P)
        return score / P[:, 0], root_inverse, -np.log(root_inverse[:, 0, 0])
    root = np.linalg.cholesky(P)
    root_inverse = np.linalg.inv(root).transpose(0, 2, 1)
    gamma = np.linalg.solve(P, score[..., None])[..., 0]
    return gamma, root_inverse, np.log(np.diagonal(root, axis1=1, axis2=2)).sum(1)


def whiten(hierarchy: GaussianHierarchy) -> Whitened:
    """Rotate a hierarchy. Priors of beta that are neither flat nor normal are refused when used."""
    means, sds, refused = _normal_priors(hierarchy)
    A, y, X, d, log_det_V = _rotation(hierarchy)
    Q, R = np.linalg.qr(X)
    if X.shape[0] < X.shape[1] or np.abs(np.diag(R)).min() < 1e-12 * np.abs(R).max():
        Q, R = X, np.eye(X.shape[1])
    back = solve_triangular(R, np.eye(len(R)))
    proper = np.isfinite(sds)
    precision = back.T @ np.diag(1 / sds**2) @ back
    log_det_R = np.log(np.abs(np.diag(R))).sum()
    constant = -0.5 * (hierarchy.k - (~proper).sum()) * LOG_2PI - 0.5 * log_det_V - log_det_R
    constant -= np.log(sds[proper]).sum()
    return Whitened(y, Q, R, A, d, precision, R @ means, float(constant), refused)


def _rotation(hierarchy: GaussianHierarchy) -> tuple[Array, Array, Array, Array, float]:
    """A, A⁻¹ y, A⁻¹ X, d and log |V|."""
    V, y, X = hierarchy.V, hierarchy.y, hierarchy.X
    Z = hierarchy.component.Z if hierarchy.component is not None else np.zeros((y.size, 1))
    if V.ndim == 1 and Z is None:
        se = np.sqrt(V)
        return se, y / se, X / se[:, None], 1 / V, float(np.log(V).sum())
    if V.ndim == 1 and not np.any(Z):
        se = np.sqrt(V)
        return se, y / se, X / se[:, None], np.zeros(y.size), float(np.log(V).sum())
    L = np.linalg.cholesky(V if V.ndim == 2 else np.diag(V))
    Z = np.eye(y.size) if Z is None else Z
    half = solve_triangular(L, Z, lower=True)
    d, U = np.linalg.eigh(half @ half.T)
    d = np.where(d > d.max(initial=0) * y.size * np.finfo(float).eps, d, 0.0)
    into = U.T @ solve_triangular(L, np.eye(y.size), lower=True)
    return L @ U, into @ y, into @ X, d, float(2 * np.log(np.diag(L)).sum())


def _normal_priors(hierarchy: GaussianHierarchy) -> tuple[Array, Array, str]:
    """Mean and SD (infinite where flat) of each coefficient's prior, and why one is refused."""
    refused = ""
    means, sds = np.zeros(len(hierarchy.beta)), np.full(len(hierarchy.beta), np.inf)
    for i, prior in enumerate(hierarchy.beta):
        if isinstance(prior, Normal):
            means[i], sds[i] = prior.mean, prior.sd
        elif not isinstance(prior, Flat):
            refused = (
                f"The exact engine integrates {hierarchy.design.names[i]} in closed form, which "
                f"needs a flat or normal prior, not {prior!r}. Fit it by "
                f'bps.fit(..., engine="nuts", seed=1), which then nothing exact can certify.'
            )
    return means, sds, refused
