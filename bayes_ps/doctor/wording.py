"""Text, or infinity, where a number belongs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bayes_ps.doctor.arms import KINDS
from bayes_ps.doctor.finding import Finding
from bayes_ps.doctor.table import Table, places

NUMERIC = {
    *(name.format(a=arm) for names in KINDS.values() for name in names for arm in "tc"),
    *("events", "events_t", "events_c", "time_t", "time_c", "n_total", "o_e", "v", "low", "high"),
    *("estimate", "se", "ci_low", "ci_high", "p", "published", "published_low", "published_high"),
}


def words_for_numbers(table: Table) -> Iterator[Finding]:
    """Cells of the fixed number columns that no number can be read from; rules skip them."""
    for column in sorted(NUMERIC & set(table.frame)):
        unread = table.frame[column].notna().to_numpy() & np.isnan(table.number(column))
        for row in places(unread):
            text = str(table.frame[column].iloc[row])
            why = f"{text!r} is no number of a study; no other rule has looked at this cell."
            mend = table.emptying(row, column)
            yield table.finding(row, column, "not a number", why, sure="certain", mend=mend)
