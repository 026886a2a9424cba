"""`plot_baseline_forest`: every study, the pooled effect and the prediction interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from arviz_plots import PlotCollection

from bayes_ps.baseline import Baseline
from bayes_ps.plots.baseline.rows import (
    estimate_column,
    names_column,
    pooled_rows,
    study_rows,
    text_column,
)
from bayes_ps.plots.description import described
from bayes_ps.plots.forest.axis import draw_axis, draw_favours, draw_lines
from bayes_ps.plots.forest.columns import Printed, printed
from bayes_ps.plots.forest.drawing import CUT
from bayes_ps.plots.forest.layers import as_dataset, draw_marks
from bayes_ps.plots.forest.limits import axis_limits, is_cut
from bayes_ps.plots.forest.rows import Row
from bayes_ps.plots.forest.sheet import BELOW, SIDE, Sheet
from bayes_ps.plots.forest.texts import draw_texts
from bayes_ps.plots.page import in_lines, write_notes
from bayes_ps.plots.pooling import heterogeneity, interval_of_mean, overall, pooled_by
from bayes_ps.plots.scale import scale_of
from bayes_ps.plots.style import DATA, journal


def plot_baseline_forest(baseline: Baseline) -> PlotCollection:
    """The forest plot of a frequentist meta-analysis.

    Parameters
    ----------
    baseline : ``bps.baseline(effects)``, of which every interval has the level.

    Returns
    -------
    PlotCollection
        ``plot.savefig("forest.png")`` writes it; ``plot.data`` holds its numbers, `alt_text` says
        it in words.

    Notes
    -----
    Squares are what the studies reported, area by weight; the diamond is the pooled effect with its
    confidence interval; the bar below it is the prediction interval, where the effect of a new
    setting is expected. The diamond alone says nothing of a single setting.
    Tests: ``tests/figures/test_baseline_plots.py``.
    """
    effects, rows = baseline.effects, (*study_rows(baseline), *pooled_rows(baseline))
    scale = scale_of(effects)
    how, limits, data = printed(rows, scale), axis_limits(rows, None), as_dataset(rows)
    with journal():
        estimates = estimate_column(rows, how, effects.measure, baseline.level)
        weights = text_column(
            rows, "weights", "Weight", [how.weight(row) for row in rows], color=DATA
        )
        sheet = Sheet(rows, (names_column(rows, "Study"),), (estimates, weights))
        notes = [*_notes(baseline), *([CUT] if is_cut(rows, limits) else [])]
        lines = in_lines(notes, sheet.width - 2 * SIDE)
        plot = sheet.open(data, len(lines))
        draw_axis(plot, sheet, scale, limits)
        draw_lines(plot, sheet, None)
        draw_marks(plot, sheet, data)
        draw_texts(plot, sheet)
        draw_favours(plot, sheet, effects.better)
        write_notes(plot, lines, down=SIDE + sheet.bottom + BELOW)
    return described(plot, _spoken(baseline, rows, how))


def _notes(baseline: Baseline) -> Iterator[str]:
    percent = f"{100 * baseline.level:g}%"
    yield (
        f"{pooled_by(baseline)} Squares: study estimates with {percent} confidence intervals "
        f"(normal), area by weight. Diamond: pooled effect, {percent} {interval_of_mean(baseline)}."
    )
    if baseline.prediction is not None:
        yield f"Bar: {percent} {baseline.prediction.method}."
    yield f"{heterogeneity(baseline)} {overall(baseline)}".strip()
    yield from (f"Note: {note}" for note in baseline.notes)


def _spoken(baseline: Baseline, rows: Sequence[Row], how: Printed) -> str:
    studies = "1 study" if baseline.k == 1 else f"{baseline.k} studies"
    better = baseline.effects.better
    said = [f"Forest plot of {studies}, {how.scale.label}; {better} is better."]
    said += [f"{row.name}: {how.posterior(row)}." for row in rows if row.kind in ("mean", "new")]
    reported = sorted((r for r in rows if r.reported), key=lambda r: r.reported or (0.0,))
    if len(reported) > 1:
        first, last = (f"{r.name} {how.reported(r)}" for r in (reported[0], reported[-1]))
        said.append(f"Study estimates run from {first} to {last}.")
    return " ".join([*said, heterogeneity(baseline)])
