"""`Mixed`: what multilevel and multivariate results share, and the fit behind both."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from bayes_ps import checks
from bayes_ps.baseline.components.likelihood import Problem
from bayes_ps.baseline.components.search import Maximum, maximum
from bayes_ps.baseline.components.structure import Component
from bayes_ps.baseline.linear.coefficients import Coefficients, LinearModel, estimated
from bayes_ps.baseline.linear.design import Design
from bayes_ps.baseline.linear.gls import generalised
from bayes_ps.baseline.linear.joint_tests import JointTest, wald_test
from bayes_ps.baseline.methods import Method, by_code, chosen
from bayes_ps.checks import Array
from bayes_ps.effects import Effects

METHODS = by_code(
    Method[bool]("REML", "restricted maximum likelihood", "doi:10.1093/biomet/61.2.383", True),
    Method("ML", "maximum likelihood", "doi:10.1093/biomet/61.2.383", False),
)
TESTS = by_code(
    Method[Any]("z", "Wald, normal quantiles", "as metafor's test='z'", lambda df: math.inf),
    Method("t", "Wald, t with k - p df", "as metafor's test='t'", lambda df: df),
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Mixed(Coefficients):
    """A linear model with variance components. Beside the coefficients it has:

    Parameters
    ----------
    qe, qe_df, qe_p : test of residual heterogeneity, Q at components of 0 with the full V.
    omnibus : test that every coefficient but the intercept is 0.
    log_likelihood : (restricted under REML) at the solution, with metafor's constants.
    score : the largest slope of the likelihood at the solution, in units of the residual SD: 0 up
        to rounding, since the search does not stop early.
    estimator, test : the codes used; `methods` their full names with sources.
    notes : what a reader must know of these numbers, a sentence each.
    """

    qe: float
    qe_df: int
    qe_p: float
    omnibus: JointTest
    log_likelihood: float
    score: float
    estimator: str
    test: str
    methods: tuple[str, ...]
    notes: tuple[str, ...] = ()
    _problem: Problem
    _best: Maximum

    @property
    def k(self) -> int:
        """Number of effects."""
        return self.model.effects.k

    def _rows(self) -> pd.DataFrame:
        """The rows of a frame that both kinds of result have."""
        table = self.coefficient_frame().rename(columns={"name": "quantity", "beta": "value"})
        omnibus = {"statistic": self.omnibus.statistic, "df": self.omnibus.df, "p": self.omnibus.p}
        rest: list[dict[str, Any]] = [
            {"quantity": "QE", "value": self.qe, "df": self.qe_df, "p": self.qe_p},
            {"quantity": "QM" if math.isinf(self.omnibus.df2) else "F"} | omnibus,
            {"quantity": "log-likelihood", "value": self.log_likelihood},
        ]
        return pd.concat([table, pd.DataFrame(rest)], ignore_index=True).astype({"df": float})

    def _sentences(self) -> list[str]:
        """A line a coefficient, and the notes."""
        level = f"{100 * self.level:g}%"
        lines = [
            f"  {name}: {self.beta[row]:.4g} ({level} CI {self.lower[row]:.4g} to "
            f"{self.upper[row]:.4g}; P = {self.p[row]:.2g})"
            for row, name in enumerate(self.names)
        ]
        return [*lines, *(f"Note: {note}" for note in self.notes)]


def fitted(
    effects: Effects,
    design: Design,
    V: Array,
    components: tuple[Component, ...],
    *,
    method: str,
    test: str,
    level: float,
) -> dict[str, Any]:
    """The fields of `Mixed` for these components, without its notes."""
    estimator, tested = chosen(METHODS, method, "method"), chosen(TESTS, test, "test")
    problem = Problem(effects.y, design.X, V, components, estimator.compute)
    best = maximum(problem)
    M = checks.read_only(problem.marginal(best.matrices))
    df = effects.k - design.X.shape[1]
    fit = best.at.fitted.fit
    model = LinearModel(effects, design, V, M)
    fields = estimated(model, fit.beta, fit.covariance, tested.compute(df), level=level)
    qe = generalised(effects.y, design.X, V).fit.rss
    rows = [row for row, name in enumerate(design.names) if name != "intercept"] or [0]
    omnibus = wald_test(
        fit.beta[rows],
        fit.covariance[np.ix_(rows, rows)],
        tested.compute(df),
        tested=tuple(design.names[row] for row in rows),
    )
    return fields | {
        "qe": qe,
        "qe_df": df,
        "qe_p": float(chdtrc(df, qe)),
        "omnibus": omnibus,
        "log_likelihood": best.at.value,
        "score": best.score,
        "estimator": method,
        "test": test,
        "methods": (str(estimator), str(tested)),
        "_problem": problem,
        "_best": best,
    }


def standard_errors(best: Maximum) -> list[Array]:
    """Of the entries of each G, from the observed information; NaN where G is at its boundary.

    A boundary (a variance of 0, a correlation of ±1) has no normal theory: read the profile
    intervals. Components at theirs are held there for the standard errors of the others.
    """
    components = best.at.problem.components
    ranks = [int(np.linalg.matrix_rank(G, hermitian=True)) for G in best.matrices]
    inside = np.concatenate(
        [np.full(len(c.pairs), rank == c.q) for c, rank in zip(components, ranks, strict=True)]
    )
    variances = np.full(inside.size, np.nan)
    if inside.any():
        kept = best.at.information[np.ix_(inside, inside)]
        variances[inside] = np.diag(np.linalg.inv(kept))
    ends = np.cumsum([len(component.pairs) for component in components])[:-1]
    return np.split(np.sqrt(np.where(variances > 0, variances, np.nan)), ends)
