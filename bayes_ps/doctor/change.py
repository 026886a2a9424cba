"""Changes from baseline against the baseline and final values of the same arm."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bayes_ps.doctor.digits import half_unit
from bayes_ps.doctor.finding import Finding, Sure
from bayes_ps.doctor.table import Table, places

RULE = "change score"


def contradicting_changes(table: Table) -> Iterator[Finding]:
    """Mean changes that are not final minus baseline; SDs of change that no correlation gives.

    SD² of a change = SD²(before) + SD²(after) − 2 r SD(before) SD(after), |r| ≤ 1 (Cochrane
    Handbook 6.5.2.8). With ``examine(r=…)`` SDs that are half or twice the expected are reported.
    An adjusted change, or other people at baseline, differs honestly.
    """
    for arm in ("t", "c"):
        base, final, change = (
            {what: table.number(f"{prefix}{what}_{arm}") for what in ("n", "mean", "sd")}
            for prefix in ("base_", "", "change_")
        )
        known = np.isfinite(change["mean"]) | np.isfinite(change["sd"])
        for row in places(known):
            values = {
                "base": {what: float(each[row]) for what, each in base.items()},
                "final": {what: float(each[row]) for what, each in final.items()},
                "change": {what: float(each[row]) for what, each in change.items()},
            }
            yield from _means(table, row, arm, values)
            yield from _deviations(table, row, arm, values)


def _means(
    table: Table, row: int, arm: str, values: dict[str, dict[str, float]]
) -> Iterator[Finding]:
    base, final, change = (values[name]["mean"] for name in ("base", "final", "change"))
    sizes = {each["n"] for each in values.values()}
    slack = half_unit(base) + half_unit(final) + half_unit(change)
    off = abs(final - base - change)
    if not off > slack + 0.25 * values["change"]["sd"] or len(sizes) > 1:
        return
    column = f"change_mean_{arm}"
    why = (
        f"The change is {change:g}, but {final:g} − {base:g} = {final - base:.4g} in the same "
        f"{values['change']['n']:g} people: one of the three is wrong, or the change is adjusted."
    )
    mend = table.filling(row, column, f"{{mean_{arm}}} - {{base_mean_{arm}}}")
    yield table.finding(row, column, RULE, why, sure="likely", mend=mend)


def _deviations(
    table: Table, row: int, arm: str, values: dict[str, dict[str, float]]
) -> Iterator[Finding]:
    before, after, change = (values[name]["sd"] for name in ("base", "final", "change"))
    if not (before > 0 and after > 0 and change > 0):
        return
    slack = half_unit(before) + half_unit(after) + half_unit(change)
    least, most = abs(before - after), before + after
    column = f"change_sd_{arm}"
    if not least - slack <= change <= most + slack:
        same = len({each["n"] for each in values.values()}) == 1
        why = (
            f"With SDs of {before:g} before and {after:g} after, that of the change is between "
            f"{least:.4g} and {most:.4g}, whatever the correlation; it is {change:g}."
        )
        sure: Sure = "certain" if same else "likely"
        mend = table.emptying(row, column)
        yield table.finding(row, column, RULE, why, sure=sure, mend=mend)
    elif table.r is not None:
        expected = float(np.sqrt(before**2 + after**2 - 2 * table.r * before * after))
        if not 0.5 <= change / expected <= 2:
            own = (before**2 + after**2 - change**2) / (2 * before * after)
            why = (
                f"At r = {table.r:g} the SD of the change is {expected:.4g}; it is {change:g}, "
                f"which is r = {own:.2f}."
            )
            mend = table.setting(row, column, f"= {expected:.6g}  # at r = {table.r:g}")
            yield table.finding(row, column, RULE, why, sure="look", mend=mend)
