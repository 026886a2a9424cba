"""What a reader must know of a baseline result, a sentence each."""

from __future__ import annotations

import math

from bayes_ps.baseline.interval import quantile
from bayes_ps.baseline.results import Baseline

ROUNDING = 1e-9  # of the root of Paule-Mandel, where both standard errors are the same


def notes_on(found: Baseline, *, wald_se: float) -> tuple[str, ...]:
    """The sentences that belong to `found`; `wald_se` is its Wald standard error."""
    said = [
        _scaled_common_effect(found),
        _tau2_at_zero(found),
        _empty_profile(found),
        _narrow(found, wald_se),
        _two_studies(found),
        _no_prediction(found),
    ]
    return tuple(sentence for sentence in said if sentence)


def _scaled_common_effect(found: Baseline) -> str:
    if found.estimator != "FE" or not found.ci.startswith("hksj"):
        return ""
    return (
        f'ci="{found.ci}" around a common effect scales its variance by Q/(k - 1): it lets studies '
        f'disagree after all. The usual interval of a common effect is ci="wald".'
    )


def _tau2_at_zero(found: Baseline) -> str:
    if found.estimator == "FE" or found.tau2 > 0 or found.tau2_interval is None:
        return ""
    return (
        f"{found.estimator} puts tau² at its boundary 0. That is a result, not proof that the "
        f"studies agree: the {100 * found.level:g}% Q-profile interval of tau reaches "
        f"{found.tau2_interval.upper**0.5:.3g}, and a prediction interval then holds no spread "
        f"between settings."
    )


def _empty_profile(found: Baseline) -> str:
    if found.tau2_interval is None or found.tau2_interval.upper > 0:
        return ""
    return (
        "The studies agree more closely than their standard errors allow for: no tau² fits, and "
        "the Q-profile interval is 0 to 0. Look for standard errors that are too large, or for "
        "estimates that are not independent."
    )


def _narrow(found: Baseline, wald_se: float) -> str:
    if not found.ci.startswith("hksj") or found.estimator == "FE":
        return ""
    if found.ci == "hksj-adhoc" and found.se == wald_se:
        return "The standard error is Wald's, because Hartung-Knapp's would not have been larger."
    if found.se >= wald_se * (1 - ROUNDING):
        return ""
    wald = wald_se * quantile(found.level, math.inf)
    narrower = found.se * quantile(found.level, found.df) < wald
    interval = "narrower than Wald's" if narrower else "still wider than Wald's, because of t"
    return (
        f"Hartung-Knapp's standard error {found.se:.3g} is below Wald's {wald_se:.3g}, and its "
        f'interval is {interval}. With ci="hksj-adhoc" the standard error never falls below.'
    )


def _two_studies(found: Baseline) -> str:
    if found.k != 2 or found.df != 1:
        return ""
    return (
        f"Two studies leave t one degree of freedom (quantile {quantile(found.level, 1):.3g}): "
        f"the interval says little. See doi:10.1002/bimj.201500236."
    )


def _no_prediction(found: Baseline) -> str:
    if found.prediction is not None:
        return ""
    if found.estimator == "FE":
        return "A common effect is the same in every setting: there is no prediction interval."
    return (
        "With two studies t with k - 2 = 0 degrees of freedom does not exist, so there is no "
        'prediction interval of Higgins-Thompson-Spiegelhalter. prediction="k-1" or "z" give one.'
    )
