"""Means and SDs that the range of the instrument does not allow."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.doctor.arms import Arms, arms_of
from bayes_ps.doctor.digits import half_unit
from bayes_ps.doctor.finding import Finding
from bayes_ps.doctor.scale import ranges
from bayes_ps.doctor.table import Table, places


def outside_the_range(table: Table) -> Iterator[Finding]:
    r"""Means outside the range; SDs above the largest that the mean and range allow.

    Scores between a and b with mean m have SD ≤ √((m − a)(b − m) n/(n − 1)): everybody sits at one
    of the ends (Bhatia & Davis 2000, doi:10.1080/00029890.2000.12005203). A change lies between
    a − b and b − a. A column of final values may hold changes, so it is judged by the wider of the
    two limits, and what breaks the narrower one alone is not reported.
    """
    arms = table.once(arms_of)
    low, high = (each[arms.row] for each in ranges(table))
    width = high - low
    is_change, may_change = _changes(arms)
    lowest = np.where(is_change, -width, np.where(may_change, np.fmin(low, -width), low))
    highest = np.where(is_change, width, np.where(may_change, np.fmax(high, width), high))
    slack = np.array([half_unit(each) for each in arms.mean])
    outside = (arms.mean < lowest - slack) | (arms.mean > highest + slack)
    for at in places(outside):
        row, column = int(arms.row[at]), arms.column(at, "mean")
        why = f"A mean of {arms.mean[at]:g} cannot be on a scale from {low[at]:g} to {high[at]:g}"
        why += ", not even as a change." if may_change[at] else "."
        mend = table.emptying(row, column)
        yield table.finding(row, column, "outside the range", why, sure="certain", mend=mend)
    largest = _largest_sd(arms, low, high)
    slack = np.array([half_unit(each) for each in arms.sd])
    for at in places(~outside & (arms.sd > largest + slack)):
        row, column = int(arms.row[at]), arms.column(at, "sd")
        why = (
            f"With a mean of {arms.mean[at]:g} on a scale from {low[at]:g} to {high[at]:g}, the SD "
            f"of {arms.n[at]:g} people is at most {largest[at]:.4g}."
        )
        mend = table.emptying(row, column)
        yield table.finding(row, column, "impossible SD", why, sure="certain", mend=mend)


def _changes(arms: Arms) -> tuple[np.ndarray, np.ndarray]:
    """(a,) whether an arm holds a change, and whether it may."""
    is_change = arms.kind == "change"
    return is_change, is_change | (arms.kind == "final")


def _largest_sd(arms: Arms, low: Array, high: Array) -> Array:
    """(a,) the largest possible SD; half a unit of the mean is given to the mean."""
    width = high - low
    is_change, may_change = _changes(arms)
    few = np.where(arms.n > 1, arms.n / (arms.n - 1), np.nan)
    ends = ((low, high, ~is_change), (-width, width, may_change))
    found = np.full(len(arms), np.nan)
    for a, b, applies in ends:
        middle = (a + b) / 2
        slack = np.array([half_unit(each) for each in arms.mean])
        toward = np.clip(middle - arms.mean, -slack, slack)
        mean = arms.mean + toward
        square = (mean - a) * (b - mean) * few
        sd = np.sqrt(np.where(square >= 0, square, np.nan))
        found = np.where(applies, np.fmax(found, sd), found)
    return np.where(np.isfinite(found), found, np.inf)
