"""The decision: how probable is an effect that matters, and how does that depend on the MCID?"""

from bayes_ps.decision.anchoring import anchors
from bayes_ps.decision.curve import MCIDCurve, mcid_curve
from bayes_ps.decision.mcid import MCID
from bayes_ps.decision.patients import Responders, responders
from bayes_ps.decision.per_thousand import AbsoluteRisk, absolute_risk
from bayes_ps.decision.probabilities import Decision, Probabilities, decide
from bayes_ps.decision.registry import mcids, published_mcid
from bayes_ps.decision.share import Share
from bayes_ps.decision.sizes import Bands, bands
from bayes_ps.decision.together import Together, decide_together

__all__ = [
    "MCID",
    "AbsoluteRisk",
    "Bands",
    "Decision",
    "MCIDCurve",
    "Probabilities",
    "Responders",
    "Share",
    "Together",
    "absolute_risk",
    "anchors",
    "bands",
    "decide",
    "decide_together",
    "mcid_curve",
    "mcids",
    "published_mcid",
    "responders",
]
