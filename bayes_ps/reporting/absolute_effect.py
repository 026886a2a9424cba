"""How many more or fewer per 1000 have the event, at a stated risk without the treatment."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, UnitError

PER = 1000


def risk_under(measure: str, effect: npt.ArrayLike, baseline_risk: float) -> Array:
    """Risk with the treatment, from the effect on its analysis scale and the risk without it.

    Parameters
    ----------
    measure : "OR" or "PETO" (log odds ratio), "RR" (log risk ratio), "HR" (log hazard ratio), "RD".
    effect : of any shape.
    baseline_risk : p₀ inside (0, 1), taken as known.

    Raises
    ------
    UnitError
        For another measure, or a baseline risk outside (0, 1).

    Notes
    -----
    OR: p₀ OR / (1 − p₀ + p₀ OR). RR: p₀ RR, at most 1. HR: 1 − (1 − p₀)^HR. RD: p₀ + RD, within
    0 to 1. Cochrane Handbook 6, chapter 15. Each rises with the effect, so that quantiles
    of the effect become quantiles of the risk. Test:
    ``tests/unit/test_summary_of_findings.py``: OR 0.5 at a risk of 0.2 is 0.111.
    """
    if not 0 < baseline_risk < 1:
        raise UnitError(
            f"A baseline risk lies inside (0, 1), as in 0.12 for 12 in 100, but is "
            f"{baseline_risk!r}."
        )
    y, p0 = np.asarray(effect, dtype=float), baseline_risk
    if measure in ("OR", "PETO"):
        odds = p0 / (1 - p0) * np.exp(y)
        return np.asarray(odds / (1 + odds))
    if measure == "RR":
        return np.minimum(p0 * np.exp(y), 1.0)
    if measure == "HR":
        return np.asarray(-np.expm1(np.exp(y) * np.log1p(-p0)))
    if measure == "RD":
        return np.clip(p0 + y, 0.0, 1.0)
    raise UnitError(
        f"A {measure} has no absolute effect by a baseline risk: that is for OR, RR, HR and RD. "
        f"Leave baseline_risk out."
    )


def per_1000(measure: str, effect: npt.ArrayLike, baseline_risk: float) -> Array:
    """Events more (> 0) or fewer (< 0) per 1000 with the treatment than without it."""
    return PER * (risk_under(measure, effect, baseline_risk) - baseline_risk)
