"""An uncertain MCID in every refit: closed forms of a common effect, and `decide` on the refit."""

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from scipy.stats import norm

import bayes_ps as bps
from bayes_ps import priors, sensitivity
from bayes_ps.robustness import enthusiastic, reportable, robustness, sceptical, tipping_bias
from bayes_ps.sensitivity.question import Question
from models import CommonEffect, RandomEffects
from tests.unit.making import PAIN, fitted, made, sampled

FLAT = priors.flat()
M, S = 4.0, 0.8
NORMAL = bps.MCID(priors.normal(M, S), unit=PAIN.unit)
RANGE = bps.MCID(priors.uniform(3, 6), unit=PAIN.unit)
LIST = bps.anchors([bps.MCID(value, unit=PAIN.unit) for value in (3, 4, 8)])


def row(found, changed):
    return next(v for v in found.variants if v.changed == changed)


@pytest.mark.parametrize("better", ["lower", "higher"])
def test_priors_and_studies_left_out_in_closed_form(better):
    """Benefit ~ N(c, v), M ~ N(4, 0.8²): P(benefit >= M) = Phi((c − 4) / sqrt(v + 0.8²))."""
    sign = -1 if better == "lower" else 1
    y, se = np.array([5.2, 4.4]), np.array([1.3, 0.9])
    fit = fitted(made(sign * y, se, better=better), CommonEffect(FLAT))
    found, s = robustness(fit, NORMAL), M / norm.ppf(0.95)
    for changed, mean, precision in [
        ("as fitted", 0, 0),
        ("sceptical mu", 0, 1 / s**2),
        ("enthusiastic mu", M, 1 / s**2),
    ]:
        total = precision + (se**-2).sum()
        centre = (precision * mean + y @ se**-2) / total
        want = norm.cdf((centre - M) / np.sqrt(1 / total + S**2))
        assert row(found, changed).p_mean == approx(want, abs=1e-6)  # M <= 0: 3e-7 is cut off
        assert row(found, changed).p_new == row(found, changed).p_mean
    want = norm.cdf((4.4 - M) / np.hypot(0.9, S))
    assert row(found, "without 'A'").p_mean == approx(want, abs=1e-6)


def test_sceptic_and_enthusiast_take_the_median_and_say_so():
    assert sceptical(PAIN, RANGE).sd == approx(4.5 / norm.ppf(0.95), rel=1e-12)
    assert enthusiastic(PAIN, LIST).mean == -4
    said = str(robustness(fitted(), RANGE))
    assert "benefit of at least an MCID of 4.5 (95% 3.075 to 5.925) points (0-100)" in said
    assert "made of the median of the MCID, 4.5 points (0-100)" in said


@pytest.mark.parametrize("mcid", [NORMAL, RANGE, LIST], ids=["normal", "range", "list"])
def test_every_table_says_what_decide_says_of_the_refit(mcid):
    fit = fitted()
    rest = bps.decide(fitted(PAIN.drop("C")), mcid)
    first = bps.decide(fitted(PAIN.where(np.arange(8) < 4)), mcid)
    other = bps.decide(fitted(model=RandomEffects(FLAT, priors.half_normal(2))), mcid)
    left = sensitivity.leave_one_out(fit, mcid)
    grown = sensitivity.cumulative(fit, mcid=mcid)
    grid = sensitivity.priors(PAIN, mu=[FLAT], tau=[priors.half_normal(2)], mcid=mcid)
    for answers, at, want in (
        (left.answers, 2, rest),
        (grown.answers, 3, first),
        (grid.answers, 0, other),
        (left.with_all, 0, bps.decide(fit, mcid)),
    ):
        got = [answers.p_mean[at], answers.p_new[at], answers.harm_mean[at], answers.harm_new[at]]
        wanted = [want.mean.p_mcid, want.new.p_mcid, want.mean.p_harm, want.new.p_harm]
        assert got == approx(wanted, abs=1e-11)
        assert answers.median[at] == approx(want.mean.median, abs=1e-9)
    found = row(robustness(fit, mcid), "without 'C'")
    assert (found.p_mean, found.p_new) == approx((rest.mean.p_mcid, rest.new.p_mcid), abs=1e-12)
    powers = sensitivity.power_scaling(fit, mcid, alphas=[0.5]).answers
    assert powers.p_mean[0] == approx(bps.decide(fit, mcid).mean.p_mcid, abs=1e-8)


def test_tipping_bias_in_closed_form():
    """P = Phi((ybar − w b − 4) / sqrt(s² + 0.8²)) is the cut at b = (ybar − 4 − z sd) / w."""
    y, se = np.array([-7.0, -6, -5]), np.array([1.0, 0.8, 2])
    weight, s2 = se**-2 / (se**-2).sum(), 1 / (se**-2).sum()
    width = np.sqrt(s2 + S**2)
    fit = fitted(made(y, se), CommonEffect(FLAT))
    found = tipping_bias(fit, NORMAL, 0.9, high_risk=["A", "C"])
    want = (weight @ -y - M - norm.ppf(0.9) * width) / weight[[0, 2]].sum()
    assert found.crossing == approx((want,), rel=1e-5)
    assert "times the median MCID" in str(found)


def test_the_prior_that_tips_it():
    found = sensitivity.tipping_prior(fitted(), RANGE, 0.9)
    sd = found.mu.crossing[0]
    again = bps.decide(
        fitted(model=RandomEffects(priors.normal(0, sd), priors.half_normal(5))), RANGE
    )
    assert again.mean.p_mcid == approx(0.9, abs=1e-8)
    assert found.p == approx(bps.decide(fitted(), RANGE).mean.p_mcid, abs=1e-12)


def test_the_gate_takes_the_error_of_the_mean_over_draws():
    fit = sampled(fitted(seed=1))
    gate = reportable(fit, RANGE, robustness(fitted(seed=1), RANGE))
    shown = {check.name: check.value for check in gate.checks}
    want = bps.decide(fit, RANGE).mean.mcse_mcid
    assert shown["MCSE of P, mean effect"] == f"{want:.2g}" != "0"
    assert gate.robustness.mcid is RANGE


def test_a_new_setting_has_a_verdict_of_its_own():
    found = robustness(fitted(), bps.MCID(1, unit=PAIN.unit), cut=0.98)
    table = found.to_frame().set_index("changed")
    kept = table[table["kind"] != "common effect"]
    side = kept["p_new"] >= 0.98
    assert set(kept.index[side != side["as fitted"]]) == {v.changed for v in found.flips_new}
    assert table["flips_new"].sum() == len(found.flips_new) > 0
    assert table.loc["no heterogeneity", "side_new"] != table.loc["as fitted", "side_new"]
    assert not table.loc["no heterogeneity", "flips_new"]
    assert "In one new setting, fragile: P(new setting: benefit of at least 1 points" in str(found)
    apart = robustness(fitted(), bps.MCID(2, unit=PAIN.unit), cut=0.5)
    assert (apart.verdict, apart.verdict_new) == ("fragile", "stable")
    others = len(apart.variants) - 2  # but the fit and the common effect
    assert f"and so it is in each of {others} other analyses" in str(apart)
    few = robustness(fitted(PAIN.where(np.arange(8) < 3)), bps.MCID(1, unit=PAIN.unit))
    assert few.verdict_new == "directional"


def test_any_prior_of_mu_may_be_refitted():
    """A uniform prior that is all but flat: as under the flat one."""
    few, mcid = PAIN.where(np.arange(8) < 4), bps.MCID(4, unit=PAIN.unit)
    uniform = RandomEffects(priors.uniform(-400, 400), priors.half_normal(5))
    wide, flat = fitted(few, uniform), fitted(few)
    got, want = (sensitivity.leave_one_out(one, mcid) for one in (wide, flat))
    assert got.answers.p_mean == approx(want.answers.p_mean, abs=1e-9)
    assert got.answers.p_new == approx(want.answers.p_new, abs=1e-9)
    assert got.answers.upper == approx(want.answers.upper, abs=1e-6)
    assert got.pit == approx(want.pit, abs=1e-8)
    assert got.elpd_i == approx(want.elpd_i, abs=1e-7)
    asked = Question.about(PAIN, RANGE)
    assert asked.p(wide.predictive())[0] == approx(asked.p(flat.predictive())[0], abs=1e-9)


def test_a_pair_of_priors_is_told_by_the_one_that_flips_it():
    """A comma in the name of a prior does not hide that it is part of a pair."""
    tau = priors.half_student_t(3, 400)
    found = robustness(fitted(), bps.MCID(2, unit=PAIN.unit), tau=[tau], cut=0.996)
    pairs = {v.changed for v in found.flips if v.changed.endswith(f", tau ~ {tau!r}")}
    assert f"tau ~ {tau!r}" in {v.changed for v in found.flips} and pairs
    assert not pairs & {v.changed for v in found.simplest_flips}


def test_a_mixture_of_high_risk_and_low():
    rated = PAIN.with_data(pd.DataFrame({"rob_overall": ["high", "low"] * 4}))
    kept = rated.where(np.array([False, True] * 4))
    found = row(robustness(fitted(rated), LIST), "without 4 at high risk")
    assert found.p_mean == approx(bps.decide(fitted(kept), LIST).mean.p_mcid, abs=1e-13)


@pytest.mark.parametrize(("better", "most", "ratios"), [
    ("lower", "most", (0.8, 0.9)), ("higher", "least", (1.25, 2)),
])  # fmt: skip
def test_an_uncertain_ratio_is_told_as_one(better, most, ratios):
    effects = made(np.log([0.7, 0.9]), [0.1, 0.2], measure="RR", unit="log RR", better=better)
    low, high = sorted(abs(np.log(ratios)))
    mcid = bps.MCID(priors.uniform(low, high), unit=effects.unit)
    sign = -1 if better == "lower" else 1
    middle, *ends = np.exp(sign * (low + (high - low) * np.array([0.5, 0.025, 0.975])))
    shown = f"{middle:.4g} (95% {min(ends):.4g} to {max(ends):.4g})"
    assert str(Question.about(effects, mcid)) == f"ratio of at {most} an MCID of {shown}"
