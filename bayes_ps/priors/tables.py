"""Look up a cell in a published table of priors by the names of its row and column."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bayes_ps.checks import PriorError


@dataclass(frozen=True)
class Cell:
    """A cell as printed: the distribution of log tau², where it stands, and if it may be wrong.

    Attributes
    ----------
    area, outcome, comparison : what it is for; all empty for the marginal distribution.
    location, scale : of log tau².
    source : paper, DOI, table, row and column.
    suspect : why the printed value is probably wrong, empty if it is not.
    """

    area: str
    outcome: str
    comparison: str
    location: float
    scale: float
    source: str
    suspect: str


@cache
def cells(table: str) -> tuple[Cell, ...]:
    """All cells of a table, the marginal distribution first."""
    text = files("bayes_ps.priors").joinpath("data", f"{table}.csv").read_text(encoding="utf-8")
    found = []
    for row in csv.DictReader(text.splitlines()):
        area, outcome, comparison = row["area"], row["outcome"], row["comparison"]
        where = ", ".join(filter(None, (area, outcome, comparison))) or "marginal"
        source = f"{row['source']}: {where}"
        numbers = float(row["location"]), float(row["scale"])
        found.append(Cell(area, outcome, comparison, *numbers, source, row["suspect"]))
    return tuple(found)


def cell(table: str, asked: Mapping[str, str]) -> Cell:
    """The cell that `asked` names by column, or the marginal distribution if it names nothing.

    Raises
    ------
    PriorError
        If a name is missing, not found, or fits several.
    """
    if not any(asked.values()):
        return cells(table)[0]
    kept = cells(table)[1:]
    for key, given in asked.items():
        choices = tuple(dict.fromkeys(getattr(each, key) for each in kept))
        name = _matching(given, choices, f"{table}: {key}")
        kept = tuple(each for each in kept if getattr(each, key) == name)
    return kept[0]


def _matching(given: str, choices: tuple[str, ...], what: str) -> str:
    """The choice that is `given`, or alone begins with it, or alone contains it."""
    wanted, plain = _plain(given), {choice: _plain(choice) for choice in choices}
    fits = [
        [choice for choice in choices if plain[choice] == wanted],
        [choice for choice in choices if wanted and plain[choice].startswith(wanted)],
        [choice for choice in choices if wanted and wanted in plain[choice]],
    ]
    found = next((fit for fit in fits if fit), [])
    if len(found) == 1:
        return found[0]
    said = "is missing"
    if wanted:
        said = f"{given!r} fits several" if found else f"has no {given!r}"
    listed = "\n  ".join(found or choices)
    raise PriorError(f"{what} {said}. Choose one of\n  {listed}")


def _plain(name: str) -> str:
    """A name without what people write differently: case, "vs.", "v" or "versus", "a/b"."""
    text = re.sub(r"\b(versus|vs\.?|v\.?)(?=\s)", "vs", name.strip().lower())
    return re.sub(r"\s*/\s*", " / ", re.sub(r"\s+", " ", text))
