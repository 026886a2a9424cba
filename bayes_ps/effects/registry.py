"""Every measure by its code."""

from __future__ import annotations

from bayes_ps.effects.correlation import COR, ZCOR
from bayes_ps.effects.incidence_rates import IRD, IRR
from bayes_ps.effects.log_rank import HR, PETO
from bayes_ps.effects.mean_change import MC, SMCC, SMCR
from bayes_ps.effects.mean_difference import MD
from bayes_ps.effects.measure import Measure
from bayes_ps.effects.one_group import MN, PAS, PFT, PLO, PR
from bayes_ps.effects.other_standardisers import SMD1, SMD1H, SMDH
from bayes_ps.effects.ratio_of_means import ROM
from bayes_ps.effects.standardised_mean_difference import SMD
from bayes_ps.effects.two_by_two import AS, OR, RD, RR

MEASURES: dict[str, Measure] = {
    measure.code: measure
    for measure in (
        *(MD, SMD, SMDH, SMD1, SMD1H, ROM, MC, SMCC, SMCR, OR, RR, RD, PETO, AS, HR),
        *(IRR, IRD, MN, PR, PLO, PAS, PFT, COR, ZCOR),
    )
}
