"""What the studies report, given the true effects: y ~ N(mean, V + tau² Z Z' + omega² I)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bayes_ps.checks import Array

if TYPE_CHECKING:
    from bayes_ps.effects import Effects


def report(
    effects: Effects, *, mean: Any, tau: Any = 0.0, omega: Any = 0.0, Z: Array | None = None
) -> None:
    """Add the observed `y` to the PyMC model at hand.

    `mean` is theta (study), or the mean of theta when theta is integrated out; then `tau` says how
    far theta varies around it, together in what shares a column of `Z` (k, q), and `omega` how far
    by itself. Reads ``effects.y``, ``.se``, and ``.V`` where studies share people.
    """
    import pymc as pm
    import pytensor.tensor as pt

    y = pm.Data("y_observed", effects.y, dims="study")
    if effects.V is None and Z is None:
        se = pm.Data("se", effects.se, dims="study")
        sd = pm.math.sqrt(se**2 + tau**2 + omega**2)
        pm.Normal("y", mu=mean, sigma=sd, observed=y, dims="study")
        return
    V = pm.Data("V", np.diag(effects.se**2) if effects.V is None else effects.V)
    each = pt.eye(V.shape[0])
    shared = each if Z is None else pm.Data("ZZ", Z @ Z.T)
    cov = V + tau**2 * shared + omega**2 * each
    pm.MvNormal("y", mu=mean + pt.zeros_like(y), cov=cov, observed=y, dims="study")
