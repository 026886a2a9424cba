"""The MCID on the axis of effects, with the sign of benefit, and what P is the probability of."""

from __future__ import annotations

from dataclasses import dataclass

from bayes_ps.decision import MCID
from bayes_ps.decision.over_mcid import beyond
from bayes_ps.decision.spread import Spread
from bayes_ps.effects import Effects
from bayes_ps.plots.mcid_extent import extent_of
from bayes_ps.plots.scale import Scale
from bayes_ps.posterior import Marginal


@dataclass(frozen=True)
class Threshold:
    """Where benefit reaches the MCID.

    Attributes
    ----------
    low, middle, high : the middle 95 % of an uncertain MCID and its median; else all the same.
    size : without its sign, to integrate over.
    sign : of benefit.
    label : as in ``MCID 10`` and ``MCID 10 (8 to 12)``.
    """

    low: float
    middle: float
    high: float
    size: Spread
    sign: int
    label: str

    @classmethod
    def of(cls, mcid: MCID, effects: Effects) -> Threshold:
        """Of an MCID in the unit of the effects."""
        extent, sign = extent_of(mcid, effects), effects.benefit_sign
        low, high = sorted((sign * extent.low, sign * extent.high))
        return cls(low, sign * extent.middle, high, mcid.spread, sign, extent.text)

    @property
    def certain(self) -> bool:
        """Whether it is one number."""
        return self.size.fixed is not None

    def p(self, m: Marginal) -> float:
        """P(benefit of at least the MCID), integrated over an uncertain one."""
        return beyond(m, self.size, self.sign).p_mcid

    def asked(self, scale: Scale, unit: str) -> str:
        """What P is the probability of, as in ``a benefit of at least 10 points``."""
        if not self.certain:
            return "a benefit of at least the MCID"
        if not scale.ratio:
            return f"a benefit of at least {abs(self.middle):g} {unit}".rstrip()
        return f"an effect of at {'most' if self.sign < 0 else 'least'} {scale.value(self.middle)}"
