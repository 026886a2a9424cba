"""Simulation-based calibration of NUTS, some minutes: run only when it is named."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bayes_ps.diagnostics import calibrate
from models import RandomEffects, priors
from tests.benchmarks.figures import Case, Figure, clock
from tests.unit.making import made


def nuts_calibration(size: float) -> Iterator[Figure]:
    """2000 reviews simulated from the prior, each fitted by NUTS; a P value an unknown."""
    design = made(np.zeros(6), [0.2, 0.3, 0.25, 0.5, 0.15, 0.4])
    model = RandomEffects(priors.normal(0, 1), priors.half_normal(0.5))
    reviews = max(20, round(2_000 * size))
    found = []

    def calibrated() -> None:
        found.append(calibrate(model, design, seed=3, reviews=reviews, engine="nuts", draws=300))

    yield Figure(f"calibration of NUTS by {reviews} reviews", clock(calibrated))
    for name, p in found[0].p_value.items():
        yield Figure(f"P that the ranks of {name} are uniform", p, unit="")


CASES: tuple[Case, ...] = (nuts_calibration,)
