"""The rows and columns of text that the forests of a baseline share."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

from bayes_ps.baseline import Baseline
from bayes_ps.plots import lettering
from bayes_ps.plots.forest.columns import BOLD, OTHER_WIDTH, STUDY_WIDTH, Column, Printed
from bayes_ps.plots.forest.rows import Row, Span
from bayes_ps.plots.style import INK


def study_rows(baseline: Baseline) -> list[Row]:
    """A row a study: its estimate with a normal interval at the level of the baseline."""
    effects, reach = baseline.effects, NormalDist().inv_cdf((1 + baseline.level) / 2)
    each = zip(effects.study, effects.y, effects.se, baseline.weights, strict=True)
    return [
        Row(
            "study",
            str(name),
            reported=Span(float(y), float(y - reach * se), float(y + reach * se)),
            weight=float(weight),
        )
        for name, y, se, weight in each
    ]


def pooled_rows(baseline: Baseline) -> list[Row]:
    """The mean effect and, where there is one, a new setting."""
    name = "Common effect" if baseline.estimator == "FE" else "Mean effect"
    rows = [Row("mean", name, posterior=Span(baseline.mu, baseline.lower, baseline.upper))]
    if baseline.prediction is not None:
        rows.append(Row("new", "A new setting", posterior=Span(baseline.mu, *baseline.prediction)))
    return rows


def names_column(rows: Sequence[Row], header: str) -> Column:
    """Names, broken into lines."""
    bold = _bold(rows)
    taken = lettering.widest(lettering.wrapped(row.name, STUDY_WIDTH) for row in rows)
    width = max(OTHER_WIDTH, lettering.width(header, bold=True), taken)
    rooms = (width * (0.87 if b else 1) for b in bold)  # bold letters are so much wider
    cells = [lettering.wrapped(row.name, room) for row, room in zip(rows, rooms, strict=True)]
    return Column("names", header, tuple(cells), bold, width, align="left")


def text_column(
    rows: Sequence[Row], name: str, header: str, cells: Sequence[str], *, color: str = INK
) -> Column:
    """A column as wide as its texts, one a row."""
    bold = _bold(rows)
    taken = (lettering.width(c, bold=b) for c, b in zip(cells, bold, strict=True))
    width = max(lettering.width(header, bold=True), *taken)
    return Column(name, header, tuple(cells), bold, width, color=color)


def estimate_column(rows: Sequence[Row], how: Printed, measure: str, level: float) -> Column:
    """The estimate of each row with its interval."""
    header = f"{measure}\n[{100 * level:g}% CI]"
    cells = [how.reported(row) or how.posterior(row) for row in rows]
    return text_column(rows, "estimate", header, cells)


def _bold(rows: Sequence[Row]) -> tuple[bool, ...]:
    return tuple(row.kind in BOLD for row in rows)
