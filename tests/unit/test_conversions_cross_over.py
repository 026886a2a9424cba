"""Cross-over trials, beside scipy's paired test of raw data."""

import numpy as np
import pytest
from pytest import approx
from scipy import stats

from bayes_ps.checks import StudyTableError
from bayes_ps.effects import conversions as conv

RNG = np.random.default_rng(5)
TREATED = RNG.normal(50, 8, 14)
CONTROL = 0.6 * TREATED + RNG.normal(24, 6, 14)
SDS = TREATED.std(ddof=1), CONTROL.std(ddof=1)
R = np.corrcoef(TREATED, CONTROL)[0, 1]
MD = (TREATED - CONTROL).mean()
SE = stats.sem(TREATED - CONTROL)
TEST = stats.ttest_rel(TREATED, CONTROL)


def test_paired_raw_data():
    assert conv.se_of_paired_difference(*SDS, 14, R) == approx(SE, rel=1e-12)
    assert conv.correlation_from_paired_se(SE, *SDS, 14) == approx(R, rel=1e-12)
    assert conv.se_from_difference_t(MD, TEST.statistic) == approx(SE, rel=1e-12)
    assert conv.se_from_paired_p(MD, TEST.pvalue, 14) == approx(SE, rel=1e-10)
    assert conv.se_from_paired_ci(*TEST.confidence_interval(), 14) == approx(SE, rel=1e-12)


def test_the_smd_does_not_know_the_unit_and_r_0_is_two_groups():
    one = conv.smd_from_cross_over(MD, *SDS, 14, r=R)
    other = conv.smd_from_cross_over(10 * MD, 10 * SDS[0], 10 * SDS[1], 14, r=R)
    assert (one.y, one.se) == approx((other.y, other.se), rel=1e-14)
    apart = conv.smd_from_cross_over(0, *SDS, 14, r=0)
    assert apart.se == approx((1 / 14 + 1 / 14) ** 0.5, rel=1e-14)


def test_the_se_of_the_smd_by_simulation():
    """2000 trials of 200 with r = 0.7 and smd 0.5: the SD of the estimates is the mean SE ± 6 %."""
    rng = np.random.default_rng(6)
    x, noise = rng.normal(size=(2, 2000, 200))
    y = 0.7 * x + 0.51**0.5 * noise
    x = x + 0.5
    correlation = (stats.zscore(x, axis=1) * stats.zscore(y, axis=1)).mean(1)
    sds = x.std(axis=1, ddof=1), y.std(axis=1, ddof=1)
    found = conv.smd_from_cross_over((x - y).mean(1), *sds, 200, r=correlation)
    assert found.y.std() == approx(found.se.mean(), rel=0.06)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: conv.se_of_paired_difference(1, 2, 1, 0.5), '"n" must be 2 or more'),
        (lambda: conv.se_of_paired_difference(1, 2, 9, [0, 2]), '"r" must be .* is 2 in row 2'),
        (lambda: conv.correlation_from_paired_se(0, 1, 1, 9), '"se" must be above 0'),
        (lambda: conv.correlation_from_paired_se(9, 1, 1, 9), '"sd_change" must be between'),
        (lambda: conv.se_from_paired_p(1, 0.5, 1), '"n" must be 2 or more'),
        (lambda: conv.se_from_paired_p(1, 0, 9), '"p" must be between 0 and 1'),
        (lambda: conv.se_from_paired_ci(1, 0, 9), '"ci_high" must be above ci_low'),
        (lambda: conv.smd_from_cross_over(1, 1, 0, 9, r=0.5), '"sd_c" must be above 0'),
        (lambda: conv.smd_from_cross_over(1, 1, 1, 9, r=1), '"r" must be below 1'),
        (lambda: conv.smd_from_cross_over(1, 1, 1, 9, r=1.1), '"r" must be between -1 and 1'),
    ],
)
def test_what_no_trial_can_have(call, said):
    with pytest.raises(StudyTableError, match=said):
        call()
