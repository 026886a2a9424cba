"""Standard errors from intervals and P values: the Cochrane Handbook's examples, scipy, errors."""

import numpy as np
import pytest
from pytest import approx
from scipy import stats

from bayes_ps.checks import StudyTableError
from bayes_ps.effects import Effects, se_from_ci, se_from_p


def estimates(y, study="ABCD", **precision) -> Effects:
    names = list(study[: len(y)])
    return Effects.from_estimates(
        y, study=names, measure="MD", unit="points", better="lower", **precision
    )


def test_handbook_p_value_by_the_normal_quantile():
    """Cochrane Handbook 5.1, 7.7.7.2: risk difference 0.03, P = 0.008, Z = 2.652, SE = 0.011."""
    assert se_from_p(0.03, 0.008) == approx(0.011, abs=0.0005)
    assert 0.03 / se_from_p(0.03, 0.008) == approx(2.652, abs=0.0005)


def test_handbook_p_value_of_a_small_t_test_is_larger_by_z():
    """Cochrane Handbook 5.1, 7.7.3.3: MD 3.8, P = 0.008, n = 25 + 22, t = 2.78, SE = 1.37 by t."""
    by_z = se_from_p(3.8, 0.008)
    assert by_z == approx(3.8 / stats.norm.isf(0.004), rel=1e-13)
    assert 3.8 / stats.t(45).isf(0.004) == approx(1.37, abs=0.005)
    assert by_z > 1.4  # 5 % too large here: a t-test's P wants se = |MD| / t


@pytest.mark.parametrize(("level", "divisor"), [(0.90, 3.29), (0.95, 3.92), (0.99, 5.15)])
def test_handbook_divisors_of_intervals(level, divisor):
    """Cochrane Handbook 5.1, 7.7.7.2: 3.92 for 95 %, 3.29 for 90 %, 5.15 for 99 %."""
    assert 1 / se_from_ci(0, 1, level) == approx(divisor, abs=0.005)


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95, 0.999])
def test_an_interval_gives_back_the_standard_error_that_made_it(level):
    low, high = stats.norm(-3.48, 1.6).interval(level)
    assert se_from_ci(low, high, level) == approx(1.6, rel=1e-12)
    assert se_from_ci([low, 0], [high, 3.92], [level, 0.95]).shape == (2,)


@pytest.mark.parametrize("y", [-3.48, 0.2])
def test_a_p_value_gives_back_the_standard_error_that_made_it(y):
    p = 2 * stats.norm.sf(abs(y) / 1.6)
    assert se_from_p(y, p) == approx(1.6, rel=1e-12)
    assert estimates([y], p=[p]).se[0] == approx(1.6, rel=1e-12)


def test_each_study_takes_the_first_that_it_has():
    nan = np.nan
    effects = estimates(
        [1, 2, 3, 4],
        se=[0.5, nan, nan, None],
        ci=([0, 1, nan, 3], [2, 3, nan, 5], [0.95, 0.9, 0.9, 0.9]),
        p=[0.9, 0.9, 0.05, 0.9],
    )
    by_90 = 2 / (2 * stats.norm.isf(0.05))
    assert effects.se == approx([0.5, by_90, 3 / stats.norm.isf(0.025), by_90], rel=1e-12)
    assert effects.formulas == "se from se (1), 90% or 95% CI (2), P value (1)"


def test_the_label_names_the_level():
    assert estimates([1], ci=([0], [2])).formulas == "se from 95% CI (1)"
    assert estimates([1], ci=([0], [2], 0.999)).formulas == "se from 99.9% CI (1)"


def test_nothing_states_the_precision():
    with pytest.raises(StudyTableError, match=r'precision of "B" \(row 2\): its se, ci and p are'):
        estimates([1, 2], se=[1, np.nan], p=[0.1, np.nan])


@pytest.mark.parametrize(("low", "high"), [(1.5, 3), (-3, -1.5), (3, -1)])
def test_an_interval_holds_its_estimate(low, high):
    with pytest.raises(StudyTableError) as caught:
        estimates([0.5, 1], ci=([0, low], [1, high]))
    said = str(caught.value)
    assert (
        f'The interval {low:g} to {high:g} of "B" (row 2) does not contain its estimate 1' in said
    )
    assert "ci=(log(low), log(high))" in said
    with pytest.raises(StudyTableError, match="does not contain"):
        estimates([1], se=[1], ci=([low], [high]))  # a contradiction, though se is known


def test_an_interval_of_no_width_states_nothing():
    with pytest.raises(StudyTableError, match='"ci_high" must be above ci_low, but is 1 in "A"'):
        estimates([1], ci=([1], [1]))


@pytest.mark.parametrize("ci", [[[0], [2]], ([0],), ([0], [2], 0.95, 1), "0 to 2"])
def test_an_interval_comes_as_low_and_high(ci):
    with pytest.raises(StudyTableError, match=r"ci must be \(low, high\) or \(low, high, level\)"):
        estimates([1], ci=ci)


@pytest.mark.parametrize("level", [95, 0, 1, -0.5])
def test_a_level_is_a_probability(level):
    with pytest.raises(
        StudyTableError, match=r'"level" must be between 0 and 1.*\(low, high, 0.95'
    ):
        estimates([1], ci=([0], [2], level))


def test_levels_are_one_a_study():
    with pytest.raises(StudyTableError, match=r'"level" has shape \(3,\), but there are 2 studies'):
        estimates([1, 2], ci=([0, 0], [2, 3], [0.9, 0.9, 0.9]))


@pytest.mark.parametrize("p", [0, 1, -0.1, 1.5])
def test_a_p_value_must_say_something(p):
    with pytest.raises(StudyTableError, match=r'"p" must be between 0 and 1, but is .* in "A"'):
        estimates([1], p=[p])


def test_an_estimate_of_0_makes_p_worthless_unless_se_is_known():
    with pytest.raises(
        StudyTableError, match=r'"y" must be other than 0 with p.*pass the se or ci'
    ):
        estimates([0], p=[0.9])
    assert estimates([0, 0], se=[2, 3], p=[1, 0.9]).se.tolist() == [2, 3]
