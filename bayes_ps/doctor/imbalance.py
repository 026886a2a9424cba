"""Baseline means that differ by more than chance gives randomised arms."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.special import stdtr

from bayes_ps.doctor.finding import Finding, Sure
from bayes_ps.doctor.table import Table, places

RULE = "baseline imbalance"
COLUMNS = (("base_mean_{a}", "base_sd_{a}", "base_n_{a}"), ("mean_pre_{a}", "sd_pre_{a}", "n_{a}"))


def baseline_imbalance(table: Table) -> Iterator[Finding]:
    """Welch's t test of the baseline means: P below 0.001 is a "look", below 1e-6 "likely".

    P values of baselines say nothing of randomised arms but this: a typing error, or arms that
    were not randomised (or lost people unequally before they were measured).
    """
    for columns in COLUMNS:
        (m1, s1, n1), (m2, s2, n2) = (
            tuple(table.number(name.format(a=arm)) for name in columns) for arm in ("t", "c")
        )
        v1, v2 = s1**2 / n1, s2**2 / n2
        t = (m1 - m2) / np.sqrt(v1 + v2)
        df = (v1 + v2) ** 2 / (v1**2 / (n1 - 1) + v2**2 / (n2 - 1))
        p = 2 * stdtr(df, -np.abs(t))
        for row in places(p < 1e-3):
            column = columns[0].format(a="t")
            why = (
                f"At baseline {m1[row]:g} (SD {s1[row]:g}, n {n1[row]:g}) against {m2[row]:g} "
                f"(SD {s2[row]:g}, n {n2[row]:g}): chance gives this once in {1 / p[row]:.2g} "
                f"randomised trials."
            )
            sure: Sure = "likely" if p[row] < 1e-6 else "look"
            mend = table.dropping(row) + "  # a sensitivity analysis without it"
            yield table.finding(row, column, RULE, why, sure=sure, mend=mend)
