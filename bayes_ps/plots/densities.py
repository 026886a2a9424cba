"""The posterior density of tau on a grid, as both figures of tau draw it."""

from __future__ import annotations

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.posterior import Fit


def tau_density(fit: Fit, tau: Array) -> Array:
    """Density (m,) at each tau; NaN where it is infinite, or where no draw comes so near to 0.

    There a kernel density estimate says 0, which would look like a cliff.
    """
    m = fit.marginal("tau")
    with np.errstate(all="ignore"):
        density = finite(m.pdf(tau))
    if fit.engine == "exact":
        return density
    return np.where(np.cumsum(density) > 0, density, np.nan)


def finite(density: Array) -> Array:
    """NaN where a density is infinite, as at 0 under some priors: its line begins beside it."""
    return np.where(np.isfinite(density), density, np.nan)
