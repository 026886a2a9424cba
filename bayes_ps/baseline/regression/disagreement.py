"""How far studies disagree that have the same moderators: QE, I², H², R², an interval of tau²."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import chdtrc, chdtri

from bayes_ps.baseline.heterogeneity import i2_from_q
from bayes_ps.baseline.interval import Interval
from bayes_ps.baseline.methods import Method
from bayes_ps.baseline.regression.tau2_iterated import tau2_where_rss_is
from bayes_ps.baseline.regression.weighting import Studies


@dataclass(frozen=True)
class Residual:
    """QE with its test, I² in per cent, H², and the Q-profile interval of the residual tau²."""

    qe: float
    qe_df: int
    qe_p: float
    i2: float
    h2: float
    tau2_interval: Interval


def residual_heterogeneity(studies: Studies, tau2: float | None, level: float) -> Residual:
    r"""QE = yᵀPy at tau² = 0; I² = 100 tau²/(tau² + s²), H² = 1 + tau²/s², s² = (k − p)/tr(P).

    With `tau2` None (a common effect) both are from QE.

    Higgins & Thompson 2002, doi:10.1002/sim.1186; Viechtbauer 2007, doi:10.1002/sim.2514.
    Test: ``tests/golden/test_metafor_regression.py``, BCG on latitude, I² 68.39 under REML.
    """
    qe, df = studies.fixed.rss, studies.df
    if tau2 is None:
        i2, h2 = i2_from_q(qe, df), qe / df
    else:
        ratio = tau2 * studies.fixed.trace() / df
        i2, h2 = 100 * ratio / (1 + ratio), 1 + ratio
    tail = (1 - level) / 2
    lower = tau2_where_rss_is(float(chdtri(df, tail)), studies)
    upper = tau2_where_rss_is(float(chdtri(df, 1 - tail)), studies)
    interval = Interval(lower, upper, df, level, "Q-profile (doi:10.1002/sim.2514)")
    return Residual(qe, df, float(chdtrc(df, qe)), i2, h2, interval)


def explained(studies: Studies, tau2: float, estimator: Method) -> tuple[float, float] | None:
    r"""R² in per cent, and tau² of the mean alone by the same estimator; None where there is no R².

    .. math:: R^2 = 100 \max(0, (\tau^2_1 - \tau^2) / \tau^2_1)

    It exists where the mean alone is a special case of the model and has tau² above 0. It is the
    share of the heterogeneity that the moderators explain, very uncertain with few studies.

    Raudenbush 2009, in Handbook of Research Synthesis; López-López et al. 2014,
    doi:10.1111/bmsp.12002.
    Test: ``tests/golden/test_metafor_regression.py``, BCG on latitude, 75.63 under REML.
    """
    alone = studies.mean_alone
    if estimator.code == "FE" or studies.X.shape[1] == 1 or alone is None:
        return None
    total = float(estimator.compute(alone))
    return (100 * max(0.0, (total - tau2) / total), total) if total > 0 else None
