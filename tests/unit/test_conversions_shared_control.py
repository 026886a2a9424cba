"""A shared control group: its parts add up, keep the risk, and follow the treated arms."""

import numpy as np
import pytest
from pytest import approx

from bayes_ps.checks import StudyTableError
from bayes_ps.effects.conversions import combine_counts, split_shared_control


def test_equal_parts():
    found = split_shared_control(45, events=9, parts=2)
    assert found.n.tolist() == [22.5, 22.5] and found.events.tolist() == [4.5, 4.5]
    assert str(found) == "A control group in 2 parts of n 22.5, 22.5"
    whole = combine_counts(found.events, found.n)
    assert (whole.events, whole.n) == (9, 45)


def test_in_proportion_to_the_treated_arms():
    found = split_shared_control([60, 30], events=[12, 0], in_proportion_to=[[40, 20], [10, 10]])
    assert found.n == approx(np.array([[40, 20], [15, 15]]), rel=1e-15)
    assert found.events == approx(np.array([[8, 4], [0, 0]]), rel=1e-15)
    assert str(found) == "2 control groups in 2 parts each"


def test_means_have_no_events():
    found = split_shared_control([60, np.nan], parts=3)
    assert found.events is None and found.n[0].tolist() == [20, 20, 20]
    assert np.isnan(found.n[1]).all()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, r"Say into how many parts \(parts=2\)"),
        ({"parts": 2, "in_proportion_to": [1, 2]}, "Say into how many parts"),
        ({"parts": 1}, "shared by two comparisons or more"),
        ({"parts": -3}, "shared by two comparisons or more"),
        ({"in_proportion_to": 7}, "shared by two comparisons or more"),
        ({"in_proportion_to": [3, 0]}, '"in_proportion_to" must be above 0, but is 0 in row 2'),
        ({"n": 0, "parts": 2}, '"n" must be 1 or more'),
        ({"events": 46, "parts": 2}, '"events" must be at most n'),
    ],
)
def test_what_cannot_be_split(given, said):
    with pytest.raises(StudyTableError, match=said):
        split_shared_control(**({"n": 45} | given))
