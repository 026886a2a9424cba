"""Text in a figure: how wide it is, where to break it, and how a number is written."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from bayes_ps import words
from bayes_ps.plots.style import FAMILY, FONT

MINUS = "\N{MINUS SIGN}"


def width(text: str, *, bold: bool = False) -> float:
    """Inches that the widest line of `text` takes."""
    return max(_line_width(line, bold) for line in text.split("\n"))


def widest(texts: Iterable[str]) -> float:
    """Inches that the widest of `texts` takes, 0 if there is none."""
    return max(map(width, texts), default=0.0)


def wrapped(text: str, inches: float) -> str:
    """`text` with line breaks, so that no line is wider than `inches`; nothing is left out.

    A no-break space does not break.
    """
    return "\n".join(_broken(paragraph, inches) for paragraph in text.split("\n"))


def places(span: float) -> int:
    """Decimals for a figure: three significant digits of an interval this wide, two below 1."""
    found = words.decimals(span)
    return found - 1 if 0 < span < 1 else found


def number(x: float, decimals: int) -> str:
    """`x` with a true minus sign, and never a minus before zero."""
    text = f"{x:.{decimals}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def interval(estimate: float, low: float, high: float, decimals: int) -> str:
    """As in ``−3.48 [−6.61, −0.35]``."""
    middle, left, right = (number(x, decimals) for x in (estimate, low, high))
    return f"{middle} [{left}, {right}]"


def _broken(paragraph: str, inches: float) -> str:
    lines, line = [], ""
    for word in paragraph.split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer) <= inches:
            line = longer
            continue
        lines += [line] if line else []
        *full, line = _pieces(word, inches)
        lines += full
    return "\n".join([*lines, line])


def _pieces(word: str, inches: float) -> list[str]:
    """A word that is wider than the line, in parts that are not."""
    parts, part = [], ""
    for letter in word:
        if part and width(part + letter) > inches:
            parts.append(part)
            part = ""
        part += letter
    return [*parts, part]


@cache
def _line_width(line: str, bold: bool) -> float:
    weight = "bold" if bold else "normal"
    font = FontProperties(family=FAMILY, size=FONT, weight=weight)
    return float(text_to_path.get_text_width_height_descent(line, font, ismath=False)[0]) / 72
