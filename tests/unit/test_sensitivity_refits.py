"""Leave-one-out and cumulative refits: right studies, right numbers, and what cannot be fitted."""

import numpy as np
import pandas as pd
import pytest

import bayes_ps as bps
from bayes_ps.checks import ModelError, StudyTableError
from bayes_ps.sensitivity import cumulative, leave_one_out
from models import CommonEffect, MetaRegression, PooledEvidence, RandomEffects, priors
from tests.unit.making import MODEL, PAIN, fitted, made, sampled

MCID = bps.MCID(5, unit=PAIN.unit)
ARMS = PAIN.with_data(
    pd.DataFrame(
        {"arm": list("aabbbbbc"), "year": [2003, 2001, 2001, 1999, 2010, 2008, 2005, 2020]}
    )
)
BY_ARM = MetaRegression(["arm"], priors.flat(), priors.half_normal(5), intercept=False)


def test_without_a_study_is_a_fit_without_it():
    found = leave_one_out(fitted(), MCID)
    frame = found.to_frame()
    assert frame["study"].tolist() == list(PAIN.study)
    for row in (0, 5):
        want = bps.decide(fitted(PAIN.drop(PAIN.study[row])), MCID)
        assert frame["p_mean"][row] == pytest.approx(want.mean.p_mcid, abs=1e-13)
        assert frame["p_new"][row] == pytest.approx(want.new.p_mcid, abs=1e-13)
        assert frame["upper"][row] == pytest.approx(want.mean.upper, abs=1e-11)
    assert found.with_all.p_mean[0] == pytest.approx(fitted().average().cdf(-5.0), abs=1e-13)
    assert found.elpd == pytest.approx(found.elpd_i.sum())
    assert found.elpd_se == pytest.approx(np.sqrt(8) * np.std(found.elpd_i, ddof=1))


def test_two_studies_under_a_common_effect_by_hand():
    """y_1 | y_2 ~ N(y_2, se_1² + se_2²) under a flat prior."""
    from scipy import stats

    found = leave_one_out(fitted(made([1.0, 4.0], [2.0, 1.0]), CommonEffect(priors.flat())))
    law = stats.norm(0, np.sqrt(5))
    assert found.pit == pytest.approx([law.cdf(-3), law.cdf(3)], abs=1e-15)
    assert found.elpd_i == pytest.approx([law.logpdf(3)] * 2, abs=1e-14)
    assert found.tau.tolist() == [0, 0]
    assert any("the prior of tau decides" in note for note in found.notes)


def test_a_study_far_from_the_others_is_named_and_flips():
    found = leave_one_out(fitted(made([-9, -10, -8, -11, 12], [1, 1, 1, 1, 1])))
    assert found.unusual == ("E",)
    assert found.pit[4] > 0.999
    assert "would hardly have foretold E (PIT" in str(found)
    p = found.answers.p_mean
    assert p[4] > 0.999 and found.flips(0.95) == ("E",)
    assert found.flips(1e-6) == ()


def test_the_sentence_names_both_ends():
    found = leave_one_out(fitted(), MCID)
    low, high = found.answers.p_mean.argmin(), found.answers.p_mean.argmax()
    assert f"is {found.with_all.p_mean[0]:.3f} with all 8 studies" in str(found)
    assert f"(without '{PAIN.study[low]}')" in str(found)
    assert f"(without '{PAIN.study[high]}')" in str(found)
    assert "The others foretell each" in str(found)
    assert str(found).endswith(MCID.caveat)


def test_the_only_study_of_its_group_is_reported():
    found = leave_one_out(fitted(ARMS, BY_ARM), at={"arm": "b"})
    assert found.problem[:7] == ("",) * 7
    assert "arm=c cannot be estimated" in found.problem[7]
    assert found.fits[7] is None and np.isnan(found.elpd_i[7]) and np.isnan(found.pit[7])
    assert np.isfinite(found.elpd_i[:7]).all()
    with pytest.raises(ModelError, match="without 'H' there is no fit: arm=c"):
        found.elpd  # noqa: B018
    assert "Without 'H' there is no fit" in str(found)
    assert found.to_frame()["problem"][7] == found.problem[7]


def test_a_reference_level_that_is_lost_is_reported_too():
    effects = PAIN.with_data(pd.DataFrame({"arm": list("abbbbccc")}))
    model = MetaRegression(["arm"], priors.normal(0, 10), priors.half_normal(5))
    found = leave_one_out(fitted(effects, model), at={"arm": "c"})
    assert "arm=b cannot be estimated" in found.problem[0]
    assert found.problem[1:] == ("",) * 7


def test_an_improper_prior_may_need_every_study():
    found = leave_one_out(
        fitted(made([1, 2, 4], [1, 1, 1]), RandomEffects(priors.flat(), priors.improper_uniform()))
    )
    assert all("improper" in why for why in found.problem)
    assert "with all studies." in str(found)


def test_a_single_study_has_no_others():
    for fit in (
        fitted(made([1], [1])),
        fitted(made([1], [1]), PooledEvidence(priors.flat(), priors.half_normal(5))),
    ):
        with pytest.raises(ModelError, match="It takes 2 or more"):
            leave_one_out(fit)


def test_a_sampled_fit_is_refitted_exactly():
    exact = fitted()
    assert leave_one_out(sampled(exact), MCID).elpd == leave_one_out(exact, MCID).elpd
    assert cumulative(sampled(exact)).answers.p_mean[-1] == pytest.approx(
        exact.average().cdf(0.0), abs=1e-13
    )


def test_a_prior_on_the_scale_of_the_errors_is_that_of_the_others():
    model = RandomEffects(priors.flat(), priors.dumouchel())
    found = leave_one_out(fitted(model=model))
    want = fitted(PAIN.drop("A"), model)
    assert found.answers.median[0] == pytest.approx(want.marginal("mu").median, abs=1e-11)


# --- cumulative ---------------------------------------------------------------------------------


def test_cumulative_by_a_column():
    found = cumulative(fitted(ARMS, MODEL), "year", MCID)
    assert found.study == ("D", "B", "C", "A", "G", "F", "E", "H")
    for k in (1, 4, 8):
        want = fitted(ARMS.where(np.isin(ARMS.study, found.study[:k])), MODEL)
        assert found.answers.p_mean[k - 1] == pytest.approx(want.average().cdf(-5.0), abs=1e-13)
        assert found.tau[k - 1] == pytest.approx(want.marginal("tau").median, abs=1e-12)
    assert found.to_frame()["k"].tolist() == list(range(1, 9))
    assert "as studies were added by year: " in str(found)


def test_cumulative_as_they_stand():
    assert cumulative(fitted()).study == tuple(PAIN.study)


def test_it_begins_where_the_posterior_is_proper():
    model = RandomEffects(priors.flat(), priors.improper_uniform())
    found = cumulative(fitted(model=model))
    assert [bool(why) for why in found.problem] == [True, True] + [False] * 6
    assert "(from study 3 on)" in str(found)
    assert np.isnan(found.answers.median[:2]).all()


def test_it_begins_where_every_level_is_known():
    found = cumulative(fitted(ARMS, BY_ARM), at={"arm": "a"})
    assert [bool(why) for why in found.problem] == [True] * 7 + [False]


def test_since_when_the_conclusion_stands():
    found = cumulative(fitted(made([9, -20, -9, -10, -9], [3, 3, 3, 3, 3])), None)
    p = found.answers.p_mean
    cut = 0.9
    first = found.study.index(found.settled(cut))
    assert ((p[first:] >= cut) == (p[-1] >= cut)).all()
    assert first > 0 and (p[first - 1] >= cut) != (p[-1] >= cut)


def test_a_study_without_a_year_has_no_place():
    effects = PAIN.with_data(pd.DataFrame({"year": [2000, np.nan, *range(2001, 2007)]}))
    with pytest.raises(StudyTableError, match='"year" is missing for "B"'):
        cumulative(fitted(effects), "year")
    with pytest.raises(StudyTableError, match="no column 'age'"):
        cumulative(fitted(effects), "age")
