"""MN, PR, PLO, PAS, PFT: the mean or the proportion of one group."""

from __future__ import annotations

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.effects.measure import Measure
from bayes_ps.effects.reported import Form, OneMean, OneProportion


def mean(group: OneMean, variance: str) -> tuple[Array, Array]:
    """y = mean, se = sd/√n."""
    return group.mean, group.sd / np.sqrt(group.n)


def proportion(group: OneProportion, variance: str) -> tuple[Array, Array]:
    """y = p = x/n, se² = p(1 − p)/n."""
    p = group.events / group.n
    return p, np.sqrt(p * (1 - p) / group.n)


def log_odds(group: OneProportion, variance: str) -> tuple[Array, Array]:
    """y = log(x/(n − x)), se² = 1/x + 1/(n − x)."""
    others = group.n - group.events
    return np.log(group.events / others), np.sqrt(1 / group.events + 1 / others)


def arcsine(group: OneProportion, variance: str) -> tuple[Array, Array]:
    """y = asin √(x/n), se² = 1/(4n)."""
    return np.arcsin(np.sqrt(group.events / group.n)), 1 / np.sqrt(4 * group.n)


def double_arcsine(group: OneProportion, variance: str) -> tuple[Array, Array]:
    """y = (asin √(x/(n + 1)) + asin √((x + 1)/(n + 1)))/2, se² = 1/(4n + 2).

    Freeman & Tukey 1950, Ann Math Stat 21:607, doi:10.1214/aoms/1177729756, halved as in metafor.
    """
    n, x = group.n, group.events
    y = (np.arcsin(np.sqrt(x / (n + 1))) + np.arcsin(np.sqrt((x + 1) / (n + 1)))) / 2
    return y, 1 / np.sqrt(4 * n + 2)


_READS = (Form(OneProportion),)

MN = Measure(
    code="MN",
    compute=mean,
    variances={"LS": "mean of one group, sd²/n"},
    reads=(Form(OneMean),),
    flips=False,
)
PR = Measure(
    code="PR",
    compute=proportion,
    variances={"LS": "proportion of one group, p(1 − p)/n"},
    reads=_READS,
    unit="proportion",
    corrected=True,
    flips=False,
)
PLO = Measure(
    code="PLO",
    compute=log_odds,
    variances={"LS": "log odds of one group, 1/x + 1/(n − x)"},
    reads=_READS,
    unit="log odds",
    corrected=True,
)
PAS = Measure(
    code="PAS",
    compute=arcsine,
    variances={"LS": "arcsine square root of a proportion, 1/(4n)"},
    reads=_READS,
    unit="arcsine units",
    flips=False,
)
PFT = Measure(
    code="PFT",
    compute=double_arcsine,
    variances={"LS": "Freeman-Tukey double arcsine of a proportion, 1/(4n + 2)"},
    reads=_READS,
    unit="arcsine units",
    flips=False,
)
