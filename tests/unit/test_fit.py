"""`Fit`: the questions it answers, the names it knows, and what it says of itself."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from pytest import approx
from scipy import stats

from bayes_ps import priors
from bayes_ps.checks import ModelError, StudyTableError
from bayes_ps.posterior import ExactFit, SampledFit
from models import CommonEffect, MetaRegression, PooledEvidence, RandomEffects
from tests.unit.making import MODEL, PAIN, fitted, made, sampled

FIT = fitted(seed=2)
COMMON = fitted(model=CommonEffect(priors.flat()))
DATA = pd.DataFrame({"dose": [10.0, 20, 30, 40, 10, 20, 30, 40], "control": list("aabbabab")})
DOSED = PAIN.with_data(DATA)
REGRESSION = fitted(
    DOSED, MetaRegression(["dose", "control"], priors.flat(), priors.half_normal(5))
)
GROUPS = fitted(
    DOSED, MetaRegression(["control"], priors.flat(), priors.half_normal(5), intercept=False)
)
BOTH = pytest.mark.parametrize("fit", [FIT, sampled(FIT)], ids=["exact", "sampled"])


def test_unknowns_are_the_names_that_marginal_takes():
    assert FIT.unknowns == ("mu", "tau") and COMMON.unknowns == ("mu",)
    assert REGRESSION.unknowns == ("beta[intercept]", "beta[dose]", "beta[control=b]", "tau")
    for fit in (FIT, COMMON, REGRESSION, GROUPS, sampled(REGRESSION)):
        for name in fit.unknowns:
            assert np.isfinite(fit.marginal(name).interval()).all()


@BOTH
@pytest.mark.parametrize("name", ["theta", "beta[mu]", "mu ", "sigma"])
def test_an_unknown_unknown_says_what_there_is(fit, name):
    with pytest.raises(ModelError, match=f"This model has no '{name[:2]}.*Have: mu, tau"):
        fit.marginal(name)
    with pytest.raises(ModelError, match=r"This model has no 'tau'\. Have: mu\."):
        COMMON.marginal("tau")
    with pytest.raises(
        ModelError, match=r"Have: beta\[intercept\], beta\[dose\].*use fit\.average\(at="
    ):
        REGRESSION.marginal("mu")


@BOTH
def test_a_study_is_asked_by_its_name(fit):
    theta = fit.dt["posterior"]["theta"].sel(study="C")
    assert (fit.study("C").draws == theta.values).all()
    with pytest.raises(StudyTableError, match=r"There is no study 'Z'\. There are: A, B, C"):
        fit.study("Z")


def test_a_new_setting_is_wider_by_tau():
    mu, new, tau = FIT.average(), FIT.predictive(), FIT.marginal("tau")
    assert new.mean == approx(mu.mean, abs=1e-12)
    assert new.sd**2 == approx(mu.sd**2 + tau.sd**2 + tau.mean**2, rel=1e-10)


def test_without_heterogeneity_a_new_setting_is_the_mean():
    assert not COMMON.has_tau
    assert COMMON.predictive().interval() == COMMON.average().interval()
    assert COMMON.study("A").interval() == approx(COMMON.average().interval(), rel=1e-12)


def test_the_mean_of_a_setting_is_its_row_times_the_coefficients():
    at = {"dose": 25, "control": "b"}
    means = {name: REGRESSION.marginal(f"beta[{name}]").mean for name in ("intercept", "dose")}
    of_b = REGRESSION.marginal("beta[control=b]").mean
    want = means["intercept"] + 25 * means["dose"] + of_b
    assert REGRESSION.average(at).mean == approx(want, rel=1e-12)
    assert REGRESSION.predictive(at).mean == approx(want, rel=1e-12)
    assert REGRESSION.average(at).draws.mean() == approx(
        want, abs=5 * REGRESSION.average(at).sd / 4000**0.5
    )
    with pytest.raises(ModelError, match=r'at=\{"dose": …, "control": …\}, but names none'):
        REGRESSION.average()


def test_subgroups_are_the_regression_without_intercept():
    with_intercept = fitted(
        DOSED, MetaRegression(["control"], priors.flat(), priors.half_normal(5))
    )
    for control in "ab":
        x = np.array([-9.0, -7, -5])
        ours, theirs = (f.average({"control": control}).cdf(x) for f in (GROUPS, with_intercept))
        assert ours == approx(theirs, abs=1e-13)
    assert GROUPS.marginal("beta[control=a]").mean == GROUPS.average({"control": "a"}).mean


@pytest.mark.parametrize("at", [None, {"dose": 25, "control": "b"}])
def test_draws_of_a_new_setting_are_around_their_own_mean(at):
    fit = FIT if at is None else REGRESSION
    z = (fit.predictive(at).draws - fit.average(at).draws) / fit.marginal("tau").draws
    assert stats.kstest(z.ravel(), stats.norm.cdf).pvalue > 1e-4
    again = sampled(fit)
    assert (again.predictive(at).draws == fit.predictive(at).draws).all()
    assert again.share(-5, at).draws == approx(fit.share(-5, at).draws, abs=1e-12)


@BOTH
def test_a_new_study_is_wider_by_its_standard_error(fit):
    """theta_new + N(0, se²)."""
    new, reported = fit.predictive(), fit.predictive(se=3.0)
    scale = reported.sd / 4000**0.5
    exact = isinstance(fit, ExactFit)
    assert reported.mean == approx(new.mean, abs=1e-12 if exact else 5 * scale)
    assert reported.sd**2 == approx(new.sd**2 + 9, rel=1e-10 if exact else 0.1)
    z = (reported.draws - new.draws) / 3
    assert stats.kstest(z.ravel(), "norm").pvalue > 1e-4
    assert abs(np.corrcoef(z.ravel(), new.draws.ravel())[0, 1]) < 5 / 4000**0.5
    assert (fit.predictive(se=0).draws == new.draws).all()


def test_a_new_study_of_a_setting_is_wider_too():
    at = {"dose": 25, "control": "b"}
    for fit in (REGRESSION, sampled(REGRESSION)):
        new, reported = fit.predictive(at), fit.predictive(at, se=3.0)
        assert reported.sd**2 == approx(new.sd**2 + 9, rel=1e-10 if fit is REGRESSION else 0.1)
        assert stats.kstest(((reported.draws - new.draws) / 3).ravel(), "norm").pvalue > 1e-4
    both = (each.predictive(at, se=3.0).draws for each in (REGRESSION, sampled(REGRESSION)))
    np.testing.assert_allclose(*both, rtol=1e-12)
    common = COMMON.predictive(se=3.0)
    assert common.sd**2 == approx(COMMON.average().sd ** 2 + 9, rel=1e-12)


@BOTH
@pytest.mark.parametrize("se", [-1, -1e-9, np.nan, np.inf])
def test_a_standard_error_is_a_number_from_0_up(fit, se):
    with pytest.raises(ModelError, match="se is the standard error of a new study, >= 0, but is"):
        fit.predictive(se=se)


def test_a_contrast_is_a_weighted_sum_of_coefficients():
    """Its mean and variance by the draws' own covariance, and by one coefficient's shift."""
    weights = {"dose": 20.0, "control=b": 1}
    found = REGRESSION.contrast(weights)
    parts = [REGRESSION.marginal(f"beta[{name}]") for name in weights]
    assert found.mean == approx(20 * parts[0].mean + parts[1].mean, abs=1e-12)
    drawn = 20 * parts[0].draws + parts[1].draws
    assert (found.draws == approx(drawn, abs=1e-12)) and found.mcse("mean") == 0
    assert found.sd == approx(drawn.std(), rel=5 / 8000**0.5)
    same = sampled(REGRESSION).contrast(weights)
    assert same.draws == approx(drawn, abs=1e-12) and same.mean == approx(drawn.mean(), abs=1e-12)
    at, reference = ({"dose": d, "control": c} for d, c in ((30, "b"), (10, "a")))
    apart = REGRESSION.average(at).mean - REGRESSION.average(reference).mean
    assert found.mean == approx(apart, abs=1e-11)
    for fit in (FIT, sampled(FIT)):
        assert fit.contrast({"mu": 2}).mean == approx(2 * fit.marginal("mu").mean, abs=1e-12)


@pytest.mark.parametrize("turn", [lambda fit: fit, sampled], ids=["exact", "sampled"])
def test_a_contrast_names_known_coefficients(turn):
    have = "have: intercept, dose, control=b"
    for wrong, said in (
        ({"dose": 1, "age": -1, "sex": 1}, f"{have}, but not 'age', 'sex'"),
        ({}, f"{have}, but not nothing"),
        ("dose", f"{have}, but not nothing"),
        ({"dose": np.nan}, f"{have}, but not 'dose': nan"),
        ({"beta[dose]": 1}, rf"\{{'intercept': 1\}}; {have}, but not 'beta\[dose\]'"),
    ):
        with pytest.raises(ModelError, match=said):
            turn(REGRESSION).contrast(wrong)
    with pytest.raises(ModelError, match="not Gaussian has no coefficients to contrast"):
        dataclasses.replace(sampled(FIT), hierarchy=None).contrast({"mu": 1})


def test_frame_has_a_row_an_unknown():
    frame = FIT.to_frame().set_index("unknown")
    assert list(frame.index) == ["mu", "tau", *(f"theta[{s}]" for s in "ABCDEFGH"), "theta_new"]
    mu = FIT.marginal("mu")
    assert frame.loc["mu"].tolist() == [mu.mean, mu.sd, mu.median, *mu.interval(0.95)]
    assert FIT.to_frame(0.5).set_index("unknown").loc["mu", "lower"] == mu.interval(0.5)[0]
    assert "theta_new" not in COMMON.to_frame()["unknown"].tolist()
    assert "theta_new" not in REGRESSION.to_frame()["unknown"].tolist()


def test_frame_of_a_pool_has_no_study():
    fit = fitted(made([-0.4], [0.15]), PooledEvidence(priors.flat(), priors.half_normal(0.5)))
    assert fit.to_frame()["unknown"].tolist() == ["mu", "tau", "theta_new"]


def test_prints_what_was_fitted_to_what_by_which_engine():
    low, high = FIT.marginal("mu").interval()
    said = str(FIT)
    assert said.startswith("Random effects: y_i ~ N(theta_i, se_i²)") and "exact engine" in said
    assert f"({low:.2f} to {high:.2f})" in said and "median and 95% central interval" in said
    assert repr(FIT) == "<Fit: RandomEffects, k = 8, engine 'exact'>"
    assert "\nNote: Mind the gap." in str(dataclasses.replace(FIT, warnings=("Mind the gap.",)))


def test_evidence_is_exact_or_refused():
    """k = 1 under a normal prior: y ~ N(m, s² + se² + tau²), by scipy over tau."""
    one = fitted(made([3], [1.5]), RandomEffects(priors.normal(1, 2), priors.uniform(0, 4)))
    tau = (np.arange(4000) + 0.5) / 1000
    density = stats.norm(1, np.sqrt(4 + 2.25 + tau**2)).pdf(3).mean()
    assert one.log_evidence == approx(np.log(density), abs=1e-7)
    with pytest.raises(
        ModelError, match=r'needs quadrature: bps.fit\(model, effects, engine="exact"\)'
    ):
        sampled(FIT).log_evidence  # noqa: B018


def test_a_fit_is_frozen_and_knows_its_engine():
    assert isinstance(FIT, ExactFit) and FIT.engine == "exact" and FIT.k == 8
    assert isinstance(sampled(FIT), SampledFit) and sampled(FIT).engine == "nuts"
    with pytest.raises(dataclasses.FrozenInstanceError):
        FIT.seed = 3
    assert FIT.error < 1e-12 and FIT.dt is FIT.dt


def test_a_sampled_model_that_is_not_gaussian_answers_from_its_draws():
    rng = np.random.default_rng(0)
    posterior = xr.Dataset(
        {
            "mu": (("chain", "draw"), rng.normal(-5, 1, (2, 500))),
            "nu": (("chain", "draw"), rng.gamma(2, 3, (2, 500))),
            "theta": (("chain", "draw", "study"), rng.normal(-5, 2, (2, 500, 8))),
        }
    )
    tree = xr.DataTree.from_dict({"posterior": posterior})
    fit = SampledFit(MODEL, PAIN, None, 1, tree=tree)
    assert set(fit.unknowns) == {"mu", "nu"} and not fit.has_tau
    assert fit.average().mean == posterior["mu"].values.mean() == fit.predictive().mean
    assert fit.study("B").mean == posterior["theta"].values[..., 1].mean()
    assert fit.share(-5) is None and len(fit.to_frame()) == 2 + 8
    with pytest.raises(ModelError, match=r"This fit has no 'tau'\. Have: "):
        fit.marginal("tau")
    without = dataclasses.replace(fit, tree=xr.DataTree.from_dict({"posterior": posterior[["nu"]]}))
    for wrong, at in ((without, None), (fit, {"dose": 1})):
        with pytest.raises(ModelError, match="average effect of this model is not known"):
            wrong.average(at)
