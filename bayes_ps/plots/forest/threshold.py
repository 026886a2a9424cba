"""Where the MCID lies on the axis of effects: at a number, or spread out if it is not known."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bayes_ps.decision import MCID
from bayes_ps.decision.over_mcid import beyond
from bayes_ps.decision.spread import Spread
from bayes_ps.effects import Effects
from bayes_ps.plots.scale import Scale
from bayes_ps.posterior import Marginal

CENTRAL = 0.025, 0.5, 0.975


@dataclass(frozen=True)
class Threshold:
    """The MCID with the sign of benefit.

    Attributes
    ----------
    low, middle, high : the middle 95 % of an uncertain MCID and its median; else all the same.
    size : without its sign, to integrate over; None where only the place is known.
    """

    low: float
    middle: float
    high: float
    size: Spread | None = None

    @classmethod
    def of(cls, mcid: MCID | None, effects: Effects) -> Threshold | None:
        """Of an MCID in the unit of the effects."""
        if mcid is None:
            return None
        size, sign = mcid.in_unit_of(effects).spread, effects.benefit_sign
        ends = [sign * float(x) for x in size.ppf(CENTRAL)]
        return cls(min(ends), ends[1], max(ends), size)

    @classmethod
    def at(cls, place: float) -> Threshold:
        """At one place."""
        return cls(place, place, place)

    @property
    def certain(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high

    @property
    def sign(self) -> int:
        """Of benefit."""
        return -1 if self.middle < 0 else 1

    def p(self, m: Marginal) -> float | None:
        """P(benefit of at least the MCID), integrated over an uncertain one."""
        return None if self.size is None else beyond(m, self.size, self.sign).p_mcid

    def label(self, scale: Scale) -> str:
        """As in ``MCID 10`` and ``MCID 10 (8 to 12)``."""
        if self.certain:
            return f"MCID {_size(self.middle, scale)}"
        ends = sorted((self.low, self.high), key=lambda x: x if scale.ratio else abs(x))
        low, middle, high = (
            f"{math.exp(x) if scale.ratio else abs(x):.3g}" for x in (ends[0], self.middle, ends[1])
        )
        return f"MCID {middle} ({low} to {high})"

    def asked(self, scale: Scale, unit: str) -> str:
        """What P is the probability of, as in ``a benefit of at least 10 points``."""
        if not self.certain:
            return "a benefit of at least the MCID"
        if not scale.ratio:
            return f"a benefit of at least {abs(self.middle):g} {unit}".rstrip()
        return f"an effect of at {'most' if self.sign < 0 else 'least'} {_size(self.middle, scale)}"


def _size(x: float, scale: Scale) -> str:
    """A ratio as a ratio, a difference without its sign."""
    return scale.value(x if scale.ratio else abs(x))
