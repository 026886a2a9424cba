"""Batches of analyses for the kernel, run in chunks by as many threads as there are processors."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from bayes_ps.checks import Array
from bayes_ps.many.families import encoded
from bayes_ps.many.kernel.columns import COLUMNS, WIDE
from bayes_ps.many.kernel.entry_point import SINC, pool
from bayes_ps.many.kernel.layout import PARTS, Batch, Integers
from bayes_ps.many.kernel.units import room
from bayes_ps.priors import Prior

CHUNK = 1_000  # analyses: about 20 ms


def batch(
    estimates: Array,
    start: Integers,
    given: Sequence[tuple[Prior, Prior]],
    *,
    which: Integers,
    asked: Array,
    level: float,
    points: Array | None = None,
    theta: bool = False,
) -> Batch:
    """A batch with NaN for answers. `given` are the pairs of priors, of tau and of mu, that `which`
    counts; analyses under priors that the kernel does not know are left out (which = −1)."""
    rows = [encoded(tau, mu) for tau, mu in given]
    known = np.array([row is not None for row in rows], dtype=bool)
    blank = np.zeros(PARTS)
    return Batch(
        estimates=_own(estimates),
        start=_own(start, np.int64),
        which=np.where((which >= 0) & known[which], which, -1).astype(np.int64),
        priors=np.array([blank if row is None else row for row in rows]).reshape(-1, PARTS),
        asked=_own(asked),
        points=np.empty((0, 3)) if points is None else _own(points),
        below=(1 - level) / 2,
        score=float(ndtri((1 - level) / 2)),
        out=np.full((which.size, COLUMNS), np.nan),
        theta=np.full((estimates.shape[1] if theta else 0, WIDE), np.nan),
    )


def _own(values: npt.NDArray[Any], dtype: Any = float) -> npt.NDArray[Any]:
    """As the kernel takes arrays: contiguous, of one type, and not read-only."""
    return np.require(values, dtype=dtype, requirements=["C", "W"])


def run(b: Batch, *, workers: int = 0, advance: Callable[[int], None] = lambda done: None) -> None:
    """Fill the answers of a batch; `advance` hears how many analyses are done.

    Each analysis is computed alone, so that neither chunks nor threads change a digit.
    """
    m = b.which.size
    workers = workers or getattr(os, "process_cpu_count", os.cpu_count)() or 1
    firsts = range(0, m, CHUNK)
    if workers == 1 or len(firsts) < 2:
        for first in firsts:
            advance(_chunk(b, first, min(first + CHUNK, m)))
        return
    with ThreadPoolExecutor(workers) as threads:
        jobs = [threads.submit(_chunk, b, first, min(first + CHUNK, m)) for first in firsts]
        for job in as_completed(jobs):
            advance(job.result())


def _chunk(b: Batch, first: int, last: int) -> int:
    """Analyses `first` to `last` of a batch, in a room of their own."""
    start = b.start[first : last + 1]
    part = b._replace(
        start=start,
        which=b.which[first:last],
        asked=b.asked[first:last],
        points=b.points[first:last] if b.points.size else b.points,
        out=b.out[first:last],
    )
    pool(room(int(np.diff(start).max()), SINC), part)
    return last - first
