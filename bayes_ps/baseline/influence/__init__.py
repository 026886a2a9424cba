"""What each study does to the baseline: leave-one-out, cumulative, and influence diagnostics."""

from bayes_ps.baseline.influence.deletion import Influence, baseline_influence
from bayes_ps.baseline.influence.refits import Refits
from bayes_ps.baseline.influence.refitting import baseline_cumulative, baseline_leave_one_out

__all__ = [
    "Influence",
    "Refits",
    "baseline_cumulative",
    "baseline_influence",
    "baseline_leave_one_out",
]
