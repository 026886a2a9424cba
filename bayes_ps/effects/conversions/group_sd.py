"""The SD of one group, from the standard error or the confidence interval of its mean."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri, stdtrit

from bayes_ps.checks import Array, StudyTableError
from bayes_ps.effects.conversions.rows import Converted, give, read, refuse

Quantile = Literal["handbook", "t", "normal"]
SMALL = 60  # Handbook 6.5.2.2: below this an interval "should have been calculated" with t


def sd_from_se(se: npt.ArrayLike, n: npt.ArrayLike) -> Converted:
    """SD of a group from the standard error of its mean: sd = se √n.

    Parameters
    ----------
    se : standard error of the mean of one group (not of a difference between groups), > 0.
    n : participants in the group, >= 1.

    Returns
    -------
    float for scalars, else an array; NaN where `se` or `n` is NaN (not reported).

    Raises
    ------
    StudyTableError
        With the row, for se <= 0, n < 1, text or an infinity.

    Notes
    -----
    Cochrane Handbook 6.5.2.2. An SE is the SD divided by √n, so an SE typed as an SD makes a study
    look n times as precise. Fill gaps: ``table["sd_t"].fillna(pd.Series(sd_from_se(...)))``.
    Test: ``tests/unit/test_conversions_group_sd.py``.
    """
    se, n = _se_and_n("se", se, n)
    return give(se * np.sqrt(n))


def se_from_sd(sd: npt.ArrayLike, n: npt.ArrayLike) -> Converted:
    """Standard error of a mean: se = sd / √n, the inverse of :func:`sd_from_se`.

    For the differences within pairs (a cross-over trial) `sd` is the SD of the differences.

    Raises
    ------
    StudyTableError
        With the row, for sd <= 0 or n < 1.
    """
    sd, n = _se_and_n("sd", sd, n)
    return give(sd / np.sqrt(n))


def sd_from_ci(
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    n: npt.ArrayLike,
    level: npt.ArrayLike = 0.95,
    *,
    quantile: Quantile = "handbook",
) -> Converted:
    """SD of a group from the confidence interval of its mean: sd = √n (high − low) / (2 q).

    Parameters
    ----------
    low, high : limits of the interval of the mean of one group.
    n : participants in the group, >= 2.
    level : 0.95 unless the paper says otherwise.
    quantile : which q = quantile at (1 + level) / 2 the paper used. "handbook": t with n − 1
        degrees of freedom where n < 60, else normal; "t" or "normal" in every row.

    Returns
    -------
    float for scalars, else an array; NaN where an input is NaN (not reported).

    Raises
    ------
    StudyTableError
        With the row, for high <= low, n < 2, or a level outside (0, 1).

    Notes
    -----
    Cochrane Handbook 6.5.2.2; between 60 and 100 a paper may have used either, which changes the SD
    by 2 % at most. An interval that is not symmetric around the mean was made on another scale.
    Test: ``tests/golden/test_conversions_handbook.py``, n = 25: divide by 4.128.
    """
    low, high, n, level = read({"ci_low": low, "ci_high": high, "n": n, "level": level})
    refuse(n < 2, n, "n", "2 or more", mend="One participant has no SD.")
    width = interval_width(low, high, level)
    return give(np.sqrt(n) * width / (2 * critical(level, n - 1, n < SMALL, quantile)))


def ci_from_sd(
    mean: npt.ArrayLike,
    sd: npt.ArrayLike,
    n: npt.ArrayLike,
    level: npt.ArrayLike = 0.95,
    *,
    quantile: Quantile = "handbook",
) -> tuple[Converted, Converted]:
    """Limits (low, high) of the interval of a mean, the inverse of :func:`sd_from_ci`.

    Raises
    ------
    StudyTableError
        With the row, for sd <= 0, n < 2, or a level outside (0, 1).
    """
    mean, sd, n, level = read({"mean": mean, "sd": sd, "n": n, "level": level})
    refuse(sd <= 0, sd, "sd", "above 0", mend="Look for the SD in the paper.")
    refuse(n < 2, n, "n", "2 or more", mend="One participant has no SD.")
    half = critical(level, n - 1, n < SMALL, quantile) * sd / np.sqrt(n)
    return give(mean - half), give(mean + half)


def interval_width(low: Array, high: Array, level: Array) -> Array:
    """high − low of an interval that can be one."""
    mend = "Look for swapped limits or a lost sign; of no width it states no precision."
    refuse(high <= low, high, "ci_high", "above ci_low", mend=mend)
    refuse(
        (level <= 0) | (level >= 1),
        level,
        "level",
        "between 0 and 1",
        mend="For 95 % pass level=0.95.",
    )
    return high - low


def critical(level: Array, df: Array, small: npt.NDArray[np.bool_], quantile: Quantile) -> Array:
    """The quantile at (1 + level) / 2: of t where wanted, else of the normal."""
    if quantile not in ("handbook", "t", "normal"):
        raise StudyTableError(f'quantile must be "handbook", "t" or "normal", but is {quantile!r}.')
    upper = (1 + level) / 2
    use_t = small if quantile == "handbook" else np.asarray(quantile == "t")
    return np.asarray(np.where(use_t, stdtrit(df, upper), ndtri(upper)))


def _se_and_n(column: str, spread: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Array, Array]:
    spread, n = read({column: spread, "n": n})
    refuse(spread <= 0, spread, column, "above 0", mend="Look for a typing error in the table.")
    refuse(n < 1, n, "n", "1 or more", mend="Give the participants of this group.")
    return spread, n
