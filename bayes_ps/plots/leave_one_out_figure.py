"""`plot_leave_one_out`: the mean effect without each study, and how each was foretold."""

from __future__ import annotations

import numpy as np
from arviz_plots import PlotCollection

from bayes_ps.plots.description import described
from bayes_ps.plots.refit_forest import Refitted, draw_refits, interval_in_words
from bayes_ps.sensitivity import LeaveOneOut


def plot_leave_one_out(result: LeaveOneOut) -> PlotCollection:
    """The mean effect without each study, with P(benefit) and the PIT of the study left out.

    Parameters
    ----------
    result : of :func:`bayes_ps.sensitivity.leave_one_out`.

    Returns
    -------
    PlotCollection
        ``plot.data`` holds ``posterior`` (row, end) and ``p`` (row); the last row is all studies.

    Notes
    -----
    A PIT in bold is below 0.025 or above 0.975: the others would hardly have foretold that study.
    Tests: ``tests/figures/test_sensitivity_figures.py``.
    """
    odd = tuple(study in result.unusual for study in result.study)
    what = Refitted(
        names=tuple(f"Without {study}" for study in result.study),
        answers=result.answers,
        whole=result.with_all,
        total="All studies",
        effects=result.whole.effects,
        mcid=result.mcid,
        level=result.level,
        header="PIT of that\nstudy",
        extra=tuple("" if np.isnan(pit) else f"{pit:.3f}" for pit in result.pit),
        odd=odd,
    )
    return described(draw_refits(what, _notes(result)), _spoken(result, what))


def _notes(result: LeaveOneOut) -> list[str]:
    percent = f"{100 * result.level:g}%"
    notes = [
        f"{result.whole.model}. Refitted exactly without each study.",
        f"Circles: posterior median of the mean effect and {percent} central credible interval "
        f"(CrI) without that study; diamond: with all.",
        "PIT: probability, foretold by the other studies, of an estimate at or below that reported"
        + ("; bold below 0.025 or above 0.975." if result.unusual else "."),
    ]
    notes += [f"{result.mcid}."] if result.mcid is not None else []
    lost = zip(result.study, result.problem, strict=True)
    notes += [f"Without {study} there is no fit: {why}" for study, why in lost if why]
    return notes + [f"Note: {note}" for note in result.notes]


def _spoken(result: LeaveOneOut, what: Refitted) -> str:
    said = [f"Forest plot of the mean effect with one of {len(result.study)} studies left out."]
    said.append(f"All studies: {interval_in_words(what, result.with_all, 0)}.")
    for row in _ends(result):
        said.append(f"{what.names[row]}: {interval_in_words(what, result.answers, row)}.")
    if result.unusual:
        said.append(f"Hardly foretold by the others: {', '.join(result.unusual)}.")
    return " ".join(said)


def _ends(result: LeaveOneOut) -> list[int]:
    """The studies without which P is lowest and highest."""
    p = result.answers.p_mean
    if not np.isfinite(p).any():
        return []
    return sorted({int(np.nanargmin(p)), int(np.nanargmax(p))})
