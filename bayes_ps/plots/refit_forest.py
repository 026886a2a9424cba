"""A forest of refits: the mean effect of each, with its interval and its probability of benefit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from arviz_plots import PlotCollection

from bayes_ps import words
from bayes_ps.checks import Array
from bayes_ps.decision import MCID
from bayes_ps.effects import Effects
from bayes_ps.plots import lettering
from bayes_ps.plots.forest import marks
from bayes_ps.plots.forest.axis import draw_axis, draw_favours, draw_lines
from bayes_ps.plots.forest.columns import Column
from bayes_ps.plots.forest.rows import Kind, Row, Span
from bayes_ps.plots.forest.sheet import BELOW, FOREST, SIDE, Sheet, axes_of
from bayes_ps.plots.forest.texts import draw_texts
from bayes_ps.plots.forest.threshold import Threshold
from bayes_ps.plots.page import in_lines, write_notes
from bayes_ps.plots.scale import Scale, scale_of
from bayes_ps.plots.style import INK, MEAN, journal
from bayes_ps.sensitivity.asking import Answers

NAMES = 2.2
"""Inches that a name may take before it is broken."""
WIDE = 4.0
"""An interval that is so many times as wide as that of all studies may be cut."""
CUT = "Arrow heads: the interval goes on beyond the axis."


@dataclass(frozen=True, eq=False)
class Refitted:
    """What is drawn.

    Attributes
    ----------
    names : (m,) of the refits.
    answers : (m,) of the refits; NaN where there is none.
    whole : (1,) the answers of all studies.
    total : name of that row; "" if the last refit is of all studies.
    effects, mcid, level : of the fit.
    odd : (m,) a column of numbers more, with its header and which of them are bold.
    """

    names: tuple[str, ...]
    answers: Answers
    whole: Answers
    total: str
    effects: Effects
    mcid: MCID | None
    level: float
    header: str = ""
    extra: tuple[str, ...] = ()
    odd: tuple[bool, ...] = ()


def draw_refits(what: Refitted, notes: Sequence[str]) -> PlotCollection:
    """The figure, with `notes` below it."""
    rows = _rows(what)
    scale = scale_of(what.effects)
    threshold = None if what.mcid is None else Threshold.of(what.mcid, what.effects)
    limits, cut = _limits(what, threshold)
    data = _dataset(rows)
    with journal():
        sheet = Sheet(tuple(rows), *_columns(what, rows, scale))
        lines = in_lines([*notes, *([CUT] if cut else [])], sheet.width - 2 * SIDE)
        plot = sheet.open(data, len(lines))
        draw_axis(plot, sheet, scale, limits)
        draw_lines(plot, sheet, threshold)
        _draw_marks(plot, sheet, data)
        draw_texts(plot, sheet)
        draw_favours(plot, sheet, what.effects.better)
        write_notes(plot, lines, down=SIDE + sheet.bottom + BELOW)
    return plot


def interval_in_words(what: Refitted, answers: Answers, row: int) -> str:
    """Median and interval as the figure prints them, and P."""
    span = _span(answers, row)
    if span is None:
        return "no fit"
    shown = _printed(what, scale_of(what.effects), span)
    return f"{shown}, P {words.probability(float(answers.p_mean[row]))}"


def _rows(what: Refitted) -> list[Row]:
    """A row a refit, and one of all studies below them."""
    rows = [_row("study", name, what.answers, i) for i, name in enumerate(what.names)]
    return rows + ([_row("mean", what.total, what.whole, 0)] if what.total else [])


def _row(kind: Kind, name: str, answers: Answers, row: int) -> Row:
    span = _span(answers, row)
    return Row(kind, name, posterior=span, p=float(answers.p_mean[row]) if span else None)


def _span(answers: Answers, row: int) -> Span | None:
    found = Span(*(float(a[row]) for a in (answers.median, answers.lower, answers.upper)))
    return found if np.isfinite(found.middle) else None


def _columns(
    what: Refitted, rows: list[Row], scale: Scale
) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    bold = tuple(row.kind == "mean" for row in rows)

    def column(name: str, header: str, cells: Sequence[str], *, color: str = INK) -> Column:
        width = max(lettering.width(text, bold=True) for text in (header, *cells))
        return Column(name, header, tuple(cells), bold, width, color=color)

    names = [lettering.wrapped(row.name, NAMES) for row in rows]
    width = max(lettering.width(name, bold=True) for name in names)
    left = (Column("names", "", tuple(names), bold, width, align="left"),)
    shown = [_printed(what, scale, r.posterior) if r.posterior else "no fit" for r in rows]
    p = ["" if r.p is None else words.probability(r.p).replace(" ", "") for r in rows]
    asked = "P(benefit\n≥ MCID)" if what.mcid else "P(any\nbenefit)"
    right = [
        column("posterior", f"Mean effect\n[{100 * what.level:g}% CrI]", shown, color=MEAN),
        column("p", asked, p),
    ]
    if what.extra:
        cells = [*what.extra, *[""] * (len(rows) - len(what.extra))]
        extra = column("extra", what.header, cells)
        odd = (*what.odd, *[False] * (len(rows) - len(what.odd)))
        right.append(Column("extra", extra.header, extra.cells, odd, extra.width))
    return left, tuple(right)


def _printed(what: Refitted, scale: Scale, span: Span) -> str:
    low, high = float(what.whole.lower[0]), float(what.whole.upper[0])
    return scale.interval(*span, scale.places(low, high))


def _limits(what: Refitted, threshold: Threshold | None) -> tuple[tuple[float, float], bool]:
    """Ends of the axis, and whether some interval goes on beyond them."""
    lower, upper = what.answers.lower, what.answers.upper
    whole = float(what.whole.lower[0]), float(what.whole.upper[0])
    usual = np.isfinite(upper) & (upper - lower <= WIDE * (whole[1] - whole[0]))
    kept = [0.0, *whole, *lower[usual], *upper[usual]]
    kept += [] if threshold is None else [threshold.low, threshold.high]
    kept += [float(middle) for middle in what.answers.median if np.isfinite(middle)]
    low, high = min(kept), max(kept)
    margin = 0.04 * (high - low)
    low, high = low - margin, high + margin
    return (low, high), bool((lower < low).any() or (upper > high).any())


def _dataset(rows: Sequence[Row]) -> xr.Dataset:
    nowhere = (np.nan, np.nan, np.nan)
    return xr.Dataset(
        {
            "posterior": (("row", "end"), np.array([row.posterior or nowhere for row in rows])),
            "p": ("row", np.array([row.p for row in rows], dtype=float)),
        },
        coords={"name": ("row", [row.name for row in rows]), "end": ["middle", "low", "high"]},
    )


def _draw_marks(plot: PlotCollection, sheet: Sheet, data: xr.Dataset) -> None:
    """Points and lines of the refits, a diamond of all studies, and a faint line down from it."""
    known = [i for i in sheet.at("study") if np.isfinite(data["posterior"].values[i, 0])]
    low, high = axes_of(plot).get_xlim()
    if known:
        chosen = data[["posterior"]].isel(row=known)
        at = {"data": chosen, "coords": {"column": FOREST}, "y": sheet.y[known]}
        plot.map(marks.interval_lines, "refit_interval", **at, color=MEAN, width=1.3)
        plot.map(marks.points, "refit_estimate", **at, color=MEAN, marker="o", side=5.0)
        ends: Array = chosen["posterior"].values
        for side, beyond in (("left", ends[:, 1] < low), ("right", ends[:, 2] > high)):
            if beyond.any():
                name = f"refit_interval_{side}"
                plot.map(marks.arrow_heads, name, **at, color=MEAN, right=side == "right")
    if total := sheet.at("mean"):
        whole = data[["posterior"]].isel(row=total)
        at = {"data": whole, "coords": {"column": FOREST}, "y": sheet.y[total]}
        plot.map(marks.diamonds, "all_studies", **at, color=MEAN, filled=True)
