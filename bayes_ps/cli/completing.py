"""Gaps of a table that the analyst asks to be filled: SDs from standard errors, changes."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from bayes_ps.checks import StudyTableError

ARMS = tuple(f"{name}_{arm}" for arm in "tc" for name in ("n", "mean", "sd"))


def with_sd_from_se(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Missing `sd_t`, `sd_c` as √n times `se_t`, `se_c`, and the rows in which.

    Cochrane Handbook 6.5.2.2; the standard errors are of means, not of differences.

    Raises
    ------
    StudyTableError
        If there is no such column.
    """
    from bayes_ps.effects.conversions import sd_from_se

    if not {"se_t", "se_c"} & set(rows):
        raise StudyTableError('--sd-from-se reads columns "se_t" and "se_c", and there are none.')
    rows, said = rows.copy(), []
    for arm in "tc":
        se, sd, n = f"se_{arm}", f"sd_{arm}", f"n_{arm}"
        if se not in rows or n not in rows:
            continue
        have = rows[sd] if sd in rows else pd.Series(float("nan"), index=rows.index)
        gaps = have.isna() & rows[se].notna() & rows[n].notna()
        found = sd_from_se(rows.loc[gaps, se].to_numpy(float), rows.loc[gaps, n].to_numpy(float))
        rows[sd] = have.astype(float)
        rows.loc[gaps, sd] = found
        if gaps.any():
            said.append(f"{sd} computed from {se} in {_named(rows[gaps])} (--sd-from-se).")
    return rows, said


def with_changes(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Change from baseline (`change_n_t`, …) where a study gives no final values.

    An SMD of changes is divided by the SD of changes: Cochrane Handbook 10.5.2 advises against
    mixing them with SMDs of final values, so every such row is said.

    Raises
    ------
    StudyTableError
        If there are no such columns.
    """
    missing = [f"change_{name}" for name in ARMS if f"change_{name}" not in rows]
    if missing:
        raise StudyTableError(f'--use-change reads a column "{missing[0]}", and there is none.')
    rows = rows.copy()
    only = rows["change_mean_t"].notna() & rows["change_mean_c"].notna()
    only &= rows["mean_t"].isna() if "mean_t" in rows else True
    for name in ARMS:
        have = rows[name] if name in rows else pd.Series(float("nan"), index=rows.index)
        rows[name] = have.astype(float).mask(only, rows[f"change_{name}"].astype(float))
    return rows, list(_said(rows[only]))


def _said(rows: pd.DataFrame) -> Iterator[str]:
    if len(rows):
        yield f"Changes from baseline instead of final values in {_named(rows)} (--use-change)."


def _named(rows: pd.DataFrame) -> str:
    return ", ".join(map(str, rows["study"]))
