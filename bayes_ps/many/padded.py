"""Analyses as rows of arrays that are filled up with NaN, laid end to end."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.many.kernel.layout import Integers, Texts


class Laid(NamedTuple):
    """m analyses end to end.

    estimates : (2, n) y and se; start : (m + 1,) analysis i has start[i] to start[i + 1].
    problem : (m,) why an analysis cannot be done, "" where it can.
    """

    estimates: Array
    start: Integers
    problem: Texts


def laid(y: Array, se: Array) -> Laid:
    """The analyses of y and se (m, studies); NaN in both says that there is no such study."""
    there = ~(np.isnan(y) & np.isnan(se))
    sound = np.isfinite(y) & np.isfinite(se) & (se > 0)
    problem = np.full(len(y), "", dtype=object)
    problem[(there & ~sound).any(axis=1)] = (
        "A study has an estimate that is not a number, or an SE that is not a number > 0."
    )
    problem[~there.any(axis=1)] = "There is no study."
    start = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
    return Laid(np.stack([y[there], se[there]]), start, problem)
