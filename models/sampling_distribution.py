"""What the studies report, given the true effects: y ~ N(mean, V + tau² I)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bayes_ps.effects import Effects


def report(effects: Effects, *, mean: Any, tau: Any = 0.0) -> None:
    """Add the observed `y` to the PyMC model at hand.

    `mean` is theta (study), or the mean of theta when theta is integrated out; then `tau` says how
    far theta varies around it. Reads ``effects.y``, ``.se``, and ``.V`` where studies share people.
    """
    import pymc as pm
    import pytensor.tensor as pt

    y = pm.Data("y_observed", effects.y, dims="study")
    if effects.V is None:
        se = pm.Data("se", effects.se, dims="study")
        pm.Normal("y", mu=mean, sigma=pm.math.sqrt(se**2 + tau**2), observed=y, dims="study")
    else:
        V = pm.Data("V", effects.V)
        cov = V + tau**2 * pt.eye(V.shape[0])
        pm.MvNormal("y", mu=mean + pt.zeros_like(y), cov=cov, observed=y, dims="study")
