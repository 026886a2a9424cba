"""Subgroups: Q between by its identity, one study alone, and what is refused."""

import math

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from bayes_ps.baseline.regression import meta_regression, subgroups
from bayes_ps.checks import ModelError
from tests.unit.making import made

Y = [-12, -4.5, -9, -15.5, -2, -8.5, -6, -11, 3]
SE = [4, 2.5, 5, 6, 2, 3, 3.5, 4.5, 2]
SITE = ["home", "clinic", "home", "clinic", "home", "clinic", "home", "clinic", "alone"]


def effects(**columns):
    return made(Y, SE).with_data(pd.DataFrame({"site": SITE} | columns))


def test_q_between_is_q_total_minus_q_within():
    found = subgroups(effects(), "site", "FE")
    total = meta_regression(effects(), "1", "FE").qe
    within = sum(group.q for group in found.groups)
    assert found.difference.statistic == approx(total - within, rel=1e-11)
    assert (found.difference.df, math.isinf(found.difference.df2)) == (2, True)
    assert found.difference.tested == ("alone", "clinic", "home")
    shared = subgroups(effects(), "site", "FE", common_tau2=True)
    assert shared.difference.statistic == approx(found.difference.statistic, rel=1e-11)


def test_each_subgroup_is_a_meta_analysis_of_its_own():
    found = subgroups(effects(), "site", "REML", "knha")
    clinic = meta_regression(effects().where(np.array(SITE) == "clinic"), "1", "REML", "knha")
    group = found["clinic"]
    assert (group.k, group.mu, group.se) == (4, clinic.beta[0], clinic.se[0])
    assert (group.tau2, group.i2, group.q) == (clinic.tau2, clinic.i2, clinic.qe)
    assert (group.df, group.lower, group.upper) == (3, clinic.lower[0], clinic.upper[0])


def test_between_test_uses_walds_standard_errors_under_knapp_hartung():
    wald = subgroups(effects(), "site", "DL", "z")
    scaled = subgroups(effects(), "site", "DL", "knha")
    assert scaled["home"].se != wald["home"].se
    assert scaled.difference.statistic == approx(wald.difference.statistic, rel=1e-12)
    assert "Wald" in scaled.methods[-1]


def test_common_tau2_is_the_meta_regression():
    found = subgroups(effects(), "site", common_tau2=True)
    model = meta_regression(effects(), "site")
    assert [group.tau2 for group in found.groups] == approx([model.tau2] * 3, rel=1e-9)
    assert found.difference.statistic == approx(model.omnibus.statistic, rel=1e-9)
    assert found.difference.df2 == 6
    assert found["alone"].mu == approx(3, rel=1e-12)
    means = model.predict({"site": ["alone", "clinic", "home"]})
    assert [group.mu for group in found.groups] == approx(list(means.mean), rel=1e-9)
    assert [group.se for group in found.groups] == approx(list(means.se), rel=1e-9)


def test_a_subgroup_of_one_study():
    found = subgroups(effects(), "site")
    alone = found["alone"]
    assert (alone.k, alone.mu, alone.se, alone.q_df) == (1, 3, 2, 0)
    assert math.isnan(alone.tau2) and math.isnan(alone.i2) and math.isinf(alone.df)
    assert alone.upper == approx(3 + 1.959964 * 2, rel=1e-6)
    assert "One study only in alone" in found.notes[0]
    assert "tau² from few studies is very uncertain: clinic (4), home (4)" in found.notes[1]
    assert math.isfinite(found.difference.p)
    assert "1 study)" in str(found)
    shared = subgroups(effects(), "site", common_tau2=True)
    assert "fitted exactly" in shared.notes[0]


def test_shared_participants_need_one_tau2():
    V = 0.3 * np.outer(SE, SE)
    np.fill_diagonal(V, np.square(SE))
    correlated = made(Y, SE, V).with_data(effects().data)
    with pytest.raises(ModelError, match="common_tau2=True"):
        subgroups(correlated, "site")
    assert len(subgroups(correlated, "site", common_tau2=True).groups) == 3


def test_refusals():
    with pytest.raises(ModelError, match=r"no column 'place'\. It has: site"):
        subgroups(effects(), "place")
    with pytest.raises(ModelError, match="is 'home' in every study"):
        subgroups(effects(site=["home"] * 9), "site")
    with pytest.raises(ModelError, match=r"is missing or infinite for \"B\""):
        subgroups(effects(site=["home", None, *SITE[2:]]), "site")
    with pytest.raises(ModelError, match="9 coefficients"):
        subgroups(effects(each=list("abcdefghi")), "each", common_tau2=True)
    with pytest.raises(ModelError, match="tau2 must be one of"):
        subgroups(effects(), "site", "DSL")


def test_every_study_a_subgroup_says_what_it_is():
    found = subgroups(effects(each=list("abcdefghi")), "each")
    assert found.difference.statistic == approx(meta_regression(effects(), "1", "FE").qe)
    assert found.difference.df == 8


def test_result_reads_well():
    found = subgroups(effects(), "site", "REML", "z")
    assert str(found).startswith(
        "Subgroups by site (REML, a tau² for each; z): MD in points (0-100)"
    )
    assert list(found.to_frame()["name"]) == ["alone", "clinic", "home"]
    assert "tau²" not in str(subgroups(effects(), "site", "FE"))
    assert repr(found).startswith("<SubgroupAnalysis: Subgroups by site")
