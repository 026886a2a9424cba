"""`certify` on draws that were made, not sampled: the exact posterior's pass, others fail."""

from dataclasses import replace

import numpy as np
import pytest
from pytest import approx
from scipy import stats

import bayes_ps as bps
from bayes_ps import priors
from bayes_ps.checks import ModelError
from models import CommonEffect, PooledEvidence, RandomEffects
from tests.unit.making import PAIN, draws, fitted, made, sampled, with_draws

EXACT = fitted(seed=11)


def test_independent_draws_of_the_posterior_are_certified():
    found = bps.certify(sampled(EXACT))
    frame = found.to_frame()
    assert found.ok and frame["passed"].all()
    assert len(frame) == 6 + 5 + 8 * 6 + 6  # tau has no P(> 0)
    assert found.z_max == approx(stats.norm.isf(0.0005 / len(frame)), rel=1e-12)
    assert found.quadrature_error == EXACT.error
    assert 0.3 < (frame["z"] ** 2).mean() < 3
    assert str(found).startswith("Certificate passed: 65 of 65 numbers of the NUTS fit agree")


@pytest.mark.parametrize(
    ("name", "statistic", "wrong"),
    [
        ("mu", "mean", lambda x: x + 0.1 * x.std()),
        ("mu", "sd", lambda x: x.mean() + 1.1 * (x - x.mean())),
        ("tau", "97.5% quantile", lambda x: np.where(x > np.quantile(x, 0.94), 1.3 * x, x)),
        ("theta_new", "P(> 0)", lambda x: np.where(x > -2, abs(x), x)),
    ],
)
def test_a_sampler_that_is_off_fails(name, statistic, wrong):
    fit = sampled(EXACT)
    found = bps.certify(with_draws(fit, **{name: wrong(draws(fit, name))}))
    row = found.table.set_index(["unknown", "statistic"]).loc[(name, statistic)]
    assert not found.ok and not row["passed"] and abs(row["z"]) > found.z_max
    assert row["difference"] == row["nuts"] - row["exact"]
    assert set(found.table.loc[~found.table["passed"], "unknown"]) == {name}
    assert str(found).startswith("Certificate FAILED") and f"of {name}:" in str(found)


def test_a_handful_of_draws_certifies_nothing():
    """60 draws: nothing is far from the exact value in standard errors as wide as these."""
    fit = sampled(EXACT)
    tree = fit.tree.isel(draw=slice(0, 15))
    found = bps.certify(replace(fit, tree=tree))
    assert found.table["passed"].all() and found.blur > 0.1 and not found.ok
    assert str(found).startswith("Certificate INCONCLUSIVE") and "Draw more" in str(found)


def test_what_has_no_monte_carlo_error_is_not_compared():
    """Two studies under a half-Cauchy: mu, tau and theta_new have 1 moment, theta all."""
    exact = fitted(made([1, 3], [1, 1]), RandomEffects(priors.flat(), priors.half_cauchy(1)))
    found = bps.certify(sampled(exact))
    compared = found.table.groupby("unknown")["statistic"].agg(set)
    for name in ("mu", "tau", "theta_new"):
        assert not {"mean", "sd"} & compared[name]
    assert {"mean", "sd"} <= compared["theta[A]"] and found.ok


@pytest.mark.parametrize(
    ("effects", "model", "unknowns"),
    [
        (PAIN, CommonEffect(priors.flat()), {"mu"}),
        (
            made([-0.4], [0.15]),
            PooledEvidence(priors.flat(), priors.half_normal(0.5)),
            {"mu", "tau", "theta_new"},
        ),
    ],
    ids=["common effect", "pooled evidence"],
)
def test_only_what_the_model_holds_is_compared(effects, model, unknowns):
    found = bps.certify(sampled(fitted(effects, model)))
    assert found.ok and set(found.table["unknown"]) == unknowns


def test_an_exact_fit_or_another_model_cannot_be_certified():
    for fit in (EXACT, replace(sampled(EXACT), hierarchy=None)):
        with pytest.raises(
            ModelError, match=r"holds a NUTS fit of a linear Gaussian model against"
        ):
            bps.certify(fit)


def test_the_table_is_a_copy():
    found = bps.certify(sampled(EXACT))
    frame = found.to_frame()
    frame.loc[0, "unknown"] = "changed"
    assert found.to_frame().loc[0, "unknown"] == "mu"
