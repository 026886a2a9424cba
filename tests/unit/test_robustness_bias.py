"""Bias that turns the decision: closed form of a common effect, refits at the crossing, words."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from scipy.stats import norm

import bayes_ps as bps
from bayes_ps.checks import BayesPSError, StudyTableError
from bayes_ps.robustness.biased_trials import tipping_bias
from models import CommonEffect, priors
from tests.unit.making import PAIN, fitted, made

MCID = bps.MCID(4, unit=PAIN.unit)
RATED = PAIN.with_data(pd.DataFrame({"rob_overall": ["high", "low"] * 4}))
FLAT = priors.flat()


@pytest.mark.parametrize("better", ["lower", "higher"])
@pytest.mark.parametrize("size", [0.0, 1.5])
def test_of_a_common_effect_in_closed_form(better, size):
    """mu ~ N(ybar − w b, s²) with w the weight of the biased: P = Phi((ybar − w b − size) / s), so
    that it is the cut at b = (ybar − size − z_cut s) / w."""
    y, se, sign = np.array([7.0, 4, 5]), np.array([1.0, 0.8, 2]), -1 if better == "lower" else 1
    effects = made(sign * y, se, better=better)
    weight = se**-2 / (se**-2).sum()
    want = (weight @ y - size - norm.ppf(0.9) * (se**-2).sum() ** -0.5) / weight[[0, 2]].sum()
    mcid = bps.MCID(size, unit=PAIN.unit) if size else None
    found = tipping_bias(fitted(effects, CommonEffect(FLAT)), mcid, 0.9, high_risk=["A", "C"])
    assert found.crossing == approx((want,), rel=1e-10)
    s = (se**-2).sum() ** -0.5
    p = norm.cdf((weight @ y - weight[[0, 2]].sum() * found.bias - size) / s)
    assert found.p == approx(p, abs=1e-14)
    said = "falls below 0.9 if each of the 2 trials at high risk of bias (2 of 3 studies)"
    assert said in str(found) and f"overstates the benefit by {want:.4g}" in str(found)
    assert ("times the MCID" in str(found)) == bool(size)


@pytest.mark.parametrize("target", ["mean", "new"])
def test_at_the_tipping_bias_p_is_the_cut(target):
    cut = {"mean": 0.95, "new": 0.8}[target]
    found = tipping_bias(fitted(RATED), MCID, cut, target=target)
    assert len(found.crossing) == 1 and found.high_risk == ("A", "C", "E", "G")
    moved = replace(RATED, y=RATED.y + found.crossing[0] * np.array([1, 0] * 4))
    fit = fitted(moved)
    asked = fit.average() if target == "mean" else fit.predictive()
    assert asked.cdf(-4) == approx(cut, abs=1e-10)
    table = found.to_frame()
    assert (np.diff(table["bias"]) > 0).all() and len(table) == 62
    assert table["p"].iloc[0] == approx(found.p[0])
    assert (table["p"] == cut).sum() == 1


def test_it_says_when_nothing_tips_and_when_it_has_already():
    never = tipping_bias(fitted(RATED), MCID, 0.05, most=3)
    assert never.crossing == () and never.bias[-1] == 3
    assert "It stays there however much each of the 4 trials" in str(never)
    already = tipping_bias(fitted(RATED), bps.MCID(9, unit=PAIN.unit))
    assert already.crossing == () and "already below 0.95" in str(already)


def test_it_says_when_it_crosses_twice():
    found = tipping_bias(fitted(RATED), MCID)
    twice = replace(found, crossing=(1.0, 20.0))
    assert "by 1 points (0-100) (0.25 times the MCID), and crosses it again at 20" in str(twice)


def test_what_is_refused():
    with pytest.raises(StudyTableError, match="rob_overall"):
        tipping_bias(fitted(), MCID)
    none = PAIN.with_data(pd.DataFrame({"rob_overall": ["low"] * 8}))
    with pytest.raises(StudyTableError, match="No study is at high risk"):
        tipping_bias(fitted(none), MCID)
    with pytest.raises(BayesPSError, match="largest bias"):
        tipping_bias(fitted(RATED), MCID, most=0)
    with pytest.raises(BayesPSError, match="target"):
        tipping_bias(fitted(RATED), MCID, target="both")
