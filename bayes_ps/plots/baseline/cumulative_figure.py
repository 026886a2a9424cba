"""`plot_baseline_cumulative`: the mean effect as studies came in."""

from __future__ import annotations

from arviz_plots import PlotCollection

from bayes_ps.baseline.influence import Refits
from bayes_ps.checks import BayesPSError
from bayes_ps.plots.baseline.refit_sheet import refit_forest


def plot_baseline_cumulative(refits: Refits) -> PlotCollection:
    """The cumulative forest: the mean effect of the first study, the first two, and so on.

    Parameters
    ----------
    refits : ``bps.baseline_cumulative(effects, "year")``.

    Returns
    -------
    PlotCollection
        A row a step, with tau² and I² so far; all studies below.

    Raises
    ------
    BayesPSError
        For refits of another kind, or a single step.

    Notes
    -----
    Read it from top to bottom: each row holds the study named and all above it. Repeated looks find
    an interval without no effect too often, so this is a history and no test.
    Tests: ``tests/figures/test_baseline_plots.py``.
    """
    if refits.kind != "cumulative":
        raise BayesPSError(
            "These refits leave one out. Use bps.plot_baseline_leave_one_out(refits)."
        )
    if len(refits.fits) == 1:
        raise BayesPSError("There is one step only, so there is nothing to accumulate.")
    names = [refits.changed[0], *(f"+ {name}" for name in refits.changed[1:])]
    steps = list(zip(names[:-1], refits.fits[:-1], strict=True))
    last = f"{names[-1]}: all {refits.full.k} studies"
    said = "Each row: the mean effect of the study named and all above it."
    return refit_forest(refits, steps, header="Added", last=last, said=said)
