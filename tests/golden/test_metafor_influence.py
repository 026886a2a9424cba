"""Leave-one-out, influence and cumulative baselines beside metafor.

The values, their tolerances and why: ``tests/validation/cases_influence.py``. What is there from
``cases_baseline.py`` (weights, and mu, se, tau² and Q without each study) is held here to be the
same.
"""

import pytest

from bayes_ps.baseline import baseline
from bayes_ps.baseline.influence import (
    baseline_cumulative,
    baseline_influence,
    baseline_leave_one_out,
)
from tests import references
from tests.validation.cases_influence import SETS, SIX, bcg

EVERY = pytest.mark.parametrize("name", SETS)


@EVERY
@pytest.mark.parametrize(("tau2", "ci"), [("REML", "wald"), ("FE", None)])
def test_leave_one_out_is_the_baseline_of_the_others(name, tau2, ci):
    effects = references.effects(name)
    fits = baseline_leave_one_out(effects, tau2, ci).fits
    for study, fit in zip(effects.study, fits, strict=True):
        left = baseline(effects.drop(study), tau2, ci)
        assert (fit.mu, fit.se, fit.tau2, fit.q) == (left.mu, left.se, left.tau2, left.q)


@EVERY
def test_the_weights_of_influence_are_those_of_the_baseline(name):
    effects = references.effects(name)
    found = baseline_influence(effects).to_frame()["weight"]
    assert (found.to_numpy() == baseline(effects, "REML", "wald").weights).all()


def test_the_first_study_of_bcg_is_not_marked():
    assert not baseline_influence(bcg()).to_frame()["inf"].iloc[0]


def test_studies_are_added_in_the_order_of_the_year():
    assert list(baseline_cumulative(SIX, "year", ci="wald").to_frame()["added"]) == list("ADBECF")
