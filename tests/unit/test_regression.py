"""Meta-regression: least squares by hand, predictions, notes, and everything that is refused."""

import math

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from scipy.stats import chi2, f, norm, t

from bayes_ps.baseline.regression import meta_regression
from bayes_ps.checks import ModelError
from tests import references
from tests.unit.making import made

K = 12
DOSE = np.array([1, 2, 4, 8, 1, 2, 4, 8, 3, 6, 5, 7.0])
DRUG = ["a", "b", "c"] * 4
NOISE = np.array([3, -5, 2, 1, -4, 6, -2, 0, 5, -3, 1, -4.0])
SE = np.array([2, 1.5, 3, 2.5, 1, 2, 4, 1.2, 2, 3, 1.8, 2.2])


def effects(**changed):
    data = pd.DataFrame({"dose": DOSE, "drug": DRUG, "blind": [True, False] * 6} | changed)
    return made(-2 * DOSE + NOISE, SE).with_data(data)


def test_weighted_least_squares_by_hand():
    found = meta_regression(effects(), "dose", "DL", "z")
    X = np.column_stack([np.ones(K), DOSE])
    W = np.diag(1 / (SE**2 + found.tau2))
    covariance = np.linalg.inv(X.T @ W @ X)
    assert found.covariance == approx(covariance, rel=1e-11)
    assert found.beta == approx(covariance @ X.T @ W @ effects().y, rel=1e-11)
    assert found.se == approx(np.sqrt(np.diag(covariance)), rel=1e-11)
    z = found.beta / found.se
    assert found.p == approx(2 * norm.sf(abs(z)), rel=1e-9)
    assert found.upper == approx(found.beta + norm.ppf(0.975) * found.se, rel=1e-12)
    assert found.omnibus.statistic == approx(z[1] ** 2, rel=1e-11)
    assert found.omnibus.p == approx(chi2.sf(z[1] ** 2, 1), rel=1e-9)
    assert found.names == ("intercept", "dose")


def test_knapp_hartung_scales_by_hand():
    wald = meta_regression(effects(), "dose", "REML", "z")
    found = meta_regression(effects(), "dose")
    assert found.test == "knha"
    X = np.column_stack([np.ones(K), DOSE])
    r = effects().y - X @ wald.beta
    s2 = (r**2 / (SE**2 + wald.tau2)).sum() / (K - 2)
    assert found.se == approx(np.sqrt(s2) * wald.se, rel=1e-11)
    assert found.p == approx(2 * t.sf(abs(found.statistic), K - 2), rel=1e-9)
    assert found.omnibus.p == approx(f.sf(found.statistic[1] ** 2, 1, K - 2), rel=1e-9)
    adhoc = meta_regression(effects(), "dose", test="adhoc")
    assert adhoc.se == approx(max(1, math.sqrt(s2)) * wald.se, rel=1e-11)
    plain = meta_regression(effects(), "dose", test="t")
    assert (plain.se == wald.se).all() and (plain.df == K - 2).all()


def test_moving_a_moderator_moves_the_intercept_only():
    one = meta_regression(effects(), "dose + drug")
    other = meta_regression(effects(), "I(dose - 1000) + drug")
    assert other.beta[1:] == approx(one.beta[1:], rel=1e-7)
    assert other.tau2 == approx(one.tau2, rel=1e-7)
    assert other.log_likelihood == approx(one.log_likelihood, rel=1e-9)
    at = {"dose": 3, "drug": "b"}
    assert other.predict(at).mean == approx(one.predict(at).mean, rel=1e-7)


def test_scaling_a_moderator_leaves_the_restricted_likelihood():
    one = meta_regression(effects(), "dose")
    other = meta_regression(effects(dose=DOSE / 1000), "dose")
    assert other.log_likelihood == approx(one.log_likelihood, rel=1e-11)
    assert other.beta[1] == approx(1000 * one.beta[1], rel=1e-9)


def test_correlated_errors_by_hand():
    V = 0.5 * np.outer(SE, SE)
    np.fill_diagonal(V, SE**2)
    correlated = made(effects().y, SE, V).with_data(effects().data)
    found = meta_regression(correlated, "dose", "FE")
    X = np.column_stack([np.ones(K), DOSE])
    covariance = np.linalg.inv(X.T @ np.linalg.solve(V, X))
    assert found.covariance == approx(covariance, rel=1e-9)
    beta = covariance @ X.T @ np.linalg.solve(V, correlated.y)
    assert found.beta == approx(beta, rel=1e-9)
    r = correlated.y - X @ beta
    assert found.qe == approx(r @ np.linalg.solve(V, r), rel=1e-9)


def test_formulas():
    crossed = meta_regression(effects(), "dose * blind", "FE")
    assert crossed.names == ("intercept", "dose", "blind", "dose:blind")
    drugs = meta_regression(effects(), "0 + drug", "FE")
    assert drugs.names == ("drug=a", "drug=b", "drug=c")
    per_drug = meta_regression(effects(), "drug:dose", "FE").names
    assert per_drug == ("intercept", "drug=a:dose", "drug=b:dose", "drug=c:dose")
    logs = meta_regression(effects(), "np.log(dose)", "FE")
    assert logs.model.design.X[:, 1] == approx(np.log(DOSE))
    small = meta_regression(effects(), "se", "FE")
    assert small.model.design.X[:, 1] == approx(SE)


def test_kinds_of_columns():
    more = effects().data.assign(
        unused=[None, *DOSE[1:]],
        whole=pd.array([1, 2, 3] * 4, dtype="Int64"),
        once_text=pd.Series([1, 2, 3] * 4, dtype=object),
        label=pd.array(["x", "y"] * 6, dtype="string"),
        order=pd.Categorical(["p", "q"] * 6),
    )
    mixed = effects().with_data(more)
    assert meta_regression(mixed, "whole", "FE").names == ("intercept", "whole")
    assert meta_regression(mixed, "once_text", "FE").names == ("intercept", "once_text")
    assert meta_regression(mixed, "C(whole)", "FE").names[1:] == ("C(whole)=2", "C(whole)=3")
    assert meta_regression(mixed, "label", "FE").names == ("intercept", "label=y")
    assert meta_regression(mixed, "order", "FE").names == ("intercept", "order=q")
    centred = meta_regression(mixed, "center(dose) + label", "DL")
    plain = meta_regression(mixed, "dose + label", "DL")
    at = {"dose": 3, "label": "y"}
    assert centred.predict(at).mean == approx(plain.predict(at).mean, rel=1e-10)
    with pytest.raises(ModelError, match="Nothing can be predicted at these values"):
        meta_regression(mixed, "C(whole)", "FE").predict({"whole": 9})


def test_predictions():
    found = meta_regression(effects(), "dose + drug", "REML", "knha")
    at = {"dose": [2, 20], "drug": "b"}
    new = found.predict(at)
    x = np.array([[1, 2, 1, 0], [1, 20, 1, 0]])
    assert new.mean == approx(x @ found.beta, rel=1e-12)
    se = np.sqrt(np.diag(x @ found.covariance @ x.T))
    assert new.se == approx(se, rel=1e-12)
    assert new.upper == approx(new.mean + t.ppf(0.975, 8) * se, rel=1e-12)
    half = t.ppf(0.975, 7) * np.sqrt(se**2 + found.tau2)
    assert new.new_lower == approx(new.mean - half, rel=1e-12)
    z = found.predict(at, prediction="z")
    half = norm.ppf(0.975) * np.sqrt(se**2 + found.tau2)
    assert z.new_lower == approx(z.mean - half, rel=1e-12)
    assert new.notes == ("dose = 20 lies outside the studies (1 to 8): an extrapolation.",)
    assert list(new.to_frame()["dose"]) == [2, 20]
    assert "dose = 2, drug = b: " in str(new)
    with pytest.raises(ModelError, match="prediction must be one of"):
        found.predict(at, prediction="k-2")


def test_prediction_without_degrees_of_freedom_is_everything():
    found = meta_regression(effects().where(np.arange(K) < 3), "dose", "DL")
    new = found.predict({"dose": 2})
    assert (new.new_lower[0], new.new_upper[0]) == (-np.inf, np.inf)
    assert np.isfinite(new.lower[0])
    assert np.isfinite(found.predict({"dose": 2}, prediction="k-p").new_lower[0])


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ({"dose": 1}, "lacks drug"),
        ({"dose": 1, "drug": "a", "se": 2}, "has se"),
        ({"dose": 1, "drug": "z"}, "No study has drug='z'"),
        ({"dose": np.nan, "drug": "a"}, "'dose' must be a finite number"),
        ({"dose": "high", "drug": "a"}, "'dose' must be a finite number"),
        ({"dose": [1, 2], "drug": ["a", "b", "c"]}, "one length"),
    ],
)
def test_predictions_that_cannot_be_made(at, message):
    with pytest.raises(ModelError, match=message):
        meta_regression(effects(), "dose + drug").predict(at)


MISSING = [1, 2, None, 8, 1, 2, 4, 8, 3, 6, None, 7]


@pytest.mark.parametrize(
    ("formula", "changed", "message"),
    [
        ("dosis", {}, "no column 'dosis'. It has: study, y, se, dose"),
        ("dose", {"dose": MISSING}, r"'dose' is missing or infinite for \"C\" \(row 3\) \(1 more"),
        ("drug", {"drug": ["a", None] * 6}, r"'drug' is missing or infinite for \"B\""),
        ("dose", {"dose": [np.inf, *DOSE[1:]]}, r"'dose' is missing or infinite for \"A\""),
        ("drug", {"drug": "a"}, "'drug' is 'a' in every study, so it cannot moderate"),
        ("0 + dose", {"dose": 3}, "'dose' is 3 in every study"),
        ("dose + I(2 * dose)", {}, "its column is a combination of intercept, dose"),
        ("drug + twin", {"twin": [d.upper() for d in DRUG]}, "'twin=B' cannot be told apart"),
        ("study", {}, "has 12 coefficients .* but there are 12 studies: at least 13"),
        ("y ~ dose", {}, 'has a left-hand side.*"dose"'),
        ("dose + (1|drug)", {}, "has a random effect.*multilevel"),
        ("offset(dose)", {}, "has an offset"),
        ("dose +", {}, "cannot be read"),
        ("log(dose)", {}, "cannot be read"),
        (3, {}, "formula must be text"),
        ("0", {}, "has no term|cannot be read"),
    ],
)
def test_formulas_that_are_refused(formula, changed, message):
    with pytest.raises(ModelError, match=message):
        meta_regression(effects(**changed), formula)


def test_bad_options():
    with pytest.raises(ModelError, match='tau2 must be one of "FE", "DL"'):
        meta_regression(effects(), "dose", "MLE")
    with pytest.raises(ModelError, match='test must be one of "z", "t", "knha", "adhoc"'):
        meta_regression(effects(), "dose", test="hksj")
    with pytest.raises(ModelError, match="level must be between 0 and 1"):
        meta_regression(effects(), "dose", level=95)
    with pytest.raises(
        ModelError, match=r"There is no term 'blind'\. There are: 'intercept', 'dose'"
    ):
        meta_regression(effects(), "dose").joint_test("blind")


def test_residuals_of_0_prove_nothing():
    exact = made(-2 * DOSE, SE).with_data(effects().data)
    assert meta_regression(exact, "1").tau2 > 0
    with pytest.raises(ModelError, match="residuals are all 0"):
        meta_regression(made(np.full(K, 3.0), SE), "1")
    found = meta_regression(made(np.full(K, 3.0), SE), "1", test="z")
    assert (found.tau2, found.qe) == (0, approx(0, abs=1e-20))


def notes(*arguments, **changed):
    return " ".join(meta_regression(effects(**changed), *arguments).notes)


def test_notes():
    lone = ["a", "b"] * 5 + ["a", "rare"]
    assert 'rests on one study alone ("L")' in notes("drug", drug=lone)
    assert "whether all coefficients are 0, not whether they differ" in notes("0 + drug")
    assert "rests on" not in notes("drug") and "not whether" not in notes("drug")
    assert "12 studies for 2 coefficients of moderators" in notes("drug")
    assert "scales variances by QE/(k - p)" in notes("dose", "FE", "knha")
    assert "boundary 0" in " ".join(meta_regression(made(NOISE / 9, SE), "1").notes)
    assert "Knapp-Hartung's standard errors are 0." in " ".join(
        meta_regression(made(NOISE / 9, SE), "1").notes
    )


def test_a_moderator_that_explains_nothing_is_said():
    allocation = np.where(references.table("bcg")["alloc"] == "random", "random", "other")
    bcg = references.effects("bcg").with_data(pd.DataFrame({"allocation": allocation}))
    found = meta_regression(bcg, "allocation")
    assert (found.r2, found.tau2 > found.tau2_alone) == (0, True)
    assert any(note.startswith("R² is shown as 0: tau² is larger") for note in found.notes)


def test_r2_where_it_exists():
    assert meta_regression(effects(), "dose").r2 > 50
    assert meta_regression(effects(), "1").r2 is None
    assert meta_regression(effects(), "dose", "FE").r2 is None
    assert meta_regression(effects(), "0 + dose").r2 is None
    by_drug = meta_regression(effects(), "drug").r2
    assert meta_regression(effects(), "0 + drug").r2 == approx(by_drug, rel=1e-9, abs=1e-9)


def test_result_reads_well():
    found = meta_regression(effects(), "dose + drug")
    assert str(found).startswith(
        "Meta-regression (REML, knha) of MD on dose + drug, 12 studies: F "
    )
    assert "R²" in str(found) and "tau²" in str(found)
    assert "tau²" not in str(meta_regression(effects(), "dose", "FE")).split("\n")[0]
    rows = list(found.to_frame()["quantity"])
    assert rows == [*found.names, "tau2", "QE", "F", "I2", "H2", "R2"]
    assert found.tau == approx(math.sqrt(found.tau2))
    for values in (found.beta, found.covariance, found.model.design.X):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 1
    assert repr(found).startswith("<Regression: Meta-regression")
