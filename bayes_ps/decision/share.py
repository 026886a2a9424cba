"""The share of settings whose benefit, or whose harm, lies beyond the MCID, with its interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from bayes_ps.checks import Array
from bayes_ps.decision.mcid import MCID
from bayes_ps.decision.spread import Spread
from bayes_ps.posterior import Fit, Marginal, Setting

REACH = 16.0  # of the logit of the quantiles of the MCID; 2e-7 lies beyond
FINEST, AGREED = 1 / 16, 1e-6  # step; change of the share that is enough


@dataclass(frozen=True)
class Share:
    """The share of settings whose benefit, or whose harm, lies beyond the MCID.

    Attributes
    ----------
    mean : equals P(benefit, or harm, beyond the MCID) in one new setting.
    median, lower, upper : of the share, `level` central; the interval is the honest message.
    """

    mean: float
    median: float
    lower: float
    upper: float
    level: float


def shares_beyond(
    fit: Fit, mcid: MCID, p_new: tuple[float, float], *, at: Setting = None, level: float = 0.95
) -> tuple[Share | None, Share | None]:
    """The shares of benefit and of harm; None where the model lets no effect vary.

    With an uncertain MCID the distribution of a share is the mixture of those at the values of the
    MCID, so that the interval holds both uncertainties; its mean is that of `p_new`, P(a new
    setting lies beyond), in benefit and in harm.
    """
    if not fit.has_tau:
        return None, None

    def with_more(benefit: float) -> Marginal:
        share = fit.share(fit.effects.benefit_sign * benefit, at)
        assert share is not None
        return share

    size = mcid.spread.fixed
    if size is not None:
        helped, unharmed = with_more(size), with_more(-size)
        low, high = helped.interval(level)
        harmless, harmed = unharmed.interval(level)
        return (
            Share(helped.mean, helped.median, low, high, level),
            Share(1 - unharmed.mean, 1 - unharmed.median, 1 - harmed, 1 - harmless, level),
        )
    q = np.array([0.5, (1 - level) / 2, (1 + level) / 2])
    middle, low, high = _over(mcid.spread, with_more, q)
    unhurt, most, least = _over(mcid.spread, lambda benefit: with_more(-benefit), 1 - q)
    return (
        Share(p_new[0], middle, low, high, level),
        Share(p_new[1], 1 - unhurt, 1 - most, 1 - least, level),
    )


def _over(mcid: Spread, given: Callable[[float], Marginal], q: Array) -> list[float]:
    """Quantiles of the mixture, by ever more values of the MCID."""
    step, last = 1.0, np.zeros(q.shape)
    while step >= FINEST:
        values, weights = mcid.rule(step, REACH)
        found = _quantiles([given(float(size)) for size in values], weights, q)
        if (np.abs(found - last) <= AGREED).all():
            break
        last, step = found, step / 2
    return [float(each) for each in found]


def _quantiles(parts: list[Marginal], weights: Array, q: Array) -> Array:
    """Of a mixture of shares, by bisection of their normal scores: many shares are all but 0."""
    low, high = np.full(q.shape, -38.0), np.full(q.shape, 38.0)
    for _ in range(45):
        middle = (low + high) / 2
        p = weights @ np.array([part.cdf(ndtr(middle)) for part in parts])
        low, high = np.where(p < q, middle, low), np.where(p < q, high, middle)
    return np.asarray(ndtr(high))
