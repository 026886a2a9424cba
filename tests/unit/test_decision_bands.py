"""Bands of size: they split what `decide` says, in either direction of benefit."""

import numpy as np
import pytest
from pytest import approx
from scipy import stats

import bayes_ps as bps
from bayes_ps import priors
from bayes_ps.checks import BayesPSError, UnitError
from bayes_ps.decision import MCID, bands
from models import CommonEffect
from tests.unit.making import fitted, made, sampled

UNIT = "points (0-100)"
FIT = fitted(seed=2)


@pytest.mark.parametrize(("better", "sign"), [("lower", -1), ("higher", 1)])
def test_one_normal_by_hand(better, sign):
    fit = fitted(made([8 * sign], [3], better=better), CommonEffect(priors.flat()))
    found = bands(fit, (5, 10, 20))
    edges = [-np.inf, -20, -10, -5, 5, 10, 20, np.inf]
    assert found.p_mean == approx(np.diff(stats.norm(8, 3).cdf(edges)), abs=1e-14)
    assert found.p_mean[0] == approx(stats.norm.cdf(-28 / 3), rel=1e-10)
    assert found.p_mean[-1] == approx(stats.norm.sf(4), rel=1e-10)
    assert found.band[3] == "trivial" and found.band[-1] == "large benefit"
    assert found.band[0] == "large harm" and not found.mcse_mean.any()
    assert found.low.tolist() == edges[:-1] and found.high.tolist() == edges[1:]


def test_they_split_what_decide_says():
    mcid = MCID(5, UNIT)
    found, decision = bands(FIT, (mcid, 10, 20)), bps.decide(FIT, mcid)
    for p, said in ((found.p_mean, decision.mean), (found.p_new, decision.new)):
        assert p.sum() == approx(1, abs=1e-14)
        assert p[3] == approx(said.p_trivial, abs=1e-14)
        assert p[4:].sum() == approx(said.p_mcid, abs=1e-14)
        assert p[:3].sum() == approx(said.p_harm, abs=1e-14)


def test_from_draws_they_are_counts_with_an_error():
    draws = sampled(FIT)
    mu = draws.marginal("mu").draws
    found = bands(draws, (5, 10), names=("trivial", "important", "large"))
    want = ((mu > -10) & (mu <= -5)).mean()
    assert found.p_mean[3] == approx(want, abs=1e-15)
    assert found.mcse_mean[3] == approx((want * (1 - want) / 4000) ** 0.5, rel=0.15)


def test_it_prints_and_tabulates():
    found = bands(FIT, (5, 10, 20))
    assert str(found).startswith("Bands from 5, 10, 20 points (0-100) on. The mean effect: large")
    assert found.to_frame().shape == (7, 7)


@pytest.mark.parametrize("cuts", [(), (5, 5, 10), (10, 5, 20), (0, 5, 10), (-5, 5, 10)])
def test_cuts_rise_from_above_0(cuts):
    with pytest.raises(BayesPSError, match="cuts must rise from above 0"):
        bands(FIT, cuts)


def test_what_is_no_cut_is_refused():
    with pytest.raises(BayesPSError, match="2 cuts make 3 bands"):
        bands(FIT, (5, 10))
    with pytest.raises(UnitError, match="A cut is a number"):
        bands(FIT, ("5", 10, 20))
    with pytest.raises(UnitError, match="The MCID is in 'SD units'"):
        bands(FIT, (MCID(0.5, "SD units"), 10, 20))
