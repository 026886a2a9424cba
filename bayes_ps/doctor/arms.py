"""The arms of a table laid end to end: every mean and SD that it holds, with its columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.doctor.table import Table

# kind: (n, mean, sd, se) of an arm, each with {a} for t or c
KINDS = {
    "final": ("n_{a}", "mean_{a}", "sd_{a}", "se_{a}"),
    "change": ("change_n_{a}", "change_mean_{a}", "change_sd_{a}", "change_se_{a}"),
    "baseline": ("base_n_{a}", "base_mean_{a}", "base_sd_{a}", "base_se_{a}"),
    "before": ("n_{a}", "mean_pre_{a}", "sd_pre_{a}", "se_pre_{a}"),
    "after": ("n_{a}", "mean_post_{a}", "sd_post_{a}", "se_post_{a}"),
    "one group": ("n", "mean", "sd", "se_mean"),
}


@dataclass(frozen=True, eq=False)
class Arms:
    """(a,) each: the arm's row, kind, letter and columns, and its numbers; NaN where unknown.

    A mean in the columns of a final value may be a change from baseline all the same: reviews
    of mean differences mix the two.
    """

    row: np.ndarray
    kind: np.ndarray
    arm: np.ndarray
    n: Array
    mean: Array
    sd: Array
    se: Array

    def __len__(self) -> int:
        return int(self.row.size)

    def column(self, at: int, what: str) -> str:
        """The name of the column of ``"n"``, ``"mean"``, ``"sd"`` or ``"se"`` of arm `at`."""
        place = ("n", "mean", "sd", "se").index(what)
        return KINDS[str(self.kind[at])][place].format(a=self.arm[at])

    @cached_property
    def other(self) -> np.ndarray:
        """(a,) where the other arm of the same row and kind stands, −1 where there is none."""
        swap = {"t": "c", "c": "t"}
        return self._places(
            (row, kind, swap.get(arm, ""))
            for row, kind, arm in zip(self.row, self.kind, self.arm, strict=True)
        )

    @cached_property
    def baseline(self) -> np.ndarray:
        """(a,) where the same arm stands at baseline, −1 where it does not."""
        return self._places(
            (row, "baseline", arm) for row, arm in zip(self.row, self.arm, strict=True)
        )

    def _places(self, wanted: Iterable[tuple[int, str, str]]) -> np.ndarray:
        keys = zip(self.row, self.kind, self.arm, strict=True)
        places = {key: at for at, key in enumerate(keys)}
        return np.array([places.get(key, -1) for key in wanted], dtype=int)


def arms_of(table: Table) -> Arms:
    """Every arm with a mean or an SD. All zeros is how Cochrane's files write an empty row."""
    parts = []
    for kind, columns in KINDS.items():
        for arm in ("t", "c") if "{a}" in columns[1] else ("",):
            n, mean, sd, se = (table.number(each.format(a=arm)) for each in columns)
            known = np.isfinite(mean) | np.isfinite(sd)
            if kind == "final":
                known &= ~_all_zero(table)
            at = np.flatnonzero(known)
            names = (np.full(at.size, kind, dtype=object), np.full(at.size, arm, dtype=object))
            parts.append((at, *names, n[at], mean[at], sd[at], se[at]))
    return Arms(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _all_zero(table: Table) -> np.ndarray:
    columns = [table.number(name) for name in ("mean_t", "sd_t", "mean_c", "sd_c")]
    return np.all([column == 0 for column in columns], axis=0)
