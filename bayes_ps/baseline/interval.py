"""`Interval`: two ends, their level, and the distribution whose quantiles made them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri, stdtrit


@dataclass(frozen=True)
class Interval:
    """From `lower` to `upper`, central, at `level`.

    `df` degrees of freedom of its t or chi² distribution, inf for the normal, None for any other.
    ``low, high = interval`` unpacks its ends.
    """

    lower: float
    upper: float
    df: float | None
    level: float
    method: str

    def __iter__(self) -> Iterator[float]:
        return iter((self.lower, self.upper))

    def __str__(self) -> str:
        return f"{self.lower:.4g} to {self.upper:.4g} ({100 * self.level:g}%, {self.method})"


def quantile(level: float, df: Any) -> Any:
    """The upper quantile of a central interval: of t with `df`, or of the normal if `df` is inf."""
    upper = (1 + level) / 2
    if isinstance(df, np.ndarray):
        return np.where(np.isinf(df), ndtri(upper), stdtrit(df, upper))
    return float(ndtri(upper) if math.isinf(df) else stdtrit(df, upper))
