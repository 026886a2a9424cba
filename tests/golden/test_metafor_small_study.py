"""Small-study tests, trim and fill, PET-PEESE and selection models against metafor and R's meta.

`tests/reference` holds metafor 3.8-1 (R 4.2.2) for twelve data sets. Tolerances: closed forms
1e-11, iterated ones 1e-9 relative. Where metafor's optimiser or default tolerance is the limit,
ours must be at the maximum, which is shown by its score in independent arithmetic.
"""

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from bayes_ps.baseline.small_study import (
    begg,
    egger,
    fail_safe_n,
    harbord,
    pet_peese,
    peters,
    selection_model,
    trim_and_fill,
)
from bayes_ps.effects import Effects
from tests import references

CLOSED, ITERATED = 1e-11, 1e-9
NAMES = [name for name in references.UNIVARIATE if name != "crins_rct_k2"]
EVERY = pytest.mark.parametrize("name", NAMES)


def frequentist(name):
    return references.expected(name)["frequentist"]


@EVERY
def test_egger_classical(name):
    metafor, limit = frequentist(name)["egger_classic"], frequentist(name)["regtest_lm"]
    found = egger(references.effects(name))
    assert (found.bias, found.se) == approx((metafor["intercept"], metafor["se"]), rel=CLOSED)
    assert (found.statistic, found.p) == approx((metafor["t"], metafor["p"]), rel=CLOSED)
    assert found.df == metafor["df"]
    assert found.limit_effect == approx(metafor["slope"], rel=CLOSED)
    assert tuple(found.limit) == approx((limit["limit_ci_lb"], limit["limit_ci_ub"]), rel=CLOSED)


@EVERY
def test_egger_mixed(name):
    metafor = frequentist(name)["regtest_rma_REML_sei"]
    found = egger(references.effects(name), "mixed")
    assert (found.limit_effect, found.bias) == approx(tuple(metafor["b"]), rel=ITERATED)
    assert found.se == approx(metafor["se"][1], rel=ITERATED)
    assert (found.statistic, found.p) == approx((metafor["z"], metafor["p"]), rel=ITERATED)
    assert found.tau2 == approx(metafor["tau2"], rel=ITERATED, abs=1e-13)


@EVERY
def test_begg(name):
    metafor = frequentist(name)["begg_ranktest"]
    found = begg(references.effects(name))
    assert (found.bias, found.p) == approx((metafor["kendall_tau"], metafor["p"]), rel=CLOSED)


@EVERY
def test_pet_peese(name):
    found = pet_peese(references.effects(name))
    for line, key in ((found.pet, "PET_wls"), (found.peese, "PEESE_wls")):
        expected = frequentist(name)[key]
        ours = (line.mu, line.se, line.p, line.slope, line.se_slope)
        assert ours == approx(
            tuple(expected[k] for k in ("b0", "se0", "p0", "b1", "se1")), rel=CLOSED
        )


@EVERY
def test_fail_safe_n(name):
    assert fail_safe_n(references.effects(name)).n == frequentist(name)["fsn_rosenthal"]


def reml_score(tau2, y, v):
    """Twice the derivative of the restricted log-likelihood, from its formula."""
    w = 1 / (v + tau2)
    mu = (w * y).sum() / w.sum()
    return ((w * (y - mu)) ** 2).sum() - w.sum() + (w**2).sum() / w.sum()


@EVERY
@pytest.mark.parametrize("tau2", ["REML", "DL", "FE"])
@pytest.mark.parametrize("estimator", ["L0", "R0"])
def test_trim_and_fill(name, tau2, estimator):
    metafor = frequentist(name)["trimfill"][f"{tau2}_{estimator}"]
    found = trim_and_fill(references.effects(name), tau2, "wald", estimator=estimator)
    assert (found.k0, found.side) == (metafor["k0"], metafor["side"])
    assert found.se_k0 == approx(metafor["se_k0"], rel=CLOSED)
    adjusted, se = found.adjusted, metafor["se"]
    if tau2 != "REML" or metafor["k0"] == 0:
        rel = ITERATED if tau2 == "REML" else CLOSED
        assert adjusted.tau2 == approx(metafor["tau2"], rel=rel, abs=1e-13)
        assert (adjusted.mu, adjusted.se) == approx((metafor["est"], se), rel=rel)
        ends = (metafor["ci_lb"], metafor["ci_ub"])
        assert (adjusted.lower, adjusted.upper) == approx(ends, rel=rel, abs=rel * se)
        return
    # metafor fits the filled studies with its default tolerance, 1e-5 in tau²; ours is the root.
    assert adjusted.tau2 == approx(metafor["tau2"], rel=0, abs=1e-5)
    assert adjusted.mu == approx(metafor["est"], rel=0, abs=1e-4 * se)
    at_reml(found)


def at_reml(found):
    """The tau² of the filled studies is where the restricted score crosses 0, if it is not 0."""
    y, v, tau2 = found.filled.y, found.filled.se**2, found.adjusted.tau2
    if tau2 > 0:
        assert reml_score(tau2 * (1 - 1e-8), y, v) > 0 > reml_score(tau2 * (1 + 1e-8), y, v)


TEN = Effects.from_estimates(
    [0.10, 0.15, 0.18, 0.22, 0.24, 0.29, 0.33, 0.37, 0.95, 1.15],
    se=np.sqrt([0.040, 0.035, 0.030, 0.028, 0.025, 0.022, 0.020, 0.018, 0.012, 0.010]),
    study=range(10),
    measure="MD",
    unit="given",
    better="higher",
)
FILLED = {
    ("FE", "L0", "left"): (0, 0.55265117089388649, 0, 0.94966678859284537, None),
    ("FE", "L0", "right"): (3, 0.63859591089840628, 0, 2.1289427257484017, None),
    ("FE", "R0", "left"): (0, 0.55265117089388649, 0, 1.4142135623730951, 0.5),
    ("REML", "L0", "left"): (0, 0.41696223548253103, 0.11863406309625382, 1.345803729628984, None),
    ("REML", "L0", "right"): (2, 0.4818048387905989, 0.11559608344672657, 2.216101472241623, None),
    ("REML", "R0", "left"): (1, 0.32487949270365235, 0.18232595592517314, 2, 0.25),
    ("REML", "R0", "right"): (0, 0.41696223548253103, 0.11863406309625382, 1.414213562373095, 0.5),
}


@pytest.mark.parametrize("case", FILLED, ids="-".join)
def test_trim_and_fill_on_either_side(case):
    """metafor 5.0.1: trimfill_metafor.json of ZhaoboDing/PyMetaAnalysis.

    Its REML is said to have a tolerance of 1e-10, but its score is 2e-4 where ours is 4e-14.
    """
    tau2, estimator, side = case
    k0, mu, between, se_k0, p_k0 = FILLED[case]
    found = trim_and_fill(TEN, tau2, "wald", estimator=estimator, side=side)
    assert (found.k0, found.p_k0) == (k0, p_k0)
    assert found.adjusted.mu == approx(mu, rel=CLOSED if tau2 == "FE" else 1e-6)
    assert found.adjusted.tau2 == approx(between, rel=0, abs=1e-5)
    assert found.se_k0 == approx(se_k0, rel=CLOSED)
    at_reml(found)


TWELVE_Y = [0.340, 0.286, 0.460, 0.232, 0.426, 0.574, 0.415, 0.890, 0.300, 0.870, 0.098, 1.240]
TWELVE_V = [
    0.0100,
    0.0144,
    0.0225,
    0.0324,
    0.0484,
    0.0729,
    0.1089,
    0.16,
    0.25,
    0.3844,
    0.5776,
    0.81,
]


def twelve(v):
    return Effects.from_estimates(
        TWELVE_Y, se=np.sqrt(v), study=range(12), measure="MD", unit="given", better="higher"
    )


def test_begg_exact_and_with_ties():
    """metafor 5.0.1 ranktest(): begg_ranktest_metafor.json of ZhaoboDing/PyMetaAnalysis."""
    exact = begg(twelve(TWELVE_V))
    assert (exact.bias, exact.p) == approx((1 / 3, 0.15259045898802848), rel=CLOSED)
    assert exact.statistic is None and "exact P" in exact.test
    tied = begg(twelve([TWELVE_V[0], TWELVE_V[0], *TWELVE_V[2:]]))
    assert (tied.bias, tied.p) == approx((0.35115526951766413, 0.113903234135382), rel=CLOSED)
    assert tied.statistic == approx(1.5808898122339823, rel=CLOSED)
    assert "because of ties" in tied.test


def test_egger_of_another_version():
    """metafor 5.0.1 regtest(model="lm"): small_study_effects_metafor.json of the same project."""
    found = egger(twelve(TWELVE_V))
    assert (found.bias, found.se) == approx((0.69203326238082374, 0.32464817297568382), rel=CLOSED)
    assert found.p == approx(0.058858352025680849, rel=CLOSED)
    assert tuple(found.limit) == approx((0.11218185640142311, 0.399554199336011), rel=CLOSED)


COUNTS = pd.DataFrame(
    [
        ("P01", 12, 100, 18, 110),
        ("P02", 5, 80, 9, 75),
        ("P03", 20, 120, 15, 130),
        ("P04", 7, 90, 10, 95),
        ("P05", 3, 55, 7, 60),
        ("P06", 9, 70, 12, 74),
        ("P07", 14, 95, 16, 100),
        ("P08", 6, 60, 9, 64),
        ("P09", 11, 88, 14, 92),
        ("P10", 8, 72, 11, 76),
        ("P11", 0, 50, 3, 55),
        ("P12", 4, 65, 0, 70),
    ],
    columns=["study", "events_t", "n_t", "events_c", "n_c"],
)


def test_peters():
    """R meta 8.5.0, metabias(method.bias="Peters"): ZhaoboDing/PyMetaAnalysis, tests/reference."""
    found = peters(COUNTS)
    assert (found.bias, found.se) == approx((-166.01752732844952, 107.49182254701471), rel=CLOSED)
    assert (found.statistic, found.p) == approx((-1.5444665779653786, 0.15350801132981251))
    assert found.limit_effect == approx(0.77965187369774214, rel=CLOSED)
    assert tuple(found.limit) == approx((-0.65962872674847051, 2.2189324741439549), rel=ITERATED)
    assert (found.dispersion, found.df) == approx((4.3752074507622432, 10), rel=CLOSED)


def test_harbord():
    """R meta 8.5.0, metabias(method.bias="Harbord"): ZhaoboDing/PyMetaAnalysis, tests/reference."""
    found = harbord(COUNTS)
    assert (found.bias, found.se) == approx((-0.63420980739069088, 1.1312369085805871), rel=CLOSED)
    assert (found.statistic, found.p) == approx((-0.56063394199758021, 0.58738743443011354))
    assert found.limit_effect == approx(0.11204544678315458, rel=CLOSED)
    assert tuple(found.limit) == approx((-1.1371367692765348, 1.3612276628428441), rel=ITERATED)
    assert (found.dispersion, found.df) == approx((1.2071791682936763, 10), rel=CLOSED)


MODELS = [(name, key) for name in NAMES for key in frequentist(name).get("selmodel_stepfun_ML", {})]


@pytest.mark.parametrize(("name", "key"), MODELS)
def test_selection_model(name, key):
    """selmodel(type="stepfun"): its optimiser leaves 1e-6 to 1e-5; our likelihood is no lower."""
    metafor = frequentist(name)["selmodel_stepfun_ML"][key]
    steps = [float(step) for step in key.split("_")[1:]]
    found = selection_model(references.effects(name), steps, alternative=metafor["alternative"])
    assert (found.mu, found.se) == approx((metafor["est"], metafor["se"]), rel=1e-4)
    assert found.tau2 == approx(metafor["tau2"], rel=1e-5)
    assert found.delta == approx(np.array(metafor["delta"]), rel=1e-5)
    assert found.se_delta[1:] == approx(np.array(metafor["se_delta"][1:]), rel=1e-4)
    assert (found.lrt, found.lrt_p) == approx((metafor["LRT"], metafor["LRT_p"]), rel=1e-7)
    assert found.log_likelihood > metafor["loglik"] - 1e-12
    assert np.abs(found.score).max() < 1e-12
