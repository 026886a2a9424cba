"""`Baseline`: what a frequentist inverse-variance meta-analysis found, and how."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from bayes_ps.baseline.heterogeneity import i2_from_q
from bayes_ps.baseline.interval import Interval
from bayes_ps.checks import Array


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Baseline:
    """A frequentist inverse-variance meta-analysis; made by :func:`bayes_ps.baseline`.

    Parameters
    ----------
    study, weights : (k,) names, and weights in per cent, read-only.
    measure, unit : those of the effects.
    mu, se : pooled effect and its standard error, in `unit`; `se` is that of the method `ci`.
    lower, upper : confidence interval of mu at `level`.
    statistic, df, p : mu/se, its degrees of freedom (inf: normal), two-sided P of mu = 0.
    tau2, tau2_interval : between-study variance in `unit`², and its Q-profile interval at `level`
        (None with one study).
    q, q_df, q_p : Cochran's Q around the inverse-variance common effect, df = k − 1, and its P.
    i2, h2 : I² in per cent and H², from tau² (metafor's definition); from Q for a common effect.
    prediction : interval of the effect in a new setting, or None where none exists (see `notes`).
    estimator, ci : the codes used; `methods` their full names with sources.
    notes : what a reader must know of these numbers, a sentence each.
    """

    study: npt.NDArray[np.str_]
    weights: Array
    measure: str
    unit: str
    mu: float
    se: float
    lower: float
    upper: float
    level: float
    statistic: float
    df: float
    p: float
    tau2: float
    tau2_interval: Interval | None
    q: float
    q_df: int
    q_p: float
    i2: float
    h2: float
    prediction: Interval | None
    estimator: str
    ci: str
    methods: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def k(self) -> int:
        """Number of studies."""
        return len(self.study)

    @property
    def tau(self) -> float:
        """Between-study standard deviation, in `unit`: √tau²."""
        return math.sqrt(self.tau2)

    @property
    def i2_from_q(self) -> float:
        """I² in per cent from Q, whatever the estimator: RevMan 5's I²."""
        return i2_from_q(self.q, self.q_df)

    def to_frame(self) -> pd.DataFrame:
        """A row a quantity, to tick against RevMan or metafor.

        Columns `quantity, value, lower, upper, df, p, method`; rows mu, se, z or t, tau2, tau, Q,
        I2, H2, prediction. NaN says that a cell does not apply.
        """
        estimator, ci = self.methods[0], self.methods[1]
        tau2, new = self.tau2_interval or (math.nan, math.nan), self.prediction
        if self.tau2_interval:
            estimator += "; interval: " + self.tau2_interval.method
        statistic = "z" if math.isinf(self.df) else "t"
        none = math.nan
        rows = [
            ("mu", self.mu, self.lower, self.upper, self.df, none, ci),
            ("se", self.se, none, none, none, none, ci),
            (statistic, self.statistic, none, none, self.df, self.p, ci),
            ("tau2", self.tau2, *tau2, none, none, estimator),
            ("tau", self.tau, *(math.sqrt(end) for end in tau2), none, none, estimator),
            ("Q", self.q, none, none, float(self.q_df), self.q_p, "Cochran's Q"),
            ("I2", self.i2, none, none, none, none, "from tau2" if self._random else "from Q"),
            ("H2", self.h2, none, none, none, none, "from tau2" if self._random else "from Q"),
        ]
        if new is not None:
            rows.append(("prediction", self.mu, *new, new.df, none, new.method))
        columns = ["quantity", "value", "lower", "upper", "df", "p", "method"]
        return pd.DataFrame(rows, columns=columns)

    def __str__(self) -> str:
        level = f"{100 * self.level:g}%"
        studies = "1 study" if self.k == 1 else f"{self.k} studies"
        model = "Random effects" if self._random else "Common effect"
        said = (
            f"{model} ({self.estimator}), {studies}: {self.measure} {self.mu:.4g} in {self.unit} "
            f"({level} CI {self.lower:.4g} to {self.upper:.4g}; {self.ci}, {_quantiles(self.df)})"
        )
        if self._random:
            low, high = self.tau2_interval or (math.nan, math.nan)
            said += f"; tau² {self.tau2:.4g} ({level} Q-profile {low:.4g} to {high:.4g})"
        if self.k > 1:
            said += f"; Q {self.q:.4g} on {self.q_df} df (P = {self.q_p:.2g}), I² {self.i2:.0f}%"
        if self.prediction is not None:
            low, high = self.prediction
            said += f"; {level} prediction interval {low:.4g} to {high:.4g}"
            said += f" ({_quantiles(self.prediction.df)})"
        return "\n".join([said + ".", *(f"Note: {note}" for note in self.notes)])

    def __repr__(self) -> str:
        return f"<Baseline: {self}>"

    @property
    def _random(self) -> bool:
        return self.estimator != "FE"


def _quantiles(df: float) -> str:
    return "normal" if math.isinf(df) else f"t with {df:g} df"
