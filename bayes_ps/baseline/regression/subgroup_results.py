"""`SubgroupAnalysis`: a pooled effect a subgroup, and the test that they differ."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import pandas as pd

from bayes_ps.baseline.linear.joint_tests import JointTest


@dataclass(frozen=True)
class Subgroup:
    """One subgroup: its `k` studies, pooled `mu` with `se` and interval, `tau2`, Q and I².

    `q`, `q_df`, `q_p` are Cochran's Q within the subgroup; `q_p` and `i2` are NaN with one study.
    `df` is that of the interval, inf for the normal.
    """

    name: str
    k: int
    mu: float
    se: float
    lower: float
    upper: float
    df: float
    tau2: float
    q: float
    q_df: int
    q_p: float
    i2: float


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SubgroupAnalysis:
    """Subgroups and the test of their differences; made by :func:`bayes_ps.subgroups`.

    Parameters
    ----------
    by : column of ``effects.data`` that names the subgroups.
    groups : one `Subgroup` each, in the order of their names.
    difference : test that all subgroups have one mean (Q between, or F), df = subgroups − 1.
    common_tau2 : one tau² for all subgroups (a meta-regression), or one each (RevMan).
    level : of the intervals.
    measure, unit : those of the effects.
    estimator, test : the codes used; `methods` what they stand for.
    notes : what a reader must know of these numbers, a sentence each.
    """

    by: str
    groups: tuple[Subgroup, ...]
    difference: JointTest
    common_tau2: bool
    level: float
    measure: str
    unit: str
    estimator: str
    test: str
    methods: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Subgroup:
        return {group.name: group for group in self.groups}[name]

    def to_frame(self) -> pd.DataFrame:
        """A row a subgroup: `name, k, mu, se, lower, upper, df, tau2, q, q_df, q_p, i2`."""
        return pd.DataFrame([asdict(group) for group in self.groups])

    def __str__(self) -> str:
        level = f"{100 * self.level:g}%"
        shared = "one tau² for all" if self.common_tau2 else "a tau² for each"
        kind = "common effect" if self.estimator == "FE" else f"{self.estimator}, {shared}"
        lines = [
            f"Subgroups by {self.by} ({kind}; {self.test}): {self.measure} in {self.unit}; "
            f"differences between subgroups: {_without_names(self.difference)}."
        ]
        for group in self.groups:
            studies = "1 study" if group.k == 1 else f"{group.k} studies"
            line = (
                f"  {group.name}: {group.mu:.4g} ({level} CI {group.lower:.4g} to "
                f"{group.upper:.4g}; {studies}"
            )
            if group.k > 1:
                line += "" if self.estimator == "FE" else f"; tau² {group.tau2:.4g}"
                line += f"; I² {group.i2:.0f}%"
            lines.append(line + ")")
        return "\n".join([*lines, *(f"Note: {note}" for note in self.notes)])

    def __repr__(self) -> str:
        return f"<SubgroupAnalysis: {self}>"


def _without_names(test: JointTest) -> str:
    p = f"(P = {test.p:.2g})"
    if math.isinf(test.df2):
        return f"chi² {test.statistic:.4g} on {test.df} df {p}"
    return f"F {test.statistic:.4g} on {test.df} and {test.df2:g} df {p}"
