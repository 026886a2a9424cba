"""The standard error of a difference in means of two groups, and the SD behind it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from bayes_ps.checks import Array
from bayes_ps.effects.conversions.group_sd import SMALL, Quantile, critical, interval_width
from bayes_ps.effects.conversions.rows import Converted, give, read, refuse


def se_of_difference(sd: npt.ArrayLike, n_t: npt.ArrayLike, n_c: npt.ArrayLike) -> Converted:
    """Standard error of a difference in means: se = sd √(1/n_t + 1/n_c), sd common to both groups.

    The inverse of :func:`sd_from_difference_se`.

    Raises
    ------
    StudyTableError
        With the row, for sd <= 0 or a group of less than 1.
    """
    sd, n_t, n_c = read({"sd": sd, "n_t": n_t, "n_c": n_c})
    refuse(sd <= 0, sd, "sd", "above 0", mend="Look for a typing error in the table.")
    return give(sd * _spread(n_t, n_c))


def sd_from_difference_se(se: npt.ArrayLike, n_t: npt.ArrayLike, n_c: npt.ArrayLike) -> Converted:
    """Average SD of two groups from the SE of their difference: sd = se / √(1/n_t + 1/n_c).

    Parameters
    ----------
    se : standard error of the difference in means of two independent groups, > 0.
    n_t, n_c : participants in each group, >= 1.

    Returns
    -------
    One SD for both groups: float for scalars, else an array; NaN where an input is NaN.

    Raises
    ------
    StudyTableError
        With the row, for se <= 0 or a group of less than 1.

    Notes
    -----
    Cochrane Handbook 6.5.2.3. Not for an adjusted difference (ANCOVA): its SE is smaller than the
    SDs imply, and belongs into the analysis as it is.
    Test: ``tests/golden/test_conversions_handbook.py``, SE 1.37, n = 25 + 22: SD 4.69.
    """
    se, n_t, n_c = read({"se": se, "n_t": n_t, "n_c": n_c})
    refuse(se <= 0, se, "se", "above 0", mend="Look for a typing error in the table.")
    return give(se / _spread(n_t, n_c))


def se_from_difference_t(difference: npt.ArrayLike, t: npt.ArrayLike) -> Converted:
    r"""SE of a difference (of two groups, or within pairs) from its t: se = \|difference / t\|.

    Signs are not compared: papers often print \|t\|.

    Raises
    ------
    StudyTableError
        With the row, for a difference or t of 0, which say nothing of the precision.
    """
    difference, t = read({"difference": difference, "t": t})
    refuse(difference == 0, difference, "difference", "other than 0", mend=_ZERO)
    refuse(t == 0, t, "t", "other than 0", mend=_ZERO)
    return give(np.abs(difference / t))


def se_from_difference_f(difference: npt.ArrayLike, f: npt.ArrayLike) -> Converted:
    """SE of a difference from the F of an analysis of variance of two groups: t = √F.

    Raises
    ------
    StudyTableError
        With the row, for F <= 0 or a difference of 0. F of three or more groups (more than one
        numerator degree of freedom) does not belong to one difference: do not pass it.
    """
    difference, f = read({"difference": difference, "f": f})
    refuse(f <= 0, f, "f", "above 0", mend=_ZERO)
    return se_from_difference_t(difference, np.sqrt(f))


def se_from_difference_p(
    difference: npt.ArrayLike, p: npt.ArrayLike, n_t: npt.ArrayLike, n_c: npt.ArrayLike
) -> Converted:
    """SE of a difference in means from the two-sided P of a t-test with n_t + n_c − 2 df.

    Raises
    ------
    StudyTableError
        With the row, for P outside (0, 1), a difference of 0, or groups of less than 3 together.

    Notes
    -----
    Cochrane Handbook 6.5.2.3. "P < 0.05" passed as 0.05 gives an SE that is too large
    (conservative); "not significant" gives nothing.
    Test: ``tests/golden/test_conversions_handbook.py``, MD 3.8, P 0.008, n = 25 + 22: SE 1.37.
    """
    difference, p, n_t, n_c = read({"difference": difference, "p": p, "n_t": n_t, "n_c": n_c})
    _spread(n_t, n_c)
    return se_from_difference_t(difference, t_from_p(p, n_t + n_c - 2))


def se_from_difference_ci(
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    n_t: npt.ArrayLike,
    n_c: npt.ArrayLike,
    *,
    level: npt.ArrayLike = 0.95,
    quantile: Quantile = "handbook",
) -> Converted:
    """SE of a difference in means from its confidence interval: (high − low) / (2 q).

    q is the quantile of t with n_t + n_c − 2 df where a group is smaller than 60 and of the normal
    elsewhere (`quantile` "handbook"), or one of them throughout ("t", "normal").
    Cochrane Handbook 6.5.2.3.

    Raises
    ------
    StudyTableError
        With the row, for high <= low, groups of less than 3 together, or a level outside (0, 1).
    """
    low, high, n_t, n_c, level = read(
        {"ci_low": low, "ci_high": high, "n_t": n_t, "n_c": n_c, "level": level}
    )
    _spread(n_t, n_c)
    _some_df(n_t + n_c - 2)
    width = interval_width(low, high, level)
    small = np.minimum(n_t, n_c) < SMALL
    return give(width / (2 * critical(level, n_t + n_c - 2, small, quantile)))


def sd_from_difference_t(
    difference: npt.ArrayLike, t: npt.ArrayLike, n_t: npt.ArrayLike, n_c: npt.ArrayLike
) -> Converted:
    """Average SD of two groups from their difference and its t. See :func:`sd_from_difference_se`.

    Exact (the pooled SD) for Student's t; for Welch's t with unequal groups an approximation.

    Raises
    ------
    StudyTableError
        As the two steps, with the row.
    """
    return sd_from_difference_se(se_from_difference_t(difference, t), n_t, n_c)


def sd_from_difference_f(
    difference: npt.ArrayLike, f: npt.ArrayLike, n_t: npt.ArrayLike, n_c: npt.ArrayLike
) -> Converted:
    """Average SD of two groups from a difference and its F. See :func:`se_from_difference_f`.

    Raises
    ------
    StudyTableError
        As the two steps, with the row.
    """
    return sd_from_difference_se(se_from_difference_f(difference, f), n_t, n_c)


def sd_from_difference_p(
    difference: npt.ArrayLike, p: npt.ArrayLike, n_t: npt.ArrayLike, n_c: npt.ArrayLike
) -> Converted:
    """Average SD of two groups from their difference and its P. See :func:`se_from_difference_p`.

    Test: ``tests/golden/test_conversions_handbook.py``, MD 3.8, P 0.008, n = 25 + 22: SD 4.68 (the
    Handbook rounds on the way and prints 4.69).

    Raises
    ------
    StudyTableError
        As the two steps, with the row.
    """
    return sd_from_difference_se(se_from_difference_p(difference, p, n_t, n_c), n_t, n_c)


def sd_from_difference_ci(
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    n_t: npt.ArrayLike,
    n_c: npt.ArrayLike,
    *,
    level: npt.ArrayLike = 0.95,
    quantile: Quantile = "handbook",
) -> Converted:
    """Average SD of two groups from the interval of their difference.

    See :func:`se_from_difference_ci` for the arguments, :func:`sd_from_difference_se` for the rest.

    Raises
    ------
    StudyTableError
        As the two steps, with the row.
    """
    se = se_from_difference_ci(low, high, n_t, n_c, level=level, quantile=quantile)
    return sd_from_difference_se(se, n_t, n_c)


def t_from_p(p: npt.ArrayLike, df: npt.ArrayLike) -> Converted:
    r"""\|t\| of a two-sided P value with `df` degrees of freedom.

    Raises
    ------
    StudyTableError
        With the row, for P outside [1e-100, 1) or df < 1: smaller ones are no result of a trial,
        and the quantile of t is not computed rightly for all of them.

    Notes
    -----
    To 13 digits beside the incomplete beta function in 30 digits.
    Test: ``tests/unit/test_conversions_two_groups.py``.
    """
    p, df = read({"p": p, "df": df})
    mend = "A P value of 0 or 1 does not say how precise the study is: look for its SE or interval."
    refuse((p <= 0) | (p >= 1), p, "p", "between 0 and 1", mend=mend)
    refuse(p < 1e-100, p, "p", "1e-100 or more", mend="Look for the SE, the interval or t instead.")
    _some_df(df)
    return give(-stdtrit(df, p / 2))


def p_from_t(t: npt.ArrayLike, df: npt.ArrayLike) -> Converted:
    """Two-sided P value of t with `df` degrees of freedom, the inverse of :func:`t_from_p`.

    Raises
    ------
    StudyTableError
        With the row, for df < 1.
    """
    t, df = read({"t": t, "df": df})
    _some_df(df)
    return give(2 * stdtr(df, -np.abs(t)))


_ZERO = "A difference of 0 says nothing of its precision: look for the SE, the interval or the SDs."


def _spread(n_t: Array, n_c: Array) -> Array:
    """√(1/n_t + 1/n_c)."""
    for column, n in (("n_t", n_t), ("n_c", n_c)):
        refuse(n < 1, n, column, "1 or more", mend="Give the participants of this group.")
    return np.asarray(np.sqrt(1 / n_t + 1 / n_c))


def _some_df(df: Array) -> None:
    mend = "Give the participants of both groups."
    refuse(df < 1, df, "degrees of freedom", "1 or more", mend=mend)
