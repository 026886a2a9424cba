"""What stands on the axis of effects: differences as they are, ratios as ratios on a log axis."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matplotlib.ticker import MaxNLocator

from bayes_ps.checks import Array
from bayes_ps.effects import Effects
from bayes_ps.plots import lettering
from bayes_ps.plots.style import LINE

DIFFERENCES = {
    "MD": "Mean difference",
    "SMD": "Standardised mean difference",
    "SMDH": "Standardised mean difference (average variance)",
    "SMD1": "Standardised mean difference (Glass, SD of control)",
    "SMD1H": "Standardised mean difference (Glass, SD of control)",
    "MC": "Difference of mean changes",
    "SMCC": "Standardised mean change (SD of change)",
    "SMCR": "Standardised mean change (SD at baseline)",
    "RD": "Risk difference",
    "AS": "Arcsine difference",
    "IRD": "Difference of rates",
    "MN": "Mean",
    "PR": "Proportion",
    "PLO": "Proportion (log odds)",
    "PAS": "Proportion (arcsine)",
    "PFT": "Proportion (Freeman-Tukey)",
    "COR": "Correlation",
    "GEN": "Effect",
    "ZCOR": "Correlation (Fisher's z)",
}
RATIOS = {
    "OR": "Odds ratio",
    "PETO": "Odds ratio (Peto)",
    "RR": "Risk ratio",
    "HR": "Hazard ratio",
    "IRR": "Rate ratio",
    "ROM": "Ratio of means",
}
MOST = 9
"""Ticks on an axis at most."""
ROUND_RATIOS = (
    (1,),
    (1, 3),
    (1, 2, 5),
    (1, 1.5, 2, 3, 5, 7),
    (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9),
)


@dataclass(frozen=True)
class Scale:
    """How values of an effect are shown to a reader.

    Attributes
    ----------
    label : measure and unit, for the axis.
    ratio : whether the effects are logarithms of ratios, and shown as ratios.
    """

    label: str
    ratio: bool

    def interval(self, middle: float, low: float, high: float, decimals: int) -> str:
        """An estimate with its interval, in text."""
        if self.ratio:
            middle, low, high = math.exp(middle), math.exp(low), math.exp(high)
        return lettering.interval(middle, low, high, decimals)

    def places(self, low: float, high: float) -> int:
        """Decimals for an interval from `low` to `high`; ratios have two."""
        return 2 if self.ratio else lettering.places(high - low)

    def value(self, x: float) -> str:
        """One value in as many digits as it needs, four at most."""
        return f"{math.exp(x) if self.ratio else x:.4g}".replace("-", lettering.MINUS)

    def brief(self, x: float) -> str:
        """One value that is not known for sure, in three digits."""
        return f"{math.exp(x) if self.ratio else x:.3g}".replace("-", lettering.MINUS)

    def ticks(
        self, low: float, high: float, inches: float, *, upright: bool = False
    ) -> tuple[list[float], list[str]]:
        """Places and labels of ticks between `low` and `high`, as many as stand well apart."""
        best: tuple[list[float], list[str]] = ([], [])
        for candidate in self._candidates(low, high):
            inside = [float(x) for x in candidate if low <= x <= high]
            labels = self._labels(inside)
            apart = np.diff(inside) / (high - low) * inches
            taken = [_half(a, upright) + _half(b, upright) for a, b in pairwise(labels)]
            if len(best[0]) < len(inside) <= MOST and bool(np.all(apart > taken)):
                best = inside, labels
        return best

    def _candidates(self, low: float, high: float) -> list[Array]:
        if not self.ratio:
            return _round(low, high)
        decades = range(math.floor(low / math.log(10)), math.ceil(high / math.log(10)) + 1)
        found = [np.log([x * 10.0**n for n in decades for x in steps]) for steps in ROUND_RATIOS]
        if high - low < math.log(3):
            found += [np.log(x[x > 0]) for x in _round(math.exp(low), math.exp(high))]
        return found

    def _labels(self, at: list[float]) -> list[str]:
        if self.ratio or len(at) < 2:
            return [self.value(x) for x in at]
        decimals = max(0, -math.floor(math.log10(at[1] - at[0]) + 1e-9))
        return [lettering.number(x, decimals) for x in at]


def scale_of(effects: Effects) -> Scale:
    """The scale on which a reader expects these effects."""
    if effects.is_ratio:
        return Scale(f"{RATIOS.get(effects.measure, 'Ratio')} (log scale)", ratio=True)
    name = DIFFERENCES.get(effects.measure, effects.measure)
    return Scale(f"{name}, {effects.unit}", ratio=False)


def _round(low: float, high: float) -> list[Array]:
    """Round numbers over the range, ever more of them."""
    locators = (MaxNLocator(count, steps=[1, 2, 5, 10]) for count in range(2, MOST + 1))
    return [np.array(locator.tick_values(low, high)) for locator in locators]


def _half(label: str, upright: bool) -> float:
    """Half of the room that a tick takes along its axis, in inches."""
    return 1.3 * LINE if upright else lettering.width(label) / 2 + 0.05
