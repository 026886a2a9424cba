"""Mantel-Haenszel and Peto against metafor 3.8-1 (rma.mh, rma.peto), and RevMan's weights.

Every 2 x 2 reference set; closed forms, 1e-11. A weight of RevMan's "M-H, Random" is 1/(v + tau²),
so that it shows tau² itself; weights (per cent) and risk ratios have six decimals.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from bayes_ps.baseline.two_by_two import PooledCounts, mantel_haenszel, peto
from tests import references
from tests.validation.comparing import Against
from tests.validation.data_revman import FIXED, RANDOM, trials
from tests.validation.registry import Compared, compared_with

CLOSED = 1e-11
PRINTED = 0.5001e-6
COLUMNS = {"events_t": "ai", "n_t": "n1i", "events_c": "ci", "n_c": "n2i"}
SETS = (
    "bcg",
    "crins_ar",
    "crins_ptld_k3",
    "crins_rct_k2",
    "karner",
    "peto_aspirin",
    "sidik_jonkman",
)

DISAGREES = """\
* Risk difference by Mantel-Haenszel: metafor has the variance of Sato, Greenland and Robins
  (1989), RevMan and Stata's metan that of Greenland and Robins (1985). For BCG z is 11.47 and
  11.56 (tests/golden/test_papers_regression.py). Sato's holds for many small trials as for few
  large ones, the other for large ones only; where all are large, as here, both are right. Ours is
  that of the `convention`: "metafor", with which the values above agree, or "RevMan".
* Peto: metafor adds ½ to a trial with a zero cell for the estimate that it shows of this trial,
  but takes its Q from the raw counts. Ours has the raw counts in both, so that Q is the sum over
  the trials shown; Q agrees, the estimate of such a trial does not (Gras 2008 in crins_ar: −2.01,
  ours −2.53). O − E over V needs no ½.
* DerSimonian-Laird's tau² of counts: RevMan's "M-H, Random" takes Q around the Mantel-Haenszel
  estimate, whose counts have ½ added only in trials with a zero cell; metafor's rma takes Q around
  the inverse-variance mean. The first is a little larger (0.276 and 0.256 for CD000219 1.5). Both
  are called DL. `mantel_haenszel(tau2="DL")` is RevMan's, `baseline(..., "DL")` metafor's, and the
  published weights tell them apart (tests/golden/test_revman_mantel_haenszel.py).
"""
NOT_COMPARED = """\
* Tarone's and Breslow and Day's tests that the odds ratios are equal, which rma.mh prints: we have
  neither, but Q around the pooled estimate.
"""


@compared_with("metafor 3.8-1")
def mantel_haenszel_pooled() -> Iterator[Compared]:
    """OR, RR and RD, and the test of Cochran, Mantel and Haenszel."""
    for name in SETS:
        for measure in ("OR", "RR", "RD"):
            expected = metafor(name, f"MH_{measure}")
            found = mantel_haenszel(
                table(name), measure=measure, convention="metafor", columns=COLUMNS
            )
            of = Against(f"Mantel-Haenszel, {measure}", name, CLOSED)
            yield from pooled(of, found, expected)
            yield from of.p_values("P of Q", found.q_p, expected["QE_p"], 1 + found.q)
        expected = metafor(name, "MH_OR")
        cmh = mantel_haenszel(table(name), convention="metafor", columns=COLUMNS).cmh
        assert cmh
        of = Against("Cochran-Mantel-Haenszel test", name, CLOSED)
        yield from of.each("chi²", cmh.statistic, expected["CMH_chi2_cc"], least=1e-15 / CLOSED)
        yield from of.p_values("P", cmh.p, expected["CMH_p"], 1 + cmh.statistic)


@compared_with("metafor 3.8-1")
def peto_pooled() -> Iterator[Compared]:
    """Peto's odds ratio."""
    for name in SETS:
        found = peto(table(name), columns=COLUMNS)
        yield from pooled(Against("Peto", name, CLOSED), found, metafor(name, "Peto_OR"))


@compared_with("RevMan, Cochrane data packages")
def weights() -> Iterator[Compared]:
    """Weights of Mantel-Haenszel with random and fixed effects, and risk ratios of trials."""
    for name, rows in RANDOM.items():
        printed = trials(rows)
        found = mantel_haenszel(printed, measure="RR", tau2="DL")
        there = printed["weight"].notna().to_numpy()
        of = Against("weights, M-H random", name, PRINTED)
        yield from of.each("weight", found.weights[there], printed["weight"][there], 1.0)
        of = Against("risk ratios of trials", name, PRINTED)
        yield from of.each("RR", np.exp(found.y[there]), printed["rr"][there], 1.0)
    printed = trials(FIXED)
    found = mantel_haenszel(printed, measure="RR", convention="RevMan")
    of = Against("weights, M-H fixed", "CD013508 1.15", PRINTED)
    yield from of.each("weight", found.weights, printed["weight"], 1.0)


def pooled(of: Against, found: PooledCounts, expected: dict[str, Any]) -> Iterator[Compared]:
    """mu, its error, test and interval, and Q."""
    yield from of.each("mu", found.mu, expected["est"])
    yield from of.each("se", found.se, expected["se"])
    yield from of.each("z", found.statistic, expected["z"])
    yield from of.p_values("P", found.p, expected["p"], 1 + expected["z"] ** 2)
    yield from of.each("lower", found.lower, expected["ci_lb"], least=expected["se"])
    yield from of.each("upper", found.upper, expected["ci_ub"], least=expected["se"])
    yield from of.each("Q", found.q, expected["QE"])


def table(name: str) -> pd.DataFrame:
    """The trials of a data set."""
    frame = references.table(name)
    return frame.assign(study=[f"{row} {study}" for row, study in enumerate(frame["study"])])


def metafor(name: str, method: str) -> dict[str, Any]:
    """What metafor gives for a data set."""
    return references.expected(name)["two_by_two"][method]
