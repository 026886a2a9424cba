"""Confidence intervals that do not belong to their estimate, or to its SE."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.doctor.digits import half_unit
from bayes_ps.doctor.finding import Finding, Sure
from bayes_ps.doctor.scale import measures
from bayes_ps.doctor.table import Table, places

RULE = "interval"
RATIOS = ("OR", "RR", "HR", "ROM", "IRR", "PETO")
LEVELS = {"80 %": 1.2815515655, "90 %": 1.6448536270, "99 %": 2.5758293035}
Z95 = 1.959963984540054


@dataclass(frozen=True, eq=False)
class Trio:
    """An estimate with its interval, (k,) each, and their columns."""

    columns: tuple[str, str, str]
    values: tuple[Array, Array, Array]
    natural: bool


def intervals(table: Table) -> Iterator[Finding]:
    """Limits in the wrong order, estimates outside or off the middle, SEs of another width.

    The middle is taken on the scale of the measure: for ratios the log scale. `estimate, ci_low,
    ci_high` of a ratio are logs already; `published…` are natural.
    """
    for columns in (
        ("estimate", "ci_low", "ci_high"),
        ("published", "published_low", "published_high"),
    ):
        values = tuple(table.number(name) for name in columns)
        trio = Trio(columns, values, natural=columns[0] == "published")  # type: ignore[arg-type]
        measure = table.once(measures)
        for row in places(np.isfinite(values).all(axis=0)):
            yield from _row(table, trio, row, str(measure[row]))
    yield from _against_se(table)


def _row(table: Table, trio: Trio, row: int, measure: str) -> Iterator[Finding]:
    y, low, high = (float(each[row]) for each in trio.values)
    said = f"{y:g} with {low:g} to {high:g}"
    column = trio.columns[0]
    slack = _finest(y, low, high)
    if low > high:
        why = f"{said}: the lower limit is above the upper one."
        first, last = trio.columns[1:]
        mend = (
            f"row = {table.here(row)}; studies.loc[row, ['{first}', '{last}']] = "
            f"studies.loc[row, ['{last}', '{first}']].to_numpy()"
        )
        yield table.finding(row, trio.columns[1], RULE, why, sure="certain", mend=mend)
    elif not low - slack <= y <= high + slack:
        why = f"{said}: the interval does not hold its estimate."
        mend = table.emptying(row, column)
        yield table.finding(row, column, RULE, why, sure="certain", mend=mend)
    elif high - low > 10 * slack:
        yield from _middle(table, trio, row, measure)


def _middle(table: Table, trio: Trio, row: int, measure: str) -> Iterator[Finding]:
    y, low, high = (float(each[row]) for each in trio.values)
    column, said = trio.columns[0], f"{y:g} with {low:g} to {high:g}"
    slack = 2 * _finest(y, low, high)
    off = _off(y, low, high, slack)
    logs = np.inf
    if min(y, low, high) > 0:
        logs = _off(log(y), log(low), log(high), slack / min(y, low, high))
    ratio = measure in RATIOS
    if not trio.natural and (ratio or not measure) and off > 0.1 and logs < 0.05:
        why = (
            f"{said} has its middle only after taking logs: a ratio on its natural scale, where "
            f"its log belongs."
        )
        names = "[" + ", ".join(f'"{name}"' for name in trio.columns) + "]"
        mend = (
            f"import numpy; row = {table.here(row)}; "
            f"studies.loc[row, {names}] = numpy.log(studies.loc[row, {names}])"
        )
        yield table.finding(row, column, "ratio, not log", why, sure="likely", mend=mend)
        return
    away = logs if ratio and trio.natural else min(off, logs) if not measure else off
    if away > 0.1:
        why = (
            f"{said}: the estimate is {away:.0%} of the half width away from the middle. A slip in "
            f"one of the three, or an interval that is not symmetric (exact, bootstrap)."
        )
        sure: Sure = "likely" if away > 0.3 else "look"
        mend = table.emptying(row, column)
        yield table.finding(row, column, RULE, why, sure=sure, mend=mend)


def _finest(*values: float) -> float:
    """Half a unit of the most decimals among them: 1 beside 0.55 and 1.46 was printed as 1.00."""
    return min(half_unit(each) for each in values)


def _off(y: float, low: float, high: float, slack: float) -> float:
    """Distance from the middle in half widths, less what rounding may do."""
    half = (high - low) / 2
    return float(max(abs(y - (low + high) / 2) - slack, 0) / half) if half > 0 else np.inf


def _against_se(table: Table) -> Iterator[Finding]:
    low, high, se = (table.number(name) for name in ("ci_low", "ci_high", "se"))
    z = (high - low) / (2 * se)
    for row in places(np.isfinite(z) & (z > 0)):
        slack = _finest(low[row], high[row]) / se[row]
        slack += z[row] * half_unit(se[row]) / se[row]
        if Z95 * 0.97 - slack <= z[row] <= Z95 * 1.15 + slack:  # t of 13 df is 10 % wider
            continue
        level = [name for name, q in LEVELS.items() if abs(z[row] / q - 1) < 0.02]
        hint = f" It would be a {level[0]} interval." if level else ""
        why = (
            f"The interval reaches {z[row]:.3g} SE to each side of its middle, a 95 % interval "
            f"1.96.{hint}"
        )
        mend = table.filling(row, "se", f"({{ci_high}} - {{ci_low}}) / {2 * Z95:.6g}")
        yield table.finding(row, "se", RULE, why, sure="likely", mend=mend)
