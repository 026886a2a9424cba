"""Small-study methods beside metafor and R's meta: sides, words, and that ours is at the maximum.

The values, their tolerances and why: ``tests/validation/cases_small_study.py``. Where metafor's
optimiser or default tolerance is the limit, ours is shown to be at the maximum by its score in
independent arithmetic.
"""

import numpy as np
import pytest

from bayes_ps.baseline.small_study import begg, selection_model, trim_and_fill
from tests import references
from tests.validation.cases_small_study import FILLING, SETS, frequentist
from tests.validation.data_small_study import FILLED, TEN, TWELVE_V, twelve

MODELS = [(name, key) for name in SETS for key in frequentist(name).get("selmodel_stepfun_ML", {})]


def reml_score(tau2, y, v):
    """Twice the derivative of the restricted log-likelihood, from its formula."""
    w = 1 / (v + tau2)
    mu = (w * y).sum() / w.sum()
    return ((w * (y - mu)) ** 2).sum() - w.sum() + (w**2).sum() / w.sum()


def at_reml(found):
    """The tau² of the filled studies is where the restricted score crosses 0, if it is not 0."""
    y, v, tau2 = found.filled.y, found.filled.se**2, found.adjusted.tau2
    if tau2 > 0:
        assert reml_score(tau2 * (1 - 1e-8), y, v) > 0 > reml_score(tau2 * (1 + 1e-8), y, v)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(("tau2", "estimator"), FILLING)
def test_trim_and_fill(name, tau2, estimator):
    found = trim_and_fill(references.effects(name), tau2, "wald", estimator=estimator)
    assert found.side == frequentist(name)["trimfill"][f"{tau2}_{estimator}"]["side"]
    if tau2 == "REML" and found.k0 > 0:
        at_reml(found)


@pytest.mark.parametrize("case", FILLED, ids="-".join)
def test_trim_and_fill_on_either_side(case):
    """metafor's REML is said to have a tolerance of 1e-10; its score is 2e-4, ours 4e-14."""
    tau2, estimator, side = case
    found = trim_and_fill(TEN, tau2, "wald", estimator=estimator, side=side)
    assert (found.p_k0 is None) == (estimator == "L0")
    at_reml(found)


def test_begg_says_whether_its_p_is_exact():
    exact = begg(twelve(TWELVE_V))
    assert exact.statistic is None and "exact P" in exact.test
    tied = begg(twelve([TWELVE_V[0], TWELVE_V[0], *TWELVE_V[2:]]))
    assert "because of ties" in tied.test


@pytest.mark.parametrize(("name", "key"), MODELS)
def test_selection_model_is_at_its_maximum(name, key):
    """selmodel(type="stepfun"): its optimiser leaves 1e-6 to 1e-5; our likelihood is no lower."""
    metafor = frequentist(name)["selmodel_stepfun_ML"][key]
    steps = [float(step) for step in key.split("_")[1:]]
    found = selection_model(references.effects(name), steps, alternative=metafor["alternative"])
    assert found.delta[0] == metafor["delta"][0]
    assert found.log_likelihood > metafor["loglik"] - 1e-12
    assert np.abs(found.score).max() < 1e-12
