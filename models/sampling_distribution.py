"""What the studies report, given the true effects: y ~ N(mean, V + tau² Z Z' + omega² I)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bayes_ps.checks import Array
from models.rotation import rotate

if TYPE_CHECKING:
    from bayes_ps.effects import Effects


def report(
    effects: Effects, *, mean: Any, tau: Any = 0.0, omega: Any = None, Z: Array | None = None
) -> None:
    """Add the observed `y` to the PyMC model at hand.

    `mean` is theta (study), or the mean of theta when theta is integrated out; then `tau` says how
    far theta varies around it, together in what shares a column of `Z` (k, q), and `omega` how far
    by itself. With `omega` no row of `Z` has two entries. Reads ``effects.y``, ``.se``, and ``.V``
    where studies share people.
    """
    import pymc as pm
    import pytensor.tensor as pt

    y = pm.Data("y_observed", effects.y, dims="study")
    if effects.V is None and Z is None:
        se = pm.Data("se", effects.se, dims="study")
        sd = pm.math.sqrt(se**2 + tau**2 + (0.0 if omega is None else omega**2))
        pm.Normal("y", mu=mean, sigma=sd, observed=y, dims="study")
        return
    V = np.diag(effects.se**2) if effects.V is None else effects.V
    Z = np.eye(effects.k) if Z is None else Z
    at = rotate(V, Z, within=omega is not None)
    mean, omega = mean + pt.zeros_like(y), 0.0 if omega is None else omega
    if at is None:
        cov = pm.Data("V", V) + tau**2 * pm.Data("ZZ", Z @ Z.T) + omega**2 * pt.eye(y.shape[0])
        pm.MvNormal("y", mu=mean, cov=cov, observed=y, dims="study")
        return
    # The same multivariate normal, but a hundred times faster to sample than by its k x k matrix.
    fixed = [pm.Data(name, getattr(at, name)) for name in ("R", "variance", "Z", "log_det")]
    pm.CustomDist(
        "y",
        *(mean, tau, omega, *fixed),
        dist=_drawn,
        logp=_log_density,
        signature="(k),(),(),(k,k),(k),(k,q),()->(k)",
        class_name="RotatedNormal",
        observed=y,
        dims="study",
    )


def _log_density(y: Any, mean: Any, tau: Any, omega: Any, *rotation: Any) -> Any:
    """By the matrix determinant lemma and Woodbury's identity, Z' diag(w) Z being diagonal."""
    import pytensor.tensor as pt

    R, variance, Z, log_det = rotation
    off = (R * (y - mean)).sum(axis=1)  # R @ (y - mean) takes longer to compile
    w = 1 / (variance + omega**2)
    pulled = (Z * (w * off)[:, None]).sum(axis=0)
    v = 1 + tau**2 * (Z**2 * w[:, None]).sum(axis=0)
    square = (w * off**2).sum() - tau**2 * (pulled**2 / v).sum()
    terms = pt.log(2 * np.pi / w).sum() + pt.log(v).sum() + square
    return log_det - terms / 2


def _drawn(mean: Any, tau: Any, omega: Any, *rest: Any) -> Any:
    import pymc as pm
    import pytensor.tensor as pt

    R, variance, Z, _, size = rest
    back = pt.linalg.inv(R)
    cov = back @ (pt.diag(variance + omega**2) + tau**2 * Z @ Z.T) @ back.T
    return pm.MvNormal.dist(mu=mean, cov=cov, size=size)
