"""The looks of a forest plot: colours, columns and their order, and how an interval is written."""

from __future__ import annotations

from dataclasses import dataclass

from bayes_ps.checks import BayesPSError
from bayes_ps.plots import style
from bayes_ps.plots.scale import DIFFERENCES, RATIOS

ARMS = "arms"
"""Stands for the columns of the two arms in `Look.left`."""


@dataclass(frozen=True)
class Look:
    """How one kind of journal would print it.

    Attributes
    ----------
    difference, ratio : colour of what studies reported, for the two kinds of effects.
    setting : colour of the true effect in one setting.
    mean : colour of the mean effect.
    square : side of the largest square, as a share of half a row.
    left, right : names of the columns on either side of the forest.
    names, reported, posterior : headers; `{measure}` and `{model}` are filled in.
    wide_arms : whether means and SDs, or events and totals, have columns of their own.
    brackets : whether an interval is ``[low, high]`` rather than ``(low to high)``.
    """

    difference: str
    ratio: str
    setting: str
    mean: str
    square: float
    left: tuple[str, ...]
    right: tuple[str, ...]
    names: str
    reported: str
    posterior: str
    wide_arms: bool
    brackets: bool

    def data(self, *, ratio: bool) -> str:
        """Colour of what studies reported."""
        return self.ratio if ratio else self.difference

    def interval(self, text: str) -> str:
        """``1.0 [0.5, 1.5]`` as this look writes it."""
        if self.brackets:
            return text
        return text.replace("[", "(").replace(", ", " to ").replace("]", ")")

    def level(self, percent: str, kind: str) -> str:
        """What kind of interval, for a header."""
        return f"[{percent} {kind}]" if self.brackets else f"({percent} {kind})"


PLAIN = Look(
    difference=style.DATA,
    ratio=style.DATA,
    setting=style.SETTING,
    mean=style.MEAN,
    square=0.8,
    left=("names", "reported", "weights"),
    right=("posterior", "p", "rob"),
    names="",
    reported="Study estimate",
    posterior="Shrunken estimate",
    wide_arms=False,
    brackets=True,
)
REVMAN = Look(
    difference="#007A5A",  # Okabe & Ito's bluish green, darkened: it is text too
    ratio=style.SETTING,
    setting=style.INK,
    mean=style.INK,
    square=0.8,
    left=("names", ARMS, "weights", "reported"),
    right=("posterior", "p", "rob"),
    names="Study",
    reported="{measure}",
    posterior="{model}",
    wide_arms=True,
    brackets=True,
)
JAMA = Look(
    difference="#333333",
    ratio="#333333",
    setting=style.SETTING,
    mean=style.SETTING,
    square=0.6,
    left=("names", ARMS, "reported"),
    right=("posterior", "p", "weights", "rob"),
    names="Source",
    reported="{measure}",
    posterior="{model}",
    wide_arms=False,
    brackets=False,
)
LOOKS = {"plain": PLAIN, "revman": REVMAN, "jama": JAMA}


def look_of(name: str) -> Look:
    """The look of this name.

    Raises
    ------
    BayesPSError
        If there is none.
    """
    if name not in LOOKS:
        known = ", ".join(f'"{each}"' for each in LOOKS)
        raise BayesPSError(f"style must be one of {known}, but is {name!r}.")
    return LOOKS[name]


def short_name(measure: str) -> str:
    """The name of a measure for the header of a column."""
    name = (DIFFERENCES | RATIOS).get(measure, "Effect")
    return name.split(" (")[0].replace("Standardised", "Std.")
