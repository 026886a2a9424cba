r"""Sceptical and enthusiastic priors of the mean effect, made of the MCID.

Sceptical: mu ~ N(0, s²), benefit beyond the MCID having a prior probability of 0.05. Enthusiastic:
its mirror image, mu ~ N(MCID, s²), no benefit having a prior probability of 0.05. Both with

    s = MCID / z,    z = Φ⁻¹(0.95) = 1.645.

Spiegelhalter, Freedman & Parmar 1994, doi:10.2307/2983527; Spiegelhalter, Abrams & Myles 2004,
Bayesian Approaches to Clinical Trials and Health-Care Evaluation, 5.5, doi:10.1002/0470092602.
There the difference is the one that a trial is designed to detect; here it is the MCID, of an
uncertain one the median. An MCID that is small beside the standard error of the mean makes both
priors strong.
"""

from __future__ import annotations

from bayes_ps.decision import MCID
from bayes_ps.effects import Effects
from bayes_ps.priors import Prior, normal
from bayes_ps.sensitivity.question import Question

DOUBT = 0.05
"""Prior probability of what each prior all but rules out."""
Z = 1.6448536269514722  # Φ⁻¹(1 − DOUBT)
SOURCE = "Spiegelhalter 2004, doi:10.1002/0470092602"


def sceptical(effects: Effects, mcid: MCID) -> Prior:
    """N(0, s²) with P(benefit beyond the MCID) = 0.05, s = MCID / 1.645, for these effects.

    Raises
    ------
    UnitError
        If the MCID is in another unit than the effects.
    """
    size = Question.about(effects, mcid).size
    return normal(0.0, size / Z, source=f"sceptical: P(beyond the MCID) {DOUBT:g}; {SOURCE}")


def enthusiastic(effects: Effects, mcid: MCID) -> Prior:
    """N(MCID, s²), in the direction of benefit, with P(no benefit) = 0.05, s = MCID / 1.645.

    Raises
    ------
    UnitError
        If the MCID is in another unit than the effects.
    """
    question = Question.about(effects, mcid)
    source = f"enthusiastic: P(no benefit) {DOUBT:g}; {SOURCE}"
    return normal(question.sign * question.size, question.size / Z, source=source)
