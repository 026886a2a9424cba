"""Two units within one instrument or one pool of mean differences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bayes_ps.doctor.arms import arms_of
from bayes_ps.doctor.finding import Finding, Sure
from bayes_ps.doctor.scale import Others, others, scales
from bayes_ps.doctor.table import Table

RULE = "units mixed"


def mixed_units(table: Table) -> Iterator[Finding]:
    """Studies whose SDs (and means) are about 10 or 100 times those of the others of the unit."""
    arms = table.once(arms_of)
    rest = table.once(others)
    usable = np.flatnonzero((arms.sd > 0) & (rest.k >= 2))
    usable = usable[np.argsort(arms.row[usable], kind="stable")]
    for at in np.split(usable, np.flatnonzero(np.diff(arms.row[usable])) + 1):
        if at.size < 2:
            continue
        own = np.log10(arms.sd[at]) - rest.log_sd[at] / np.log(10)
        power = round(float(np.median(own)))
        if power == 0 or np.any(np.abs(own - power) > 0.35):
            continue
        sizes = np.log10(np.abs(arms.mean[at][arms.mean[at] != 0]))
        if sizes.size and abs(np.median(sizes) - rest.log_size[at[0]] - power) < 0.5:
            yield from _row(table, power, rest, int(at[0]))
    yield from _stated(table)


def _row(table: Table, power: int, rest: Others, at: int) -> Iterator[Finding]:
    row, k = int(table.once(arms_of).row[at]), rest.k[at]
    why = (
        f"Means and SDs are about {10.0**power:g} times those of the {k} other studies in this "
        f"unit (their SD is {np.exp(rest.log_sd[at]):.3g}, their mean "
        f"{10 ** rest.log_size[at]:.3g} in the middle)."
    )
    columns = [
        name
        for name in ("mean_t", "sd_t", "mean_c", "sd_c")
        if np.isfinite(table.number(name)[row])
    ]
    if not columns:
        return
    sure: Sure = "likely" if k >= 4 else "look"
    change = f"/= {10**power}" if power > 0 else f"*= {10**-power}"
    mend = table.setting(row, columns, f"{change}  # if the paper used the other unit")
    yield table.finding(row, columns[0], RULE, why, sure=sure, mend=mend)


def _stated(table: Table) -> Iterator[Finding]:
    """Rows of one pool of mean differences, or of one instrument, that state different units."""
    units, scale = table.text("unit"), table.once(scales)
    pools = [group for group in (scale,) if "unit" in table.frame]
    for group in pools:
        for code in np.unique(group[group >= 0]):
            rows = np.flatnonzero((group == code) & (units != ""))
            names, counts = np.unique(units[rows].astype(str), return_counts=True)
            if names.size < 2:
                continue
            usual = names[np.argmax(counts)]
            for row in rows[units[rows] != usual]:
                why = f"This row is in {units[row]!r}, most of its pool in {usual!r}."
                mend = table.dropping(int(row))
                yield table.finding(int(row), "unit", RULE, why, sure="likely", mend=mend)
