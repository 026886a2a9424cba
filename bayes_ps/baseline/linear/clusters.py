"""Which cluster each effect is in, by a column of the effects or as given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bayes_ps import checks
from bayes_ps.checks import ModelError
from bayes_ps.effects import Effects


def cluster_of(
    effects: Effects, cluster: str | Sequence[Any] | npt.NDArray[Any]
) -> npt.NDArray[np.str_]:
    """(k,) names of clusters: a column of the effects, or one value an effect; none missing."""
    if isinstance(cluster, str):
        frame = effects.to_frame()
        if cluster not in frame:
            raise ModelError(
                f"effects.data has no column {cluster!r}. It has: {', '.join(map(str, frame))}."
            )
        values, name = frame[cluster], cluster
    else:
        values, name = pd.Series(list(cluster), dtype=object), "cluster"
    if len(values) != effects.k:
        raise ModelError(f"{name} has {len(values)} values, but there are {effects.k} effects.")
    missing = np.flatnonzero(values.isna())
    if missing.size:
        where = checks.where(effects.study, int(missing[0]))
        raise ModelError(f"{name!r} is missing for {where}. Say which cluster it belongs to.")
    return np.array([str(value) for value in values])
