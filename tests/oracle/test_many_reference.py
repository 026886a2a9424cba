"""The compiled batch engine against 30-digit arithmetic, and against scipy's quadrature."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.special import ndtr

from bayes_ps import priors
from bayes_ps.many import pit_many, pool_many, summarise
from tests import references
from tests.oracle.test_exact_reference import WRONG
from tests.references_bayes import mu_prior, runs, tau_prior

PROBABILITY = 1e-12
STANDARDISED = 1e-11  # of means, SDs and quantiles, in posterior SDs
QUANTILES = "q025", "q50", "q975"
RUNS = runs()


@pytest.fixture(scope="module")
def pooled():
    """Every reference run as an analysis of one table, with its own priors."""
    tables = []
    for number, (name, run) in enumerate(RUNS):
        values, effects = references.expected(name)["bayes"][run], references.effects(name)
        tables.append(
            effects.to_frame()[["y", "se"]].assign(
                run=number, tau=tau_prior(values["tau_prior"]), mu=mu_prior(values["mu_prior"])
            )
        )
    return pool_many(pd.concat(tables), "run", prior="tau", mu="mu", better="higher")


def test_every_run_is_done_and_says_that_it_is_exact(pooled):
    assert len(pooled) == len(RUNS) == 228
    assert (pooled["problem"] == "").all()
    assert pooled["error"].between(1e-16, 1e-10).all()


@pytest.mark.parametrize(("name", "run"), RUNS)
def test_a_row_equals_the_reference(pooled, name, run):
    values, row = references.expected(name)["bayes"][run], pooled.iloc[RUNS.index((name, run))]
    evidence = values["log_integrated_likelihood"]
    assert abs(row["log_evidence"] - evidence) < 1e-12 + 1e-13 * abs(evidence)
    for unknown in ("mu", "tau", "theta_new"):
        want = values[unknown]
        scale = (want["quantiles"]["q975"] - want["quantiles"]["q025"]) / 3.92
        found = row[[f"{unknown}_{each}" for each in ("mean", "sd", "lower", "median", "upper")]]
        expected = [want["mean"], want["sd"], *(want["quantiles"][q] for q in QUANTILES)]
        off = np.abs(found.to_numpy(float) - np.array(expected, dtype=float)) / scale
        missing = [each is None for each in expected]
        assert list(np.isnan(off)) == missing
        if (name, run) in WRONG and unknown != "tau":
            continue
        assert np.nanmax(off) < STANDARDISED


@pytest.mark.parametrize(("name", "run"), RUNS[::4])
def test_distribution_functions_equal_the_reference(name, run):
    values, effects = references.expected(name)["bayes"][run], references.effects(name)
    given = {"prior": tau_prior(values["tau_prior"]), "mu": mu_prior(values["mu_prior"])}
    for unknown in ("mu", "tau", "theta_new"):
        at, p = _distribution(values[unknown])
        found = pit_many(np.tile(effects.y, (at.size, 1)), effects.se, {unknown: at}, **given)
        assert np.abs(found[unknown] - p).max() < PROBABILITY
        assert found["error"].max() < 1e-10


def _distribution(want):
    """Points, and the probability of being below each."""
    if "prob_greater" in want:
        return np.array(want["prob_greater"]["c"]), 1 - np.array(want["prob_greater"]["p"])
    return np.array(list(want["quantiles"].values())), [
        float(f"0.{q[1:]}") for q in want["quantiles"]
    ]


@pytest.mark.parametrize(
    ("name", "run"),
    [each for each in RUNS if "theta_i" in references.expected(each[0])["bayes"][each[1]]][::6],
)
def test_studies_equal_the_reference(name, run):
    values, effects = references.expected(name)["bayes"][run], references.effects(name)
    priors = {"prior": tau_prior(values["tau_prior"]), "mu": mu_prior(values["mu_prior"])}
    found, want = summarise(effects, **priors).numbers[3:], values["theta_i"]
    scale = np.array(want["sd"])
    for column, name in enumerate(("mean", "sd", "median", "q025", "q975")):
        assert (np.abs(found[:, column] - want[name]) / scale).max() < STANDARDISED
    assert np.abs(found[:, 5] - want["p_gt_0"]).max() < PROBABILITY


@pytest.mark.parametrize(
    ("y", "se", "prior"),
    [
        ([0.3], [0.2], priors.half_normal(0.5)),
        ([1.0, 4.0], [0.5, 0.7], priors.half_cauchy(1.0)),
        ([0.1, 0.1, 0.1], [0.1, 1.0, 30.0], priors.exponential(2.0)),
        ([-12, -4.5, -9, -15.5, -2], [4, 2.5, 5, 6, 2], priors.log_normal(1.0, 0.8)),
        ([1e6, 1e6 + 3, 1e6 - 2], [1e-2, 1.0, 2.0], priors.inverse_gamma(1.5, 2.0)),
    ],
)
def test_a_row_equals_adaptive_quadrature(y, se, prior):
    """Of u = log tau, by QUADPACK, with nothing of ours but the density of the prior."""
    y, se = np.array(y, dtype=float), np.array(se, dtype=float)
    table = pd.DataFrame({"one": 1, "y": y, "se": se})
    mcid = 0.8 * float(np.abs(y).max())
    row = pool_many(table, "one", prior=prior, mcid=mcid, better="higher").iloc[0]

    def given(u):
        v = se**2 + np.exp(2 * u)
        total, mean = (1 / v).sum(), (y / v).sum() / (1 / v).sum()
        log_f = -0.5 * (np.log(v).sum() + np.log(total) + ((y - mean) ** 2 / v).sum())
        return log_f + prior.logpdf(np.exp(u)) + u, mean, total**-0.5

    grid = np.linspace(-40, 40, 4001)
    peak = max(given(u)[0] for u in grid)
    seen = grid[[given(u)[0] > peak - 60 for u in grid]]

    def integral(of, upto=np.inf):
        edges = np.linspace(seen[0], min(seen[-1], upto), 9)
        parts = [
            quad(lambda u: np.exp(given(u)[0] - peak) * of(u), *ends, epsabs=1e-15, epsrel=1e-13)[0]
            for ends in pairwise(edges)
        ]
        return sum(parts)

    total = integral(lambda u: 1.0)
    constant = -0.5 * (y.size - 1) * np.log(2 * np.pi)
    assert row["log_evidence"] == pytest.approx(np.log(total) + peak + constant, abs=1e-9)
    below = integral(lambda u: ndtr((given(u)[1] - mcid) / given(u)[2])) / total
    assert row["mu_p_mcid"] == pytest.approx(below, abs=1e-10)
    new = integral(lambda u: ndtr((given(u)[1] - mcid) / np.hypot(given(u)[2], np.exp(u)))) / total
    assert row["theta_new_p_mcid"] == pytest.approx(new, abs=1e-10)
    half = integral(lambda u: 1.0, upto=np.log(row["tau_median"])) / total
    assert half == pytest.approx(0.5, abs=1e-10)
