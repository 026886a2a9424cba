"""`pool_many`: a row of results for each of thousands of meta-analyses in one long table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array
from bayes_ps.decision import MCID
from bayes_ps.effects.groups import Ragged, ragged
from bayes_ps.many.cautions import prior_cautions
from bayes_ps.many.kernel.columns import ERROR, NAMES, unasked
from bayes_ps.many.kernel.layout import Integers, Texts
from bayes_ps.many.per_analysis import (
    PerAnalysis,
    for_each,
    mu_prior,
    refuse,
    sign_of,
    size_of,
    tau_prior,
)
from bayes_ps.many.progress import bar
from bayes_ps.priors import Prior, flat

if TYPE_CHECKING:
    import pandas as pd


def pool_many(
    table: pd.DataFrame,
    by: str | Sequence[str],
    *,
    prior: Prior | str,
    mu: Prior | str | None = None,
    mcid: MCID | float | str | None = None,
    better: str | None = None,
    level: float = 0.95,
    progress: bool = False,
) -> pd.DataFrame:
    """The exact posterior of every meta-analysis in a long table.

    y_i ~ N(theta_i, se_i²), theta_i ~ N(mu, tau²) in each of them: what `bps.fit` gives for
    ``RandomEffects``, by a compiled quadrature over tau.

    Parameters
    ----------
    table : one row an estimate, in columns ``y`` and ``se``; ratios on the log scale.
    by : the column, or columns, that name the analysis of a row.
    prior : of tau, in the unit of y; or the name of a column that holds the prior of each analysis,
        as in ``table["prior"] = table["measure"].map({"SMD": priors.half_normal(0.5), …})``.
    mu : prior of the mean effect, or the name of a column; flat unless given.
    mcid : size of an important benefit in the unit of y, or the name of a column.
    better : ``"lower"`` or ``"higher"``, or the name of a column that holds these words.
    level : of the central intervals.
    progress : show a bar.

    Returns
    -------
    DataFrame
        A row an analysis, in the order in which they first appear:

        * the columns of `by`, and `k`, the number of estimates;
        * ``mu_*``, ``tau_*``, ``theta_new_*`` (the effect in one new setting), each with ``mean,
          sd, median, lower, upper``; a moment that does not exist is NaN;
        * with `better`, ``mu_p_benefit`` and ``theta_new_p_benefit``: P(any benefit); with `mcid`
          too, ``…_p_mcid``: P(benefit beyond the MCID), and ``…_p_harm``: P(harm beyond it);
        * ``log_evidence``: log p(y), a flat prior of mu counting with density 1;
        * ``error``: how far a probability may be off, and a mean or an SD by ten times as much, in
          posterior SDs; it is what half of the nodes would change, far above what all err by;
        * ``problem``: why an analysis has no numbers (they are NaN), or that its error is above
          1e-10; "" if all is well;
        * ``warning``: what a reader must know of its prior, as in ``fit.warnings``.

    Raises
    ------
    StudyTableError, PriorError, BayesPSError
        If a column is missing, or what is given for all analyses is impossible. What is wrong in
        one analysis is its `problem`, and leaves the others untouched.

    Notes
    -----
    The first call compiles, which takes seconds once and is kept on disk. Other priors than those
    of `priors` that have a density in closed form (a mixture, a fixed tau, a PreliZ distribution)
    are integrated by the exact engine, one analysis after the other.
    Golden values: ``tests/oracle/test_many_reference.py``, 228 runs in 30-digit arithmetic.
    """
    from bayes_ps.many.answers import answer
    from bayes_ps.many.batches import batch

    refuse(level, mcid is not None and better is None)
    found = ragged(table, by)
    read = partial(for_each, table=table, found=found)
    tau = read(prior, tau_prior, name="prior")
    centre = read(flat() if mu is None else mu, mu_prior, name="mu")
    size = read(mcid, size_of, name="mcid")
    words = better not in (None, "lower", "higher")
    sign = read(better if words else sign_of(better), sign_of if words else float, name="better")
    problem = found.problem
    for each in (tau, centre, size, sign):
        problem = np.where(problem == "", each.problem, problem)
    given, which = _pairs(tau, centre, problem == "")
    estimates = np.stack([found.y, found.se])
    asked = np.array([sign.each(), size.each()], dtype=float).T
    b = batch(estimates, found.start, given, which=which, asked=asked, level=level)
    with bar(found.k.size, show=progress) as advance:
        failed = answer(b, given, which, advance=advance)
    problem = np.where(problem == "", failed, problem)
    about = np.isfinite(b.out[:, ERROR])
    warning = prior_cautions(estimates, found.start, tau=tau, mu=centre, about=about)
    frame = _frame(found, b.out, problem, warning)
    return frame.drop(columns=unasked(better=better is not None, mcid=mcid is not None))


def _pairs(
    tau: PerAnalysis, mu: PerAnalysis, ok: npt.NDArray[np.bool_]
) -> tuple[list[tuple[Prior, Prior]], Integers]:
    """The pairs of priors that occur where `ok`, and which of them each analysis has, or −1."""
    which = np.full(ok.size, -1, dtype=np.int64)
    used, which[ok] = np.unique((tau.which * len(mu.value) + mu.which)[ok], return_inverse=True)
    return [(tau.value[i // len(mu.value)], mu.value[i % len(mu.value)]) for i in used], which


def _frame(found: Ragged, rows: Array, problem: Texts, warning: Texts) -> pd.DataFrame:
    """The keys, k and every number by name, as one table."""
    import pandas as pd

    numbers = pd.DataFrame(rows[:, : len(NAMES)], columns=list(NAMES))
    frame = pd.concat([found.keys.assign(k=found.k), numbers], axis=1)
    return frame.assign(problem=problem, warning=warning)
