"""The lines of the robustness plot: an analysis each, and of very many only the extremes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bayes_ps.plots import lettering
from bayes_ps.plots.style import LINE
from bayes_ps.robustness import Robustness, Variant

KINDS = {
    "as fitted": "As fitted",
    "priors": "Other priors of mu and tau",
    "common effect": "Common effect",
    "leave one out": "Leave one out",
    "risk of bias": "Risk of bias",
    "model": "Other models",
}
"""Headings, as a reader knows these."""
NAMES, INDENT = 2.25, 0.12
"""Inches that a name may take before it is broken, and by which it stands under a heading."""
MOST, EXTREMES, FLIPS = 14, 3, 6
"""Studies left out that have a line each; of more, those at either end, and flips beyond these."""


@dataclass(frozen=True)
class Line:
    """A heading, one analysis, or several that are not shown singly.

    Attributes
    ----------
    text : broken into lines.
    analyses : none for a heading; several lie between those shown.
    flips : of one analysis, whether it flips the decision or comes too near to tell.
    indent : inches.
    """

    text: str
    analyses: tuple[Variant, ...] = ()
    flips: bool = False
    indent: float = 0.0

    @property
    def one(self) -> Variant | None:
        """The analysis, if it is one that was carried out."""
        single = len(self.analyses) == 1 and not self.analyses[0].problem
        return self.analyses[0] if single else None

    @property
    def bold(self) -> bool:
        """Headings, the analysis itself, and what flips it."""
        return self.flips or not self.analyses or self.analyses[0].kind == "as fitted"

    @property
    def height(self) -> float:
        """In inches."""
        above = 0.06 if not self.analyses else 0.0
        return LINE * (self.text.count("\n") + 1) + 0.04 + above


def lines_of(found: Robustness) -> list[Line]:
    """From above, grouped by kind."""
    lines, flips = list[Line](), found.flips
    for kind, group in groupby(found.variants, key=lambda v: v.kind):
        lines += _of_kind(kind, list(group), flips)
    return lines


def _of_kind(kind: str, group: list[Variant], flips: Sequence[Variant]) -> Iterator[Line]:
    heading = KINDS.get(kind, kind.capitalize())
    if len(group) == 1:
        one = group[0]
        name = heading if kind == "as fitted" else f"{heading}: {one.changed}"
        yield _line(name, one, flips, 0.0)
        return
    yield Line(heading)
    if kind != "leave one out":
        yield from (_line(one.changed, one, flips, INDENT) for one in group)
        return
    yield from _left_out(group, flips)


def _left_out(group: list[Variant], flips: Sequence[Variant]) -> Iterator[Line]:
    """Without each study, from the lowest P to the highest; of many only those at the ends."""
    order = sorted((v for v in group if not v.problem), key=lambda v: v.p_mean)
    first, last = len(order), len(order)
    if len(order) > MOST:
        flipped = [v in flips for v in order]
        first = EXTREMES + sum(flipped[EXTREMES : EXTREMES + FLIPS])
        last = len(order) - EXTREMES - sum(flipped[-EXTREMES - FLIPS : -EXTREMES])
    yield from (_line(_unquoted(v), v, flips, INDENT) for v in order[:first])
    between = order[first:last]
    if between:
        count = sum(v in flips for v in between)
        said = f"{len(between)} others" + (f", of which {count} flip it" if count else "")
        yield Line(said, tuple(between), indent=INDENT)
    yield from (_line(_unquoted(v), v, flips, INDENT) for v in order[last:])
    yield from (_line(_unquoted(v), v, flips, INDENT) for v in group if v.problem)


def _unquoted(one: Variant) -> str:
    """As in ``without Baker 2001``."""
    return re.sub(r"""^without (['"])(.*)\1$""", r"without \2", one.changed)


def _line(name: str, one: Variant, flips: Sequence[Variant], indent: float) -> Line:
    text = lettering.wrapped(name, NAMES - indent)
    return Line(text, (one,), flips=one in flips, indent=indent)
