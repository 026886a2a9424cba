"""Instruments as data: the range, unit, direction and items of the scales that trials use."""

from __future__ import annotations

import csv
import difflib
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, overload

from bayes_ps.checks import StudyTableError

if TYPE_CHECKING:
    import pandas as pd

_TIME = r"(?:hour|day|week|month|year)"
_RANGE = re.compile(
    rf"(?<![\w.<>≤≥])(-?\d+(?:\.\d+)?)\s*(?:to|-|–|—)\s*(\d+(?:\.\d+)?)(?![\d.]*\s*{_TIME}|\w)"
)


@dataclass(frozen=True)
class Instrument:
    """One version of an instrument.

    Attributes
    ----------
    name, aliases : as in the table; several versions may share an alias (``"VAS"``).
    low, high : the lowest and highest score a person can have, None where there is no bound
        (a T score, the lower end of a utility, which depends on the country's tariff).
    unit : as ``effect_sizes(unit=…)`` takes it.
    better : ``"lower"`` or ``"higher"``: which direction helps the patient.
    items : number of items, None where it varies.
    integer : whether the items are scored in whole numbers and none is rescaled.
    score : ``"sum"`` or ``"mean"`` of the items, ``"item"``, or ``"other"`` (percent, weighted).
    source : DOI, or PMID where the paper has none.
    """

    name: str
    aliases: tuple[str, ...]
    low: float | None
    high: float | None
    unit: str
    better: str
    items: int | None
    integer: bool
    score: str
    source: str

    def __str__(self) -> str:
        ends = ["unbounded" if end is None else f"{end:g}" for end in (self.low, self.high)]
        return f"{self.name}: {ends[0]} to {ends[1]}, {self.better} is better ({self.source})."

    @property
    def step(self) -> float | None:
        """The step between two scores that one person can have, None where it is not known."""
        if not self.integer or self.score not in ("sum", "mean"):
            return None
        if self.score == "sum":
            return 1.0
        return None if self.items is None else 1 / self.items


@cache
def _all() -> tuple[Instrument, ...]:
    text = files("bayes_ps.studies").joinpath("instruments.csv").read_text(encoding="utf-8")
    return tuple(
        Instrument(
            name=row["name"],
            aliases=tuple(filter(None, row["aliases"].split(";"))),
            low=float(row["low"]) if row["low"] else None,
            high=float(row["high"]) if row["high"] else None,
            unit=row["unit"],
            better=row["better"],
            items=int(row["items"]) if row["items"] else None,
            integer=row["integer"] == "yes",
            score=row["score"],
            source=row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    )


def plain(text: str) -> str:
    """Lower case, no accents, one space for whatever is not a letter or digit."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()


@cache
def _by_alias() -> dict[str, tuple[Instrument, ...]]:
    found: dict[str, tuple[Instrument, ...]] = {}
    for each in _all():
        for alias in dict.fromkeys(plain(text) for text in (each.name, *each.aliases)):
            found[alias] = (*found.get(alias, ()), each)
    return found


def stated_range(text: str) -> tuple[float, float] | None:
    """The range that a text states, as in ``"pain (0 to 100)"``; never that of a follow-up."""
    for match in _RANGE.finditer(text):
        low, high = float(match[1]), float(match[2])
        if low < high:
            return low, high
    return None


@cache
def versions(text: str) -> tuple[Instrument, ...]:
    """Every version that a text as printed may mean: all of it, what is in brackets, what is not.

    A range in the text, as in ``"VAS (0-100)"``, leaves only the versions with that range.
    """
    inside = re.findall(r"\(([^()]*)\)", text)
    outside = re.sub(r"\([^()]*\)", " ", text)
    for part in (text, *inside, outside):
        for tried in (part, _RANGE.sub(" ", part)):
            found = _by_alias().get(plain(tried), ())
            if found:
                return _of_range(found, stated_range(text))
    return ()


def _of_range(
    found: tuple[Instrument, ...], stated: tuple[float, float] | None
) -> tuple[Instrument, ...]:
    return tuple(each for each in found if (each.low, each.high) == stated) or found


def near(text: str) -> list[str]:
    """Names of the table that look like a text that none matches."""
    names = {alias: found[0].name for alias, found in _by_alias().items()}
    close = difflib.get_close_matches(plain(text), names, n=3, cutoff=0.6)
    return list(dict.fromkeys(names[alias] for alias in close))


@overload
def instruments(name: None = None) -> pd.DataFrame: ...


@overload
def instruments(name: str) -> Instrument: ...


def instruments(name: str | None = None) -> pd.DataFrame | Instrument:
    """The table of instruments, or one of them by any of its names.

    Parameters
    ----------
    name : a name or alias, with its range where an instrument has several (``"VAS 0-100"``);
        case, accents and hyphens do not matter. Left out: the table, a row a version.

    Raises
    ------
    StudyTableError
        If nothing bears the name, with those that look like it; or if several versions do.

    Notes
    -----
    Each row has its source. Test: ``tests/unit/test_instruments.py`` holds ranges to what the
    papers print.
    """
    if name is None:
        import pandas as pd

        return pd.DataFrame([vars(each) for each in _all()])
    found = versions(name)
    if not found:
        like = near(name)
        hint = f" Near: {', '.join(like)}." if like else ""
        raise StudyTableError(
            f"No instrument is called {name!r}.{hint} bps.instruments() lists them all; give its "
            f"range and direction in the columns low, high and better otherwise."
        )
    if len(found) > 1:
        raise StudyTableError(
            f"{name!r} is {len(found)} instruments: {', '.join(each.name for each in found)}. "
            f"Say which."
        )
    return found[0]
