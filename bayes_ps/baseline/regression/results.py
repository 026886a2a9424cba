"""`Regression`: what a frequentist meta-regression found, and how."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bayes_ps.baseline.interval import Interval
from bayes_ps.baseline.linear.coefficients import Coefficients
from bayes_ps.baseline.linear.joint_tests import JointTest
from bayes_ps.baseline.linear.predictions import Predictions
from bayes_ps.baseline.methods import Method, by_code, chosen
from bayes_ps.baseline.regression.collinearity import variance_inflation
from bayes_ps.checks import Array

# Degrees of freedom of the prediction interval, given k − p.
NEW_SETTING = by_code(
    Method[Any](
        "HTS", "t with k - p - 1 df", "doi:10.1111/j.1467-985X.2008.00552.x", lambda df: df - 1
    ),
    Method("k-p", "t with k - p df", "as metafor's test='knha'", lambda df: df),
    Method("z", "normal quantiles", "as metafor's test='z'", lambda df: math.inf),
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Regression(Coefficients):
    """A frequentist meta-regression; made by :func:`bayes_ps.meta_regression`.

    Beside the coefficients (see `Coefficients`) it has:

    Parameters
    ----------
    tau2, tau2_interval : variance between studies with the same moderators, in `unit`², and its
        Q-profile interval at `level`.
    qe, qe_df, qe_p : test of residual heterogeneity: Q around the regression, df = k − p.
    omnibus : test that every coefficient but the intercept is 0 (QM, or F with `df2`).
    i2, h2 : I² in per cent and H² of the residual heterogeneity.
    r2 : share of tau² that the moderators explain, in per cent; None where it does not exist.
    tau2_alone : tau² of the mean alone by the same estimator, on which R² rests; or None.
    log_likelihood : under ML, or the restricted one under REML; None for other estimators.
    estimator, test : the codes used; `methods` their full names with sources.
    notes : what a reader must know of these numbers, a sentence each.
    """

    tau2: float
    tau2_interval: Interval
    qe: float
    qe_df: int
    qe_p: float
    omnibus: JointTest
    i2: float
    h2: float
    r2: float | None
    tau2_alone: float | None
    log_likelihood: float | None
    estimator: str
    test: str
    methods: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def k(self) -> int:
        """Number of studies."""
        return self.model.effects.k

    @property
    def tau(self) -> float:
        """Standard deviation between studies with the same moderators, in the effects' unit."""
        return math.sqrt(self.tau2)

    def vif(self) -> pd.DataFrame:
        """Variance inflation, a row a term: `term, columns, gvif, per_coefficient`.

        `gvif` is the VIF of a term with one column. Above about 5 the moderators are hard to tell
        apart; see :func:`bayes_ps.baseline.regression.collinearity.variance_inflation`.
        """
        design = self.model.design
        return variance_inflation(self.covariance, design.terms, intercept=design.intercept)

    def predict(
        self, at: Mapping[str, Any] | None = None, *, prediction: str = "HTS"
    ) -> Predictions:
        """The mean effect, and the effect in a new setting, at values of the moderators.

        Parameters
        ----------
        at : a value or a list of values for each moderator, as in ``{"latitude": [20, 40]}``.
        prediction : quantiles of the prediction interval: ``"HTS"`` (t, k − p − 1 df), ``"k-p"``
            (t) or ``"z"`` (normal).

        Raises
        ------
        ModelError
            For a moderator that lacks a value, and for a level that no study has.

        Notes
        -----
        mean = xᵀb ± q se with se = √(xᵀ Cov(b) x), and theta_new: mean ± q' √(se² + tau²).
        Test: ``tests/golden/test_papers_regression.py``, Berkey 1995, RR 0.42 at latitude 42.
        """
        rule = chosen(NEW_SETTING, prediction, "prediction")
        return self._predicted(at or {}, float(rule.compute(self.qe_df)))

    def to_frame(self) -> pd.DataFrame:
        """A row a quantity: the coefficients, then tau2, QE, QM, I2, H2, R2.

        Columns `quantity, value, se, lower, upper, statistic, df, p, method`. NaN says that a cell
        does not apply.
        """
        table = self.coefficient_frame().rename(columns={"name": "quantity", "beta": "value"})
        low, high = self.tau2_interval
        source = "from Q" if self.estimator == "FE" else "from tau2"
        interval = f"{self.methods[0]}; interval: {self.tau2_interval.method}"
        omnibus = {"statistic": self.omnibus.statistic, "df": self.omnibus.df, "p": self.omnibus.p}
        rest: list[dict[str, Any]] = [
            {"quantity": "tau2", "value": self.tau2, "lower": low, "upper": high}
            | {"method": interval},
            {"quantity": "QE", "value": self.qe, "df": self.qe_df, "p": self.qe_p},
            {"quantity": "QM" if math.isinf(self.omnibus.df2) else "F"} | omnibus,
            {"quantity": "I2", "value": self.i2, "method": source},
            {"quantity": "H2", "value": self.h2, "method": source},
        ]
        if self.r2 is not None:
            rest.append({"quantity": "R2", "value": self.r2, "method": source})
        table["method"] = self.methods[1]
        frame = pd.concat([table, pd.DataFrame(rest)], ignore_index=True).astype({"df": float})
        return frame.fillna({"method": self.methods[1]})

    def __str__(self) -> str:
        level = f"{100 * self.level:g}%"
        low, high = self.tau2_interval
        said = (
            f"Meta-regression ({self.estimator}, {self.test}) of {self.model.effects.measure} on "
            f"{self.model.design.formula}, {self.k} studies: {self.omnibus}; QE {self.qe:.4g} on "
            f"{self.qe_df} df (P = {self.qe_p:.2g}), I² {self.i2:.0f}%"
        )
        if self.estimator != "FE":
            said += f"; tau² {self.tau2:.4g} ({level} Q-profile {low:.4g} to {high:.4g})"
        if self.r2 is not None:
            said += f", R² {self.r2:.0f}%"
        lines = [said + "."]
        for row, name in enumerate(self.names):
            lines.append(
                f"  {name}: {self.beta[row]:.4g} ({level} CI {self.lower[row]:.4g} to "
                f"{self.upper[row]:.4g}; P = {self.p[row]:.2g})"
            )
        return "\n".join([*lines, *(f"Note: {note}" for note in self.notes)])

    def _heterogeneity(self, frame: pd.DataFrame) -> tuple[Array, tuple[str, ...]]:
        said: tuple[str, ...] = ()
        if self.estimator == "FE":
            said = (
                "A common effect is the same in every setting with these moderators: the "
                "prediction interval has no heterogeneity in it.",
            )
        return np.full(len(frame), self.tau2), said
