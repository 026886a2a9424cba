"""The conditional view: estimates as functions of tau, and weights, by hand and by scipy."""

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from scipy import integrate

from bayes_ps import priors
from bayes_ps.checks import ModelError
from bayes_ps.posterior import study_weights, tau_trace
from models import CommonEffect, MetaRegression, RandomEffects
from tests.unit.making import PAIN, fitted, made, sampled

FIT = fitted()


def test_the_trace_is_inverse_variance_at_each_tau():
    trace = tau_trace(FIT, points=7)
    assert trace.tau[0] == 0 and trace.tau[-1] == approx(FIT.marginal("tau").ppf(0.995))
    for i, tau in enumerate(trace.tau):
        w = 1 / (PAIN.se**2 + tau**2)
        mu = w @ PAIN.y / w.sum()
        assert trace.mu[i] == approx(mu, rel=1e-12)
        assert trace.mu_sd[i] == approx(w.sum() ** -0.5, rel=1e-12)
        shrink = PAIN.se**2 * w
        assert trace.theta[i] == approx(shrink * mu + (1 - shrink) * PAIN.y, rel=1e-12)
    assert trace.theta[0] == approx(np.full(8, trace.mu[0]), rel=1e-13)
    assert trace.study == tuple("ABCDEFGH")


def test_with_a_large_tau_every_study_is_itself():
    wide = fitted(model=RandomEffects(priors.flat(), priors.uniform(1e5, 2e5)))
    trace = tau_trace(wide, points=2)
    assert trace.theta[-1] == approx(PAIN.y, rel=1e-6) and trace.mu[-1] == approx(PAIN.y.mean())


def test_weights_are_averaged_over_the_posterior_of_tau():
    tau = FIT.marginal("tau")

    def weighted(t: float) -> np.ndarray:
        w = 1 / (PAIN.se**2 + t**2)
        return 100 * w / w.sum() * tau.pdf(t)

    want, _ = integrate.quad_vec(weighted, 0, 60, epsabs=1e-10)
    assert study_weights(FIT) == approx(want, abs=1e-8)
    assert study_weights(FIT).sum() == approx(100, rel=1e-12)


def test_weights_from_draws_are_those_of_quadrature():
    draws = sampled(FIT)
    w = 1 / (PAIN.se**2 + draws.marginal("tau").draws[..., None] ** 2)
    each = 100 * w / w.sum(-1, keepdims=True)
    assert study_weights(draws) == approx(each.mean((0, 1)), rel=1e-12)
    mcse = each.std((0, 1)) / 4000**0.5
    assert (np.abs(study_weights(draws) - study_weights(FIT)) < 4.5 * mcse).all()


def test_weights_without_heterogeneity():
    common = fitted(model=CommonEffect(priors.flat()))
    want = 100 * PAIN.se**-2.0 / (PAIN.se**-2.0).sum()
    for fit in (common, sampled(common)):
        assert study_weights(fit) == approx(want, rel=1e-12)
    with pytest.raises(ModelError, match="A common-effect model has no tau to trace"):
        tau_trace(common)


def test_what_is_missing_to_100_is_the_weight_of_the_prior():
    """Given tau = 0: the prior N(0, 2²) weighs 1/4 beside 1 of the study."""
    model = CommonEffect(priors.normal(0, 2))
    assert study_weights(fitted(made([3], [1]), model)) == approx([80], rel=1e-12)


def test_weights_where_studies_share_participants():
    """Of (V + tau² I)⁻¹ 1, normalised, with tau known to be 0."""
    V = np.array([[1, 0.9, 0], [0.9, 1, 0], [0, 0, 1]])
    shared = fitted(made([1, 2, 3], [1, 1, 1], V), CommonEffect(priors.flat()))
    raw = np.linalg.inv(V).sum(0)
    assert study_weights(shared) == approx(100 * raw / raw.sum(), rel=1e-12)


def test_a_regression_has_no_one_mean_to_trace():
    effects = PAIN.with_data(pd.DataFrame({"dose": np.arange(8)}))
    fit = fitted(effects, MetaRegression(["dose"], priors.flat(), priors.half_normal(5)))
    for asked in (tau_trace, study_weights):
        with pytest.raises(ModelError, match="Only a Gaussian model without moderators"):
            asked(fit)
