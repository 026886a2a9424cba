"""Does the prior fit the unit of the effects? If not, a sentence on the result, with the mend."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bayes_ps.effects import Effects
from bayes_ps.effects.patients import outcome_sd
from bayes_ps.hierarchy import GaussianHierarchy
from bayes_ps.priors import Prior
from bayes_ps.priors.location import Normal, Point

MADE_FOR = {  # how the source of a published prior ends, and the measures that it fits
    "(log odds ratio)": ("OR", "PETO", "RR"),
    "(SMD)": ("SMD", "SMDH"),
    "(SMD, times an SD": ("MD",),
}
FEW = 2  # studies, of which no data can say how far effects vary


def prior_warnings(hierarchy: GaussianHierarchy, effects: Effects) -> tuple[str, ...]:
    """Warnings on priors that fake certainty or doubt because they are made for another unit."""
    given = (*hierarchy.beta, *(each.prior for each in hierarchy.components))
    found = [prior.warning for prior in dict.fromkeys(given) if prior.warning]
    found += _scale_warnings(given, effects)
    component = hierarchy.component
    fixed = component is not None and isinstance(component.prior, Point)
    if component is not None and component.prior.proper and not fixed:
        found += _tau_warnings(component.prior, effects, external=component.is_external)
        if effects.k <= FEW and not component.is_external:
            found.append(
                f"With {effects.k} {'study' if effects.k == 1 else 'studies'} the prior of tau, "
                f"{component.prior!r}, decides what is said of heterogeneity, of a new setting and "
                f"of the share of settings, and much of how wide the mean effect is."
            )
    return tuple(found + _beta_warnings(hierarchy, effects))


def _scale_warnings(given: Sequence[Prior], effects: Effects) -> list[str]:
    """Published priors are made for a measure, which their source names."""
    found = []
    for prior in dict.fromkeys(given):
        for scale, measures in MADE_FOR.items():
            if scale in prior.source and effects.measure not in measures:
                found.append(
                    f"{prior!r} was made for {scale.strip('()')}s, but the effects are "
                    f"{effects.measure}: take one that was made for {effects.measure}, or for an "
                    f"SMD with sd=, the standard deviation of the outcome."
                )
    return found


def _tau_warnings(prior: Prior, effects: Effects, *, external: bool) -> list[str]:
    """Too narrow: next to the standard error of a typical study or the spread of the outcome the
    prior is so small that no data can show heterogeneity. Too wide: its median dwarfs every
    contrast between studies, so that the prior alone decides how wide the results are."""
    typical = int(np.argsort(effects.se)[effects.k // 2])
    se, study, sd = float(effects.se[typical]), effects.study[typical], outcome_sd(effects)
    reach = float(np.ptp(effects.y) + effects.se.max())
    scale = f"{0.5 * sd:.2g}" if sd else "0.5 * sd"
    mend = f"tau=priors.half_normal({scale})" + ("" if sd else ", sd that of the outcome")
    if _narrow(prior, se, sd or 0.0, external=external):
        beside = f", and the outcome an SD of {sd:.3g}" if sd else ""
        return [
            f"The prior of tau, {prior!r}, has its median at {prior.ppf(0.5):.3g} and 97.5 % below "
            f"{prior.ppf(0.975):.3g} {effects.unit}, but "
            f'{"the pool" if external else "a typical study"} ("{study}") has a standard error of '
            f"{se:.3g}{beside}: it all but rules out heterogeneity whatever the data say, and "
            f"fakes certainty. If it was made for an SMD, multiply it by the standard deviation of "
            f"the outcome, as in {mend}."
        ]
    if not external and prior.ppf(0.5) > 20 * reach:
        return [
            f"The prior of tau, {prior!r}, has its median at {prior.ppf(0.5):.3g} {effects.unit}, "
            f"but the studies lie within {reach:.3g} of each other: it was made for another unit. "
            f"Use for example {mend}."
        ]
    return []


def _narrow(prior: Prior, se: float, sd: float, *, external: bool) -> bool:
    """97.5 % below half a standard error keeps I² under 20 %; 0.1 SD and a median of 0.03 SD lie
    below nearly every published heterogeneity prior (Rhodes 2015), 0.08 se is their like without
    an SD. A pool is more precise than its studies: a median below a quarter of its se."""
    middle, largest = float(prior.ppf(0.5)), float(prior.ppf(0.975))
    if external:
        return middle < 0.25 * se
    return largest < max(0.5 * se, 0.1 * sd) or middle < max(0.08 * se, 0.03 * sd)


def _beta_warnings(hierarchy: GaussianHierarchy, effects: Effects) -> list[str]:
    """Normal priors more than 3 standard errors from what the studies say, as a common effect."""
    normal = [isinstance(prior, Normal) for prior in hierarchy.beta]
    root = 1 / effects.se
    X, y = hierarchy.X * root[:, None], effects.y * root
    if not any(normal) or np.linalg.matrix_rank(X) < X.shape[1]:
        return []
    pooled, covariance = np.linalg.lstsq(X, y)[0], np.linalg.inv(X.T @ X)
    found = []
    for i, (name, prior) in enumerate(zip(hierarchy.design.names, hierarchy.beta, strict=True)):
        if not isinstance(prior, Normal):
            continue
        away = abs(pooled[i] - prior.mean) / np.hypot(covariance[i, i] ** 0.5, prior.sd)
        if away > 3:
            found.append(
                f"The prior of {name}, {prior!r}, and the studies disagree: by inverse variance, "
                f"without heterogeneity, they say {pooled[i]:.3g} {effects.unit}, {away:.1f} "
                f"standard errors from the prior's mean. If the prior was made for another unit, "
                f"rescale it, or use priors.flat()."
            )
    return found
