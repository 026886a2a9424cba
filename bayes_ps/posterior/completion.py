"""Given draws of beta and tau, draw everything else from its exact conditional distribution.

Both engines use it: the exact engine draws beta and tau itself, NUTS samples them from the marginal
likelihood. Neither ever samples theta, so no funnel and no divergence can come from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.exact import Whitened
from bayes_ps.hierarchy import GaussianHierarchy


@dataclass(frozen=True, eq=False)
class Completed:
    """What follows from S draws of beta and tau.

    Attributes
    ----------
    theta : (S, k) true effects of the studies.
    z_new : (S,) standard normal; a new setting is x'beta + tau z_new.
    log_likelihood : (S, k) log p(y_i | beta, tau), theta integrated out; where studies share
        participants (V is a matrix), given the other studies.
    replicate : (S, k) what the same studies would report again, with new true effects.
    """

    theta: Array
    z_new: Array
    log_likelihood: Array
    replicate: Array


def complete(
    hierarchy: GaussianHierarchy,
    whitened: Whitened,
    beta: Array,
    tau: Array,
    *,
    rng: np.random.Generator,
) -> Completed:
    """Draw theta, a new setting and replicated estimates for each draw of beta (S, p), tau (S,)."""
    k = hierarchy.k
    fitted = beta @ hierarchy.X.T
    signal = tau[:, None] ** 2 * whitened.d
    w = 1 / (1 + signal)
    residual = whitened.y - beta @ whitened.X.T
    noise = np.sqrt(signal * w) * rng.standard_normal((tau.size, k))
    theta = _from_rotated(whitened.A, whitened.y - w * residual + noise)
    z_new = rng.standard_normal(tau.size)
    spread = rng.standard_normal((tau.size, k)) / np.sqrt(w)
    replicate = fitted + _from_rotated(whitened.A, spread)
    return Completed(theta, z_new, _log_likelihood(whitened.A, w, residual), replicate)


def _log_likelihood(A: Array, w: Array, residual: Array) -> Array:
    """log p(y_i | y_-i, beta, tau) from the precision matrix S = A⁻ᵀ diag(w) A⁻¹ of y."""
    if A.ndim == 1:
        precision, pulled = w / A**2, w * residual / A
    else:
        inverse = np.linalg.inv(A)
        precision, pulled = w @ inverse**2, (w * residual) @ inverse
    return 0.5 * (np.log(precision) - np.log(2 * np.pi) - pulled**2 / precision)


def _from_rotated(A: Array, values: Array) -> Array:
    return values * A if A.ndim == 1 else values @ A.T
