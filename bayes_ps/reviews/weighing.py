"""How an analysis weighs its rows: told from the weights that it prints."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from bayes_ps.baseline import Baseline, PooledCounts, baseline, mantel_haenszel
from bayes_ps.checks import Array, BayesPSError
from bayes_ps.effects import Effects

TOLERANCE, LEAST = 1e-3, 1e-3  # relative, to a weight of at least this many per cent


class Scheme(NamedTuple):
    """A way to pool: "IV", "MH" or "PETO"; a common effect ("FE") or random effects by `tau2`."""

    pooling: str
    tau2: str

    @property
    def model(self) -> str:
        """ "FE" or "RE"."""
        return "FE" if self.tau2 == "FE" else "RE"


IV = tuple(Scheme("IV", tau2) for tau2 in ("FE", "DL", "REML", "PM"))
MH = (Scheme("MH", "FE"), Scheme("MH", "DL"))
SCHEMES = {
    "OR": (*MH, *IV), "RR": (*MH, *IV), "RD": (*MH, *IV), "PETO": (Scheme("PETO", "FE"), *IV[1:]),
}  # fmt: skip


class Weighed(NamedTuple):
    """A scheme, over which groups the weights add up to 100, and the weights (m,) in per cent.

    `within` is "subgroup" or "overall"; `agree` (m,) says which printed weights are the same.
    """

    scheme: Scheme
    within: str
    weights: Array
    agree: npt.NDArray[np.bool_]


def weighed(effects: Effects, rows: pd.DataFrame, measure: str) -> Weighed | None:
    """The scheme whose weights are those that are printed; None if none are printed.

    Where several do equally well (one study a group, tau² = 0) the first is taken, which is the
    plainest: those that the file states, then common before random effects.
    """
    printed = rows["weight"].to_numpy(dtype=float)
    if not (printed > 0).any():
        return None
    schemes = [each for each in SCHEMES.get(measure, IV) if _stated(each, rows)]
    groups = rows["subgroup"].fillna("").astype(str).to_numpy() if "subgroup" in rows else None
    found = []
    for within in ("overall", "subgroup"):
        if within == "subgroup" and (groups is None or len(set(groups)) < 2):
            continue
        labels = groups if within == "subgroup" else np.zeros(len(rows))
        for scheme in schemes:
            weights = np.full(len(rows), np.nan)
            for label in pd.unique(labels):
                at = np.flatnonzero(labels == label)
                group = effects.where(labels == label)
                weights[at] = _weights(group, rows.iloc[at], scheme, measure)
            agree = np.abs(weights - printed) < TOLERANCE * np.maximum(printed, LEAST)
            found.append(Weighed(scheme, within, weights, agree))
    return max(found, key=lambda each: int(each.agree.sum()))


def pooled(
    effects: Effects, rows: pd.DataFrame, scheme: Scheme, measure: str
) -> Baseline | PooledCounts:
    """The pooled result by a scheme: a `Baseline`, or `PooledCounts` by Mantel-Haenszel."""
    tau2 = "FE" if effects.k == 1 else scheme.tau2
    if scheme.pooling == "MH":
        return mantel_haenszel(rows, measure=measure, tau2=tau2, convention="RevMan")
    return baseline(effects, tau2=tau2, ci="wald")


def _weights(effects: Effects, rows: pd.DataFrame, scheme: Scheme, measure: str) -> Array:
    try:
        return pooled(effects, rows, scheme, measure).weights
    except BayesPSError:  # this scheme is not for these rows
        return np.full(len(rows), np.nan)


def _stated(scheme: Scheme, rows: pd.DataFrame) -> bool:
    pooling, model = (
        str(rows[name].iloc[0]) if name in rows else "" for name in ("pooling", "model")
    )
    return pooling in ("", scheme.pooling) and model in ("", scheme.model)
