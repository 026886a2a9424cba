"""The baseline against metafor 3.8-1 (R 4.2.2), for every data set of tests/reference.

Tolerances. Closed forms and Q-profile: 1e-12. PM, REML, ML: 1e-10, the error of metafor's own by
tests/reference/README.md (ours is below 1e-14: tests/unit/test_baseline_numbers.py). Ends of
intervals near 0 are compared in units of their standard error, and a P value carries the error of
its statistic times 1 + statistic².
"""

import numpy as np
import pytest
from pytest import approx

from bayes_ps.baseline import Baseline, baseline, i2_from_q, plug_in
from tests import references

CLOSED, ITERATED = 1e-12, 1e-10
ESTIMATORS = ("DL", "PM", "REML", "ML")
PRECISION = {"FE": CLOSED, "DL": CLOSED, "PM": ITERATED, "REML": ITERATED, "ML": ITERATED}
EVERY = pytest.mark.parametrize("name", references.UNIVARIATE)
EACH = pytest.mark.parametrize("tau2", ESTIMATORS)


def frequentist(name):
    return references.expected(name)["frequentist"]


def same_mean(found: Baseline, metafor: dict, rel: float) -> None:
    statistic = metafor.get("z", metafor.get("t"))
    near = rel * metafor["se"]
    assert found.se == approx(metafor["se"], rel=rel)
    assert found.statistic == approx(statistic, rel=rel)
    assert found.p == approx(metafor["p"], rel=rel * (1 + statistic**2), abs=0)
    assert found.lower == approx(metafor["ci_lb"], rel=rel, abs=near)
    assert found.upper == approx(metafor["ci_ub"], rel=rel, abs=near)


@EVERY
def test_common_effect(name):
    effects, metafor = references.effects(name), frequentist(name)
    found = baseline(effects, tau2="FE")
    assert found.mu == approx(metafor["FE"]["est"], rel=CLOSED)
    same_mean(found, metafor["FE"], CLOSED)
    q = metafor["Q"]
    assert (found.q, found.q_df) == (approx(q["Q"], rel=CLOSED), q["df"])
    assert found.q_p == approx(q["p"], rel=CLOSED, abs=0)
    assert found.i2 == approx(q["I2_from_Q_pct"], rel=CLOSED)
    assert found.h2 == approx(q["H2_from_Q"], rel=CLOSED)
    assert baseline(effects).i2_from_q == found.i2 == i2_from_q(found.q, found.q_df)


@EVERY
@EACH
def test_tau2_and_wald(name, tau2):
    effects, metafor, rel = references.effects(name), frequentist(name)["RE"][tau2], PRECISION[tau2]
    found = baseline(effects, tau2, "wald")
    # At its boundary metafor's Fisher scoring may stop just above 0 (crins_rct_k2, ML: 1.4e-15).
    boundary = 1e-12 * effects.se.min() ** 2
    assert found.tau2 == approx(metafor["tau2"], rel=rel, abs=boundary)
    assert found.i2 == approx(metafor["I2_pct"], rel=rel, abs=1e-10)
    assert found.h2 == approx(metafor["H2"], rel=rel)
    assert found.mu == approx(metafor["est"], rel=rel)
    same_mean(found, metafor, rel)
    mu, se = plug_in(effects, found.tau2)
    assert (mu, se) == (found.mu, found.se)


@EVERY
@EACH
@pytest.mark.parametrize(("ci", "block"), [("hksj", "knha"), ("hksj-adhoc", "knha_adhoc")])
def test_knapp_hartung(name, tau2, ci, block):
    metafor = frequentist(name)["RE"][tau2][block]
    found = baseline(references.effects(name), tau2, ci)
    assert found.df == metafor["df"]
    same_mean(found, metafor, PRECISION[tau2])


@pytest.mark.parametrize("name", ["crins_ptld_k3", "eight_schools", "hinks"])
def test_t_is_what_the_floored_interval_becomes_where_the_floor_holds(name):
    metafor = frequentist(name)["RE"]["DL"]["knha_adhoc"]
    assert metafor["se"] == frequentist(name)["RE"]["DL"]["se"]
    found = baseline(references.effects(name), "DL", "t")
    assert found.df == metafor["df"]
    same_mean(found, metafor, CLOSED)


@EVERY
@EACH
@pytest.mark.parametrize(
    ("ci", "prediction", "key", "minus"),
    [
        ("wald", "z", "pi_z", np.inf),
        ("wald", "HTS", "pi_HTS_t_km2", 2),
        ("hksj", "HTS", "pi_knha_t_km2", 2),
        ("hksj", "k-1", "pi_knha_t_km1", 1),
    ],
)
def test_prediction(name, tau2, ci, prediction, key, minus):
    metafor, rel = frequentist(name)["RE"][tau2], PRECISION[tau2]
    found = baseline(references.effects(name), tau2, ci, prediction=prediction)
    if found.k == 2 and prediction == "HTS":
        assert key not in metafor
        assert found.prediction is None
        return
    assert tuple(found.prediction) == approx(metafor[key], rel=rel, abs=rel * metafor["se"])
    assert found.prediction.df == (np.inf if minus == np.inf else found.k - minus)


@EVERY
def test_q_profile(name):
    metafor = frequentist(name)["tau2_ci95_QP"]
    found = baseline(references.effects(name)).tau2_interval
    assert tuple(found) == approx((metafor["lb"], metafor["ub"]), rel=CLOSED, abs=0)


@pytest.mark.parametrize("name", [n for n in references.UNIVARIATE if n != "crins_rct_k2"])
def test_weights_and_leave_one_out(name):
    effects, without = references.effects(name), frequentist(name)["leave1out"]
    weights = frequentist(name)["influence_REML"]["weight_pct"]
    assert baseline(effects).weights == approx(np.array(weights), rel=ITERATED)
    for row, study in enumerate(effects.study):
        left = effects.drop(study)
        random, common = baseline(left, "REML", "wald"), baseline(left, "FE")
        assert random.tau2 == approx(without["REML_tau2"][row], rel=ITERATED, abs=1e-14)
        assert random.mu == approx(without["REML_est"][row], rel=ITERATED)
        assert random.se == approx(without["REML_se"][row], rel=ITERATED)
        assert random.i2 == approx(without["REML_I2_pct"][row], rel=ITERATED, abs=1e-10)
        assert common.q == approx(without["Q"][row], rel=CLOSED)
        assert (common.mu, common.se) == approx(
            (without["FE_est"][row], without["FE_se"][row]), rel=CLOSED
        )
