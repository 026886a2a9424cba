"""The columns of text beside a forest: names, what was reported, weights, posterior, P."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bayes_ps import words
from bayes_ps.plots import lettering
from bayes_ps.plots.forest.look import PLAIN, Look
from bayes_ps.plots.forest.rows import STUDIES, Row
from bayes_ps.plots.scale import Scale
from bayes_ps.plots.style import INK

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
    align, color : of the texts; `of_mean` is the colour in the row of the mean effect, if another.
    over : a header above those of all neighbours that have the same.
    """

    name: str
    header: str
    cells: tuple[str, ...]
    bold: tuple[bool, ...]
    width: float
    align: str = "right"
    color: str = INK
    of_mean: str = ""
    over: str = ""


@dataclass(frozen=True)
class Printed:
    """How the numbers of a row are printed: on one scale, with one number of decimals."""

    scale: Scale
    decimals: int
    look: Look = PLAIN

    def reported(self, row: Row) -> str:
        """An estimate with its confidence interval."""
        if row.reported is None:
            return ""
        return self.look.interval(self.scale.interval(*row.reported, self.decimals))

    def weight(self, row: Row) -> str:
        """In per cent."""
        return "" if row.weight is None else f"{row.weight:.1f}%"

    def posterior(self, row: Row) -> str:
        """Median and credible interval; tau is no effect, so it is never shown as a ratio."""
        if row.posterior is None:
            return ""
        printed = lettering.interval if row.kind == "tau" else self.scale.interval
        return self.look.interval(printed(*row.posterior, self.decimals))

    def p(self, row: Row) -> str:
        """P(benefit of at least the MCID)."""
        return "" if row.p is None else words.probability(row.p).replace(" ", "")


def printed(rows: Sequence[Row], scale: Scale, look: Look = PLAIN) -> Printed:
    """With as many decimals as a typical study asks for, or more if the mean effect is sharper."""
    reported = [row.reported for row in rows if row.reported]
    studies = sorted(reported, key=lambda span: span.high - span.low)
    typical = studies[(len(studies) - 1) // 2]
    decimals = scale.places(typical.low, typical.high)
    sharp = [row.posterior for row in rows if row.kind == "mean" and row.posterior]
    for span in (*sharp, *([typical] if scale.ratio else [])):
        low, high = (math.exp(x) if scale.ratio else x for x in (span.low, span.high))
        decimals = max(decimals, words.decimals(high - low) - 1)
    return Printed(scale, decimals, look)


@dataclass(frozen=True)
class Headers:
    """What the headers say: the measure, the model in a word, and the level of the intervals."""

    measure: str
    model: str
    level: float

    def of(self, text: str, look: Look, kind: str) -> str:
        """The header of a column of intervals of this kind."""
        name = text.format(measure=self.measure, model=self.model)
        return f"{name}\n{look.level(f'{100 * self.level:g}%', kind)}"


def columns_of(
    rows: Sequence[Row], how: Printed, headers: Headers, beside: Mapping[str, Sequence[Column]]
) -> tuple[tuple[Column, ...], tuple[Column, ...]]:
    """Columns left of the forest and right of it, in the order of the look.

    `beside` has those that are made elsewhere: of the arms, and of the risk of bias.
    """
    look = how.look
    known: dict[str, Sequence[Column]] = {"names": [_names(rows, look.names)]}
    known |= {column.name: [column] for column in _numbers(rows, how, headers)} | dict(beside)
    left, right = (
        tuple(column for name in side for column in known.get(name, ()))
        for side in (look.left, look.right)
    )
    return left, right


def _numbers(rows: Sequence[Row], how: Printed, headers: Headers) -> Iterator[Column]:
    """What was reported, its weight, the posterior and P, as far as the rows have them."""
    look, data = how.look, how.look.data(ratio=how.scale.ratio)
    pool = any(row.kind == "pool" for row in rows)
    header = headers.of("Published pool" if pool else look.reported, look, "CI")
    yield text_column(rows, "reported", header, [*map(how.reported, rows)], color=data)
    if any(row.weight is not None for row in rows):
        yield text_column(rows, "weights", "Weight", [*map(how.weight, rows)], color=data)
    shrunken = any(row.kind == "study" and row.posterior for row in rows)
    named = look.posterior if shrunken or look is not PLAIN else "Posterior median"
    header, cells = headers.of(named, look, "CrI"), [*map(how.posterior, rows)]
    colors = {"color": look.setting, "of_mean": look.mean}
    yield text_column(rows, "posterior", header, cells, **colors)
    if any(row.p is not None for row in rows):
        yield text_column(rows, "p", "P(benefit\n≥ MCID)", [*map(how.p, rows)])


def text_column(
    rows: Sequence[Row],
    name: str,
    header: str,
    cells: Sequence[str],
    *,
    color: str = INK,
    of_mean: str = "",
    over: str = "",
) -> Column:
    """A column as wide as its texts, one a row."""
    bold = tuple(row.kind in BOLD for row in rows)
    taken = (lettering.width(c, bold=b) for c, b in zip(cells, bold, strict=True))
    width = max(lettering.width(header, bold=True), *taken)
    return Column(name, header, tuple(cells), bold, width, color=color, of_mean=of_mean, over=over)


def _names(rows: Sequence[Row], header: str) -> Column:
    """Broken into lines; a heading runs on over the next column, which is empty there."""
    studies = [lettering.wrapped(r.name, STUDY_WIDTH) for r in rows if r.kind in STUDIES]
    width = max(OTHER_WIDTH, lettering.widest(studies))
    rooms = (HEADING_WIDTH if row.kind == "heading" else width for row in rows)
    cells = [lettering.wrapped(row.name, room) for row, room in zip(rows, rooms, strict=True)]
    bold = tuple(row.kind in BOLD for row in rows)
    return Column("names", header, tuple(cells), bold, width, align="left")
