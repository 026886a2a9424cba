"""Other priors of tau beside the one of an analysis: half and twice as wide, and half-Cauchy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.priors import Prior, half_cauchy
from bayes_ps.priors.half import HalfCauchy, HalfNormal, HalfStudentT
from bayes_ps.priors.log_scale import LogNormal, LogStudentT
from bayes_ps.priors.positive import Exponential, Gamma, InverseGamma, Uniform

FACTORS = {"half the scale": 0.5, "twice the scale": 2.0}


def rescaled(prior: Prior, factor: float) -> Prior | None:
    """The prior of `factor` times tau; None for one that has no scale, or not one of ours."""
    changed: dict[str, Any]
    match prior:
        case HalfNormal() | HalfCauchy() | HalfStudentT() | InverseGamma():
            changed = {"scale": prior.scale * factor}
        case LogNormal() | LogStudentT():
            changed = {"location": prior.location + float(np.log(factor))}
        case Uniform():
            changed = {"lower": prior.lower * factor, "upper": prior.upper * factor}
        case Exponential() | Gamma():
            changed = {"rate": prior.rate / factor}
        case _:
            return None
    source = f"{prior.source}, times {factor:g}" if prior.source else ""
    return replace(prior, source=source, **changed)


def other_tau_priors(own: Prior, se: Array) -> dict[str, Prior]:
    """Half and twice the scale of `own`, and a half-Cauchy with its median, by what each is.

    An improper prior has no median: its half-Cauchy has that of the standard errors `se` (k,).
    """
    scaled = {name: rescaled(own, factor) for name, factor in FACTORS.items()}
    found = {name: prior for name, prior in scaled.items() if prior is not None}
    given = own.given(se)
    median = float(given.ppf(0.5)) if given.proper else 0.0
    wide = half_cauchy(median if median > 0 else float(np.median(se)))
    return found if isinstance(own, HalfCauchy) else found | {"half-Cauchy": wide}
