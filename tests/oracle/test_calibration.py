"""Simulation-based calibration: both engines, and an engine that is wrong."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import bayes_ps as bps
from bayes_ps.checks import ModelError
from bayes_ps.diagnostics import calibrate
from bayes_ps.exact.nodes import Axis
from models import MetaRegression, RandomEffects, priors
from tests.unit.making import made

DESIGN = made(np.zeros(6), [0.2, 0.3, 0.25, 0.5, 0.15, 0.4])
MODEL = RandomEffects(priors.normal(0, 1), priors.half_normal(0.5))


def test_the_exact_engine_is_calibrated():
    found = calibrate(MODEL, DESIGN, seed=1, reviews=2000)
    assert found.ok and len(found.pit) == 2000
    assert set(found.pit) == {"mu", "tau", "theta_new", "theta[A]", "theta[F]"}
    assert str(found).startswith("Calibration passed: over 2000 reviews")
    assert np.abs(found.to_frame()["sd"] - 12**-0.5).max() < 0.02


def test_the_kernels_are_calibrated_by_20_000_reviews():
    """And they would not be if tau came from a prior that is a tenth wider than it is."""
    for wider, passed in ((1.0, True), (1.1, False)):
        rng, m = np.random.default_rng(4), 20_000
        tau = wider * priors.half_normal(0.5).ppf(rng.uniform(size=m))
        mu = rng.normal(0, 1, m)
        truth = {"mu": mu, "tau": tau, "theta_new": rng.normal(mu, tau)}
        se = rng.uniform(0.1, 0.4, (m, 10))
        y = rng.normal(mu[:, None], np.hypot(se, tau[:, None]))
        pit = bps.pit_many(y, se, truth, prior=MODEL.tau, mu=MODEL.mu)
        assert (pit["problem"] == "").all() and (pit["error"] < 1e-10).all()
        p = {name: stats.kstest(pit[name], "uniform").pvalue for name in truth}
        assert p["mu"] > 1e-3 and (p["tau"] > 1e-3) == passed, p


def test_with_other_priors_and_shared_participants():
    V = np.diag(DESIGN.se**2)
    V[0, 1] = V[1, 0] = 0.04
    model = RandomEffects(priors.normal(1, 0.5), priors.log_normal(-1, 0.8))
    assert calibrate(model, made(np.zeros(6), DESIGN.se, V), seed=2, reviews=300).ok


def test_an_engine_that_forgets_the_jacobian_fails(monkeypatch):
    """Nodes lie on log tau: without d tau / d log tau the posterior of tau is another."""
    monkeypatch.setattr(Axis, "log_slope", lambda self, u: np.zeros_like(u))
    found = calibrate(MODEL, DESIGN, seed=1, reviews=300)
    assert not found.ok and found.p_value["tau"] < 1e-6
    assert "FAILED" in str(found) and "not evenly" in str(found)


def test_an_engine_that_takes_se_for_a_variance_fails():
    def wrong(model, effects):
        return bps.fit(model, made(effects.y, np.sqrt(effects.se)))

    assert not calibrate(MODEL, DESIGN, seed=1, reviews=300, engine=wrong).ok


def test_nuts_is_calibrated():
    """2000 reviews by python -m tests.benchmarks nuts_calibration; here 100, compiled once."""
    found = calibrate(MODEL, DESIGN, seed=3, reviews=100, engine="nuts", draws=300, tune=300)
    assert found.ok and found.engine == "nuts"


def test_arviz_draws_it():
    arviz_plots = pytest.importorskip("arviz_plots")
    found = calibrate(MODEL, DESIGN, seed=1, reviews=50)
    plot = arviz_plots.plot_ecdf_pit(found.dt, sample_dims=["review"], backend="none")
    assert plot is not None


def test_nothing_is_drawn_from_an_improper_prior():
    model = MetaRegression(["dose"], priors.flat(), priors.half_normal(1))
    with pytest.raises(ModelError, match=r"flat\(\) is improper"):
        calibrate(model, DESIGN.with_data(_doses()), seed=1)


def _doses():
    import pandas as pd

    return pd.DataFrame({"dose": [1.0, 2, 3, 4, 5, 6]})
