"""The Cochrane Handbook's re-expressions (5.1: 11.5.5, 12.5.4, 12.6.3, 12.6.4; now chapter 15).

From a ratio to events per 1000; from an SMD to points, to an odds ratio, to responders and to an
NNT, this one also by Furukawa & Leucht 2011, doi:10.1371/journal.pone.0019070.
"""

import numpy as np
import pytest
from pytest import approx
from scipy.stats import norm

import bayes_ps as bps
from bayes_ps.decision import MCID, absolute_risk, responders
from bayes_ps.effects.conversions import log_or_from_smd, points_from_smd
from models import CommonEffect, priors

KNOWN = 1e-7  # standard error of an effect that is all but known


def known(y, measure, unit="log", better="lower", se=KNOWN):
    effects = bps.Effects.from_estimates(
        [y], se=[se], study=["Pool"], measure=measure, unit=unit, better=better
    )
    return bps.fit(CommonEffect(priors.flat()), effects)


@pytest.mark.parametrize(("control", "treated"), [(0.80, 0.60), (0.20, 0.15)])
def test_absolute_effect_of_a_risk_ratio(control, treated):
    """11.5.5: RR 0.75 at control risks of 0.80 and 0.20."""
    found = absolute_risk(known(np.log(0.75), "RR"), control)
    assert found.treated[0].median == approx(1000 * treated, abs=1e-3)
    assert found.difference[0].median == approx(1000 * (treated - control), abs=1e-3)


def test_interval_of_an_absolute_effect_is_that_of_the_ratio():
    """12.5.4.2: RR 0.92 at an assumed risk of 0.3 is 24 fewer in 1000; its ends, mapped."""
    se = 0.05
    found = absolute_risk(known(np.log(0.92), "RR", se=se), 0.3).difference[0]
    assert found.median == approx(-24, abs=1e-9)
    ends = 300 * (0.92 * np.exp(np.array([-1, 1]) * 1.959963984540054 * se) - 1)
    assert (found.lower, found.upper) == approx(tuple(ends), abs=1e-9)


@pytest.mark.parametrize("control", [0.1, 0.3, 0.5])
def test_smd_by_an_odds_ratio_to_an_absolute_effect(control):
    """12.6.3: ln OR is "approximately 1.81" SMD, then 12.5.4.3; NNT is 1000 / fewer in 1000."""
    log_or = float(log_or_from_smd(-0.5).y)
    assert log_or == approx(-0.5 * 1.81, abs=0.004)
    found = absolute_risk(known(log_or, "OR"), control)
    odds = np.exp(log_or) * control / (1 - control)
    fewer = 1000 * (control - odds / (1 + odds))
    assert found.difference[0].median == approx(-fewer, abs=1e-3)
    assert found.nnt[0].startswith(f"NNTB {int(np.ceil(1000 / fewer))}")


def test_smd_to_responders_by_the_formula_of_furukawa():
    """1 / (Phi(d + Phi^-1(CER)) − CER) at d = 0.245, CER = 0.35, by SciPy."""
    fit = known(0.245, "SMD", "SD units", "higher")
    found = responders(fit, MCID(0.5, "SD units"), control_share=0.35)
    assert 1 / found.difference[0].median == approx(
        1 / (norm.cdf(0.245 + norm.ppf(0.35)) - 0.35), rel=1e-9
    )
    assert found.nnt[0].startswith("NNTB 11")


def test_the_two_ways_from_an_smd_differ_by_the_tails_of_the_logistic():
    """SMD 0.5 at a control share of 0.3: 0.490 by the normal, 0.515 by 12.6.3, by hand.

    Either is an approximation, so 25 in 1000 is what the choice between them is worth.
    """
    by_normal = responders(
        known(0.5, "SMD", "SD units", "higher"), MCID(0.5, "SD units"), control_share=0.3
    )
    by_odds = absolute_risk(known(float(log_or_from_smd(0.5).y), "OR", better="higher"), 0.3)
    assert by_normal.treated[0].median == approx(0.4903, abs=5e-5)
    assert by_odds.treated[0].median == approx(514.9, abs=0.05)


def test_smd_in_points_of_a_familiar_scale():
    """12.6.4: SMD times the SD of the scale. P(beyond) is the same in SDs and in points."""
    fit = known(-0.45, "SMD", "SD units", se=0.1)
    points = points_from_smd(fit.effects, 20, unit="points (0-100)")
    in_points = bps.fit(CommonEffect(priors.flat()), points)
    found = bps.decide(in_points, MCID(8, "points (0-100)")).mean
    assert found.median == approx(-9, abs=1e-12)
    assert found.p_mcid == approx(bps.decide(fit, MCID(0.4, "SD units")).mean.p_mcid, abs=1e-14)
