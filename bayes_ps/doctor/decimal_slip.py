"""A decimal point in the wrong place: powers of ten between the arms, or against other studies."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bayes_ps.doctor.arms import Arms, arms_of
from bayes_ps.doctor.finding import Finding, Sure
from bayes_ps.doctor.scale import Others, others
from bayes_ps.doctor.table import Table, places

RULE = "decimal slip"
FAR = 8  # SDs of two arms of one trial that are further apart than this are worth a look


def slipped_points(table: Table) -> Iterator[Finding]:
    """SDs and means that are a power of ten away from those of the other arm.

    Randomised arms have SDs of the same order. A ratio near 100 or more is a slip; near 10 only
    where the other studies of the unit say which arm is wrong and the tenth part fits them.
    """
    arms = table.once(arms_of)
    rest, partner = table.once(others), arms.other
    apart = np.abs(np.log10(arms.sd / arms.sd[partner])) > 0.65
    apart |= np.abs(arms.mean - arms.mean[partner]) > 4 * np.fmax(arms.sd, arms.sd[partner])
    for at in places((partner >= 0) & (arms.sd > 0) & apart):
        there = int(partner[at])
        if arms.sd[there] > 0:
            power = _power_of_sd(arms, int(at), there, rest)
            if power:
                yield from _slip(table, arms, int(at), power)
            elif arms.sd[there] < arms.sd[at] / FAR and not _power_of_sd(
                arms, there, int(at), rest
            ):
                yield _far_apart(table, arms, int(at), there)
            elif np.isfinite(arms.mean[at]) and np.isfinite(arms.mean[there]):
                yield from _mean_alone(table, arms, int(at), there)


def _power_of_sd(arms: Arms, at: int, there: int, rest: Others) -> int:
    """The power of ten that this arm's SD slipped by, 0 if it (or the other arm's) did not."""
    ratio = float(np.log10(arms.sd[at] / arms.sd[there]))
    power = round(ratio)
    if abs(power) < 1 or abs(ratio - power) > 0.3:
        return 0
    if rest.k[at] >= 1:
        away = abs(np.log(arms.sd[at]) - rest.log_sd[at])
        if away <= abs(np.log(arms.sd[there]) - rest.log_sd[at]):
            return 0
        mended = abs(np.log(arms.sd[at]) - power * np.log(10) - rest.log_sd[at])
        if abs(power) == 1 and (
            rest.k[at] < 3 or away < 3 * rest.spread[at] or mended > 1.5 * rest.spread[at]
        ):
            return 0
        return power
    return power if power >= 2 else 0


def _slip(table: Table, arms: Arms, at: int, power: int) -> Iterator[Finding]:
    """The SD, and the mean where it slipped along."""
    there = int(arms.other[at])
    unit = max(abs(arms.mean[there]), arms.sd[there])
    with_mean = power > 0 and abs(arms.mean[at]) > 10.0 ** (power - 1) * unit
    with_mean = with_mean and abs(arms.mean[at]) / 10.0**power < 10 * unit
    sure: Sure = "likely" if abs(power) >= 2 else "look"
    if with_mean and power >= 2:
        sure = "certain"
    for what in ("mean", "sd") if with_mean else ("sd",):
        row, column = int(arms.row[at]), arms.column(at, what)
        value, other = getattr(arms, what)[at], getattr(arms, what)[there]
        why = (
            f"{value:.6g} here, {other:.4g} in the other arm; the SDs are a factor "
            f"{arms.sd[at] / arms.sd[there]:.3g} apart. "
            f"{_shifted(value, power):.6g} would be in keeping."
        )
        mend = table.setting(row, column, _times(power))
        yield table.finding(row, column, RULE, why, sure=sure, mend=mend)


def _far_apart(table: Table, arms: Arms, at: int, there: int) -> Finding:
    """SDs that differ by much, though not by a power of ten."""
    row, column = int(arms.row[there]), arms.column(there, "sd")
    why = (
        f"The SD is {arms.sd[there]:g} here and {arms.sd[at]:g} in the other arm, a factor "
        f"{arms.sd[at] / arms.sd[there]:.3g}."
    )
    mend = table.emptying(row, column)
    return table.finding(row, column, "SDs apart", why, sure="look", mend=mend)


def _mean_alone(table: Table, arms: Arms, at: int, there: int) -> Iterator[Finding]:
    """A mean ten or more times that of the other arm, and many SDs away from it."""
    here, other = arms.mean[at], arms.mean[there]
    sd = max(arms.sd[at], arms.sd[there])
    if other == 0 or here == 0 or abs(here - other) < 4 * sd:
        return
    ratio = float(np.log10(abs(here / other)))
    power = round(ratio)
    if power < 1 or abs(ratio - power) > 0.3 or abs(_shifted(here, power) - other) > 1.5 * sd:
        return
    row, column = int(arms.row[at]), arms.column(at, "mean")
    why = (
        f"{here:.6g} here and {other:.4g} in the other arm are {abs(here - other) / sd:.3g} SDs "
        f"apart. {_shifted(here, power):.6g} would be in keeping."
    )
    mend = table.setting(row, column, _times(power))
    sure: Sure = "likely" if power >= 2 else "look"
    yield table.finding(row, column, RULE, why, sure=sure, mend=mend)


def _shifted(value: float, power: int) -> float:
    return float(value / 10.0**power)


def _times(power: int) -> str:
    return f"/= {10**power}" if power > 0 else f"*= {10**-power}"
