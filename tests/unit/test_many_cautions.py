"""The warnings of `pool_many` are those of `fit`, analysis by analysis."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import bayes_ps as bps
from bayes_ps import priors
from bayes_ps.many import pool_many
from models import RandomEffects
from tests.unit.making import made

PRIORS = {
    "usual": priors.half_normal(5),
    "made for an SMD": priors.half_normal(0.1),
    "nearly narrow": priors.half_normal(0.9),
    "spike": priors.gamma(0.2, 0.2),
    "huge": priors.half_normal(1e4),
    "by the errors": priors.dumouchel(),
    "improper": priors.improper_uniform(),
    "fixed": priors.point(1.0),
    "with a warning": priors.half_normal(5, warning="Read the paper."),
}
MU = {"flat": priors.flat(), "usual": priors.normal(0, 20), "far": priors.normal(300, 5)}


def reviews() -> list[tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(3)
    sizes = [1, 2, 3, 4, 7, 12, 12, 30]
    return [(rng.normal(-6, 4, k), rng.uniform(1.5, 6, k)) for k in sizes]


@pytest.mark.parametrize("mu", MU)
@pytest.mark.parametrize("tau", PRIORS)
def test_a_row_warns_where_fit_warns(tau, mu):
    rows = [pd.DataFrame({"at": i, "y": y, "se": se}) for i, (y, se) in enumerate(reviews())]
    found = pool_many(pd.concat(rows), "at", prior=PRIORS[tau], mu=MU[mu])
    for (y, se), warning, problem in zip(
        reviews(), found["warning"], found["problem"], strict=True
    ):
        if problem:
            assert warning == ""
            continue
        effects = made(y, se, study=range(y.size))
        model = RandomEffects(mu=MU[mu], tau=PRIORS[tau])
        said = bps.fit(model, effects).warnings
        assert len(said) == sum(sentence in warning for sentence in SENTENCES), (warning, said)


SENTENCES = (
    "all but rules out heterogeneity",
    "made for another unit.",
    "decides what is said of heterogeneity",
    "and the studies disagree",
    "Read the paper.",
)
