"""Risk of bias as the studies' table has it: which domains were judged, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bayes_ps.effects import Effects
from bayes_ps.plots.style import INK

PREFIX, OVERALL = "rob_", "overall"
EMPTY = ("", "nan", "none", "<na>", "nat")
DOMAINS = {
    "randomisation": "randomisation process",
    "deviations": "deviations from the intended interventions",
    "missing": "missing outcome data",
    "measurement": "measurement of the outcome",
    "selection": "selection of the reported result",
    "recruitment": "identification or recruitment of participants",
    "carryover": "period and carry-over effects",
    "sequence": "random sequence generation",
    "allocation": "allocation concealment",
    "blinding_participants": "blinding of participants and personnel",
    "blinding_assessment": "blinding of outcome assessment",
    "participants": "selection of participants",
    "classification": "classification of interventions",
    "other": "other bias",
}
"""The domains of RoB 1, RoB 2 and ROBINS-I as our readers name them, and as a legend does."""


class Sign(NamedTuple):
    """What stands for a judgement: a sign, on a face of this colour, in this ink."""

    text: str
    face: str
    ink: str = INK


GREEN, YELLOW, RED = "#009E73", "#F0E442", "#D55E00"  # Okabe & Ito
SIGNS = {
    "low": Sign("+", GREEN, "white"),
    "some concerns": Sign("?", YELLOW),
    "unclear": Sign("?", YELLOW),
    "moderate": Sign("~", YELLOW),
    "high": Sign("\N{MINUS SIGN}", RED, "white"),
    "serious": Sign("\N{MINUS SIGN}", RED, "white"),
    "critical": Sign("!", "#7A1F00", "white"),
    "no information": Sign("\N{EMPTY SET}", "white"),
}
"""From the best to the worst. +, ? and − as RevMan prints them; the others are of ROBINS-I."""


@dataclass(frozen=True)
class Lights:
    """Judgements of every study in every domain.

    Attributes
    ----------
    domains : d, the overall judgement last.
    judged : {study: d judgements}, "" for one that nobody made.
    not_shown : columns that look like a domain, but hold something else.
    """

    domains: tuple[str, ...]
    judged: dict[str, tuple[str, ...]]
    not_shown: tuple[str, ...] = ()

    @property
    def letters(self) -> tuple[str, ...]:
        """A header a domain."""
        return tuple(chr(ord("A") + n) if n < 26 else str(n + 1) for n in range(len(self.domains)))

    @property
    def used(self) -> tuple[str, ...]:
        """The judgements that occur, the best first."""
        found = {word for each in self.judged.values() for word in each}
        return tuple(word for word in SIGNS if word in found)

    def sentences(self) -> Iterator[str]:
        """What the letters are, and what is missing."""
        key = zip(self.letters, self.domains, strict=True)
        yield f"Risk of bias: {'; '.join(f'{letter}, {name}' for letter, name in key)}."
        if any("" in each for each in self.judged.values()):
            yield "No circle: no judgement is given."
        if self.not_shown:
            yield f"Not shown, because it holds no judgements: {', '.join(self.not_shown)}."

    def spoken(self) -> str:
        """How many studies have which judgement: overall, or of the last domain."""
        words = [each[-1] or "not judged" for each in self.judged.values()]
        counts = {word: words.count(word) for word in (*SIGNS, "not judged") if word in words}
        said = ", ".join(f"{word} in {n}" for word, n in counts.items())
        return f"Risk of bias, {self.domains[-1]}: {said}."


def lights_of(effects: Effects) -> Lights | None:
    """The columns `rob_…` of ``effects.data``; None if there are none."""
    asked = [name for name in effects.columns if str(name).startswith(PREFIX)]
    if not asked:
        return None
    data = effects.data
    columns = {name: [_judgement(cell) for cell in data[name]] for name in asked}
    columns = {name: words for name, words in columns.items() if any(words)}
    known = [name for name, words in columns.items() if set(words) <= {"", *SIGNS}]
    if not known:
        return None
    known.sort(key=lambda name: name == PREFIX + OVERALL)
    each = zip(*(columns[name] for name in known), strict=True)
    judged = dict(zip(map(str, effects.study), each, strict=True))
    domains = (name.removeprefix(PREFIX) for name in known)
    return Lights(
        tuple(DOMAINS.get(name, name.replace("_", " ")) for name in domains),
        judged,
        tuple(name for name in columns if name not in known),
    )


def _judgement(cell: object) -> str:
    """In lower case, without "risk of bias"; "" for a gap."""
    word = re.sub(r"\s*risk( of bias)?\s*$", "", str(cell).strip().lower())
    return "" if word in EMPTY else word
