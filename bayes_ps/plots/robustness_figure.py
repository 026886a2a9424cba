"""`plot_robustness`: the mean effect and its probability under every analysis that was tried."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from arviz_plots import PlotCollection

from bayes_ps import words
from bayes_ps.checks import Array
from bayes_ps.plots import lettering
from bayes_ps.plots.description import described
from bayes_ps.plots.mcid_extent import extent_of
from bayes_ps.plots.page import EDGE, panel, write
from bayes_ps.plots.robustness_axes import (
    EFFECT,
    GAP,
    PROBABILITY,
    draw_effect_axis,
    draw_probability_axis,
    label_of,
    limits_of,
)
from bayes_ps.plots.robustness_lines import Line, lines_of
from bayes_ps.plots.side_by_side import SideBySide
from bayes_ps.plots.style import DATA, INK, LINE, MEAN, RULE, WIDTH, journal
from bayes_ps.robustness import Robustness, Variant

P_WIDTH, NUMBERS, HEADER, BOTTOM = 1.6, 0.95, 0.22, 0.68


def plot_robustness(found: Robustness) -> PlotCollection:
    """The mean effect and P(benefit of at least the MCID) under every analysis, grouped by kind.

    Parameters
    ----------
    found : of :func:`bayes_ps.robustness`.

    Returns
    -------
    PlotCollection
        ``plot.data`` holds ``effect`` (analysis, end), ``p`` and ``flips`` (analysis) of all
        analyses, whether they have a line of their own or not.

    Notes
    -----
    Black diamonds and bold names: the analyses that flip the decision. Of more than 14 studies left
    out one by one, those with the lowest and highest P have a line each, with all flips next to
    them, and a bar says how many others lie between.
    Tests: ``tests/figures/test_robustness_figure.py``.
    """
    lines, extent = lines_of(found), extent_of(found.mcid, found.effects)
    heights = np.array([line.height for line in lines])
    y = np.cumsum(heights) - heights / 2
    limits, cut = limits_of(found, extent)
    with journal():
        page = _page(lines, found, _notes(found, cut=cut))
        plot = page.open(_dataset(found))
        draw_effect_axis(plot, page, (found, extent), limits)
        draw_probability_axis(plot, page, found)
        for row, (line, down) in enumerate(zip(lines, y, strict=True)):
            _draw_line(plot, page, (line, row), float(down))
    return described(plot, f"Robustness plot. {str(found).splitlines()[0]}")


def _dataset(found: Robustness) -> xr.Dataset:
    each, flips = found.variants, found.flips
    return xr.Dataset(
        {
            "effect": (("analysis", "end"), np.array([[v.median, v.lower, v.upper] for v in each])),
            "p": ("analysis", np.array([v.p_mean for v in each])),
            "flips": ("analysis", np.array([v in flips for v in each])),
        },
        coords={
            "analysis": [v.changed for v in each],
            "kind": ("analysis", [v.kind for v in each]),
            "end": ["middle", "low", "high"],
        },
    )


def _page(lines: Sequence[Line], found: Robustness, notes: Sequence[str]) -> SideBySide:
    names = max(line.indent + lettering.width(line.text, bold=line.bold) for line in lines)
    left = EDGE + names + 0.12
    effect = WIDTH - left - GAP - P_WIDTH - NUMBERS
    return SideBySide(
        ((EFFECT, effect), (PROBABILITY, P_WIDTH)),
        height=sum(line.height for line in lines) + 0.04,
        left=left,
        top=EDGE + HEADER,
        bottom=BOTTOM + LINE * label_of(found, effect).count("\n"),
        gap=GAP,
        notes=tuple(notes),
    )


def _draw_line(plot: PlotCollection, page: SideBySide, what: tuple[Line, int], y: float) -> None:
    """The name of a line, its marks in both panels, and its number."""
    line, row = what
    down = page.top + y + (0.03 if not line.analyses else 0.0)
    write(plot, f"line_{row}", line.text, at=(EDGE + line.indent, down))
    plot.viz[f"line_{row}"].item().set_fontweight("bold" if line.bold else "normal")
    if not line.analyses:
        return
    for name, (low, high) in ((EFFECT, panel(plot, EFFECT).get_xlim()), (PROBABILITY, (0, 1))):
        panel(plot, name).hlines(y, low, high, colors=RULE, linewidths=0.3, zorder=0)
    if line.one is not None:
        drawn = _draw_one(plot, line, line.one, y)
        plot.viz[f"p_{row}"] = xr.DataArray(drawn)
    elif not line.analyses[0].problem:
        _draw_several(plot, line.analyses, y)
    right = page.ends(PROBABILITY)[1] + 0.1
    write(plot, f"p_{row}_text", _number(line), at=(right, page.top + y))
    plot.viz[f"p_{row}_text"].item().set_fontweight("bold" if line.flips else "normal")


def _number(line: Line) -> str:
    """P, or from where to where it runs."""
    if line.one is not None:
        return words.probability(line.one.p_mean).replace(" ", "")
    if line.analyses[0].problem:
        return "no fit"
    p = [v.p_mean for v in line.analyses]
    ends = [words.probability(x).replace(" ", "") for x in (min(p), max(p))]
    return "–".join(dict.fromkeys(ends))


def _draw_one(plot: PlotCollection, line: Line, one: Variant, y: float) -> object:
    """Median and interval on the left, P on the right."""
    effect, probability = panel(plot, EFFECT), panel(plot, PROBABILITY)
    color, mark = (INK, "D") if line.flips else (MEAN, "o")
    low, high = effect.get_xlim()
    effect.hlines(y, max(one.lower, low), min(one.upper, high), colors=color, linewidths=1.2)
    effect.scatter(one.median, y, s=20, marker=mark, color=color, zorder=4)
    for end, arrow, beyond in ((low, "<", one.lower < low), (high, ">", one.upper > high)):
        if beyond:
            effect.scatter(end, y, marker=arrow, color=color, s=16, clip_on=False, zorder=4)
    return probability.scatter(
        one.p_mean, y, s=20, marker=mark, color=color, zorder=4, clip_on=False
    )


def _draw_several(plot: PlotCollection, several: Sequence[Variant], y: float) -> None:
    """From the lowest to the highest, of the medians and of P."""
    for name, values in (
        (EFFECT, [v.median for v in several]),
        (PROBABILITY, [v.p_mean for v in several]),
    ):
        ends: Array = np.array([min(values), max(values)])
        bar = panel(plot, name).plot(
            ends, [y, y], color=DATA, linewidth=3, marker="|", markersize=8, clip_on=False
        )
        plot.viz[f"between_{name}"] = xr.DataArray(bar[0])


def _notes(found: Robustness, *, cut: bool) -> list[str]:
    notes = [
        _verdict(found),
        "Posterior median of the mean effect with its central 95% interval, and probability of a "
        f"benefit of at least the MCID; the decision turns at {found.cut:g} (dashed).",
        *_unseen(found),
    ]
    if any("sceptical" in v.changed for v in found.variants):
        notes.append(
            "Sceptical: the prior of mu gives a benefit beyond the MCID a probability of 0.05; "
            "enthusiastic: it gives no benefit a probability of 0.05."
        )
    notes += ["Arrow heads: the interval goes on beyond the axis."] if cut else []
    notes.append(f"{found.mcid}.")
    return notes + [f"Note: {note}" for note in found.notes]


def _verdict(found: Robustness) -> str:
    others = len(found.variants) - 1 - len(found.failed)
    side, flips = f"of {found.cut:g} than the analysis as fitted", len(found.flips)
    said = f"{flips or 'none'} of {others} others put P on another side {side}"
    if flips:
        said += ", or too near to tell (black diamonds, bold)"
    return f"{found.verdict.capitalize()}: {said}."


def _unseen(found: Robustness) -> list[str]:
    """What the grey bar is, and why some lines have no mark."""
    several = any(len(line.analyses) > 1 for line in lines_of(found))
    said = ["Grey bars: the others, from their lowest to their highest median and P."]
    said = said if several else []
    return said + [f"No fit: {v.changed} ({v.problem})" for v in found.failed]
