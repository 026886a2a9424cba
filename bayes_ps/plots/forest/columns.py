"""The columns of text beside a forest: names, what was reported, weights, posterior, P."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bayes_ps import words
from bayes_ps.plots import lettering
from bayes_ps.plots.forest.rows import STUDIES, Row
from bayes_ps.plots.scale import Scale
from bayes_ps.plots.style import DATA, INK, SETTING

GAP = 0.14
STUDY_WIDTH, OTHER_WIDTH, HEADING_WIDTH = 1.5, 1.0, 2.4
BOLD = ("heading", "mean", "new")


@dataclass(frozen=True)
class Column:
    """A column of text.

    Attributes
    ----------
    name, header : of the column.
    cells : one a row; `bold` says which are bold.
    width : in inches.
    """

    name: str
    header: str
    cells: tuple[str, ...]
    bold: tuple[bool, ...]
    width: float
    align: str = "right"
    color: str = INK


@dataclass(frozen=True)
class Printed:
    """How the numbers of a row are printed: on one scale, with one number of decimals."""

    scale: Scale
    decimals: int

    def reported(self, row: Row) -> str:
        """An estimate with its confidence interval."""
        return self.scale.interval(*row.reported, self.decimals) if row.reported else ""

    def weight(self, row: Row) -> str:
        """In per cent."""
        return "" if row.weight is None else f"{row.weight:.1f}%"

    def posterior(self, row: Row) -> str:
        """Median and credible interval; tau is no effect, so it is never shown as a ratio."""
        if row.posterior is None:
            return ""
        if row.kind == "tau":
            return lettering.interval(*row.posterior, self.decimals)
        return self.scale.interval(*row.posterior, self.decimals)

    def p(self, row: Row) -> str:
        """P(benefit of at least the MCID)."""
        return "" if row.p is None else words.probability(row.p).replace(" ", "")


def printed(rows: Sequence[Row], scale: Scale) -> Printed:
    """With as many decimals as a typical study asks for, or more if the mean effect is sharper."""
    reported = [row.reported for row in rows if row.reported]
    studies = sorted(reported, key=lambda span: span.high - span.low)
    typical = studies[(len(studies) - 1) // 2]
    decimals = scale.places(typical.low, typical.high)
    for row in rows:
        if row.kind == "mean" and row.posterior and not scale.ratio:
            _, low, high = row.posterior
            decimals = max(decimals, words.decimals(high - low) - 1)
    return Printed(scale, decimals)


def columns_of(
    rows: Sequence[Row], how: Printed, level: float
) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """Columns left of the forest, on what was reported, and right of it, on what the model says."""
    percent = f"{100 * level:g}%"
    shrunken = any(row.kind == "study" and row.posterior for row in rows)
    reported = "Published pool" if any(row.kind == "pool" for row in rows) else "Study estimate"
    posterior = "Shrunken estimate" if shrunken else "Posterior median"
    bold = tuple(row.kind in BOLD for row in rows)

    def column(name: str, header: str, cell: Callable[[Row], str], color: str = INK) -> Column:
        cells = tuple(map(cell, rows))
        taken = (lettering.width(c, bold=b) for c, b in zip(cells, bold, strict=True))
        width = max(lettering.width(header, bold=True), *taken)
        return Column(name, header, cells, bold, width, color=color)

    left = [
        _names(rows, bold),
        column("reported", f"{reported}\n[{percent} CI]", how.reported, DATA),
    ]
    if any(row.weight is not None for row in rows):
        left.append(column("weights", "Weight", how.weight, DATA))
    right = [column("posterior", f"{posterior}\n[{percent} CrI]", how.posterior, SETTING)]
    if any(row.p is not None for row in rows):
        right.append(column("p", "P(benefit\n≥ MCID)", how.p))
    return tuple(left), tuple(right)


def _names(rows: Sequence[Row], bold: tuple[bool, ...]) -> Column:
    """Broken into lines; a heading runs on over the next column, which is empty there."""
    studies = [lettering.wrapped(r.name, STUDY_WIDTH) for r in rows if r.kind in STUDIES]
    width = max(OTHER_WIDTH, lettering.widest(studies))
    rooms = (HEADING_WIDTH if row.kind == "heading" else width for row in rows)
    cells = [lettering.wrapped(row.name, room) for row, room in zip(rows, rooms, strict=True)]
    return Column("names", "", tuple(cells), bold, width, align="left")
