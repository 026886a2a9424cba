"""How far trials lie from an estimate pooled by counts, the tau² that follows, and the CMH test."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from bayes_ps.baseline.linear.joint_tests import JointTest
from bayes_ps.baseline.two_by_two.counts import Counts
from bayes_ps.baseline.weighting import pair_sum
from bayes_ps.checks import Array


@dataclass(frozen=True)
class Around:
    """Q around a pooled estimate, df, P (NaN without a df), and tau² of DerSimonian-Laird."""

    q: float
    q_df: int
    q_p: float
    tau2: float


def around(mu: float, y: Array, v: Array) -> Around:
    r"""Q = Σ (y − mu)²/v, and tau² = max(0, Q − df) / (Σw − Σw²/Σw), for trials with an estimate.

    RevMan 5 and Stata's metan take `mu` from Mantel-Haenszel, so that their Q and tau² are a little
    above those around the inverse-variance mean.

    DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2; Deeks & Higgins 2010, Statistical
    algorithms in Review Manager 5.
    Test: ``tests/golden/test_revman_mantel_haenszel.py``, weights of Cochrane reviews.
    """
    weights, df = 1 / v, max(y.size - 1, 0)
    q = float(weights @ (y - mu) ** 2)
    if df == 0:
        return Around(q, df, math.nan, 0.0)
    excess = (q - df) * float(weights.sum() / pair_sum(weights))
    return Around(q, df, float(chdtrc(df, q)), max(0.0, excess))


def cochran_mantel_haenszel(counts: Counts, *, corrected: bool) -> JointTest | None:
    r"""Chi² with one df of Σ (a − E a), E and variance of the hypergeometric in each trial.

    `corrected`: ½ is taken from |Σ (a − E a)|, but never more than there is. None where no trial
    has both an event and somebody spared.

    Mantel & Haenszel 1959, J Natl Cancer Inst 22:719, doi:10.1093/jnci/22.4.719.
    Test: ``tests/golden/test_metafor_two_by_two.py``, BCG 135.689.
    """
    expected, variance = hypergeometric(counts)
    if variance.sum() == 0:
        return None
    distance = abs(float((counts.a - expected).sum()))
    distance = max(0.0, distance - 0.5) if corrected else distance
    statistic = distance**2 / float(variance.sum())
    return JointTest(statistic, 1, math.inf, float(chdtrc(1, statistic)), ("treatment",))


def hypergeometric(counts: Counts) -> tuple[Array, Array]:
    """Mean and variance of the treated events of each trial, all margins given."""
    spared = counts.b + counts.d
    expected = counts.events * counts.n_t / counts.n
    pairs = counts.n**2 * np.maximum(counts.n - 1, 1)
    return expected, counts.events * spared * counts.n_t * counts.n_c / pairs
