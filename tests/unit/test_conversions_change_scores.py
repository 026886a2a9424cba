"""Change scores, beside the SDs and the correlation of raw data."""

import numpy as np
import pytest
from pytest import approx

from bayes_ps.checks import StudyTableError
from bayes_ps.effects.conversions import correlation_from_sds, sd_of_change, sweep_correlations

RNG = np.random.default_rng(3)
BEFORE = RNG.normal(60, 9, 40)
AFTER = 0.7 * BEFORE + RNG.normal(0, 5, 40)
SDS = BEFORE.std(ddof=1), AFTER.std(ddof=1)
R = np.corrcoef(BEFORE, AFTER)[0, 1]


def test_raw_data():
    change = (AFTER - BEFORE).std(ddof=1)
    assert sd_of_change(*SDS, R) == approx(change, rel=1e-12)
    assert correlation_from_sds(*SDS, change) == approx(R, rel=1e-12)


def test_bounds_of_the_correlation():
    assert sd_of_change(3, 5, 1) == 2 and sd_of_change(3, 5, -1) == approx(8, rel=1e-15)
    assert correlation_from_sds(3, 5, 2) == 1 and correlation_from_sds(3, 5, 8) == -1


def test_a_sweep_is_tidy():
    frame = sweep_correlations([10, 20], [12, 18], r=[0.5, 0.9], study=["A", "B"])
    assert list(frame) == ["study", "r", "sd_pre", "sd_post", "sd_change"]
    assert frame["study"].tolist() == ["A", "B", "A", "B"]
    assert frame["r"].tolist() == [0.5, 0.5, 0.9, 0.9]
    by_hand = [(100 + 144 - 2 * r * 120) ** 0.5 for r in (0.5, 0.9)]
    assert frame.loc[frame["study"] == "A", "sd_change"].tolist() == approx(by_hand, rel=1e-14)
    alone = sweep_correlations(10, 12)
    assert len(alone) == 6 and alone["study"].unique().tolist() == [1]
    assert alone["sd_change"].is_monotonic_decreasing


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: sd_of_change(0, 1, 0.5), '"sd_pre" must be above 0.* sd_from_se'),
        (lambda: sd_of_change(1, -1, 0.5), '"sd_post" must be above 0'),
        (lambda: sd_of_change(1, 1, [0.5, 70]), '"r" must be between -1 and 1, but is 70 in row 2'),
        (lambda: sd_of_change(3, 3, 1), '"r" must be below 1 where sd_pre = sd_post'),
        (lambda: correlation_from_sds(10, 10, [5, 21]), '"sd_change" must be between .* row 2'),
        (lambda: correlation_from_sds(10, 4, 1), "Is one of the three a standard error"),
        (lambda: sweep_correlations([1, 2], 2, study=["A"]), "There are 1 names for SDs of shape"),
        (lambda: sweep_correlations(1, 2, r=1.5), '"r" must be between -1 and 1'),
    ],
)
def test_what_no_data_can_have(call, said):
    with pytest.raises(StudyTableError, match=said):
        call()
