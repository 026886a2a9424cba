"""Independent draws of the coefficients and standard deviations from an exact posterior."""

from __future__ import annotations

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.exact import ExactPosterior, NestedPosterior, Posterior, invert
from bayes_ps.posterior.dense import draw_beta

Drawn = tuple[Array, dict[str, Array]]


def draw(posterior: Posterior, shape: tuple[int, int], rng: np.random.Generator) -> Drawn:
    """beta (C, D, p) and each standard deviation (C, D)."""
    beta, scales = _draw(posterior, shape[0] * shape[1], rng)
    return beta.reshape(*shape, -1), {name: each.reshape(shape) for name, each in scales.items()}


def _draw(posterior: Posterior, n: int, rng: np.random.Generator) -> Drawn:
    if isinstance(posterior, ExactPosterior):
        return _given_tau(posterior, n, rng)
    assert isinstance(posterior, NestedPosterior)
    if posterior.given is not None and posterior.given.name:
        return _with_omega(posterior, n, rng)
    return _draw_parts(posterior, n, rng)


def _draw_parts(posterior: NestedPosterior, n: int, rng: np.random.Generator) -> Drawn:
    """From each part by its share, in random order."""
    sizes = rng.multinomial(n, posterior.share / posterior.share.sum())
    drawn = [
        _draw(part, size, rng)
        for part, size in zip(posterior.parts, sizes, strict=True)
        if size > 0
    ]
    order = rng.permutation(n)
    scales = {
        name: np.concatenate([each[name] for _, each in drawn])[order] for name in drawn[0][1]
    }
    return np.concatenate([beta for beta, _ in drawn])[order], scales


def _given_tau(posterior: ExactPosterior, n: int, rng: np.random.Generator) -> Drawn:
    """tau from its own distribution function, then beta given tau."""
    component = posterior.hierarchy.component
    if posterior.nodes.weight.size == 1:
        tau = np.repeat(posterior.nodes.tau, n)
    else:
        tau = posterior.scale("tau").ppf(rng.uniform(size=n))
    with np.errstate(divide="ignore"):
        given = posterior.whitened.given(np.log(tau))
    free = given.covariance[0].diagonal() > 0
    root = np.linalg.cholesky(given.covariance[:, free][:, :, free])
    beta = given.mean.copy()
    beta[:, free] += (root @ rng.standard_normal((n, free.sum(), 1)))[..., 0]
    return beta, {} if component is None else {"tau": tau}


def _with_omega(posterior: NestedPosterior, n: int, rng: np.random.Generator) -> Drawn:
    """tau from its mixture over omega, omega given tau, beta given both."""
    tau = _draw_parts(posterior, n, rng)[1]["tau"]
    nodes = posterior.nodes
    assert nodes is not None
    with np.errstate(divide="ignore"):
        log_tau = np.log(tau)
    log_weight = np.column_stack(
        [_log_density(part, log_tau) for part in posterior.parts]
    ) + np.log(posterior.share)
    weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    ends = np.full(n, nodes.t[0] - nodes.step), np.full(n, nodes.t[-1] + nodes.step)
    t = invert(
        lambda at: nodes.cdf_t(at, weight),
        lambda at: nodes.pdf_t(at, weight),
        rng.uniform(size=n),
        ends,
        noise=1e-9,
    )
    omega = np.exp(nodes.axis.log_tau(nodes.axis.u(t)))
    scales = {"tau": tau, "omega": omega}
    return draw_beta(posterior.hierarchy, scales, rng), scales


def _log_density(part: Posterior, log_tau: Array) -> Array:
    """log p(tau | y, omega), 0 where tau is fixed."""
    assert isinstance(part, ExactPosterior)
    if part.nodes.weight.size == 1:
        return np.zeros(log_tau.size)
    return part.log_density_tau(log_tau)
