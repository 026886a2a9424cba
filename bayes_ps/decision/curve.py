"""The MCID curve: the probability that the effect is at least as good as every threshold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bayes_ps.checks import Array
from bayes_ps.decision.mcid import MCID, stated
from bayes_ps.decision.over_mcid import beyond
from bayes_ps.posterior import Fit, Marginal, Setting


@dataclass(frozen=True, eq=False)
class MCIDCurve:
    """P(benefit of at least `threshold`) for the mean effect and for a new setting.

    Attributes
    ----------
    threshold : (m,) benefit in the unit of the effects, > 0 is benefit whatever their sign.
    p_mean, p_new : (m,) probabilities, falling with the threshold.
    mcid : marked on the curve; None if not given.
    unit : of the threshold.
    p_mean_at_mcid, p_new_at_mcid : P(benefit of at least the MCID); where it is a distribution, the
        mean of the curve over it, as in `decide`. None without an MCID.
    """

    threshold: Array
    p_mean: Array
    p_new: Array
    unit: str
    mcid: MCID | None = None
    p_mean_at_mcid: float | None = None
    p_new_at_mcid: float | None = None

    def to_frame(self) -> pd.DataFrame:
        """Columns threshold, p_mean, p_new."""
        return pd.DataFrame(
            {"threshold": self.threshold, "p_mean": self.p_mean, "p_new": self.p_new}
        )


def mcid_curve(
    fit: Fit, mcid: MCID | None = None, *, at: Setting = None, points: int = 201
) -> MCIDCurve:
    """The probability of benefit beyond every threshold, from no benefit to where nothing is left.

    Parameters
    ----------
    fit : by either engine.
    mcid : marked on the curve, and within its range (its 97.5 % quantile, if it is uncertain).
    at : the setting, for a model with moderators.
    points : number of thresholds.
    """
    sign = fit.effects.benefit_sign
    mean, new = fit.average(at), fit.predictive(at)
    ends = np.concatenate([mean.ppf([0.001, 0.999]), new.ppf([0.025, 0.975])])
    size = None if mcid is None else stated(mcid, fit.effects).spread
    marked = [] if size is None else [float(size.ppf(0.975))]
    low = min(0.0, float((sign * ends).min()))
    high = max([0.0, float((sign * ends).max()), *(1.3 * value for value in marked)])
    threshold = np.linspace(low, high, points)

    start = np.where(threshold == 0, 5e-324, threshold)  # an effect of exactly 0 is no benefit

    def falling(m: Marginal) -> Array:
        return m.cdf(-start) if sign < 0 else m.sf(start)

    at_mcid = [None if size is None else beyond(m, size, sign).p_mcid for m in (mean, new)]
    return MCIDCurve(threshold, falling(mean), falling(new), fit.effects.unit, mcid, *at_mcid)
