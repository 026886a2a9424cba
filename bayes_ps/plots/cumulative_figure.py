"""`plot_cumulative`: the mean effect as study after study was added."""

from __future__ import annotations

from arviz_plots import PlotCollection

from bayes_ps.plots.description import described
from bayes_ps.plots.refit_forest import Refitted, draw_refits, interval_in_words
from bayes_ps.sensitivity import Cumulative
from bayes_ps.sensitivity.asking import Answers


def plot_cumulative(result: Cumulative) -> PlotCollection:
    """The mean effect after each study, with P(benefit).

    Parameters
    ----------
    result : of :func:`bayes_ps.sensitivity.cumulative`.

    Returns
    -------
    PlotCollection
        ``plot.data`` holds ``posterior`` (row, end) and ``p`` (row); the last row is all studies.

    Notes
    -----
    Tests: ``tests/figures/test_sensitivity_figures.py``.
    """
    last = Answers(*(values[-1:] for values in result.answers.columns().values()))
    fit = result.fits[-1]
    assert fit is not None
    what = Refitted(
        names=tuple(f"+ {study}" for study in result.study),
        answers=result.answers,
        whole=last,
        total="",
        effects=fit.effects,
        mcid=result.mcid,
        level=result.level,
    )
    order = f"by {result.order}" if result.order else "as they stand"
    percent = f"{100 * result.level:g}%"
    notes = [
        f"{fit.model}. Refitted exactly after each study, {order}.",
        f"Circles: posterior median of the mean effect and {percent} central credible interval "
        f"(CrI) of this study and all above it.",
    ]
    notes += [f"{result.mcid}."] if result.mcid is not None else []
    lost = sum(bool(why) for why in result.problem)
    notes += [f"Too few for a fit: the first {lost}. {result.problem[lost - 1]}"] if lost else []
    notes += [f"Note: {note}" for note in result.notes]
    said = (
        f"Forest plot of the mean effect as {len(result.study)} studies were added {order}. "
        f"First fit, {what.names[lost]}: {interval_in_words(what, result.answers, lost)}. "
        f"All studies: {interval_in_words(what, last, 0)}."
    )
    return described(draw_refits(what, notes), said)
