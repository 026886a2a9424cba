"""Does the decision stand? Other priors, models and studies, biased trials, and the gate."""

from bayes_ps.robustness.band import MCIDBand, mcid_band
from bayes_ps.robustness.biased_trials import BiasTipping, tipping_bias
from bayes_ps.robustness.flipping import Robustness, robustness
from bayes_ps.robustness.gate import Check, Gate, reportable
from bayes_ps.robustness.mean_priors import enthusiastic, sceptical
from bayes_ps.robustness.variants import Variant

__all__ = [
    "BiasTipping",
    "Check",
    "Gate",
    "MCIDBand",
    "Robustness",
    "Variant",
    "enthusiastic",
    "mcid_band",
    "reportable",
    "robustness",
    "sceptical",
    "tipping_bias",
]
