"""Mantel-Haenszel and Peto beside metafor 3.8-1 (rma.mh, rma.peto): the conventions.

The values, their tolerances and why: ``tests/validation/cases_two_by_two.py``.
"""

import pytest
from pytest import approx

from bayes_ps.baseline.two_by_two import mantel_haenszel, peto
from tests import references
from tests.validation.cases_two_by_two import COLUMNS, SETS, table

EVERY = pytest.mark.parametrize("name", SETS)


@EVERY
@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
def test_a_common_effect_has_no_tau2(name, measure):
    found = mantel_haenszel(table(name), measure=measure, convention="metafor", columns=COLUMNS)
    assert found.tau2 == 0


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


def test_peto_takes_a_trial_with_a_zero_cell_as_it_is():
    """escalc(measure="PETO") adds ½ to Gras 2008, none of 50 against 3 of 34: −2.0102."""
    found = peto(table("crins_ar"), columns=COLUMNS)
    escalc = references.expected("crins_ar")["effect_sizes"]["PETO"]["yi"]
    assert found.y[:5] == approx(escalc[:5], rel=1e-11)
    assert (found.y[5], escalc[5]) == approx((-2.5316, -2.0102), abs=0.5e-4)
