"""The DataTree of a fit in ArviZ's own functions, against exact leave-one-out of the reference."""

import arviz as az
import numpy as np
import pytest

import bayes_ps as bps
from models import RandomEffects, priors
from tests import references

MODEL = RandomEffects(mu=priors.flat(), tau=priors.half_normal(5))


@pytest.fixture(scope="module", params=["exact", "nuts"])
def fit(request):
    return bps.fit(MODEL, references.effects("eight_schools"), engine=request.param, seed=2)


def test_loo_is_the_exact_leave_one_out(fit):
    """elpd of each school by PSIS on the marginal likelihood; exact −30.7850 in total."""
    want = references.expected("eight_schools")["bayes_loo"]
    assert want["prior_id"] == "halfnormal_0.5u|mu:flat"
    found = az.loo(fit.dt, pointwise=True)
    assert float(found.pareto_k.max()) < 0.7
    np.testing.assert_allclose(found.elpd_i, want["elpd_i"], atol=0.05)
    assert found.elpd == pytest.approx(want["elpd_loo"], abs=0.1)


def test_summary_is_that_of_the_marginals(fit):
    table = az.summary(
        fit.dt, var_names=["mu", "tau"], ci_prob=0.95, ci_kind="eti", round_to="none"
    )
    for name in ("mu", "tau"):
        draws = fit.marginal(name).draws
        assert table.loc[name, "mean"] == pytest.approx(draws.mean(), rel=1e-12)
    assert table["r_hat"].max() < 1.01


def test_replicated_data_vary_as_the_model_says(fit):
    """y_rep ~ N(mu, se² + tau²) averaged over the posterior: variance by the exact moments."""
    replicate = fit.dt["posterior_predictive"]["y"]
    exact = bps.fit(MODEL, fit.effects)
    new = exact.predictive()
    want = np.hypot(new.sd, fit.effects.se)
    np.testing.assert_allclose(replicate.std(("chain", "draw")), want, rtol=0.05)


def test_tree_survives_the_disk(fit, tmp_path):
    fit.dt.to_zarr(tmp_path / "fit.zarr", mode="w", consolidated=False)
    back = az.from_zarr(tmp_path / "fit.zarr", consolidated=False).load()
    np.testing.assert_array_equal(back["posterior"]["theta"], fit.dt["posterior"]["theta"])
