"""What a reader must know of a baseline result, a sentence each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bayes_ps.baseline.interval import quantile
from bayes_ps.baseline.tau2_intervals import TAU2_CI

if TYPE_CHECKING:
    from bayes_ps.baseline.results import Baseline

ROUNDING = 1e-9  # of the root of Paule-Mandel, where both standard errors are the same


def notes_on(found: Baseline, *, wald_se: float) -> tuple[str, ...]:
    """The sentences that belong to `found`; `wald_se` is its Wald standard error."""
    said = [
        _one_study(found),
        _scaled_common_effect(found),
        _tau2_at_zero(found),
        _empty_interval(found),
        _no_error(found),
        _narrow(found, wald_se),
        _other_weights(found),
        _two_studies(found),
        _hardly_any_df(found),
        _no_prediction(found),
        _own_tau2(found),
    ]
    return tuple(sentence for sentence in said if sentence)


def _one_study(found: Baseline) -> str:
    return (
        "" if found.k > 1 else "One study says nothing of how far effects differ: no Q, I² or H²."
    )


def _scaled_common_effect(found: Baseline) -> str:
    if found.random or not found.ci.startswith("hksj"):
        return ""
    return (
        f'ci="{found.ci}" around a common effect scales its variance by Q/(k - 1): it lets studies '
        f'disagree after all. The usual interval of a common effect is ci="wald".'
    )


def _tau2_at_zero(found: Baseline) -> str:
    if not found.random or found.tau2 > 0 or found.tau2_interval is None:
        return ""
    spread = ", and a prediction interval then holds no spread between settings"
    return (
        f"{found.estimator} puts tau² at its boundary 0. That is a result, not proof that the "
        f"studies agree: the {100 * found.level:g}% {_tau2_method(found)} interval of tau reaches "
        f"{found.tau2_interval.upper**0.5:.3g}"
        f"{'' if found.choices.prediction == 'bootstrap' else spread}."
    )


def _empty_interval(found: Baseline) -> str:
    if found.tau2_interval is None or found.tau2_interval.upper > 0:
        return ""
    return (
        f"The studies agree more closely than their standard errors allow for: no tau² fits, and "
        f"the {_tau2_method(found)} interval is 0 to 0. Look for standard errors that are too "
        f"large, or for estimates that are not independent."
    )


def _no_error(found: Baseline) -> str:
    if found.se > 0:
        return ""
    return (
        "All estimates are the same, so Hartung-Knapp's standard error is 0 and its interval a "
        'point: neither says how well the effect is known. Take ci="hksj-adhoc" or "wald".'
    )


def _narrow(found: Baseline, wald_se: float) -> str:
    if not found.ci.startswith("hksj") or not found.random or found.se == 0:
        return ""
    if found.ci != "hksj" and found.se == wald_se:
        wider = {
            "hksj-hybrid": "The interval is Wald's, which is wider than Hartung-Knapp's.",
            "hksj-iqwig": "The standard error is held up to Wald's, because Hartung-Knapp's "
            "interval is narrower than Wald's with DerSimonian and Laird's tau².",
        }
        floored = (
            "The standard error is Wald's, because Hartung-Knapp's would not have been larger."
        )
        return wider.get(found.ci, floored)
    if found.se >= wald_se * (1 - ROUNDING):
        return ""
    wald = wald_se * quantile(found.level, math.inf)
    narrower = found.se * quantile(found.level, found.df) < wald
    interval = "narrower than Wald's" if narrower else "still wider than Wald's, because of t"
    mend = 'With ci="hksj-adhoc" the standard error never falls below.' if narrower else ""
    return (
        f"Hartung-Knapp's standard error {found.se:.3g} is below Wald's {wald_se:.3g}, and its "
        f"interval is {interval}. {mend}".rstrip()
    )


def _other_weights(found: Baseline) -> str:
    if found.ci != "henmi-copas":
        return ""
    return (
        "Henmi-Copas pools with the weights of a common effect, so mu is not DerSimonian and "
        "Laird's mean; its standard error and interval allow for tau²."
    )


def _two_studies(found: Baseline) -> str:
    if found.k != 2 or found.df != 1:
        return ""
    return (
        f"Two studies leave t one degree of freedom (quantile {quantile(found.level, 1):.3g}): "
        f"the interval says little. See doi:10.1002/bimj.201500236."
    )


def _hardly_any_df(found: Baseline) -> str:
    if found.ci != "kenward-roger" or found.df is None or found.df > 1 - ROUNDING:
        return ""
    return (
        f"Kenward-Roger leaves {found.df:.2g} degrees of freedom, because one study outweighs the "
        f'rest: its interval says nothing. Take ci="hksj-adhoc".'
    )


def _no_prediction(found: Baseline) -> str:
    if found.prediction is not None:
        return ""
    if not found.random:
        return "A common effect is the same in every setting: there is no prediction interval."
    if found.ci == "henmi-copas":
        return "Henmi and Copas define no prediction interval."
    if found.choices.prediction == "bootstrap":
        return "The bootstrap prediction interval needs three studies or more: there is none."
    if found.choices.prediction == "KR":
        return (
            "Kenward-Roger leaves t no degree of freedom for a new setting: no prediction interval."
        )
    return (
        "With two studies t with k - 2 = 0 degrees of freedom does not exist, so there is no "
        'prediction interval of Higgins-Thompson-Spiegelhalter. prediction="k-1" or "z" give one.'
    )


def _own_tau2(found: Baseline) -> str:
    if found.prediction is None or found.choices.prediction != "bootstrap":
        return ""
    return (
        f"The prediction interval draws tau² from its confidence distribution by Cochran's Q: it "
        f'is the same for every tau2 and ci, and rests on none of them, not on "{found.estimator}".'
    )


def _tau2_method(found: Baseline) -> str:
    return TAU2_CI[found.choices.tau2_ci].name
