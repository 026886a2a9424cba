"""The SD of the outcome among patients, which tells how large an effect or a tau is."""

from __future__ import annotations

import numpy as np

from bayes_ps.effects.effects import Effects
from bayes_ps.effects.stated_sd import assumed_sd

ARMS = ("n_t", "sd_t", "n_c", "sd_c")


def outcome_sd(effects: Effects) -> float | None:
    """The SD in the unit of the effects, or None where nothing tells it.

    Of mean differences: the root of the mean variance of the arms, weighted by n − 1. Of SMDs that
    were made points: the SD by which they were, since their arms are in units of their own.
    """
    stated = assumed_sd(effects)
    if stated is not None:
        return stated.value
    if effects.measure != "MD" or not set(ARMS) <= set(effects.columns):
        return None
    import pandas as pd

    arms = effects.data[list(ARMS)].apply(pd.to_numeric, errors="coerce").to_numpy(float)
    n, sd = arms[:, ::2], arms[:, 1::2]
    known = (n > 1) & np.isfinite(n * sd)
    if not known.any():
        return None
    return float(np.sqrt(((n - 1) * sd**2)[known].sum() / (n - 1)[known].sum()))
