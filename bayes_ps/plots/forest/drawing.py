"""`plot_forest`: every study, what the model makes of it, the mean effect and a new setting."""

from __future__ import annotations

from arviz_plots import PlotCollection

from bayes_ps.baseline import Baseline
from bayes_ps.checks import BayesPSError
from bayes_ps.decision import MCID
from bayes_ps.plots.description import described
from bayes_ps.plots.forest.axis import draw_axis, draw_favours, draw_lines
from bayes_ps.plots.forest.columns import columns_of, printed
from bayes_ps.plots.forest.layers import as_dataset, draw_marks
from bayes_ps.plots.forest.limits import axis_limits, is_cut
from bayes_ps.plots.forest.notes import footnote, spoken
from bayes_ps.plots.forest.rows import forest_rows
from bayes_ps.plots.forest.sheet import BELOW, SIDE, Sheet
from bayes_ps.plots.forest.texts import draw_texts
from bayes_ps.plots.page import in_lines, write_notes
from bayes_ps.plots.scale import scale_of
from bayes_ps.plots.style import journal
from bayes_ps.posterior import Fit

CUT = "Arrow heads: the interval goes on beyond the axis."


def plot_forest(
    fit: Fit,
    *,
    mcid: MCID | None = None,
    baseline: Baseline | None = None,
    level: float = 0.95,
) -> PlotCollection:
    """The forest plot of a fit.

    Parameters
    ----------
    fit : by either engine.
    mcid : marked by a dashed line, with P(benefit of at least the MCID) of every row.
    baseline : ``bps.baseline(effects, level=level)``, shown as an open diamond.
    level : of every interval; those of the posterior are central.

    Returns
    -------
    PlotCollection
        ``plot.savefig("forest.png")`` writes it; ``plot.data`` holds its numbers, ``plot.viz`` its
        marks by name, `bayes_ps.plots.alt_text` its alt text.

    Raises
    ------
    UnitError
        If the MCID is in another unit than the effects.
    BayesPSError
        If the baseline is of other studies, or has intervals of another level.

    Notes
    -----
    Grey is what the studies reported, blue the true effect in one setting (of a study, shrunken
    towards the others, or of a new one), vermillion the mean effect. With subgroups (a moderator of
    text and no intercept) each has its mean effect; any other regression has no one mean to show.
    Tests: ``tests/unit/test_plots.py``.
    """
    _check(fit, baseline, level)
    rows = forest_rows(fit, mcid, baseline, level)
    scale = scale_of(fit.effects)
    how = printed(rows, scale)
    threshold = None if mcid is None else mcid.threshold(fit.effects)
    limits = axis_limits(rows, threshold)
    data = as_dataset(rows)
    with journal():
        sheet = Sheet(rows, *columns_of(rows, how, level))
        notes = [*footnote(fit, rows, level=level, mcid=mcid, baseline=baseline)]
        notes += [CUT] if is_cut(rows, limits) else []
        lines = in_lines(notes, sheet.width - 2 * SIDE)
        plot = sheet.open(data, len(lines))
        draw_axis(plot, sheet, scale, limits)
        draw_lines(plot, sheet, scale, threshold)
        draw_marks(plot, sheet, data)
        draw_texts(plot, sheet)
        draw_favours(plot, sheet, fit.effects.better)
        write_notes(plot, lines, down=SIDE + sheet.bottom + BELOW)
    return described(plot, spoken(fit, rows, how, mcid))


def _check(fit: Fit, baseline: Baseline | None, level: float) -> None:
    if not 0 < level < 1:
        raise BayesPSError(f"level must be between 0 and 1, as in 0.95, but is {level!r}.")
    if baseline is None:
        return
    if list(baseline.study) != list(fit.effects.study) or baseline.unit != fit.effects.unit:
        raise BayesPSError(
            "The baseline is of other effects than the fit. Use bps.baseline(fit.effects)."
        )
    if baseline.level != level:
        raise BayesPSError(
            f"The baseline has {100 * baseline.level:g}% intervals, the plot {100 * level:g}%. "
            f"Use bps.baseline(fit.effects, level={level:g})."
        )
