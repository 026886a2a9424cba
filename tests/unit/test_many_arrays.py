"""`pool_array`: to the last digit what `pool_many` gives, in memory, on threads, on a cluster."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import bayes_ps as bps
from bayes_ps import priors
from bayes_ps.checks import BayesPSError, StudyTableError
from bayes_ps.many import pool_array, pool_many

PRIOR = priors.half_normal(0.5)
ASKED = {"prior": PRIOR, "mu": priors.normal(0, 2), "better": "higher", "level": 0.9}


def dataset(m: int = 40, k: int = 7) -> xr.Dataset:
    """m reviews of up to k studies; the last ones of some are absent."""
    rng = np.random.default_rng(1)
    se = rng.uniform(0.1, 0.6, (m, k))
    y = rng.normal(0.3, np.hypot(se, 0.2))
    absent = np.arange(k) >= rng.integers(1, k + 1, m)[:, None]
    y[absent] = se[absent] = np.nan
    return xr.Dataset(
        {"y": (("analysis", "study"), y), "se": (("analysis", "study"), se)},
        coords={"analysis": [f"review {i}" for i in range(m)]},
    ).assign(mcid=("analysis", rng.uniform(0.1, 0.4, m)))


def as_table(data: xr.Dataset) -> pd.DataFrame:
    return data.to_dataframe().reset_index().dropna(subset=["y"])


def same(found: xr.Dataset, want: pd.DataFrame) -> None:
    assert list(found["analysis"].values) == list(want["analysis"])
    for name in want.columns.drop("analysis"):
        assert np.array_equal(
            found[name].values, want[name].to_numpy(), equal_nan=want[name].dtype == float
        ), name


@pytest.fixture(scope="module")
def want() -> pd.DataFrame:
    return pool_many(as_table(dataset()), "analysis", mcid="mcid", **ASKED)


def test_numbers_are_those_of_pool_many_to_the_last_digit(want):
    found = pool_array(dataset(), mcid="mcid", **ASKED)
    assert set(found) == set(want.columns.drop("analysis"))
    same(found, want)


def test_dims_may_be_many_and_in_any_order(want):
    data = dataset().transpose("study", "analysis")
    pair = xr.concat([data, data.assign(y=-data["y"])], "sign")
    found = pool_array(pair, mcid="mcid", **ASKED)
    assert set(found["mu_mean"].dims) == {"sign", "analysis"}
    same(found.isel(sign=0), want)
    assert np.allclose(found["mu_median"].isel(sign=1), -want["mu_median"], atol=1e-12)


def test_dask_arrays_stay_lazy_and_give_the_same(want):
    chunked = dataset().chunk({"analysis": 7, "study": -1})
    found = pool_array(chunked, mcid="mcid", dask="parallelized", **ASKED)
    assert found["mu_mean"].chunks == (chunked["y"].chunks[0],)
    same(found.compute(scheduler="threads"), want)


def test_a_cluster_gives_the_same(want):
    distributed = pytest.importorskip("distributed")
    chunked = dataset().chunk({"analysis": 20, "study": -1})
    cluster = {"n_workers": 1, "processes": False, "dashboard_address": None}
    with distributed.Client(**cluster, threads_per_worker=2, set_as_default=True):
        found = pool_array(chunked, mcid="mcid", dask="parallelized", **ASKED).compute()
    same(found, want)


def test_a_bad_analysis_is_marked_and_leaves_the_others_alone():
    data = dataset(4)
    data["se"][1, 0], data["y"][2, :] = -1.0, np.nan
    data["se"][2, :], data["mcid"][3] = np.nan, np.nan
    found = pool_array(data, mcid="mcid", **ASKED)
    said = list(found["problem"].values)
    assert said[0] == "" and "SE that is not a number > 0" in said[1]
    assert said[2] == "There is no study." and said[3] == "The MCID is not a size > 0."
    assert np.isfinite(found["mu_mean"].values).tolist() == [True, False, False, False]
    assert found["mu_mean"][0] == pool_array(dataset(4), mcid="mcid", **ASKED)["mu_mean"][0]


def test_one_mcid_for_all_may_be_a_value():
    number, value = (
        pool_array(dataset(3), mcid=mcid, **ASKED) for mcid in (0.2, bps.MCID(0.2, unit="SD units"))
    )
    xr.testing.assert_identical(number, value)


def test_a_prior_that_the_kernels_do_not_know_goes_to_the_exact_engine():
    asked = ASKED | {"prior": priors.mixture([(0.5, PRIOR), (0.5, priors.half_normal(2))])}
    same(
        pool_array(dataset(3), mcid="mcid", **asked),
        pool_many(as_table(dataset(3)), "analysis", mcid="mcid", **asked),
    )


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"mcid": "limit"}, StudyTableError, "no variable 'limit'"),
        ({"mcid": 0.2, "better": None}, BayesPSError, "needs a direction"),
        ({"level": 2}, BayesPSError, "level must be"),
    ],
)
def test_what_is_wrong_for_all_is_raised(given, error, said):
    with pytest.raises(error, match=said):
        pool_array(dataset(2), **(ASKED | given))
