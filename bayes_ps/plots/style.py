"""How our figures look: colours, sizes, and a context that leaves the user's rcParams alone.

Okabe & Ito's palette, which colour-blind readers tell apart (https://jfly.uni-koeln.de/color/). A
colour means one thing in every figure, and shape or dashes say it again for a grey print.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

import matplotlib.style
from matplotlib.rcsetup import cycler

MEAN = "#D55E00"  # vermillion: the mean effect
SETTING = "#0072B2"  # blue: the true effect in one setting, of a study or a new one
TAU = "#009E73"  # bluish green: how far settings differ
DATA = "#5B5B5B"  # grey: what was reported, and what was believed before
BENEFIT = "#56B4E9"  # sky blue: a benefit of at least the MCID
HARM = "#E69F00"  # orange: a harm of at least the MCID
TRIVIAL = "#E4E4E4"  # light grey: neither
INK = "#000000"
RULE = "#8C8C8C"
OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#000000", "#F0E442")

FAMILY = "DejaVu Sans"
"""Shipped with matplotlib: the same on every machine."""
FONT = 8.0
"""Size of all text, in points, at the width at which a journal prints."""
LINE = 0.145
"""Height of a line of text, in inches."""
WIDTH = 7.2
"""Width of a figure over two columns, in inches."""

SETTINGS = {
    "font.family": FAMILY,
    "font.size": FONT,
    "axes.titlesize": FONT,
    "axes.labelsize": FONT,
    "xtick.labelsize": FONT,
    "ytick.labelsize": FONT,
    "legend.fontsize": FONT,
    "legend.title_fontsize": FONT,
    "figure.titlesize": FONT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "lines.linewidth": 1.3,
    "axes.prop_cycle": cycler(color=OKABE_ITO),
    "figure.dpi": 200,
}


def journal() -> AbstractContextManager[None]:
    """Matplotlib's defaults and our settings, only while the context lasts."""
    return matplotlib.style.context(["default", SETTINGS])
