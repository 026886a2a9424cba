"""The baseline against metafor 3.8-1 (R 4.2.2), for every data set of tests/reference, and RevMan.

The values, their tolerances and why: ``tests/validation/cases_baseline.py``.
"""

from collections import defaultdict
from functools import cache

import numpy as np
import pytest
from pytest import approx

from bayes_ps.baseline import baseline, plug_in
from tests import references
from tests.validation import cases_baseline as cases
from tests.validation import registry

EVERY = pytest.mark.parametrize("name", references.UNIVARIATE)
EXERCISE = [f"CD004376 1.1 {subgroup}" for subgroup in "ABC"]


@cache
def by_dataset():
    found = defaultdict(list)
    for module, _, each in registry.every_comparison():
        if module == "cases_baseline":
            found[each.dataset].append(each)
    return found


@pytest.mark.parametrize("name", [*references.UNIVARIATE, *EXERCISE])
def test_agrees(name):
    wrong = [each for each in by_dataset()[name] if not each.agrees]
    assert by_dataset()[name] and not wrong, wrong[:5]


@EVERY
def test_two_studies_have_no_prediction_interval_of_hts(name):
    metafor = cases.frequentist(name)["RE"]["DL"]
    assert ("pi_HTS_t_km2" in metafor) == (
        baseline(references.effects(name)).prediction is not None
    )


@EVERY
@pytest.mark.parametrize("tau2", cases.PRECISION)
def test_plug_in_is_the_wald_baseline(name, tau2):
    effects, found = references.effects(name), cases.pooled(name, tau2, "wald")
    assert plug_in(effects, found.tau2) == (found.mu, found.se)


@pytest.mark.parametrize("name", ["crins_ptld_k3", "eight_schools", "hinks"])
def test_t_is_what_the_floored_interval_becomes_where_the_floor_holds(name):
    metafor = cases.frequentist(name)["RE"]["DL"]["knha_adhoc"]
    assert metafor["se"] == cases.frequentist(name)["RE"]["DL"]["se"]
    found = baseline(references.effects(name), "DL", "t")
    assert found.df == metafor["df"]
    assert (found.lower, found.upper) == approx((metafor["ci_lb"], metafor["ci_ub"]), rel=1e-12)


@EVERY
def test_intervals_of_i2_and_h2_are_those_of_tau2(name):
    """metafor's confint(): I² and H² at the ends of the interval of tau²."""
    found = baseline(references.effects(name))
    typical = cases.frequentist(name)["typical_v_higgins_thompson"]
    tau2 = np.array([*found.tau2_interval])
    assert tuple(found.i2_interval) == approx(100 * tau2 / (tau2 + typical), rel=1e-12)
    assert tuple(found.h2_interval) == approx(1 + tau2 / typical, rel=1e-12)
