"""`subgroups`: pool each subgroup and test their differences, with a tau² for each or for all."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import chdtrc

from bayes_ps.baseline.heterogeneity import i2_from_q
from bayes_ps.baseline.interval import quantile
from bayes_ps.baseline.linear.joint_tests import JointTest
from bayes_ps.baseline.linear.moderators import refuse_missing_or_constant
from bayes_ps.baseline.methods import chosen
from bayes_ps.baseline.regression.estimators import RESIDUAL_TAU2, TESTS
from bayes_ps.baseline.regression.fitting import meta_regression
from bayes_ps.baseline.regression.results import Regression
from bayes_ps.baseline.regression.subgroup_results import Subgroup, SubgroupAnalysis
from bayes_ps.baseline.regression.weighting import independent_studies
from bayes_ps.checks import ModelError
from bayes_ps.effects import Effects

FEW = 5
Labels = npt.NDArray[np.str_]


def subgroups(
    effects: Effects,
    by: str,
    tau2: str = "REML",
    test: str | None = None,
    *,
    common_tau2: bool = False,
    level: float = 0.95,
) -> SubgroupAnalysis:
    r"""The pooled effect of each subgroup, and the test that subgroups differ.

    Parameters
    ----------
    effects : k independent studies; their subgroups in a column of ``effects.data``.
    by : that column.
    tau2, test : as in :func:`bayes_ps.meta_regression`.
    common_tau2 : False (as RevMan): each subgroup is pooled alone with its own tau², and
        Q between = Σ w (mu_g − mu)², w = 1/se_g² with Wald's se_g, is chi² with groups − 1 df.
        True: one tau² for all, a meta-regression on `by`; under knha the test is an F.
    level : of every interval, 0.95.

    Returns
    -------
    SubgroupAnalysis

    Raises
    ------
    ModelError
        For an unknown column or method, a value of `by` that is missing or the same in every
        study, and (common_tau2) as many subgroups as studies.

    Notes
    -----
    Under ``tau2="FE"`` both are the same, and Q between = Q total − Σ Q within. A difference
    between subgroups is an observation across studies, not a randomised comparison. A tau² from a
    handful of studies is so uncertain that one tau² for all is often the better choice.

    Borenstein et al. 2009, Introduction to Meta-Analysis, chapter 19; Deeks & Higgins 2010,
    Statistical algorithms in Review Manager 5.
    Tests: ``tests/golden/test_papers_regression.py`` (Lipsey & Wilson 2001, Q between 7.0739).
    """
    chosen(RESIDUAL_TAU2, tau2, "tau2")
    tested = chosen(TESTS, test or ("z" if tau2 == "FE" else "knha"), "test").code
    labels = _labels(effects, by)
    pooled = _with_one_tau2 if common_tau2 else _each_alone
    groups, difference, methods = pooled(effects, labels, tau2, tested, level=level)
    return SubgroupAnalysis(
        by=by,
        groups=groups,
        difference=difference,
        common_tau2=common_tau2,
        level=level,
        measure=effects.measure,
        unit=effects.unit,
        estimator=tau2,
        test=tested,
        methods=methods,
        notes=_notes(groups, tau2, common_tau2),
    )


def _labels(effects: Effects, by: str) -> Labels:
    data = effects.data
    if by not in data:
        raise ModelError(
            f"effects.data has no column {by!r}. It has: {', '.join(map(str, data)) or 'none'}."
        )
    refuse_missing_or_constant(data[by], by, effects.study)
    return np.array([str(value) for value in data[by]])


def _each_alone(
    effects: Effects, labels: Labels, tau2: str, test: str, *, level: float
) -> tuple[tuple[Subgroup, ...], JointTest, tuple[str, ...]]:
    if effects.V is not None:
        raise ModelError(
            "The effects have a covariance V, so subgroups may share participants and cannot be "
            "compared as independent. Use subgroups(..., common_tau2=True), which reads V."
        )
    groups: list[Subgroup] = []
    wald_se: list[float] = []
    methods: tuple[str, ...] = ()
    for name in sorted(set(labels)):
        part = effects.where(labels == name)
        if part.k == 1:
            groups.append(_single(name, part, level))
            wald_se.append(float(part.se[0]))
            continue
        found = meta_regression(part, "1", tau2, test, level=level)
        groups.append(_of(found, 0, name, part))
        wald_se.append(float((1 / (part.se**2 + found.tau2)).sum() ** -0.5))
        methods = found.methods
    mu, weights = np.array([group.mu for group in groups]), 1 / np.square(wald_se)
    q = float(weights @ (mu - weights @ mu / weights.sum()) ** 2)
    df = len(groups) - 1
    difference = JointTest(q, df, math.inf, float(chdtrc(df, q)), tuple(g.name for g in groups))
    said = "differences: Q between the subgroups' means, with Wald's standard errors (as RevMan 5)"
    return tuple(groups), difference, (*methods, said)


def _with_one_tau2(
    effects: Effects, labels: Labels, tau2: str, test: str, *, level: float
) -> tuple[tuple[Subgroup, ...], JointTest, tuple[str, ...]]:
    labelled = effects.with_data(pd.DataFrame({"subgroup": labels}))
    means = meta_regression(labelled, "0 + subgroup", tau2, test, level=level)
    groups = []
    for row, name in enumerate(sorted(set(labels))):
        part = effects.where(labels == name)
        groups.append(_of(means, row, name, part))
    difference = meta_regression(labelled, "1 + subgroup", tau2, test, level=level).omnibus
    said = "differences: Wald test of a meta-regression on the subgroups"
    return tuple(groups), difference, (*means.methods, said)


def _of(found: Regression, row: int, name: str, part: Effects) -> Subgroup:
    """One subgroup as coefficient `row` of `found`, with the Q of its own studies.

    I² is from tau² where that is the subgroup's own, and from Q otherwise.
    """
    own = len(found.names) == 1
    q, df = independent_studies(part, np.ones((part.k, 1))).fixed.rss, part.k - 1
    return Subgroup(
        name=name,
        k=part.k,
        mu=float(found.beta[row]),
        se=float(found.se[row]),
        lower=float(found.lower[row]),
        upper=float(found.upper[row]),
        df=float(found.df[row]),
        tau2=found.tau2,
        q=q if df else 0.0,
        q_df=df,
        q_p=float(chdtrc(df, q)) if df else math.nan,
        i2=found.i2 if own else i2_from_q(q, df),
    )


def _single(name: str, part: Effects, level: float) -> Subgroup:
    mu, se = float(part.y[0]), float(part.se[0])
    half = quantile(level, math.inf) * se
    nan = math.nan
    return Subgroup(name, 1, mu, se, mu - half, mu + half, math.inf, nan, 0.0, 0, q_p=nan, i2=nan)


def _notes(groups: tuple[Subgroup, ...], tau2: str, common_tau2: bool) -> tuple[str, ...]:
    said = []
    single = [group.name for group in groups if group.k == 1]
    few = [f"{group.name} ({group.k})" for group in groups if 1 < group.k < FEW]
    if single and not common_tau2 and tau2 != "FE":
        said.append(
            f"One study only in {', '.join(single)}: its own estimate and standard error, with "
            f"normal quantiles; tau² cannot be estimated there, so its interval lacks it."
        )
    if single and common_tau2 and tau2 != "FE":
        said.append(
            f"One study only in {', '.join(single)}: it is fitted exactly and says nothing of tau²."
        )
    if few and not common_tau2 and tau2 != "FE":
        said.append(
            f"tau² from few studies is very uncertain: {', '.join(few)}. common_tau2=True borrows "
            f"the tau² of all subgroups."
        )
    return tuple(said)
