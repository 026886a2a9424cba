"""Cluster-robust standard errors: textbook cases, and what clusters cannot show."""

import math

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from bayes_ps.baseline.components import multilevel
from bayes_ps.baseline.regression import meta_regression
from bayes_ps.baseline.robust import cluster_robust
from bayes_ps.checks import ModelError
from tests.unit.making import made

RNG = np.random.default_rng(9)
SITE = np.repeat(list("abcdefg"), [5, 3, 4, 2, 4, 3, 3])
Y = np.repeat(RNG.normal(size=7), [5, 3, 4, 2, 4, 3, 3]) + RNG.normal(size=24)
SE = RNG.uniform(0.3, 1, 24)
DOSE = RNG.normal(size=24)


def effects(y=Y, se=SE):
    data = pd.DataFrame({"site": SITE, "dose": DOSE, "lone": SITE == "a"})
    return made(y, se, study=[str(row) for row in range(24)]).with_data(data)


def test_mean_of_equal_variances_is_the_t_test():
    """Each effect a cluster: CR2 is s²/n with n − 1 degrees of freedom, CR1 too, CR0 its share."""
    same = effects(se=np.full(24, 0.7))
    found = cluster_robust(meta_regression(same, "1"), "study")
    assert found.covariance[0, 0] == approx(np.var(Y, ddof=1) / 24, rel=1e-12)
    assert found.df[0] == approx(23, rel=1e-12)
    assert found.statistic[0] == approx(Y.mean() / math.sqrt(np.var(Y, ddof=1) / 24), rel=1e-12)
    cr1 = cluster_robust(meta_regression(same, "1"), "study", "CR1")
    assert (cr1.se[0], cr1.df[0]) == (approx(found.se[0], rel=1e-12), 23)
    cr0 = cluster_robust(meta_regression(same, "1"), "study", "CR0")
    assert cr0.se[0] == approx(found.se[0] * math.sqrt(23 / 24), rel=1e-12)


def test_balanced_clusters_of_the_mean_are_one_number_each():
    """Clusters of one size: the t test of their means, whatever the correlation within."""
    y, site = RNG.normal(size=20), np.repeat(list("abcde"), 4)
    balanced = made(y, np.full(20, 0.5), study=[str(row) for row in range(20)])
    balanced = balanced.with_data(pd.DataFrame({"site": site}))
    means = y.reshape(5, 4).mean(axis=1)
    for model in (meta_regression(balanced, "1"), multilevel(balanced, "site")):
        found = cluster_robust(model, "site")
        assert found.covariance[0, 0] == approx(np.var(means, ddof=1) / 5, rel=1e-10)
        assert found.df[0] == approx(4, rel=1e-10)


def test_estimates_are_those_of_the_model():
    model = multilevel(effects(), "site", "dose")
    for type in ("CR0", "CR1", "CR2"):
        found = cluster_robust(model, "site", type)
        assert found.beta == approx(model.beta, rel=1e-12)
        assert (found.type, found.clusters, found.fitted) == (type, 7, model)
    cr0, cr1 = (cluster_robust(model, "site", type).covariance for type in ("CR0", "CR1"))
    assert cr1 == approx(cr0 * 7 / 5, rel=1e-12)


def test_clusters_may_be_given_as_values():
    model = meta_regression(effects(), "dose")
    named = cluster_robust(model, "site").covariance
    assert cluster_robust(model, list(SITE)).covariance == approx(named, rel=1e-14)
    with pytest.raises(ModelError, match="cluster has 3 values, but there are 24 effects"):
        cluster_robust(model, ["a", "b", "c"])


def test_joint_test_of_one_coefficient_is_its_t_test():
    found = cluster_robust(meta_regression(effects(), "dose"), "site")
    joint = found.joint_test("dose")
    assert joint.statistic == approx(found.statistic[1] ** 2, rel=1e-10)
    assert joint.df2 == approx(found.df[1], rel=1e-10)
    assert joint.p == approx(found.p[1], rel=1e-9)
    plain = cluster_robust(meta_regression(effects(), "dose"), "site", "CR1").joint_test()
    assert (plain.df, plain.df2) == (1, 5)


def test_predictions_have_degrees_of_freedom_of_their_own():
    found = cluster_robust(multilevel(effects(), "site", "dose"), "site")
    new = found.predict({"dose": [0, 1]})
    assert new.df[0] == approx(found.df[0], rel=1e-10)
    assert new.se[1] == approx(math.sqrt(found.covariance.sum()), rel=1e-12)
    assert (new.new_upper > new.upper).all()
    plain = cluster_robust(multilevel(effects(), "site", "dose"), "site", "CR1")
    assert (plain.predict({"dose": [0, 1]}).df == 5).all()


def test_what_one_cluster_determines_alone_is_refused():
    part = cluster_robust(meta_regression(effects(), "lone"), "site")
    assert part.notes[0].startswith("One cluster alone determines part of lone, which no residual")
    assert "misses" in part.notes[0]
    model = meta_regression(effects(se=np.full(24, 0.5)), "0 + lone")
    for type in ("CR0", "CR2"):
        with pytest.raises(ModelError, match="'lone' rests on one cluster alone"):
            cluster_robust(model, "site", type)


def test_crossed_and_few_clusters_are_refused():
    with pytest.raises(ModelError, match="correlates effects of different clusters"):
        cluster_robust(multilevel(effects(), "site"), "study")
    two = effects().where(np.isin(SITE, ["a", "b"]))
    with pytest.raises(ModelError, match="There are 2 clusters for 2 coefficients: at least 3"):
        cluster_robust(meta_regression(two, "dose"), "site")
    with pytest.raises(ModelError, match='type must be one of "CR2", "CR1", "CR0"'):
        cluster_robust(meta_regression(effects(), "1"), "site", "HC3")
    with pytest.raises(ModelError, match="no column 'place'"):
        cluster_robust(meta_regression(effects(), "1"), "place")


def test_low_degrees_of_freedom_are_said():
    three = effects().where(np.isin(SITE, ["a", "b", "c"]))
    found = cluster_robust(meta_regression(three, "1"), "site")
    assert found.df[0] < 3
    assert "not to be trusted" in found.notes[0]
    assert "too small" in cluster_robust(meta_regression(three, "1"), "site", "CR1").notes[0]


def test_result_reads_well():
    found = cluster_robust(meta_regression(effects(), "dose"), "site", level=0.9)
    assert found.level == 0.9
    assert str(found).startswith("Cluster-robust (CR2) of MD on dose, 24 effects in 7 clusters:")
    assert list(found.to_frame())[-1] == "se_model"
    assert "CR2" in found.methods[0]
    assert repr(found).startswith("<ClusterRobust: ")
