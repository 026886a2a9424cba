"""Cross-over trials: the standard error of a difference within participants."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array
from bayes_ps.effects.conversions.change_scores import correlation_from_sds, sd_of_change
from bayes_ps.effects.conversions.group_sd import (
    SMALL,
    Quantile,
    critical,
    interval_width,
    se_from_sd,
)
from bayes_ps.effects.conversions.rescaled import Rescaled
from bayes_ps.effects.conversions.rows import Converted, give, keep, read, refuse
from bayes_ps.effects.conversions.two_groups import se_from_difference_t, t_from_p


def se_of_paired_difference(
    sd_t: npt.ArrayLike, sd_c: npt.ArrayLike, n: npt.ArrayLike, r: npt.ArrayLike
) -> Converted:
    """SE of a mean difference within participants: √((sd_t² + sd_c² − 2 r sd_t sd_c) / n).

    Parameters
    ----------
    sd_t, sd_c : SDs under treatment and under control, > 0.
    n : participants, each counted once, >= 2.
    r : correlation of a participant's two outcomes, from −1 to 1; from a study that reports its
        paired SE by :func:`correlation_from_paired_se`. r = 0 is the analysis as if parallel, which
        gives a cross-over trial too little weight.

    Returns
    -------
    float for scalars, else an array; NaN where an input is NaN (not reported).

    Raises
    ------
    StudyTableError
        With the row, for an SD <= 0, n < 2 or r outside [−1, 1].

    Notes
    -----
    Elbourne 2002, doi:10.1093/ije/31.1.140; Cochrane Handbook 23.2.7.1. Assumes no carry-over. With
    an SD of the differences use :func:`se_from_sd`, with a paired t :func:`se_from_difference_t`.
    Test: ``tests/golden/test_conversions_handbook.py``: 2.38, 2.21, n = 10, r = 0.68 gives 0.583.
    """
    sd_t, sd_c, n, r = read({"sd_t": sd_t, "sd_c": sd_c, "n": n, "r": r})
    _pairs(n)
    return se_from_sd(sd_of_change(sd_t, sd_c, r), n)


def correlation_from_paired_se(
    se: npt.ArrayLike, sd_t: npt.ArrayLike, sd_c: npt.ArrayLike, n: npt.ArrayLike
) -> Converted:
    """Correlation within participants, from a study that reports the SE of its paired difference.

    The inverse of :func:`se_of_paired_difference`: r = (sd_t² + sd_c² − n se²) / (2 sd_t sd_c).

    Raises
    ------
    StudyTableError
        With the row, for a se or SD <= 0, n < 2, or values that no data can have (r outside
        [−1, 1]).
    """
    se, sd_t, sd_c, n = read({"se": se, "sd_t": sd_t, "sd_c": sd_c, "n": n})
    _pairs(n)
    refuse(se <= 0, se, "se", "above 0", mend="Look for a typing error in the table.")
    return correlation_from_sds(sd_t, sd_c, se * np.sqrt(n))


def se_from_paired_p(difference: npt.ArrayLike, p: npt.ArrayLike, n: npt.ArrayLike) -> Converted:
    """SE of a mean difference from the two-sided P of a paired t-test with n − 1 df.

    Raises
    ------
    StudyTableError
        With the row, for P outside (0, 1), n < 2, or a difference of 0.
    """
    difference, p, n = read({"difference": difference, "p": p, "n": n})
    _pairs(n)
    return se_from_difference_t(difference, t_from_p(p, n - 1))


def se_from_paired_ci(
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    n: npt.ArrayLike,
    level: npt.ArrayLike = 0.95,
    *,
    quantile: Quantile = "handbook",
) -> Converted:
    """SE of a mean difference within participants from its interval: (high − low) / (2 q).

    q is the quantile of t with n − 1 df where n < 60 and of the normal elsewhere (`quantile`
    "handbook"), or one of them throughout ("t", "normal").

    Raises
    ------
    StudyTableError
        With the row, for high <= low, n < 2, or a level outside (0, 1).
    """
    low, high, n, level = read({"ci_low": low, "ci_high": high, "n": n, "level": level})
    _pairs(n)
    width = interval_width(low, high, level)
    return give(width / (2 * critical(level, n - 1, n < SMALL, quantile)))


def smd_from_cross_over(
    difference: npt.ArrayLike,
    sd_t: npt.ArrayLike,
    sd_c: npt.ArrayLike,
    n: npt.ArrayLike,
    *,
    r: npt.ArrayLike,
) -> Rescaled:
    """Standardised mean difference of a cross-over trial, on the scale of parallel trials.

    smd = difference / √((sd_t² + sd_c²)/2), se = √((1/n + smd²/(2n)) · 2 (1 − r)).

    Parameters
    ----------
    difference : mean under treatment minus mean under control.
    sd_t, sd_c, n, r : as in :func:`se_of_paired_difference`.

    Raises
    ------
    StudyTableError
        With the row, for an SD <= 0, n < 2, or r outside [−1, 1).

    Notes
    -----
    Cochrane Handbook 5.1 16.4.6.2; without a correction for small samples.
    Test: ``tests/golden/test_conversions_handbook.py``: 0.218 (0.256).
    """
    columns = {"difference": difference, "sd_t": sd_t, "sd_c": sd_c, "n": n, "r": r}
    difference, sd_t, sd_c, n, r = read(columns)
    _pairs(n)
    for column, sd in (("sd_t", sd_t), ("sd_c", sd_c)):
        refuse(sd <= 0, sd, column, "above 0", mend="Look for a typing error in the table.")
    refuse(
        np.abs(r) > 1, r, "r", "between -1 and 1", mend="A correlation in per cent? Divide by 100."
    )
    refuse(r == 1, r, "r", "below 1", mend="Identical outcomes are not credible: take a smaller r.")
    smd = difference / np.sqrt((sd_t**2 + sd_c**2) / 2)
    se = np.sqrt((1 / n + smd**2 / (2 * n)) * 2 * (1 - r))
    return Rescaled(keep(smd), keep(se))


def _pairs(n: Array) -> None:
    refuse(n < 2, n, "n", "2 or more", mend="Count the participants, each once.")
