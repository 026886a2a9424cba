"""One result that stands in two analyses with one number changed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bayes_ps.doctor.digits import decimals
from bayes_ps.doctor.finding import Finding
from bayes_ps.doctor.table import Table, places

COLUMNS = ("n_t", "mean_t", "sd_t", "n_c", "mean_c", "sd_c")


def altered_copies(table: Table) -> Iterator[Finding]:
    """Rows of one study that agree in five of the six numbers of their arms.

    A result that enters several analyses is copied; where one mean or SD differs, one of the two
    is probably a slip. Numbers of people may differ by intention (a split control).
    """
    values = np.column_stack([table.number(name) for name in COLUMNS])
    known = np.isfinite(values).all(axis=1) & (values[:, [1, 4]] != 0).all(axis=1)
    same = table.codes([name for name in ("review", "study") if name in table.frame])
    rows_of: dict[int, list[int]] = {}
    for row in places(known):
        for first in rows_of.get(int(same[row]), []):
            differ = np.flatnonzero(values[row] != values[first])
            if differ.size == 1 and COLUMNS[differ[0]][0] != "n" and _telling(values[row]):
                yield _finding(table, first, int(row), COLUMNS[differ[0]])
                break
        rows_of.setdefault(int(same[row]), []).append(int(row))


def _telling(values: np.ndarray) -> bool:
    """Whether the means and SDs have digits enough not to agree by chance."""
    return sum(decimals(each) > 0 for each in values[[1, 2, 4, 5]]) >= 2


def _finding(table: Table, first: int, row: int, column: str) -> Finding:
    here, there = table.number(column)[row], table.number(column)[first]
    why = (
        f"It is {here:g} here and {there:g} in row {first + 1}, where the five other numbers of "
        f"the arms are the same."
    )
    mend = table.setting(row, column, f"= {there:g}  # or the other way round")
    return table.finding(row, column, "altered copy", why, sure="likely", mend=mend)
