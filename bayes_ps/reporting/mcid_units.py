"""Effects as multiples of the MCID: MID units, with an interval, also of an uncertain MCID."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.decision import MCID
from bayes_ps.decision.carrying import Carried, Map, carried
from bayes_ps.posterior import Fit, Marginal, Sampled

ENDS = np.array([0.5, 0.025, 0.975])
FAR = 1e-9  # probability beyond the values that are looked at
RULE = (
    "MID units are the effect divided by the MCID; > 0 is benefit. Johnston 2010 "
    "(doi:10.1186/1477-7525-8-116) offer a rule of thumb, not derived from data: near or above 1 "
    "many patients may gain an important benefit, from 0.5 to 1 an appreciable number may, and "
    "below 0.5 it is increasingly less likely that an appreciable number will. A mean below 1 does "
    "not say that no patient benefits, nor one above 1 that all do."
)


@dataclass(frozen=True, eq=False)
class InMCIDs:
    """The mean effect and the effect in a new setting in multiples of an MCID, > 0 is benefit."""

    mcid: MCID
    mean: Carried | Sampled
    new: Carried | Sampled

    @staticmethod
    def shown(found: Carried | Sampled) -> tuple[float, float, float]:
        """Median, and central 95% interval."""
        middle, low, high = map(float, found.ppf(ENDS))
        return middle, low, high


def in_mcids(fit: Fit, mcid: MCID) -> InMCIDs:
    """The effects divided by the MCID, which is independent of them; ratios on the log scale."""
    return InMCIDs(mcid, _divided(fit.average(), fit, mcid), _divided(fit.predictive(), fit, mcid))


def _divided(m: Marginal, fit: Fit, mcid: MCID) -> Carried | Sampled:
    sign, size = fit.effects.benefit_sign, mcid.spread
    smallest = float(size.ppf(FAR))
    most = 2 * float(np.abs(m.ppf(np.array([FAR, 1 - FAR]))).max()) / smallest

    def forward(x: Array, u: Array) -> Array:
        return sign * x / u

    def backward(y: Array, u: Array) -> Array:
        return sign * y * u

    return carried(m, size, Map(forward, backward, sign > 0, -most, most), fit.seed)
