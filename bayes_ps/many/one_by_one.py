"""An analysis under priors that the kernels do not know, by the exact engine: the same numbers."""

from __future__ import annotations

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.effects import Effects
from bayes_ps.exact import integrate
from bayes_ps.hierarchy import normal_normal
from bayes_ps.many.kernel.columns import (
    COLUMNS,
    ERROR,
    FINE,
    LOG_EVIDENCE,
    OF_MU,
    OF_NEW,
    OF_TAU,
    STATUS,
    WIDE,
)
from bayes_ps.posterior import Exact, ExactFit
from bayes_ps.priors import Prior


def by_exact_engine(
    effects: Effects, *, tau: Prior, mu: Prior, level: float, asked: Array, theta: bool = False
) -> tuple[Array, Array]:
    """The row (COLUMNS,) of one analysis, and (k, WIDE) of its studies, or (0, WIDE).

    Raises what the exact engine raises.
    """
    hierarchy = normal_normal(effects, mu, tau)
    found = ExactFit(None, effects, hierarchy, 0, posterior=integrate(hierarchy))
    row = np.full(COLUMNS, np.nan)
    row[OF_MU : OF_MU + WIDE] = _described(found.marginal("mu"), level, asked)
    row[OF_TAU : OF_TAU + 5] = _described(found.marginal("tau"), level, asked)[:5]
    row[OF_NEW : OF_NEW + WIDE] = _described(found.predictive(), level, asked)
    row[[LOG_EVIDENCE, ERROR, STATUS]] = found.log_evidence, found.error, FINE
    studies = [_described(found.study(name), level, asked) for name in effects.study if theta]
    return row, np.array(studies).reshape(-1, WIDE)


def _described(m: Exact, level: float, asked: Array) -> Array:
    """Mean, SD, median, interval, and P(benefit), P(benefit and harm beyond the MCID)."""
    sign, mcid = asked

    def beyond(x: float, side: float) -> float:
        return float(m.sf(x) if side > 0 else m.cdf(x)) if np.isfinite(side * x) else np.nan

    low, high = m.interval(level)
    probabilities = beyond(0.0, sign), beyond(sign * mcid, sign), beyond(-sign * mcid, -sign)
    return np.array([m.mean, m.sd, m.median, low, high, *probabilities])
