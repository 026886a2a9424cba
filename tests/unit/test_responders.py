"""Responders: shares of patients, their difference and the NNT, by normal scores."""

import numpy as np
import pytest
from pytest import approx
from scipy import integrate, stats

from bayes_ps import priors
from bayes_ps.checks import BayesPSError, UnitError
from bayes_ps.decision import MCID, responders
from models import CommonEffect
from tests.unit.making import fitted, made, sampled

UNIT = "points (0-100)"
TEN = MCID(10, UNIT)
FIT = fitted(seed=2)
ONE = fitted(made([-8], [3]), CommonEffect(priors.flat()))
SMD = made([-0.4], [0.15], measure="SMD", unit="SD units")


@pytest.mark.parametrize(("better", "sign"), [("lower", -1), ("higher", 1)])
def test_one_normal_by_hand(better, sign):
    """MD ~ N(±8, 3²), SD 20, control ±5: z = −0.25; quantiles are those of the MD, mapped."""
    fit = fitted(made([8 * sign], [3], better=better), CommonEffect(priors.flat()))
    found = responders(fit, TEN, sd=20, control_mean=5 * sign)
    assert found.control.median == approx(stats.norm.cdf(-0.25), abs=1e-14)
    gain = stats.norm(8, 3).ppf([0.5, 0.025, 0.975])
    want = stats.norm.cdf((5 - 10 + gain) / 20)
    treated, difference = found.treated[0], found.difference[0]
    assert (treated.median, treated.lower, treated.upper) == approx(tuple(want), abs=1e-12)
    want -= stats.norm.cdf(-0.25)
    got = difference.median, difference.lower, difference.upper
    assert got == approx(tuple(want), abs=1e-12)
    mean = stats.norm.cdf((5 - 10 + 8) / np.hypot(20, 3))  # a normal score of a normal
    assert treated.mean == approx(mean, abs=1e-13)
    best, typical, worst = (int(np.ceil(1 / want[i])) for i in (2, 0, 1))
    assert found.nnt[0] == f"NNTB {typical} (NNTB {best} to NNTB {worst})"


def test_an_smd_needs_no_sd_for_a_stated_share():
    """Furukawa's way: control 0.3, SMD 0.4: Phi(Phi^-1(0.3) + 0.4) = 0.4507."""
    fit = fitted(SMD, CommonEffect(priors.flat()))
    found = responders(fit, MCID(0.5, "SD units"), control_share=0.3)
    assert found.treated[0].median == approx(stats.norm.cdf(stats.norm.ppf(0.3) + 0.4), abs=1e-12)
    in_points = responders(fit, TEN, sd=20, control_mean=-3)
    same = responders(fit, MCID(0.5, "SD units"), control_mean=-0.15)
    assert in_points.difference[0].upper == approx(same.difference[0].upper, abs=1e-13)


@pytest.mark.parametrize("target", [0, 1])
def test_an_uncertain_mcid_against_quad(target):
    mcid = MCID(priors.uniform(6, 14), UNIT)
    found = responders(FIT, mcid, sd=20, control_mean=-4)
    m = (FIT.average(), FIT.predictive())[target]
    for one in (found.treated[target], found.difference[target]):
        minus = one.quantity == "difference"

        def p_of(size, y, minus=minus):
            z = (4 - size) / 20
            score = stats.norm.ppf(y + (stats.norm.cdf(z) if minus else 0)) - z
            return float(m.sf(-20 * score)) / 8

        for q, at in ((0.025, one.lower), (0.5, one.median), (0.975, one.upper)):
            p = integrate.quad(p_of, 6, 14, args=(at,), epsabs=1e-12)[0]
            assert p == approx(q, abs=1e-9)
    z = np.array([integrate.quad(lambda s: stats.norm.cdf((4 - s) / 20) / 8, 6, 14)[0]])
    assert found.control.mean == approx(z[0], abs=1e-12)
    assert found.control.lower < found.control.median < found.control.upper


def test_a_share_with_a_distribution_against_quad():
    risk = stats.beta(12, 28)
    found = responders(ONE, TEN, sd=20, control_share=risk).difference[0]
    law = stats.norm(8, 3)
    for q, at in ((0.025, found.lower), (0.5, found.median), (0.975, found.upper)):
        p = integrate.quad(
            lambda p, at=at: (
                risk.pdf(p) * law.cdf(20 * (stats.norm.ppf(min(p + at, 1)) - stats.norm.ppf(p)))
            ),
            0,
            1,
            epsabs=1e-12,
        )[0]
        assert p == approx(q, abs=1e-8)


def test_from_draws_with_an_error():
    exact = responders(FIT, TEN, sd=20, control_mean=-5).difference
    drawn = responders(sampled(FIT), TEN, sd=20, control_mean=-5).difference
    for one, want in zip(drawn, exact, strict=True):
        assert 0 < one.mcse_median < 0.01 and 0 < one.mcse_mean < 0.01
        assert one.mean == approx(want.mean, abs=4 * one.mcse_mean)
        assert one.upper == approx(want.upper, abs=4 * one.mcse_upper)
        assert want.mcse_mean == want.mcse_upper == 0


def test_nnt_passes_through_infinity():
    fit = fitted(made([-1], [3]), CommonEffect(priors.flat()))
    said = responders(fit, TEN, sd=20, control_mean=-5).nnt[0]
    assert "to infinity to NNTH" in said and said.startswith("NNTB")


def test_it_prints_what_was_stated():
    found = responders(FIT, TEN, sd=20, control_mean=-5)
    said = str(found)
    assert "Of the control group 40.1% reach it" in said
    assert "control mean change -5, SD of a patient's change 20 points (0-100)" in said
    assert found.to_frame().shape == (5, 10)


def test_what_is_missing_is_said():
    with pytest.raises(BayesPSError, match="needs the SD of one patient's change in points"):
        responders(FIT, TEN, control_mean=-5)
    with pytest.raises(BayesPSError, match="State the control group once"):
        responders(FIT, TEN, sd=20)
    with pytest.raises(BayesPSError, match="State the control group once"):
        responders(FIT, TEN, sd=20, control_mean=-5, control_share=0.3)
    with pytest.raises(BayesPSError, match=r"control_share must lie in \(0, 1\)"):
        responders(FIT, TEN, sd=20, control_share=30)
    with pytest.raises(UnitError, match="The MCID is in 'SD units'"):
        responders(FIT, MCID(0.5, "SD units"), sd=20, control_mean=-5)
    ratio = made([-0.4], [0.15], measure="OR", unit="log OR")
    with pytest.raises(UnitError, match=r"not OR.*absolute_risk"):
        responders(fitted(ratio, CommonEffect(priors.flat())), TEN, sd=20, control_mean=-5)
