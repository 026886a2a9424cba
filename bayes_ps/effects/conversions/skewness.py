"""Do the quantiles of a group look as if its data were skewed? (Shi 2023)"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, read_only
from bayes_ps.effects.conversions.five_numbers import Summary, summary
from bayes_ps.effects.conversions.rows import Converted, keep


@dataclass(frozen=True, eq=False)
class SkewnessTest:
    """A test of symmetry by quantiles, at the 5 % level.

    Attributes
    ----------
    statistic, critical : the data look skewed where statistic >= critical; NaN without quantiles.
    skewed : truth value(s).
    scenario : "S1" (range), "S2" (quartiles), "S3" (both), "" (neither).
    """

    statistic: Converted
    critical: Converted
    skewed: npt.NDArray[np.bool_] | bool
    scenario: npt.NDArray[np.str_] | str

    def __str__(self) -> str:
        if np.ndim(self.skewed) == 0:
            word = "skewed" if self.skewed else "no skewness shown"
            return f"{word} ({self.scenario}: {self.statistic:.2f}, 5 % limit {self.critical:.2f})"
        rows = np.flatnonzero(self.skewed) + 1
        tested = int(np.isfinite(self.statistic).sum())
        if not rows.size:
            return f"none of {tested} rows looks skewed at 5 %"
        listed = ", ".join(map(str, rows[:12])) + (" …" if rows.size > 12 else "")
        return f"{rows.size} of {tested} rows look skewed at 5 % (row {listed})"


def skewness_test(
    median: npt.ArrayLike,
    n: npt.ArrayLike,
    *,
    q1: npt.ArrayLike = np.nan,
    q3: npt.ArrayLike = np.nan,
    minimum: npt.ArrayLike = np.nan,
    maximum: npt.ArrayLike = np.nan,
) -> SkewnessTest:
    r"""Test whether quantiles are compatible with normal data, at the 5 % level.

    With T₁ = \|a + b − 2 median\|/(b − a) of minimum a and maximum b, and T₂ the same of q1, q3:

    * S1 (range): T₁ against 1/ln(n + 9) + 2.5/(n + 1);
    * S2 (quartiles): T₂ against 2.65/√n − 6/n²;
    * S3 (both): max(2.65 ln(0.6 n)/√n T₁, T₂) against 3/√n − 40/n³.

    Parameters
    ----------
    median, n : median and number of participants (>= 5) of the group.
    q1, q3, minimum, maximum : as reported; NaN for what is not.

    Returns
    -------
    SkewnessTest
        Floats for scalars, else arrays.

    Raises
    ------
    StudyTableError
        With the row, for quantiles out of order, half a pair, no spread, or n < 5.

    Notes
    -----
    Shi 2023, doi:10.1177/09622802231172043, as in metafor's ``conv.fivenum``. Of normal data 4.2 to
    5.2 % are rejected from n = 13 to 501 (simulated). Small groups hide much skewness: that the
    test is silent is no proof of symmetry. One in twenty symmetric groups is rejected by chance.
    Test: ``tests/golden/test_conversions_quantiles.py``.
    """
    return test_of(summary(median, n, quartiles=(q1, q3), ends=(minimum, maximum)))


def test_of(five: Summary) -> SkewnessTest:
    """The test of a checked summary."""
    n = five.n
    ends = _asymmetry(five.minimum, five.median, five.maximum)
    quartiles = _asymmetry(five.q1, five.median, five.q3)
    both = np.maximum(2.65 * np.log(0.6 * n) / np.sqrt(n) * ends, quartiles)
    statistic = five.choose(ends, quartiles, both)
    critical = five.choose(
        1 / np.log(n + 9) + 2.5 / (n + 1),
        2.65 / np.sqrt(n) - 6 / n**2,
        3 / np.sqrt(n) - 40 / n**3,
    )
    skewed = statistic >= critical
    if np.ndim(skewed) == 0:
        return SkewnessTest(float(statistic), float(critical), bool(skewed), str(five.scenario))
    limits = keep(statistic), keep(critical)
    return SkewnessTest(*limits, read_only(skewed, bool), read_only(five.scenario, str))


def _asymmetry(low: Array, median: Array, high: Array) -> Array:
    return np.asarray(np.abs(low + high - 2 * median) / (high - low))
