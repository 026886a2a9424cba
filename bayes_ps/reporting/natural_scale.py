"""Effects as readers know them: ratios as ratios, differences as they are."""

from __future__ import annotations

import math

from bayes_ps import words
from bayes_ps.effects import Effects


def natural(effects: Effects, value: float) -> float:
    """A value of the effects: a ratio if they are logarithms of ratios."""
    return math.exp(value) if effects.is_ratio else value


def shown(effects: Effects, estimate: float, low: float, high: float) -> str:
    """An estimate with its interval on the natural scale, as in ``0.71 (0.52 to 0.96)``."""
    if not effects.is_ratio:
        return words.interval(estimate, low, high)
    ratios = [math.exp(value) for value in (estimate, low, high)]
    places = max(2, words.decimals(ratios[2] - ratios[0]) - 1)
    first, second, third = (f"{value:.{places}f}" for value in ratios)
    return f"{first} ({second} to {third})"


def unit_shown(effects: Effects) -> str:
    """The unit on the natural scale: that of a log ratio is the ratio."""
    return effects.unit.removeprefix("log ") if effects.is_ratio else effects.unit
