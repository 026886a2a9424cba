"""The SD by which standardised effects were made points: the assumption that a reader must see."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bayes_ps.effects.effects import Effects

SAID = re.compile(r"; × SD (?P<sd>\S+?)(?: \((?P<source>.*)\))? into (?P<unit>.+)$")
"""How :func:`bayes_ps.points_from_smd` ends the formulas of its effects."""


@dataclass(frozen=True)
class AssumedSD:
    """One SD for all studies.

    Attributes
    ----------
    value, unit : such as 20 in ``"points (0-100)"``.
    source : where it comes from, "" if nobody said.
    """

    value: float
    unit: str
    source: str

    @property
    def methods(self) -> str:
        """The sentence of a methods paragraph."""
        source = f" ({self.source})" if self.source else ""
        return (
            f"Standardised mean differences were expressed in {self.unit} by one SD of "
            f"{self.value:g}{source}, taken as known."
        )

    def __str__(self) -> str:
        source = f"source: {self.source}" if self.source else "no source was stated"
        return (
            f"Assumption: effects are standardised mean differences times one SD of "
            f"{self.value:g} {self.unit} ({source}). It is stated, not estimated: no interval here "
            f"holds its uncertainty, and another SD changes effects, intervals and tau in "
            f"proportion."
        )


def assumed_sd(effects: Effects) -> AssumedSD | None:
    """The SD, if the effects were made by :func:`bayes_ps.points_from_smd`."""
    found = SAID.search(effects.formulas)
    if found is None or found["unit"] != effects.unit:
        return None
    return AssumedSD(float(found["sd"]), effects.unit, found["source"] or "")
