"""What the other studies say of an estimate before it is seen, as an exact distribution."""

from __future__ import annotations

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.exact import NestedPosterior, Posterior
from bayes_ps.hierarchy import GaussianHierarchy
from bayes_ps.posterior import ExactFit
from bayes_ps.sensitivity.mixture import Mixture

NOTHING = 1e-17
"""Weight of a point that changes no digit."""
CHUNK = 512
"""Points whose k x k covariances are held at a time."""


def prediction(whole: ExactFit, rest: ExactFit, row: int) -> Mixture:
    """y_row given the other estimates, on which `rest` is fitted; sampling error included.

    Given tau and beta, y_row is normal around x'beta + c'(y_rest − X_rest beta), where
    c = Cov(y_rest)⁻¹ Cov(y_rest, y_row) is 0 unless studies share participants or an effect.
    """
    h, posterior = whole.posterior.hierarchy, rest.posterior
    others, kept = np.arange(h.k) != row, posterior.weight > NOTHING
    mean, covariance = (part[kept] for part in posterior.beta)
    spread2 = posterior.spread[kept] ** 2
    if h.V.ndim == 1 and all(each.Z is None for each in h.components):
        c, variance = np.zeros((1, h.k - 1)), h.V[row] + spread2
    else:
        c, variance = _regression(h, row, spread2, _tau(posterior)[kept] ** 2)
    lever = h.X[row] - c @ h.X[others]
    location = mean @ h.X[row] + (c * (h.y[others] - mean @ h.X[others].T)).sum(1)
    variance = variance + np.einsum("np,npq,nq->n", lever, covariance, lever)
    return Mixture(posterior.weight[kept], location, np.sqrt(variance))


def _regression(h: GaussianHierarchy, row: int, spread2: Array, tau2: Array) -> tuple[Array, Array]:
    """c (n, k − 1), and the variance (n,) of y_row given the others and beta, at each point.

    `spread2` is tau² + omega², so that omega² is what tau² leaves of it.
    """
    V = np.diag(h.V) if h.V.ndim == 1 else h.V
    others = np.arange(h.k) != row
    c, variance = np.empty((tau2.size, h.k - 1)), np.empty(tau2.size)
    for start in range(0, tau2.size, CHUNK):
        at = slice(start, start + CHUNK)
        total = np.broadcast_to(V, (tau2[at].size, h.k, h.k))
        for each, square in zip(h.components, (tau2[at], (spread2 - tau2)[at]), strict=False):
            Z = np.eye(h.k) if each.Z is None else each.Z
            total = total + square[:, None, None] * (Z @ Z.T)
        cross = total[:, row, others]
        c[at] = np.linalg.solve(total[:, others][:, :, others], cross[..., None])[..., 0]
        variance[at] = total[:, row, row] - (c[at] * cross).sum(1)
    return c, variance


def _tau(posterior: Posterior) -> Array:
    """(n,) tau at each point."""
    if isinstance(posterior, NestedPosterior):
        return np.concatenate([_tau(part) for part in posterior.parts])
    return posterior.spread
