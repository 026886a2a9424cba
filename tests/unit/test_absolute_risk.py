"""Ratios as events per 1000, over one baseline risk or a distribution of it."""

from itertools import pairwise

import numpy as np
import pytest
from pytest import approx
from scipy import integrate, stats

from bayes_ps import priors
from bayes_ps.checks import BayesPSError, PriorError, UnitError
from bayes_ps.decision import absolute_risk
from models import CommonEffect, RandomEffects
from tests.unit.making import fitted, made, sampled


def ratio(measure, y=-0.4, se=0.15, better="lower"):
    effects = made([y], [se], measure=measure, unit=f"log {measure}", better=better)
    return fitted(effects, CommonEffect(priors.flat()))


TREATED = {
    "OR": lambda p, x: p * np.exp(x) / (1 - p + p * np.exp(x)),
    "RR": lambda p, x: np.minimum(p * np.exp(x), 1),
    "HR": lambda p, x: 1 - (1 - p) ** np.exp(x),
}


@pytest.mark.parametrize("measure", TREATED)
def test_one_baseline_is_the_mapped_quantile(measure):
    found = absolute_risk(ratio(measure), 0.2, important=50)
    law = stats.norm(-0.4, 0.15)
    want = 1000 * (TREATED[measure](0.2, law.ppf([0.5, 0.025, 0.975])) - 0.2)
    one = found.difference[0]
    assert (one.median, one.lower, one.upper) == approx(tuple(want), abs=1e-9)
    mean = integrate.quad(lambda x: TREATED[measure](0.2, x) * law.pdf(x), -2, 1.2, epsabs=1e-13)
    assert found.treated[0].mean == approx(1000 * mean[0], abs=1e-8)
    grid = np.linspace(-1.5, 0.8, 200_001)
    at = grid[np.argmin(np.abs(TREATED[measure](0.2, grid) - 0.15))]
    assert found.p_important[0] == approx(law.cdf(at), abs=5e-5)
    assert found.mcse_important == (0, 0)


@pytest.mark.parametrize("measure", TREATED)
@pytest.mark.parametrize("risk", [stats.beta(8, 32), stats.uniform(0.1, 0.2), stats.beta(1, 9)])
def test_a_distribution_of_risk_against_quad(measure, risk):
    found = absolute_risk(ratio(measure), risk, important=30)
    law, back = (
        stats.norm(-0.4, 0.15),
        {
            "OR": lambda p, t: np.log(t / (1 - t) * (1 - p) / p),
            "RR": lambda p, t: np.log(t / p),
            "HR": lambda p, t: np.log(np.log1p(-t) / np.log1p(-p)),
        }[measure],
    )

    def p_of(difference):
        """P(treated − control <= difference), for a difference below 0."""
        edges = risk.ppf(np.linspace(0, 1, 9))
        edges = np.unique(np.clip(edges, -difference, 1))
        pieces = pairwise(edges)
        return sum(
            integrate.quad(
                lambda p: law.cdf(back(p, p + difference)) * risk.pdf(p), *ends, epsabs=1e-12
            )[0]
            for ends in pieces
        )

    one = found.difference[0]
    assert p_of(one.lower / 1000) == approx(0.025, abs=1e-8)
    assert p_of(one.median / 1000) == approx(0.5, abs=1e-8)
    assert found.p_important[0] == approx(p_of(-0.03), abs=1e-8)
    assert found.control.mean == approx(1000 * risk.mean(), abs=1e-8)


@pytest.mark.parametrize("se", [0.05, 0.01, 0.003])
def test_a_narrow_effect_beside_a_wide_baseline(se):
    risk = stats.beta(8, 32)
    one = absolute_risk(ratio("OR", -0.4, se), risk).difference[0]
    p, law = np.linspace(1e-6, 1 - 1e-6, 2_000_001), stats.norm(-0.4, se)
    density = risk.pdf(p) * (p[1] - p[0])
    for q, at in ((0.025, one.lower), (0.5, one.median), (0.975, one.upper)):
        t = np.clip(p + at / 1000, 1e-300, 1)
        found = density @ law.cdf(np.log(t / np.maximum(1 - t, 1e-300) * (1 - p) / p))
        assert found == approx(q, abs=1e-6)


def test_no_spread_is_the_formula():
    found = absolute_risk(ratio("HR", np.log(0.5), 1e-6), 0.36)
    assert found.treated[0].median == approx(200, abs=1e-3)  # 1 - sqrt(0.64)


def test_a_new_setting_is_wider_and_draws_agree():
    effects = made([-0.4, -0.1, -0.7], [0.2, 0.2, 0.3], measure="OR", unit="log OR")
    fit = fitted(
        effects, RandomEffects(mu=priors.normal(0, 1), tau=priors.half_normal(0.5)), seed=3
    )
    risk = priors.uniform(0.1, 0.3)
    exact, drawn = (absolute_risk(one, risk, important=20) for one in (fit, sampled(fit)))
    assert exact.difference[1].upper > exact.difference[0].upper
    for n in (0, 1):
        one, want = drawn.difference[n], exact.difference[n]
        assert one.mean == approx(want.mean, abs=4 * one.mcse_mean)
        assert one.median == approx(want.median, abs=4 * one.mcse_median)
        assert drawn.p_important[n] == approx(exact.p_important[n], abs=4 * drawn.mcse_important[n])
        assert drawn.mcse_important[n] > 0


def test_benefit_may_be_more_events():
    lower, higher = (
        absolute_risk(ratio("OR", 0.4 * s, better=b), 0.2, important=40)
        for s, b in ((-1, "lower"), (1, "higher"))
    )
    assert lower.nnt[0].startswith("NNTB") and higher.nnt[0].startswith("NNTB")
    assert higher.difference[0].median > 0 > lower.difference[0].median
    law = stats.norm(0.4, 0.15)
    assert higher.p_important[0] == approx(law.sf(np.log(0.24 / 0.76 * 4)), abs=1e-12)


def test_a_risk_above_1_is_said():
    found = absolute_risk(ratio("RR", 0.4, 0.15), 0.7)
    assert found.treated[0].upper == approx(1000, abs=1e-9)
    assert any("gives a risk above 1, which was set to 1" in note for note in found.notes)
    assert not any("above 1" in note for note in absolute_risk(ratio("RR"), 0.2).notes)


def test_it_prints_and_tabulates():
    found = absolute_risk(ratio("OR"), stats.beta(8, 32), important=10)
    said = str(found)
    assert "Baseline 195 in 1000" in said and "P(benefit of at least 10 in 1000)" in said
    assert "Baseline risk beta(8, 32), stated, not estimated" in said
    assert found.to_frame().shape == (5, 10)


@pytest.mark.parametrize("risk", [0, 1, 20, -0.1, np.nan, "20%", None])
def test_a_risk_lies_between_0_and_1(risk):
    with pytest.raises(BayesPSError, match="The baseline risk"):
        absolute_risk(ratio("OR"), risk)


def test_what_is_refused():
    with pytest.raises(PriorError, match=r"has probability .* outside"):
        absolute_risk(ratio("OR"), priors.normal(0.2, 0.3))
    with pytest.raises(UnitError, match="for OR, RR and HR, not MD"):
        absolute_risk(fitted(), 0.2)
    with pytest.raises(BayesPSError, match="important is a number per 1000"):
        absolute_risk(ratio("OR"), 0.2, important=-10)
