"""`pool_many`: what a row holds, priors and thresholds of its own, mistakes that stay alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import bayes_ps as bps
from bayes_ps import priors
from bayes_ps.checks import BayesPSError, PriorError, StudyTableError
from bayes_ps.many import pool_many
from models import RandomEffects
from tests.unit.making import made

HALF = priors.half_normal(5)
MCID = bps.MCID(6, unit="points (0-100)")


def table(*, copies: int = 1) -> pd.DataFrame:
    """Three reviews of a score where lower is better: of five studies, of two, and of one."""
    rows = {
        "knee": ([-12, -4.5, -9, -15.5, -2], [4, 2.5, 5, 6, 2]),
        "hip": ([-8.5, 1.0], [3, 3.5]),
        "back": ([-3.0], [2.0]),
    }
    parts = [
        pd.DataFrame({"review": f"{name}{copy}", "y": y, "se": se})
        for copy in range(copies)
        for name, (y, se) in rows.items()
    ]
    return pd.concat(parts, ignore_index=True)


def of(frame: pd.DataFrame, review: str) -> pd.Series:
    return frame.set_index("review").loc[review]


@pytest.mark.parametrize("review", ["knee0", "hip0", "back0"])
@pytest.mark.parametrize(("better", "sign"), [("lower", -1), ("higher", 1)])
def test_a_row_is_what_fit_and_decide_say(review, better, sign):
    row = of(pool_many(table(), "review", prior=HALF, mcid=6, better=better), review)
    rows = table().query("review == @review")
    effects = made(rows["y"], rows["se"], better=better)
    fit = bps.fit(RandomEffects(mu=priors.flat(), tau=HALF), effects)
    decision = bps.decide(fit, MCID)
    asked = {"mu": fit.marginal("mu"), "tau": fit.marginal("tau"), "theta_new": fit.predictive()}
    for unknown, marginal in asked.items():
        low, high = marginal.interval(0.95)
        want = [marginal.mean, marginal.sd, marginal.median, low, high]
        found = row[[f"{unknown}_{name}" for name in ("mean", "sd", "median", "lower", "upper")]]
        assert list(found) == pytest.approx(want, abs=1e-11 * marginal.sd)
    for unknown, p in (("mu", decision.mean), ("theta_new", decision.new)):
        found = row[[f"{unknown}_{name}" for name in ("p_benefit", "p_mcid", "p_harm")]]
        assert list(found) == pytest.approx([p.p_benefit, p.p_mcid, p.p_harm], rel=1e-9, abs=1e-13)
    assert row["log_evidence"] == pytest.approx(fit.log_evidence, abs=1e-12)
    assert row["k"] == len(rows) and row["problem"] == ""


def test_columns_are_those_that_are_asked_for():
    plain = pool_many(table(), "review", prior=HALF)
    assert list(plain)[:2] == ["review", "k"] and not [c for c in plain if "_p_" in c]
    assert list(plain)[-4:] == ["log_evidence", "error", "problem", "warning"]
    with_direction = pool_many(table(), "review", prior=HALF, better="lower")
    assert [c for c in with_direction if "_p_" in c] == ["mu_p_benefit", "theta_new_p_benefit"]


def test_rows_come_in_order_of_first_appearance_under_several_keys():
    rows = table().assign(year=[1, 1, 1, 1, 1, 2, 2, 1]).iloc[::-1]
    found = pool_many(rows, ["review", "year"], prior=HALF)
    assert found[["review", "year"]].to_numpy().tolist() == [
        ["back0", 1],
        ["hip0", 2],
        ["knee0", 1],
    ]


def test_chunks_and_threads_change_no_digit():
    few, many = (pool_many(table(copies=n), "review", prior=HALF) for n in (1, 700))
    numbers = [column for column in few if few[column].dtype == float]
    repeated = np.tile(few[numbers].to_numpy(), (700, 1))
    assert len(many) == 2100 and np.array_equal(many[numbers].to_numpy(), repeated)


def test_prior_mcid_and_direction_may_be_columns():
    rows = table()
    first = rows["review"] == "knee0"
    rows["prior"] = np.where(first, HALF, priors.half_cauchy(2.0))
    rows["mu"] = np.where(first, priors.flat(), priors.normal(0, 10))
    rows["size"], rows["good"] = np.where(first, 6.0, 3.0), np.where(first, "lower", "higher")
    given = {"prior": "prior", "mu": "mu", "mcid": "size", "better": "good"}
    mixed = pool_many(rows, "review", **given)
    one = pool_many(rows, "review", prior=HALF, mcid=6, better="lower")
    two = {"prior": priors.half_cauchy(2.0), "mu": priors.normal(0, 10)}
    other = pool_many(rows, "review", **two, mcid=bps.MCID(3, unit="points"), better="higher")
    pd.testing.assert_frame_equal(mixed.iloc[:1], one.iloc[:1])
    pd.testing.assert_frame_equal(mixed.iloc[1:], other.iloc[1:])


def test_one_bad_analysis_is_marked_and_leaves_the_others_alone():
    rows = table()
    sound = pool_many(rows, "review", prior=HALF)
    rows.loc[6, "se"] = np.nan
    found = pool_many(rows, "review", prior=HALF)
    assert "'se' must be a number > 0" in of(found, "hip0")["problem"]
    assert found.iloc[1].filter(like="_mean").isna().all() and np.isnan(found["error"][1])
    pd.testing.assert_frame_equal(found.drop(index=1), sound.drop(index=1))


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("prior", None, "'prior' is missing"),
        ("prior", 0.5, "prior must be a prior such as"),
        ("prior", priors.normal(0, 1), "has mass below 0"),
        ("prior", priors.improper_uniform(), "improper for 1 study"),
        ("prior", priors.uniform_i2(), "two studies"),
        ("mcid", -2.0, "An MCID is a size > 0"),
        ("mcid", np.nan, "'mcid' is missing"),
        ("better", "up", 'must be "lower" or "higher"'),
        ("y", 1e250, "too far apart"),
    ],
)
def test_what_is_wrong_in_one_analysis_is_its_problem(column, value, said):
    rows = table().assign(prior=HALF, mcid=6.0, better="lower")
    given = {"prior": "prior", "mcid": "mcid", "better": "better"}
    sound = pool_many(rows, "review", **given)
    last = rows["review"] == "back0"
    if column == "y":
        rows = pd.concat([rows, rows[last].assign(y=value, se=1e-250)])
    else:
        rows[column] = rows[column].astype(object).where(~last, value)
    found = pool_many(rows, "review", **given)
    assert said in found["problem"][2] and found["warning"][2] == ""
    assert found.iloc[2].filter(like="mu_").isna().all()
    pd.testing.assert_frame_equal(found.iloc[:2], sound.iloc[:2])


def test_a_column_must_say_the_same_in_every_row_of_an_analysis():
    rows = table().assign(mcid=6.0)
    rows.loc[0, "mcid"] = 5.0
    found = pool_many(rows, "review", prior=HALF, mcid="mcid", better="lower")
    assert found["problem"][0] == "'mcid' is not the same in all of its rows."
    assert (found["problem"][1:] == "").all()


def test_moments_that_do_not_exist_are_nan_and_quantiles_stay():
    found = of(pool_many(table(), "review", prior=priors.half_cauchy(5)), "hip0")
    assert np.isfinite(found["mu_mean"]) and np.isnan(found["mu_sd"])
    assert np.isfinite(found[["mu_median", "tau_upper", "theta_new_lower"]].astype(float)).all()


@pytest.mark.parametrize(
    "prior",
    [priors.mixture([(0.5, HALF), (0.5, priors.half_normal(20))]), priors.point(2.0)],
)
def test_a_prior_that_the_kernels_do_not_know_goes_to_the_exact_engine(prior):
    found = of(pool_many(table(), "review", prior=prior, better="lower", mcid=6), "knee0")
    rows = table().query("review == 'knee0'")
    fit = bps.fit(RandomEffects(mu=priors.flat(), tau=prior), made(rows["y"], rows["se"]))
    mu = fit.marginal("mu")
    assert found["mu_mean"] == mu.mean and found["tau_median"] == fit.marginal("tau").median
    assert found["mu_p_mcid"] == mu.cdf(-6.0) and found["mu_p_harm"] == mu.sf(6.0)


def test_an_error_that_is_not_met_is_said():
    """log-t with 1.2 degrees of freedom: what lies beyond e^±600 is not negligible."""
    prior = priors.log_student_t(1.2, 0.0, 1.0)
    found = of(pool_many(table(), "review", prior=prior), "back0")
    assert found["error"] > 1e-10 and "exact to" in found["problem"]
    assert np.isfinite(found["mu_median"])


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"prior": 0.5}, PriorError, "prior must be a prior"),
        ({"prior": "tau"}, StudyTableError, "prior='tau' names no column"),
        ({"prior": HALF, "mcid": 6}, BayesPSError, "needs a direction"),
        ({"prior": HALF, "mcid": -6, "better": "lower"}, BayesPSError, "An MCID is a size > 0"),
        ({"prior": HALF, "better": "up"}, StudyTableError, "better='up' names no column"),
        ({"prior": HALF, "level": 95}, BayesPSError, "level must be between 0 and 1"),
    ],
)
def test_what_is_wrong_for_all_is_raised(given, error, said):
    with pytest.raises(error, match=said):
        pool_many(table(), "review", **given)


def test_a_table_without_rows_has_no_analyses():
    found = pool_many(table().iloc[:0], "review", prior=HALF, mcid=6, better="lower")
    assert len(found) == 0 and "theta_new_p_mcid" in found


def test_the_bar_counts_every_analysis(capfd):
    pool_many(table(copies=2), "review", prior=HALF, progress=True)
    assert "6/6" in capfd.readouterr().err
