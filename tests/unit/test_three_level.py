"""`ThreeLevel`: what it reads, what it refuses, and what a reader is shown."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from bayes_ps import priors
from bayes_ps.checks import ModelError, PriorError
from models import ThreeLevel
from models.rotation import rotate
from tests.unit.making import fitted, made, sampled

HALF = priors.half_normal(0.5)
MODEL = ThreeLevel("trial", priors.flat(), HALF, priors.half_normal(0.3))
DATA = pd.DataFrame({"trial": list("aabbc"), "no": [1, 2, 3, 4, 5]})
PLAIN = made([0.3, 0.5, -0.2, 0.1, 0.9], [0.2, 0.3, 0.25, 0.2, 0.4])
EFFECTS = PLAIN.with_data(DATA)
Z = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1.0]])
FIT = fitted(EFFECTS, MODEL, seed=2)


def with_trials(*trial):
    return PLAIN.with_data(pd.DataFrame({"trial": trial}))


@pytest.mark.parametrize("form", ["build", "gaussian"])
def test_a_missing_column_is_named_with_those_there_are(form):
    for effects, have in ((EFFECTS, "trial, no"), (PLAIN, "none")):
        with pytest.raises(ModelError) as error:
            getattr(replace(MODEL, cluster="district"), form)(effects)
        assert str(error.value) == (
            f"effects.data has no column 'district'. It has: {have}. Name one of these, or add the "
            f"column: effects.with_data(table)."
        )


@pytest.mark.parametrize("nothing", [None, np.nan, pd.NA])
def test_a_missing_cluster_is_named_with_its_study(nothing):
    effects = with_trials("a", "a", nothing, "b", "b")
    with pytest.raises(ModelError, match=r"'trial' is missing for \"C\"\. Fill it, or"):
        MODEL.gaussian(effects)
    kept = effects.where(effects.data["trial"].notna())  # the call that the message names
    assert MODEL.gaussian(kept).study == ("A", "B", "D", "E")


def test_clusters_of_one_estimate_are_random_effects():
    message = r"Every estimate is its own 'no', so tau and omega cannot be told apart. Use Random"
    with pytest.raises(ModelError, match=message):
        replace(MODEL, cluster="no").gaussian(EFFECTS)


def test_priors_are_of_what_they_stand_for():
    for name in ("tau", "omega"):
        with pytest.raises(PriorError, match=f"{name} is a standard deviation, but normal"):
            replace(MODEL, **{name: priors.normal(0, 1)})
    with pytest.raises(PriorError, match="not of mu"):
        replace(MODEL, mu=priors.jeffreys())


@pytest.mark.parametrize("labels", ["aabbc", [7, 7, 9, 9, 12], [1.0, 1, 2, 2, 3]], ids=str)
def test_clusters_may_have_any_names(labels):
    h = MODEL.gaussian(with_trials(*labels))
    found = h.component.Z
    np.testing.assert_array_equal(found @ found.T, Z @ Z.T)
    assert found.shape == Z.shape and h.within.Z is None
    assert [each.name for each in h.components] == ["tau", "omega"]


def test_both_standard_deviations_may_depend_on_the_errors():
    h = replace(MODEL, tau=priors.dumouchel(), omega=priors.uniform_shrinkage()).gaussian(EFFECTS)
    assert all(each.prior.complete for each in h.components)


@pytest.mark.parametrize("shared", [0, 0.03])
def test_rotated_estimates_are_as_simple_as_said(shared):
    """R (V + tau² Z Z' + omega² I) R', by the matrices themselves."""
    V = np.diag(EFFECTS.se**2)
    V[0, 1] = V[1, 0] = shared
    at = rotate(V, Z, within=True)
    tau, omega = 0.7, 0.3
    found = at.R @ (V + tau**2 * Z @ Z.T + omega**2 * np.eye(5)) @ at.R.T
    want = np.diag(at.variance + omega**2) + tau**2 * at.Z @ at.Z.T
    np.testing.assert_allclose(found, want, atol=1e-15)
    assert (np.count_nonzero(np.abs(at.Z) > 1e-12, axis=1) <= 1).all()
    assert at.log_det == approx(np.linalg.slogdet(at.R)[1], abs=1e-13)
    V[0, 4] = V[4, 0] = 0.01  # across clusters nothing is simple
    assert rotate(V, Z, within=True) is None


def test_a_new_setting_is_a_new_estimate_in_a_new_cluster():
    """Var(theta_new) = Var(mu) + E(tau²) + E(omega²)."""
    mu, tau, omega = (FIT.marginal(name) for name in ("mu", "tau", "omega"))
    squares = [each.sd**2 + each.mean**2 for each in (tau, omega)]
    assert FIT.predictive().mean == approx(mu.mean, abs=1e-12)
    assert FIT.predictive().sd ** 2 == approx(mu.sd**2 + sum(squares), rel=1e-9)


def test_effects_of_one_cluster_shrink_towards_each_other():
    """omega = 0: the estimates of a trial share one true effect."""
    fit = fitted(EFFECTS, replace(MODEL, omega=priors.half_normal(1e-6)))
    a, b = fit.study("A"), fit.study("B")
    assert a.mean == approx(b.mean, abs=1e-5) and a.sd == approx(b.sd, abs=1e-5)
    assert abs(FIT.study("A").mean - FIT.study("B").mean) > 0.02


def test_what_a_reader_is_shown():
    fit = sampled(FIT)
    for each in (fit, FIT):
        assert each.unknowns == ("mu", "tau", "omega") and each.scales == ("tau", "omega")
        assert repr(each) == f"<Fit: ThreeLevel, k = 5, engine {each.engine!r}>"
    frame = fit.to_frame().set_index("unknown")
    assert list(frame.index) == [
        *("mu", "tau", "omega"),
        *(f"theta[{name}]" for name in "ABCDE"),
        "theta_new",
    ]
    assert np.isfinite(frame).all(axis=None)
    said = str(fit)
    assert said.startswith(
        "Three levels: y_ij ~ N(theta_ij, se_ij²), theta_ij ~ N(kappa_j, omega²)"
    )
    assert "kappa_j ~ N(mu, tau²), j = trial, mu ~ flat, tau ~ half-normal(scale 0.5)" in said
    assert " omega " in said.splitlines()[1] and "median and 95% central interval" in said


TWO = made([0.3, 0.5], [0.2, 0.3]).with_data(pd.DataFrame({"trial": ["a", "a"]}))


@pytest.mark.parametrize("engine", ["exact", "nuts"])
def test_an_improper_posterior_of_omega_is_refused(engine):
    """Two estimates and a flat mu leave one free dimension: p(y | omega) ~ 1 / omega."""
    improper = replace(MODEL, omega=priors.improper_uniform())
    with pytest.raises(
        ModelError, match=r"improper_uniform\(\) the posterior of omega is improper"
    ):
        fitted(TWO, improper, engine=engine, seed=1)


def test_both_engines_know_which_moments_exist():
    """Half-Cauchy: p(omega | y) ~ omega^(−3), so omega and mu have a mean and no variance."""
    exact = fitted(TWO, replace(MODEL, omega=priors.half_cauchy(1)))
    for fit in (exact, sampled(exact)):
        for asked in (fit.marginal("mu"), fit.marginal("omega"), fit.predictive()):
            assert np.isfinite(asked.mean) and np.isnan(asked.sd)


def test_the_tree_has_both_standard_deviations():
    tree = FIT.dt
    assert set(tree["posterior"].data_vars) == {"mu", "tau", "omega", "theta", "theta_new"}
    assert set(tree["log_prior"].data_vars) == {"mu", "tau", "omega"}
    draws = tree["posterior"]
    z = (draws["theta_new"] - draws["mu"]) / np.hypot(draws["tau"], draws["omega"])
    assert abs(float(z.mean())) < 5 / 4000**0.5 and abs(float(z.var()) - 1) < 5 * (2 / 4000) ** 0.5
    want = HALF.logpdf(draws["tau"].values)
    np.testing.assert_allclose(tree["log_prior"]["tau"], want)
