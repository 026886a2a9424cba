"""Given draws of the coefficients and standard deviations, draw everything else exactly.

Both engines use it: the exact engine draws them itself, NUTS samples them from the marginal
likelihood. Neither ever samples theta, so no funnel and no divergence can come from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.exact import whiten
from bayes_ps.hierarchy import GaussianHierarchy
from bayes_ps.posterior.dense import draw_effects


@dataclass(frozen=True, eq=False)
class Completed:
    """What follows from S draws of the coefficients and standard deviations.

    Attributes
    ----------
    theta : (S, k) true effects of the studies.
    z_new : (S,) standard normal; a new setting is x'beta + spread · z_new.
    log_likelihood : (S, k) log p(y_i | …), theta integrated out; where studies share participants
        or deviations, given the other studies.
    replicate : (S, k) what the same studies would report again, with new true effects.
    """

    theta: Array
    z_new: Array
    log_likelihood: Array
    replicate: Array


def complete(
    hierarchy: GaussianHierarchy,
    beta: Array,
    scales: Mapping[str, Array],
    *,
    rng: np.random.Generator,
) -> Completed:
    """Draw theta, a new setting and replicated estimates for each draw.

    `beta` is (S, p); `scales` holds "tau" (S,), and "omega" (S,) where there are two components.
    """
    z_new = rng.standard_normal(len(beta))
    if hierarchy.within is not None:
        theta, replicate, log_likelihood = draw_effects(hierarchy, beta, scales, rng)
        return Completed(theta, z_new, log_likelihood, replicate)
    whitened = whiten(hierarchy)
    signal = np.zeros((len(beta), 1)) + scales.get("tau", np.zeros(1))[:, None] ** 2 * whitened.d
    w = 1 / (1 + signal)
    residual = whitened.residual(beta)
    noise = np.sqrt(signal * w) * rng.standard_normal(residual.shape)
    theta = whitened.observed - whitened.original(w * residual - noise)
    spread = rng.standard_normal(residual.shape) / np.sqrt(w)
    replicate = beta @ hierarchy.X.T + whitened.original(spread)
    return Completed(theta, z_new, _log_likelihood(whitened.A, w, residual), replicate)


def _log_likelihood(A: Array, w: Array, residual: Array) -> Array:
    """log p(y_i | y_-i, beta, tau) from the precision matrix S = A⁻ᵀ diag(w) A⁻¹ of y."""
    if A.ndim == 1:
        precision, pulled = w / A**2, w * residual / A
    else:
        inverse = np.linalg.inv(A)
        precision, pulled = w @ inverse**2, (w * residual) @ inverse
    return 0.5 * (np.log(precision) - np.log(2 * np.pi) - pulled**2 / precision)
