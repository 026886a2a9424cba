"""Meta-regression against metafor 3.8-1 with tightened tolerances (rma.uni): BCG on moderators.

Closed forms 1e-11, iterated estimators 1e-9 relative, both times 1 + statistic² for P values. The
score of our ML and REML is held to 0 in `tests/unit/test_regression_tau2.py`. The mean alone is the
same code with X = 1, so that every univariate reference set and all eleven estimators hold it too.
"""

import math

import numpy as np
import pytest
from pytest import approx

from bayes_ps.baseline.regression import Regression, meta_regression
from tests import references

CLOSED, ITERATED = 1e-11, 1e-9
PRECISION = dict.fromkeys(("FE", "DL", "HE", "HS", "HSk", "SJ"), CLOSED) | dict.fromkeys(
    ("ML", "REML", "EB", "PM", "PMM"), ITERATED
)
MODELS = {"ablat": "ablat", "ablat_year_alloc": "ablat + I(year - 1948) + alloc"}
ESTIMATORS = ("DL", "ML", "REML", "EB", "PM", "HE", "SJ")
EACH = pytest.mark.parametrize("tau2", ESTIMATORS)
BOTH = pytest.mark.parametrize("model", MODELS)


def bcg():
    moderators = references.table("bcg")[["ablat", "year", "alloc"]]
    return references.effects("bcg").with_data(moderators)


def metafor(model):
    return references.expected("bcg")["meta_regression"][model]["frequentist"]


def same_coefficients(found: Regression, expected: dict, rel: float) -> None:
    """Standard errors, statistics, P values and intervals; the estimates in units of theirs."""
    statistic = np.array(expected.get("z", expected.get("t")))
    se = np.array(expected["se"])
    assert found.se == approx(se, rel=rel)
    assert np.abs(found.statistic - statistic).max() <= rel * (1 + np.abs(statistic).max())
    assert np.abs(found.p / np.array(expected["p"]) - 1) == approx(
        np.zeros(se.size), abs=rel * (1 + statistic**2).max()
    )
    for ours, theirs in ((found.lower, "ci_lb"), (found.upper, "ci_ub")):
        assert np.abs(ours - np.array(expected[theirs])).max() <= 10 * rel * se.max()


@BOTH
def test_design(model):
    found = meta_regression(bcg(), MODELS[model], "FE")
    design = np.array(references.expected("bcg")["meta_regression"][model]["design"])
    assert np.array_equal(found.model.design.X, design)


@BOTH
@EACH
def test_wald(model, tau2):
    expected, rel = metafor(model)[tau2], PRECISION[tau2]
    found = meta_regression(bcg(), MODELS[model], tau2, "z")
    assert found.tau2 == approx(expected["tau2"], rel=rel)
    assert found.i2 == approx(expected["I2_pct"], rel=rel)
    assert found.h2 == approx(expected["H2"], rel=rel)
    assert found.r2 == approx(expected["R2_pct"], rel=rel)
    assert np.abs(found.beta - expected["est"]).max() <= rel * max(expected["se"])
    same_coefficients(found, expected, rel)
    assert found.qe == approx(expected["QE"], rel=CLOSED)
    assert found.qe_df == expected["QE_df"]
    assert found.qe_p == approx(expected["QE_p"], rel=CLOSED * (1 + found.qe))
    assert found.omnibus.statistic == approx(expected["QM"], rel=rel)
    assert found.omnibus.p == approx(expected["QM_p"], rel=rel * (1 + expected["QM"]), abs=0)
    assert math.isinf(found.omnibus.df2)
    assert found.omnibus.df == np.size(expected["coef_tested"])


@BOTH
@EACH
@pytest.mark.parametrize(("test", "block"), [("knha", "knha"), ("adhoc", "knha_adhoc")])
def test_knapp_hartung(model, tau2, test, block):
    expected, rel = metafor(model)[tau2], PRECISION[tau2]
    found = meta_regression(bcg(), MODELS[model], tau2, test)
    assert (found.df == expected[block]["df"]).all()
    same_coefficients(found, expected[block], rel)
    if test == "knha":
        assert found.omnibus.statistic == approx(expected["QM_F"], rel=rel)
        assert found.omnibus.p == approx(expected["QM_F_p"], rel=10 * rel)


@BOTH
@pytest.mark.parametrize("tau2", ["ML", "REML"])
def test_log_likelihood(model, tau2):
    found = meta_regression(bcg(), MODELS[model], tau2)
    assert found.log_likelihood == approx(metafor(model)[tau2]["loglik"], rel=CLOSED)


@BOTH
def test_common_effect_and_q_profile(model):
    expected, profile = metafor(model)["FE"], metafor(model)["tau2_ci95_QP"]
    found = meta_regression(bcg(), MODELS[model], "FE")
    assert found.tau2 == 0
    assert np.abs(found.beta - expected["est"]).max() <= CLOSED * max(expected["se"])
    assert found.se == approx(np.array(expected["se"]), rel=CLOSED)
    assert found.omnibus.statistic == approx(expected["QM"], rel=CLOSED)
    assert found.omnibus.p == approx(expected["QM_p"], rel=CLOSED * (1 + expected["QM"]), abs=0)
    assert tuple(found.tau2_interval) == approx((profile["lb"], profile["ub"]), rel=CLOSED)


def test_terms_tested_together():
    """metafor's test_misc_anova.r: QM 1.2850 (P 0.5260), and F 0.6007 (P 0.5690) under knha."""
    wald = meta_regression(bcg(), "ablat + alloc", "REML", "z").joint_test("alloc")
    assert (wald.statistic, wald.p) == approx((1.2850, 0.5260), abs=0.51e-4)
    f = meta_regression(bcg(), "ablat + alloc", "REML", "knha").joint_test("alloc")
    assert (f.statistic, f.p) == approx((0.6007, 0.5690), abs=0.51e-4)
    assert (f.df, f.df2, f.tested) == (2, 9, ("alloc=random", "alloc=systematic"))


def test_likelihood_ratio():
    """metafor's test_misc_anova.r: LRT 9.9588 for latitude under ML; its REML 8.2301."""
    for tau2, lrt in (("ML", 9.9588), ("REML", 8.2301)):
        with_it = meta_regression(bcg(), "ablat", tau2).log_likelihood
        alone = meta_regression(bcg(), "1", tau2).log_likelihood
        assert 2 * (with_it - alone) == approx(lrt, abs=0.51e-4)


@pytest.mark.parametrize("name", references.UNIVARIATE)
@pytest.mark.parametrize("tau2", ["DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "EB", "PM", "PMM"])
def test_the_mean_alone(name, tau2):
    expected, rel = references.expected(name)["frequentist"]["RE"][tau2], PRECISION[tau2]
    effects = references.effects(name)
    found = meta_regression(effects, "1", tau2, "z")
    # At its boundary metafor's Fisher scoring may stop just above 0 (crins_rct_k2, ML: 1.4e-15).
    assert found.tau2 == approx(expected["tau2"], rel=rel, abs=1e-12 * effects.se.min() ** 2)
    assert found.beta[0] == approx(expected["est"], rel=rel, abs=rel * expected["se"])
    assert found.se[0] == approx(expected["se"], rel=rel)
    assert found.i2 == approx(expected["I2_pct"], rel=rel, abs=1e-9)
    assert found.r2 is None
