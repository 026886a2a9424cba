"""`plot_forest`: every study, what the model makes of it, the mean effect and a new setting."""

from __future__ import annotations

from collections.abc import Sequence

from arviz_plots import PlotCollection

from bayes_ps.baseline import Baseline
from bayes_ps.checks import BayesPSError
from bayes_ps.decision import MCID
from bayes_ps.plots.description import described
from bayes_ps.plots.forest.arms import arm_columns, arms_of, turned
from bayes_ps.plots.forest.axis import draw_axis, draw_favours, draw_lines
from bayes_ps.plots.forest.bias import Lights, lights_of
from bayes_ps.plots.forest.columns import Column, Headers, columns_of, printed
from bayes_ps.plots.forest.layers import as_dataset, draw_hills, draw_marks
from bayes_ps.plots.forest.lights import LEGEND, NAME, draw_legend, draw_lights, lights_column
from bayes_ps.plots.forest.limits import axis_limits, is_cut
from bayes_ps.plots.forest.look import ARMS, Look, look_of, short_name
from bayes_ps.plots.forest.notes import footnote, spoken
from bayes_ps.plots.forest.rows import Asked, Row, forest_rows
from bayes_ps.plots.forest.sheet import BELOW, SIDE, Sheet
from bayes_ps.plots.forest.texts import draw_texts
from bayes_ps.plots.forest.threshold import Threshold
from bayes_ps.plots.page import in_lines, write_notes
from bayes_ps.plots.scale import scale_of
from bayes_ps.plots.style import LINE, journal
from bayes_ps.posterior import Fit

CUT = "Arrow heads: the interval goes on beyond the axis."


def plot_forest(
    fit: Fit,
    *,
    mcid: MCID | None = None,
    baseline: Baseline | None = None,
    level: float = 0.95,
    style: str = "plain",
    densities: bool = False,
    rob: bool = True,
) -> PlotCollection:
    """The forest plot of a fit.

    Parameters
    ----------
    fit : by either engine.
    mcid : marked by a dashed line, with P(benefit of at least the MCID) of every row. An uncertain
        one has a band, its middle 95 %, with the line at its median; P is integrated over it.
    baseline : ``bps.baseline(effects, level=level)``, shown as an open diamond.
    level : of every interval; those of the posterior are central.
    style : ``"plain"``, ``"revman"`` or ``"jama"``, see below.
    densities : whether every study has the density of its shrunken effect, as the mean effect and a
        new setting always have.
    rob : whether the columns ``rob_…`` of ``effects.data`` are shown as lights.

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
        If the baseline is of other studies, or has intervals of another level; for an unknown
        style.

    Notes
    -----
    In every style each study has two marks: a square, what it reported, and a circle, its true
    effect as the model sees it, shrunken towards the others. The diamond is the posterior of the
    mean effect, the bar that of the true effect in a new setting, and densities stand on both. The
    styles are after what these journals print, not copies:

    * plain: grey is what the studies reported, blue the true effect in one setting, vermillion the
      mean effect.
    * revman: after RevMan (Cochrane). The numbers of each arm, squares green for differences and
      blue for ratios, black for the posterior. Wider than a page: print it across.
    * jama: after JAMA. Sources, events or numbers of people, ``(low to high)``, small squares, the
      weights at the right; black for what was reported, blue for the posterior.

    With subgroups (the only moderator is text) each has its mean effect, and there is none of all;
    any other regression has no one mean to show. Lights: + low, ? some concerns or unclear, − high
    risk of bias, as RevMan prints RoB 1 and 2, in colours that colour-blind readers tell apart.
    Tests: ``tests/figures/test_forest_styles.py``, ``test_forest_risk_of_bias.py``.
    """
    look = look_of(style)
    _check(fit, baseline, level)
    threshold = None if mcid is None else Threshold.of(mcid, fit.effects)
    rows = forest_rows(fit, baseline, Asked(level, threshold, densities))
    scale, lights = scale_of(fit.effects), lights_of(fit.effects) if rob else None
    how = printed(rows, scale, look)
    limits, data = axis_limits(rows, threshold), as_dataset(rows)
    with journal():
        headers = Headers(short_name(fit.effects.measure), _model(fit), level)
        sheet = Sheet(rows, *columns_of(rows, how, headers, _beside(fit, rows, look, lights)))
        notes = [*footnote(fit, rows, level=level, mcid=mcid, baseline=baseline)]
        notes += [CUT] if is_cut(rows, limits) else []
        notes += [turned(fit.effects)] if ARMS in look.left and turned(fit.effects) else []
        notes += lights.sentences() if lights else ()
        lines = in_lines(notes, sheet.width - 2 * SIDE)
        plot = sheet.open(data, len(lines) + (LEGEND if lights else 0))
        draw_axis(plot, sheet, scale, limits)
        draw_lines(plot, sheet, threshold)
        draw_hills(plot, sheet, data, look, threshold=threshold)
        draw_marks(plot, sheet, data, look, ratio=scale.ratio)
        draw_texts(plot, sheet)
        draw_favours(plot, sheet, fit.effects.better)
        write_notes(plot, lines, down=SIDE + sheet.bottom + BELOW)
        if lights:
            draw_lights(plot, sheet, lights)
            draw_legend(plot, lights, down=sheet.bottom + BELOW + LINE * (len(lines) + LEGEND / 2))
    return described(plot, spoken(fit, rows, how, mcid) + (f" {lights.spoken()}" if lights else ""))


def _beside(
    fit: Fit, rows: Sequence[Row], look: Look, lights: Lights | None
) -> dict[str, Sequence[Column]]:
    """Columns of the arms, if the look has them, and of the risk of bias."""
    found: dict[str, Sequence[Column]] = {}
    arms = arms_of(fit.effects) if ARMS in look.left else None
    if arms is not None:
        found[ARMS] = arm_columns(arms, rows, wide=look.wide_arms)
    if lights is not None:
        found[NAME] = [lights_column(rows, lights)]
    return found


def _model(fit: Fit) -> str:
    """For a header."""
    return "Bayes, random effects" if fit.has_tau else "Bayes, common effect"


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
