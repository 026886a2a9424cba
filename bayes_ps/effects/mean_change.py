"""MC, SMCC, SMCR: the change of one group, raw or standardised, or its difference between arms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.effects.measure import Measure
from bayes_ps.effects.reported import BaselineChange, Change, Form, Paired, TwoGroups
from bayes_ps.effects.standardised_mean_difference import exact_j


def raw_change(data: Paired | Change) -> tuple[Array, Array]:
    """MC: y = after − before, se² = sd_change²/n."""
    return data.mean_change, data.sd_change / np.sqrt(data.n)


def change_by_its_sd(data: Paired | Change) -> tuple[Array, Array]:
    """SMCC: g = J(n − 1) (after − before)/sd_change, se² = 1/n + g²/(2n). Gibbons et al. 1993."""
    g = exact_j(data.n - 1) * data.mean_change / data.sd_change
    return g, np.sqrt((1 + g**2 / 2) / data.n)


def change_by_sd_before(data: Paired | BaselineChange) -> tuple[Array, Array]:
    """SMCR: g = J(n − 1) (after − before)/sd_pre, se² = 2(1 − r)/n + g²/(2n). Becker 1988."""
    g = exact_j(data.n - 1) * data.mean_change / data.sd_pre
    return g, np.sqrt((2 * (1 - data.r) + g**2 / 2) / data.n)


def of_one_or_two_groups(
    change: Callable[[Any], tuple[Array, Array]],
) -> Callable[[Any, str], tuple[Array, Array]]:
    """`change` of one group; of two, the difference treated − control, whose variances add up."""

    def compute(data: Any, variance: str) -> tuple[Array, Array]:
        if not isinstance(data, TwoGroups):
            return change(data)
        (y_t, se_t), (y_c, se_c) = change(data.t), change(data.c)
        return y_t - y_c, np.hypot(se_t, se_c)

    return compute


def _forms(*shapes: type) -> tuple[Form, ...]:
    return tuple(Form(shape, arms=arms) for arms in (True, False) for shape in shapes)


_THREE = {"n": 3, "n_t": 3, "n_c": 3}

MC = Measure(
    code="MC",
    compute=of_one_or_two_groups(raw_change),
    variances={"LS": "mean change, sd² of the change / n"},
    reads=_forms(Paired, Change),
)
SMCC = Measure(
    code="SMCC",
    compute=of_one_or_two_groups(change_by_its_sd),
    variances={"LS": "mean change in units of the sd of the change, exact J"},
    reads=_forms(Paired, Change),
    unit="SD units",
    least=_THREE,
)
SMCR = Measure(
    code="SMCR",
    compute=of_one_or_two_groups(change_by_sd_before),
    variances={"LS": "mean change in units of the sd before, exact J"},
    reads=_forms(Paired, BaselineChange),
    unit="SD units",
    least=_THREE,
)
