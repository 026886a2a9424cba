"""Independent draws of the coefficients and standard deviations from an exact posterior."""

from __future__ import annotations

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.exact import ExactPosterior, NestedPosterior, Posterior, TiltedPosterior, invert
from bayes_ps.posterior.dense import draw_beta

CHUNK = 512  # draws whose products of prior and normal are held at a time
Drawn = tuple[Array, dict[str, Array]]


def draw(posterior: Posterior, shape: tuple[int, int], rng: np.random.Generator) -> Drawn:
    """beta (C, D, p) and each standard deviation (C, D)."""
    beta, scales = _draw(posterior, shape[0] * shape[1], rng)
    return beta.reshape(*shape, -1), {name: each.reshape(shape) for name, each in scales.items()}


def _draw(posterior: Posterior, n: int, rng: np.random.Generator) -> Drawn:
    if isinstance(posterior, ExactPosterior):
        return _given_tau(posterior, n, rng)
    if isinstance(posterior, TiltedPosterior):
        return _given_coefficient(posterior, n, rng)
    assert isinstance(posterior, NestedPosterior)
    if posterior.given is not None and posterior.given.name:
        return _with_omega(posterior, n, rng)
    beta, scales = _draw_parts(posterior, n, rng)
    if posterior.fixed_omega is not None:
        scales["omega"] = np.full(n, posterior.fixed_omega)
    return beta, scales


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
    tau, scales = _tau(posterior, n, rng)
    with np.errstate(divide="ignore"):
        given = posterior.whitened.given(np.log(tau))
    return given.mean + _noise(given.covariance, rng), scales


def _given_coefficient(posterior: TiltedPosterior, n: int, rng: np.random.Generator) -> Drawn:
    """tau, the coefficient whose prior is of any kind given tau, then the others given both."""
    tau, scales = _tau(posterior, n, rng)
    with np.errstate(divide="ignore"):
        log_tau = np.log(tau)
    u = rng.uniform(size=n)
    drawn = [
        posterior.given_tau.at(log_tau[start : start + CHUNK])[0].ppf(u[start : start + CHUNK])
        for start in range(0, n, CHUNK)
    ]
    (low, high), (start, end) = posterior.fixed_at(log_tau), posterior.ends
    share = (np.concatenate(drawn) - start) / (end - start)
    mean = low.mean + share[:, None] * (high.mean - low.mean)
    return mean + _noise(low.covariance, rng), scales


def _tau(
    posterior: ExactPosterior | TiltedPosterior, n: int, rng: np.random.Generator
) -> tuple[Array, dict[str, Array]]:
    """tau (n,), and the standard deviations that the model has."""
    nodes = posterior.nodes
    if nodes.weight.size == 1:
        tau = np.repeat(nodes.tau, n)
    else:
        tau = posterior.scale("tau").ppf(rng.uniform(size=n))
    return tau, {} if posterior.hierarchy.component is None else {"tau": tau}


def _noise(covariance: Array, rng: np.random.Generator) -> Array:
    """(n, p) normal with each covariance (n, p, p); 0 for what is fixed."""
    noise = np.zeros(covariance.shape[:2])
    free = covariance[0].diagonal() > 0
    root = np.linalg.cholesky(covariance[:, free][:, :, free])
    noise[:, free] = (root @ rng.standard_normal((len(noise), free.sum(), 1)))[..., 0]
    return noise


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
