r"""The hierarchy in coordinates in which every tau costs O(k p²): one eigen-decomposition, once.

With V = L L' and L⁻¹ Z Z' L⁻ᵀ = U diag(d) U', the rotated A⁻¹ y = U' L⁻¹ y has covariance
I + tau² diag(d) whatever tau is. For independent studies A = diag(se) and d = 1/se².
The origin is moved to the common-effect fit, and the design is made orthonormal (A⁻¹ X = Q R), so
that neither estimates of 10⁶ ± 1 nor a moderator like the year 2000 ± 10 cost digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, ModelError
from bayes_ps.exact.rotation import rotation_of
from bayes_ps.hierarchy import GaussianHierarchy
from bayes_ps.priors.location import Flat, Normal, Point

LOG_2PI = np.log(2 * np.pi)


@dataclass(frozen=True, eq=False)
class Conditional:
    """What holds given tau, at n values of it.

    Attributes
    ----------
    w : (n, k) 1 / (1 + tau² d), the weight of each rotated estimate; `shrink` = 1 − w.
    mean : (n, p) of beta given tau and y.
    covariance : (n, p, p) of beta given tau and y; 0 for a coefficient that is fixed.
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
    observed : (k,) the estimates as they came.
    origin : (p,) the beta that the rotated estimates are counted from.
    y : (k,) rotated y − X origin; X : (k, p) rotated design; Q : (k, f) orthonormal columns of the
        f coefficients that are not fixed; back : (p, f), from their coordinates to those of beta.
    A : (k,) or (k, k), from rotated to original; d : (k,) signal-to-noise of u in each coordinate.
    precision, prior_mean : (f, f) and (f,) of the normal prior in the coordinates of Q.
    constant : what log p(y | tau) holds that depends on neither tau nor y.
    refused : why nothing is closed form given tau, if a prior of beta is neither flat nor normal.
    """

    observed: Array
    origin: Array
    y: Array
    X: Array
    Q: Array
    back: Array
    A: Array
    d: Array
    precision: Array
    prior_mean: Array
    constant: float
    refused: str = ""

    def loglik(self, log_tau: Array) -> Array:
        """(n,) log p(y | tau), beta integrated out, at each log tau (n,)."""
        v = 1 + np.exp(2 * log_tau)[:, None] * self.d
        return self._solved(v, 1 / v)[0]

    def given(self, log_tau: Array) -> Conditional:
        """Everything that is closed form given tau, at each log tau (n,)."""
        signal = np.exp(2 * log_tau)[:, None] * self.d
        v = 1 + signal
        w = 1 / v
        loglik, gamma, root_inverse = self._solved(v, w)
        half = self.back @ root_inverse
        covariance = half @ half.transpose(0, 2, 1)
        return Conditional(w, signal * w, self.origin + gamma @ self.back.T, covariance, loglik)

    def _solved(self, v: Array, w: Array) -> tuple[Array, Array, Array]:
        """log p(y | tau), the mean of gamma, and a root of its covariance, by normal equations."""
        if self.refused:
            raise ModelError(self.refused)
        f = self.Q.shape[1]
        sums = w @ self._products
        score, total = sums[:, f * f : -1], sums[:, -1]
        data = sums[:, : f * f].reshape(len(w), f, f)
        if not self.precision.any():  # flat: the square is complete
            gamma, root_inverse, half_log_det = _solve(data, score)
            square = total - (gamma * score).sum(1)
        else:
            both = data + self.precision
            gamma, root_inverse, half_log_det = _solve(
                both, score + self.precision @ self.prior_mean
            )
            off_prior = _solve(both, score - data @ self.prior_mean)[0]
            square = total - 2 * (gamma * score).sum(1) + _quadratic(data, gamma)
            square += _quadratic(self.precision, off_prior)
        loglik = self.constant - 0.5 * (np.log(v).sum(1) + square) - half_log_det
        return loglik, gamma, root_inverse

    @cached_property
    def _products(self) -> Array:
        """(k, f² + f + 1): q q', q y and y² of each rotated estimate."""
        outer = (self.Q[:, :, None] * self.Q[:, None, :]).reshape(self.y.size, -1)
        return np.column_stack([outer, self.Q * self.y[:, None], self.y**2])

    def residual(self, beta: Array) -> Array:
        """(S, k) the rotated y − X beta for each beta (S, p)."""
        return self.y - (beta - self.origin) @ self.X.T

    def original(self, rotated: Array) -> Array:
        """(S, k) back from the rotated coordinates."""
        return rotated * self.A if self.A.ndim == 1 else rotated @ self.A.T

    def theta(self, at: Conditional, noise: Array | None = None) -> tuple[Array, Array]:
        """Mean (n, k) and variance (n, k) of the true effects given tau and y.

        They are y without its `noise`, of variance (k,) or covariance (k, k); by default V, which
        leaves theta = X beta + Z u.
        """
        A = self.A
        if noise is not None:
            V = noise if noise.ndim == 2 else np.diag(noise)
            A = V @ np.linalg.inv(A if A.ndim == 2 else np.diag(A)).T
        residual, pulled = at.w * self.residual(at.mean), at.w[:, :, None] * self.X
        if A.ndim == 1:
            variance = at.shrink + np.einsum("nkp,npq,nkq->nk", pulled, at.covariance, pulled)
            return self.observed - residual * A, A**2 * variance
        if noise is None:  # V = A A'
            spread = np.einsum("ki,ni,ki->nk", A, at.shrink, A)
        else:
            spread = np.diag(V) - np.einsum("ki,ni,ki->nk", A, at.w, A)
        lifted = A @ pulled
        spread += np.einsum("nkp,npq,nkq->nk", lifted, at.covariance, lifted)
        return self.observed - residual @ A.T, np.maximum(spread, 0)

    def pull(self, at: Conditional, x: Array) -> Array:
        """(n, k) the weight of each y_i in the mean of x'beta given tau."""
        rotated = np.einsum("p,npq,kq,nk->nk", x, at.covariance, self.X, at.w)
        return rotated / self.A if self.A.ndim == 1 else rotated @ np.linalg.inv(self.A)


def _quadratic(P: Array, x: Array) -> Array:
    """x' P x for each row of x (n, f); P is (f, f) or (n, f, f)."""
    if x.shape[1] == 1:
        return P[..., 0, 0] * x[:, 0] ** 2
    return ((P @ x[..., None])[..., 0] * x).sum(1)


def _solve(P: Array, score: Array) -> tuple[Array, Array, Array]:
    """P⁻¹ score, a root of P⁻¹ (n, f, f), and half of log |P|, for each of n precisions P."""
    if P.shape[1] == 1:  # one coefficient: by far the commonest model, and 5 times faster so
        return score / P[:, 0], 1 / np.sqrt(P), 0.5 * np.log(P.ravel())
    root = np.linalg.cholesky(P)
    below = _inverse_below(root)
    root_inverse = below.transpose(0, 2, 1)
    gamma = (root_inverse @ (below @ score[..., None]))[..., 0]
    return gamma, root_inverse, np.log(np.diagonal(root, axis1=1, axis2=2)).sum(1)


def _inverse_below(root: Array) -> Array:
    """The inverses of lower triangles (n, f, f), row by row.

    Not by LU: its pivots mix rows whose sizes differ by many powers of ten, as precisions do.
    """
    inverse = np.zeros_like(root)
    for i in range(root.shape[1]):
        inverse[:, i, i] = 1
        inverse[:, i] -= (root[:, i, None, :i] @ inverse[:, :i])[:, 0]
        inverse[:, i] /= root[:, i, i, None]
    return inverse


def whiten(hierarchy: GaussianHierarchy) -> Whitened:
    """Rotate a hierarchy whose coefficients have flat or normal priors, or are fixed."""
    is_free, means, sds, refused = _priors(hierarchy)
    # Flat ones first, then from wide to narrow: the triangular R then keeps a larger precision out
    # of the rows of those before, where it would drown what little y says at a large tau.
    free = np.flatnonzero(is_free)
    free = free[np.argsort(-sds[free], kind="stable")]
    rotation = rotation_of(hierarchy)
    X = rotation.into(hierarchy.X)
    Q, R = _orthonormal(X[:, free])
    inverse = np.linalg.inv(R)
    origin = np.where(is_free, 0.0, means)
    if Q.shape[0] >= Q.shape[1]:
        origin[free] = inverse @ (Q.T @ rotation.into(hierarchy.y - hierarchy.X @ origin))
    back = np.zeros((is_free.size, len(R)))
    back[free] = inverse
    sds = sds[free]
    proper = np.isfinite(sds)
    prior_mean = np.where(proper, (means - origin)[free], 0.0)
    constant = -0.5 * (hierarchy.k - (~proper).sum()) * LOG_2PI - 0.5 * rotation.log_det
    constant -= np.log(np.abs(np.diag(R))).sum() + np.log(sds[proper]).sum()
    return Whitened(
        observed=hierarchy.y,
        origin=origin,
        y=rotation.into(hierarchy.y - hierarchy.X @ origin),
        X=X,
        Q=Q,
        back=back,
        A=rotation.A,
        d=rotation.d,
        precision=(inverse.T / sds**2) @ inverse,
        prior_mean=R @ prior_mean,
        constant=float(constant),
        refused=refused,
    )


def _orthonormal(X: Array) -> tuple[Array, Array]:
    """X = Q R; X itself where its columns are not independent."""
    if X.shape[1] == 1:
        norm = np.sqrt((X**2).sum())
        return (X / norm, np.array([[norm]])) if norm > 0 else (X, np.eye(1))
    Q, R = np.linalg.qr(X)
    size = np.abs(np.diag(R))
    if X.shape[0] < X.shape[1] or size.min(initial=1) < 1e-12 * size.max(initial=0):
        return X, np.eye(X.shape[1])
    return Q, R


def _priors(hierarchy: GaussianHierarchy) -> tuple[npt.NDArray[np.bool_], Array, Array, str]:
    """Which coefficients are free, mean and SD (inf where flat) of their priors, a refusal."""
    refused = ""
    free = np.ones(len(hierarchy.beta), dtype=bool)
    means, sds = np.zeros(free.size), np.full(free.size, np.inf)
    for i, prior in enumerate(hierarchy.beta):
        if isinstance(prior, Normal):
            means[i], sds[i] = prior.mean, prior.sd
        elif isinstance(prior, Point):
            free[i], means[i] = False, prior.value
        elif not isinstance(prior, Flat):
            refused = (
                f"Given tau, {hierarchy.design.names[i]} is in closed form only under a flat or "
                f"normal prior, not {prior!r}: take one of these to ask for values at single taus."
            )
    return free, means, sds, refused
