"""Shared controls: Gleser & Olkin 2009, Stochastically dependent effect sizes, in: The handbook of
research synthesis and meta-analysis, 2nd ed., chapter 19; checked by metafor's own test of it."""

import numpy as np
import pandas as pd
import pytest
from pytest import approx

import bayes_ps as bps
from bayes_ps.effects import with_shared_controls

# Table 19.1: three trials, five treatments against one control each.
COUNTS = pd.DataFrame(
    {
        "trial": [1, 1, 2, 3, 3, 3],
        "treatment": [1, 2, 1, 1, 2, 3],
        "events_t": [100, 150, 15, 40, 80, 50],
        "n_t": [4000, 4000, 400, 1000, 1000, 1000],
        "events_c": [40, 40, 10, 150, 150, 150],
        "n_c": [1000, 1000, 200, 2000, 2000, 2000],
    }
)
COUNTS["study"] = [f"{t}.{a}" for t, a in zip(COUNTS["trial"], COUNTS["treatment"], strict=True)]


def pooled(effects):
    """Generalised least squares by treatment: coefficients, covariance, Q."""
    X = pd.get_dummies(effects.data["treatment"]).to_numpy(dtype=float)
    W = np.linalg.inv(effects.V)
    covariance = np.linalg.inv(X.T @ W @ X)
    beta = covariance @ X.T @ W @ effects.y
    residual = effects.y - X @ beta
    return beta, covariance, residual @ W @ residual


# metafor's Q has two digits more than the book, which prints 2.057 for OR and 4.264 for AS.
@pytest.mark.parametrize(
    ("measure", "beta", "covariance", "q", "times"),
    [
        ("RD", [0.0200, 0.0043, 0.0211], [24.612e-6, 19.954e-6, 13.323e-6], 7.1907, 1),
        ("OR", [0.5099, 0.0044, 0.4301], [0.01412, 0.00712, 0.00425], 2.0563, 1),
        ("RR", [0.4875, 0.0006, 0.4047], [0.01287, 0.00623, 0.00371], 1.8954, 1),
        ("AS", [0.1010, 0.0102, 0.0982], [0.00058, 0.0004, 0.00024], 4.2634, 2),
    ],
)
def test_risks_of_table_19_1(measure, beta, covariance, q, times):
    """Equations 19.6 to 19.8 (RD), pages 362 to 365; their differences are control minus
    treated, and their arcsine is twice metafor's."""
    effects = bps.effect_sizes(COUNTS, measure=measure, better="higher")
    found = pooled(with_shared_controls(effects))
    assert -times * found[0] == approx(beta, abs=5.1e-5)
    half = 5.1e-9 if measure == "RD" else 5.1e-6
    assert times**2 * found[1][0] == approx(covariance, abs=half)
    assert found[2] == approx(q, abs=5.1e-5)


def test_standardised_mean_differences_of_page_367():
    """Their g is by the sd of all arms; here as estimates with the columns of the arms."""
    arms = pd.DataFrame(
        {
            "trial": [1, 1, 2, 3, 4, 4],
            "treatment": [1, 2, 1, 1, 1, 2],
            "n_t": [25, 22, 38, 50, 30, 30],
            "n_c": [25, 25, 40, 50, 30, 30],
        }
    )
    means = np.subtract(
        [7.87, 4.35, 9.32, 8.08, 7.44, 5.34], [-1.36, -1.36, 0.98, 1.17, 0.45, 0.45]
    )
    d = means / [4.2593, 4.2593, 2.8831, 3.1764, 2.9344, 2.9344]
    people = np.array([72, 72, 78, 100, 90, 90])
    se = np.sqrt(1 / arms["n_t"] + 1 / arms["n_c"] + d**2 / (2 * people))
    effects = bps.Effects.from_estimates(
        d, se=se, study=list("abcdef"), measure="SMD", unit="SD units", better="higher"
    ).with_data(arms)
    beta, covariance, q = pooled(with_shared_controls(effects))
    assert beta == approx([2.3743, 1.5702], abs=5.1e-5)
    assert covariance.ravel() == approx([0.02257, 0.01244, 0.01244, 0.03554], abs=5.1e-6)
    assert q == approx(3.9447, abs=5.1e-5)
