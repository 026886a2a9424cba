"""`fail_safe_n`: Rosenthal's file drawer number, kept for comparison with older reviews."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtr, ndtri

from bayes_ps.baseline.weighting import independent
from bayes_ps.checks import ModelError
from bayes_ps.effects import Effects


@dataclass(frozen=True)
class FailSafeN:
    """`n` studies of no effect would raise the one-sided `p` of `k` studies above `alpha`."""

    n: int
    p: float
    alpha: float
    k: int

    def __str__(self) -> str:
        return (
            f"Rosenthal's fail-safe N: {self.n} unpublished studies with z = 0 on average would "
            f"raise the one-sided P of {self.k} studies from {self.p:.2g} (Stouffer) to "
            f"{self.alpha:g}. It says nothing of the size of the effect, and the Cochrane Handbook "
            f"(13.3.5) advises against it."
        )


def fail_safe_n(effects: Effects, alpha: float = 0.05) -> FailSafeN:
    r"""Rosenthal's fail-safe N: unpublished null studies that would undo significance.

    Parameters
    ----------
    effects : k independent studies.
    alpha : one-sided, in the direction of the mean z.

    Returns
    -------
    FailSafeN
        `n` is rounded up, 0 if P is not below `alpha` to begin with.

    Raises
    ------
    ModelError
        For an `alpha` outside (0, 0.5).

    Notes
    -----
    .. math:: N = \left(\frac{\sum y_i / se_i}{z_{1-\alpha}}\right)^2 - k

    Same as metafor's ``fsn(type="Rosenthal")``. Kept to check older reviews: it does not use the
    size of the effects, and it supposes that the unpublished studies average no effect.

    Rosenthal 1979, Psychol Bull 86:638, doi:10.1037/0033-2909.86.3.638.
    Tests: ``tests/golden/test_metafor_small_study.py`` (12 data sets; BCG 598) and
    ``tests/golden/test_papers_small_study.py`` (teacher expectancy 26, passive smoking 393).
    """
    if not 0 < alpha < 0.5:
        raise ModelError(f"alpha must be between 0 and 0.5, as in 0.05, but is {alpha}.")
    y, v = independent(effects)
    z = abs(float((y / v**0.5).sum()))
    n = max(0, math.ceil((z / float(ndtri(1 - alpha))) ** 2 - effects.k))
    return FailSafeN(n, float(ndtr(-z / math.sqrt(effects.k))), alpha, effects.k)
