"""Numbers as text: enough digits to see on which side of a threshold they lie, and no more."""

from __future__ import annotations

import math


def decimals(width: float) -> int:
    """Decimals at which an interval of this width shows three significant digits."""
    if not math.isfinite(width) or width <= 0:
        return 2
    return min(max(2 - math.floor(math.log10(width)), 0), 12)


def interval(estimate: float, low: float, high: float) -> str:
    """As in ``-3.48 (-6.61 to -0.35)``."""
    places = decimals(high - low)
    return f"{estimate:.{places}f} ({low:.{places}f} to {high:.{places}f})"


def probability(p: float) -> str:
    """Three decimals, and never a rounded 0 or 1: ``< 0.001`` and ``> 0.999``."""
    if p < 0.0005:
        return "< 0.001"
    return "> 0.999" if p >= 0.9995 else f"{p:.3f}"
