"""`decide`: three unknowns, four probabilities each, in either direction of benefit."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from scipy import stats

import bayes_ps as bps
from bayes_ps import priors
from bayes_ps.checks import BayesPSError, ModelError, UnitError
from bayes_ps.decision import MCID
from models import CommonEffect, MetaRegression, PooledEvidence, RandomEffects
from tests.unit.making import PAIN, fitted, made, sampled

TEN = MCID(10, "points (0-100)", source="a paper", kind="within patient")
FIT = fitted(seed=2)
ONE = fitted(made([-8], [3]), CommonEffect(priors.flat()))


@pytest.mark.parametrize(("better", "sign"), [("lower", -1), ("higher", 1)])
def test_one_normal_posterior_by_hand(better, sign):
    """theta ~ N(±8, 3²), MCID 10: z = −2/3 beyond it, 8/3 benefit, −6 harm."""
    effects = made([8 * sign], [3], better=better)
    found = bps.decide(fitted(effects, CommonEffect(priors.flat())), TEN).mean
    z = stats.norm.cdf([8 / 3, -2 / 3, -6])
    assert (found.p_benefit, found.p_mcid, found.p_harm) == approx(tuple(z), rel=1e-12)
    assert found.p_trivial == approx(1 - z[1] - z[2], rel=1e-13)
    assert found.median == approx(8 * sign) and found.upper - found.lower == approx(
        2 * 3 * 1.95996398
    )
    assert (found.mcse_benefit, found.mcse_mcid, found.mcse_trivial, found.mcse_harm) == (0,) * 4


def test_three_unknowns_are_kept_apart():
    decision = bps.decide(FIT, TEN)
    asked = [
        (decision.mean, FIT.average()),
        (decision.new, FIT.predictive()),
        *zip(decision.studies, map(FIT.study, FIT.studies), strict=True),
    ]
    for found, marginal in asked:
        assert found.p_mcid == marginal.cdf(-10.0) and found.p_benefit == marginal.cdf(0.0)
        assert found.p_harm == marginal.sf(10.0)
        assert (found.lower, found.upper) == marginal.interval(0.95)
    assert decision.new.p_mcid > decision.mean.p_mcid  # wider, and the mean is short of 10
    assert [p.target for p in decision.studies] == list("ABCDEFGH")


def test_other_levels_are_passed_on():
    decision = bps.decide(FIT, TEN, level=0.5)
    assert (decision.mean.lower, decision.mean.upper) == FIT.average().interval(0.5)
    assert decision.share.level == 0.5
    assert (decision.share.lower, decision.share.upper) == FIT.share(-10).interval(0.5)


def test_the_mean_share_is_the_probability_of_a_new_setting():
    decision = bps.decide(FIT, TEN)
    assert decision.share.mean == approx(decision.new.p_mcid, rel=1e-14)
    assert 0 <= decision.share.lower < decision.share.median < decision.share.upper <= 1


def test_from_draws_they_are_counts_with_an_error():
    draws = sampled(FIT)
    found = bps.decide(draws, TEN)
    mu = draws.marginal("mu").draws
    assert found.mean.p_mcid == (mu <= -10).mean()
    assert found.mean.p_trivial == approx(((mu > -10) & (mu <= 10)).mean(), abs=1e-15)
    assert found.mean.p_harm == 0 and 0 < found.mean.mcse_harm < 1e-3
    p = found.mean.p_mcid
    assert found.mean.mcse_mcid == approx((p * (1 - p) / 4000) ** 0.5, rel=0.15)
    assert found.share.mean == approx(draws.share(-10).draws.mean(), rel=1e-15)
    assert f"(MCSE {found.mean.mcse_mcid:.2g})" in str(found)


def test_a_setting_of_a_regression():
    effects = PAIN.with_data(pd.DataFrame({"control": list("aabbabab")}))
    fit = fitted(effects, MetaRegression(["control"], priors.flat(), priors.half_normal(5)))
    at = {"control": "b"}
    assert bps.decide(fit, TEN, at=at).mean.p_mcid == fit.average(at).cdf(-10.0)
    with pytest.raises(ModelError, match="The setting must name the moderators"):
        bps.decide(fit, TEN)


def test_an_mcid_in_another_unit_is_refused():
    with pytest.raises(UnitError, match=r"'SD units', but the effects are in 'points \(0-100\)'"):
        bps.decide(FIT, MCID(0.5, "SD units"))


@pytest.mark.parametrize(
    ("mcid", "better", "sign"),
    [
        (TEN, "lower", 1),
        (TEN, "higher", -1),
        (MCID(priors.uniform(8, 12), TEN.unit), "lower", 1),
    ],
)
def test_the_share_of_harm_is_that_of_benefit_of_the_mirrored_effects(mcid, better, sign):
    fit = fitted(replace(PAIN, y=sign * PAIN.y, better=better))
    mirrored = fitted(replace(PAIN, y=-sign * PAIN.y, better=better))
    harm, want = bps.decide(fit, mcid).share_harm, bps.decide(mirrored, mcid).share
    for name in ("mean", "median", "lower", "upper"):
        assert getattr(harm, name) == approx(getattr(want, name), abs=1e-7)
    assert harm.mean == approx(bps.decide(fit, mcid).new.p_harm, abs=1e-9)
    assert harm.lower < harm.median < harm.upper < bps.decide(fit, mcid).share.upper


def test_without_heterogeneity_there_is_no_share():
    decision = bps.decide(ONE, TEN)
    assert decision.share is None and decision.new.p_mcid == decision.mean.p_mcid
    assert "a new setting has the mean effect itself" in decision.notes[-1]
    assert "share of settings" not in str(decision)


def test_behind_a_pool_no_study_is_decided_on():
    fit = fitted(made([-8], [3]), PooledEvidence(priors.flat(), priors.half_normal(5)))
    decision = bps.decide(fit, TEN)
    assert decision.studies == () and decision.share is not None


def test_notes_carry_the_warnings_and_the_caveats():
    fit = fitted(model=RandomEffects(priors.flat(), priors.half_normal(0.5)))
    notes = bps.decide(fit, MCID(10, "points (0-100)", direction="worsening")).notes
    assert notes[0] == fit.warnings[0] and "fakes certainty" in notes[0]
    assert "does not say whether it is for patients or for group means" in notes[1]
    assert "was derived for worsening; benefit beyond it is an assumption" in notes[2]
    assert bps.decide(FIT, TEN).notes == (TEN.caveat,)


def test_frame_has_a_row_a_target():
    frame = bps.decide(FIT, TEN).to_frame()
    assert frame["target"].tolist() == ["mean effect", "new setting", *"ABCDEFGH"]
    beyond = frame["p_mcid"] + frame["p_trivial"] + frame["p_harm"]
    assert beyond.to_numpy() == approx(np.ones(10), abs=1e-14)


def test_prints_a_sentence_and_its_notes():
    lines = str(bps.decide(ONE, TEN)).splitlines()
    assert lines[0] == (
        "MCID 10 points (0-100) (within patient; a paper). The mean effect is beyond the MCID with "
        "probability 0.252, any benefit 0.996, trivial 0.748, harm beyond it < 0.001; the effect "
        "in one new setting is beyond the MCID with probability 0.252, any benefit 0.996, trivial "
        "0.748, harm beyond it < 0.001."
    )
    assert lines[1] == f"Note: {TEN.caveat}" and len(lines) == 3
    share = bps.decide(FIT, TEN).share
    said = (
        f"has median {share.median:.1%} (95% interval {share.lower:.1%} to {share.upper:.1%}) "
        f"and mean {share.mean:.1%}, that of harm beyond it median "
    )
    assert said in str(bps.decide(FIT, TEN))
    assert share.mean == pytest.approx(bps.decide(FIT, TEN).new.p_mcid, rel=1e-12)


def test_a_setting_is_named_and_extrapolation_is_said():
    data = pd.DataFrame({"dose": np.arange(8.0)})
    model = MetaRegression(["dose"], priors.flat(), priors.half_normal(5))
    fit = fitted(PAIN.with_data(data), model)
    inside, outside = (bps.decide(fit, TEN, at={"dose": dose}) for dose in (3, 500))
    assert inside.setting == "dose = 3" and "At dose = 3:" in str(inside)
    assert inside.to_frame()["setting"].tolist()[:3] == ["dose = 3", "dose = 3", ""]
    assert not any("extrapolation" in note for note in inside.notes)
    assert any("dose = 500 lies outside the studies (0 to 7)" in note for note in outside.notes)


def test_an_external_prior_travels_with_the_numbers():
    pool = made([-3.48], [1.6])
    fit = fitted(pool, PooledEvidence(priors.flat(), priors.half_normal(10, source="a paper")))
    assert any(
        "external prior of tau, half-normal(scale 10) [a paper]" in note
        for note in bps.decide(fit, TEN).notes
    )


def test_an_mcid_must_be_an_mcid():
    with pytest.raises(UnitError, match=r"decide\(\) needs bps.MCID\(10, unit='points"):
        bps.decide(FIT, 10)


def test_patients_are_told_beside_the_other_three():
    mcid = MCID(5, unit=PAIN.unit)
    patients = bps.responders(FIT, mcid, sd=20, control_share=0.3)
    found = bps.decide(FIT, mcid, patients=patients)
    assert found.patients is patients
    assert "\nPatients: Of the control group 30.0% reach it" in str(found)
    assert patients.nnt[0] in str(found) and set(patients.notes) <= set(found.notes)
    assert len(found.notes) == len(set(found.notes))
    assert bps.decide(FIT, mcid).patients is None
    with pytest.raises(BayesPSError, match=r"decision is on MCID 6.* responders reach MCID 5"):
        bps.decide(FIT, MCID(6, unit=PAIN.unit), patients=patients)


def test_an_sd_that_was_assumed_travels_with_the_decision():
    smd = made(PAIN.y / 20, PAIN.se / 20, measure="SMD", unit="SD units")
    points = bps.points_from_smd(smd, 20, unit=PAIN.unit, source="a table")
    fit = fitted(points)
    said = "Assumption: effects are standardised mean differences times one SD of 20 points (0-100)"
    for found in (bps.decide(fit, TEN), bps.robustness(fit, TEN), bps.mcid_band(fit, TEN)):
        assert sum(note.startswith(said) for note in found.notes) == 1
    assert not any("Assumption: effects" in note for note in bps.decide(FIT, TEN).notes)
