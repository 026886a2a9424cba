"""`plot_baseline_leave_one_out`: the mean effect without each study in turn."""

from __future__ import annotations

from arviz_plots import PlotCollection

from bayes_ps.baseline.influence import Refits
from bayes_ps.checks import BayesPSError
from bayes_ps.plots.baseline.refit_sheet import refit_forest


def plot_baseline_leave_one_out(refits: Refits) -> PlotCollection:
    """The leave-one-out forest: the mean effect without each study in turn.

    Parameters
    ----------
    refits : ``bps.baseline_leave_one_out(effects)``.

    Returns
    -------
    PlotCollection
        A row a study that was left out, with tau² and I² of the others; all studies below.

    Raises
    ------
    BayesPSError
        For refits of another kind.

    Notes
    -----
    Look for a row that lies apart from the dotted line of all studies, or on the other side of no
    effect. Rows are in the order of the studies; for another use ``effects.sort(...)`` first.
    Tests: ``tests/figures/test_baseline_plots.py``.
    """
    if refits.kind != "leave one out":
        raise BayesPSError("These refits are cumulative. Use bps.plot_baseline_cumulative(refits).")
    steps = list(zip(refits.changed, refits.fits, strict=True))
    said = "Each row: the mean effect of all studies but the one named."
    last = f"None: all {refits.full.k} studies"
    return refit_forest(refits, steps, header="Left out", last=last, said=said)
