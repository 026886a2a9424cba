"""`fit`: which engine, what it needs, and that a refusal costs nothing."""

import subprocess
import sys

import pytest

import bayes_ps as bps
from bayes_ps import priors
from bayes_ps.checks import ModelError
from bayes_ps.posterior import ExactFit
from models import MetaRegression, RandomEffects
from tests.unit.making import MODEL, PAIN, made


def test_the_default_engine_is_exact():
    fit = bps.fit(MODEL, PAIN)
    assert isinstance(fit, ExactFit) and fit.model is MODEL and fit.effects is PAIN
    assert (fit.seed, bps.fit(MODEL, PAIN, seed=7).seed) == (0, 7)


def test_an_unknown_engine():
    with pytest.raises(ModelError, match='engine must be "exact" or "nuts", but is \'stan\''):
        bps.fit(MODEL, PAIN, engine="stan")


def test_nuts_without_a_seed_is_refused_before_pymc_is_imported():
    code = """
import sys, bayes_ps as bps
from models import RandomEffects, priors
effects = bps.Effects.from_estimates(
    [1, 2], se=[1, 1], study=["a", "b"], measure="MD", unit="points", better="higher")
try:
    bps.fit(RandomEffects(mu=priors.flat(), tau=priors.half_normal(1)), effects, engine="nuts")
except ValueError as error:
    print(type(error).__name__, error)
print([name for name in ("pymc", "pytensor", "nutpie") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        'ModelError NUTS needs a seed: bps.fit(model, effects, engine="nuts", seed=1).',
        "[]",
    ]


def test_a_model_without_a_gaussian_form_is_for_nuts():
    class Robust:
        def build(self, effects, *, marginal=True): ...

    with pytest.raises(ModelError) as caught:
        bps.fit(Robust(), PAIN)
    assert "Robust is not a linear Gaussian model: it has no gaussian()." in str(caught.value)
    assert 'engine="nuts", seed=1' in str(caught.value)


def test_fewer_studies_than_coefficients():
    two = PAIN.where(PAIN.se < 3).with_data(
        PAIN.to_frame().iloc[:2][["se"]].assign(dose=[1, 2], age=[5, 9])
    )
    model = MetaRegression(["dose", "age"], priors.flat(), priors.half_normal(5))
    with pytest.raises(
        ModelError, match=r"2 studies cannot carry 3 coefficients .*intercept, dose"
    ):
        bps.fit(model, two)


def test_a_prior_that_does_not_fit_the_unit_is_a_warning_not_an_error():
    fit = bps.fit(RandomEffects(priors.flat(), priors.half_normal(0.5)), PAIN)
    assert len(fit.warnings) == 1 and "fakes certainty" in fit.warnings[0]
    assert bps.fit(MODEL, PAIN).warnings == ()


def test_one_study_is_fitted_under_proper_priors():
    fit = bps.fit(RandomEffects(priors.normal(0, 20), priors.half_normal(5)), made([-3.48], [1.6]))
    assert -3.48 < fit.marginal("mu").mean < 0
