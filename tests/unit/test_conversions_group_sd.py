"""SD of a group from its SE or interval, beside scipy's intervals."""

import numpy as np
import pytest
from pytest import approx
from scipy import stats

from bayes_ps.checks import StudyTableError
from bayes_ps.effects.conversions import ci_from_sd, sd_from_ci, sd_from_se, se_from_sd


def test_se_and_sd():
    sample = np.random.default_rng(1).normal(size=25)
    assert sd_from_se(stats.sem(sample), 25) == approx(sample.std(ddof=1), rel=1e-14)
    assert se_from_sd(sample.std(ddof=1), 25) == approx(stats.sem(sample), rel=1e-14)


@pytest.mark.parametrize("level", [0.8, 0.95, 0.999])
@pytest.mark.parametrize("n", [2, 25, 59, 60, 500])
def test_intervals_of_scipy(n, level):
    """t below 60, normal from 60; or what the paper says that it used."""
    t, z = stats.t(n - 1).isf((1 - level) / 2), stats.norm.isf((1 - level) / 2)
    for quantile, q in (("handbook", t if n < 60 else z), ("t", t), ("normal", z)):
        half = q * 7 / n**0.5
        found = sd_from_ci(3 - half, 3 + half, n, level, quantile=quantile)
        assert found == approx(7, rel=1e-12)
        ends = ci_from_sd(3, 7, n, level, quantile=quantile)
        assert ends == approx((3 - half, 3 + half), rel=1e-12)


def test_each_row_takes_its_quantile():
    assert sd_from_ci(0, 1, [25, 100]) == approx(
        [5 / (2 * stats.t(24).isf(0.025)), 10 / (2 * stats.norm.isf(0.025))], rel=1e-13
    )


@pytest.mark.parametrize(
    ("low", "high", "n", "level", "said"),
    [
        (2, 1, 9, 0.95, '"ci_high" must be above ci_low'),
        (1, 1, 9, 0.95, '"ci_high" must be above ci_low'),
        (0, 1, 1, 0.95, '"n" must be 2 or more'),
        (0, 1, 9, 95, '"level" must be between 0 and 1, but is 95. For 95 % pass level=0.95'),
    ],
)
def test_what_cannot_be_an_interval(low, high, n, level, said):
    with pytest.raises(StudyTableError, match=said):
        sd_from_ci(low, high, n, level)


def test_an_unknown_quantile():
    with pytest.raises(StudyTableError, match='"handbook", "t" or "normal"'):
        sd_from_ci(0, 1, 9, quantile="z")
    with pytest.raises(StudyTableError, match='"sd" must be above 0'):
        ci_from_sd(0, 0, 9)
