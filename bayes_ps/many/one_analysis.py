"""One analysis with its studies: by the kernel if it knows the priors, else by the exact engine."""

from __future__ import annotations

import threading
from functools import lru_cache

import numpy as np
from scipy.special import ndtri

from bayes_ps.checks import Array, ModelError
from bayes_ps.effects import Effects
from bayes_ps.many.answers import why_not
from bayes_ps.many.families import encoded
from bayes_ps.many.kernel.columns import COLUMNS, FINE, IMPROPER, STATUS
from bayes_ps.many.kernel.entry_point import SINC, pool
from bayes_ps.many.kernel.layout import Analysis, Batch
from bayes_ps.many.kernel.units import room
from bayes_ps.many.one_by_one import by_exact_engine
from bayes_ps.priors import Prior

_own = threading.local()


def row_of(
    effects: Effects, tau: Prior, mu: Prior, *, asked: Array, level: float, theta: Array
) -> Array:
    """Its row (COLUMNS,); fills `theta` (k, WIDE), a row a study.

    Raises
    ------
    ModelError
        If the posterior is improper or cannot be computed.
    """
    numbers = _encoded(tau, mu)
    if numbers is None:
        row, theta[:] = by_exact_engine(
            effects, tau=tau, mu=mu, level=level, asked=asked, theta=True
        )
        return row
    b = Batch(
        estimates=np.array([effects.y, effects.se]),
        start=np.array([0, effects.k]),
        which=np.zeros(1, dtype=np.int64),
        priors=numbers[None],
        asked=asked[None],
        points=np.empty((0, 3)),
        below=(1 - level) / 2,
        score=float(ndtri((1 - level) / 2)),
        out=np.full((1, COLUMNS), np.nan),
        theta=theta,
    )
    pool(_room(effects.k), b)
    status = b.out[0, STATUS]
    if status != FINE:
        raise ModelError(why_not(status == IMPROPER, tau, effects.se))
    return b.out[0]


_encoded = lru_cache(maxsize=256)(encoded)


def _room(k: int) -> Analysis:
    """This thread's room for k studies, kept for the next call."""
    if getattr(_own, "k", -1) < k:
        _own.k, _own.room = k, room(k, SINC)
    return _own.room
