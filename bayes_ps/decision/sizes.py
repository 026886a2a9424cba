"""`bands`: how probable a trivial, small, moderate and large benefit, or harm, is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from numbers import Real

import numpy as np
import pandas as pd

from bayes_ps import words
from bayes_ps.checks import Array, BayesPSError, UnitError
from bayes_ps.decision.mcid import MCID
from bayes_ps.effects import Effects
from bayes_ps.posterior import Fit, Marginal, Setting

NAMES = ("trivial", "small", "moderate", "large")


@dataclass(frozen=True, eq=False)
class Bands:
    """How a posterior is spread over bands of size, from large harm to large benefit.

    Attributes
    ----------
    band : (2 m + 1,) names, such as ``"moderate benefit"``.
    low, high : ends of the benefit in `unit`; harm is negative.
    p_mean, p_new : probabilities of the mean effect and of the effect in one new setting; each sums
        to 1.
    mcse_mean, mcse_new : their Monte Carlo errors; 0 for the exact engine.
    unit : of the ends.
    """

    band: tuple[str, ...]
    low: Array
    high: Array
    p_mean: Array
    p_new: Array
    mcse_mean: Array
    mcse_new: Array
    unit: str

    def to_frame(self) -> pd.DataFrame:
        """A row a band."""
        names = ("band", "low", "high", "p_mean", "p_new", "mcse_mean", "mcse_new")
        return pd.DataFrame({name: getattr(self, name) for name in names})

    def __str__(self) -> str:
        def said(target: str, p: Array) -> str:
            each = zip(reversed(self.band), reversed(p), strict=True)
            return f"{target}: " + ", ".join(f"{n} {words.probability(v)}" for n, v in each)

        ends = ", ".join(f"{end:g}" for end in self.low if end > 0)
        return (
            f"Bands from {ends} {self.unit} on. {said('The mean effect', self.p_mean)}; "
            f"{said('the effect in one new setting', self.p_new)}."
        )


def bands(
    fit: Fit,
    cuts: Sequence[float | MCID],
    *,
    names: Sequence[str] = NAMES,
    at: Setting = None,
) -> Bands:
    """How probable each band of size is, in the direction of benefit and of harm.

    Parameters
    ----------
    fit : by either engine.
    cuts : sizes > 0 in the unit of the effects, rising, where the bands after the first begin:
        ``(5, 10, 20)``; or MCIDs of one number each, whose unit is checked. With the MCID as first
        cut, "trivial" is `p_trivial` of :func:`bayes_ps.decide`, and the bands of benefit sum to
        its `p_mcid`.
    names : of the bands, one more than `cuts`; the first is the one around no effect.
    at : the setting, for a model with moderators.

    Returns
    -------
    Bands
        Of seven bands for three cuts, from large harm to large benefit.

    Raises
    ------
    BayesPSError, UnitError
        For cuts that do not rise from above 0, another number of names, or another unit.

    Notes
    -----
    For SMDs Cohen's 0.2, 0.5 and 0.8 are rules of thumb, not anchored in what patients notice.
    Test: ``tests/unit/test_decision_bands.py``.
    """
    sizes = np.array([_size(cut, fit.effects) for cut in cuts])
    if not sizes.size or not (np.diff(sizes, prepend=0) > 0).all():
        raise BayesPSError(f"cuts must rise from above 0, as in (5, 10, 20), but are {cuts!r}.")
    if len(names) != sizes.size + 1:
        raise BayesPSError(
            f"{sizes.size} cuts make {sizes.size + 1} bands, but names are {names!r}."
        )
    edges = np.concatenate([-sizes[::-1], sizes])
    sign = fit.effects.benefit_sign
    found = [_spread(m, edges, sign) for m in (fit.average(at), fit.predictive(at))]
    band = [f"{name} harm" for name in reversed(names[1:])]
    band += [names[0], *(f"{name} benefit" for name in names[1:])]
    return Bands(
        tuple(band),
        np.append(-np.inf, edges),
        np.append(edges, np.inf),
        p_mean=found[0][0],
        p_new=found[1][0],
        mcse_mean=found[0][1],
        mcse_new=found[1][1],
        unit=fit.effects.unit,
    )


def _size(cut: float | MCID, effects: Effects) -> float:
    if isinstance(cut, MCID):
        return abs(cut.threshold(effects))
    if not isinstance(cut, Real) or not np.isfinite(cut):
        raise UnitError(f"A cut is a number in {effects.unit!r} or an MCID, not {cut!r}.")
    return float(cut)


def _spread(m: Marginal, edges: Array, sign: int) -> tuple[Array, Array]:
    """Probability of each band between the edges of benefit, and its Monte Carlo error.

    From the tails inwards, so that a small probability keeps its digits.
    """
    below = m.sf(-edges) if sign < 0 else m.cdf(edges)
    above = m.cdf(-edges) if sign < 0 else m.sf(edges)
    inner = np.where(below[1:] < 0.5, np.diff(below), -np.diff(above))
    p = np.concatenate([below[:1], inner, above[-1:]])
    ends = [(-np.inf, edges[0]), *pairwise(edges), (edges[-1], np.inf)]
    turned = [(low, high) if sign > 0 else (-high, -low) for low, high in ends]
    return np.maximum(p, 0), np.array([m.mcse_between(low, high) for low, high in turned])
