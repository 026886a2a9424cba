"""Standardised mean difference <-> log odds ratio."""

from __future__ import annotations

import math
from typing import Literal

import numpy.typing as npt

from bayes_ps.checks import StudyTableError
from bayes_ps.effects.conversions.rescaled import Rescaled, rescale, with_se

Distribution = Literal["logistic", "normal"]
FACTOR = {"logistic": math.pi / math.sqrt(3), "normal": 1.65}


def log_or_from_smd(
    smd: npt.ArrayLike, se: npt.ArrayLike | None = None, *, distribution: Distribution = "logistic"
) -> Rescaled:
    """Log odds ratio of a continuous outcome cut in two: smd · π/√3 (1.81), or smd · 1.65.

    Parameters
    ----------
    smd : standardised mean difference.
    se : its standard error, multiplied alike.
    distribution : of the outcome. "logistic" (Hasselblad–Hedges, π/√3): exact at every cut.
        "normal" (Cox, 1.65): near the middle of normal outcomes.

    Returns
    -------
    Rescaled
        `y` and `se` of the log odds ratio. The sign stays: a higher score is the "event".

    Raises
    ------
    StudyTableError
        With the row, for se <= 0.

    Notes
    -----
    Hasselblad & Hedges 1995, doi:10.1037/0033-2909.117.1.167; Chinn 2000,
    doi:10.1002/1097-0258(20001130)19:22<3127::AID-SIM784>3.0.CO;2-M; Cox & Snell 1989; Cochrane
    Handbook 10.6 and 15.5.3.3. Assumes equal spread in both groups.
    Test: ``tests/golden/test_conversions_handbook.py`` (1.81).
    """
    y, error = with_se({"smd": smd}, se)
    factor = _factor(distribution)
    return rescale(y * factor, factor, error, se)


def smd_from_log_or(
    log_or: npt.ArrayLike,
    se: npt.ArrayLike | None = None,
    *,
    distribution: Distribution = "logistic",
) -> Rescaled:
    """Standardised mean difference behind a log odds ratio, the inverse of :func:`log_or_from_smd`.

    Raises
    ------
    StudyTableError
        With the row, for se <= 0.
    """
    y, error = with_se({"log_or": log_or}, se)
    factor = 1 / _factor(distribution)
    return rescale(y * factor, factor, error, se)


def _factor(distribution: str) -> float:
    if distribution not in FACTOR:
        raise StudyTableError(
            f'distribution must be "logistic" or "normal", but is {distribution!r}.'
        )
    return FACTOR[distribution]
