"""The compiled function that Python calls; importing this compiles it or reads it from disk."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import typeof, void

from bayes_ps.many.kernel.analysis import analyse
from bayes_ps.many.kernel.columns import COLUMNS, WIDE
from bayes_ps.many.kernel.compiled import STAMP, entry
from bayes_ps.many.kernel.layout import PARTS, Analysis, Batch, Question
from bayes_ps.many.kernel.sinc import table
from bayes_ps.many.kernel.units import enter, room

SINC = table()
EMPTY = Batch(
    estimates=np.empty((2, 0)),
    start=np.zeros(1, dtype=np.int64),
    which=np.empty(0, dtype=np.int64),
    priors=np.empty((0, PARTS)),
    asked=np.empty((0, 2)),
    points=np.empty((0, 3)),
    below=0.025,
    score=-1.96,
    out=np.empty((0, COLUMNS)),
    theta=np.empty((0, WIDE)),
)


def _pool(stamp: int) -> Callable[[Analysis, Batch], None]:
    @entry(void(typeof(room(1, SINC)), typeof(EMPTY)))
    def pool(r: Analysis, b: Batch) -> None:
        """Fill b.out and b.theta, in the room r for the largest of the analyses."""
        for i in range(b.which.size + 0 * stamp):
            if b.which[i] < 0:
                continue
            first, last = b.start[i], b.start[i + 1]
            a = enter(r, b.estimates[:, first:last], b.priors[b.which[i]])
            points = b.points[i] if b.points.shape[0] > 0 else b.out[i, :0]
            q = Question(b.below, b.score, b.asked[i, 0], b.asked[i, 1], points)
            analyse(a, q, b.out[i], b.theta[first:last])

    return pool


pool = _pool(STAMP)
