"""Effective sample size of a prior, and the standard error of one patient."""

import numpy as np
import pytest
from pytest import approx

from bayes_ps import priors
from bayes_ps.checks import PriorError

ess = priors.effective_sample_size


def test_of_a_normal_prior():
    assert ess(priors.normal(-3, 2), 20) == 100
    one = priors.mixture([(0.5, priors.normal(-3, 2)), (0.5, priors.normal(-3, 2))])
    assert ess(one, 20) == approx(100, rel=1e-8)
    assert ess(priors.normal(1e6, 1e-3), 0.01) == approx(100, rel=1e-12)


@pytest.mark.parametrize("df", [0.5, 1, 4, 30, 1e6])
def test_of_a_student_t_prior(df):
    """E[-(log p)''] = (df + 1) / ((df + 3) scale²)."""
    want = 20**2 * (df + 1) / ((df + 3) * 3**2)
    assert ess(priors.student_t(df, -5, 3), 20) == approx(want, rel=1e-8)
    if df == 1:
        assert ess(priors.cauchy(-5, 3), 20) == approx(want, rel=1e-8)


def test_of_a_normal_mixture_by_its_second_derivative():
    """RBesT's example, mixnorm((0.5, 0, 2), (0.5, 3, 4)) with sigma 10, from the definition."""
    x = np.linspace(-60, 60, 240_001)
    w, m, s = np.array([[0.5, 0.5], [0, 3], [2, 4]])[..., None]
    z = (x - m) / s
    part = w * np.exp(-(z**2) / 2) / (s * np.sqrt(2 * np.pi))
    p, first, second = part.sum(0), (-z / s * part).sum(0), ((z**2 - 1) / s**2 * part).sum(0)
    information = (first / p) ** 2 - second / p
    want = 100 * (information * p).sum() * (x[1] - x[0])
    mixture = priors.mixture([(0.5, priors.normal(0, 2)), (0.5, priors.normal(3, 4))])
    assert ess(mixture, 10) == approx(want, rel=1e-8)


def test_a_robust_part_costs_patients_and_a_flat_prior_has_none():
    informed = priors.normal(-3, 2)
    robust = priors.mixture([(0.8, informed), (0.2, priors.normal(0, 40))])
    assert 0 < ess(robust, 20) < ess(informed, 20)
    assert ess(priors.flat(), 20) == 0


@pytest.mark.parametrize(
    "prior", [priors.half_normal(1), priors.point(0), priors.uniform(-1, 1)], ids=repr
)
def test_it_is_of_a_prior_of_an_effect(prior):
    with pytest.raises(PriorError, match="effective_sample_size is of a prior of an effect"):
        ess(prior, 20)


@pytest.mark.parametrize("unit_sd", [0, -1, np.nan])
def test_the_standard_error_of_one_patient_is_positive(unit_sd):
    with pytest.raises(PriorError, match="unit_sd must be > 0"):
        ess(priors.normal(0, 1), unit_sd)


def test_unit_information():
    """Mean differences of two equal arms with SD 11 have se² = 4 · 11² / n."""
    n = np.array([40, 100, 300])
    se = 22 / np.sqrt(n)
    assert priors.unit_information_sd(se, n) == approx(22, rel=1e-14)
    assert ess(priors.normal(0, 22 / np.sqrt(60)), priors.unit_information_sd(se, n)) == approx(60)
    assert priors.unit_information_sd([1, 2], [50, 50]) == approx(np.sqrt(100 / 1.25))


@pytest.mark.parametrize(("se", "n"), [([1, 2], [50]), ([], []), ([1, 0], [5, 5]), ([1], [-5])])
def test_unit_information_needs_as_many_of_both(se, n):
    with pytest.raises(PriorError, match="se and n must be as many and all > 0"):
        priors.unit_information_sd(se, n)
