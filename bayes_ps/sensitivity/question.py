"""What is asked of every refit: the probability of a benefit, and of a harm, of a size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Self

from bayes_ps.checks import BayesPSError
from bayes_ps.decision import MCID
from bayes_ps.decision.mcid import stated
from bayes_ps.decision.over_mcid import benefit_beyond
from bayes_ps.decision.probabilities import SMALLEST
from bayes_ps.decision.spread import Spread
from bayes_ps.effects import Effects
from bayes_ps.posterior import Marginal

Target = Literal["mean", "new"]


@dataclass(frozen=True)
class Question:
    """P(benefit of at least `size`), any benefit where it is 0; harm is its mirror image.

    Attributes
    ----------
    sign : of benefit, −1 where lower is better.
    size : the MCID, the median of an uncertain one, or 0 for any benefit.
    unit : of both.
    uncertain : the MCID that every probability is integrated over; None where it is one number.
    is_ratio : whether the effects are logarithms of ratios, which are then told as ratios.
    """

    sign: int
    size: float
    unit: str
    uncertain: Spread | None = None
    is_ratio: bool = False

    @classmethod
    def about(cls, effects: Effects, mcid: MCID | None) -> Self:
        """The question that an MCID asks of these effects."""
        sign = effects.benefit_sign
        if mcid is None:
            return cls(sign, 0.0, effects.unit)
        spread = stated(mcid, effects).spread
        if spread.fixed is not None:
            return cls(sign, spread.fixed, effects.unit, is_ratio=effects.is_ratio)
        return cls(sign, float(spread.ppf(0.5)), effects.unit, spread, effects.is_ratio)

    def p(self, m: Marginal, *, harm: bool = False) -> tuple[float, float]:
        """The probability of benefit, or of harm, and its Monte Carlo error, 0 if exact."""
        spread = self.uncertain or Spread(((1.0, self.size or SMALLEST),))
        return benefit_beyond(m, spread, -self.sign if harm else self.sign)

    def __str__(self) -> str:
        if not self.size:
            return "any benefit"
        if self.is_ratio:
            return f"ratio of at {'most' if self.sign < 0 else 'least'} {self._ratio()}"
        if self.uncertain is None:
            return f"benefit of at least {self.size:g} {self.unit}"
        low, high = self.uncertain.ppf([0.025, 0.975])
        shown = f"{self.size:.4g} (95% {low:.4g} to {high:.4g})"
        return f"benefit of at least an MCID of {shown} {self.unit}"

    def _ratio(self) -> str:
        """The MCID as a ratio, as in ``0.8`` and ``an MCID of 0.85 (95% 0.8 to 0.9)``."""
        size = f"{math.exp(self.sign * self.size):.4g}"
        if self.uncertain is None:
            return size
        ends = sorted(math.exp(self.sign * x) for x in self.uncertain.ppf([0.025, 0.975]))
        return f"an MCID of {size} (95% {ends[0]:.4g} to {ends[1]:.4g})"


def probability_of(target: Target) -> str:
    """How the probability of a target begins in a sentence."""
    if target not in ("mean", "new"):
        raise BayesPSError(f'target must be "mean" or "new" (a new setting), not {target!r}.')
    return "P(mean effect: " if target == "mean" else "P(new setting: "


def checked_cut(cut: float) -> float:
    """A probability at which a decision turns."""
    if not 0 < cut < 1:
        raise BayesPSError(f"cut must be between 0 and 1, as in 0.95, but is {cut!r}.")
    return float(cut)
