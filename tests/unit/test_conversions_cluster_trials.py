"""Cluster trials, beside the exact variance of a mean of correlated participants."""

import numpy as np
import pytest
from pytest import approx
from scipy.linalg import block_diag

from bayes_ps.checks import StudyTableError
from bayes_ps.effects import conversions as conv

SIZES = [3, 30, 12, 7, 18]


@pytest.mark.parametrize("icc", [0, 0.02, 0.3, 1])
@pytest.mark.parametrize("sizes", [SIZES, [10] * 4, [1] * 9])
def test_exact_variance_of_the_mean(sizes, icc):
    """Var(mean) / (σ²/N) of clusters in which every two participants correlate by the ICC."""
    V = block_diag(*(np.full((m, m), icc) + (1 - icc) * np.eye(m) for m in sizes))
    exact = V.sum() / sum(sizes)
    found = conv.design_effect(np.mean(sizes), icc, cv=conv.cluster_size_cv(sizes))
    assert found == approx(exact, rel=1e-13)


def test_variation_of_the_sizes():
    assert conv.cluster_size_cv(SIZES) == approx(np.std(SIZES) / np.mean(SIZES), rel=1e-14)
    table = conv.cluster_size_cv([[4, 4, np.nan], [2, 4, 6]])
    assert table == approx([0, (8 / 3) ** 0.5 / 4], rel=1e-14)


def test_no_clusters_no_effect():
    assert conv.design_effect(1, 0.5) == 1 and conv.design_effect(40, 0) == 1


def test_effective_groups_keep_the_risk_and_the_se_grows_by_the_root():
    arms = conv.effective_counts([10, 20], 40, 1.6)
    assert (arms.events / arms.n).tolist() == approx([0.25, 0.5], rel=1e-15)
    assert conv.inflate_se(0.3, 1.44) == approx(0.36, rel=1e-15)
    two = [conv.effective_n(n, 1.44) for n in (50, 60)]
    inflated = conv.inflate_se(conv.se_of_difference(9, 50, 60), 1.44)
    assert conv.se_of_difference(9, *two) == approx(inflated, rel=1e-14)
    assert conv.design_effect_from_se(0.36, 0.3) == approx(1.44, rel=1e-14)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: conv.design_effect(0.5, 0.1), '"mean_size" must be 1 or more'),
        (lambda: conv.design_effect(9, [0.1, -0.1]), '"icc" must be .* but is -0.1 in row 2'),
        (lambda: conv.design_effect(9, 5), "one in per cent is divided by 100"),
        (lambda: conv.design_effect(9, 0.1, cv=-1), '"cv" must be 0 or more'),
        (lambda: conv.icc_from_design_effect(0.9, 9), '"design_effect" must be 1 or more'),
        (lambda: conv.icc_from_design_effect(10, 9), '"design_effect" must be at most'),
        (lambda: conv.icc_from_design_effect(1, 1), '"mean_size" must be above 1'),
        (lambda: conv.cluster_size_cv([3, 0]), '"sizes" must be 1 or more'),
        (lambda: conv.cluster_size_cv([[3, 4], [np.nan] * 2]), '"number of clusters" .* in row 2'),
        (lambda: conv.effective_n(0, 2), '"n" must be 1 or more'),
        (lambda: conv.effective_n(9, 0.5), "Clusters never make a trial more precise"),
        (lambda: conv.effective_counts(9, 8, 2), '"events" must be at most n'),
        (lambda: conv.inflate_se(0, 2), '"se" must be above 0'),
        (lambda: conv.design_effect_from_se(1, 0), '"unadjusted" must be above 0'),
    ],
)
def test_impossible_clusters(call, said):
    with pytest.raises(StudyTableError, match=said):
        call()
