"""What the two arms reported, as columns: people, events, means and standard deviations."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bayes_ps.checks import Array
from bayes_ps.effects import Effects
from bayes_ps.plots import lettering
from bayes_ps.plots.forest.columns import Column, text_column
from bayes_ps.plots.forest.rows import STUDIES, Row

ARMS = {"t": "Intervention", "c": "Control"}
COUNTED = ("OR", "RR", "RD", "AS", "PETO")
RATES = ("IRR", "IRD")
ADDED = ("n", "events", "time")
"""What may be added up over studies."""
HEADERS = {"mean": "Mean", "sd": "SD", "n": "Total", "events": "Events", "time": "Time"}


class _Of(NamedTuple):
    """Which studies a row is of: one, or all of a block for its mean effect."""

    studies: tuple[str, ...]
    total: bool


@dataclass(frozen=True)
class Arms:
    """Numbers of the arms, by the names of the columns.

    Attributes
    ----------
    shown : of ``mean, sd, n, events, time``, what every arm shows.
    numbers : {"n_t": {study: 12.0}}; NaN where there is none.
    """

    shown: tuple[str, ...]
    numbers: Mapping[str, Mapping[str, float]]

    def cell(self, name: str, arm: str, row: _Of) -> str:
        """The number of a study, or the sum over several that all have it."""
        studies, total = row
        if not studies or (total and name not in ADDED):
            return ""
        found = [self.numbers[f"{name}_{arm}"][study] for study in studies]
        if not all(map(math.isfinite, found)):
            return ""
        if name in ADDED:
            return _count(sum(found))
        return lettering.number(found[0], self._decimals(studies[0]))

    def _decimals(self, study: str) -> int:
        """As many as the larger of its SDs asks for."""
        sds = [self.numbers[f"sd_{arm}"][study] for arm in ARMS]
        return lettering.places(max((sd for sd in sds if math.isfinite(sd)), default=0.0))


def arms_of(effects: Effects) -> Arms | None:
    """What ``effects.data`` has of both arms, the numbers that make this measure first."""
    counts, means, rates = ("events", "n"), ("mean", "sd", "n"), ("events", "time")
    first = counts if effects.measure in COUNTED else rates if effects.measure in RATES else means
    for shown in dict.fromkeys((first, means, counts, ("n",))):
        names = [f"{name}_{arm}" for name in shown for arm in ARMS]
        if not set(names) <= set(effects.columns):
            continue
        numbers = {name: _numbers(effects, name) for name in names}
        if any(all(math.isfinite(numbers[n][str(s)]) for n in names) for s in effects.study):
            return Arms(shown, numbers)
    return None


def arm_columns(arms: Arms, rows: Sequence[Row], *, wide: bool) -> tuple[Column, ...]:
    """Columns of each arm; narrow ones have ``12/40`` for events, and else people alone."""
    studies = list(_studies_of(rows))
    each = _wide if wide and len(arms.shown) > 1 else _narrow
    return tuple(column for arm in ARMS for column in each(arms, rows, studies, arm))


def _wide(arms: Arms, rows: Sequence[Row], studies: Sequence[_Of], arm: str) -> Iterator[Column]:
    for name in arms.shown:
        cells = [arms.cell(name, arm, of) for of in studies]
        yield text_column(rows, f"{name}_{arm}", HEADERS[name], cells, over=ARMS[arm])


def _narrow(arms: Arms, rows: Sequence[Row], studies: Sequence[_Of], arm: str) -> Iterator[Column]:
    parts = ("n",) if "mean" in arms.shown else arms.shown
    numbers = ([arms.cell(name, arm, of) for name in parts] for of in studies)
    cells = ["/".join(found) if all(found) else "" for found in numbers]
    header = "n" if parts == ("n",) else "/".join(HEADERS[name] for name in parts).lower()
    yield text_column(rows, f"arm_{arm}", f"{ARMS[arm]}\n{header}", cells)


def turned(effects: Effects) -> str:
    """A sentence if some effects do not have the sign that their arms have."""
    if "flipped" not in effects.columns:
        return ""
    each = zip(effects.study, effects.data["flipped"], strict=True)
    names = [str(study) for study, flipped in each if flipped == 1]
    if not names:
        return ""
    return (
        f"The arms are as reported; the scale of {', '.join(names)} runs the other way, so the "
        f"effect was turned."
    )


def _studies_of(rows: Sequence[Row]) -> Iterator[_Of]:
    block: list[str] = []
    for row in rows:
        if row.kind == "heading":
            block = []
        if row.kind in STUDIES:
            block.append(row.name)
            yield _Of((row.name,), total=False)
        else:
            yield _Of(tuple(block) if row.kind == "mean" else (), total=True)


def _numbers(effects: Effects, name: str) -> dict[str, float]:
    import pandas as pd

    column = pd.to_numeric(effects.data[name], errors="coerce")
    values: Array = column.to_numpy(dtype=float, na_value=math.nan)
    return {str(study): float(x) for study, x in zip(effects.study, values, strict=True)}


def _count(x: float) -> str:
    """Whole numbers as they are; those of a shared control that was split with a decimal."""
    return f"{x:.0f}" if abs(x - round(x)) < 1e-9 else f"{x:.1f}"
