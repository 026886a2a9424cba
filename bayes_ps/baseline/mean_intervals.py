"""The intervals of mu to choose from. A new one is a function and a line."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from bayes_ps.baseline.henmi_copas import common_effect_weights
from bayes_ps.baseline.interval import quantile
from bayes_ps.baseline.kenward_roger import small_sample
from bayes_ps.baseline.mean_effect import (
    Given,
    MeanEffect,
    estimated_mean,
    knapp_hartung,
    knapp_hartung_floored,
    wald,
    wald_t,
)
from bayes_ps.baseline.methods import Method, by_code
from bayes_ps.baseline.moments import dersimonian_laird
from bayes_ps.baseline.weighting import Pooled, pool

OfGiven = Callable[[Given], MeanEffect]


def knapp_hartung_iqwig(given: Given) -> MeanEffect:
    """hksj-iqwig: hksj, floored as hksj-adhoc only where its interval is narrower than DL's Wald.

    The rule of the German IQWiG for random-effects meta-analyses (there with Paule-Mandel, as
    ``tau2="PM"``): the floor is not needed where Hartung-Knapp is the wider one anyway.

    IQWiG, General Methods 6.1, 2022; ``adhoc.hakn.ci="IQWiG6"`` of R's meta.
    Test: ``tests/unit/test_baseline_intervals.py``, both sides of the rule.
    """
    se, df = knapp_hartung(given.pooled)
    classic = pool(given.y, given.v, dersimonian_laird(given.y, given.v)).se
    narrower = quantile(given.level, df) * se < quantile(given.level, math.inf) * classic
    floored, _ = knapp_hartung_floored(given.pooled)
    return estimated_mean(given.pooled.mu, np.where(narrower, floored, se)[()], df, given.level)


def knapp_hartung_hybrid(given: Given) -> MeanEffect:
    """hksj-hybrid: the wider of the hksj and the Wald interval, with the test that belongs to it.

    Jackson, Law, Rücker & Schwarzer 2017, Stat Med 36:3923, doi:10.1002/sim.7411 ("hybrid 2");
    ``adhoc.hakn.ci="ci"`` of R's meta.
    Test: ``tests/unit/test_baseline_intervals.py``, both sides of the rule.
    """
    both = [_of_pooled(method)(given) for method in (knapp_hartung, wald)]
    wider = both[1].upper - both[1].lower > both[0].upper - both[0].lower
    if not isinstance(wider, np.ndarray):
        return both[int(wider)]
    pairs = zip(vars(both[0]).values(), vars(both[1]).values(), strict=True)
    return MeanEffect(*(np.where(wider, second, first) for first, second in pairs))


def _of_pooled(method: Callable[[Pooled], tuple[Any, Any]]) -> OfGiven:
    """The interval of a `method` that gives a standard error and degrees of freedom."""

    def interval(given: Given) -> MeanEffect:
        return estimated_mean(given.pooled.mu, *method(given.pooled), given.level)

    return interval


HARTUNG_KNAPP = "Hartung-Knapp-Sidik-Jonkman"
MODIFIED = "doi:10.1186/s12874-015-0091-1"
CI = by_code(
    Method[OfGiven](
        "wald", "Wald, normal quantiles", "doi:10.1016/0197-2456(86)90046-2", _of_pooled(wald)
    ),
    Method(
        "t",
        "Wald, t with k - 1 df",
        "doi:10.1111/j.0006-341X.1999.00732.x",
        _of_pooled(wald_t),
    ),
    Method(
        "hksj",
        f"{HARTUNG_KNAPP}, t with k - 1 df",
        "doi:10.1002/sim.1482",
        _of_pooled(knapp_hartung),
    ),
    Method(
        "hksj-adhoc",
        f"{HARTUNG_KNAPP} with se never below Wald, t with k - 1 df",
        MODIFIED,
        _of_pooled(knapp_hartung_floored),
    ),
    Method(
        "hksj-truncated",
        f"{HARTUNG_KNAPP} with Q/(k - 1) truncated at 1 (the same as hksj-adhoc), t with k - 1 df",
        MODIFIED,
        _of_pooled(knapp_hartung_floored),
    ),
    Method(
        "hksj-iqwig",
        f"{HARTUNG_KNAPP}, se not below Wald where narrower than DerSimonian-Laird's Wald "
        f"interval, t with k - 1 df",
        "IQWiG General Methods 6.1, 2022",
        knapp_hartung_iqwig,
    ),
    Method(
        "hksj-hybrid",
        f"the wider of {HARTUNG_KNAPP} (t with k - 1 df) and Wald",
        "doi:10.1002/sim.7411",
        knapp_hartung_hybrid,
    ),
    Method(
        "kenward-roger",
        "Kenward-Roger, expected information, t with fitted df",
        "doi:10.1002/sim.7140",
        _of_pooled(small_sample),
    ),
    Method(
        "henmi-copas",
        "Henmi-Copas, common-effect weights, DerSimonian-Laird tau²",
        "doi:10.1002/sim.4029",
        common_effect_weights,
    ),
)
