"""`ClusterRobust`: the coefficients of a model with standard errors from its clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bayes_ps.baseline.linear.coefficients import Coefficients
from bayes_ps.baseline.linear.joint_tests import JointTest
from bayes_ps.baseline.robust.sandwich import Sandwich
from bayes_ps.baseline.robust.small_samples import hotelling, satterthwaite
from bayes_ps.checks import Array


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ClusterRobust(Coefficients):
    """Cluster-robust tests and intervals; made by :func:`bayes_ps.cluster_robust`.

    Beside the coefficients (see `Coefficients`; their `df` differ under CR2) it has:

    Parameters
    ----------
    type : ``"CR2"``, ``"CR1"`` or ``"CR0"``.
    clusters : number of clusters.
    fitted : the result that it was made of, with its heterogeneity.
    methods : full names with sources; notes : what a reader must know, a sentence each.
    """

    type: str
    clusters: int
    fitted: Coefficients
    methods: tuple[str, ...]
    notes: tuple[str, ...] = ()
    _sandwich: Sandwich

    def joint_test(self, *terms: str) -> JointTest:
        """That all coefficients of these terms are 0 (none given: all but the intercept).

        Under CR2 by the approximate Hotelling T² test (HTZ), otherwise by an F with clusters − p
        degrees of freedom. Raises ModelError where too few clusters speak for the terms.
        """
        if self.type != "CR2":
            return super().joint_test(*terms)
        rows = self._tested(terms)
        names = tuple(self.names[row] for row in rows)
        return hotelling(self._sandwich, self.covariance, rows, names=names)

    def to_frame(self) -> pd.DataFrame:
        """A row a coefficient: `name, beta, se, statistic, df, p, lower, upper`, and `se_model`,
        the standard error that trusts the model.
        """
        return self.coefficient_frame().assign(se_model=self.fitted.se)

    def __str__(self) -> str:
        level = f"{100 * self.level:g}%"
        lines = [
            f"Cluster-robust ({self.type}) of {self.model.effects.measure} on "
            f"{self.model.design.formula}, {self.model.effects.k} effects in {self.clusters} "
            f"clusters:"
        ]
        for row, name in enumerate(self.names):
            lines.append(
                f"  {name}: {self.beta[row]:.4g} ({level} CI {self.lower[row]:.4g} to "
                f"{self.upper[row]:.4g}; t with {self.df[row]:.3g} df, P = {self.p[row]:.2g})"
            )
        return "\n".join([*lines, *(f"Note: {note}" for note in self.notes)])

    def _degrees_of_freedom(self, X: Array) -> Array:
        if self.type != "CR2":
            return super()._degrees_of_freedom(X)
        return np.array([satterthwaite(self._sandwich, row) for row in X])

    def _heterogeneity(self, frame: pd.DataFrame) -> tuple[Array, tuple[str, ...]]:
        return self.fitted._heterogeneity(frame)
