"""`PooledCounts`: what Mantel-Haenszel or Peto made of 2 x 2 tables, and how."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

from bayes_ps.baseline.heterogeneity import i2_from_q
from bayes_ps.baseline.interval import quantile
from bayes_ps.baseline.linear.joint_tests import JointTest
from bayes_ps.checks import Array, ModelError


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class PooledCounts:
    """Trials pooled by their counts; made by :func:`bayes_ps.mantel_haenszel` or `peto`.

    Parameters
    ----------
    study, weights : (k,) names of the trials that are pooled, and weights in per cent.
    y, se_study : (k,) estimate of each trial and its standard error, on which Q rests; NaN for a
        trial that has none (no event, or nothing but events, in both arms).
    measure : ``"OR"``, ``"RR"`` (both on the log scale), ``"RD"``, or ``"PETO"`` (log odds ratio).
    mu, se, lower, upper, level : pooled effect, standard error, interval by the normal.
    statistic, p : mu/se, and its two-sided P by the normal.
    tau2 : 0 for a common effect; under ``tau2="DL"`` between-study variance around `mu` of the
        common effect.
    q, q_df, q_p : heterogeneity of the trials around the pooled common effect by the same method,
        which is not Cochran's Q around the inverse-variance mean.
    cmh : Cochran-Mantel-Haenszel test that treatment and event are independent in every trial.
    method, convention : ``"Mantel-Haenszel"`` or ``"Peto"``; ``"metafor"`` or ``"RevMan"``.
    estimator : ``"FE"`` or ``"DL"``.
    methods : the formulas that made each number; notes : what a reader must know.
    """

    study: npt.NDArray[np.str_]
    weights: Array
    y: Array
    se_study: Array
    measure: str
    mu: float
    se: float
    lower: float
    upper: float
    level: float
    statistic: float
    p: float
    tau2: float
    q: float
    q_df: int
    q_p: float
    cmh: JointTest | None
    method: str
    convention: str
    estimator: str
    methods: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def k(self) -> int:
        """Number of trials."""
        return len(self.study)

    @property
    def i2(self) -> float:
        """I² in per cent from `q`: RevMan's; NaN where one trial has an estimate."""
        return i2_from_q(self.q, self.q_df)

    def to_frame(self) -> pd.DataFrame:
        """A row a quantity: `quantity, value, lower, upper, df, p, method`; NaN: does not apply."""
        none, pooled = math.nan, self.methods[-1 if self.estimator == "DL" else 0]
        rows = [
            ("mu", self.mu, self.lower, self.upper, none, none, pooled),
            ("se", self.se, none, none, none, none, pooled),
            ("z", self.statistic, none, none, none, self.p, pooled),
            ("Q", self.q, none, none, self.q_df, self.q_p, self.methods[1]),
            ("I2", self.i2, none, none, none, none, "from Q"),
            ("tau2", self.tau2, none, none, none, none, self.estimator),
        ]
        if self.cmh is not None:
            rows.append(("CMH", self.cmh.statistic, none, none, 1.0, self.cmh.p, self.methods[2]))
        columns = ["quantity", "value", "lower", "upper", "df", "p", "method"]
        return pd.DataFrame(rows, columns=columns)

    def study_frame(self) -> pd.DataFrame:
        """A row a trial: `study, y, se, weight`."""
        columns = {"study": self.study, "y": self.y, "se": self.se_study, "weight": self.weights}
        return pd.DataFrame(columns)

    def __str__(self) -> str:
        level = f"{100 * self.level:g}%"
        trials = "1 trial" if self.k == 1 else f"{self.k} trials"
        model = "random effects (DL)" if self.estimator == "DL" else "common effect"
        said = (
            f"{self.method}, {model}, as {self.convention}, {trials}: "
            f"{self._shown(level)}; P = {self.p:.2g})"
        )
        if self.q_df > 0:
            said += f"; Q {self.q:.4g} on {self.q_df} df (P = {self.q_p:.2g}), I² {self.i2:.0f}%"
        if self.estimator == "DL":
            said += f"; tau² {self.tau2:.4g}"
        return "\n".join([said + ".", *(f"Note: {note}" for note in self.notes)])

    def _shown(self, level: str) -> str:
        """The estimate and its interval, ratios on the scale that readers know."""
        ends = (self.mu, self.lower, self.upper)
        if self.measure == "RD":
            mu, low, high = ends
            return f"RD {mu:.4g} ({level} CI {low:.4g} to {high:.4g}"
        name = {"PETO": "odds ratio", "OR": "odds ratio", "RR": "risk ratio"}[self.measure]
        mu, low, high = (math.exp(end) for end in ends)
        return f"{name} {mu:.4g} ({level} CI {low:.4g} to {high:.4g}"

    def __repr__(self) -> str:
        return f"<PooledCounts: {self}>"


def tested_mean(mu: float, se: float, level: float) -> dict[str, float]:
    """mu with its interval and its test by the normal, as fields of `PooledCounts`."""
    if not 0 < level < 1:
        raise ModelError(f"level must be between 0 and 1, but is {level}. For 95 % pass 0.95.")
    half, statistic = quantile(level, math.inf) * se, mu / se
    ends = {"lower": mu - half, "upper": mu + half, "level": level}
    return {
        "mu": mu,
        "se": se,
        "statistic": statistic,
        "p": 2 * float(ndtr(-abs(statistic))),
    } | ends
