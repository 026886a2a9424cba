"""What is asked of every refit: the probability of a benefit, and of a harm, of a size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self

from bayes_ps.checks import BayesPSError, UnitError
from bayes_ps.decision import MCID
from bayes_ps.effects import Effects

Target = Literal["mean", "new"]


@dataclass(frozen=True)
class Question:
    """P(benefit of at least `size`), any benefit where it is 0; harm is its mirror image.

    Attributes
    ----------
    sign : of benefit, −1 where lower is better.
    size : the MCID, or 0 for any benefit.
    unit : of both.
    """

    sign: int
    size: float
    unit: str

    @classmethod
    def about(cls, effects: Effects, mcid: MCID | None) -> Self:
        """The question that an MCID asks of these effects."""
        if mcid is None:
            return cls(effects.benefit_sign, 0.0, effects.unit)
        if not isinstance(mcid, MCID):
            raise UnitError(f"mcid must be bps.MCID({mcid!r}, unit={effects.unit!r}).")
        return cls(effects.benefit_sign, abs(mcid.threshold(effects)), effects.unit)

    def __str__(self) -> str:
        return f"benefit of at least {self.size:g} {self.unit}" if self.size else "any benefit"


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


def caveats(mcid: MCID | None) -> tuple[str, ...]:
    """What using this MCID assumes, to travel with the numbers."""
    return () if mcid is None else (mcid.caveat,)
