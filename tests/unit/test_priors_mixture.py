"""Mixtures and points."""

import numpy as np
import pytest
from pytest import approx
from scipy import stats

from bayes_ps import priors
from bayes_ps.checks import PriorError
from models import RandomEffects

ROBUST = priors.mixture([(0.8, priors.normal(-1, 0.5)), (0.2, priors.student_t(3, 0, 5))])
TAU = priors.mixture([(0.3, priors.half_normal(0.2)), (0.7, priors.log_student_t(5, -1, 0.7))])


def test_density_and_probabilities_are_the_weighted_sums():
    x = np.array([-30.0, -1.2, 0.0, 4.0])
    parts = (stats.norm(-1, 0.5), stats.t(3, 0, 5))
    assert np.exp(ROBUST.logpdf(x)) == approx(0.8 * parts[0].pdf(x) + 0.2 * parts[1].pdf(x))
    assert ROBUST.cdf(x) == approx(0.8 * parts[0].cdf(x) + 0.2 * parts[1].cdf(x), rel=1e-13)
    assert TAU.logpdf(-1.0) == -np.inf and TAU.cdf(0.0) == 0
    assert ROBUST.logpdf(np.zeros((2, 3))).shape == (2, 3) and np.shape(TAU.cdf(1.0)) == ()


@pytest.mark.parametrize("prior", [ROBUST, TAU], ids=["effect", "tau"])
def test_quantiles_invert_the_distribution_function(prior):
    q = np.array([[1e-12, 0.01, 0.3], [0.5, 0.9, 1 - 1e-9]])
    assert prior.cdf(prior.ppf(q)) == approx(q, rel=1e-13)
    assert tuple(prior.ppf([0.0, 1.0])) == prior.support


def test_a_mixture_of_one_prior_with_itself_is_that_prior():
    one = priors.student_t(4, 1, 2)
    two = priors.mixture([(0.25, one), (0.75, one)])
    x = np.array([-3.0, 0.0, 8.0])
    assert two.logpdf(x) == approx(one.logpdf(x), rel=1e-14)
    assert two.ppf([0.1, 0.7]) == approx(one.ppf([0.1, 0.7]), rel=1e-13)


def test_it_has_the_heaviest_tail_and_the_support_of_its_parts():
    assert ROBUST.tail == 4 and ROBUST.support == (-np.inf, np.inf)
    assert TAU.tail == 1 and TAU.support == (0, np.inf)
    normal = priors.normal(0, 1)
    assert priors.mixture([(1, normal)]).tail == np.inf


def test_it_is_a_value_that_prints_itself():
    written = "mixture([(0.8, normal(-1, 0.5)), (0.2, student_t(3, 0, 5))])"
    assert repr(ROBUST) == written and eval(written, dict(vars(priors))) == ROBUST
    assert str(ROBUST) == "0.8 normal(mean -1, sd 0.5) + 0.2 student-t(df 3, location 0, scale 5)"
    assert hash(ROBUST) == hash(eval(written, dict(vars(priors))))
    assert ROBUST.parameters == (0.8, -1, 0.5, 0.2, 3, 0, 5) and ROBUST.weights == (0.8, 0.2)
    assert ROBUST.priors == (priors.normal(-1, 0.5), priors.student_t(3, 0, 5))
    assert RandomEffects(mu=ROBUST, tau=TAU).tau is TAU


@pytest.mark.parametrize(
    ("components", "said"),
    [
        ([(0.5, priors.normal(0, 1)), (0.4, priors.normal(0, 2))], r"\(0.5, 0.4\) sum to 0.9"),
        ([(1.5, priors.normal(0, 1)), (-0.5, priors.normal(0, 2))], "every weight must be > 0"),
        ([], "every weight must be > 0"),
        ([priors.normal(0, 1)], "takes pairs of a weight and a prior"),
        (0.5, "takes pairs of a weight and a prior"),
        ([(0.5, priors.normal(0, 1)), (0.5, priors.flat())], r"proper density .* not flat\(\)"),
        ([(0.5, priors.normal(0, 1)), (0.5, priors.point(0))], r"proper density .* not point\(0\)"),
        ([(1, priors.dumouchel())], r"with parameters of its own, .* not dumouchel\(\)"),
        ([(1, 0.5)], "must be a proper density"),
        ([(0.5, priors.normal(0, 1)), (0.5, priors.half_normal(1))], "are not of one kind"),
        ([(0.5, priors.uniform(0, 5)), (0.5, priors.half_normal(1))], "without an upper bound"),
    ],
)
def test_what_is_no_mixture_is_refused(components, said):
    with pytest.raises(PriorError, match=said):
        priors.mixture(components)


def test_a_mixture_with_mass_below_0_is_no_prior_of_tau():
    with pytest.raises(PriorError, match="tau is a standard deviation"):
        RandomEffects(mu=priors.flat(), tau=ROBUST)


def test_all_mass_of_a_point_is_on_its_value():
    point = priors.point(0.5)
    assert point.logpdf([0.4, 0.5, 0.6]).tolist() == [-np.inf, 0, -np.inf]
    assert point.cdf([0.4, 0.5, 0.6]).tolist() == [0, 1, 1]
    assert point.ppf(np.array([0.01, 0.99])).tolist() == [0.5, 0.5] and point.ppf(0.5) == 0.5
    assert point.support == (0.5, 0.5) and point.proper and point.tail == np.inf
    assert str(point) == "point(value 0.5)"


def test_tau_may_be_a_point_from_0_on():
    assert RandomEffects(priors.point(-1), priors.point(0)).tau == priors.point(0)
    with pytest.raises(PriorError, match="tau is a standard deviation"):
        RandomEffects(priors.flat(), priors.point(-1))
