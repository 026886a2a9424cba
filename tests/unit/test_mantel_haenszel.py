"""Mantel-Haenszel and Peto: an independent program, symmetries, zero cells, and what is refused."""

import math

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from statsmodels.stats.contingency_tables import StratifiedTable

from bayes_ps.baseline.two_by_two import mantel_haenszel, peto
from bayes_ps.checks import ModelError, StudyTableError

NAMES = ["study", "events_t", "n_t", "events_c", "n_c"]
TRIALS = pd.DataFrame(
    [("A", 12, 60, 20, 58), ("B", 5, 45, 9, 50), ("C", 30, 210, 41, 190), ("D", 2, 33, 4, 30)],
    columns=NAMES,
)
ZEROS = pd.DataFrame(
    [("A", 0, 20, 3, 20), ("B", 4, 30, 6, 28), ("none", 0, 15, 0, 14), ("all", 9, 9, 8, 8)],
    columns=NAMES,
)


def swapped(trials):
    """Treated and control change places."""
    order = {"events_t": "events_c", "n_t": "n_c", "events_c": "events_t", "n_c": "n_t"}
    return trials.rename(columns=order)


def test_against_statsmodels():
    a, c = TRIALS.events_t, TRIALS.events_c
    tables = [
        np.array([[a[i], TRIALS.n_t[i] - a[i]], [c[i], TRIALS.n_c[i] - c[i]]]) for i in range(4)
    ]
    theirs = StratifiedTable(tables)
    ours = mantel_haenszel(TRIALS, correct=False)
    assert ours.mu == approx(theirs.logodds_pooled, rel=1e-13)
    assert ours.se == approx(theirs.logodds_pooled_se, rel=1e-13)
    risks = mantel_haenszel(TRIALS, measure="RR")
    assert math.exp(risks.mu) == approx(theirs.riskratio_pooled, rel=1e-13)
    for corrected in (True, False):
        test = theirs.test_null_odds(correction=corrected)
        cmh = mantel_haenszel(TRIALS, correct=corrected).cmh
        assert (cmh.statistic, cmh.p) == approx((test.statistic, test.pvalue), rel=1e-12)


@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
@pytest.mark.parametrize("convention", ["RevMan", "metafor"])
def test_swapping_arms_turns_the_sign(measure, convention):
    one = mantel_haenszel(TRIALS, measure=measure, convention=convention)
    other = mantel_haenszel(swapped(TRIALS), measure=measure, convention=convention)
    assert (other.mu, other.se, other.q) == approx((-one.mu, one.se, one.q), rel=1e-12)
    assert other.p == approx(one.p, rel=1e-10)


def test_swapping_arms_turns_the_sign_of_peto():
    one, other = peto(TRIALS), peto(swapped(TRIALS))
    assert (other.mu, other.se, other.q) == approx((-one.mu, one.se, one.q), rel=1e-12)


def test_one_trial_is_its_own_estimate():
    found = mantel_haenszel(TRIALS.iloc[[0]])
    a, b, c, d = 12, 48, 20, 38
    assert found.mu == approx(math.log(a * d / (b * c)), rel=1e-14)
    assert found.se == approx(math.sqrt(1 / a + 1 / b + 1 / c + 1 / d), rel=1e-14)
    assert (found.q_df, found.tau2) == (0, 0)
    assert math.isnan(found.q_p) and math.isnan(found.i2)
    assert "Q" not in str(found)


def test_a_trial_without_events_changes_no_ratio():
    without = ZEROS[ZEROS["study"].isin(["A", "B"])]
    for measure in ("OR", "RR"):
        for convention in ("RevMan", "metafor"):
            ours = mantel_haenszel(ZEROS, measure=measure, convention=convention)
            base = mantel_haenszel(without, measure=measure, convention=convention)
            # Nothing but events in both arms: without weight in an odds ratio only.
            if measure == "OR":
                assert (ours.mu, ours.se) == approx((base.mu, base.se), rel=1e-13)
            kept = (measure, convention) == ("RR", "RevMan")  # as a ratio of 1
            assert (ours.q_df, base.q_df) == (2 if kept else 1, 1)
            assert math.isnan(ours.y[2])
            assert ours.y[3] == 0 if kept else math.isnan(ours.y[3])
    assert peto(ZEROS).mu == approx(peto(without).mu, rel=1e-13)
    assert any("so no weight: none, all" in note for note in peto(ZEROS).notes)


def test_a_trial_without_events_pulls_the_risk_difference():
    ours = mantel_haenszel(ZEROS, measure="RD")
    base = mantel_haenszel(ZEROS.iloc[:2], measure="RD")
    assert abs(ours.mu) < abs(base.mu)
    assert any("towards 0: none, all" in note for note in ours.notes)


def test_halves_are_said_and_where():
    revman, metafor = mantel_haenszel(ZEROS, convention="RevMan"), mantel_haenszel(ZEROS)
    assert revman.mu != metafor.mu
    assert "A cell is 0 in A" in revman.notes[1] and "pooled counts" in revman.notes[1]
    assert "A cell is 0 in A" in metafor.notes[1] and "pooled counts" not in metafor.notes[1]
    b, c = 20, 3  # cells of A: 0, 20, 3, 17
    assert revman.y[0] == metafor.y[0] == approx(math.log(0.5 * 17.5 / ((b + 0.5) * (c + 0.5))))


def test_no_event_in_one_arm_of_any_trial():
    trials = TRIALS.assign(events_t=0)
    with pytest.raises(ModelError, match="no event in a treated arm"):
        mantel_haenszel(trials)
    found = mantel_haenszel(trials, convention="RevMan")
    assert math.isfinite(found.mu) and found.mu < -3
    with pytest.raises(ModelError, match="nobody spared in a control arm"):
        mantel_haenszel(TRIALS.assign(events_c=TRIALS.n_c))


@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
def test_no_event_at_all(measure):
    with pytest.raises(ModelError, match="nothing to pool"):
        mantel_haenszel(TRIALS.assign(events_t=0, events_c=0), measure=measure)
    with pytest.raises(ModelError, match="nothing to pool"):
        peto(TRIALS.assign(events_t=0, events_c=0))


def test_an_empty_arm_sets_the_trial_aside():
    empty = pd.concat([TRIALS, pd.DataFrame([("E", 0, 0, 2, 20)], columns=NAMES)])
    for pooled in (mantel_haenszel, peto):
        assert pooled(empty).mu == pooled(TRIALS).mu
        assert pooled(empty).notes[0] == "Left out, because an arm holds nobody: E."
    with pytest.raises(StudyTableError, match="nothing to pool"):
        peto(TRIALS.assign(events_t=0, n_t=0))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"events_t": [70, 5, 30, 2]}, '"events_t" must be at most n_t, but is 70 in "A"'),
        ({"events_c": [-1, 5, 30, 2]}, '"events_c" must be >= 0'),
        ({"n_t": [60, np.nan, 210, 33]}, '"n_t" must be known, but is nan in "B"'),
        ({"n_t": [60, "many", 210, 33]}, "must be a number, but is 'many'"),
        ({"study": ["A", "A", "C", "D"]}, "stands in row 1 and in row 2"),
    ],
)
def test_bad_counts(change, message):
    with pytest.raises(StudyTableError, match=message):
        mantel_haenszel(TRIALS.assign(**change))


def test_bad_options():
    with pytest.raises(StudyTableError, match="no column 'n_c'"):
        peto(TRIALS.drop(columns="n_c"))
    with pytest.raises(ModelError, match='measure must be one of "OR", "RR", "RD"'):
        mantel_haenszel(TRIALS, measure="HR")
    with pytest.raises(ModelError, match='tau2 must be "FE" or "DL"'):
        mantel_haenszel(TRIALS, tau2="REML")
    with pytest.raises(ModelError, match='convention must be one of "metafor", "RevMan"'):
        mantel_haenszel(TRIALS, convention="Stata")
    with pytest.raises(ModelError, match="Random effects around Mantel-Haenszel are RevMan's"):
        mantel_haenszel(TRIALS, tau2="DL", convention="metafor")
    with pytest.raises(ModelError, match="level must be between 0 and 1"):
        peto(TRIALS, level=95)


def test_random_effects_say_what_they_are():
    found = mantel_haenszel(TRIALS.assign(events_t=[2, 20, 60, 1]), tau2="DL")
    assert found.tau2 > 0
    assert "around the Mantel-Haenszel estimate" in found.methods[-1]
    assert found.to_frame()["method"][0] == found.methods[-1]
    assert any("tau² rests on 4 trials" in note for note in found.notes)
    v = found.se_study**2 + found.tau2
    assert found.mu == approx((found.y / v).sum() / (1 / v).sum(), rel=1e-13)
    assert found.se == approx((1 / v).sum() ** -0.5, rel=1e-13)


def test_result_reads_well():
    found = mantel_haenszel(TRIALS, measure="RR")
    assert str(found).startswith(
        "Mantel-Haenszel, common effect, as metafor, 4 trials: risk ratio 0."
    )
    assert list(found.study_frame()) == ["study", "y", "se", "weight"]
    assert found.weights.sum() == approx(100)
    assert list(found.to_frame()["quantity"]) == ["mu", "se", "z", "Q", "I2", "tau2", "CMH"]
    with pytest.raises(ValueError, match="read-only"):
        found.weights[0] = 1
    assert repr(found).startswith("<PooledCounts: Mantel-Haenszel")
    assert "RD" in str(mantel_haenszel(TRIALS, measure="RD"))
    assert "odds ratio" in str(peto(TRIALS))


def test_columns_by_your_names():
    renamed = TRIALS.rename(columns={"events_t": "Experimental cases"})
    columns = {"events_t": "Experimental cases"}
    assert mantel_haenszel(renamed, columns=columns).mu == mantel_haenszel(TRIALS).mu
