"""Meta-regression against metafor 3.8-1 with tightened tolerances (rma.uni): BCG on moderators.

Closed forms 1e-11, iterated estimators 1e-9. Estimates and the ends of intervals are compared in
units of standard errors. The mean alone is another code than the baseline's (X = 1), so that every
univariate data set and all estimators hold it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from bayes_ps.baseline.regression import Regression, meta_regression
from bayes_ps.effects import Effects
from tests import references
from tests.validation.comparing import Against
from tests.validation.registry import Compared, compared_with

CLOSED, ITERATED = 1e-11, 1e-9
PRECISION = dict.fromkeys(("FE", "DL", "HE", "HS", "HSk", "SJ"), CLOSED) | dict.fromkeys(
    ("ML", "REML", "EB", "PM", "PMM"), ITERATED
)
MODELS = {"ablat": "ablat", "ablat_year_alloc": "ablat + I(year - 1948) + alloc"}
ESTIMATORS = ("DL", "ML", "REML", "EB", "PM", "HE", "SJ")
KNAPP_HARTUNG = {"knha": ("Knapp-Hartung", "knha"), "adhoc": ("Knapp-Hartung ad hoc", "knha_adhoc")}

NOT_COMPARED = """\
* Variance inflation: no values that metafor printed; held against 1 / (1 − R²) of weighted
  regressions of each moderator on the others (tests/unit/test_regression_vif.py).
"""


def bcg() -> Effects:
    """BCG, log risk ratios, with latitude, year and allocation."""
    moderators = references.table("bcg")[["ablat", "year", "alloc"]]
    return references.effects("bcg").with_data(moderators)


def metafor(model: str) -> dict[str, Any]:
    """What metafor gives for a model."""
    return references.expected("bcg")["meta_regression"][model]["frequentist"]


def every_fit() -> Iterator[tuple[str, str, str, dict[str, Any], float]]:
    """(formula, data set, estimator, metafor's values, tolerance)."""
    for model, formula in MODELS.items():
        for tau2 in ESTIMATORS:
            yield formula, f"bcg ~ {model}", tau2, metafor(model)[tau2], PRECISION[tau2]


@compared_with("metafor 3.8-1")
def heterogeneity() -> Iterator[Compared]:
    """tau², I², H² and R² of each estimator; QE."""
    for formula, name, tau2, expected, rel in every_fit():
        found = meta_regression(bcg(), formula, tau2, "z")
        of = Against("meta-regression: tau², I², H², R²", name, rel)
        yield from of.each(f"{tau2}: tau²", found.tau2, expected["tau2"])
        yield from of.each(f"{tau2}: I²", found.i2, expected["I2_pct"])
        yield from of.each(f"{tau2}: H²", found.h2, expected["H2"])
        yield from of.each(f"{tau2}: R²", found.r2, expected["R2_pct"])
        of = Against("meta-regression: QE", name, CLOSED)
        yield from of.each(f"{tau2}: QE", found.qe, expected["QE"])
        yield from of.each(f"{tau2}: df", found.qe_df, expected["QE_df"])
        yield from of.p_values(f"{tau2}: P", found.qe_p, expected["QE_p"], 1 + found.qe)


@compared_with("metafor 3.8-1")
def wald() -> Iterator[Compared]:
    """Coefficients and the test of all moderators, Wald."""
    for formula, name, tau2, expected, rel in every_fit():
        found = meta_regression(bcg(), formula, tau2, "z")
        of = Against("meta-regression: coefficients, Wald", name, rel)
        scale = max(expected["se"])
        yield from of.each(f"{tau2}: estimate", found.beta, expected["est"], scale)
        yield from coefficients(of, f"{tau2}: ", found, expected)
        of = Against("meta-regression: QM", name, rel)
        yield from of.each(f"{tau2}: QM", found.omnibus.statistic, expected["QM"])
        grown = 1 + expected["QM"]
        yield from of.p_values(f"{tau2}: P", found.omnibus.p, expected["QM_p"], grown)


@compared_with("metafor 3.8-1")
def knapp_hartung() -> Iterator[Compared]:
    """Coefficients of Knapp and Hartung with and without the floor, and the F test."""
    for formula, name, tau2, expected, rel in every_fit():
        for test, (label, block) in KNAPP_HARTUNG.items():
            found = meta_regression(bcg(), formula, tau2, test)
            of = Against(f"meta-regression: coefficients, {label}", name, rel)
            df = np.full(found.df.shape, expected[block]["df"])
            yield from of.each(f"{tau2}: df", found.df, df)
            yield from coefficients(of, f"{tau2}: ", found, expected[block])
            if test == "knha":
                of = Against("meta-regression: F of the moderators", name, rel)
                yield from of.each(f"{tau2}: F", found.omnibus.statistic, expected["QM_F"])
                yield from of.p_values(f"{tau2}: P", found.omnibus.p, expected["QM_F_p"], 10)


@compared_with("metafor 3.8-1")
def likelihood_common_effect_and_q_profile() -> Iterator[Compared]:
    """The log-likelihood of ML and REML, the common-effect regression, and the Q-profile."""
    for model, formula in MODELS.items():
        name = f"bcg ~ {model}"
        of = Against("meta-regression: log-likelihood", name, CLOSED)
        for tau2 in ("ML", "REML"):
            found = meta_regression(bcg(), formula, tau2)
            yield from of.each(tau2, found.log_likelihood, metafor(model)[tau2]["loglik"])
        expected, profile = metafor(model)["FE"], metafor(model)["tau2_ci95_QP"]
        found = meta_regression(bcg(), formula, "FE")
        of = Against("meta-regression: common effect", name, CLOSED)
        yield from of.each("estimate", found.beta, expected["est"], max(expected["se"]))
        yield from of.each("se", found.se, expected["se"])
        yield from of.each("QM", found.omnibus.statistic, expected["QM"])
        yield from of.p_values("P of QM", found.omnibus.p, expected["QM_p"], 1 + expected["QM"])
        of = Against("meta-regression: Q-profile", name, CLOSED)
        ends = [profile["lb"], profile["ub"]]
        yield from of.each("end", tuple(found.tau2_interval), ends)


@compared_with("metafor 3.8-1")
def mean_alone() -> Iterator[Compared]:
    """The formula "1" beside metafor's random-effects model, for every univariate data set."""
    for name in references.UNIVARIATE:
        effects = references.effects(name)
        for tau2, expected in references.expected(name)["frequentist"]["RE"].items():
            rel = PRECISION[tau2]
            found = meta_regression(effects, "1", tau2, "z")
            of = Against("meta-regression on nothing but the mean", name, rel)
            # At its boundary metafor's Fisher scoring may stop just above 0 (see crins_rct_k2).
            least = 1e-12 * float(effects.se.min()) ** 2 / rel
            yield from of.each(f"{tau2}: tau²", found.tau2, expected["tau2"], least=least)
            mu = expected["est"]
            yield from of.each(f"{tau2}: mu", found.beta, mu, least=expected["se"])
            yield from of.each(f"{tau2}: se", found.se, expected["se"])
            yield from of.each(f"{tau2}: I²", found.i2, expected["I2_pct"], least=1.0)


@compared_with("metafor, as its own tests print it")
def tested_together() -> Iterator[Compared]:
    """test_misc_anova.r: allocation given latitude, and likelihood-ratio tests, four decimals."""
    of = Against("meta-regression: joint and likelihood-ratio tests", "bcg", 0)
    joint = {
        "z": meta_regression(bcg(), "ablat + alloc", "REML", "z").joint_test("alloc"),
        "knha": meta_regression(bcg(), "ablat + alloc", "REML", "knha").joint_test("alloc"),
    }
    yield from of.within("QM", joint["z"].statistic, 1.2850, 0.51e-4)
    yield from of.within("P of QM", joint["z"].p, 0.5260, 0.51e-4)
    yield from of.within("F", joint["knha"].statistic, 0.6007, 0.51e-4)
    yield from of.within("P of F", joint["knha"].p, 0.5690, 0.51e-4)
    yield from of.within("df of F", [joint["knha"].df, joint["knha"].df2], [2, 9], 0)
    for tau2, lrt in (("ML", 9.9588), ("REML", 8.2301)):
        with_it = meta_regression(bcg(), "ablat", tau2).log_likelihood
        alone = meta_regression(bcg(), "1", tau2).log_likelihood
        yield from of.within(f"{tau2}: LRT", 2 * (with_it - alone), lrt, 0.51e-4)


def coefficients(
    of: Against, prefix: str, found: Regression, expected: dict[str, Any]
) -> Iterator[Compared]:
    """Standard errors, statistics, P values, and the ends of the intervals."""
    statistic = np.array(expected.get("z", expected.get("t")))
    se = np.array(expected["se"])
    yield from of.each(prefix + "se", found.se, se)
    size = 1 + np.abs(statistic).max()
    yield from of.each(prefix + "statistic", found.statistic, statistic, size)
    grown = (1 + statistic**2).max()
    yield from of.p_values(prefix + "P", found.p, expected["p"], grown)
    for side, theirs in (("lower", "ci_lb"), ("upper", "ci_ub")):
        yield from of.each(prefix + side, getattr(found, side), expected[theirs], se)
