"""Which rows are in the same unit, what range they have, and how spread the others are."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.doctor.arms import arms_of
from bayes_ps.doctor.table import DIFFERENCES, Table
from bayes_ps.studies.instrument_table import Instrument, stated_range, versions

LEAST_SPREAD = 0.35  # of log SDs: two studies of one instrument easily differ by 40 %


def measures(table: Table) -> np.ndarray:
    """(k,) the measure of each row as text: the caller's, the file's, or "MD" where the published
    effects of the row's pool are differences of its means."""
    if table.measure is not None:
        return np.full(len(table), table.measure, dtype=object)
    stated = table.text("measure")
    apart = table.number("mean_t") - table.number("mean_c")
    published = table.number("published")
    known = np.isfinite(apart) & np.isfinite(published) & (apart != 0)
    fits = np.abs(apart - published) <= 1e-4 * np.abs(apart) + 1e-6
    pools = int(table.pool.max(initial=-1)) + 1
    all_fit = np.bincount(table.pool[known & fits], minlength=pools) == np.bincount(
        table.pool[known], minlength=pools
    )
    some = np.bincount(table.pool[known], minlength=pools) > 0
    return np.where(stated != "", stated, np.where((all_fit & some)[table.pool], "MD", ""))


def scales(table: Table) -> np.ndarray:
    """(k,) rows with the same number are in one unit; −1 where nothing says so.

    In one unit are the rows of one instrument, and the rows of a pool of mean differences.
    """
    key = table.codes([c for c in ("review", "instrument", "unit") if c in table.frame])
    named = table.text("instrument") != ""
    difference = np.isin(table.once(measures), DIFFERENCES)
    return np.where(named, key, np.where(difference, key.max(initial=0) + 1 + table.pool, -1))


def ranges(table: Table) -> tuple[Array, Array]:
    """(k,) lowest and highest score of a person: from the columns `low` and `high`, else from the
    instrument (the widest of its versions), else from brackets in the outcome, "(0 to 100)"."""
    low, high = table.number("low").copy(), table.number("high").copy()
    texts = zip(table.text("instrument"), table.text("outcome"), strict=True)
    known: dict[tuple[str, str], tuple[float, float]] = {}
    for row, key in enumerate(texts):
        if np.isfinite(low[row]) or np.isfinite(high[row]):
            continue
        if key not in known:
            known[key] = _range(*key)
        low[row], high[row] = known[key]
    return low, high


def _range(instrument: str, outcome: str) -> tuple[float, float]:
    for text in (instrument, outcome):
        brackets = " ; ".join(re.findall(r"\(([^()]*)\)", text))
        stated = stated_range(text if text == instrument else brackets)
        if stated:
            return stated
        found = versions(text)
        if found and len({each.better for each in found}) == 1:
            ends = [(each.low, each.high) for each in found]
            low = min(-np.inf if end[0] is None else end[0] for end in ends)
            high = max(np.inf if end[1] is None else end[1] for end in ends)
            return low, high
    return np.nan, np.nan


def steps(table: Table) -> Array:
    """(k,) step between two scores of a person, where every reading of the instrument has one."""
    known: dict[tuple[str, str], float] = {}
    for key in zip(table.text("instrument"), table.text("outcome"), strict=True):
        known.setdefault(key, _step(*key))
    keys = zip(table.text("instrument"), table.text("outcome"), strict=True)
    return np.array([known[key] for key in keys])


def _step(instrument: str, outcome: str) -> float:
    found: tuple[Instrument, ...] = versions(instrument) or versions(outcome)
    stated = stated_range(instrument)
    if stated and any((each.low, each.high) != stated for each in found):
        return np.nan
    each_step = {each.step for each in found}
    step = each_step.pop() if len(each_step) == 1 else None
    return np.nan if step is None else step


@dataclass(frozen=True, eq=False)
class Others:
    """(a,) what the other studies of the same unit show, for each arm; NaN where there are none.

    k : number of other studies.  log_sd : median of their log SDs.  spread : robust SD of these.
    log_size : median of log10 of the sizes of their means.
    """

    k: np.ndarray
    log_sd: Array
    spread: Array
    log_size: Array


def others(table: Table) -> Others:
    """The other studies in the unit of each arm, each study counted once."""
    arms = table.once(arms_of)
    scale = table.once(scales)[arms.row]
    k, log_sd, spread, log_size = (np.full(len(arms), np.nan) for _ in range(4))
    logs = np.log(arms.sd, where=arms.sd > 0, out=np.full(len(arms), np.nan))
    sizes = np.log10(np.abs(arms.mean), where=np.abs(arms.mean) > 0, out=np.full(len(arms), np.nan))
    order = np.argsort(scale, kind="stable")
    cuts = np.flatnonzero(np.diff(scale[order])) + 1
    for at in np.split(order, cuts):
        if not at.size or scale[at[0]] < 0:
            continue
        names, which = np.unique(table.study[arms.row[at]].astype(str), return_inverse=True)
        own = np.array([_median(logs[at][which == j]) for j in range(names.size)])
        size = np.array([_median(sizes[at][which == j]) for j in range(names.size)])
        for j in range(names.size):
            rest = np.delete(own, j)
            rest = rest[np.isfinite(rest)]
            mine = at[which == j]
            k[mine] = rest.size
            if rest.size:
                middle = np.median(rest)
                log_sd[mine] = middle
                robust = 1.4826 * np.median(np.abs(rest - middle))
                spread[mine] = max(robust, LEAST_SPREAD)
                log_size[mine] = _median(np.delete(size, j))
    return Others(np.nan_to_num(k).astype(int), log_sd, spread, log_size)


def _median(values: Array) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else np.nan
