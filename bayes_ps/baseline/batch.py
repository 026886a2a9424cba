"""`baseline_many`: the baseline of many analyses in one long table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import chdtrc

from bayes_ps.baseline.estimators import TAU2
from bayes_ps.baseline.heterogeneity import typical_variance
from bayes_ps.baseline.mean_effect import Given
from bayes_ps.baseline.mean_intervals import CI
from bayes_ps.baseline.methods import chosen
from bayes_ps.baseline.new_setting import PREDICTION, half_width
from bayes_ps.baseline.pooling import check, default_ci, problem_of_size
from bayes_ps.baseline.results import Choices
from bayes_ps.baseline.weighting import pool
from bayes_ps.checks import Array, ModelError
from bayes_ps.effects.groups import Ragged, ragged

COLUMNS = (
    "mu", "se", "lower", "upper", "statistic", "df", "p", "tau2", "q", "q_df", "q_p", "i2", "h2",
    "prediction_lower", "prediction_upper",
)  # fmt: skip


def baseline_many(
    table: pd.DataFrame,
    by: str | Sequence[str],
    tau2: str = "REML",
    ci: str | None = None,
    *,
    level: float = 0.95,
    prediction: str = "HTS",
    y: str = "y",
    se: str = "se",
) -> pd.DataFrame:
    """Pool every analysis of a long table, as :func:`bayes_ps.baseline` would each.

    Parameters
    ----------
    table : a row an estimate.
    by : the column, or columns, that name the analysis of a row.
    tau2, ci, level, prediction : as in :func:`bayes_ps.baseline`; not ``ci="henmi-copas"`` and not
        ``prediction="bootstrap"``.
    y, se : the columns of the estimates (ratios on the log scale) and their standard errors.

    Returns
    -------
    DataFrame
        A row an analysis, in the order in which they first appear: the columns `by`; `k`; `mu`,
        `se`, `lower`, `upper`, `statistic`, `df`, `p`, `tau2`, `q`, `q_df`, `q_p`, `i2`, `h2` as
        in :class:`bayes_ps.Baseline`; `prediction_lower`, `prediction_upper`, NaN where none
        exists; and `problem`: why an analysis could not be done, "" where it could. The numbers of
        one with a problem are NaN; the others are not touched.

    Raises
    ------
    ModelError
        For a method that is unknown, or not one for many analyses.
    StudyTableError
        If a column is missing.

    Notes
    -----
    Analyses of the same number of studies are computed together, by the same functions as one. The
    studies are taken as independent. 100 000 analyses of ten studies: ``python -m
    tests.benchmarks.baseline``.
    Test: ``tests/unit/test_baseline_many.py``, equal to `baseline` for every method.
    """
    code = ci or default_ci(tau2)
    for methods, each, argument in ((TAU2, tau2, "tau2"), (CI, code, "ci")):
        chosen(methods, each, argument)
    if code == "henmi-copas" or chosen(PREDICTION, prediction, "prediction").compute is None:
        raise ModelError(
            'ci="henmi-copas" and prediction="bootstrap" are for one analysis at a time: '
            "bps.baseline(effects, ...)."
        )
    choices = Choices(estimator=tau2, ci=code, level=level, prediction=prediction)
    check(choices)
    groups = ragged(table, by, y=y, se=se)
    found = {name: np.full(groups.k.size, np.nan) for name in COLUMNS}
    problem = groups.problem.copy()
    for k in np.unique(groups.k):
        of_size = groups.k == k
        problem[of_size & (problem == "")] = problem_of_size(int(k), choices)
        analyses = np.flatnonzero(of_size & (problem == ""))
        for name, values in _pooled(groups, analyses, int(k), choices).items():
            found[name][analyses] = values
    return groups.keys.assign(k=groups.k, **found, problem=problem)


def _pooled(
    groups: Ragged, analyses: npt.NDArray[np.intp], k: int, choices: Choices
) -> dict[str, Any]:
    """The columns of `analyses`, each of `k` studies."""
    if not analyses.size:
        return {}
    rows = groups.start[analyses][:, np.newaxis] + np.arange(k)
    y, v = groups.y[rows], groups.se[rows] ** 2
    tau2 = np.asarray(TAU2[choices.estimator].compute(y, v))
    given = Given(y, v, tau2, pool(y, v, tau2), choices.level)
    mean = CI[choices.ci].compute(given)
    columns = vars(mean) | {"tau2": tau2} | _disagreement(given, choices)
    df_of_new = PREDICTION[choices.prediction].compute
    if choices.estimator == "FE" or df_of_new is None:
        return columns
    df = np.broadcast_to(df_of_new(k, mean.df), mean.mu.shape).astype(float)
    with np.errstate(invalid="ignore"):
        half = half_width(mean.se, tau2, np.where(df > 0, df, np.nan), choices.level)
    new = {"prediction_lower": mean.mu - half, "prediction_upper": mean.mu + half}
    return columns | new


def _disagreement(given: Given, choices: Choices) -> dict[str, Array]:
    """Q with its test, I² and H², as ``heterogeneity.disagreement``."""
    q, df = pool(given.y, given.v, np.zeros(len(given.y))).q, given.y.shape[-1] - 1
    columns = {"q": q, "q_df": np.full(q.shape, float(df))}
    if df == 0:
        return columns
    if choices.estimator == "FE":
        with np.errstate(divide="ignore", invalid="ignore"):
            i2, h2 = np.where(q > df, 100 * (q - df) / q, 0.0), q / df
    else:
        ratio = given.tau2 / typical_variance(given.v)
        i2, h2 = 100 * ratio / (1 + ratio), 1 + ratio
    return columns | {"q_p": chdtrc(df, q), "i2": i2, "h2": h2}
