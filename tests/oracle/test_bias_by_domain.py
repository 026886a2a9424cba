"""Biases by domain of the risk of bias: each integrated by itself, and a common effect by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from scipy.special import ndtr

import bayes_ps as bps
from bayes_ps.checks import ModelError, PriorError
from models import BiasAdjusted, RandomEffects, priors
from tests.unit.brute import legendre
from tests.unit.making import PAIN, fitted

FLAT, TAU = priors.flat(), priors.half_normal(5)
SELECTION = ["high", "low", "low", "high", "low", "low", "low", "low"]
BLINDING = ["high", "low", "some", "low", "low", "low", "low", "low"]
RATED = PAIN.with_data(pd.DataFrame({"rob_selection": SELECTION, "rob_blinding": BLINDING}))
BIAS = {
    "rob_selection": {"high": priors.normal(2, 1.5)},
    "rob_blinding": {"high": priors.normal(3, 2), "some": priors.normal(1, 1)},
}


def with_each_bias(sign):
    """E(mu), P(benefit of 4 or more): four biases, two of them of A, on Gauss-Hermite points."""
    x, w = np.polynomial.hermite_e.hermegauss(14)
    w = w / w.sum()
    tau, weight = legendre(0, 2, 5, 10, 20, 40, n=16)
    weight = weight * np.exp(-(tau**2) / 50)
    precision = 1 / (RATED.se**2 + tau[:, None] ** 2)
    sd = precision.sum(1) ** -0.5
    total = np.zeros(3)
    for a, b, c, d in np.ndindex(*(x.size,) * 4):
        off = np.zeros(8)
        off[0] = 2 + 1.5 * x[a] + 3 + 2 * x[b]  # A: selection and blinding
        off[2], off[3] = 1 + x[c], 2 + 1.5 * x[d]
        y = sign * (np.abs(RATED.y) - off)
        mean = (precision * y).sum(1) * sd**2
        q = (precision * (y - mean[:, None]) ** 2).sum(1)
        joint = weight * np.sqrt(precision.prod(1)) * sd * np.exp(-q / 2)
        joint = joint * (w[a] * w[b] * w[c] * w[d])
        total += joint @ np.column_stack([np.ones_like(tau), mean, ndtr((sign * mean - 4) / sd)])
    return total[1:] / total[0]


def test_domains_equal_integration_over_each_bias():
    effects = replace(RATED, y=np.abs(RATED.y), better="higher")
    fit = bps.fit(BiasAdjusted(FLAT, TAU, BIAS), effects)
    mean, beyond = with_each_bias(1)
    assert fit.marginal("mu").mean == approx(mean, abs=1e-8)
    assert fit.marginal("mu").sf(4) == approx(beyond, abs=1e-8)
    down = bps.fit(BiasAdjusted(FLAT, TAU, BIAS), replace(RATED, y=-np.abs(RATED.y)))
    assert down.marginal("mu").mean == approx(-mean, abs=1e-8)


def test_of_a_common_effect_by_hand():
    """tau = 0: means and variances of the domains add up."""
    fit = bps.fit(BiasAdjusted(FLAT, priors.point(0), BIAS), RATED)
    y, v = PAIN.y + np.array([5, 0, 1, 2, 0, 0, 0, 0]), PAIN.se**2
    v = v + np.array([1.5**2 + 4, 0, 1, 1.5**2, 0, 0, 0, 0])
    assert fit.marginal("mu").mean == approx((y / v).sum() / (1 / v).sum(), rel=1e-13)
    assert fit.marginal("mu").sd == approx((1 / v).sum() ** -0.5, rel=1e-13)


def test_one_domain_is_the_model_by_level():
    one = BiasAdjusted(FLAT, TAU, {"rob_selection": {"high": priors.normal(2, 1.5)}})
    other = BiasAdjusted(FLAT, TAU, {"high": priors.normal(2, 1.5)}, column="rob_selection")
    assert one.domains == other.domains
    found, want = (bps.fit(model, RATED).marginal("mu") for model in (one, other))
    assert found.ppf([0.1, 0.9]) == approx(want.ppf([0.1, 0.9]), abs=1e-14)
    assert str(one) == str(other)


def test_it_is_a_frozen_value_that_prints_its_domains():
    model = BiasAdjusted(FLAT, TAU, BIAS)
    again = replace(model, tau=priors.half_normal(2))
    assert again.bias == model.bias and hash(model) == hash(replace(again, tau=TAU))
    assert "by rob_selection ~ high: normal(mean 2, sd 1.5) plus by rob_blinding ~" in str(model)
    assert BiasAdjusted(FLAT, TAU, {"d": {"low": priors.point(1)}}).domains["d"][0][0] == "low"


def test_in_robustness_it_is_one_more_model():
    found = bps.robustness(
        fitted(RATED, RandomEffects(FLAT, TAU)),
        bps.MCID(4, unit=PAIN.unit),
        models=[BiasAdjusted(FLAT, TAU, BIAS)],
    ).variants[-1]
    want = bps.fit(BiasAdjusted(FLAT, TAU, BIAS), RATED).marginal("mu").cdf(-4)
    assert (found.kind, found.p_mean) == ("model", approx(want, abs=1e-14))


@pytest.mark.parametrize(
    ("bias", "column", "said"),
    [
        ({"rob_selection": {"high": FLAT}}, "rob_overall", "known in advance"),
        ({"rob_selection": {}}, "rob_overall", "mapping from a level"),
        (
            {"rob_selection": {"high": priors.point(1)}, "high": priors.point(1)},
            "rob_overall",
            "both",
        ),
        ({"rob_selection": {"high": priors.point(1)}}, "rob", "leave column='rob' out"),
    ],
)
def test_what_is_refused(bias, column, said):
    with pytest.raises(PriorError, match=said):
        BiasAdjusted(FLAT, TAU, bias, column=column)


def test_a_level_without_a_bias_and_a_missing_column():
    only_high = BIAS | {"rob_blinding": {"high": priors.normal(3, 2)}}
    with pytest.raises(ModelError, match="\"C\" has rob_blinding 'some'"):
        bps.fit(BiasAdjusted(FLAT, TAU, only_high), RATED)
    with pytest.raises(ModelError, match="no column 'rob_reporting'"):
        bps.fit(BiasAdjusted(FLAT, TAU, {"rob_reporting": {"high": priors.point(1)}}), RATED)
