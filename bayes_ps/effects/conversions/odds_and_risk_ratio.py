"""Log odds ratio <-> log risk ratio, at a stated baseline risk."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array
from bayes_ps.effects.conversions.rescaled import Rescaled, rescale, with_se
from bayes_ps.effects.conversions.rows import refuse


def log_rr_from_log_or(
    log_or: npt.ArrayLike, se: npt.ArrayLike | None = None, *, baseline_risk: npt.ArrayLike
) -> Rescaled:
    """Log risk ratio at a baseline risk p₀: RR = OR / (1 − p₀ + p₀ OR).

    Parameters
    ----------
    log_or : log odds ratio.
    se : its standard error; that of log RR is se (1 − p₀) / (1 − p₀ + p₀ OR) (delta method).
    baseline_risk : p₀, the risk of the control group, inside (0, 1), taken as known.

    Returns
    -------
    Rescaled
        `y` and `se` of the log risk ratio.

    Raises
    ------
    StudyTableError
        With the row, for a baseline risk outside (0, 1) or se <= 0.

    Notes
    -----
    Zhang & Yu 1998, doi:10.1001/jama.280.19.1690. Exact for crude
    counts with their own p₀. For an odds ratio adjusted for covariates it is biased, and the
    standard error is too small because p₀ is taken as known (McNutt 2003,
    doi:10.1093/aje/kwg074): convert pooled results for several p₀, not the studies of a pool.
    Test: ``tests/unit/test_conversions_odds_and_risk.py``: p₀ 0.4, OR 3.5 is RR 1.75.
    """
    y, p0, error = with_se({"log_or": log_or, "baseline_risk": baseline_risk}, se)
    _risk(p0)
    denominator = np.log1p(p0 * np.expm1(y))
    return rescale(y - denominator, (1 - p0) / np.exp(denominator), error, se)


def log_or_from_log_rr(
    log_rr: npt.ArrayLike, se: npt.ArrayLike | None = None, *, baseline_risk: npt.ArrayLike
) -> Rescaled:
    """Log odds ratio at a baseline risk p₀: OR = RR (1 − p₀) / (1 − p₀ RR).

    The inverse of :func:`log_rr_from_log_or`; the standard error is se / (1 − p₀ RR).

    Raises
    ------
    StudyTableError
        With the row, for a baseline risk outside (0, 1), se <= 0, or a risk ratio that takes the
        risk to 1 or above.
    """
    y, p0, error = with_se({"log_rr": log_rr, "baseline_risk": baseline_risk}, se)
    _risk(p0)
    risk = p0 * np.exp(y)
    mend = "A risk ratio this large does not fit this baseline risk: take a smaller one."
    refuse(risk >= 1, risk, "baseline_risk × RR", "below 1", mend=mend)
    return rescale(y + np.log1p(-p0) - np.log1p(-risk), 1 / (1 - risk), error, se)


def _risk(p0: Array) -> None:
    mend = "Give the risk of the control group as a proportion."
    refuse((p0 <= 0) | (p0 >= 1), p0, "baseline_risk", "between 0 and 1", mend=mend)
