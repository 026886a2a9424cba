"""Numbers told with their uncertainty: shares and risks of the two groups, and the NNT."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from bayes_ps.checks import Array, BayesPSError
from bayes_ps.decision.carrying import STEP, Carried
from bayes_ps.decision.spread import Spread
from bayes_ps.posterior import Sampled

ROUNDING = 1e-9  # of a number needed to treat that is whole


@dataclass(frozen=True)
class Amount:
    """One number that is told with its uncertainty.

    Attributes
    ----------
    target : ``"mean effect"``, ``"new setting"``, or ``"control group"``.
    quantity : what it is.
    mean, median, lower, upper : central interval.
    mcse_* : Monte Carlo standard errors; 0 for the exact engine.
    """

    target: str
    quantity: str
    mean: float
    median: float
    lower: float
    upper: float
    mcse_mean: float = 0.0
    mcse_median: float = 0.0
    mcse_lower: float = 0.0
    mcse_upper: float = 0.0


def amounts(
    quantity: str, found: Sequence[Carried | Sampled], level: float
) -> tuple[Amount, Amount]:
    """The mean, median and interval of two distributions: of the mean effect, of a new setting."""
    q = quantiles_of(level)

    def one(target: str, each: Carried | Sampled) -> Amount:
        middle, low, high = map(float, each.ppf(np.array(q)))
        errors = [each.mcse("mean"), *(each.mcse("ppf", at) for at in q)]
        return Amount(target, quantity, each.mean, middle, low, high, *errors)

    mean, new = found
    return one("mean effect", mean), one("new setting", new)


def amount_of(
    quantity: str, other: Spread, of: Callable[[Array], Array], level: float, *, rising: bool = True
) -> Amount:
    """Of a monotone function of the other unknown alone, in the control group."""
    u, weight = other.rule(STEP)
    q = np.array(quantiles_of(level))
    middle, low, high = map(float, of(other.ppf(q if rising else 1 - q)))
    return Amount("control group", quantity, float(weight @ of(u)), middle, low, high)


def frame_of(amounts: Sequence[Amount]) -> pd.DataFrame:
    """A row an amount."""
    return pd.DataFrame([asdict(one) for one in amounts])


def quantiles_of(level: float) -> tuple[float, float, float]:
    """The median and the ends of the central interval."""
    if not 0 < level < 1:
        raise BayesPSError(f"level must be between 0 and 1, as in 0.95, but is {level!r}.")
    return 0.5, (1 - level) / 2, (1 + level) / 2


def nnt(difference: Amount, sign: int, *, of: float = 1) -> str:
    """The number needed to treat; the difference is in events `of` so many, benefit has this sign.

    Rounded up, as the Cochrane Handbook does. Where the interval holds 0, that of the number needed
    to treat passes through infinity
    (Altman 1998, doi:10.1136/bmj.317.7168.1309).
    """

    def one(gain: float) -> str:
        if gain == 0:
            return "infinity"
        return f"{'NNTB' if gain > 0 else 'NNTH'} {math.ceil(1 / abs(gain) - ROUNDING)}"

    gains = [sign * value / of for value in (difference.median, difference.lower, difference.upper)]
    worst, best = sorted(gains[1:])
    between = " to infinity to " if worst < 0 < best else " to "
    return f"{one(gains[0])} ({one(best)}{between}{one(worst)})"
