"""Leave-one-out, influence and cumulative baselines against metafor.

`tests/reference` (metafor 3.8-1, R 4.2.2, tightened tolerances) for twelve data sets, and metafor's
own tests (tests/testthat/test_misc_influence.r and test_misc_cumul.r of wviechtb/metafor).
Tolerances: closed forms 1e-11, iterated ones 1e-9 relative; where metafor ran with its default
tolerance, tau² may be off by 1e-5, which is said at the place.
"""

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from bayes_ps.baseline.influence import (
    baseline_cumulative,
    baseline_influence,
    baseline_leave_one_out,
)
from bayes_ps.effects import Effects
from tests import references

CLOSED, ITERATED = 1e-11, 1e-9
EVERY = pytest.mark.parametrize("name", [n for n in references.UNIVARIATE if n != "crins_rct_k2"])
COLUMNS = {
    "rstudent": "rstudent",
    "dffits": "dffits",
    "cook.d": "cook_d",
    "cov.r": "cov_r",
    "tau2.del": "tau2_del",
    "hat": "hat",
    "weight": "weight_pct",
}


def frequentist(name):
    return references.expected(name)["frequentist"]


@EVERY
def test_influence(name):
    metafor = frequentist(name)["influence_REML"]
    found = baseline_influence(references.effects(name)).to_frame()
    for ours, theirs in COLUMNS.items():
        # A change of mu by next to nothing has the error of mu, not of the change.
        assert found[ours].to_numpy() == approx(np.array(metafor[theirs]), rel=ITERATED, abs=1e-12)
    assert found["QE.del"].to_numpy() == approx(np.array(metafor["QE_del"]), rel=CLOSED)


@EVERY
def test_leave_one_out(name):
    metafor, effects = frequentist(name)["leave1out"], references.effects(name)
    random = baseline_leave_one_out(effects, "REML", "wald").to_frame()
    for ours, theirs in (
        ("mu", "REML_est"),
        ("se", "REML_se"),
        ("tau2", "REML_tau2"),
        ("i2", "REML_I2_pct"),
    ):
        expected = np.array(metafor[theirs])
        assert random[ours].to_numpy() == approx(expected, rel=ITERATED, abs=1e-13)
    common = baseline_leave_one_out(effects, "FE").to_frame()
    for ours, theirs in (("mu", "FE_est"), ("se", "FE_se"), ("q", "Q")):
        assert common[ours].to_numpy() == approx(np.array(metafor[theirs]), rel=CLOSED)


BCG = references.effects("bcg").with_data(references.table("bcg"))


def test_metafors_own_test_of_influence():
    """test_misc_influence.r, BCG, first study; default tolerance, so that tau² is off by 1e-7."""
    first = baseline_influence(BCG).to_frame().iloc[0]
    golden = {
        "rstudent": -0.218142474344442,
        "dffits": -0.0407075604868486,
        "cook.d": 0.00171654236729195,
        "cov.r": 1.11644891104804,
        "tau2.del": 0.336156745300306,
        "QE.del": 151.582572747109,
        "hat": 0.0505948307931551,
        "dfbs": -0.0402659025974144,
    }
    assert {name: first[name] for name in golden} == approx(golden, rel=1e-6)
    assert not first["inf"]


def test_metafors_own_test_of_leave1out():
    """test_misc_influence.r, BCG without the first study, leave1out(rma(yi, vi))."""
    first = baseline_leave_one_out(BCG, "REML", "wald").fits[0]
    found = (first.mu, first.se, first.statistic, first.lower, first.upper, first.q, first.h2)
    golden = (-0.707083788, 0.189961025, -3.722257179, -1.079400555, -0.334767021)
    assert found == approx((*golden, 151.582572747, 14.762184698), rel=1e-6)
    assert (first.p, first.q_p) == approx((0.000197449759, 7.07785997678e-27), rel=1e-5)
    assert (first.tau2, first.i2) == approx((0.336156745, 93.225934911), rel=1e-6)


CUMULATED = "-0.889311 -1.325003 -0.97208 -1.001094 -1.101424 -0.973464 -0.901251 -0.788566"
CUMULATED += " -0.865607 -0.785211 -0.708206 -0.794768 -0.714532"
AS_RATIOS = "0.410939 0.265802 0.378296 0.367477 0.332398 0.377772 0.406061 0.454496 0.420796"
AS_RATIOS += " 0.456024 0.492527 0.451686 0.489421"


def test_metafors_own_test_of_cumul():
    """test_misc_cumul.r, cumul(rma(yi, vi), order=year), as printed; and its collapse=TRUE."""
    steps = baseline_cumulative(BCG, "year", ci="wald")
    printed, ratios = (np.array(text.split(), float) for text in (CUMULATED, AS_RATIOS))
    # Half the last digit, and 1e-5 in tau² where metafor stops.
    assert steps.to_frame().mu.to_numpy() == approx(printed, abs=0.6e-6, rel=1e-5)
    together = baseline_cumulative(BCG, "year", ci="wald", together=True)
    expected = np.delete(ratios, 7)
    assert np.exp(together.to_frame().mu.to_numpy()) == approx(expected, abs=0.6e-6, rel=1e-5)


SIX = Effects.from_estimates(
    [-0.4, 0.1, 0.5, 0.2, 1.2, 1.8],
    se=np.sqrt([0.04, 0.09, 0.05, 0.16, 0.08, 0.06]),
    study=list("ABCDEF"),
    measure="MD",
    unit="given",
    better="higher",
).with_data(pd.DataFrame({"year": [2001, 2003, 2005, 2002, 2004, 2006]}))


def test_six_studies_with_many_digits():
    """metafor 5.0.1 with tolerance 1e-10: workflow_metafor.json of ZhaoboDing/PyMetaAnalysis."""
    frame = baseline_cumulative(SIX, "year", ci="wald").to_frame()
    assert list(frame.added) == list("ADBECF")
    mu = [-0.4, -0.2, -0.12069770019327025, 0.26318478109238974, 0.31143607454072986]
    se = [0.2, 0.28284271247461912, 0.20843213759091775, 0.35173031336871813, 0.27535861353643021]
    assert frame.mu.to_numpy() == approx(np.array([*mu, 0.56987112709443943]), rel=ITERATED)
    assert frame.se.to_numpy() == approx(np.array([*se, 0.33544142066194244]), rel=ITERATED)
    tau2 = [0.08, 0.049988393012827516, 0.40597163918919499, 0.29940713878096725]
    i2 = [44.444444444444514, 37.269636194007044, 83.595955244330544, 80.988180720551994]
    q_p = [0.17971249487899976, 0.22496661204754745, 8.8054677894938244e-05]
    assert frame.tau2.to_numpy()[1:] == approx(np.array([*tau2, 0.59730299993305169]), rel=ITERATED)
    assert frame.i2.to_numpy()[1:] == approx(np.array([*i2, 89.814154982929795]), rel=ITERATED)
    assert frame.q_p.to_numpy()[1:4] == approx(np.array(q_p), rel=CLOSED)
    without = baseline_leave_one_out(SIX, ci="wald").to_frame()
    low = [0.14252010453880115, -0.10731792194331879, -0.22237669635318036, -0.13662949256539603]
    low += [-0.30118993485957835, -0.22825689082355671]
    assert without.lower.to_numpy() == approx(np.array(low), rel=ITERATED)
