"""Multilevel models: closed forms of balanced data, the likelihood by scipy, and the boundary."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pytest import approx
from scipy.optimize import minimize
from scipy.stats import chi2, multivariate_normal

from bayes_ps.baseline.components import impute_covariance, multilevel
from bayes_ps.baseline.components.likelihood import Problem
from bayes_ps.baseline.components.structure import one_variance, shared
from bayes_ps.baseline.regression import meta_regression
from bayes_ps.checks import ModelError
from tests.unit.making import made

RNG = np.random.default_rng(5)
CLUSTERS = np.repeat(list("abcdefgh"), 4)
SHIFT = np.repeat(2 * RNG.normal(size=8), 4)
Y = 10 + SHIFT + RNG.normal(size=32)


def nested(y=Y, se=None, cluster=CLUSTERS, V=None, **columns):
    errors = np.full(len(y), 0.5) if se is None else se
    effects = made(y, errors, V, study=[str(row) for row in range(len(y))])
    return effects.with_data(pd.DataFrame({"site": cluster} | columns))


UNBALANCED = [*range(9), *range(12, 20), *range(25, 32)]
SE = RNG.uniform(0.2, 1.5, 32)
DOSE = RNG.normal(size=32)


def unbalanced():
    rows = UNBALANCED
    return nested(Y[rows], SE[rows], CLUSTERS[rows], dose=DOSE[rows])


def test_balanced_reml_is_analysis_of_variance():
    """With one v: between = (MSB − MSW)/n, within = MSW − v, mean = the plain mean."""
    found = multilevel(nested(), "site")
    groups = Y.reshape(8, 4)
    between = 4 * np.var(groups.mean(axis=1), ddof=1)
    within = ((groups - groups.mean(axis=1, keepdims=True)) ** 2).sum() / 24
    assert found.components[0].variance == approx((between - within) / 4, rel=1e-10)
    assert found.components[1].variance == approx(within - 0.25, rel=1e-10)
    assert found.beta[0] == approx(Y.mean(), rel=1e-13)
    assert found.se[0] == approx(math.sqrt(between / 32), rel=1e-11)
    assert found.correlation == approx(found.components[0].variance / found.tau2, rel=1e-12)
    assert found.score < 1e-10


def test_balanced_ml_divides_by_the_number_of_clusters():
    found = multilevel(nested(), "site", method="ML")
    groups = Y.reshape(8, 4)
    between = 4 * np.var(groups.mean(axis=1))
    within = ((groups - groups.mean(axis=1, keepdims=True)) ** 2).sum() / 24
    assert found.components[0].variance == approx((between - within) / 4, rel=1e-10)


def test_a_variance_at_its_boundary_is_exactly_0():
    """Clusters that are more alike than chance: MSB < MSW, so that between is 0."""
    groups = Y.reshape(8, 4)
    alike = (groups - groups.mean(axis=1, keepdims=True)).ravel()
    found = multilevel(nested(alike), "site")
    between, within = found.components
    assert (between.variance, found.correlation) == (0, 0)
    assert math.isnan(between.se) and within.se > 0
    assert found._best.rising < 0
    assert within.variance == approx(meta_regression(nested(alike), "1").tau2, rel=1e-9)
    assert "between site is at its boundary 0" in found.notes[0]
    interval = found.component_interval("between site")
    assert (interval.lower, 0 < interval.upper < 1) == (0, True)


def test_both_variances_at_their_boundary():
    found = multilevel(nested(Y / 1000), "site")
    assert [c.variance for c in found.components] == [0, 0]
    assert found.se[0] == approx(0.5 / math.sqrt(32), rel=1e-13)
    assert len(found.notes) == 3
    assert found.predict().new_upper[0] == found.predict().upper[0]


def test_two_maxima_give_the_higher():
    """One explains the precise effects, the other the rest: variances 0.0505 and 0, not 0.021."""
    y = np.array([1.19, 3.97, 0.62, 0.61, 0.93, 0.84])
    se = np.array([0.235, 1.052, 0.042, 0.016, 0.043, 0.309])
    found = multilevel(nested(y, se, list("abaaba")), "site")

    def near(between, within):
        at = found._problem.at([np.array([[between]]), np.array([[within]])])
        return at.value, at.slopes

    other, slopes = near(0.020959370, 0.034426096)
    assert np.abs(slopes).max() < 1e-4
    assert other == approx(-5.19690566, abs=1e-7)
    assert found.log_likelihood == approx(-4.87317947, abs=1e-7)
    assert [c.variance for c in found.components] == approx([0.05046823, 0], abs=1e-7)


def test_no_residual_at_all():
    found = multilevel(nested(np.full(32, 3.0)), "site")
    assert [c.variance for c in found.components] == [0, 0]


@pytest.mark.parametrize("method", ["ML", "REML"])
@pytest.mark.parametrize("formula", ["1", "dose"])
def test_against_a_search_of_scipys_likelihood(method, formula):
    effects = unbalanced()
    found = multilevel(effects, "site", formula, method)
    X, same = found.model.design.X, shared(effects.data["site"].to_numpy())
    p = X.shape[1]

    def covariance(variances):
        between, within = variances
        return np.diag(effects.se**2 + within) + between * same

    def negative(roots):
        M = covariance(roots**2)
        information = X.T @ np.linalg.solve(M, X)
        beta = np.linalg.solve(information, X.T @ np.linalg.solve(M, effects.y))
        value = multivariate_normal(X @ beta, M).logpdf(effects.y)
        if method == "REML":
            value += p / 2 * np.log(2 * np.pi) - np.linalg.slogdet(information)[1] / 2
            value += np.linalg.slogdet(X.T @ X)[1] / 2
        return -value

    ours = np.array([c.variance for c in found.components])
    assert found.log_likelihood == approx(-negative(np.sqrt(ours)), rel=1e-12)
    search = minimize(negative, [1.0, 0.5], method="Nelder-Mead", options={"xatol": 1e-9})
    assert ours == approx(search.x**2, rel=1e-4)
    assert found.log_likelihood >= -search.fun - 1e-10
    assert found.score < 1e-10


def test_score_and_information_against_differences():
    effects = unbalanced()
    parts = (
        one_variance("a", shared(effects.data["site"].to_numpy())),
        one_variance("b", np.eye(effects.k)),
    )
    for restricted in (True, False):
        X = np.column_stack([np.ones(effects.k), effects.data["dose"]])
        problem = Problem(effects.y, X, np.diag(effects.se**2), parts, restricted)

        def at(first, second, problem=problem):
            return problem.at([np.array([[first]]), np.array([[second]])])

        here, h = at(0.7, 0.3), 1e-5
        slopes = [
            (at(0.7 + h, 0.3).value - at(0.7 - h, 0.3).value) / (2 * h),
            (at(0.7, 0.3 + h).value - at(0.7, 0.3 - h).value) / (2 * h),
        ]
        assert here.slopes == approx(slopes, rel=1e-6)
        curvature = [
            (at(0.7 + h, 0.3).slopes - at(0.7 - h, 0.3).slopes) / (2 * h),
            (at(0.7, 0.3 + h).slopes - at(0.7, 0.3 - h).slopes) / (2 * h),
        ]
        assert here.information == approx(-np.array(curvature), rel=1e-6)


def test_profile_interval_by_definition():
    """At its ends twice the fall of the likelihood, all else maximised, is the quantile of chi²."""
    found = multilevel(unbalanced(), "site")
    interval = found.component_interval("within site", level=0.9)
    problem = found._problem
    for end in interval:

        def negative(root, end=end):
            return -problem.at([np.array([[root[0] ** 2]]), np.array([[end]])]).value

        highest = -minimize(negative, [1.0], method="Nelder-Mead", options={"xatol": 1e-9}).fun
        assert 2 * (found.log_likelihood - highest) == approx(chi2.ppf(0.9, 1), rel=1e-6)
    assert interval.lower < found.components[1].variance < interval.upper
    with pytest.raises(ModelError, match="There is no component 'tau'"):
        found.component_interval("tau")


def test_known_correlation_is_one_variance():
    half = multilevel(unbalanced(), "site", correlation=0.5)
    same = shared(unbalanced().data["site"].to_numpy())
    k = unbalanced().k
    M = np.diag(unbalanced().se ** 2) + half.tau2 * (0.5 * same + 0.5 * np.eye(k))
    assert approx(M, rel=1e-12) == half.model.M
    assert (len(half.components), half.correlation) == (1, 0.5)
    none = multilevel(unbalanced(), "site", correlation=0.0)
    assert none.tau2 == approx(meta_regression(unbalanced(), "1").tau2, rel=1e-9)
    with pytest.raises(ModelError, match="correlation must be between 0 and 1"):
        multilevel(unbalanced(), "site", correlation=-0.2)


def test_units():
    one, hundred = multilevel(unbalanced(), "site"), unbalanced()
    scaled = replace(hundred, y=100 * hundred.y, se=100 * hundred.se)
    found = multilevel(scaled, "site")
    ratio = [a.variance / b.variance for a, b in zip(found.components, one.components, strict=True)]
    assert ratio == approx([1e4, 1e4], rel=1e-8)


def test_t_has_wider_intervals_and_few_clusters_are_said():
    z, t = multilevel(unbalanced(), "site"), multilevel(unbalanced(), "site", test="t")
    assert (t.df[0], t.se[0]) == (23, z.se[0])
    assert t.upper[0] > z.upper[0]
    assert any("cluster_robust(result, cluster='site')" in note for note in z.notes)


def test_predictions():
    found = multilevel(unbalanced(), "site", "dose")
    new = found.predict({"dose": 0.5})
    half = 1.959963984540054 * math.sqrt(new.se[0] ** 2 + found.tau2)
    assert new.new_upper[0] == approx(new.mean[0] + half, rel=1e-12)


def test_refusals():
    with pytest.raises(ModelError, match="no column 'place'"):
        multilevel(nested(), "place")
    with pytest.raises(ModelError, match="All effects are in one site"):
        multilevel(nested(cluster=["a"] * 32), "site")
    with pytest.raises(ModelError, match="Every site has a single effect"):
        multilevel(nested(cluster=[str(row) for row in range(32)]), "site")
    with pytest.raises(ModelError, match=r"'site' is missing for \"1\" \(row 2\)"):
        multilevel(nested(cluster=["a", None, *CLUSTERS[2:]]), "site")
    with pytest.raises(ModelError, match='method must be one of "REML", "ML"'):
        multilevel(nested(), "site", method="DL")
    with pytest.raises(ModelError, match='test must be one of "z", "t"'):
        multilevel(nested(), "site", test="knha")


def test_impute_covariance():
    se, cluster = np.array([1.0, 2.0, 3.0, 4.0]), ["a", "b", "a", "a"]
    V = impute_covariance(se, cluster, 0.6)
    expected = [[1, 0, 1.8, 2.4], [0, 4, 0, 0], [1.8, 0, 9, 7.2], [2.4, 0, 7.2, 16]]
    assert approx(np.array(expected), rel=1e-14) == V
    effects = replace(made([1, 2, 3, 4], se), V=V)
    assert effects.V is not None
    with pytest.raises(ValueError, match="read-only"):
        V[0] = 0
    with pytest.raises(ModelError, match=r"rho must lie between -0\.5 and 1"):
        impute_covariance(se, cluster, -0.5)
    with pytest.raises(ModelError, match="rho must lie between -1 and 1"):
        impute_covariance(se, list("abcd"), 1.0)
    with pytest.raises(ModelError, match="two columns of one length"):
        impute_covariance(se, ["a"], 0.5)
    with pytest.raises(ModelError, match="finite and > 0"):
        impute_covariance([1, -1, 1, 1], cluster, 0.5)


def test_imputed_covariance_enters_the_model():
    effects = unbalanced()
    V = impute_covariance(effects.se, effects.data["site"], 0.5)
    found = multilevel(replace(effects, V=V), "site")
    plain = multilevel(effects, "site")
    assert found.components[0].variance < plain.components[0].variance
    assert (found.model.V == V).all()


def test_result_reads_well():
    found = multilevel(unbalanced(), "site", "dose")
    assert str(found).startswith(
        "Multilevel model (REML, z) of MD on dose, 24 effects in 7 clusters"
    )
    rows = list(found.to_frame()["quantity"])
    assert rows[-4:-2] == ["variance between site", "variance within site"]
    assert found.tau == approx(math.sqrt(found.tau2))
    assert repr(found).startswith("<Multilevel: ")
