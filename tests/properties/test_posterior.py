"""What must hold for every posterior: order, unit, origin and sign of the studies."""

from dataclasses import replace

import hypothesis.strategies as st
import numpy as np
from hypothesis import given
from pytest import approx

from bayes_ps import priors
from models import CommonEffect, RandomEffects
from tests.properties.strategies import correlated, effects, numbers
from tests.unit.making import fitted, made

Q = np.array([0.01, 0.3, 0.5, 0.9, 0.99])
TAU = st.sampled_from(
    [priors.half_normal(5), priors.half_cauchy(3), priors.uniform(0.5, 30), priors.exponential(0.2)]
)
POSITIVE = st.sampled_from([1e-6, 1e-3, 0.3, 7.0, 1e3, 1e6])


def close(one, other, scale):
    """Quantiles are those of one law, in units of its own spread."""
    assert np.abs(np.asarray(one) - np.asarray(other)).max() < 1e-9 * scale


def asked(fit):
    return {"mu": fit.marginal("mu"), "tau": fit.marginal("tau"), "new": fit.predictive()}


def spread(marginal):
    return float(np.diff(marginal.ppf([0.16, 0.84]))[0])


@given(given_effects=correlated(), tau=TAU, data=st.data())
def test_order_of_the_studies_is_immaterial(given_effects, tau, data):
    shuffled = given_effects.sort("dose").sort("tag", descending=data.draw(st.booleans()))
    model = RandomEffects(priors.flat(), tau)
    one, other = fitted(given_effects, model), fitted(shuffled, model)
    assert other.log_evidence == approx(one.log_evidence, abs=1e-9)
    for name, marginal in asked(one).items():
        close(asked(other)[name].ppf(Q), marginal.ppf(Q), spread(marginal))
    for study in one.studies:
        theta = one.study(study)
        close(other.study(study).ppf(Q), theta.ppf(Q), spread(theta))


@given(given_effects=effects(), scale=numbers(0.5, 20), factor=POSITIVE)
def test_a_unit_scales_mu_and_tau(given_effects, scale, factor):
    """y, se and the prior of tau by c: mu and tau by c, and k - 1 densities of y by 1 / c."""
    factor = float(factor)
    scaled = made(factor * given_effects.y, factor * given_effects.se)
    one = fitted(given_effects, RandomEffects(priors.flat(), priors.half_normal(scale)))
    other = fitted(scaled, RandomEffects(priors.flat(), priors.half_normal(factor * scale)))
    for name, marginal in asked(one).items():
        close(asked(other)[name].ppf(Q) / factor, marginal.ppf(Q), spread(marginal))
        assert asked(other)[name].sd / factor == approx(marginal.sd, rel=1e-9)
    want = one.log_evidence - (given_effects.k - 1) * np.log(factor)
    assert other.log_evidence == approx(want, abs=1e-9, rel=1e-12)


@given(given_effects=effects(), tau=TAU, by=numbers(-1000, 1000))
def test_another_origin_moves_mu_and_leaves_tau(given_effects, tau, by):
    model = RandomEffects(priors.flat(), tau)
    one = fitted(given_effects, model)
    other = fitted(made(given_effects.y + by, given_effects.se), model)
    close(other.marginal("mu").ppf(Q) - by, one.marginal("mu").ppf(Q), spread(one.marginal("mu")))
    close(other.marginal("tau").ppf(Q), one.marginal("tau").ppf(Q), spread(one.marginal("tau")))
    assert other.log_evidence == approx(one.log_evidence, abs=1e-7)


@given(given_effects=effects(), tau=TAU, mean=numbers(-20, 20))
def test_the_other_sign_is_the_mirror_image(given_effects, tau, mean):
    one = fitted(given_effects, RandomEffects(priors.normal(mean, 10), tau))
    turned = made(-given_effects.y, given_effects.se)
    other = fitted(turned, RandomEffects(priors.normal(-mean, 10), tau))
    x = np.array([-30.0, -3, 0, 8])
    for name in ("mu", "new"):
        assert asked(other)[name].cdf(-x) == approx(asked(one)[name].sf(x), abs=1e-13)
    assert other.log_evidence == approx(one.log_evidence, abs=1e-10)


@given(given_effects=effects(least=2))
def test_a_vanishing_tau_is_the_common_effect(given_effects):
    common = fitted(given_effects, CommonEffect(priors.flat())).marginal("mu")
    narrow = RandomEffects(priors.flat(), priors.half_normal(1e-7))
    random = fitted(given_effects, narrow).marginal("mu")
    close(random.ppf(Q), common.ppf(Q), spread(common) * 100)


@given(given_effects=effects(least=2, most=4), data=st.data())
def test_a_study_without_information_changes_nothing(given_effects, data):
    """Its standard error is a million times the others'."""
    model = RandomEffects(priors.normal(0, 20), priors.half_normal(5))
    row = data.draw(st.integers(0, given_effects.k - 1))
    se = given_effects.se.copy()
    se[row] = 1e8
    vague = fitted(replace(given_effects, se=se), model)
    without = fitted(given_effects.drop(given_effects.study[row]), model)
    for name, marginal in asked(without).items():
        assert asked(vague)[name].cdf(1.0) == approx(marginal.cdf(1.0), abs=1e-5)
