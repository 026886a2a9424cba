"""Three-level, multivariate and network models against metafor 3.8-1 (rma.mv), REML and ML.

Closed forms 1e-11. Iterated values 1e-9, and 2e-9 for Berkey, whose variances the reference states
"~1e-9" (REML tau² of PD: 1.09e-9 off). There our own score is 0 to rounding, and the likelihood of
the reference's variances is not above ours. What metafor's defaults stop early is compared at their
tolerance.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from bayes_ps.baseline.components import multilevel, multivariate
from bayes_ps.baseline.linear.gls import generalised
from bayes_ps.baseline.regression import meta_regression
from bayes_ps.baseline.robust import cluster_robust
from bayes_ps.effects import Effects
from tests import references

CLOSED, ITERATED, BERKEY = 1e-11, 1e-9, 2e-9
METHODS = pytest.mark.parametrize("method", ["ML", "REML"])


def schools():
    districts = references.table("konstantopoulos")[["district", "year"]]
    return references.effects("konstantopoulos").with_data(districts)


def three_level(method):
    return references.expected("konstantopoulos")["three_level"]["frequentist"][method]


@METHODS
def test_three_levels(method):
    expected = three_level(method)
    found = multilevel(schools(), "district", method=method)
    between, within = found.components
    assert between.variance == approx(expected["sigma2_between_cluster"], rel=ITERATED)
    assert within.variance == approx(expected["sigma2_within_cluster"], rel=ITERATED)
    assert (between.se, within.se) == approx(tuple(expected["se_sigma2_obs_info"]), rel=ITERATED)
    assert (between.i2, within.i2) == approx(tuple(expected["I2_pct_between_within"]), rel=ITERATED)
    assert found.log_likelihood == approx(expected["metafor_loglik"], rel=CLOSED)
    assert found.beta[0] == approx(expected["est"], rel=ITERATED)
    assert found.se[0] == approx(expected["se"], rel=ITERATED)
    assert (found.statistic[0], found.p[0]) == approx((expected["z"], expected["p"]), rel=1e-8)
    assert (found.lower[0], found.upper[0]) == approx(
        (expected["ci_lb"], expected["ci_ub"]), rel=0, abs=ITERATED * expected["se"]
    )
    assert (found.qe, found.qe_df) == (approx(expected["QE"], rel=CLOSED), 55)
    assert found.qe_p == approx(expected["QE_p"], rel=CLOSED * (1 + found.qe), abs=0)
    assert found.score < 1e-11


def test_log_likelihood_without_the_constant():
    """Without ½ log |XᵀX|, as some programs have it, REML is lower by ½ log 56."""
    expected = three_level("REML")
    found = multilevel(schools(), "district")
    without = found.log_likelihood - np.log(56) / 2
    assert without == approx(expected["loglik"], rel=CLOSED)


@METHODS
def test_profile_intervals_of_variances(method):
    """metafor's confint() stops within 1e-4 of an end."""
    expected = three_level(method)["profile_ci_sigma2_metafor_default_tol"]
    found = multilevel(schools(), "district", method=method)
    for number, component in enumerate(found.components, start=1):
        interval = found.component_interval(component.name)
        ends = (expected[f"{number}"]["ci.lb"], expected[f"{number}"]["ci.ub"])
        assert tuple(interval) == approx(ends, rel=0, abs=1e-5)


@METHODS
def test_cluster_robust_as_metafor(method):
    expected = three_level(method)["robust_CR1_small_sample"]
    found = cluster_robust(multilevel(schools(), "district", method=method), "district", "CR1")
    assert found.se[0] == approx(expected["se"], rel=ITERATED)
    assert (found.statistic[0], found.df[0]) == (approx(expected["t"], rel=ITERATED), 10)
    assert found.p[0] == approx(expected["p"], rel=1e-8)
    ends = (expected["ci_lb"], expected["ci_ub"])
    assert (found.lower[0], found.upper[0]) == approx(ends, rel=0, abs=1e-8 * expected["se"])


def periodontal() -> Effects:
    """Berkey 1998: attachment level and probing depth of five trials, with their covariances."""
    t = references.table("berkey")
    y = np.column_stack([t.y_AL, t.y_PD]).ravel()
    V = np.zeros((10, 10))
    for row in range(5):
        off = t["cov"][row]
        V[2 * row : 2 * row + 2, 2 * row : 2 * row + 2] = [[t.v_AL[row], off], [off, t.v_PD[row]]]
    effects = Effects.from_estimates(
        y, se=np.sqrt(np.diag(V)), study=range(10), measure="MD", unit="mm", better="higher"
    )
    columns = {"trial": np.repeat(t.trial, 2).to_numpy(), "outcome": ["AL", "PD"] * 5}
    years = np.repeat(t.year, 2).to_numpy()
    return replace(effects, V=V).with_data(pd.DataFrame(columns).assign(year=years))


@METHODS
def test_two_outcomes(method):
    expected = references.expected("berkey")["multivariate"]["frequentist"][method]
    found = multivariate(periodontal(), "outcome", "trial", method=method)
    assert found.outcomes == ("AL", "PD")
    assert found.tau2 == approx([expected["tau2_AL"], expected["tau2_PD"]], rel=BERKEY)
    assert found.correlation[0, 1] == approx(expected["rho"], rel=BERKEY)
    assert found.beta == approx(list(expected["est"].values()), rel=BERKEY)
    assert found.se == approx(list(expected["se"].values()), rel=BERKEY)
    assert found.covariance[0, 1] == approx(expected["vcov_AL_PD"], rel=BERKEY)
    assert found.log_likelihood == approx(expected["metafor_loglik"], rel=CLOSED, abs=1e-10)
    assert found.qe == approx(expected["QE"], rel=CLOSED)
    assert found.omnibus.statistic == approx(expected["QM"], rel=BERKEY)
    assert found.score < 1e-11


@METHODS
def test_the_likelihood_of_the_reference_is_not_above_ours(method):
    expected = references.expected("berkey")["multivariate"]["frequentist"][method]
    found = multivariate(periodontal(), "outcome", "trial", method=method)
    a, b = expected["tau2_AL"], expected["tau2_PD"]
    off = expected["rho"] * np.sqrt(a * b)
    theirs = found._problem.at([np.array([[a, off], [off, b]])])
    assert theirs.value <= found.log_likelihood + 1e-14
    assert np.abs(theirs.slopes).max() > np.abs(found._best.at.slopes).max()


def test_two_outcomes_common_effect():
    expected = references.expected("berkey")["multivariate"]["frequentist"]["FE"]
    found = meta_regression(periodontal(), "0 + outcome", "FE")
    assert found.beta == approx(list(expected["est"].values()), rel=CLOSED)
    assert found.se == approx(list(expected["se"].values()), rel=CLOSED)
    assert (found.qe, found.qe_p) == approx((expected["QE"], expected["QE_p"]), rel=1e-9)


def test_two_outcomes_with_a_moderator():
    """metafor's default tolerance: about 1e-5 in the variances."""
    blocks = references.expected("berkey")["multivariate"]["frequentist"]
    expected = blocks["ML_with_year_metafor_default_tol"]
    formula = "0 + outcome + outcome:I(year - 1983)"
    found = multivariate(periodontal(), "outcome", "trial", formula, method="ML")
    assert found.beta == approx(list(expected["coef"].values()), rel=0, abs=1e-6)
    assert found.se == approx(list(expected["se"].values()), rel=1e-5)
    assert found.tau2 == approx(expected["tau2"], rel=2e-5)
    assert found.correlation[0, 1] == approx(expected["rho"], rel=2e-5)
    a, b = expected["tau2"]
    off = expected["rho"] * np.sqrt(a * b)
    assert found._problem.at([np.array([[a, off], [off, b]])]).value < found.log_likelihood


def glucose():
    """Senn 2013: contrasts of 26 trials with the covariance of the three-arm trial."""
    network = references.expected("senn")["network"]
    contrasts = network["contrasts"]
    V = np.array(contrasts["V"])
    treatments = [name for name in network["treatments"] if name != network["reference"]]
    first, second = np.array(contrasts["treat1"]), np.array(contrasts["treat2"])
    columns = {name: (first == name) * 1.0 - (second == name) for name in treatments}
    study = [f"{row} {name}" for row, name in enumerate(contrasts["study"])]
    effects = Effects.from_estimates(
        contrasts["y"], se=np.sqrt(np.diag(V)), study=study, measure="MD", unit="%", better="lower"
    )
    data = pd.DataFrame(columns).assign(trial=contrasts["study"])
    return replace(effects, V=V).with_data(data), "0 + " + " + ".join(treatments), network


def same_network(found, expected, rel):
    assert found.beta == approx([expected["d_vs_ref"][name] for name in found.names], rel=rel)
    assert found.se == approx([expected["se_vs_ref"][name] for name in found.names], rel=rel)


def test_network_common_effect():
    effects, formula, network = glucose()
    expected = network["frequentist"]["common"]
    found = meta_regression(effects, formula, "FE")
    same_network(found, expected, CLOSED)
    assert (found.qe, found.qe_df) == (approx(expected["Q"], rel=CLOSED), expected["df"])
    assert found.qe_p == approx(expected["p"], rel=1e-9)


@METHODS
def test_network_random_effects(method):
    """One tau² for all contrasts, correlation ½ between those of one trial."""
    effects, formula, network = glucose()
    expected = network["frequentist"][method]
    found = multilevel(effects, "trial", formula, method, correlation=0.5)
    assert found.tau2 == approx(expected["tau2"], rel=ITERATED)
    same_network(found, expected, ITERATED)
    constant = np.linalg.slogdet(found.model.design.X.T @ found.model.design.X)[1] / 2
    ours = found.log_likelihood - (constant if method == "REML" else 0)
    assert ours == approx(expected["loglik"], rel=CLOSED)
    assert found.score < 1e-11


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
