"""Hazard ratio of O−E and V, by hand and beside Peto's odds ratio."""

import pytest
from pytest import approx

from bayes_ps.checks import StudyTableError
from bayes_ps.effects.conversions import log_hr_from_o_e, o_e_from_log_hr


def test_by_hand():
    found = log_hr_from_o_e(-5, 20)
    assert (found.y, found.se) == approx((-0.25, 20**-0.5), rel=1e-15)
    back = o_e_from_log_hr(found.y, found.se)
    assert (back.o_e, back.v) == approx((-5, 20), rel=1e-14)
    assert str(back) == "O−E -5, V 20"
    assert str(o_e_from_log_hr([0.1, 0.2], 1)) == "O−E and V of 2 studies"


def test_two_studies_add_up_to_their_inverse_variance_pool():
    o_e, v = [-5, 3], [20, 12]
    each, pooled = log_hr_from_o_e(o_e, v), log_hr_from_o_e(sum(o_e), sum(v))
    weights = 1 / each.se**2
    assert (weights @ each.y) / weights.sum() == approx(pooled.y, rel=1e-14)
    assert weights.sum() ** -0.5 == approx(pooled.se, rel=1e-14)


def test_what_is_no_variance():
    with pytest.raises(StudyTableError, match=r'"v" must be above 0, but is 0 in row 2'):
        log_hr_from_o_e([1, 2], [3, 0])
    with pytest.raises(StudyTableError, match='"se" must be above 0'):
        o_e_from_log_hr(1, 0)
