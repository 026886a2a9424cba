"""GRIM: means of whole-number scores that no whole sum can give."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bayes_ps.doctor.arms import arms_of
from bayes_ps.doctor.digits import decimals, half_unit
from bayes_ps.doctor.finding import Finding
from bayes_ps.doctor.scale import ranges, steps
from bayes_ps.doctor.table import Table, places


def impossible_means(table: Table) -> Iterator[Finding]:
    """Means that are not a multiple of step / n within their rounding.

    Only where every reading of the instrument has a step (whole-number items, summed or averaged),
    and where n is small enough for its multiples to be further apart than the printed digits.
    A negative mean is a change, which is often adjusted, so changes are left alone.
    Brown & Heathers 2017, doi:10.1177/1948550616673876. A missing item that was filled in, or
    another n than the printed one, gives such a mean too: "look".
    """
    arms = table.once(arms_of)
    step, low = steps(table)[arms.row], ranges(table)[0][arms.row]
    scores = (arms.kind != "change") & (arms.mean >= low) & (arms.mean > 0)
    for at in places(np.isfinite(step) & (arms.n >= 2) & scores):
        mean, n, digits = arms.mean[at], arms.n[at], decimals(arms.mean[at])
        grain = step[at] / n
        if n != round(n) or not 1 <= digits <= 3 or grain <= 2 * half_unit(mean):
            continue
        nearest = round(mean / grain) * grain
        if abs(nearest - mean) <= half_unit(mean) + 1e-9:
            continue
        row, column = int(arms.row[at]), arms.column(at, "mean")
        below, above = np.floor(mean / grain) * grain, np.ceil(mean / grain) * grain
        why = (
            f"{n:g} whole-number scores have a mean of {below:.{digits + 1}f} or "
            f"{above:.{digits + 1}f}, not {mean:g}: another n, or a filled-in value."
        )
        mend = table.emptying(row, column)
        yield table.finding(row, column, "GRIM", why, sure="look", mend=mend)
