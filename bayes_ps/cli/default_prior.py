"""The prior of tau where none is asked for: by the measure, with its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bayes_ps.checks import PriorError

if TYPE_CHECKING:
    from bayes_ps.effects import Effects
    from bayes_ps.priors import Prior

SOURCE = "Röver et al. 2021, doi:10.1002/jrsm.1475"
SCALE = 0.5  # of standardised effects, and of log ratios
ARMS = {"n_t", "sd_t", "n_c", "sd_c"}


def default_tau(effects: Effects, sd: float | None) -> Prior:
    """Half-normal(0.5) for SMDs and log ratios; for mean differences half an SD of the outcome.

    `sd` is the SD by which SMDs were put into points; without it, the SD of a mean difference is
    pooled over the arms.

    Raises
    ------
    PriorError
        For a measure for which neither is known.
    """
    from bayes_ps.effects.patients import outcome_sd
    from bayes_ps.priors import half_normal

    if sd is not None:
        said = f"half of the SD of {sd:g} {effects.unit}, as half-normal({SCALE:g}) of SMDs"
        return half_normal(SCALE * sd, source=f"{said}: {SOURCE}")
    if effects.unit == "SD units":
        return half_normal(SCALE, source=f"{SOURCE} (standardised mean differences)")
    if effects.is_ratio:
        return half_normal(SCALE, source=f"{SOURCE} (logarithms of ratios)")
    pooled = outcome_sd(effects)
    if pooled is not None:
        said = f"half of the SD of the outcome, {pooled:.3g} {effects.unit} (pooled over the arms)"
        source = f"{said}, as half-normal({SCALE:g}) of SMDs: {SOURCE}"
        return half_normal(float(f"{SCALE * pooled:.2g}"), source=source)
    raise PriorError(
        f"No prior of tau is known for {effects.measure} in {effects.unit}. State it by --tau, "
        f"such as --tau 'half_normal({_example(effects)})' if effects of single settings may "
        f"differ by about so much {effects.unit}; for standardised effects it is 0.5."
    )


def _example(effects: Effects) -> str:
    return f"{float(np.median(effects.se)):.2g}"
