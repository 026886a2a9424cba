"""`MCID`: a size with its unit, kind and source; never a sign."""

import dataclasses

import numpy as np
import pytest
from pytest import approx

from bayes_ps import priors
from bayes_ps.checks import BayesPSError, UnitError
from bayes_ps.decision import MCID
from tests.unit.making import PAIN, made

UNIT = "points (0-100)"


def test_the_threshold_has_the_sign_of_benefit():
    assert MCID(10, UNIT).threshold(PAIN) == -10
    assert MCID(10, UNIT).threshold(made([1], [1], better="higher")) == 10


def test_another_unit_is_refused_with_both_units():
    with pytest.raises(UnitError) as caught:
        MCID(1, "points (0-10)").threshold(PAIN)
    said = str(caught.value)
    assert "The MCID is in 'points (0-10)', but the effects are in 'points (0-100)'" in said
    assert "MCID(1, unit='points (0-100)')" in said


RATIOS = made(np.log([0.7, 0.9]), [0.1, 0.2], measure="RR", unit="log RR")
BENEFIT_ABOVE = made(np.log([1.2, 1.4]), [0.1, 0.2], measure="log GEN", unit="x", better="higher")


@pytest.mark.parametrize(
    ("effects", "ratio", "threshold"),
    [(RATIOS, 0.8, np.log(0.8)), (BENEFIT_ABOVE, 1.25, np.log(1.25))],
)
def test_a_ratio_is_put_on_the_log_scale(effects, ratio, threshold):
    mcid = MCID(ratio, "ratio", source="doi:10/x").on_log_scale(effects)
    assert mcid.threshold(effects) == approx(threshold, rel=1e-15)
    assert (mcid.unit, mcid.source) == (effects.unit, f"doi:10/x (ratio {ratio})")


def test_anchors_that_are_ratios():
    mcid = MCID([0.8, 0.9], "ratio").on_log_scale(RATIOS)
    assert mcid.value == approx((-np.log(0.8), -np.log(0.9)), rel=1e-15)
    assert mcid.source == "no source given (ratio 0.8 or 0.9)"


def test_a_ratio_beside_log_ratios_says_the_call():
    with pytest.raises(UnitError) as caught:
        MCID(0.8, "ratio").threshold(RATIOS)
    assert 'MCID(0.8, unit="ratio").on_log_scale(effects)' in str(caught.value)


@pytest.mark.parametrize(
    ("mcid", "effects", "said"),
    [
        (MCID(1.25, "ratio"), RATIOS, r"a benefit is a ratio below 1, as in MCID\(0.8"),
        (MCID(0.8, "ratio"), BENEFIT_ABOVE, r"a benefit is a ratio above 1, as in MCID\(1.25"),
        (MCID(0.8, "ratio"), PAIN, "their MCID is not a ratio"),
        (MCID(0.8, "log RR"), RATIOS, "the MCID is in 'log RR'"),
        (MCID(priors.uniform(0.8, 0.9), "ratio"), RATIOS, "state it on the log scale"),
    ],
)
def test_what_is_no_beneficial_ratio_is_refused(mcid, effects, said):
    with pytest.raises(BayesPSError, match=said):
        mcid.on_log_scale(effects)


@pytest.mark.parametrize("value", [0, -10, np.nan, np.inf, "10", None])
def test_a_value_is_a_size(value):
    with pytest.raises(BayesPSError, match=r"An MCID is a size > 0, but is .*effects\.better"):
        MCID(value, UNIT)


@pytest.mark.parametrize("value", [10, 10.0, np.float64(10), np.int64(10), np.float32(10)])
def test_a_value_may_come_from_any_table_of_numbers(value):
    assert MCID(value, UNIT).threshold(PAIN) == -10
    assert str(MCID(value, UNIT)) == "MCID 10 points (0-100) (not stated; no source given)"


@pytest.mark.parametrize("unit", ["", "  ", None])
def test_a_unit_is_needed(unit):
    with pytest.raises(UnitError, match="An MCID needs its unit, as in MCID"):
        MCID(10, unit)


def test_kinds_and_directions_are_known_ones():
    with pytest.raises(
        BayesPSError, match=r"kind must be one of .*'within patient'.* but is 'MID'"
    ):
        MCID(10, UNIT, kind="MID")
    with pytest.raises(BayesPSError, match='"worsening" or "either", not \'lower\''):
        MCID(10, UNIT, direction="lower")


def test_it_says_what_it_assumes_and_where_it_is_from():
    within = MCID(10, UNIT, source="doi:10.1/x", kind="within patient", population="back pain")
    assert str(within) == "MCID 10 points (0-100) (within patient; doi:10.1/x)"
    assert "for a difference between group means it is an assumption" in within.caveat
    assert "not anchored" in MCID(10, UNIT, kind="rule of thumb").caveat
    assert "between groups" in MCID(10, UNIT, kind="between groups").caveat
    assert "does not say" in MCID(10, UNIT).caveat


def test_it_is_a_frozen_value():
    assert MCID(10, UNIT) == MCID(10, UNIT) != MCID(11, UNIT)
    with pytest.raises(dataclasses.FrozenInstanceError):
        MCID(10, UNIT).value = 5
