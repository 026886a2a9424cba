r"""Moment estimators of the residual tau², for any design matrix, in closed form.

With P = W − WX(XᵀWX)⁻¹XᵀW for weights W, and V the sampling variances,
E[yᵀPy] = tr(PV) + tau² tr(P). Each estimator chooses W and solves for tau². With X = 1 they are
those of `baseline`.

Viechtbauer 2010, J Stat Softw 36(3), doi:10.18637/jss.v036.i03; Viechtbauer, López-López,
Sánchez-Meca & Marín-Martínez 2015, Psychol Methods 20:360, doi:10.1037/met0000023.
Tests: ``tests/golden/test_metafor_regression.py``.
"""

from __future__ import annotations

from bayes_ps.baseline.regression.weighting import Studies


def common_effect(studies: Studies) -> float:
    """FE: no residual heterogeneity by assumption."""
    return 0.0


def dersimonian_laird(studies: Studies) -> float:
    """DL: W = 1/v, tau² = (Q − (k − p)) / tr(P)."""
    return max(0.0, (studies.fixed.rss - studies.df) / studies.fixed.trace())


def hedges(studies: Studies) -> float:
    """HE: W = I, tau² = (residual sum of squares − tr(PV)) / (k − p)."""
    ordinary = studies.ordinary
    return max(0.0, (ordinary.rss - ordinary.trace(studies.v)) / studies.df)


def hunter_schmidt(studies: Studies) -> float:
    """HS: W = 1/v, tau² = (Q − k) / Σw. Too small on average: it forgets the coefficients."""
    return max(0.0, (studies.fixed.rss - studies.y.size) / float((1 / studies.v).sum()))


def hunter_schmidt_corrected(studies: Studies) -> float:
    """HSk: W = 1/v, tau² = (Q k/(k − p) − k) / Σw."""
    k = studies.y.size
    excess = studies.fixed.rss * k / studies.df - k
    return max(0.0, excess / float((1 / studies.v).sum()))


def sidik_jonkman(studies: Studies) -> float:
    """SJ: W = 1/(v + t), t = Σ(y − ȳ)²/k, tau² = t Q/(k − p). Never 0 unless all y are alike."""
    start = studies.spread
    return start * studies.at(start).rss / studies.df if start > 0 else 0.0
