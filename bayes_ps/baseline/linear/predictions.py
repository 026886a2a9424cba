"""`Predictions`: the mean effect at given moderators, and the effect in a new setting there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from bayes_ps.checks import Array


@dataclass(frozen=True, eq=False)
class Predictions:
    """One row a prediction, each array (m,), read-only, in the unit of the effects.

    Parameters
    ----------
    at : the moderators of each row.
    mean, se : predicted mean effect and its standard error.
    lower, upper : confidence interval of the mean at `level`.
    new_lower, new_upper : prediction interval: where the effect of a new setting is expected.
    df, new_df : degrees of freedom of the quantiles of each, inf for the normal.
    notes : what a reader must know, a sentence each.
    """

    at: pd.DataFrame
    mean: Array
    se: Array
    lower: Array
    upper: Array
    new_lower: Array
    new_upper: Array
    level: float
    df: Array
    new_df: Array
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """A row a prediction: moderators, `mean, se, lower, upper, new_lower, new_upper`."""
        names = ("mean", "se", "lower", "upper", "new_lower", "new_upper")
        return self.at.assign(**{name: getattr(self, name) for name in names})

    def __str__(self) -> str:
        level = f"{100 * self.level:g}%"
        said = []
        for row, (_, values) in enumerate(self.at.iterrows()):
            where = ", ".join(f"{name} = {value}" for name, value in values.items()) or "the mean"
            said.append(
                f"{where}: {self.mean[row]:.4g} ({level} CI {self.lower[row]:.4g} to "
                f"{self.upper[row]:.4g}; prediction interval {self.new_lower[row]:.4g} to "
                f"{self.new_upper[row]:.4g})"
            )
        return "\n".join([*said, *(f"Note: {note}" for note in self.notes)])


def central_quantile(level: float, df: Array) -> Array:
    """The upper quantile of a central interval of t with each of `df`; inf is the normal."""
    return np.asarray(stdtrit(df, (1 + level) / 2))


def extrapolations(at: pd.DataFrame, known: pd.DataFrame) -> tuple[str, ...]:
    """A sentence for each number in `at` that lies outside the studies."""
    said = []
    for name, values in known.items():
        if not pd.api.types.is_numeric_dtype(values) or values.dtype == bool:
            continue
        low, high = values.min(), values.max()
        for given in at[name][(at[name] < low) | (at[name] > high)]:
            said.append(
                f"{name} = {given:g} lies outside the studies ({low:g} to {high:g}): "
                f"an extrapolation."
            )
    return tuple(said)
