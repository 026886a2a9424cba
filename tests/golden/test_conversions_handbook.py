"""Conversions: the worked examples of the Cochrane Handbook 5.1 (sections of 6.5 in brackets)."""

import numpy as np
import pytest
from pytest import approx

from bayes_ps.effects import conversions as conv


def test_interval_of_a_group_of_25():
    """7.7.3.2 (6.5.2.2): the divisor 3.92 becomes 2 × 2.0639 = 4.128 for n = 25."""
    assert 5 / conv.sd_from_ci(0, 1, 25) == approx(4.128, abs=5e-4)
    assert 1 / conv.se_from_difference_ci(0, 1, 100, 100) == approx(3.92, abs=5e-3)
    for level, divisor in ((0.90, 3.29), (0.95, 3.92), (0.99, 5.15)):
        assert 10 / conv.sd_from_ci(0, 1, 100, level) == approx(divisor, abs=5e-3)


def test_p_value_of_a_difference():
    """7.7.3.3 (6.5.2.3): MD 3.8, P 0.008, n = 25 and 22: t 2.78, SE 1.37, SD 4.69.

    The 4.69 is 1.37/0.2923, of the rounded SE; without rounding on the way it is 4.683.
    """
    assert conv.t_from_p(0.008, 45) == approx(2.78, abs=5e-3)
    assert conv.se_from_difference_p(3.8, 0.008, 25, 22) == approx(1.37, abs=5e-3)
    assert conv.sd_from_difference_se(1.37, 25, 22) == approx(4.69, abs=5e-3)
    assert conv.sd_from_difference_p(3.8, 0.008, 25, 22) == approx(4.69, abs=0.01)
    assert conv.sd_from_difference_t(3.8, 2.78, 25, 22) == approx(4.69, abs=0.02)


def test_quartiles_of_a_large_group():
    """7.7.3.5 (6.5.2.5): the width of the interquartile range is about 1.35 SDs."""
    assert 1 / conv.sd_from_iqr(0, 1, 10_000) == approx(1.35, abs=5e-3)


@pytest.mark.parametrize(("sds", "r"), [((6.4, 7.1, 4.5), 0.78), ((7.0, 6.9, 4.2), 0.82)])
def test_correlation_of_change(sds, r):
    """16.1.3.2 (6.5.2.8): 0.78 in the experimental and 0.82 in the control group."""
    assert conv.correlation_from_sds(*sds) == approx(r, abs=5e-3)


def test_sd_of_change():
    """16.1.3.2 (6.5.2.8): SDs 4.0 and 4.4 with the average correlation 0.80 give 2.68."""
    assert conv.sd_of_change(4.0, 4.4, 0.80) == approx(2.68, abs=5e-3)


def test_cross_over_trial():
    """16.4.6.4 (23.2.7): SD of differences 2: SE 0.632; r 0.68: 0.583; SMD 0.218 (0.256)."""
    assert conv.se_from_sd(2, 10) == approx(0.632, abs=5e-4)
    assert conv.se_of_paired_difference(2.38, 2.21, 10, 0.68) == approx(0.583, abs=5e-4)
    smd = conv.smd_from_cross_over(7.0 - 6.5, 2.38, 2.21, 10, r=0.68)
    assert (smd.y, smd.se) == approx((0.218, 0.256), abs=5e-4)


def test_cluster_trial():
    """16.3.5 (23.1.5): 63/295 and 84/330 children in 21 classes, ICC 0.02, 29.8 a class."""
    effect = conv.design_effect(29.8, 0.02)
    assert effect == approx(1.576, abs=5e-4)
    arms = conv.effective_counts([63, 84], [295, 330], effect)
    assert arms.n == approx([187.2, 209.4], abs=0.05)
    assert arms.events == approx([40.0, 53.3], abs=0.05)
    assert conv.effective_n(295, effect) == approx(arms.n[0], rel=1e-15)


def test_factor_of_log_odds_ratios():
    """12.6.3 (10.6): π/√3, approximately 1.81."""
    assert conv.log_or_from_smd(1).y == approx(1.81, abs=5e-3)


def test_combined_groups_of_statstodo():
    """StatsToDo, "Combine Means and SDs": three groups by table 6.5.a: 45, 12.2222, 4.5028."""
    whole = conv.combine_arms([10, 20, 15], [11.8, 15.3, 8.4], [2.4, 3.2, 4.1])
    assert whole.n == 45
    assert (whole.mean, whole.sd) == approx((12.2222, 4.5028), abs=5e-5)


def test_combined_groups_by_the_formula_of_the_table():
    """Table 6.5.a for two groups, written out, for the groups in the help of Stata's `combine`."""
    n, m, s = np.array([50, 50]), np.array([26.5, 32.9]), np.array([4.5, 5.8])
    product = n[0] * n[1] / n.sum() * (m[0] ** 2 + m[1] ** 2 - 2 * m[0] * m[1])
    sd = np.sqrt(((n - 1) @ s**2 + product) / (n.sum() - 1))
    whole = conv.combine_arms(n, m, s)
    assert (whole.n, whole.mean) == (100, approx(29.7, rel=1e-15))
    assert whole.sd == approx(sd, rel=1e-13)


def test_effectsize_of_easystats():
    """Examples in the help of R's effectsize, which print their numbers or hold by name."""
    assert conv.smd_from_r(0.5).y == approx(1.154701, abs=5e-7)
    assert np.exp(conv.log_or_from_smd(1.154701).y) == approx(8.120534, abs=5e-6)
    assert conv.r_from_smd(1).y == approx(0.4472136, abs=5e-8)
    assert conv.smd_from_log_or(1.813799).y == approx(1, abs=5e-7)
