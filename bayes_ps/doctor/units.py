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
        row = int(arms.row[at[0]])
        own = np.log10(arms.sd[at]) - rest.log_sd[at] / np.log(10)
        power = round(float(np.median(own)))
        if power == 0 or np.any(np.abs(own - power) > 0.35):
            continue
        yield from _row(table, row, power, arms.mean[at], _only(rest, int(at[0])))
    yield from _stated(table)


def _only(rest: Others, at: int) -> tuple[int, float, float]:
    return int(rest.k[at]), float(rest.log_sd[at]), float(rest.log_size[at])


def _row(
    table: Table, row: int, power: int, means: np.ndarray, rest: tuple[int, float, float]
) -> Iterator[Finding]:
    k, log_sd, log_size = rest
    sizes = np.log10(np.abs(means[means != 0]))
    agree = sizes.size > 0 and abs(np.median(sizes) - log_size - power) < 0.5
    if not agree:
        return
    times = f"{10.0**power:g}"
    why = (
        f"Means and SDs are about {times} times those of the {k} other studies in this unit "
        f"(their SD is {np.exp(log_sd):.3g}, their mean {10**log_size:.3g} in the middle)."
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
