"""What a measure of effect is: a code, the data it reads, the formula, its variance formulas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bayes_ps.checks import Array
from bayes_ps.effects.reported import Arms, Form


@dataclass(frozen=True)
class Measure:
    """A measure of effect.

    Attributes
    ----------
    code : metafor's code.
    compute : ``compute(data, variance)`` gives (y, se), (k,) arrays; it checks nothing, so that a
        million rows take a fraction of a second.
    variances : the names of its variance formulas, each with its description in words.
    reads : what `compute` takes, in the order of preference.
    unit : the unit of `y` where the measure has its own, None where it is that of the outcome.
    ratio : whether `y` is the logarithm of a ratio.
    least : the smallest group size of each column of sizes, where it is not 2.
    positive : columns that must be above 0 for this measure.
    corrected : whether counts of 0 are corrected before `compute`.
    silent : whether a study without an event in either arm says nothing of it.
    flips : whether −y is the effect on a scale that runs the other way.
    """

    code: str
    compute: Callable[[Any, str], tuple[Array, Array]]
    variances: Mapping[str, str]
    reads: tuple[Form, ...] = (Form(Arms),)
    unit: str | None = None
    ratio: bool = False
    least: Mapping[str, int] = field(default_factory=dict)
    positive: tuple[str, ...] = ()
    corrected: bool = False
    silent: bool = False
    flips: bool = True
