"""Fill a batch with numbers, and say in words why some analyses have none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from bayes_ps.checks import Array, BayesPSError
from bayes_ps.effects import Effects
from bayes_ps.many.batches import run
from bayes_ps.many.kernel.columns import ERROR, IMPROPER, NOWHERE, STATUS, TOLERANCE
from bayes_ps.many.kernel.layout import Batch, Integers, Texts
from bayes_ps.many.one_by_one import by_exact_engine
from bayes_ps.priors import Prior


def answer(
    b: Batch,
    given: Sequence[tuple[Prior, Prior]],
    which: Integers,
    *,
    workers: int = 0,
    advance: Callable[[int], None] = lambda done: None,
) -> Texts:
    """Fill b.out by the kernels, and by the exact engine where they do not know the priors.

    `given` and `which` are those that the batch was made of. Returns the problem of each analysis,
    "" where there is none.
    """
    run(b, workers=workers, advance=advance)
    problem = np.full(which.size, "", dtype=object)
    for i in np.flatnonzero((which >= 0) & (b.which < 0)):
        tau, mu = given[which[i]]
        try:
            b.out[i], _ = by_exact_engine(
                _effects(b.estimates[:, b.start[i] : b.start[i + 1]]),
                tau=tau,
                mu=mu,
                level=1 - 2 * b.below,
                asked=b.asked[i],
            )
        except (BayesPSError, FloatingPointError, np.linalg.LinAlgError) as failed:
            problem[i] = str(failed)
    status, error = b.out[:, STATUS], b.out[:, ERROR]
    for i in np.flatnonzero((status == IMPROPER) | (status == NOWHERE)):
        se = b.estimates[1, b.start[i] : b.start[i + 1]]
        problem[i] = why_not(status[i] == IMPROPER, given[which[i]][0], se)
    for i in np.flatnonzero(error > TOLERANCE):
        problem[i] = f"The quadrature is exact to {error[i]:.1g} only."
    return problem


def why_not(improper: bool, tau: Prior, se: Array) -> str:
    """Why an analysis has no numbers."""
    if improper:
        return (
            f"Under {tau!r} the posterior of tau is improper for "
            f"{se.size} {'study' if se.size == 1 else 'studies'}. "
            f"Use a proper prior, for example priors.half_normal(scale)."
        )
    try:
        tau.given(se)
    except BayesPSError as error:
        return str(error)
    return "The estimates, the standard errors and the priors are too far apart to be computed."


def _effects(estimates: Array) -> Effects:
    """An analysis for the exact engine, which looks at neither names nor units."""
    y, se = estimates
    return Effects.from_estimates(
        y, se=se, study=range(y.size), measure="GEN", unit="that of y", better="higher"
    )
