"""Whatever the studies and priors: the compiled rows are the exact engine's, within their error."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pandas as pd
from hypothesis import given
from pytest import approx

import bayes_ps as bps
from bayes_ps import priors
from bayes_ps.many import pool_many
from models import RandomEffects
from tests.unit.making import made

LOG_SCALES = st.floats(-14, 14)  # units from 1e-6 to 1e6
SMALL = st.floats(-3, 3)


@st.composite
def tau_priors(draw: st.DrawFn, unit: float) -> priors.Prior:
    """Any family that the kernels know, within a factor of 20 of the unit."""
    scale, shape = unit * np.exp(draw(SMALL)), np.exp(draw(st.floats(-1, 1.5)))
    return draw(
        st.sampled_from(
            [
                priors.half_normal(scale),
                priors.half_cauchy(scale),
                priors.half_student_t(1 + shape, scale),
                priors.exponential(1 / scale),
                priors.gamma(shape, 1 / scale),
                priors.inverse_gamma(shape, scale),
                priors.log_normal(np.log(scale), shape),
                priors.log_student_t(4 + shape, np.log(scale), 0.5),
                priors.uniform(0, scale),
                priors.uniform(scale, 3 * scale),
                priors.dumouchel(),
                priors.uniform_shrinkage(),
                priors.conventional(),
                priors.overall_jeffreys(),
            ]
        )
    )


@st.composite
def analyses(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, float]:
    """y, se and their unit: 1 to 8 studies, ratios of standard errors up to 10 000, ties."""
    unit = np.exp(draw(LOG_SCALES))
    study = st.tuples(st.floats(-20, 20) | st.just(1.0), st.floats(-4.6, 4.6) | st.just(0.0))
    rows = draw(st.lists(study, min_size=1, max_size=8))
    y, log_se = np.array(rows).T
    return unit * y, unit * np.exp(log_se), unit


@given(data=st.data(), flat=st.booleans())
def test_a_row_is_the_exact_fit(data, flat):
    y, se, unit = data.draw(analyses())
    tau = data.draw(tau_priors(unit))
    mu = priors.flat() if flat else priors.normal(unit * data.draw(SMALL), 4 * unit)
    table = pd.DataFrame({"one": 1, "y": y, "se": se})
    row = pool_many(table, "one", prior=tau, mu=mu, mcid=unit, better="higher").iloc[0]
    assert row["problem"] == "" and row["error"] < 1e-10
    fit = bps.fit(RandomEffects(mu=mu, tau=tau), made(y, se, better="higher"))
    slack = 1e-10 + fit.posterior.error
    asked = {"mu": fit.marginal("mu"), "tau": fit.marginal("tau"), "theta_new": fit.predictive()}
    for unknown, marginal in asked.items():
        at = row[[f"{unknown}_{name}" for name in ("lower", "median", "upper")]].to_numpy(float)
        assert marginal.cdf(at) == approx([0.025, 0.5, 0.975], abs=slack)
        quartiles = marginal.ppf([0.25, 0.75])
        for name in ("mean", "sd"):
            found, want = row[f"{unknown}_{name}"], getattr(marginal, name)
            assert np.isnan(found) == np.isnan(want)
            if not np.isnan(want) and marginal.moments > 1:
                assert abs(found - want) < 1e-9 * marginal.sd + 1e-14 * np.abs(quartiles).max()
    assert row["mu_p_mcid"] == approx(fit.marginal("mu").sf(unit), abs=slack)
    assert row["theta_new_p_harm"] == approx(fit.predictive().cdf(-unit), abs=slack)
    assert row["log_evidence"] == approx(fit.log_evidence, rel=1e-12, abs=1e-9)


@given(case=analyses(), factor=st.sampled_from([1e-6, 0.01, 100.0, 1e6]))
def test_another_unit_and_another_sign_change_nothing_but_the_unit(case, factor):
    y, se, unit = case
    prior = [priors.half_normal(unit * each) for each in (1.0, factor)]
    one, other = (
        pool_many(pd.DataFrame({"one": 1, "y": sign * f * y, "se": f * se}), "one", prior=p).iloc[0]
        for sign, f, p in ((1, 1.0, prior[0]), (-1, factor, prior[1]))
    )
    for name in ("tau_median", "tau_upper", "tau_mean", "mu_sd"):
        assert other[name] == approx(factor * one[name], rel=1e-10)
    size = factor * max(abs(one["mu_lower"]), abs(one["mu_upper"]))
    assert other["mu_lower"] == approx(-factor * one["mu_upper"], abs=1e-10 * size)


@given(case=analyses(), seed=st.integers(0, 99))
def test_the_order_of_studies_does_not_matter(case, seed):
    y, se, unit = case
    table = pd.DataFrame({"one": 1, "y": y, "se": se})
    shuffled = table.sample(frac=1, random_state=seed)
    one, other = (
        pool_many(each, "one", prior=priors.half_cauchy(unit)).iloc[0] for each in (table, shuffled)
    )
    wide = one["mu_upper"] - one["mu_lower"]
    for name in ("mu_median", "tau_median", "theta_new_upper"):
        assert other[name] == approx(one[name], rel=1e-9, abs=1e-9 * wide)
