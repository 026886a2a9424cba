"""`pit_many`: where the truth lies in the posterior of each of many simulated reviews."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from bayes_ps.checks import PriorError, StudyTableError
from bayes_ps.many.kernel.columns import ERROR, RANKS
from bayes_ps.many.padded import laid
from bayes_ps.many.per_analysis import mu_prior, tau_prior
from bayes_ps.priors import Prior, flat


def pit_many(
    y: npt.ArrayLike,
    se: npt.ArrayLike,
    truth: Mapping[str, npt.ArrayLike],
    *,
    prior: Prior,
    mu: Prior | None = None,
) -> pd.DataFrame:
    """P(unknown <= truth | y) in each of many reviews: uniform if truth and y came from the priors.

    Parameters
    ----------
    y, se : (m, k) estimates and standard errors, or (k,) if those of every review are the same; NaN
        in both where a review has fewer studies.
    truth : (m,) values of any of ``"mu"``, ``"tau"``, ``"theta_new"``.
    prior, mu : of tau and of the mean effect, which is flat unless given.

    Returns
    -------
    DataFrame
        A column for each unknown of `truth`, the probability integral transform of the truth;
        ``error`` of these probabilities; ``problem`` of a review that has none, "" if all is well.

    Raises
    ------
    PriorError
        If the kernels do not know a prior: then use ``bps.calibrate``.
    StudyTableError
        If shapes do not fit, or `truth` names another unknown.

    Notes
    -----
    For simulation-based calibration: Talts et al. 2018, arXiv:1804.06788. Equal to the exact
    engine's distribution functions: ``tests/oracle/test_many_reference.py``.
    """
    from bayes_ps.many.answers import answer
    from bayes_ps.many.batches import batch

    y, se = np.broadcast_arrays(np.asarray(y, dtype=float), np.asarray(se, dtype=float))
    unknown = set(truth) - set(RANKS)
    if unknown or y.ndim != 2 or any(np.shape(each) != (len(y),) for each in truth.values()):
        raise StudyTableError(
            f"y and se must be (reviews, studies), and truth hold a value a review of any of "
            f"{', '.join(RANKS)}."
        )
    pair = tau_prior(prior), mu_prior(flat() if mu is None else mu)
    estimates, start, problem = laid(y, se)
    which = np.where(problem == "", 0, -1)
    points = [truth.get(name, np.zeros(len(y))) for name in RANKS]
    b = batch(
        estimates,
        start,
        [pair],
        which=which,
        asked=np.full((len(y), 2), np.nan),
        level=0.95,
        points=np.column_stack(points),
    )
    if (b.which < which).any():
        raise PriorError(f"pit_many does not know {pair}. Use bps.calibrate, fit by fit.")
    failed = answer(b, [pair], which)
    frame = pd.DataFrame(b.out[:, : len(RANKS)], columns=list(RANKS))[list(truth)]
    return frame.assign(error=b.out[:, ERROR], problem=np.where(problem == "", failed, problem))
