"""Where an MCID lies on an axis: a place for a number, a range for an uncertain one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real

import numpy as np

from bayes_ps.decision import MCID
from bayes_ps.effects import Effects
from bayes_ps.plots.scale import scale_of

MANY = 4
"""Anchors that are written out."""


@dataclass(frozen=True)
class Extent:
    """An MCID as a benefit > 0 in the unit of the effects.

    Attributes
    ----------
    low, middle, high : 2.5, 50 and 97.5 % quantile, all one for a number.
    anchors : the values, where it is a list of numbers.
    text : as in ``MCID 10`` or ``MCID 10 (8 to 12)``; ratios as ratios.
    """

    low: float
    middle: float
    high: float
    anchors: tuple[float, ...]
    text: str

    @property
    def certain(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high and not self.anchors

    @property
    def places(self) -> tuple[float, ...]:
        """Where names would cover it: over its range, or at the line through its anchors."""
        return (self.middle,) if self.anchors else tuple(np.linspace(self.low, self.high, 9))


def extent_of(mcid: MCID, effects: Effects) -> Extent:
    """Where an MCID lies, and what is written beside it.

    Raises
    ------
    UnitError
        If it is in another unit than the effects.
    """
    size, scale = mcid.in_unit_of(effects).spread, scale_of(effects)

    def shown(x: float) -> str:
        at = effects.benefit_sign * x if scale.ratio else x
        return scale.value(at) if mcid.certain else scale.brief(at)

    low, middle, high = map(float, size.ppf([0.025, 0.5, 0.975]))
    values = mcid.value if isinstance(mcid.value, tuple) else ()
    anchors = tuple(sorted({float(x) for x in values})) if _numbers(values) else ()
    return Extent(low, middle, high, anchors, f"MCID {_text((low, middle, high), anchors, shown)}")


def _numbers(values: tuple[object, ...]) -> bool:
    return len(set(values)) > 1 and all(isinstance(x, Real) for x in values)


def _text(
    quantiles: tuple[float, float, float], anchors: tuple[float, ...], shown: Callable[[float], str]
) -> str:
    low, middle, high = quantiles
    if anchors and len(anchors) <= MANY:
        return f"{', '.join(map(shown, anchors[:-1]))} or {shown(anchors[-1])}"
    if anchors:
        return f"{len(anchors)} values, {shown(anchors[0])} to {shown(anchors[-1])}"
    if low == high:
        return shown(middle)
    ends = sorted((shown(low), shown(high)), key=float)
    return f"{shown(middle)} ({ends[0]} to {ends[1]})"
