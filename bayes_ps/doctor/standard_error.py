"""A standard error where a standard deviation belongs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bayes_ps.doctor.arms import Arms, arms_of
from bayes_ps.doctor.finding import Finding, Sure
from bayes_ps.doctor.published import reproduces
from bayes_ps.doctor.scale import Others, others
from bayes_ps.doctor.table import Table, places

RULE = "SE typed as SD"
SMALL = 0.4  # an SD below this share of another SD of the row is out of line


def errors_for_deviations(table: Table) -> Iterator[Finding]:
    """Means with an SE alone, and SDs that fit their neighbours only after times √n.

    Neighbours are the other studies of the unit (at least three; robust z below −3 as it stands,
    within ±2 after times √n), the other arm, and the same arm at baseline.
    """
    arms = table.once(arms_of)
    yield from _stated(table, arms)
    rest = table.once(others)
    as_sd = arms.sd * np.sqrt(arms.n)
    z = (np.log(arms.sd) - rest.log_sd) / rest.spread
    z_mended = (np.log(as_sd) - rest.log_sd) / rest.spread
    by_others = (rest.k >= 3) & (z < -3) & (np.abs(z_mended) < 2)
    for at in places((arms.sd > 0) & (arms.n >= 8)):
        within = _within(arms, at)
        if not (by_others[at] or within):
            continue
        row, column = int(arms.row[at]), arms.column(at, "sd")
        why = _why(arms, at, rest, within) + f" Times √{arms.n[at]:g} it is {as_sd[at]:.4g}."
        sure: Sure = "likely" if by_others[at] and (within or z[at] < -4) else "look"
        if arms.kind[at] == "final" and reproduces(table, row, {column: as_sd[at]}):
            sure, why = "certain", f"{why} The published effect is the one with {as_sd[at]:.4g}."
        template = "{" + column + "} * {" + arms.column(at, "n") + "} ** 0.5"
        mend = table.filling(row, column, template)
        yield table.finding(row, column, RULE, why, sure=sure, mend=mend)


def _stated(table: Table, arms: Arms) -> Iterator[Finding]:
    """The file has an SE: in place of the SD, or equal to it."""
    with_se = np.isfinite(arms.mean) & (arms.se > 0) & (arms.n > 1)
    for at in places(with_se & (np.isnan(arms.sd) | (arms.sd == arms.se))):
        row, column = int(arms.row[at]), arms.column(at, "sd")
        own = "has no SD" if np.isnan(arms.sd[at]) else "has its SE as its SD"
        why = (
            f"The mean {arms.mean[at]:g} {own}: its SE is {arms.se[at]:g}, so the SD of "
            f"{arms.n[at]:g} people is {arms.se[at] * np.sqrt(arms.n[at]):.4g} = SE √n."
        )
        template = "{" + arms.column(at, "se") + "} * {" + arms.column(at, "n") + "} ** 0.5"
        mend = table.filling(row, column, template)
        yield table.finding(row, column, "SE, not SD", why, sure="certain", mend=mend)


def _within(arms: Arms, at: int) -> list[str]:
    """Other SDs of the row that this one fits only after times √n, in words."""
    said = []
    mended = arms.sd[at] * np.sqrt(arms.n[at])
    for name, there in (("the other arm", arms.other[at]), ("baseline", arms.baseline[at])):
        if there < 0 or there == at or not arms.sd[there] > 0:
            continue
        if arms.sd[at] / arms.sd[there] < SMALL and 0.5 < mended / arms.sd[there] < 2:
            said.append(f"{arms.sd[there]:g} in {name}")
    return said


def _why(arms: Arms, at: int, rest: Others, within: list[str]) -> str:
    said = f"The SD is {arms.sd[at]:g}"
    if rest.k[at] >= 3:
        said += f"; the {rest.k[at]} other studies have {np.exp(rest.log_sd[at]):.3g} in the middle"
    return said + (f"; it is {' and '.join(within)}." if within else ".")
