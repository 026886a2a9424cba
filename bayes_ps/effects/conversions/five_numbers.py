"""What a group reports of minimum, quartiles, median and maximum, checked, and its scenario."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, StudyTableError
from bayes_ps.effects.conversions.rows import read, refuse


@dataclass(frozen=True, eq=False)
class Summary:
    """Arrays of one shape; NaN for what was not reported."""

    n: Array
    minimum: Array
    q1: Array
    median: Array
    q3: Array
    maximum: Array

    @property
    def scenario(self) -> npt.NDArray[np.str_]:
        """ "S1" (range), "S2" (quartiles), "S3" (both); "" where that or n, median is missing."""
        ends, quartiles = ~np.isnan(self.minimum), ~np.isnan(self.q1)
        which = np.select([ends & quartiles, ends, quartiles], ["S3", "S1", "S2"], "")
        return np.asarray(np.where(np.isnan(self.n + self.median), "", which))

    def choose(self, s1: Array, s2: Array, s3: Array) -> Array:
        """The value of each row's scenario, NaN where it has none."""
        scenario = self.scenario
        return np.select([scenario == name for name in ("S1", "S2", "S3")], [s1, s2, s3], np.nan)


Pair = tuple[npt.ArrayLike, npt.ArrayLike]


def summary(median: npt.ArrayLike, n: npt.ArrayLike, *, quartiles: Pair, ends: Pair) -> Summary:
    """The checked summary of groups.

    Raises
    ------
    StudyTableError
        With the row, for quantiles out of order, half a pair, no spread, or n < 5.
    """
    names = ("n", "minimum", "q1", "median", "q3", "maximum")
    given = (n, ends[0], quartiles[0], median, quartiles[1], ends[1])
    values = dict(zip(names, read(dict(zip(names, given, strict=True))), strict=True))
    few = "With fewer than five participants ask the authors for the mean and SD."
    refuse(values["n"] < 5, values["n"], "n", "5 or more", mend=few)
    for low, high in (("minimum", "maximum"), ("q1", "q3")):
        _both(values, low, high)
    _ordered(values, names[1:])
    for low, high in (("minimum", "maximum"), ("q1", "q3")):
        flat = values[high] == values[low]
        mend = "Without spread there is no SD to estimate: look for more digits."
        refuse(flat, values[high], high, f"above {low}", mend=mend)
    return Summary(**values)


def _both(values: dict[str, Array], low: str, high: str) -> None:
    half = np.isnan(values[low]) != np.isnan(values[high])
    if half.any():
        row = int(np.flatnonzero(half)[0])
        has, lacks = (low, high) if np.isnan(values[high].flat[row]) else (high, low)
        where = "" if half.ndim == 0 else f" in row {row + 1}"
        raise StudyTableError(
            f'"{has}" is given without "{lacks}"{where}. Give both, or NaN for both.'
        )


def _ordered(values: dict[str, Array], names: tuple[str, ...]) -> None:
    """minimum <= q1 <= median <= q3 <= maximum, among those reported."""
    for i, low in enumerate(names):
        for high in names[i + 1 :]:
            out = values[high] < values[low]
            mend = "Look for swapped columns, or a typing error."
            refuse(out, values[high], high, f"at or above {low}", mend=mend)
