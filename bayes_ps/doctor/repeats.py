"""The same people twice in one pool: repeated rows, and controls shared by several comparisons."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bayes_ps.doctor.finding import Finding, Sure
from bayes_ps.doctor.table import Table, places

MEANS = (("n_t", "mean_t", "sd_t"), ("n_c", "mean_c", "sd_c"))
EVENTS = (("n_t", "events_t"), ("n_c", "events_c"))
CHANGES = tuple(tuple(f"change_{each}" for each in arm) for arm in MEANS)


def repeated_people(table: Table) -> Iterator[Finding]:
    """Rows of one pool whose numbers are the same, in both arms or in the control arm alone.

    Rows that are not in the overall pool (`applicability`) are compared within their subgroup
    only. A control that is about as small, against its treated arms, as if it had been divided
    among them already, is not reported.
    """
    seen: set[tuple[int, int]] = set()
    for treated, control in (MEANS, CHANGES, EVENTS):
        for rows in _groups(table, [*treated, *control]):
            yield from _same_rows(table, rows, treated[-1] == "events_t")
            seen |= {(int(rows[0]), int(row)) for row in rows[1:]}
        for rows in _groups(table, list(control), of_one_trial=True):
            new = [row for row in rows[1:] if (int(rows[0]), int(row)) not in seen]
            if new:
                yield from _shared(table, np.array([rows[0], *new]), control)
    yield from _same_estimates(table)


def _groups(
    table: Table, columns: list[str], *, of_one_trial: bool = False
) -> Iterator[np.ndarray]:
    """Rows of one pool that agree in these columns, where all are known."""
    values = np.column_stack([table.number(name) for name in columns])
    known = np.isfinite(values).all(axis=1) & (values != 0).any(axis=1)
    counting = "events_c" in columns
    known &= (values[:, -1] > 0) | counting
    if counting:  # 0 events of few people agree by chance
        known &= values[:, -1] + values[:, -2] > 0
    trial, part = table.trial, table.once(parts)
    one = of_one_trial or counting
    found: dict[tuple[object, ...], list[int]] = {}
    for row in places(known):
        key = (table.pool[row], trial[row] if one else "", part[row], *values[row])
        found.setdefault(key, []).append(int(row))
    for rows in found.values():
        if len(rows) > 1:
            yield np.array(rows)


def parts(table: Table) -> np.ndarray:
    """(k,) the subgroup, for a row that is pooled in its subgroup only, else "".

    So says `applicability`, or the weights: they add up to 100 in each subgroup.
    """
    says = table.text("applicability")
    apart = np.array(["OVERALL" not in text.upper() for text in says], dtype=bool)
    apart &= says != ""
    return np.where(apart | (_total_weight(table) > 150), table.text("subgroup"), "")


def _total_weight(table: Table) -> np.ndarray:
    """(k,) sum of the weights of the row's pool, in per cent."""
    weights = np.nan_to_num(table.number("weight"))
    return np.asarray(np.bincount(table.pool, weights=weights)[table.pool])


def _pooled_overall(table: Table) -> np.ndarray:
    """(k,) whether the weights say that all subgroups of the pool are pooled together."""
    return np.abs(_total_weight(table) - 100) < 2


def _same_rows(table: Table, rows: np.ndarray, counting: bool) -> Iterator[Finding]:
    first = int(rows[0])
    subgroup, overall = table.text("subgroup"), table.once(_pooled_overall)
    for row in map(int, rows[1:]):
        elsewhere = subgroup[row] != subgroup[first]
        sure: Sure = "certain" if table.study[row] == table.study[first] else "likely"
        if elsewhere and overall[row] and not counting:
            sure = "likely"
        elif elsewhere or counting or table.trial[row] != table.trial[first]:
            sure = "look"
        place = f' in subgroup "{subgroup[first]}"' if elsewhere else ""
        why = f'All its numbers are those of "{table.study[first]}" (row {first + 1}){place}.'
        mend = table.dropping(row)
        yield table.finding(row, "study", "repeated row", why, sure=sure, mend=mend)


def _shared(table: Table, rows: np.ndarray, control: tuple[str, ...]) -> Iterator[Finding]:
    n, treated = table.number(control[0]), table.number(control[0].replace("_c", "_t"))
    share = n[rows[0]] / np.mean(treated[rows])
    if share <= 1.25 / rows.size:
        return
    subgroup = table.text("subgroup")
    row = int(rows[-1])
    others = ", ".join(str(int(each) + 1) for each in rows[:-1])
    elsewhere = len(set(subgroup[rows])) > 1
    counting = "events_c" in control
    why = (
        f"The control arm has the same {n[row]:g} people as in row {others}: in one pool they "
        f"count {rows.size} times."
    )
    known = bool(table.once(_pooled_overall)[row])
    if elsewhere and not known:
        why += " The rows are in different subgroups: it matters if these are pooled."
    columns = [control[0], *(["events_c"] if counting else [])]
    mend = table.setting([int(each) for each in rows], columns, f"/= {rows.size}")
    sure: Sure = "look" if (elsewhere and not known) or (counting and n[row] < 30) else "likely"
    yield table.finding(row, control[0], "shared control", why, sure=sure, mend=mend)


def _same_estimates(table: Table) -> Iterator[Finding]:
    estimate, se = table.number("estimate"), table.number("se")
    found: dict[tuple[object, ...], int] = {}
    part, overall = table.once(parts), table.once(_pooled_overall)
    for row in places(np.isfinite(estimate) & (se > 0)):
        key = (table.pool[row], table.trial[row], part[row], estimate[row], se[row])
        first = found.setdefault(key, int(row))
        if first != row:
            why = f"Estimate and SE are those of row {first + 1}."
            sure: Sure = "likely" if overall[row] else "look"
            mend = table.dropping(int(row))
            yield table.finding(int(row), "study", "repeated row", why, sure=sure, mend=mend)
