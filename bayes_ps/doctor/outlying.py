"""Effects far from those of the pool: too large for their n, or on the other side of zero."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bayes_ps.doctor.finding import Finding
from bayes_ps.doctor.published import computed_effects
from bayes_ps.doctor.table import Table, places

LARGE = 3.0  # SDs between two arms: almost no overlap of the people in them
LEAST_SPREAD = 0.35


def far_effects(table: Table) -> Iterator[Finding]:
    """Means more than three SDs apart, in a pool of six or more rows whose middle is elsewhere.

    The units of a pool of SMDs differ, so its SDs cannot be compared; its effects can. SEs in the
    place of both SDs make an effect √n times too large: the sentence says where dividing brings
    the row back among the others. A row far on the other side of zero whose mirror image lies among
    the others may have its arms swapped or its scale the other way.
    """
    y, se = table.once(computed_effects)[1]
    n = np.fmin(*(_n(table, arm) for arm in ("t", "c")))
    for pool in np.unique(table.pool):
        rows = np.flatnonzero((table.pool == pool) & np.isfinite(y))
        if rows.size < 6:
            continue
        aside = (np.abs(y[rows]) > LARGE) | (y[rows] * np.median(y[rows]) < 0)
        for place in places(aside):
            row = int(rows[place])
            rest = np.delete(y[rows], place)
            middle = float(np.median(rest))
            spread = max(1.4826 * float(np.median(np.abs(rest - middle))), LEAST_SPREAD)
            found = _judge(float(y[row]), float(se[row]), float(n[row]), (middle, spread))
            if found:
                rule, column, said = found
                why = (
                    f"The means are {y[row]:.3g} SDs apart; the {rest.size} other rows of the pool "
                    f"have {middle:.2g} in the middle. {said}"
                )
                mend = _mend(table, row, rule, column)
                yield table.finding(row, column, rule, why, sure="look", mend=mend)


def _n(table: Table, arm: str) -> np.ndarray:
    own = table.number(f"n_{arm}")
    return np.where(np.isnan(own), table.number(f"change_n_{arm}"), own)


def _judge(y: float, se: float, n: float, rest: tuple[float, float]) -> tuple[str, str, str] | None:
    middle, spread = rest
    if abs(y) > LARGE and abs(y - middle) > 5 * spread:
        smaller = y / np.sqrt(n)
        if abs(smaller - middle) < 2 * spread and n >= 8:
            said = f"Were the SDs standard errors, it would be {smaller:.2g}."
            return "far effect", "sd_t", said
        return "far effect", "mean_t", "A decimal point, an SE, or a unit may have slipped."
    beyond = abs(y - middle) > 4 * np.hypot(spread, se)
    if beyond and y * middle < 0 and abs(-y - middle) < 2 * spread and abs(middle) > spread / 2:
        said = f"With the sign turned, {-y:.2g}, it would lie among them."
        return "direction", "mean_t", said
    return None


def _mend(table: Table, row: int, rule: str, column: str) -> str:
    if column == "sd_t":
        parts = [table.filling(row, f"sd_{a}", f"{{sd_{a}}} * {{n_{a}}} ** 0.5") for a in "tc"]
        return "; ".join(parts) + "  # if they are standard errors"
    if rule == "direction":
        return table.setting(row, ["mean_t", "mean_c"], "*= -1  # if the scale runs the other way")
    return table.dropping(row) + "  # a sensitivity analysis without it"
