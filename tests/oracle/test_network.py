"""A network against independent quadrature: Senn 2013, ten glucose-lowering drugs, 26 trials."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from pytest import approx

import bayes_ps as bps
from bayes_ps.checks import ModelError
from models import Network, RandomEffects, priors
from tests import references
from tests.references_bayes import mu_prior, tau_prior
from tests.unit.making import made

NETWORK = references.expected("senn")["network"]
RUNS = NETWORK["bayes"]


@cache
def effects():
    contrasts = NETWORK["contrasts"]
    V = np.array(contrasts["V"])
    arms = pd.DataFrame({name: contrasts[name] for name in ("treat1", "treat2", "study")})
    plain = made(
        contrasts["y"],
        np.sqrt(np.diag(V)),
        study=[f"{name}: {a} v {b}" for a, b, name in arms.to_numpy()],
        unit="HbA1c, percentage points",
    )
    return replace(plain.with_data(arms.rename(columns={"study": "trial"})), V=V)


def model(d, tau):
    return Network("placebo", d, tau, treatment="treat1", comparator="treat2", trial="trial")


@cache
def fitted(number):
    run = RUNS[number]
    d = priors.flat() if str(run["d_prior"]).startswith("flat") else mu_prior(run["d_prior"])
    tau = run["tau_prior"]
    tau = priors.improper_uniform() if isinstance(tau, str) else tau_prior(tau)
    return bps.fit(model(d, tau), effects())


@pytest.mark.parametrize("number", range(len(RUNS)))
def test_every_contrast_equals_the_reference(number):
    """The reference names its own error as about 1e-9."""
    fit, run = fitted(number), RUNS[number]
    assert fit.log_evidence == approx(run["log_integrated_likelihood"], abs=1e-9)
    same(fit.marginal("tau"), run["tau"])
    for treatment, want in run["d_vs_ref"].items():
        same(fit.marginal(f"d[{treatment}]"), want)
    for treatment, want in run["d_new_study_vs_ref"].items():
        same(fit.predictive(at={"treat1": treatment, "treat2": "placebo"}), want)
    league = run["prob_row_gt_col"]
    names = NETWORK["treatments"]
    for i, j in [(1, 3), (6, 2), (9, 8)]:
        pair = fit.average(at={"treat1": names[i], "treat2": names[j]})
        assert float(pair.sf(0.0)) == approx(league[i][j], abs=1e-9)
        assert fit.contrast({names[i]: 1, names[j]: -1}).mean == approx(pair.mean, abs=1e-13)


def same(marginal, want):
    for key, value in want.items():
        if key in ("mean", "sd", "median"):
            assert getattr(marginal, key) == approx(value, abs=1e-8 * marginal.sd)
        elif key == "p_gt_0":
            assert float(marginal.sf(0.0)) == approx(value, abs=1e-9)
        else:
            at = marginal.ppf(float(f"0.{key[1:]}"))
            assert at == approx(value, abs=1e-8 * marginal.sd)


def test_two_treatments_are_random_effects():
    arms = pd.DataFrame({"treatment": ["a", "b", "a"], "comparator": ["b", "a", "b"]})
    pain = made([1.0, -2, 3], [1.0, 1, 2])
    network = Network("b", priors.flat(), priors.half_normal(1))
    fit = bps.fit(network, pain.with_data(arms))
    alone = bps.fit(
        RandomEffects(priors.flat(), priors.half_normal(1)), made([1.0, 2, 3], [1.0, 1, 2])
    )
    at = [0.025, 0.5, 0.975]
    assert fit.marginal("d[a]").ppf(at) == approx(alone.marginal("mu").ppf(at), abs=1e-11)
    assert fit.marginal("tau").ppf(at) == approx(alone.marginal("tau").ppf(at), abs=1e-11)


def test_a_treatment_that_nothing_connects_is_named():
    arms = pd.DataFrame({"treatment": ["a", "c"], "comparator": ["b", "d"]})
    with pytest.raises(ModelError, match="No chain of trials connects c, d with 'b'"):
        bps.fit(
            Network("b", priors.flat(), priors.half_normal(1)), made([1, 2], [1, 1]).with_data(arms)
        )
