"""`Multivariate`: what a frequentist meta-analysis of several outcomes found, and how."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bayes_ps.baseline.components.mixed import Mixed
from bayes_ps.baseline.components.profile import profile_interval
from bayes_ps.baseline.interval import Interval
from bayes_ps.checks import Array, ModelError


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Multivariate(Mixed):
    """Several outcomes of each study; made by :func:`bayes_ps.multivariate`.

    Beside the coefficients and tests (see `Coefficients` and `Mixed`) it has:

    Parameters
    ----------
    outcome, study : the columns that name outcomes and studies; `studies` how many there are.
    outcomes : (q,) names of the outcomes.
    G : (q, q) covariance of true effects between studies, in `unit`².
    tau2, tau2_se : (q,) its diagonal and standard errors (NaN where G is at its boundary).
    correlation : (q, q) of true effects between studies; 0 beside a variance of 0.
    """

    outcome: str
    study: str
    studies: int
    outcomes: tuple[str, ...]
    G: Array
    tau2: Array
    tau2_se: Array
    correlation: Array

    def tau2_interval(self, outcome: str, level: float = 0.95) -> Interval:
        """The profile-likelihood interval of the variance of one outcome, in `unit`².

        Each value costs a search over all other parameters: half a second for 50 effects.
        """
        if outcome not in self.outcomes:
            raise ModelError(
                f"There is no outcome {outcome!r}. There are: {', '.join(self.outcomes)}."
            )
        place = (0, self.outcomes.index(outcome))
        return profile_interval(self._problem, self._best, place, level)

    def to_frame(self) -> pd.DataFrame:
        """A row a quantity: coefficients, QE, QM, log-likelihood, tau2s and correlations.

        Columns `quantity, value, se, statistic, df, p, lower, upper`; NaN: does not apply.
        """
        rows = [
            {"quantity": f"tau2 {name}", "value": self.tau2[a], "se": self.tau2_se[a]}
            for a, name in enumerate(self.outcomes)
        ]
        rows += [
            {"quantity": f"correlation {first}, {second}", "value": self.correlation[a, b]}
            for a, first in enumerate(self.outcomes)
            for b, second in enumerate(self.outcomes)
            if a < b
        ]
        return pd.concat([self._rows(), pd.DataFrame(rows)], ignore_index=True)

    def __str__(self) -> str:
        spread = "; ".join(
            f"tau² {name} {value:.4g}" for name, value in zip(self.outcomes, self.tau2, strict=True)
        )
        pairs = ", ".join(
            f"{self.correlation[a, b]:.3f}"
            for a in range(len(self.outcomes))
            for b in range(a + 1, len(self.outcomes))
        )
        said = (
            f"Multivariate model ({self.estimator}, {self.test}) of {self.model.effects.measure} "
            f"on {self.model.design.formula}, {self.k} effects of {self.studies} studies: "
            f"{spread}; correlation {pairs}; QE {self.qe:.4g} on {self.qe_df} df "
            f"(P = {self.qe_p:.2g})."
        )
        return "\n".join([said, *self._sentences()])

    def _heterogeneity(self, frame: pd.DataFrame) -> tuple[Array, tuple[str, ...]]:
        if self.outcome not in frame:
            raise ModelError(
                f"The formula {self.model.design.formula!r} does not read {self.outcome!r}, so it "
                f"is unclear which outcome to predict. Put {self.outcome!r} into the formula."
            )
        places = [self.outcomes.index(str(name)) for name in frame[self.outcome]]
        return np.asarray(self.tau2[places]), ()
