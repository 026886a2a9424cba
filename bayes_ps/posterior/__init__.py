"""`Fit` and `Marginal`: the same questions, whichever engine answers."""

from bayes_ps.posterior.exact_fit import ExactFit
from bayes_ps.posterior.fit import Fit, Setting
from bayes_ps.posterior.marginal import Exact, Marginal
from bayes_ps.posterior.sampled import Sampled
from bayes_ps.posterior.sampled_fit import SampledFit
from bayes_ps.posterior.trace import TauTrace, study_weights, tau_trace

__all__ = [
    "Exact",
    "ExactFit",
    "Fit",
    "Marginal",
    "Sampled",
    "SampledFit",
    "Setting",
    "TauTrace",
    "study_weights",
    "tau_trace",
]
