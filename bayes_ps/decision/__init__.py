"""The decision: how probable is an effect that matters, and how does that depend on the MCID?"""

from bayes_ps.decision.curve import MCIDCurve, mcid_curve
from bayes_ps.decision.mcid import MCID
from bayes_ps.decision.probabilities import Decision, Probabilities, Share, decide

__all__ = ["MCID", "Decision", "MCIDCurve", "Probabilities", "Share", "decide", "mcid_curve"]
