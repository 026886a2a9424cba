"""Does the prior fit the unit of the effects? If not, a sentence on the result, with the mend."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bayes_ps.effects import Effects
from bayes_ps.hierarchy import GaussianHierarchy
from bayes_ps.priors import Prior
from bayes_ps.priors.location import Normal

NARROW, WIDE = 0.5, 20.0  # against the standard error of a typical study, the reach of the studies
NARROW_SD = 0.1  # against the standard deviation of the outcome


def prior_warnings(hierarchy: GaussianHierarchy, effects: Effects) -> tuple[str, ...]:
    """Warnings on priors that fake certainty or doubt because they are made for another unit."""
    found = []
    component = hierarchy.component
    if component is not None and component.prior.proper and not component.is_external:
        found += _tau_warnings(component.prior, effects)
    if len(hierarchy.beta) == 1 and isinstance(hierarchy.beta[0], Normal):
        found += _mu_warnings(hierarchy.beta[0], effects)
    return tuple(found)


def _tau_warnings(prior: Prior, effects: Effects) -> list[str]:
    """Too narrow: the largest plausible tau is small beside the standard error of a typical study
    or beside the spread of the outcome, so that no data can show heterogeneity (I² stays under
    20 %). Too wide: the prior's median dwarfs every contrast between studies, so that the prior
    alone decides how wide the results are."""
    typical = int(np.argsort(effects.se)[effects.k // 2])
    se, study = effects.se[typical], effects.study[typical]
    largest, middle = float(prior.ppf(0.975)), float(prior.ppf(0.5))
    reach = float(np.ptp(effects.y) + effects.se.max())
    outcome_sd = _outcome_sd(effects)
    half = (
        f"priors.half_normal({0.5 * outcome_sd:.2g})"
        if outcome_sd
        else (f"priors.half_normal(0.5 * sd), sd that of the outcome in {effects.unit}")
    )
    if largest < max(NARROW * se, NARROW_SD * (outcome_sd or 0)):
        against = f", and the outcome an SD of {outcome_sd:.3g}" if outcome_sd else ""
        return [
            f"The prior of tau, {prior!r}, allows tau up to {largest:.3g} {effects.unit} (97.5 %), "
            f'but a typical study ("{study}") has a standard error of {se:.3g}{against}: it rules '
            f"out heterogeneity whatever the data say, and fakes certainty. If it was made for an "
            f"SMD, multiply it by the standard deviation of the outcome: tau={half}."
        ]
    if middle > WIDE * reach:
        return [
            f"The prior of tau, {prior!r}, has its median at {middle:.3g} {effects.unit}, but the "
            f"studies lie within {reach:.3g} of each other: it was made for another unit. "
            f"Use for example tau={half}."
        ]
    return []


def _mu_warnings(prior: Normal, effects: Effects) -> list[str]:
    """A normal prior more than 3 standard errors from what the studies say."""
    weight = 1 / effects.se**2
    pooled, se = float(weight @ effects.y / weight.sum()), float(weight.sum() ** -0.5)
    away = abs(pooled - prior.mean) / np.hypot(se, prior.sd)
    if away <= 3:
        return []
    return [
        f"The prior of mu, {prior!r}, and the studies disagree: their inverse-variance mean is "
        f"{pooled:.3g} {effects.unit}, {away:.1f} standard errors from the prior's mean. If the "
        f"prior was made for another unit, rescale it, or use mu=priors.flat()."
    ]


def _outcome_sd(effects: Effects) -> float | None:
    """Pooled standard deviation of the outcome, where the arms are known and y is in its unit."""
    data = effects.data
    if effects.measure != "MD" or not {"n_t", "sd_t", "n_c", "sd_c"} <= set(data):
        return None
    n, sd = (
        data[[f"{name}_t", f"{name}_c"]].apply(pd.to_numeric, errors="coerce").to_numpy(float)
        for name in ("n", "sd")
    )
    known = (n > 1) & np.isfinite(n * sd)
    if not known.any():
        return None
    return float(np.sqrt(((n - 1) * sd**2)[known].sum() / (n - 1)[known].sum()))
