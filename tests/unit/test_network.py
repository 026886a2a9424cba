"""`Network`: what it reads, what it refuses, and what a reader is shown."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from bayes_ps import priors
from bayes_ps.checks import ModelError
from models import Network
from models.rotation import rotate
from tests.unit.making import fitted, made, sampled

HALF = priors.half_normal(5)
MODEL = Network("placebo", priors.flat(), HALF)
ARMS = pd.DataFrame(
    {
        "treatment": ["a", "b", "b", "a", "c"],
        "comparator": ["placebo", "placebo", "a", "placebo", "b"],
        "of": ["1", "1", "2", "3", "4"],
    }
)
PLAIN = made([-5, -9, -3, -4, 1.0], [2, 2, 1.5, 3, 2])
EFFECTS = PLAIN.with_data(ARMS)
SHARED = np.diag(PLAIN.se**2)
SHARED[0, 1] = SHARED[1, 0] = 1.5
JOINED = replace(EFFECTS, V=SHARED)  # estimates A and B share the placebo arm of trial 1
FIT = fitted(EFFECTS, MODEL, seed=2)
BOTH = pytest.mark.parametrize("fit", [FIT, sampled(FIT)], ids=["exact", "sampled"])
Q = [0.025, 0.5, 0.975]


def refusal(effects, model=MODEL):
    with pytest.raises(ModelError) as error:
        model.build(effects)
    with pytest.raises(ModelError) as other:
        model.gaussian(effects)
    assert str(error.value) == str(other.value)
    return str(error.value)


def changed(**columns):
    return PLAIN.with_data(ARMS.assign(**columns))


def test_a_missing_column_is_named_with_those_there_are():
    for name in ("treatment", "comparator", "trial"):
        assert refusal(EFFECTS, replace(MODEL, **{name: "treat1"})) == (
            "effects.data has no column 'treat1'. It has: treatment, comparator, of. Name one of "
            "these, or add the column: effects.with_data(table)."
        )


def test_a_missing_treatment_is_named_with_its_study():
    said = refusal(changed(comparator=["placebo", None, "a", "placebo", "b"]))
    assert said.startswith("'comparator' is missing for \"B\". Fill it, or leave the study out: ")


def test_a_treatment_is_not_compared_with_itself():
    said = refusal(changed(treatment=["a", "b", "a", "a", "c"]))
    assert said == (
        "\"C\" compares 'a' with itself. Correct 'treatment' or 'comparator', or leave it out: "
        'effects.drop("C").'
    )


def test_an_unknown_reference_is_named_with_the_treatments_there_are():
    said = refusal(EFFECTS, replace(MODEL, reference="Placebo"))
    assert said == "No trial has the reference 'Placebo'. Take one of: a, b, c, placebo."


def test_an_unconnected_part_is_named_with_its_studies():
    apart = changed(treatment=["a", "b", "b", "d", "c"], comparator=[*["placebo"] * 3, "e", "c2"])
    said = refusal(apart)
    assert said.startswith("No chain of trials connects c, c2, d, e with 'placebo'. Analyse that")
    assert said.endswith('leave it out here: effects.drop("D", "E").')
    assert MODEL.gaussian(apart.drop("D", "E")).design.names == ("a", "b")


def test_a_shared_arm_needs_its_covariance():
    """Without it the placebo arm of trial 1 would count twice."""
    said = refusal(EFFECTS, replace(MODEL, trial="of"))
    assert said == (
        '"A" and "B" share an arm of one \'of\', so the covariance of their errors is the variance '
        "of that arm's mean, but effects.V holds 0. Give it: dataclasses.replace(effects, V=V)."
    )
    turned = JOINED.with_data(
        ARMS.assign(
            treatment=["placebo", *"bbac"], comparator=["a", "placebo", "a", "placebo", "b"]
        )
    )
    said = refusal(turned, replace(MODEL, trial="of"))  # a placebo arm that is first in A
    assert "is minus the variance of that arm's mean, but effects.V holds 1.5." in said
    assert replace(MODEL, trial="of").gaussian(JOINED).component.Z is not None
    four_arms = EFFECTS.where(np.arange(5) != 1).with_data(  # a v placebo and c v b share none
        ARMS.drop(index=1).assign(of=["1", "2", "3", "1"])
    )
    assert fitted(four_arms, replace(MODEL, trial="of")).has_tau


def test_trials_of_two_arms_are_independent():
    """tau² / 2 of each arm: contrasts deviate with tau², correlated 1/2 within a trial."""
    assert MODEL.gaussian(JOINED).component.Z is None
    alone = JOINED.drop("B")
    assert replace(MODEL, trial="of").gaussian(alone).component.Z is None
    Z = replace(MODEL, trial="of").gaussian(JOINED).component.Z
    want = np.eye(5)
    want[0, 1] = want[1, 0] = 0.5
    np.testing.assert_allclose(Z @ Z.T, want, atol=1e-15)


def test_rotated_contrasts_are_as_simple_as_said():
    """R (V + tau² Z Z') R' is diagonal, by the matrices themselves."""
    Z = replace(MODEL, trial="of").gaussian(JOINED).component.Z
    at, tau = rotate(SHARED, Z, within=False), 3.0
    found = at.R @ (SHARED + tau**2 * Z @ Z.T) @ at.R.T
    np.testing.assert_allclose(found, np.diag(1 + tau**2 * np.diag(at.Z) ** 2), atol=1e-13)
    assert (at.variance == 1).all() and np.count_nonzero(at.Z) == np.count_nonzero(np.diag(at.Z))
    assert at.log_det == approx(np.linalg.slogdet(at.R)[1], abs=1e-13)


def test_another_reference_gives_the_same_contrasts():
    """Flat priors: only what the effects are counted from changes."""
    for reference in ("a", "c"):
        other = fitted(EFFECTS, replace(MODEL, reference=reference))
        assert other.log_evidence == approx(FIT.log_evidence, abs=1e-10)
        for t, b in (("a", "placebo"), ("c", "a"), ("b", "c")):
            at = {"treatment": t, "comparator": b}
            for asked in ("average", "predictive"):
                ours, theirs = (getattr(fit, asked)(at).ppf(Q) for fit in (FIT, other))
                assert ours == approx(theirs, abs=1e-10)


def test_direct_evidence_alone_is_that_trial():
    """c is compared in one trial only: d[c] − d[b] is that estimate, wider by tau."""
    at = {"treatment": "c", "comparator": "b"}
    tau = FIT.marginal("tau")
    assert FIT.average(at).mean == approx(1.0, abs=1e-10)
    assert FIT.average(at).sd ** 2 == approx(4 + tau.sd**2 + tau.mean**2, rel=1e-9)
    new = FIT.predictive(at)
    assert new.sd**2 == approx(4 + 2 * (tau.sd**2 + tau.mean**2), rel=1e-9)


def test_columns_may_have_other_names():
    renamed = PLAIN.with_data(ARMS.rename(columns={"treatment": "t1", "comparator": "t2"}))
    fit = fitted(renamed, replace(MODEL, treatment="t1", comparator="t2"))
    assert fit.average({"t1": "b", "t2": "a"}).ppf(Q) == approx(
        FIT.average({"treatment": "b", "comparator": "a"}).ppf(Q), abs=1e-12
    )


@BOTH
def test_a_contrast_is_asked_by_coefficients_or_as_a_setting(fit):
    pair = {"treatment": "b", "comparator": "a"}
    weights = fit.contrast({"b": 1, "a": -1})
    assert weights.ppf(Q) == approx(fit.average(pair).ppf(Q), abs=1e-12)
    assert fit.contrast({"b": 1}).mean == fit.marginal("d[b]").mean
    against = {"treatment": "b", "comparator": "placebo"}
    assert fit.average(against).mean == approx(fit.marginal("d[b]").mean, abs=1e-13)
    opposite = {"treatment": "a", "comparator": "b"}
    assert fit.average(opposite).mean == approx(-weights.mean, abs=1e-13)


@BOTH
def test_a_setting_is_two_known_treatments(fit):
    with pytest.raises(ModelError, match=r'at=\{"treatment": …, "comparator": …\}, but names none'):
        fit.average()
    with pytest.raises(ModelError, match="'comparator' is one of a, b, c, placebo, not 'd'"):
        fit.predictive({"treatment": "a", "comparator": "d"})
    with pytest.raises(ModelError, match=r"no 'mu'\. Have: d\[a\], d\[b\], d\[c\], tau"):
        fit.marginal("mu")


@BOTH
def test_what_a_reader_is_shown(fit):
    assert fit.unknowns == ("d[a]", "d[b]", "d[c]", "tau") and fit.scales == ("tau",)
    frame = fit.to_frame().set_index("unknown")
    assert list(frame.index) == [*fit.unknowns, *(f"theta[{name}]" for name in "ABCDE")]
    assert np.isfinite(frame).all(axis=None)
    said = str(fit)
    assert said.startswith("Network: y ~ N(theta, V), theta_tb ~ N(d_t - d_b, tau²)")
    assert "d[placebo] = 0, d ~ flat, tau ~ half-normal(scale 5)" in said
    assert "d[a] -" in said.splitlines()[1] and ", tau " in said.splitlines()[1]
    posterior = fit.dt["posterior"]
    assert posterior["d"].dims == ("chain", "draw", "treatment") and "theta_new" not in posterior
    assert posterior["treatment"].values.tolist() == ["a", "b", "c"]
