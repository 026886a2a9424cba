"""How much of a posterior lies beyond an MCID, whether that is one number or a distribution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bayes_ps.checks import Array, ModelError
from bayes_ps.decision.spread import Cut, Spread
from bayes_ps.posterior import Exact, Marginal, Sampled

WANTED, ALLOWED = 1e-8, 1e-6  # error of a probability: tried for, and at most let pass
FINEST = 1 / 64  # step over the quantiles of the effect, each of which takes an inversion


@dataclass(frozen=True)
class Beyond:
    """P(benefit beyond the MCID), P(between), P(harm beyond it), and their Monte Carlo errors."""

    p_mcid: float
    p_trivial: float
    p_harm: float
    mcse_mcid: float
    mcse_trivial: float
    mcse_harm: float


def beyond(m: Marginal, size: Spread, sign: int) -> Beyond:
    """Where `m` lies, seen from an MCID of this `size`, independent of it; `sign` is of benefit.

    P(benefit >= M) is the mean of P(benefit >= m) over the values m of the MCID. From draws it is
    the mean of P(M <= benefit) over the draws, whose Monte Carlo error is that of a mean.
    """
    if size.fixed is not None:
        return _beyond_one(m, sign * size.fixed)
    if not isinstance(m, Exact):
        return _beyond_of_draws(m, size, sign)
    p, q = _expected(m, size, sign), _expected(m, size, -sign)
    return Beyond(p, max(1 - p - q, 0.0), q, 0.0, 0.0, 0.0)


def benefit_beyond(m: Marginal, size: Spread, sign: int) -> tuple[float, float]:
    """P(benefit beyond the MCID) alone, as by `beyond`, and its Monte Carlo error."""
    if size.fixed is not None:
        threshold = sign * size.fixed
        p = m.cdf(threshold) if sign < 0 else m.sf(threshold)
        return float(p), m.mcse("cdf", threshold)
    if not isinstance(m, Exact):
        values = size.cdf(sign * m.draws)
        return float(values.mean()), mcse_of_mean(values)
    return _expected(m, size, sign), 0.0


def _beyond_one(m: Marginal, threshold: float) -> Beyond:
    """`threshold` has the sign of benefit; harm beyond it starts at its mirror image."""

    def upto(x: float) -> float:
        return float(m.cdf(x) if threshold < 0 else m.sf(x))

    p, not_harm = upto(threshold), upto(-threshold)
    return Beyond(
        p_mcid=p,
        p_trivial=not_harm - p,
        p_harm=float(m.sf(-threshold) if threshold < 0 else m.cdf(-threshold)),
        mcse_mcid=m.mcse("cdf", threshold),
        mcse_trivial=m.mcse_between(-abs(threshold), abs(threshold)),
        mcse_harm=m.mcse("cdf", -threshold),
    )


def _beyond_of_draws(m: Marginal, size: Spread, sign: int) -> Beyond:
    p, q = size.cdf(sign * m.draws), size.cdf(-sign * m.draws)
    between = 1 - p - q
    errors = [mcse_of_mean(values) for values in (p, between, q)]
    return Beyond(float(p.mean()), float(between.mean()), float(q.mean()), *errors)


def mcse_of_mean(values: Array) -> float:
    """Of numbers in [0, 1]; where all draws say 0, or all 1, that of half a draw in S + 1."""
    if np.ptp(values) == 0:
        return Sampled(np.ones_like(values)).mcse("cdf", 0.0) if values.flat[0] in (0, 1) else 0.0
    return Sampled(values).mcse("mean")


def _expected(m: Exact, size: Spread, sign: int) -> float:
    """P(sign · effect >= M): part for part, over M or, where the effect is narrow, over that."""

    def p(x: Array) -> Array:
        return m.cdf(-x) if sign < 0 else m.sf(x)

    total = 0.0
    for share, part in size.parts:
        if not isinstance(part, Cut):
            total += share * float(p(np.array([part]))[0])
            continue
        total += share * _over_both(m, part, p, sign)
    return total


def _over_both(m: Exact, part: Cut, p: Callable[[Array], Array], sign: int) -> float:
    ends = m.ppf(np.array([0.01, 0.99]))
    if ends[0] == ends[1]:
        return float(part.cdf(sign * ends[0]))
    found, error = part.expect(p)
    if error > WANTED:
        tried = found, error
        found, error = Cut(m, 0.0, 1.0).expect(lambda x: part.cdf(sign * x), FINEST)
        found, error = min((found, error), tried, key=lambda one: one[1])
    if error > ALLOWED:
        raise ModelError(
            f"The MCID could not be integrated over (the rule still changed by {error:.1g}). "
            f"Fix it at some quantiles instead: mcid.quantile(0.5)."
        )
    return found
