"""Albuquerque et al. 2022, JAMA Netw Open 5:e220548: P(at least 1 in 100 fewer die) by stratum.

The posterior of ``tests/golden/test_tocilizumab.py``, the baseline risks of the paper; the exact
values come from quadrature elsewhere (class Q): 0.973, 0.912, and 0.68042 by scipy's quad.
"""

import numpy as np
import pytest
from pytest import approx

import bayes_ps as bps
from bayes_ps import priors
from bayes_ps.decision import absolute_risk
from models import CommonEffect
from tests.golden.test_tocilizumab import effects, fits

__all__ = ["effects", "fits"]


@pytest.mark.parametrize(
    ("stratum", "risk", "printed"),
    [
        ("simple oxygen", 0.20, 0.973),
        ("noninvasive", 0.34, 0.912),
        ("invasive", 0.42, 0.68042),
    ],
)
def test_less_deaths(fits, stratum, risk, printed):
    at = {"support": stratum}
    found = absolute_risk(fits["weakly informative"], risk, important=10, at=at)
    assert found.p_important[0] == approx(printed, abs=5e-4)
    assert found.p_important[1] < found.p_important[0]


@pytest.mark.parametrize(
    ("measure", "ratio", "fewer", "number"),
    [("RR", 0.92, 24, "NNTB 42"), ("OR", 0.73, 62, "NNTB 17")],
)
def test_handbook_from_a_ratio(measure, ratio, fewer, number):
    """Cochrane Handbook 5.1, 12.5.4.2 and 12.5.4.3, at an assumed risk of 0.3."""
    effects = bps.Effects.from_estimates(
        [np.log(ratio)], se=[1e-6], study=["A"], measure=measure, unit="log", better="lower"
    )
    found = absolute_risk(bps.fit(CommonEffect(priors.flat()), effects), 0.3)
    assert found.difference[0].median == approx(-fewer, abs=0.5)
    assert found.nnt[0].startswith(number)
