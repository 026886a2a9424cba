"""Influence, leave-one-out and cumulative baselines against metafor.

metafor 3.8-1 with tightened tolerances for twelve data sets, metafor's own tests of BCG
(test_misc_influence.r, test_misc_cumul.r; its default tolerances), and metafor 5.0.1 for six
studies. Closed forms 1e-11, iterated ones 1e-9. Weights, and mu, se, tau² and Q without each study
are those of cases_baseline; tests/golden/test_metafor_influence.py holds that they are the same.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from bayes_ps.baseline.influence import (
    baseline_cumulative,
    baseline_influence,
    baseline_leave_one_out,
)
from bayes_ps.effects import Effects
from tests import references
from tests.validation.comparing import Against
from tests.validation.registry import Compared, compared_with

CLOSED, ITERATED = 1e-11, 1e-9
SETS = [name for name in references.UNIVARIATE if name != "crins_rct_k2"]
COLUMNS = {
    "rstudent": "rstudent",
    "dffits": "dffits",
    "cook.d": "cook_d",
    "cov.r": "cov_r",
    "tau2.del": "tau2_del",
    "hat": "hat",
}
FIRST_OF_BCG = {
    "rstudent": -0.218142474344442,
    "dffits": -0.0407075604868486,
    "cook.d": 0.00171654236729195,
    "cov.r": 1.11644891104804,
    "tau2.del": 0.336156745300306,
    "QE.del": 151.582572747109,
    "hat": 0.0505948307931551,
    "dfbs": -0.0402659025974144,
}
WITHOUT_FIRST = {
    "mu": -0.707083788,
    "se": 0.189961025,
    "statistic": -3.722257179,
    "lower": -1.079400555,
    "upper": -0.334767021,
    "q": 151.582572747,
    "h2": 14.762184698,
    "tau2": 0.336156745,
    "i2": 93.225934911,
}
CUMULATED = "-0.889311 -1.325003 -0.97208 -1.001094 -1.101424 -0.973464 -0.901251 -0.788566"
CUMULATED += " -0.865607 -0.785211 -0.708206 -0.794768 -0.714532"
AS_RATIOS = "0.410939 0.265802 0.378296 0.367477 0.332398 0.377772 0.406061 0.454496 0.420796"
AS_RATIOS += " 0.456024 0.492527 0.451686 0.489421"
SIX = Effects.from_estimates(
    [-0.4, 0.1, 0.5, 0.2, 1.2, 1.8],
    se=np.sqrt([0.04, 0.09, 0.05, 0.16, 0.08, 0.06]),
    study=list("ABCDEF"),
    measure="MD",
    unit="given",
    better="higher",
).with_data(pd.DataFrame({"year": [2001, 2003, 2005, 2002, 2004, 2006]}))


def bcg() -> Effects:
    """BCG, log risk ratios, with the columns of the table."""
    return references.effects("bcg").with_data(references.table("bcg"))


@compared_with("metafor 3.8-1")
def influence() -> Iterator[Compared]:
    """influence() of the REML model, and I² without each study."""
    for name in SETS:
        effects, frequentist = references.effects(name), references.expected(name)["frequentist"]
        metafor = frequentist["influence_REML"]
        found = baseline_influence(effects).to_frame()
        for ours, theirs in COLUMNS.items():
            of = Against(f"influence, {ours}", name, ITERATED)
            # A change of mu by next to nothing has the error of mu, not of the change.
            yield from of.each("study", found[ours], metafor[theirs], least=1e-12 / ITERATED)
        of = Against("influence, QE.del", name, CLOSED)
        yield from of.each("study", found["QE.del"], metafor["QE_del"])
        left = baseline_leave_one_out(effects, "REML", "wald").to_frame()
        of = Against("leave one out, I²", name, ITERATED)
        theirs = frequentist["leave1out"]["REML_I2_pct"]
        yield from of.each("without study", left["i2"], theirs, least=1e-13 / ITERATED)


@compared_with("metafor, as its own tests print it")
def own_tests() -> Iterator[Compared]:
    """BCG: influence and leave one out of the first study, and cumulation by year."""
    first = baseline_influence(bcg()).to_frame().iloc[0]
    of = Against("influence", "bcg", 1e-6)
    for quantity, theirs in FIRST_OF_BCG.items():
        yield from of.each(quantity, first[quantity], theirs)
    without = baseline_leave_one_out(bcg(), "REML", "wald").fits[0]
    of = Against("leave one out", "bcg", 1e-6)
    for quantity, theirs in WITHOUT_FIRST.items():
        yield from of.each(quantity, getattr(without, quantity), theirs)
    p_values = Against("leave one out, P values", "bcg", 1e-5)
    yield from p_values.each("P", without.p, 0.000197449759)
    yield from p_values.each("P of Q", without.q_p, 7.07785997678e-27)
    printed, ratios = (np.array(text.split(), float) for text in (CUMULATED, AS_RATIOS))
    of = Against("cumulative, six decimals", "bcg", 0)
    steps = baseline_cumulative(bcg(), "year", ci="wald").to_frame()["mu"]
    # Half the last digit, and 1e-5 in tau² where metafor stops.
    gap = np.maximum(0.6e-6, 1e-5 * np.abs(printed))
    yield from of.within("mu of step", steps, printed, gap)
    together = baseline_cumulative(bcg(), "year", ci="wald", together=True).to_frame()["mu"]
    ratios = np.delete(ratios, 7)
    gap = np.maximum(0.6e-6, 1e-5 * np.abs(ratios))
    yield from of.within("RR of step", np.exp(together), ratios, gap)


@compared_with("metafor 5.0.1")
def six_studies() -> Iterator[Compared]:
    """Tolerance 1e-10: workflow_metafor.json of ZhaoboDing/PyMetaAnalysis."""
    frame = baseline_cumulative(SIX, "year", ci="wald").to_frame()
    mu = [-0.4, -0.2, -0.12069770019327025, 0.26318478109238974, 0.31143607454072986]
    se = [0.2, 0.28284271247461912, 0.20843213759091775, 0.35173031336871813, 0.27535861353643021]
    tau2 = [0.08, 0.049988393012827516, 0.40597163918919499, 0.29940713878096725]
    i2 = [44.444444444444514, 37.269636194007044, 83.595955244330544, 80.988180720551994]
    q_p = [0.17971249487899976, 0.22496661204754745, 8.8054677894938244e-05]
    of = Against("cumulative", "six studies", ITERATED)
    yield from of.each("mu of step", frame["mu"], [*mu, 0.56987112709443943])
    yield from of.each("se of step", frame["se"], [*se, 0.33544142066194244])
    yield from of.each("tau² of step", frame["tau2"][1:], [*tau2, 0.59730299993305169])
    yield from of.each("I² of step", frame["i2"][1:], [*i2, 89.814154982929795])
    of = Against("cumulative, P of Q", "six studies", CLOSED)
    yield from of.each("step", frame["q_p"][1:4], q_p)
    low = [0.14252010453880115, -0.10731792194331879, -0.22237669635318036, -0.13662949256539603]
    low += [-0.30118993485957835, -0.22825689082355671]
    of = Against("leave one out, lower end", "six studies", ITERATED)
    without = baseline_leave_one_out(SIX, ci="wald").to_frame()
    yield from of.each("without study", without["lower"], low)
