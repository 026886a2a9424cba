"""Arms combined, beside their pooled raw data."""

import numpy as np
import pytest
from pytest import approx

from bayes_ps.checks import StudyTableError
from bayes_ps.effects.conversions import combine_arms, combine_counts

RNG = np.random.default_rng(4)
ARMS = [RNG.normal(m, s, n) for m, s, n in ((1e6, 2, 7), (1e6 + 4, 3, 11), (1e6 - 2, 1, 30))]
STATED = [[f(arm) for arm in ARMS] for f in (len, np.mean, lambda arm: np.std(arm, ddof=1))]
NAN = np.nan


def test_pooled_raw_data():
    """Also far from the origin, where Σ x² would lose all digits."""
    pooled = np.concatenate(ARMS)
    whole = combine_arms(*STATED)
    assert whole.n == 48 and whole.mean == approx(pooled.mean(), rel=1e-14)
    assert whole.sd == approx(pooled.std(ddof=1), rel=1e-9)
    assert str(whole) == "n 48, mean 1e+06, SD 3.445"


def test_a_table_of_trials_with_two_and_three_arms():
    n, mean, sd = ([[10, 20, last], [10, 20, NAN]] for last in (15, 8.4, 4.1))
    found = combine_arms(n, mean, sd)
    two = combine_arms([10, 20], [10, 20], [10, 20])
    assert found.n.tolist() == [45, 30] and found.sd[1] == two.sd
    assert str(found) == "n, mean and SD of 2 groups"


def test_an_arm_that_reports_a_part_makes_the_whole_unknown():
    found = combine_arms([[10, 20], [10, 20], [NAN, NAN]], [[1, NAN], [1, 2], [NAN, NAN]], 1)
    assert np.isnan(found.mean).tolist() == [True, False, True]
    assert np.isnan(found.sd).tolist() == [True, False, True]


def test_one_arm_is_itself():
    whole = combine_arms([12], [3.5], [2.25])
    assert (whole.n, whole.mean, whole.sd) == (12, 3.5, approx(2.25, rel=1e-15))


def test_counts():
    whole = combine_counts([[3, 5, 1], [2, 2, NAN]], [[10, 20, 30], [4, 4, NAN]])
    assert whole.events.tolist() == [9, 4] and whole.n.tolist() == [60, 8]
    assert str(combine_counts([3, 5], [10, 20])) == "8 events of 30"
    assert str(whole) == "events and n of 2 groups"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: combine_arms(10, 1, 1), "no arms to combine"),
        (lambda: combine_arms([], [], []), "no arms to combine"),
        (lambda: combine_arms([[10, 0]], 1, 1), '"n" must be 1 or more, but is 0 in row 1, column'),
        (lambda: combine_arms([10, 9], 1, [1, -1]), '"sd" must be 0 or more'),
        (lambda: combine_arms([1], [1], [0]), '"n of all arms" must be 2 or more'),
        (lambda: combine_counts([5, 11], 10), '"events" must be at most n, but is 11 in row 2'),
        (lambda: combine_counts([-1, 1], 10), '"events" must be 0 or more'),
    ],
)
def test_impossible_arms(call, said):
    with pytest.raises(StudyTableError, match=said):
        call()
