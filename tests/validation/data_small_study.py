"""Data of small-study tests with what metafor 5.0.1 fills in: ZhaoboDing/PyMetaAnalysis."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bayes_ps.effects import Effects

TEN = Effects.from_estimates(
    [0.10, 0.15, 0.18, 0.22, 0.24, 0.29, 0.33, 0.37, 0.95, 1.15],
    se=np.sqrt([0.040, 0.035, 0.030, 0.028, 0.025, 0.022, 0.020, 0.018, 0.012, 0.010]),
    study=range(10),
    measure="MD",
    unit="given",
    better="higher",
)
# Estimator of tau², of k0, side: k0, mu, tau², se of k0, P of k0 (R0 only).
FILLED = {
    ("FE", "L0", "left"): (0, 0.55265117089388649, 0, 0.94966678859284537, None),
    ("FE", "L0", "right"): (3, 0.63859591089840628, 0, 2.1289427257484017, None),
    ("FE", "R0", "left"): (0, 0.55265117089388649, 0, 1.4142135623730951, 0.5),
    ("REML", "L0", "left"): (0, 0.41696223548253103, 0.11863406309625382, 1.345803729628984, None),
    ("REML", "L0", "right"): (2, 0.4818048387905989, 0.11559608344672657, 2.216101472241623, None),
    ("REML", "R0", "left"): (1, 0.32487949270365235, 0.18232595592517314, 2, 0.25),
    ("REML", "R0", "right"): (0, 0.41696223548253103, 0.11863406309625382, 1.414213562373095, 0.5),
}

TWELVE_Y = [0.340, 0.286, 0.460, 0.232, 0.426, 0.574, 0.415, 0.890, 0.300, 0.870, 0.098, 1.240]
TWELVE_V = [
    0.0100,
    0.0144,
    0.0225,
    0.0324,
    0.0484,
    0.0729,
    0.1089,
    0.16,
    0.25,
    0.3844,
    0.5776,
    0.81,
]


def twelve(v: list[float]) -> Effects:
    """Twelve studies with variances `v`."""
    return Effects.from_estimates(
        TWELVE_Y, se=np.sqrt(v), study=range(12), measure="MD", unit="given", better="higher"
    )


COUNTS = pd.DataFrame(
    [
        ("P01", 12, 100, 18, 110),
        ("P02", 5, 80, 9, 75),
        ("P03", 20, 120, 15, 130),
        ("P04", 7, 90, 10, 95),
        ("P05", 3, 55, 7, 60),
        ("P06", 9, 70, 12, 74),
        ("P07", 14, 95, 16, 100),
        ("P08", 6, 60, 9, 64),
        ("P09", 11, 88, 14, 92),
        ("P10", 8, 72, 11, 76),
        ("P11", 0, 50, 3, 55),
        ("P12", 4, 65, 0, 70),
    ],
    columns=["study", "events_t", "n_t", "events_c", "n_c"],
)
