"""What a measure of effect is: a code, the formula, and its named variance formulas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bayes_ps.checks import Array


@dataclass(frozen=True)
class Arms:
    """The two arms of each study, (k,) each: treated (`_t`) and control (`_c`)."""

    n_t: Array
    mean_t: Array
    sd_t: Array
    n_c: Array
    mean_c: Array
    sd_c: Array


@dataclass(frozen=True)
class Measure:
    """A measure: `compute(arms, variance)` gives (y, se); `variances` names each formula."""

    code: str
    compute: Callable[[Arms, str], tuple[Array, Array]]
    variances: Mapping[str, str]
    unit: str | None = None
