"""Two variance components: what is drawn given them, by the k x k covariance of y, draw by draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.exact import whiten
from bayes_ps.hierarchy import Component, GaussianHierarchy

CHUNK = 256  # draws whose covariances are held at a time


def draw_beta(h: GaussianHierarchy, scales: Mapping[str, Array], rng: np.random.Generator) -> Array:
    """beta (S, p) given the standard deviations (S,) and y."""
    prior = whiten(h)  # for its origin, and the priors in orthonormal coordinates
    free = prior.back.any(axis=1)
    beta = np.tile(prior.origin, (scales["tau"].size, 1))
    Q, y = h.X @ prior.back, h.y - h.X @ prior.origin
    for at, inverse in _precisions(h, scales):
        pulled = inverse @ Q
        P = Q.T @ pulled + prior.precision
        score = np.einsum("skf,k->sf", pulled, y) + prior.precision @ prior.prior_mean
        root = np.linalg.cholesky(np.linalg.inv(P))
        noise = (root @ rng.standard_normal((len(P), Q.shape[1], 1)))[..., 0]
        gamma = np.linalg.solve(P, score[..., None])[..., 0] + noise
        beta[at] += gamma @ prior.back.T
    beta[:, ~free] = prior.origin[~free]
    return beta


def draw_effects(
    h: GaussianHierarchy, beta: Array, scales: Mapping[str, Array], rng: np.random.Generator
) -> tuple[Array, Array, Array]:
    """theta, replicated estimates and log p(y_i | y_-i, …), (S, k) each, given beta (S, p).

    theta is y less its sampling error; that is drawn by Matheron's rule: a draw from the prior,
    moved by what y says of it.
    """
    V = h.V if h.V.ndim == 2 else np.diag(h.V)
    root, fitted = np.linalg.cholesky(V), beta @ h.X.T
    shape = fitted.shape
    error = rng.standard_normal(shape) @ root.T
    off = error + _deviations(h, scales, rng)
    replicate = fitted + rng.standard_normal(shape) @ root.T + _deviations(h, scales, rng)
    theta, log_likelihood = np.empty(shape), np.empty(shape)
    for at, inverse in _precisions(h, scales):
        residual = h.y - fitted[at]
        moved = np.einsum("skl,sl->sk", inverse, residual - off[at])
        theta[at] = h.y - error[at] - moved @ V
        pulled = np.einsum("skl,sl->sk", inverse, residual)
        precision = np.diagonal(inverse, axis1=1, axis2=2)
        log_likelihood[at] = 0.5 * (np.log(precision / (2 * np.pi)) - pulled**2 / precision)
    return theta, replicate, log_likelihood


def _precisions(h: GaussianHierarchy, scales: Mapping[str, Array]) -> Iterator[tuple[slice, Array]]:
    """Chunks of draws, and the inverse covariance of y (c, k, k) at each."""
    V = h.V if h.V.ndim == 2 else np.diag(h.V)
    shared = [(scales[each.name] ** 2, _outer(each, h.k)) for each in _components(h)]
    for start in range(0, scales["tau"].size, CHUNK):
        at = slice(start, start + CHUNK)
        covariance = V + sum(s[at, None, None] * outer for s, outer in shared)
        yield at, np.linalg.inv(covariance)


def _deviations(
    h: GaussianHierarchy, scales: Mapping[str, Array], rng: np.random.Generator
) -> Array:
    """(S, k) what all components add to the true effects."""
    total = np.zeros((scales["tau"].size, h.k))
    for each in _components(h):
        Z = np.eye(h.k) if each.Z is None else each.Z
        size = (scales[each.name].size, Z.shape[1])
        total += scales[each.name][:, None] * (rng.standard_normal(size) @ Z.T)
    return total


def _components(h: GaussianHierarchy) -> tuple[Component, ...]:
    assert h.component is not None and h.within is not None
    return h.component, h.within


def _outer(component: Component, k: int) -> Array:
    return np.eye(k) if component.Z is None else component.Z @ component.Z.T
