"""Which other priors the report asks: sceptical and enthusiastic ones, and other ones of tau."""

from __future__ import annotations

from dataclasses import dataclass

from bayes_ps.decision import MCID
from bayes_ps.posterior import Fit
from bayes_ps.priors import Prior, flat
from bayes_ps.robustness import enthusiastic, sceptical
from bayes_ps.robustness.tau_priors import other_tau_priors

BELIEFS = (
    "Sceptical: centred on no effect, with probability 0.05 of benefit beyond the MCID. "
    "Enthusiastic: centred on a benefit of the MCID, with probability 0.05 of no benefit "
    "(after Spiegelhalter, Freedman & Parmar 1994, doi:10.2307/2983527)."
)


@dataclass(frozen=True)
class Choice:
    """A prior with the name it goes by in the table.

    Attributes
    ----------
    of : "mu" or "tau".
    """

    of: str
    name: str
    prior: Prior


def prior_choices(fit: Fit, mcid: MCID | None) -> tuple[Choice, ...]:
    """The model's own priors first, then others; those of mu take their size from the MCID.

    Parameters
    ----------
    mcid : of one number.
    """
    found = []
    own = getattr(fit.model, "mu", None)
    if isinstance(own, Prior):
        found.append(Choice("mu", "the model's", own))
        if own != flat():
            found.append(Choice("mu", "flat", flat()))
        if mcid is not None:
            found.append(Choice("mu", "sceptical", sceptical(fit.effects, mcid)))
            found.append(Choice("mu", "enthusiastic", enthusiastic(fit.effects, mcid)))
    tau = getattr(fit.model, "tau", None)
    if isinstance(tau, Prior) and fit.has_tau:
        others = other_tau_priors(tau, fit.effects.se)
        found.append(Choice("tau", "the model's", tau))
        found += [Choice("tau", name, prior) for name, prior in others.items()]
    return tuple(found)
