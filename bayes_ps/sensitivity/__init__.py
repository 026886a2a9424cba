"""What the answer depends on: other priors, one study fewer, study after study, powers of both."""

from bayes_ps.sensitivity.growing import Cumulative, cumulative
from bayes_ps.sensitivity.left_out import LeaveOneOut, leave_one_out
from bayes_ps.sensitivity.power_scales import PowerScaling, power_scaling
from bayes_ps.sensitivity.prior_grid import PriorGrid, priors
from bayes_ps.sensitivity.tipping import Tipping, TippingPriors, tipping_prior

__all__ = [
    "Cumulative",
    "LeaveOneOut",
    "PowerScaling",
    "PriorGrid",
    "Tipping",
    "TippingPriors",
    "cumulative",
    "leave_one_out",
    "power_scaling",
    "priors",
    "tipping_prior",
]
