"""SMDH, SMD1, SMD1H: differences of means in units of other standard deviations (Glass's delta)."""

from __future__ import annotations

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.effects.measure import Measure
from bayes_ps.effects.reported import Arms
from bayes_ps.effects.standardised_mean_difference import exact_j


def average_standardiser(arms: Arms, variance: str) -> tuple[Array, Array]:
    r"""SMDH: g = J(n_t + n_c − 2) (mean_t − mean_c) / s, s² = (sd_t² + sd_c²)/2.

    .. math:: se^2 = \frac{sd_t^2/(n_t - 1) + sd_c^2/(n_c - 1)}{s^2}
              + g^2 \frac{sd_t^4/(n_t - 1) + sd_c^4/(n_c - 1)}{8 s^4}

    Bonett 2009, Psychol Methods 14:225, doi:10.1037/a0016619, as in metafor since 4.0; metafor 3.8
    has J² d² and J² instead. Test: ``tests/golden/test_metafor_escalc.py``, to 1e-12.
    """
    var_t, var_c = arms.sd_t**2, arms.sd_c**2
    df_t, df_c = arms.n_t - 1, arms.n_c - 1
    s2 = (var_t + var_c) / 2
    g = exact_j(df_t + df_c) * (arms.mean_t - arms.mean_c) / np.sqrt(s2)
    spread = (var_t**2 / df_t + var_c**2 / df_c) / (8 * s2**2)
    return g, np.sqrt((var_t / df_t + var_c / df_c) / s2 + g**2 * spread)


def glass_delta(arms: Arms, variance: str) -> tuple[Array, Array]:
    r"""SMD1: g = J(n_c − 1) (mean_t − mean_c) / sd_c, se² = 1/n_t + 1/n_c + g²/(2 n_c).

    Equal variances are assumed in se², not in g. As in metafor.
    Test: ``tests/golden/test_metafor_escalc.py``, to 1e-12.
    """
    g = exact_j(arms.n_c - 1) * (arms.mean_t - arms.mean_c) / arms.sd_c
    return g, np.sqrt(1 / arms.n_t + 1 / arms.n_c + g**2 / (2 * arms.n_c))


def glass_delta_unequal(arms: Arms, variance: str) -> tuple[Array, Array]:
    r"""SMD1H: g as SMD1, se² = (sd_t/sd_c)²/(n_t − 1) + 1/(n_c − 1) + g²/(2(n_c − 1)).

    Bonett 2008, Psychol Methods 13:99, doi:10.1037/1082-989X.13.2.99, as in metafor since 4.0.
    Test: ``tests/golden/test_metafor_escalc.py``, to 1e-12.
    """
    g, _ = glass_delta(arms, variance)
    df_t, df_c = arms.n_t - 1, arms.n_c - 1
    return g, np.sqrt((arms.sd_t / arms.sd_c) ** 2 / df_t + (1 + g**2 / 2) / df_c)


SMDH = Measure(
    code="SMDH",
    compute=average_standardiser,
    variances={"LS": "difference of means by the root mean sd², unequal variances, exact J"},
    unit="SD units",
)
SMD1 = Measure(
    code="SMD1",
    compute=glass_delta,
    variances={"LS": "Glass's delta by the control sd, exact J, equal variances in se"},
    unit="SD units",
    least={"n_c": 3},
)
SMD1H = Measure(
    code="SMD1H",
    compute=glass_delta_unequal,
    variances={"LS": "Glass's delta by the control sd, exact J, unequal variances in se"},
    unit="SD units",
    least={"n_c": 3},
)
