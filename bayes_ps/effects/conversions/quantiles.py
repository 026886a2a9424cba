"""Mean and SD of a group from its median, quartiles and range (Wan 2014, Luo 2018, Shi 2020)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from bayes_ps.checks import Array, StudyTableError
from bayes_ps.effects.conversions.five_numbers import Summary, summary
from bayes_ps.effects.conversions.rows import Converted, give, keep, read, refuse
from bayes_ps.effects.conversions.skewness import SkewnessTest, test_of

Skewed = Literal["raise", "keep", "missing"]


@dataclass(frozen=True, eq=False)
class MeanSD:
    """Mean and SD of groups, estimated from quantiles.

    Attributes
    ----------
    mean, sd : in the unit of the quantiles; NaN where nothing was reported.
    skewness : :class:`SkewnessTest` of the same rows: scenario, statistic and whether it is skewed.
    """

    mean: Converted
    sd: Converted
    skewness: SkewnessTest

    def __str__(self) -> str:
        if np.ndim(self.mean) == 0:
            return f"Mean {self.mean:.4g}, SD {self.sd:.4g} from quantiles; {self.skewness}"
        k = int(np.isfinite(self.mean).sum())
        return f"Mean and SD from quantiles in {k} of {np.size(self.mean)} rows; {self.skewness}"


def mean_sd_from_quantiles(
    median: npt.ArrayLike,
    n: npt.ArrayLike,
    *,
    q1: npt.ArrayLike = np.nan,
    q3: npt.ArrayLike = np.nan,
    minimum: npt.ArrayLike = np.nan,
    maximum: npt.ArrayLike = np.nan,
    skewed: Skewed = "raise",
) -> MeanSD:
    r"""Mean and SD of a group that reports a median with quartiles, range, or both.

    Each row takes the scenario of what it has, with a = minimum, b = maximum:

    * S1 (a, median, b): mean w (a + b)/2 + (1 − w) median, w = 4/(4 + n^0.75) [1]_;
      sd (b − a)/ξ, ξ = 2 Φ⁻¹((n − 0.375)/(n + 0.25)) [2]_.
    * S2 (q1, median, q3): mean w (q1 + q3)/2 + (1 − w) median, w = 0.7 + 0.39/n;
      sd (q3 − q1)/η, η = 2 Φ⁻¹((0.75 n − 0.125)/(n + 0.25)).
    * S3 (all five): mean w₁ (a + b)/2 + w₂ (q1 + q3)/2 + (1 − w₁ − w₂) median,
      w₁ = 2.2/(2.2 + n^0.75), w₂ = 0.7 − 0.72/n^0.55;
      sd v (b − a)/ξ + (1 − v)(q3 − q1)/η, v = 1/(1 + 0.07 n^0.6) [3]_.

    Parameters
    ----------
    median, n : median and number of participants (>= 5) of the group.
    q1, q3, minimum, maximum : as reported; NaN for what is not.
    skewed : what becomes of a row that the test of :func:`skewness_test` rejects: "raise" an error
        that names it, "keep" the estimate (see `.skewness`), or make it "missing" (NaN).

    Returns
    -------
    MeanSD
        Floats for scalars, else arrays; NaN in a row without median, n, and a pair of quantiles.

    Raises
    ------
    StudyTableError
        With the row, for quantiles out of order, one quartile (or end of the range) without the
        other, no spread, n < 5, or (unless told otherwise) skewed data.

    Notes
    -----
    Derived for normal data. There the SD is on average within 1 % of sigma from n = 9 (1.5 % below
    it at n = 5). The mean has a larger variance than the mean of the data, which sd/√n does not
    show: by 5 to 50 % in S1 (n = 5 to 201), 13 to 17 % in S2, 0 to 14 % in S3. So the standard
    error of an effect made of it is somewhat too small: leave such studies out in a sensitivity
    analysis. As metafor's ``conv.fivenum(method="luo/wan/shi")``.

    References
    ----------
    .. [1] Luo 2018, doi:10.1177/0962280216669183.
    .. [2] Wan 2014, doi:10.1186/1471-2288-14-135.
    .. [3] Shi 2020, doi:10.1002/jrsm.1429.

    Test: ``tests/golden/test_conversions_quantiles.py``: 1, 4, 10 with n = 30 is 4.356748 (2.2056).
    """
    if skewed not in ("raise", "keep", "missing"):
        raise StudyTableError(f'skewed must be "raise", "keep" or "missing", but is {skewed!r}.')
    five = summary(median, n, quartiles=(q1, q3), ends=(minimum, maximum))
    test = test_of(five)
    if skewed == "raise":
        _refuse_skewed(test)
    mean, sd = _mean(five), _sd(five)
    if skewed == "missing":
        mean, sd = (np.where(test.skewed, np.nan, values) for values in (mean, sd))
    return MeanSD(keep(mean), keep(sd), test)


def sd_from_range(minimum: npt.ArrayLike, maximum: npt.ArrayLike, n: npt.ArrayLike) -> Converted:
    """SD of normal data from the range: (maximum − minimum) / ξ(n), Wan 2014 equation 9.

    For a group whose mean is reported too; see :func:`mean_sd_from_quantiles` otherwise. The range
    of many participants hangs on two of them, and no test of skewness is possible here.

    Raises
    ------
    StudyTableError
        With the row, for maximum <= minimum or n < 5.
    """
    minimum, maximum, n = read({"minimum": minimum, "maximum": maximum, "n": n})
    refuse(
        maximum <= minimum, maximum, "maximum", "above minimum", mend="Look for swapped columns."
    )
    refuse(n < 5, n, "n", "5 or more", mend="The method needs five participants.")
    return give((maximum - minimum) / _xi(n))


def sd_from_iqr(q1: npt.ArrayLike, q3: npt.ArrayLike, n: npt.ArrayLike) -> Converted:
    """SD of normal data from the quartiles: (q3 − q1) / η(n), Wan 2014 equation 16.

    Tends to the Handbook's (q3 − q1) / 1.35 (6.5.2.5) in large groups. For a group whose mean is
    reported too; see :func:`mean_sd_from_quantiles` otherwise.

    Raises
    ------
    StudyTableError
        With the row, for q3 <= q1 or n < 5.
    """
    q1, q3, n = read({"q1": q1, "q3": q3, "n": n})
    refuse(q3 <= q1, q3, "q3", "above q1", mend="Look for swapped columns.")
    refuse(n < 5, n, "n", "5 or more", mend="The method needs five participants.")
    return give((q3 - q1) / _eta(n))


def _xi(n: Array) -> Array:
    """Expected range of n standard normal values, by Blom's approximation."""
    return np.asarray(2 * ndtri((n - 0.375) / (n + 0.25)))


def _eta(n: Array) -> Array:
    """Expected interquartile range of n standard normal values, by Blom's approximation."""
    return np.asarray(2 * ndtri((0.75 * n - 0.125) / (n + 0.25)))


def _mean(five: Summary) -> Array:
    n, median = five.n, five.median
    middle = (five.minimum + five.maximum) / 2 - median
    quarter = (five.q1 + five.q3) / 2 - median
    w1, w2 = 2.2 / (2.2 + n**0.75), 0.7 - 0.72 / n**0.55
    return five.choose(
        median + 4 / (4 + n**0.75) * middle,
        median + (0.7 + 0.39 / n) * quarter,
        median + w1 * middle + w2 * quarter,
    )


def _sd(five: Summary) -> Array:
    ends = (five.maximum - five.minimum) / _xi(five.n)
    quartiles = (five.q3 - five.q1) / _eta(five.n)
    v = 1 / (1 + 0.07 * five.n**0.6)
    return five.choose(ends, quartiles, v * ends + (1 - v) * quartiles)


def _refuse_skewed(test: SkewnessTest) -> None:
    rows = np.flatnonzero(test.skewed)
    if not rows.size:
        return
    statistic, limit = (np.atleast_1d(v)[rows[0]] for v in (test.statistic, test.critical))
    where = "" if np.ndim(test.skewed) == 0 else f" in row {rows[0] + 1}"
    others = f" ({rows.size - 1} more like it)" if rows.size > 1 else ""
    raise StudyTableError(
        f"The quantiles{where} look skewed{others}: {statistic:.2f} is above {limit:.2f}, the 5 % "
        f"limit for normal data, so a mean and SD by normal theory may mislead. Pass "
        f'skewed="keep" to convert all the same, or skewed="missing" to leave such rows out.'
    )
