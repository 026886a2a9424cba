"""The power-scaling diagnostic against ArviZ's `psense_summary` on independent exact draws."""

import arviz_stats
import numpy as np
import pytest

from bayes_ps.sensitivity import power_scaling
from models import RandomEffects, priors
from tests.unit.making import fitted

WIDE = RandomEffects(priors.normal(0, 5), priors.half_normal(5))
NARROW = RandomEffects(priors.normal(5, 1.5), priors.half_normal(1))
ROUNDS = 10


@pytest.mark.parametrize("model", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_diagnostic_is_that_of_arviz_without_its_noise(model):
    """The mean of ten rounds of 4000 draws, in standard errors (of t with 9 df: 6 is 1 in 5000)."""
    rounds = [
        arviz_stats.psense_summary(
            fitted(model=model, seed=seed).dt, var_names=["mu", "tau", "theta_new"], round_to=12
        )
        for seed in range(ROUNDS)
    ]
    found = np.array([table[["prior", "likelihood"]].to_numpy(dtype=float) for table in rounds])
    mean, error = found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(ROUNDS)
    ours = power_scaling(fitted(model=model)).sensitivity.set_index("unknown")
    ours = ours.loc[["mean effect", "tau", "new setting"], ["prior", "likelihood"]].to_numpy()
    assert np.abs((ours - mean) / error).max() < 6
    assert (error / mean).max() < 0.06  # or the test would see little
