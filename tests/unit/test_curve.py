"""The MCID curve: probabilities by threshold, for either direction of benefit."""

import numpy as np
import pytest
from pytest import approx
from scipy import stats

import bayes_ps as bps
from bayes_ps import priors
from bayes_ps.checks import UnitError
from bayes_ps.decision import MCID
from models import CommonEffect
from tests.unit.making import PAIN, fitted, made, sampled

FIT = fitted(seed=2)
TEN = MCID(10, "points (0-100)")


@pytest.mark.parametrize(("better", "sign"), [("lower", -1), ("higher", 1)])
def test_one_normal_posterior_by_hand(better, sign):
    fit = fitted(made([8 * sign], [3], better=better), CommonEffect(priors.flat()))
    curve = bps.mcid_curve(fit)
    assert curve.p_mean == approx(stats.norm(8, 3).sf(curve.threshold), rel=1e-12)
    assert curve.p_new.tolist() == curve.p_mean.tolist()
    assert curve.threshold[0] == approx(8 - 3 * stats.norm.isf(0.001))
    assert curve.threshold[-1] == approx(8 + 3 * stats.norm.isf(0.001))


def test_it_reads_off_what_decide_says():
    curve = bps.mcid_curve(FIT, TEN, points=501)
    decision = bps.decide(FIT, TEN)
    at = np.argmin(np.abs(curve.threshold - 10))
    for found, want in ((curve.p_mean, decision.mean), (curve.p_new, decision.new)):
        low, high = sorted(found[[at - 1, at + 1]])
        assert low <= want.p_mcid <= high
        assert (np.diff(found) <= 0).all()


def test_from_draws_it_is_counts():
    draws = sampled(FIT)
    curve = bps.mcid_curve(draws, TEN, points=5)
    mu = draws.marginal("mu").draws
    assert curve.p_mean == approx([(mu <= -t).mean() for t in curve.threshold], abs=1e-15)


def test_its_range_holds_no_effect_and_the_mcid():
    curve = bps.mcid_curve(fitted(made([-3], [0.1]), CommonEffect(priors.flat())), TEN)
    assert curve.threshold[0] == 0 and curve.threshold[-1] == approx(13)
    assert (curve.mcid, curve.unit, curve.threshold.size) == (TEN, "points (0-100)", 201)


def test_harm_is_a_negative_threshold():
    harmful = fitted(made([5], [1]), CommonEffect(priors.flat()))
    curve = bps.mcid_curve(harmful)
    assert curve.threshold[0] == approx(-5 - stats.norm.isf(0.001))
    assert curve.p_mean[0] == approx(0.999)


def test_an_mcid_in_another_unit_is_refused():
    with pytest.raises(UnitError, match="The MCID is in 'SD units'"):
        bps.mcid_curve(FIT, MCID(0.5, "SD units"))


def test_frame():
    curve = bps.mcid_curve(FIT, points=11)
    frame = curve.to_frame()
    assert list(frame) == ["threshold", "p_mean", "p_new"] and len(frame) == 11
    assert frame["p_new"].tolist() == curve.p_new.tolist() and curve.unit == PAIN.unit
