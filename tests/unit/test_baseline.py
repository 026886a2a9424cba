"""The baseline: what it refuses, what it says, and the value that it hands back."""

import dataclasses
import math

import numpy as np
import pytest
from pytest import approx

from bayes_ps.baseline import Baseline, Interval, baseline, i2_from_q, plug_in
from bayes_ps.baseline.estimators import TAU2
from bayes_ps.checks import BayesPSError
from bayes_ps.effects import Effects
from tests import references

ESTIMATORS = tuple(TAU2)[1:]


def made(y, se, **changed) -> Effects:
    given = {"measure": "MD", "unit": "points (0-100)", "better": "lower"} | changed
    return Effects.from_estimates(y, se=se, study=[f"Study {i}" for i in range(len(y))], **given)


PAIN = made([-12, -4.5, -9, -15.5, -2, -8.5, -6, -11], [4, 2.5, 5, 6, 2, 3, 3.5, 4.5])


def test_unknown_estimators_say_what_exists():
    known = '"FE", "DL", "DL2", "HE", "HE2", "HS", "HSk", "SJ", "PM", "PMM", "EB", "REML", "ML"'
    with pytest.raises(BayesPSError, match=f"{known}, but is 'SJx'"):
        baseline(PAIN, "SJx")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"ci": "HKSJ"}, 'ci must be one of "wald", "t", "hksj", "hksj-adhoc"'),
        ({"prediction": "k-2"}, 'prediction must be one of "z", "HTS", "k-1", "KR", "bootstrap"'),
        ({"tau2_ci": "qp"}, 'tau2_ci must be one of "QP", "BJ", "J", "PL", but is'),
        ({"tau2": "DL", "tau2_ci": "PL"}, 'Pass tau2="REML" or "ML", or tau2_ci="QP"'),
        ({"tau2": "DL", "ci": "kenward-roger"}, 'Pass tau2="REML", ci="kenward-roger"'),
        ({"ci": "henmi-copas"}, 'Pass tau2="DL", ci="henmi-copas"'),
        ({"prediction": "KR"}, 'takes its df from ci="kenward-roger"'),
        ({"prediction": "bootstrap"}, "Pass a seed, as seed=1"),
        ({"prediction": "bootstrap", "seed": 1, "draws": 9}, "draws must be 1000 or more"),
        ({"level": 95}, "For 95 % pass 0.95"),
    ],
)
def test_unknown_options_say_what_exists(wrong, message):
    with pytest.raises(BayesPSError, match=message):
        baseline(PAIN, **wrong)


def test_shared_participants_are_refused():
    effects = dataclasses.replace(PAIN, V=np.diag(PAIN.se**2))
    for call in (baseline, lambda e: plug_in(e, 0.0)):
        with pytest.raises(BayesPSError, match="independent studies only for now"):
            call(effects)


def test_one_study_has_a_common_effect_only():
    one = PAIN.where(PAIN.study == "Study 0")
    found = baseline(one, "FE")
    assert (found.mu, found.se, found.tau2_interval, found.prediction) == (-12, 4, None, None)
    assert found.upper == approx(-12 + 4 * 1.959963984540054, rel=1e-15)
    assert math.isnan(found.i2) and math.isnan(found.q_p) and found.weights == [100]
    assert (found.tau2_se, found.i2_interval, found.h2_from_q_interval) == (None, None, None)
    assert found.notes[0] == "One study says nothing of how far effects differ: no Q, I² or H²."
    assert len(found.to_frame()) == 10
    assert str(found).startswith("Common effect (FE), 1 study: MD -12 in points")
    for tau2 in ESTIMATORS:
        with pytest.raises(BayesPSError, match=r'bps\.baseline\(effects, tau2="FE"\)'):
            baseline(one, tau2)
    with pytest.raises(BayesPSError, match='ci="wald"'):
        baseline(one, "FE", "hksj")


def test_two_studies_have_no_prediction_interval_of_hts():
    two = PAIN.where(PAIN.se < 3)
    found = baseline(two)
    assert found.prediction is None
    assert 'prediction="k-1" or "z" give one' in " ".join(found.notes)
    assert "one degree of freedom (quantile 12.7)" in " ".join(found.notes)
    assert len(found.methods) == 2
    assert baseline(two, prediction="k-1").prediction.df == 1
    assert baseline(two, prediction="z").prediction.df == math.inf


def test_common_effect_takes_wald_unless_told_otherwise():
    assert (baseline(PAIN, "FE").ci, baseline(PAIN).ci) == ("wald", "hksj")
    assert baseline(PAIN, "FE").notes == (
        "A common effect is the same in every setting: there is no prediction interval.",
    )
    scaled = baseline(PAIN, "FE", "hksj")
    assert scaled.se == approx(baseline(PAIN, "FE").se * math.sqrt(scaled.q / 7), rel=1e-14)
    assert "lets studies disagree after all" in scaled.notes[0]


def test_notes_speak_of_the_boundary_and_of_narrow_intervals():
    schools = references.effects("eight_schools")
    boundary, narrow = baseline(schools).notes
    assert "REML puts tau² at its boundary 0" in boundary and "reaches 16.5" in boundary
    assert "3.36 is below Wald's 4.17" in narrow and "narrower than Wald's" in narrow
    assert "still wider than Wald's" in baseline(references.effects("hinks")).notes[1]
    assert "is Wald's" in baseline(schools, ci="hksj-adhoc").notes[1]
    assert baseline(PAIN, "PM", "hksj").notes == ()


def test_plug_in_reads_one_tau2_or_many():
    mu, se = plug_in(PAIN, np.array([[0, 1e12]]))
    assert mu.shape == se.shape == (1, 2)
    assert mu[0] == approx([baseline(PAIN, "FE").mu, PAIN.y.mean()], rel=1e-9)
    for wrong in (-1.0, [0, math.nan]):
        with pytest.raises(BayesPSError, match=r"tau\*\*2"):
            plug_in(PAIN, wrong)


def test_i2_from_q():
    assert i2_from_q(20.0, 10) == 50
    assert i2_from_q(5.0, 10) == i2_from_q(0.0, 10) == 0
    assert math.isnan(i2_from_q(0.0, 0))


def test_the_result_is_a_frozen_value_that_says_how_it_was_made():
    found = baseline(PAIN, "DL", "hksj")
    assert isinstance(found, Baseline) and isinstance(found.prediction, Interval)
    assert found.weights.sum() == approx(100) and not found.weights.flags.writeable
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.mu = 0
    assert [text.split(",")[0].split(" (")[0] for text in found.methods] == [
        "DerSimonian-Laird",
        "Hartung-Knapp-Sidik-Jonkman",
        "Higgins-Thompson-Spiegelhalter prediction interval",
    ]


def test_prints_one_sentence_and_its_notes():
    """Its numbers are metafor's (tests/golden/test_papers_baseline.py)."""
    sentence, note = str(baseline(PAIN, "DL", "hksj", prediction="k-1")).splitlines()
    assert note.startswith("Note: Hartung-Knapp's standard error 1.48 is below Wald's 1.55")
    assert sentence == (
        "Random effects (DL), 8 studies: MD -7.051 in points (0-100) (95% CI -10.56 to -3.539; "
        "hksj, t with 7 df); tau² 6.942 (95% Q-profile 0 to 61.57); Q 11.4 on 7 df (P = 0.12), "
        "I² 39%; 95% prediction interval -14.2 to 0.1009 (t with 7 df)."
    )
    assert str(baseline(PAIN, "FE")).splitlines()[0] == (
        "Common effect (FE), 8 studies: MD -6.056 in points (0-100) (95% CI -8.272 to -3.84; "
        "wald, normal); Q 11.4 on 7 df (P = 0.12), I² 39%."
    )


def test_frame_has_a_row_a_quantity():
    found = baseline(PAIN)
    frame = found.to_frame().set_index("quantity")
    rows = ["mu", "se", "t", "tau2", "se(tau2)", "tau", "Q", "I2", "I2 from Q", "H2", "prediction"]
    assert list(frame.index) == rows
    assert (frame.value["mu"], frame.lower["mu"], frame.df["mu"]) == (found.mu, found.lower, 7)
    assert frame.value["se(tau2)"] == found.tau2_se
    assert frame.upper["tau"] == math.sqrt(found.tau2_interval.upper)
    assert (frame.lower["I2 from Q"], frame.upper["I2"]) == (
        found.i2_from_q_interval.lower,
        found.i2_interval.upper,
    )
    assert (frame.p["t"], frame.p["Q"]) == (found.p, found.q_p)
    assert frame.df["prediction"] == 6 and "k - 2" in frame.method["prediction"]
    common = baseline(PAIN, "FE").to_frame().set_index("quantity")
    assert list(common.index) == [*rows[:2], "z", *rows[3:-1]]
    assert common.df["mu"] == math.inf
    other = baseline(PAIN, "DL", "henmi-copas").to_frame().set_index("quantity")
    assert (
        math.isnan(other.df["mu"]) and other.value["mu/se"] == other.value["mu"] / other.value["se"]
    )


def test_the_interval_of_tau2_is_named_where_it_is_shown():
    found = baseline(PAIN, "REML", tau2_ci="PL")
    assert "(95% profile likelihood 0 to " in str(found)
    assert "profile likelihood, REML" in found.to_frame().method[3]
    assert (
        "95% profile likelihood interval"
        in baseline(references.effects("hinks"), tau2_ci="PL").notes[0]
    )


def test_what_is_not_asked_for_is_not_computed_and_once_computed_is_kept():
    found = baseline(PAIN)
    assert "tau2_interval" not in vars(found) and "notes" not in vars(found)
    assert found.tau2_interval is found.tau2_interval
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.tau2_interval = None


@pytest.mark.parametrize("ci", ["hksj-adhoc", "hksj-truncated", "hksj-iqwig", "hksj-hybrid"])
def test_notes_name_the_correction_that_was_made(ci):
    schools = references.effects("eight_schools")
    said = " ".join(baseline(schools, ci=ci).notes)
    assert {
        "hksj-adhoc": "is Wald's, because",
        "hksj-truncated": "is Wald's, because",
        "hksj-iqwig": "is held up to Wald's",
        "hksj-hybrid": "The interval is Wald's, which is wider",
    }[ci] in said


def test_more_studies_than_the_generalised_q_takes():
    many = made(np.arange(1001) % 7, np.ones(1001))
    with pytest.raises(BayesPSError, match="up to 1000 studies, but there are 1001"):
        baseline(many, tau2_ci="J")
