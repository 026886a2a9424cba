"""COR, ZCOR: a correlation, raw or by Fisher's z."""

from __future__ import annotations

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.effects.measure import Measure
from bayes_ps.effects.reported import Correlation, Form


def raw_correlation(data: Correlation, variance: str) -> tuple[Array, Array]:
    """y = r, se = (1 − r²)/√(n − 1); "AV" takes the mean r, weighted by n, of all studies."""
    around = np.average(data.r, weights=data.n) if variance == "AV" else data.r
    return data.r, (1 - around**2) / np.sqrt(data.n - 1)


def fisher_z(data: Correlation, variance: str) -> tuple[Array, Array]:
    """y = atanh r, se² = 1/(n − 3) (Fisher 1921)."""
    return np.arctanh(data.r), 1 / np.sqrt(data.n - 3)


COR = Measure(
    code="COR",
    compute=raw_correlation,
    variances={
        "LS": "correlation, (1 − r²)²/(n − 1)",
        "AV": "correlation, (1 − r²)²/(n − 1) at the mean r",
    },
    reads=(Form(Correlation),),
    unit="correlation",
    least={"n": 4},
)
ZCOR = Measure(
    code="ZCOR",
    compute=fisher_z,
    variances={"LS": "Fisher's z of a correlation, 1/(n − 3)"},
    reads=(Form(Correlation),),
    unit="Fisher's z",
    least={"n": 4},
)
