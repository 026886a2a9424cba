"""How many digits a number was printed with, and by how much it may be rounded."""

from __future__ import annotations

import math


def decimals(value: float) -> int:
    """Decimals of the shortest way to write the number: 3.40 reads as 3.4, so 1."""
    if not math.isfinite(value):
        return 0
    text = repr(float(value))
    if "e" in text:
        mantissa, power = text.split("e")
        return max(len(mantissa.partition(".")[2].rstrip("0")) - int(power), 0)
    return len(text.partition(".")[2].rstrip("0"))


def half_unit(value: float) -> float:
    """Half a unit of the last printed decimal."""
    return 0.5 * 10.0 ** -decimals(value) * (1 + 1e-9)
