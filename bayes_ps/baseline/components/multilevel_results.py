"""`Multilevel`: what a frequentist multilevel meta-analysis found, and how."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bayes_ps.baseline.components.mixed import Mixed
from bayes_ps.baseline.components.profile import profile_interval
from bayes_ps.baseline.interval import Interval
from bayes_ps.checks import Array, ModelError


@dataclass(frozen=True)
class VarianceComponent:
    """A variance of true effects in `unit`², its standard error (NaN at 0), its I² in per cent."""

    name: str
    variance: float
    se: float
    i2: float


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Multilevel(Mixed):
    """Effects nested in clusters; made by :func:`bayes_ps.multilevel`.

    Beside the coefficients and tests (see `Coefficients` and `Mixed`) it has:

    Parameters
    ----------
    cluster : the column that names the clusters; `clusters` how many there are.
    components : the variance between clusters and that within, each a `VarianceComponent`. With a
        known `correlation` there is one variance, of which that share is between clusters.
    correlation : of true effects within a cluster: estimated (ICC), or as it was given.
    """

    cluster: str
    clusters: int
    components: tuple[VarianceComponent, ...]
    correlation: float

    @property
    def tau2(self) -> float:
        """Variance of true effects, all components together, in `unit`²."""
        return sum(component.variance for component in self.components)

    @property
    def tau(self) -> float:
        """Standard deviation of true effects, all components together."""
        return math.sqrt(self.tau2)

    def component_interval(self, name: str, level: float = 0.95) -> Interval:
        """The profile-likelihood interval of one variance, in `unit`².

        Each value costs a search over all other parameters: half a second for 50 effects.
        """
        names = [component.name for component in self.components]
        if name not in names:
            raise ModelError(f"There is no component {name!r}. There are: {', '.join(names)}.")
        return profile_interval(self._problem, self._best, (names.index(name), 0), level)

    def to_frame(self) -> pd.DataFrame:
        """A row a quantity: coefficients, QE, QM, log-likelihood, then variances and their I².

        Columns `quantity, value, se, statistic, df, p, lower, upper`; NaN: does not apply.
        """
        variances = [
            {"quantity": f"variance {c.name}", "value": c.variance, "se": c.se}
            for c in self.components
        ]
        shares = [{"quantity": f"I2 {c.name}", "value": c.i2} for c in self.components]
        return pd.concat([self._rows(), pd.DataFrame(variances + shares)], ignore_index=True)

    def __str__(self) -> str:
        parts = "; ".join(
            f"variance {c.name} {c.variance:.4g} (I² {c.i2:.0f}%)" for c in self.components
        )
        said = (
            f"Multilevel model ({self.estimator}, {self.test}) of {self.model.effects.measure} on "
            f"{self.model.design.formula}, {self.k} effects in {self.clusters} clusters by "
            f"{self.cluster}: {parts}; QE {self.qe:.4g} on {self.qe_df} df (P = {self.qe_p:.2g})."
        )
        return "\n".join([said, *self._sentences()])

    def _heterogeneity(self, frame: pd.DataFrame) -> tuple[Array, tuple[str, ...]]:
        return np.full(len(frame), self.tau2), ()
