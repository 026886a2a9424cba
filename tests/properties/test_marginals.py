"""What must hold for every distribution: monotone, its own inverse, and adding up to 1."""

import hypothesis.strategies as st
import numpy as np
from hypothesis import Phase, given, settings
from pytest import approx

import bayes_ps as bps
from bayes_ps import priors
from bayes_ps.decision import MCID
from bayes_ps.posterior.heterogeneity import ShareMarginal
from models import CommonEffect, RandomEffects
from tests.properties.strategies import effects, numbers
from tests.unit.making import fitted, made, sampled

MODELS = st.sampled_from(
    [
        RandomEffects(priors.flat(), priors.half_normal(5)),
        RandomEffects(priors.normal(0, 10), priors.half_cauchy(2)),
        RandomEffects(priors.flat(), priors.log_normal(0, 1)),
        RandomEffects(priors.flat(), priors.uniform(1, 9)),
        CommonEffect(priors.normal(0, 10)),
    ]
)
LEVELS = st.lists(numbers(0.01, 0.99), min_size=2, max_size=9).map(sorted).map(np.array)


def marginals(fit):
    found = [fit.marginal(name) for name in fit.unknowns]
    found += [fit.predictive(), fit.study("A")]
    share = fit.share(-2.0)
    return found + ([] if share is None else [share])


@given(studies=effects(), model=MODELS, q=LEVELS)
def test_cdf_and_ppf_are_inverses(studies, model, q):
    fit = fitted(studies, model)
    for marginal in marginals(fit):
        x = marginal.ppf(q)
        assert (np.diff(x) >= -1e-14 * np.abs(x[1:])).all()
        known = np.full(x.shape, True)
        if isinstance(marginal, ShareMarginal):  # within rounding of 0 or 1 nothing can be inverted
            known = (x > 1e-300) & (x < 1 - 1e-9)
        assert marginal.cdf(x)[known] == approx(q[known], abs=1e-9)
        assert marginal.sf(x)[known] == approx(1 - q[known], abs=1e-9)


@given(
    studies=effects(),
    model=MODELS,
    x=st.lists(numbers(-60, 60), min_size=2, max_size=20).map(sorted),
)
def test_probabilities_are_monotone_and_probabilities(studies, model, x):
    fit = fitted(studies, model)
    for marginal in marginals(fit):
        below = marginal.cdf(x)
        assert (np.diff(below) >= -1e-15).all()
        assert (below >= 0).all() and (below <= 1 + 1e-15).all()
        assert below + marginal.sf(x) == approx(np.ones(len(x)), abs=1e-14)


@given(studies=effects(), model=MODELS, low=numbers(0.05, 0.5), high=numbers(0.5, 0.99))
def test_a_wider_level_is_a_wider_interval(studies, model, low, high):
    fit = fitted(studies, model)
    for marginal in marginals(fit):
        inner, outer = marginal.interval(low), marginal.interval(high)
        assert outer[0] <= inner[0] <= inner[1] <= outer[1]


@given(studies=effects(), model=MODELS)
def test_the_shortest_interval_is_not_longer_than_the_central(studies, model):
    fit = fitted(studies, model)
    for marginal in [fit.marginal(name) for name in fit.unknowns]:
        central, shortest = (marginal.interval(0.9, kind=kind) for kind in ("central", "shortest"))
        assert np.ptp(shortest) <= np.ptp(central) * (1 + 1e-9)
        assert marginal.cdf(shortest[1]) - marginal.cdf(shortest[0]) == approx(0.9, abs=1e-9)


def probabilities(decision):
    return [decision.mean, decision.new, *decision.studies]


def adds_up(fit, mcid):
    for p in probabilities(bps.decide(fit, MCID(mcid, fit.effects.unit))):
        assert p.p_mcid + p.p_trivial + p.p_harm == approx(1, abs=1e-13)
        assert p.p_mcid <= p.p_benefit + 1e-15 and p.p_harm <= 1 - p.p_benefit + 1e-15
        assert min(p.p_mcid, p.p_harm) >= 0 and p.p_trivial >= -1e-15
        assert p.lower <= p.median <= p.upper


@given(studies=effects(), model=MODELS, mcid=numbers(0.25, 40))
def test_benefit_triviality_and_harm_add_up(studies, model, mcid):
    adds_up(fitted(studies, model), mcid)


@settings(max_examples=4, phases=[Phase.generate])
@given(studies=effects(), model=MODELS, mcid=numbers(0.25, 40))
def test_they_add_up_from_draws_too(studies, model, mcid):
    adds_up(sampled(fitted(studies, model)), mcid)


@given(
    studies=effects(),
    model=MODELS,
    thresholds=st.lists(numbers(0.25, 40), min_size=2, max_size=6).map(sorted),
)
def test_a_larger_mcid_is_less_probable(studies, model, thresholds):
    fit = fitted(studies, model)
    decisions = [bps.decide(fit, MCID(each, fit.effects.unit)) for each in thresholds]
    for name in ("p_mcid", "p_harm"):
        each = np.array([[getattr(p, name) for p in probabilities(d)] for d in decisions])
        assert (np.diff(each, axis=0) <= 1e-15).all()
    benefit = [[p.p_benefit for p in probabilities(d)] for d in decisions]
    assert all(row == benefit[0] for row in benefit)


@given(given_effects=effects(), model=MODELS, mcid=numbers(0.25, 40))
def test_what_helps_downwards_helps_upwards_in_the_mirror(given_effects, model, mcid):
    if model.mu.proper:  # a prior around 0 is its own mirror image
        assert model.mu.mean == 0
    lower = fitted(given_effects, model)
    higher = fitted(made(-given_effects.y, given_effects.se, better="higher"), model)
    one, other = (bps.decide(fit, MCID(mcid, fit.effects.unit)) for fit in (lower, higher))
    for p, q in zip(probabilities(one), probabilities(other), strict=True):
        assert (q.p_mcid, q.p_harm, q.p_benefit) == approx(
            (p.p_mcid, p.p_harm, p.p_benefit), abs=1e-13
        )
    assert one.share is None or other.share.median == approx(one.share.median, abs=1e-12)


@given(studies=effects(), model=MODELS)
def test_the_curve_falls(studies, model):
    fit = fitted(studies, model)
    curve = bps.mcid_curve(fit, points=51)
    for p in (curve.p_mean, curve.p_new):
        assert (np.diff(p) <= 1e-15).all()
    assert (np.diff(curve.threshold) > 0).all()
