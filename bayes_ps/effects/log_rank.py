"""PETO and HR: log ratios from observed minus expected events, y = (O − E)/V, se = 1/√V."""

from __future__ import annotations

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.effects.measure import Measure
from bayes_ps.effects.reported import Events, Form, LogRank


def one_step(data: LogRank | Events, variance: str) -> tuple[Array, Array]:
    r"""y = (O − E)/V, se² = 1/V; of 2 x 2 tables by the hypergeometric distribution.

    Of a table with M events among N people, O = a, E = n_t M/N,
    V = n_t n_c M (N − M) / (N² (N − 1)). Yusuf et al. 1985, Prog Cardiovasc Dis 27:335,
    doi:10.1016/S0033-0620(85)80003-7. For survival O − E and V are those of the log-rank test.
    Test: ``tests/golden/test_metafor_escalc.py``, PETO, to 1e-12.
    """
    if isinstance(data, Events):
        data = hypergeometric(data)
    return data.o_e / data.v, 1 / np.sqrt(data.v)


def hypergeometric(e: Events) -> LogRank:
    """O − E and V of 2 x 2 tables, given their margins."""
    n, events = e.n_t + e.n_c, e.events_t + e.events_c
    v = e.n_t * e.n_c * events * (n - events) / (n**2 * (n - 1))
    return LogRank(e.events_t - e.n_t * events / n, v)


PETO = Measure(
    code="PETO",
    compute=one_step,
    variances=dict.fromkeys(("LS", "RevMan"), "Peto's log odds ratio, (O − E)/V"),
    reads=(Form(Events), Form(LogRank)),
    ratio=True,
    corrected=True,
    silent=True,
)
HR = Measure(
    code="HR",
    compute=one_step,
    variances=dict.fromkeys(("LS", "RevMan"), "log hazard ratio, (O − E)/V"),
    reads=(Form(LogRank),),
    ratio=True,
)
