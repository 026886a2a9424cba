"""Standard deviations that are missing, zero or negative."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bayes_ps.doctor.arms import Arms, arms_of
from bayes_ps.doctor.finding import Finding
from bayes_ps.doctor.table import Table, places


def no_spread(table: Table) -> Iterator[Finding]:
    """An SD that is 0, below 0, or not there though the mean and n are (and no SE is)."""
    arms = table.once(arms_of)
    bad: dict[tuple[int, str], list[int]] = {}
    for at in places(arms.sd <= 0):
        bad.setdefault((int(arms.row[at]), str(arms.kind[at])), []).append(int(at))
    for found in bad.values():
        yield _not_positive(table, arms, np.array(found))
    silent = (
        np.isfinite(arms.mean)
        & np.isnan(arms.sd)
        & np.isnan(arms.se)
        & (arms.n > 1)
        & (arms.kind == "final")
        & ~np.isfinite(table.number("ci_low")[arms.row])
    )
    for at in places(silent):
        row, column = int(arms.row[at]), arms.column(at, "sd")
        why = (
            f"The mean {arms.mean[at]:g} of {arms.n[at]:g} people has neither SD nor SE: no effect "
            f"can be computed. Look for a CI, P, t, F or a range in the paper."
        )
        mend = table.dropping(row)
        yield table.finding(row, column, "no SD", why, sure="certain", mend=mend)


def _not_positive(table: Table, arms: Arms, found: np.ndarray) -> Finding:
    """One finding for both arms: a file that writes 0 for "not given" does so in both."""
    at, row = int(found[0]), int(arms.row[found[0]])
    columns = [arms.column(int(each), "sd") for each in found]
    if arms.sd[at] < 0:
        why = "An SD is never negative."
    else:
        people = " and ".join(
            f"all {arms.n[each]:g} people scored {arms.mean[each]:g}" for each in found
        )
        why = f"An SD of 0 says that {people}; some files write 0 where none was given."
    mend = table.emptying(row, columns)
    return table.finding(row, columns[0], "no SD", why, sure="certain", mend=mend)
