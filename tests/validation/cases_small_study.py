"""Small-study tests, trim and fill, PET-PEESE and selection models against metafor and R's meta.

metafor 3.8-1 for twelve data sets, metafor 5.0.1 and R's meta 8.5.0 for three. Closed forms 1e-11,
iterated values 1e-9. Where metafor's optimiser or default tolerance is the limit, ours is shown to
be at the maximum by its score (tests/golden/test_metafor_small_study.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from bayes_ps.baseline.small_study import (
    AsymmetryTest,
    begg,
    egger,
    fail_safe_n,
    harbord,
    pet_peese,
    peters,
    selection_model,
    trim_and_fill,
)
from tests import references
from tests.validation.comparing import Against
from tests.validation.data_small_study import COUNTS, FILLED, TEN, TWELVE_V, twelve
from tests.validation.registry import Compared, compared_with

CLOSED, ITERATED = 1e-11, 1e-9
SETS = [name for name in references.UNIVARIATE if name != "crins_rct_k2"]
FILLING = [(tau2, estimator) for tau2 in ("REML", "DL", "FE") for estimator in ("L0", "R0")]
LINE = {"mu": "b0", "se": "se0", "p": "p0", "slope": "b1", "se_slope": "se1"}
DISAGREES = """\
* Trim and fill by REML where studies are filled in: metafor fits the filled studies with its
  default tolerance, 1e-5 in tau², so that tau² differs by up to 2.6e-4 of its size (Molloy). The
  restricted score crosses 0 at ours, between tau² (1 − 1e-8) and tau² (1 + 1e-8)
  (tests/golden/test_metafor_small_study.py). metafor 5.0.1 is the same in ten
  studies of PyMetaAnalysis, which states a tolerance of 1e-10: the score is 2e-4 at its values,
  4e-14 at ours.
* Selection models: metafor's optimiser leaves 1e-6 to 1e-5, at most 1.4e-5 (mu of Molloy with two
  steps). Our score is below 1e-12, and our likelihood is not below theirs.
"""
NOT_COMPARED = """\
* Egger's test over √(1/n_t + 1/n_c) (Pustejovsky and Rodgers 2019): no stored values of R; held
  only against weighted least squares by the normal equations (tests/unit/test_small_study.py).
* Lui 2015, on which RoBMA's tutorial shows PET-PEESE and selection models: not reproducible from
  what is public, 18 correlations but only 6 of their sample sizes.
"""
PETERS = {
    "bias": -166.01752732844952,
    "se": 107.49182254701471,
    "statistic": -1.5444665779653786,
    "p": 0.15350801132981251,
    "limit_effect": 0.77965187369774214,
    "dispersion": 4.3752074507622432,
    "df": 10,
}
PETERS_LIMIT = (-0.65962872674847051, 2.2189324741439549)
HARBORD = {
    "bias": -0.63420980739069088,
    "se": 1.1312369085805871,
    "statistic": -0.56063394199758021,
    "p": 0.58738743443011354,
    "limit_effect": 0.11204544678315458,
    "dispersion": 1.2071791682936763,
    "df": 10,
}
HARBORD_LIMIT = (-1.1371367692765348, 1.3612276628428441)


@compared_with("metafor 3.8-1")
def asymmetry() -> Iterator[Compared]:
    """Egger's test, Begg's, and Rosenthal's number."""
    for name in SETS:
        effects, metafor = references.effects(name), frequentist(name)
        found, limit = egger(effects), metafor["regtest_lm"]
        of = Against("Egger's test, classical", name, CLOSED)
        ends = [limit["limit_ci_lb"], limit["limit_ci_ub"]]
        yield from of.each("end of limit", tuple(found.limit), ends)
        found, expected = egger(effects, "mixed"), metafor["regtest_rma_REML_sei"]
        of = Against("Egger's test, mixed", name, ITERATED)
        yield from of.each("coefficient", [found.limit_effect, found.bias], expected["b"])
        yield from of.each("se", found.se, expected["se"][1])
        yield from of.each("z", found.statistic, expected["z"])
        yield from of.each("P", found.p, expected["p"])
        yield from of.each("tau²", found.tau2, expected["tau2"], least=1e-13 / ITERATED)
        rank, expected = begg(effects), metafor["begg_ranktest"]
        of = Against("Begg's test", name, CLOSED)
        yield from of.each("tau", rank.bias, expected["kendall_tau"])
        yield from of.each("P", rank.p, expected["p"])
        of = Against("fail-safe N", name, 0)
        yield from of.each("N", fail_safe_n(effects).n, metafor["fsn_rosenthal"])


@compared_with("R 4.2.2, lm")
def regressions() -> Iterator[Compared]:
    """Egger's test as a line of z on precision, PET and PEESE."""
    for name in SETS:
        line, expected = egger(references.effects(name)), frequentist(name)["egger_classic"]
        of = Against("Egger's test, classical", name, CLOSED)
        yield from of.each("bias", line.bias, expected["intercept"])
        yield from of.each("se", line.se, expected["se"])
        yield from of.each("t", line.statistic, expected["t"])
        yield from of.each("df", line.df, expected["df"])
        yield from of.each("P", line.p, expected["p"])
        yield from of.each("limit", line.limit_effect, expected["slope"])
        found = pet_peese(references.effects(name))
        of = Against("PET and PEESE", name, CLOSED)
        for fitted, key in ((found.pet, "PET_wls"), (found.peese, "PEESE_wls")):
            for ours, theirs in LINE.items():
                value = frequentist(name)[key][theirs]
                yield from of.each(f"{key}: {ours}", getattr(fitted, ours), value)


@compared_with("metafor 3.8-1")
def filling() -> Iterator[Compared]:
    """Trim and fill, where no REML of filled studies is involved."""
    for name in SETS:
        for tau2, estimator in FILLING:
            expected = frequentist(name)["trimfill"][f"{tau2}_{estimator}"]
            found = trim_and_fill(references.effects(name), tau2, "wald", estimator=estimator)
            quantity, adjusted, se = f"{tau2} {estimator}: ", found.adjusted, expected["se"]
            of = Against("trim and fill, number of studies", name, CLOSED)
            yield from of._replace(rel=0).each(quantity + "k0", found.k0, expected["k0"])
            yield from of.each(quantity + "se of k0", found.se_k0, expected["se_k0"])
            if tau2 == "REML" and found.k0 > 0:
                continue
            rel = ITERATED if tau2 == "REML" else CLOSED
            of = Against("trim and fill, adjusted", name, rel)
            yield from of.each(
                quantity + "tau²", adjusted.tau2, expected["tau2"], least=1e-13 / rel
            )
            yield from of.each(quantity + "mu", adjusted.mu, expected["est"])
            yield from of.each(quantity + "se", adjusted.se, se)
            yield from of.each(quantity + "lower", adjusted.lower, expected["ci_lb"], least=se)
            yield from of.each(quantity + "upper", adjusted.upper, expected["ci_ub"], least=se)


@compared_with("metafor 3.8-1, default tolerances")
def filling_by_reml() -> Iterator[Compared]:
    """Trim and fill by REML: metafor fits the filled studies to 1e-5 in tau²."""
    for name in SETS:
        for estimator in ("L0", "R0"):
            expected = frequentist(name)["trimfill"][f"REML_{estimator}"]
            found = trim_and_fill(references.effects(name), "REML", "wald", estimator=estimator)
            if found.k0 > 0:
                of = Against("trim and fill, REML, filled", name, 1e-4)
                adjusted = found.adjusted
                yield from of.within(f"{estimator}: tau²", adjusted.tau2, expected["tau2"], 1e-5)
                yield from of.each(f"{estimator}: mu", adjusted.mu, expected["est"], expected["se"])


@compared_with("metafor 3.8-1, its optimiser")
def selection() -> Iterator[Compared]:
    """selmodel(type="stepfun") by ML, whose optimiser leaves 1e-6 to 1e-5."""
    for name in SETS:
        for key, metafor in frequentist(name).get("selmodel_stepfun_ML", {}).items():
            steps = [float(step) for step in key.split("_")[1:]]
            found = selection_model(
                references.effects(name), steps, alternative=metafor["alternative"]
            )
            of = Against("selection model: mu, errors", name, 1e-4)
            yield from of.each(f"{key}: mu", found.mu, metafor["est"])
            yield from of.each(f"{key}: se", found.se, metafor["se"])
            yield from of.each(f"{key}: se of delta", found.se_delta[1:], metafor["se_delta"][1:])
            of = Against("selection model: tau², delta", name, 1e-5)
            yield from of.each(f"{key}: tau²", found.tau2, metafor["tau2"])
            yield from of.each(f"{key}: delta", found.delta[1:], metafor["delta"][1:])
            of = Against("selection model: likelihood ratio", name, 1e-7)
            yield from of.each(f"{key}: LRT", found.lrt, metafor["LRT"])
            yield from of.each(f"{key}: P", found.lrt_p, metafor["LRT_p"])


@compared_with("metafor 5.0.1")
def another_version() -> Iterator[Compared]:
    """trimfill(), ranktest() and regtest(model="lm"): ZhaoboDing/PyMetaAnalysis."""
    for (tau2, estimator, side), (k0, mu, between, se_k0, p_k0) in FILLED.items():
        found = trim_and_fill(TEN, tau2, "wald", estimator=estimator, side=side)
        dataset, case = "ten studies", f"{tau2} {estimator} {side}: "
        of = Against("trim and fill, number of studies", dataset, CLOSED)
        yield from of._replace(rel=0).each(case + "k0", found.k0, k0)
        yield from of.each(case + "se of k0", found.se_k0, se_k0)
        if p_k0 is not None:
            yield from of._replace(rel=0).each(case + "P of k0", found.p_k0, p_k0)
        rel = CLOSED if tau2 == "FE" else 1e-6
        method = "trim and fill" if tau2 == "FE" else "trim and fill, REML"
        of = Against(method, dataset, rel)
        yield from of.each(case + "mu", found.adjusted.mu, mu)
        yield from of.within(case + "tau²", found.adjusted.tau2, between, 1e-5)
    exact, tied = begg(twelve(TWELVE_V)), begg(twelve([TWELVE_V[0], TWELVE_V[0], *TWELVE_V[2:]]))
    of = Against("Begg's test, exact P and with ties", "twelve studies", CLOSED)
    yield from of.each("exact", [exact.bias, exact.p], [1 / 3, 0.15259045898802848])
    yield from of.each("ties", [tied.bias, tied.p], [0.35115526951766413, 0.113903234135382])
    yield from of.each("ties: z", tied.statistic, 1.5808898122339823)
    line = egger(twelve(TWELVE_V))
    of = Against("Egger's test, classical", "twelve studies", CLOSED)
    yield from of.each("bias", line.bias, 0.69203326238082374)
    yield from of.each("se", line.se, 0.32464817297568382)
    yield from of.each("P", line.p, 0.058858352025680849)
    yield from of.each("end of limit", tuple(line.limit), [0.11218185640142311, 0.399554199336011])


@compared_with("R's meta 8.5.0")
def counts() -> Iterator[Compared]:
    """metabias(method.bias="Peters") and "Harbord": ZhaoboDing/PyMetaAnalysis."""
    yield from of_counts("Peters's test", peters(COUNTS), PETERS, PETERS_LIMIT)
    yield from of_counts("Harbord's test", harbord(COUNTS), HARBORD, HARBORD_LIMIT)


def of_counts(
    method: str, found: AsymmetryTest, expected: dict[str, float], limit: tuple[float, float]
) -> Iterator[Compared]:
    """The quantities that metabias() prints."""
    of = Against(method, "twelve trials", CLOSED)
    for quantity, theirs in expected.items():
        yield from of.each(quantity, np.array(getattr(found, quantity)), theirs)
    yield from of._replace(rel=ITERATED).each("end of limit", tuple(found.limit), limit)


def frequentist(name: str) -> dict[str, Any]:
    """What R gives for a data set."""
    return references.expected(name)["frequentist"]
