"""SE and SD behind a difference of two groups, beside scipy's tests of raw data."""

import mpmath
import numpy as np
import pytest
from pytest import approx
from scipy import stats

from bayes_ps.checks import StudyTableError
from bayes_ps.effects import conversions as conv

RNG = np.random.default_rng(2)
TREATED, CONTROL = RNG.normal(3, 2, 25), RNG.normal(5, 2, 22)
N = (25, 22)
MD = TREATED.mean() - CONTROL.mean()
POOLED = np.sqrt((24 * TREATED.var(ddof=1) + 21 * CONTROL.var(ddof=1)) / 45)
SE = POOLED * np.sqrt(1 / 25 + 1 / 22)
TEST = stats.ttest_ind(TREATED, CONTROL)
INTERVAL = TEST.confidence_interval(0.9)


def test_standard_error_of_a_t_test_of_raw_data():
    assert conv.se_from_difference_t(MD, TEST.statistic) == approx(SE, rel=1e-12)
    assert conv.se_from_difference_t(MD, -TEST.statistic) == approx(SE, rel=1e-12)
    assert conv.se_from_difference_p(MD, TEST.pvalue, *N) == approx(SE, rel=1e-10)
    f = stats.f_oneway(TREATED, CONTROL).statistic
    assert conv.se_from_difference_f(MD, f) == approx(SE, rel=1e-12)
    assert conv.se_from_difference_ci(*INTERVAL, *N, level=0.9) == approx(SE, rel=1e-12)
    assert conv.se_of_difference(POOLED, *N) == approx(SE, rel=1e-14)


def test_pooled_sd_of_raw_data():
    assert conv.sd_from_difference_se(SE, *N) == approx(POOLED, rel=1e-12)
    assert conv.sd_from_difference_t(MD, TEST.statistic, *N) == approx(POOLED, rel=1e-12)
    assert conv.sd_from_difference_p(MD, TEST.pvalue, *N) == approx(POOLED, rel=1e-10)
    f = stats.f_oneway(TREATED, CONTROL).statistic
    assert conv.sd_from_difference_f(MD, f, *N) == approx(POOLED, rel=1e-12)
    found = conv.sd_from_difference_ci(*INTERVAL, *N, level=0.9, quantile="t")
    assert found == approx(POOLED, rel=1e-12)


def test_t_where_one_group_is_small():
    wide, normal = conv.se_from_difference_ci(0, 1, [59, 60], 200), 1 / (2 * stats.norm.isf(0.025))
    assert wide == approx([1 / (2 * stats.t(257).isf(0.025)), normal], rel=1e-13)


@pytest.mark.parametrize("p", [1e-100, 1e-12, 0.008, 0.05, 0.999])
@pytest.mark.parametrize("df", [1, 3, 45, 1e4])
def test_t_and_p_in_30_digits(p, df):
    """P(|T| > t) = I_x(df/2, 1/2) at x = df/(df + t²), the incomplete beta function."""
    t = conv.t_from_p(p, df)
    with mpmath.workdps(30):
        x = df / (df + mpmath.mpf(t) ** 2)
        exact = float(mpmath.betainc(mpmath.mpf(df) / 2, 0.5, 0, x, regularized=True))
    assert exact == approx(p, rel=1e-12)
    assert conv.p_from_t(t, df) == approx(p, rel=1e-12)
    assert conv.p_from_t(-t, df) == conv.p_from_t(t, df)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: conv.se_from_difference_t([1, 0], 2), '"difference" must be other than 0.* row 2'),
        (lambda: conv.se_from_difference_t(1, [2, 0]), '"t" must be other than 0, but is 0 in row'),
        (lambda: conv.se_from_difference_f(1, 0), '"f" must be above 0'),
        (lambda: conv.se_from_difference_p(1, [0.5, 0], 9, 9), '"p" must be .* but is 0 in row 2'),
        (lambda: conv.se_from_difference_p(1, 1.2, 9, 9), '"p" must be between 0 and 1'),
        (lambda: conv.t_from_p([0.5, 1e-200], 9), '"p" must be 1e-100 or more.* in row 2'),
        (lambda: conv.se_from_difference_p(1, 0.5, 1, 1), '"degrees of freedom" must be 1 or more'),
        (lambda: conv.se_from_difference_ci(0, 1, 1, 1), '"degrees of freedom" must be 1 or more'),
        (lambda: conv.sd_from_difference_se(1, 0, 9), '"n_t" must be 1 or more'),
        (lambda: conv.sd_from_difference_se(-1, 9, 9), '"se" must be above 0'),
        (lambda: conv.se_of_difference(1, 9, 0), '"n_c" must be 1 or more'),
        (lambda: conv.p_from_t(2, 0), '"degrees of freedom" must be 1 or more'),
    ],
)
def test_what_says_nothing_of_precision(call, said):
    with pytest.raises(StudyTableError, match=said):
        call()
