"""What must be equal by mathematics: the baseline in the posterior, and limits of the models."""

import numpy as np
import pytest

import bayes_ps as bps
from bayes_ps.exact import whiten
from models import CommonEffect, MetaRegression, RandomEffects, priors
from tests import references


@pytest.mark.parametrize("name", references.UNIVARIATE)
@pytest.mark.parametrize("method", ["DL", "REML", "PM", "ML"])
def test_flat_posterior_given_tau_is_the_baseline(name, method):
    """Given tau = tau_DL, mu under a flat prior is N(mu_DL, se_DL²): metafor's numbers."""
    want = references.expected(name)["frequentist"]["RE"][method]
    model = RandomEffects(mu=priors.flat(), tau=priors.half_normal(1))
    with np.errstate(divide="ignore"):
        log_tau = np.log(np.sqrt([want["tau2"]]))
    given = whiten(model.gaussian(references.effects(name))).given(log_tau)
    assert given.mean[0, 0] == pytest.approx(want["est"], rel=1e-12)
    assert given.covariance[0, 0, 0] ** 0.5 == pytest.approx(want["se"], rel=1e-12)


@pytest.mark.parametrize("name", references.UNIVARIATE)
def test_common_effect_with_flat_prior_is_inverse_variance(name):
    want = references.expected(name)["frequentist"]["FE"]
    mu = bps.fit(CommonEffect(mu=priors.flat()), references.effects(name)).marginal("mu")
    assert mu.mean == pytest.approx(want["est"], rel=1e-12)
    assert mu.interval() == pytest.approx((want["ci_lb"], want["ci_ub"]), rel=1e-12)


def test_random_effects_become_common_effect_as_tau_vanishes():
    effects = references.effects("bcg")
    narrow = RandomEffects(mu=priors.flat(), tau=priors.half_normal(1e-9))
    found = bps.fit(narrow, effects).marginal("mu")
    want = references.expected("bcg")["frequentist"]["FE"]
    assert (found.mean, found.sd) == pytest.approx((want["est"], want["se"]), rel=1e-9)


def test_subgroups_with_a_prior_of_one_study_each_are_separate():
    """Cell means with tau fixed near 0: each group's inverse-variance mean."""
    effects = references.effects("bcg")
    alloc = references.table("bcg")["alloc"]
    model = MetaRegression(["alloc"], priors.flat(), priors.half_normal(1e-9), intercept=False)
    fit = bps.fit(model, effects.with_data(references.table("bcg")))
    for group in sorted(set(alloc)):
        own = effects.where((alloc == group).to_numpy())
        want = np.average(own.y, weights=own.se**-2)
        assert fit.average({"alloc": group}).mean == pytest.approx(want, rel=1e-9)


def test_student_t_prior_of_tau_becomes_normal_with_many_df():
    effects = references.effects("crins_ar")
    t = RandomEffects(mu=priors.flat(), tau=priors.half_student_t(1e9, 0.5))
    normal = RandomEffects(mu=priors.flat(), tau=priors.half_normal(0.5))
    found, want = (bps.fit(model, effects).marginal("mu") for model in (t, normal))
    assert found.ppf(0.975) == pytest.approx(want.ppf(0.975), rel=1e-8)
