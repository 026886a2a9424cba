"""The share of settings whose effect lies beyond the MCID, with its interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from bayes_ps.checks import Array
from bayes_ps.decision.mcid import MCID
from bayes_ps.posterior import Fit, Marginal, Setting

REACH = 16.0  # of the logit of the quantiles of the MCID; 2e-7 lies beyond
FINEST, AGREED = 1 / 16, 1e-6  # step; change of the share that is enough


@dataclass(frozen=True)
class Share:
    """The share of settings whose effect lies beyond the MCID.

    Attributes
    ----------
    mean : equals P(benefit beyond the MCID) in one new setting.
    median, lower, upper : of the share, `level` central; the interval is the honest message.
    """

    mean: float
    median: float
    lower: float
    upper: float
    level: float


def share_beyond(
    fit: Fit, mcid: MCID, p_new: float, *, at: Setting = None, level: float = 0.95
) -> Share | None:
    """The share; None where the model lets no effect vary.

    With an uncertain MCID its distribution is the mixture of those at the values of the MCID, so
    that the interval holds both uncertainties; its mean is `p_new`, P(a new setting lies beyond).
    """
    if mcid.spread.fixed is not None:
        share = fit.share(mcid.threshold(fit.effects), at)
        if share is None:
            return None
        low, high = share.interval(level)
        return Share(share.mean, share.median, low, high, level)
    if not fit.has_tau:
        return None
    step, last = 1.0, np.zeros(3)
    while step >= FINEST:
        found = _at_step(fit, mcid, at, (step, level))
        if (np.abs(found - last) <= AGREED).all():
            break
        last, step = found, step / 2
    middle, low, high = map(float, found)
    return Share(p_new, middle, low, high, level)


def _at_step(fit: Fit, mcid: MCID, at: Setting, how: tuple[float, float]) -> Array:
    """Median and ends of the interval, by the rule of this step over the MCID."""
    step, level = how
    values, weights = mcid.spread.rule(step, REACH)
    found = [fit.share(fit.effects.benefit_sign * float(value), at) for value in values]
    parts = [share for share in found if share is not None]
    return _quantiles(parts, weights, np.array([0.5, (1 - level) / 2, (1 + level) / 2]))


def _quantiles(parts: list[Marginal], weights: Array, q: Array) -> Array:
    """Of a mixture of shares, by bisection of their normal scores: many shares are all but 0."""
    low, high = np.full(q.shape, -38.0), np.full(q.shape, 38.0)
    for _ in range(45):
        middle = (low + high) / 2
        p = weights @ np.array([part.cdf(ndtr(middle)) for part in parts])
        low, high = np.where(p < q, middle, low), np.where(p < q, high, middle)
    return np.asarray(ndtr(high))
