"""Numbers of people and events that do not add up."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from bayes_ps.doctor.finding import Finding, Sure
from bayes_ps.doctor.table import Table, places

RULE = "counts"
SIZES = ("n", "n_t", "n_c", "base_n_t", "base_n_c", "change_n_t", "change_n_c", "n_total")


def impossible_counts(table: Table) -> Iterator[Finding]:
    """Negative counts, events above n, more people than the stated total, fractions of people."""
    for column in (*SIZES, "events", "events_t", "events_c"):
        values = table.number(column)
        for row in places(values < 0):
            why = f"There are no {values[row]:g} people."
            mend = table.emptying(row, column)
            yield table.finding(row, column, RULE, why, sure="certain", mend=mend)
        for row in places(np.isfinite(values) & (values != np.round(values))):
            why = (
                f"{values[row]:g} is no whole number: an effective size of a cluster trial, a "
                f"control that was split, or a slip."
            )
            mend = table.setting(row, column, f"= {round(values[row])}")
            yield table.finding(row, column, RULE, why, sure="look", mend=mend)
    for end in ("", "_t", "_c"):
        events, n = table.number(f"events{end}"), table.number(f"n{end}")
        for row in places(events > n):
            why = f"{events[row]:g} events among {n[row]:g} people."
            mend = table.emptying(row, f"events{end}")
            yield table.finding(row, f"events{end}", RULE, why, sure="certain", mend=mend)
    yield from _totals(table)


def _totals(table: Table) -> Iterator[Finding]:
    arms = table.number("n_t") + table.number("n_c")
    for column in ("n_total", "n"):
        total = table.number(column)
        for row in places(np.isfinite(total) & np.isfinite(arms) & (total != arms)):
            more = arms[row] > total[row]
            why = (
                f"The arms hold {table.number('n_t')[row]:g} + {table.number('n_c')[row]:g} = "
                f"{arms[row]:g} people, the stated total is {total[row]:g}"
                + ("." if more else ": a third arm, people who left, or a slip.")
            )
            mend = table.filling(row, column, "{n_t} + {n_c}")
            sure: Sure = "certain" if more else "look"
            yield table.finding(row, column, RULE, why, sure=sure, mend=mend)


def growing_arms(table: Table) -> Iterator[Finding]:
    """More people measured later than at baseline or at an earlier follow-up."""
    for arm in ("t", "c"):
        base = table.number(f"base_n_{arm}")
        for column in (f"n_{arm}", f"change_n_{arm}"):
            later = table.number(column)
            for row in places(later > base):
                why = (
                    f"{later[row]:g} people in this arm were measured later, but only "
                    f"{base[row]:g} at baseline."
                )
                mend = table.setting(row, column, f"= {base[row]:g}  # or what the paper says")
                yield table.finding(row, column, RULE, why, sure="likely", mend=mend)
    yield from _growing_over_time(table)


def _growing_over_time(table: Table) -> Iterator[Finding]:
    when = table.number("followup" if "followup" in table.frame else "week")
    same = [
        name
        for name in ("review", "study", "comparison", "outcome", "instrument", "group")
        if name in table.frame
    ]
    codes = table.codes(same)
    for arm in ("t", "c"):
        n = table.number(f"n_{arm}")
        known = np.flatnonzero(np.isfinite(n) & np.isfinite(when))
        order = known[np.lexsort((when[known], codes[known]))]
        for earlier, later in pairwise(order):
            if codes[earlier] != codes[later] or when[earlier] == when[later]:
                continue
            if n[later] > n[earlier]:
                why = (
                    f"{n[later]:g} people at follow-up {when[later]:g}, but {n[earlier]:g} at "
                    f"{when[earlier]:g}, in row {earlier + 1}."
                )
                column = f"n_{arm}"
                mend = table.emptying(int(later), column)
                yield table.finding(int(later), column, RULE, why, sure="look", mend=mend)
