"""Three-level, multivariate and network models beside metafor 3.8-1 (rma.mv): their maxima.

The values, their tolerances and why: ``tests/validation/cases_levels.py``. Our own scores are 0 to
rounding, and the likelihood of other values is not above ours.
"""

import numpy as np
import pytest
from pytest import approx

from bayes_ps.baseline.components import multilevel, multivariate
from bayes_ps.baseline.linear.gls import generalised
from bayes_ps.baseline.regression import meta_regression
from tests.validation.cases_levels import CLOSED, of_trials, schools_fitted, trials_fitted
from tests.validation.data_levels import glucose, periodontal

METHODS = pytest.mark.parametrize("method", ["ML", "REML"])


@METHODS
def test_scores_are_0(method):
    effects, formula, _ = glucose()
    network = multilevel(effects, "trial", formula, method, correlation=0.5)
    for found in (schools_fitted(method), trials_fitted(method), network):
        assert found.score < 1e-11


def test_what_the_fits_hold():
    assert schools_fitted("REML").qe_df == 55
    assert trials_fitted("REML").outcomes == ("AL", "PD")


@METHODS
def test_the_likelihood_of_the_reference_is_not_above_ours(method):
    expected = of_trials(method)
    found = trials_fitted(method)
    a, b = expected["tau2_AL"], expected["tau2_PD"]
    off = expected["rho"] * np.sqrt(a * b)
    theirs = found._problem.at([np.array([[a, off], [off, b]])])
    assert theirs.value <= found.log_likelihood + 1e-14
    assert np.abs(theirs.slopes).max() > np.abs(found._best.at.slopes).max()


def test_metafor_stops_early_with_a_moderator():
    expected = of_trials("ML_with_year_metafor_default_tol")
    formula = "0 + outcome + outcome:I(year - 1983)"
    found = multivariate(periodontal(), "outcome", "trial", formula, method="ML")
    a, b = expected["tau2"]
    off = expected["rho"] * np.sqrt(a * b)
    assert found._problem.at([np.array([[a, off], [off, b]])]).value < found.log_likelihood


def test_network_moment_estimator():
    """tau² of DerSimonian-Laird for any structure R of the heterogeneity: (Q − df) / tr(P R)."""
    effects, formula, network = glucose()
    expected = network["frequentist"]["DL_generalised_jackson"]
    design = meta_regression(effects, formula, "FE").model.design
    fixed = generalised(effects.y, design.X, effects.V)
    trial = effects.data["trial"].to_numpy()
    R = 0.5 * (trial[:, None] == trial) + 0.5 * np.eye(effects.k)
    tau2 = (fixed.fit.rss - 18) / np.trace(fixed.P @ R)
    assert tau2 == approx(expected["tau2"], rel=CLOSED)
    random = generalised(effects.y, design.X, effects.V + tau2 * R).fit
    assert random.beta == approx([expected["d_vs_ref"][n] for n in design.names], rel=CLOSED)
