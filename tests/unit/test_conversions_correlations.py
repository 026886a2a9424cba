"""Correlations, beside Pearson's r of raw data and slopes by differences."""

import numpy as np
import pytest
from pytest import approx
from scipy import stats

from bayes_ps.checks import StudyTableError
from bayes_ps.effects.conversions import r_from_smd, r_from_z, se_of_fisher_z, smd_from_r, z_from_r

RNG = np.random.default_rng(7)
TREATED, CONTROL = RNG.normal(1, 1, 9), RNG.normal(0, 1, 26)
POOLED = np.sqrt((8 * TREATED.var(ddof=1) + 25 * CONTROL.var(ddof=1)) / 33)
D = (TREATED.mean() - CONTROL.mean()) / POOLED


def test_pearson_of_raw_data():
    """The correlation of the outcome with being treated, groups of 9 and 26."""
    outcome, group = np.concatenate([TREATED, CONTROL]), np.repeat([1.0, 0.0], [9, 26])
    r = stats.pearsonr(outcome, group).statistic
    assert r_from_smd(D, n_t=9, n_c=26).y == approx(r, rel=1e-12)
    assert smd_from_r(r, n_t=9, n_c=26).y == approx(D, rel=1e-12)


def test_large_equal_groups_need_no_sizes():
    assert r_from_smd(0.8).y == approx(0.8 / 4.64**0.5, rel=1e-14)
    assert r_from_smd(0.8, n_t=10**7, n_c=10**7).y == approx(r_from_smd(0.8).y, rel=1e-6)


@pytest.mark.parametrize("x", [-0.7, 0.0, 0.4])
@pytest.mark.parametrize(
    "convert",
    [
        r_from_smd,
        smd_from_r,
        z_from_r,
        r_from_z,
        lambda x, se=None: r_from_smd(x, se, n_t=5, n_c=30),
        lambda x, se=None: smd_from_r(x, se, n_t=5, n_c=30),
    ],
)
def test_the_se_is_the_slope(convert, x):
    slope = (convert(x + 1e-6).y - convert(x - 1e-6).y) / 2e-6
    assert convert(x, 0.1).se == approx(0.1 * slope, rel=1e-8)
    assert convert(x).se is None


def test_fisher_z():
    assert z_from_r([-0.5, 0, 0.9]).y == approx(np.arctanh([-0.5, 0, 0.9]), rel=1e-15)
    assert se_of_fisher_z(103) == 0.1
    interval = stats.pearsonr(TREATED, CONTROL[:9]).confidence_interval()
    z = z_from_r(stats.pearsonr(TREATED, CONTROL[:9]).statistic).y
    half = stats.norm.isf(0.025) * se_of_fisher_z(9)
    assert r_from_z([z - half, z + half]).y == approx(list(interval), rel=1e-12)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: z_from_r([0.5, 1]), '"r" must be between -1 and 1, but is 1 in row 2'),
        (lambda: smd_from_r(-1.2), '"r" must be between -1 and 1'),
        (lambda: r_from_smd(1, n_t=9), "Give both n_t and n_c"),
        (lambda: r_from_smd(1, n_t=0, n_c=9), '"n_t" must be 1 or more'),
        (lambda: r_from_smd(1, n_t=1, n_c=1), r'"n_t \+ n_c" must be 3 or more'),
        (lambda: r_from_z(1, 0), '"se" must be above 0'),
        (lambda: se_of_fisher_z(3), '"n" must be 4 or more'),
    ],
)
def test_what_is_no_correlation(call, said):
    with pytest.raises(StudyTableError, match=said):
        call()
