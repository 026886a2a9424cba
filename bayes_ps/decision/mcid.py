"""`MCID`: the smallest difference that matters, with its unit, kind and source."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import Literal

from bayes_ps.checks import BayesPSError, UnitError
from bayes_ps.effects import Effects

KINDS = ("within patient", "between groups", "rule of thumb", "not stated")


@dataclass(frozen=True)
class MCID:
    """A minimal clinically important difference.

    Attributes
    ----------
    value : size of the difference, > 0, in `unit`. Which sign is benefit says ``effects.better``.
    unit : must be that of the effects, such as ``"points (0-100)"`` or ``"SD units"``.
    source : where the value comes from, a DOI or a citation.
    kind : ``"within patient"`` (derived from changes of single patients, as most are),
        ``"between groups"``, or ``"rule of thumb"``. Used for a mean difference, a within-patient
        value is an assumption, and every table says so.
    direction : ``"improvement"``, ``"worsening"`` or ``"either"``: what the value was derived for.
    population : whom it was derived in.

    Raises
    ------
    UnitError, BayesPSError
        For a value that is not > 0, a missing unit, an unknown kind or direction.
    """

    value: float
    unit: str
    source: str = "no source given"
    kind: str = "not stated"
    direction: Literal["improvement", "worsening", "either"] = "improvement"
    population: str = ""

    def __post_init__(self) -> None:
        if not (isinstance(self.value, Real) and math.isfinite(self.value) and self.value > 0):
            raise BayesPSError(
                f"An MCID is a size > 0, but is {self.value!r}. Which sign is benefit says "
                f'effects.better: for pain, MCID(10, unit="points (0-100)") with better="lower".'
            )
        if not isinstance(self.unit, str) or not self.unit.strip():
            raise UnitError('An MCID needs its unit, as in MCID(10, unit="points (0-100)").')
        if self.kind not in KINDS:
            raise BayesPSError(f"kind must be one of {KINDS}, but is {self.kind!r}.")
        if self.direction not in ("improvement", "worsening", "either"):
            raise BayesPSError(
                f'direction must be "improvement", "worsening" or "either", not {self.direction!r}.'
            )

    def threshold(self, effects: Effects) -> float:
        """The effect at which benefit reaches the MCID, with the sign of the effects."""
        if self.unit != effects.unit:
            raise UnitError(
                f"The MCID is in {self.unit!r}, but the effects are in {effects.unit!r}. Convert "
                f"one of them, or, if they are the same, write the same unit: "
                f"MCID({self.value:g}, unit={effects.unit!r})."
            )
        return effects.benefit_sign * self.value

    @property
    def caveat(self) -> str:
        """What using this value for a mean difference assumes."""
        return {
            "within patient": "The MCID was derived from changes within patients; for a difference "
            "between group means it is an assumption, and a mean below it does not say that no "
            "patient benefits.",
            "between groups": "The MCID is meant for differences between groups.",
            "rule of thumb": "The MCID is a rule of thumb, not anchored in what patients notice.",
            "not stated": "The MCID does not say whether it is for patients or for group means.",
        }[self.kind]

    def __str__(self) -> str:
        return f"MCID {self.value:g} {self.unit} ({self.kind}; {self.source})"
