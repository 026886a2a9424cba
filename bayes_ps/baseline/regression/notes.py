"""What a reader must know of a meta-regression, a sentence each."""

from __future__ import annotations

import numpy as np

from bayes_ps.baseline.regression.results import Regression
from bayes_ps.baseline.regression.weighting import Weighted

EXACT = 1e-9  # 1 − hat value: the study is fitted exactly
STUDIES_PER_MODERATOR = 10


def notes_on(found: Regression, ordinary: Weighted, rss: float) -> tuple[str, ...]:
    """The sentences that belong to `found`; `rss` is yᵀPy at its tau²."""
    said = [
        _scaled_common_effect(found),
        _alone(found, ordinary),
        _no_intercept(found),
        _tau2_at_zero(found),
        _negative_r2(found),
        _narrow(found, rss),
        _few(found),
    ]
    return tuple(sentence for sentence in said if sentence)


def _scaled_common_effect(found: Regression) -> str:
    if found.estimator != "FE" or found.test not in ("knha", "adhoc"):
        return ""
    return (
        f'test="{found.test}" around a common effect scales variances by QE/(k - p): studies '
        f'may disagree after all. The usual test of a common effect is test="z".'
    )


def _alone(found: Regression, ordinary: Weighted) -> str:
    if found.model.effects.V is not None:
        return ""
    rows = np.flatnonzero(ordinary.free < EXACT)
    if not rows.size:
        return ""
    named = ", ".join(f'"{found.model.effects.study[row]}"' for row in rows)
    return (
        f"A coefficient rests on one study alone ({named}): it is fitted exactly, and says nothing "
        f"of tau² or of how well the moderator predicts."
    )


def _no_intercept(found: Regression) -> str:
    design = found.model.design
    if design.intercept or len(found.names) == 1:
        return ""
    return (
        "Without an intercept the omnibus test asks whether all coefficients are 0, not whether "
        'they differ. For differences leave out the "0 +" of the formula, or use subgroups().'
    )


def _tau2_at_zero(found: Regression) -> str:
    if found.estimator == "FE" or found.tau2 > 0:
        return ""
    return (
        f"{found.estimator} puts the residual tau² at its boundary 0. That is a result, not proof "
        f"that the moderators explain everything: the {100 * found.level:g}% Q-profile interval of "
        f"tau reaches {found.tau2_interval.upper**0.5:.3g}."
    )


def _negative_r2(found: Regression) -> str:
    if found.tau2_alone is None or found.tau2 <= found.tau2_alone:
        return ""
    return (
        f"R² is shown as 0: tau² is larger with the moderators ({found.tau2:.3g}) than without "
        f"({found.tau2_alone:.3g})."
    )


def _narrow(found: Regression, rss: float) -> str:
    if found.test != "knha" or found.estimator == "FE" or rss >= found.qe_df * (1 - EXACT):
        return ""
    factor = (rss / found.qe_df) ** 0.5
    return (
        f"Knapp-Hartung's standard errors are {factor:.2g} times Wald's, because these studies "
        f'happen to agree. With test="adhoc" they are never below Wald\'s.'
    )


def _few(found: Regression) -> str:
    moderators = len(found.names) - found.model.design.intercept
    if not moderators or found.k >= STUDIES_PER_MODERATOR * moderators:
        return ""
    return (
        f"{found.k} studies for {moderators} coefficients of moderators: with fewer than about "
        f"{STUDIES_PER_MODERATOR} studies for each, meta-regression finds little and misleads "
        f"easily (Cochrane Handbook 10.11.4)."
    )
