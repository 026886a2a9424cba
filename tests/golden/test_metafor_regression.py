"""Meta-regression beside metafor 3.8-1 (rma.uni): what is no value of a table.

The values, their tolerances and why: ``tests/validation/cases_regression.py``. The score of our ML
and REML is held to 0 in ``tests/unit/test_regression_tau2.py``.
"""

import math

import numpy as np
import pytest

from bayes_ps.baseline.regression import meta_regression
from tests import references
from tests.validation.cases_regression import ESTIMATORS, MODELS, bcg, metafor

BOTH = pytest.mark.parametrize("model", MODELS)


@BOTH
def test_design(model):
    found = meta_regression(bcg(), MODELS[model], "FE")
    design = np.array(references.expected("bcg")["meta_regression"][model]["design"])
    assert np.array_equal(found.model.design.X, design)
    assert found.tau2 == 0


@BOTH
@pytest.mark.parametrize("tau2", ESTIMATORS)
def test_wald_tests_all_moderators_by_chi2(model, tau2):
    found = meta_regression(bcg(), MODELS[model], tau2, "z")
    assert math.isinf(found.omnibus.df2)
    assert found.omnibus.df == np.size(metafor(model)[tau2]["coef_tested"])


def test_terms_tested_together_are_all_columns_of_a_factor():
    tested = meta_regression(bcg(), "ablat + alloc", "REML", "knha").joint_test("alloc").tested
    assert tested == ("alloc=random", "alloc=systematic")


@pytest.mark.parametrize("name", references.UNIVARIATE)
def test_the_mean_alone_explains_nothing(name):
    assert meta_regression(references.effects(name), "1", "REML", "z").r2 is None
