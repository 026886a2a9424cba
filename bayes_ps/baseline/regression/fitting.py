"""`meta_regression`: how effects depend on moderators, the frequentist way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bayes_ps import checks
from bayes_ps.baseline.linear.coefficients import LinearModel, estimated
from bayes_ps.baseline.linear.design import Design, design_of
from bayes_ps.baseline.linear.joint_tests import wald_test
from bayes_ps.baseline.linear.likelihood_value import log_likelihood
from bayes_ps.baseline.methods import chosen
from bayes_ps.baseline.regression.disagreement import explained, residual_heterogeneity
from bayes_ps.baseline.regression.estimators import RESIDUAL_TAU2, TESTS
from bayes_ps.baseline.regression.notes import notes_on
from bayes_ps.baseline.regression.results import Regression
from bayes_ps.baseline.regression.weighting import Weighted, independent_studies
from bayes_ps.effects import Effects


def meta_regression(
    effects: Effects,
    formula: str,
    tau2: str = "REML",
    test: str | None = None,
    *,
    level: float = 0.95,
) -> Regression:
    r"""How the effects depend on moderators: inverse-variance meta-regression.

    Parameters
    ----------
    effects : k studies with moderators in ``effects.data``; with a covariance `V` they may share
        participants.
    formula : right-hand side, as in ``"latitude + alloc"``, ``"0 + alloc"``, ``"dose * drug"`` or
        ``"np.log(dose)"``; ``"1"`` is the mean alone, ``"se"`` regresses on the standard error.
    tau2 : estimator of the residual between-study variance: ``"REML"``, ``"ML"``, ``"DL"``,
        ``"HE"``, ``"HS"``, ``"HSk"``, ``"SJ"``, ``"PM"``, ``"EB"``, ``"PMM"``, or ``"FE"``
        (tau² = 0).
    test : ``"knha"`` (Knapp-Hartung, t with k − p df; the default), ``"adhoc"`` (knha, but never
        below Wald), ``"t"``, or ``"z"`` (Wald, normal; the default for ``"FE"``).
    level : of every interval, 0.95.

    Returns
    -------
    Regression
        All numbers in the unit of the effects (ratios on the log scale), with `notes` to read.

    Raises
    ------
    ModelError
        For an unknown method or moderator, a moderator that is missing in a study or the same in
        all, fewer than p + 1 studies, and moderators that cannot be told apart.

    Notes
    -----
    .. math:: y \sim N(X\beta, V + \tau^2 I), \quad b = (X'WX)^{-1} X'Wy, \quad
              Cov(b) = s^2 (X'WX)^{-1}, \quad W = (V + \tau^2 I)^{-1}

    s² is 1, and y'Py/(k − p) under knha. An association across studies is observational, even if
    every study is a randomised trial.

    Knapp & Hartung 2003, Stat Med 22:2693, doi:10.1002/sim.1482. Each method names its own source
    in ``result.methods``.
    Tests: ``tests/golden/test_metafor_regression.py`` (metafor 3.8-1; BCG on latitude, REML
    −0.02910, tau² 0.07635, R² 75.63) and ``tests/golden/test_papers_regression.py``.
    """
    estimator = chosen(RESIDUAL_TAU2, tau2, "tau2")
    tested = chosen(TESTS, test or ("z" if tau2 == "FE" else "knha"), "test")
    design = design_of(formula, effects)
    studies = independent_studies(effects, design.X)
    between = estimator.compute(studies)
    at = studies.at(between)
    scale, df = tested.compute(at.rss, studies.df)
    V = np.diag(effects.se**2) if effects.V is None else effects.V
    model = LinearModel(effects, design, V, checks.read_only(V + between * np.eye(effects.k)))
    fields = estimated(model, at.beta, scale * at.fit.covariance, df, level=level)
    residual = residual_heterogeneity(studies, None if tau2 == "FE" else between, level)
    r2, alone = explained(studies, between, estimator) or (None, None)
    rows = [row for row, name in enumerate(design.names) if name != "intercept"] or [0]
    omnibus = wald_test(
        fields["beta"][rows],
        fields["covariance"][np.ix_(rows, rows)],
        df,
        tested=tuple(design.names[row] for row in rows),
    )
    found = Regression(
        **fields,
        **vars(residual),
        tau2=between,
        omnibus=omnibus,
        r2=r2,
        tau2_alone=alone,
        log_likelihood=_log_likelihood(at, design, tau2),
        estimator=tau2,
        test=tested.code,
        methods=(str(estimator), str(tested)),
    )
    return replace(found, notes=notes_on(found, studies.ordinary, at.rss))


def _log_likelihood(at: Weighted, design: Design, tau2: str) -> float | None:
    if tau2 not in ("ML", "REML"):
        return None
    log_det = -float(np.log(at.weights).sum())
    return log_likelihood(at.fit, log_det, design.X, restricted=tau2 == "REML")
