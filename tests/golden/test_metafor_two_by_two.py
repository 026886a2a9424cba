"""Mantel-Haenszel and Peto against metafor 3.8-1 (rma.mh, rma.peto), for every 2 x 2 reference set.

Closed forms: 1e-11 relative. A P value carries the error of its statistic times 1 + statistic².
"""

import pytest
from pytest import approx

from bayes_ps.baseline.two_by_two import mantel_haenszel, peto
from tests import references

CLOSED = 1e-11
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
EVERY = pytest.mark.parametrize("name", SETS)


def table(name):
    frame = references.table(name)
    return frame.assign(study=[f"{row} {study}" for row, study in enumerate(frame["study"])])


def metafor(name, method):
    return references.expected(name)["two_by_two"][method]


def same(found, expected):
    assert found.mu == approx(expected["est"], rel=CLOSED)
    assert found.se == approx(expected["se"], rel=CLOSED)
    assert found.statistic == approx(expected["z"], rel=CLOSED)
    assert found.p == approx(expected["p"], rel=CLOSED * (1 + expected["z"] ** 2), abs=0)
    ends = (expected["ci_lb"], expected["ci_ub"])
    assert (found.lower, found.upper) == approx(ends, rel=CLOSED, abs=CLOSED * expected["se"])
    assert found.q == approx(expected["QE"], rel=CLOSED)


@EVERY
@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
def test_mantel_haenszel(name, measure):
    expected = metafor(name, f"MH_{measure}")
    found = mantel_haenszel(table(name), measure=measure, convention="metafor", columns=COLUMNS)
    same(found, expected)
    assert found.q_p == approx(expected["QE_p"], rel=CLOSED * (1 + found.q), abs=0)
    assert found.tau2 == 0


@EVERY
def test_cochran_mantel_haenszel(name):
    expected = metafor(name, "MH_OR")
    found = mantel_haenszel(table(name), convention="metafor", columns=COLUMNS).cmh
    assert found.statistic == approx(expected["CMH_chi2_cc"], rel=CLOSED, abs=1e-15)
    assert found.p == approx(expected["CMH_p"], rel=CLOSED * (1 + found.statistic), abs=0)


@EVERY
def test_peto(name):
    same(peto(table(name), columns=COLUMNS), metafor(name, "Peto_OR"))


@EVERY
@pytest.mark.parametrize("measure", ["OR", "RR"])
def test_conventions_differ_only_where_a_cell_is_zero(name, measure):
    trials = table(name)
    zero = (trials[["ai", "ci"]] == 0).any(axis=1) | (trials.ai == trials.n1i)
    zero |= trials.ci == trials.n2i
    ours = [
        mantel_haenszel(trials, measure=measure, convention=convention, columns=COLUMNS)
        for convention in ("metafor", "RevMan")
    ]
    assert (ours[0].mu == ours[1].mu) == (not zero.any())
