"""The normal distribution in plain arithmetic, against mpmath and the C library."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest

from bayes_ps.many.kernel import normal

exp, log, mills, rough_ndtri = (
    each.py_func for each in (normal.exp, normal.log, normal.mills, normal.rough_ndtri)
)


@pytest.mark.parametrize("x", [*np.linspace(-700, 700, 57), 0.0, 1e-300, -1e-9])
def test_exp_is_right_to_two_ulp(x):
    with np.errstate(over="ignore"):  # of the integers that carry the exponent
        assert exp(float(x)) == pytest.approx(math.exp(x), rel=5e-16)


def test_exp_of_what_underflows_is_as_good_as_0():
    with np.errstate(over="ignore"):
        assert 0 < exp(-1e9) < 1e-307


@pytest.mark.parametrize("x", [*np.geomspace(1e-300, 1e300, 61), 1 - 1e-15, 1.0, 1 + 1e-9, 0.7072])
def test_log_is_right_to_two_ulp(x):
    assert log(float(x)) == pytest.approx(math.log(x), rel=5e-16, abs=5e-324)


@pytest.mark.parametrize("a", [0.0, 1e-9, *np.linspace(0.05, 12, 48), 40.0, 1e5, 1e150])
def test_mills_ratio_is_right_to_ten_ulp(a):
    with mpmath.workdps(40):
        a = mpmath.mpf(float(a))
        ratio = mpmath.erfc(a / mpmath.sqrt(2)) * mpmath.exp(a**2 / 2) / 2
        if a > 1e4:
            ratio = 1 / (a * mpmath.sqrt(2 * mpmath.pi)) * (1 - 1 / a**2)
        assert mills(float(a)) == pytest.approx(float(ratio), rel=2e-15)


@pytest.mark.parametrize("p", [0.5, 0.3, 0.025, 1e-5, 1e-12, 1e-100])
def test_rough_quantiles_are_as_rough_as_the_handbook_says(p):
    with mpmath.workdps(20):
        exact = mpmath.findroot(
            lambda z: mpmath.log(mpmath.ncdf(z)) - mpmath.log(p), -1 + np.log10(p)
        )
    assert abs(rough_ndtri(p) - float(exact)) < 5e-4
