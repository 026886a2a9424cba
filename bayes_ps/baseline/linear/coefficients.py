"""`Coefficients`: the estimates of a linear model with their covariance, intervals and tests."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr, stdtr

from bayes_ps import checks
from bayes_ps.baseline.linear.design import Design
from bayes_ps.baseline.linear.joint_tests import JointTest, wald_test
from bayes_ps.baseline.linear.predictions import Predictions, central_quantile, extrapolations
from bayes_ps.checks import Array, ModelError
from bayes_ps.effects import Effects


@dataclass(frozen=True, eq=False)
class LinearModel:
    """y ~ N(X beta, M) as it was fitted: the effects, X, the sampling V and the marginal M."""

    effects: Effects
    design: Design
    V: Array
    M: Array


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Coefficients(ABC):
    """Coefficients of a linear model, each array (p,), read-only, in the unit of the effects.

    Parameters
    ----------
    model : what was fitted.
    names : of the coefficients: ``intercept``, ``latitude``, ``alloc=random`` …
    beta, se, covariance : estimates, standard errors, and their (p, p) covariance.
    statistic, df, p : beta/se, its degrees of freedom (inf: normal), two-sided P of beta = 0.
    lower, upper : confidence interval at `level`.
    """

    model: LinearModel
    names: tuple[str, ...]
    beta: Array
    se: Array
    covariance: Array
    statistic: Array
    df: Array
    p: Array
    lower: Array
    upper: Array
    level: float

    def joint_test(self, *terms: str) -> JointTest:
        """That all coefficients of these terms are 0 (none given: all but the intercept).

        A term is a part of the formula (``"alloc"`` tests all its levels) or a coefficient's name.
        """
        tested = self._tested(terms)
        chosen = np.ix_(tested, tested)
        names = tuple(self.names[row] for row in tested)
        df2 = float(self.df[tested].min())
        return wald_test(self.beta[tested], self.covariance[chosen], df2, tested=names)

    def predict(self, at: Mapping[str, Any] | None = None) -> Predictions:
        """The mean effect, and the effect in a new setting, at values of the moderators.

        Parameters
        ----------
        at : a value or a list of values for each moderator, as in ``{"latitude": [20, 40]}``.

        Raises
        ------
        ModelError
            For a moderator that lacks a value, and for a level that no study has.

        Notes
        -----
        mean = xᵀb with se = √(xᵀ Cov(b) x); a new setting has the variance of the heterogeneity
        on top. Both intervals have the quantiles of the coefficients.
        """
        return self._predicted(at or {}, None)

    def coefficient_frame(self) -> pd.DataFrame:
        """A row a coefficient: `name, beta, se, statistic, df, p, lower, upper`."""
        columns = ("beta", "se", "statistic", "df", "p", "lower", "upper")
        return pd.DataFrame({"name": self.names} | {name: getattr(self, name) for name in columns})

    def _tested(self, terms: tuple[str, ...]) -> list[int]:
        design = self.model.design
        if terms:
            return design.rows_of(*terms)
        rest = [row for row, name in enumerate(self.names) if name != "intercept"]
        return rest or [0]

    def _predicted(self, at: Mapping[str, Any], new_df: float | None) -> Predictions:
        frame, X = self.model.design.at(at)
        mean = X @ self.beta
        se = np.sqrt(np.einsum("ij,jk,ik->i", X, self.covariance, X))
        df = self._degrees_of_freedom(X)
        half = central_quantile(self.level, df) * se
        spread, notes = self._heterogeneity(frame)
        new = df if new_df is None else np.full(mean.size, new_df)
        width = np.full(mean.size, np.inf)  # what t becomes as its df fall to 0
        if (new > 0).all():
            width = central_quantile(self.level, new) * np.hypot(se, np.sqrt(spread))
        values = {
            "mean": mean,
            "se": se,
            "lower": mean - half,
            "upper": mean + half,
            "new_lower": mean - width,
            "new_upper": mean + width,
            "df": df,
            "new_df": new,
        }
        cleaned = {name: checks.read_only(value) for name, value in values.items()}
        said = notes + extrapolations(frame, self.model.design.moderators)
        return Predictions(at=frame, level=self.level, notes=said, **cleaned)

    def _degrees_of_freedom(self, X: Array) -> Array:
        """Of the mean at each row of `X` (m, p)."""
        return np.full(X.shape[0], self.df.min())

    @abstractmethod
    def _heterogeneity(self, frame: pd.DataFrame) -> tuple[Array, tuple[str, ...]]:
        """The variance of true effects at each row, and what a reader must know of it."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"


def estimated(
    model: LinearModel, beta: Array, covariance: Array, df: npt.ArrayLike, *, level: float
) -> dict[str, Any]:
    """The fields of `Coefficients` for `beta` (p,) with `covariance` (p, p) and `df`, () or (p,).

    A standard error of 0 (knha with residuals that are all 0) is refused: it proves nothing.
    """
    if not 0 < level < 1:
        raise ModelError(f"level must be between 0 and 1, but is {level}. For 95 % pass 0.95.")
    se = np.sqrt(np.diag(covariance))
    if not (se > 0).all():
        raise ModelError(
            "The residuals are all 0, so Knapp-Hartung's standard errors would be 0. "
            'Use test="z" or test="adhoc".'
        )
    dfs = np.broadcast_to(np.asarray(df, dtype=float), beta.shape)
    half = central_quantile(level, dfs) * se
    fields = {
        "beta": beta,
        "se": se,
        "covariance": covariance,
        "statistic": beta / se,
        "df": dfs,
        "p": 2 * _tail(np.abs(beta / se), dfs),
        "lower": beta - half,
        "upper": beta + half,
    }
    cleaned = {name: checks.read_only(values) for name, values in fields.items()}
    return {"model": model, "names": model.design.names, "level": level} | cleaned


def _tail(statistic: Array, df: Array) -> Array:
    """The upper tail of t, by the normal's own function where `df` is inf: exact far out."""
    return np.where(np.isinf(df), ndtr(-statistic), stdtr(df, -statistic))
