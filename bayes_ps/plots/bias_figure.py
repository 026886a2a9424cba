"""`plot_tipping_bias`: the probability of benefit against the bias of the trials at high risk."""

from __future__ import annotations

import numpy as np
import xarray as xr
from arviz_plots import PlotCollection

from bayes_ps.plots import lettering
from bayes_ps.plots.description import described
from bayes_ps.plots.flags import Flag, Flagged, draw_flags
from bayes_ps.plots.page import EDGE, Page, panel, write
from bayes_ps.plots.scale import Scale
from bayes_ps.plots.style import INK, MEAN, SETTING, WIDTH, journal
from bayes_ps.robustness import BiasTipping

CURVE, HEIGHT, LEFT, BOTTOM, LABEL = "curve", 2.3, 0.56, 0.6, 0.4
DASHED = (0, (4, 2.5))
NAMES = 12
"""Trials that a note names."""


def plot_tipping_bias(found: BiasTipping) -> PlotCollection:
    """P(benefit) against how much the trials at high risk of bias overstate it.

    Parameters
    ----------
    found : of :func:`bayes_ps.tipping_bias`.

    Returns
    -------
    PlotCollection
        ``plot.data`` holds ``p`` (bias) and the ``crossing``s of the cut.

    Notes
    -----
    Read where the curve meets the dashed cut: whoever finds a bias of that size plausible cannot
    rely on the decision. The axis ends where P hardly moves any more; for more points on it try
    fewer biases by ``tipping_bias(…, most=…)``. Tests: ``tests/figures/test_bias_figure.py``.
    """
    data = xr.Dataset(
        {"p": ("bias", found.p), "crossing": ("which", np.array(found.crossing))},
        coords={"bias": found.bias},
    )
    flagged = Flagged(_flags(found), (0.0, _end(found)))
    cut = lettering.width(f"{found.cut:g}") + 3 * EDGE
    right = max(flagged.overhang(WIDTH - LEFT - cut) + 2 * EDGE, cut)
    with journal():
        page = Page(
            ((CURVE, HEIGHT),),
            left=LEFT,
            right=right,
            top=flagged.height(WIDTH - LEFT - right) + EDGE,
            bottom=BOTTOM,
            notes=tuple(_notes(found)),
        )
        plot = page.open(data)
        draw_flags(plot, page, flagged)
        _draw(plot, page, found)
    return described(
        plot, f"Curve of the probability against the bias. {str(found).splitlines()[0]}"
    )


def _flags(found: BiasTipping) -> tuple[Flag, ...]:
    """At each crossing, how large that bias is."""
    flags = []
    for x in found.crossing:
        lines = [(f"P = {found.cut:g} at a bias of {x:.3g} {found.question.unit}", INK)]
        if found.question.size:
            lines.append((f"{x / found.question.size:.2g} times the MCID", INK))
        flags.append(Flag(x, tuple(lines)))
    return tuple(flags)


def _end(found: BiasTipping) -> float:
    """Of the axis: beyond all crossings, and beyond where P moves by more than 0.005."""
    moving = np.flatnonzero(np.abs(found.p - found.p[-1]) > 0.005)
    still = int(moving[-1]) + 1 if moving.size else len(found.bias) - 1
    end = max([float(found.bias[still]), *(1.5 * x for x in found.crossing)])
    return min(end, float(found.bias[-1]))


def _draw(plot: PlotCollection, page: Page, found: BiasTipping) -> None:
    axes, end = panel(plot, CURVE), _end(found)
    color, whose = (MEAN, "mean effect") if found.target == "mean" else (SETTING, "new setting")
    axes.set_xlim(0, end)
    axes.set_ylim(0, 1)
    axes.set_xticks(*Scale("", ratio=False).ticks(0.0, end, page.inner))
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    axes.tick_params(length=2.5, pad=2)
    axes.tick_params(axis="x", pad=4)
    asked = "P(benefit \N{GREATER-THAN OR EQUAL TO} MCID)" if found.mcid else "P(any benefit)"
    axes.set_ylabel(f"{asked}, {whose}", color=color)
    cut = axes.hlines(found.cut, 0, end, colors=INK, linewidths=0.8, linestyles=[DASHED], zorder=1)
    frame = found.to_frame()
    shown = frame[frame["bias"] <= end]
    (line,) = axes.plot(shown["bias"], shown["p"], ".-", color=color, markersize=3, zorder=3)
    cuts = np.full(len(found.crossing), found.cut)
    dots = axes.scatter(found.crossing, cuts, s=24, color=color, zorder=5, clip_on=False)
    plot.viz["cut"], plot.viz["curve"] = xr.DataArray(cut), xr.DataArray(line)
    plot.viz["crossings"] = xr.DataArray(dots)
    down = page.top + (1 - found.cut) * HEIGHT
    write(plot, "cut_label", f"{found.cut:g}", at=(page.left + page.inner + 0.05, down))
    label = (
        f"Overstatement of the benefit by the trials at high risk of bias, {found.question.unit}"
    )
    middle = (page.left + page.inner / 2, page.floor + LABEL)
    write(plot, "xlabel", label, at=middle, align="center")


def _notes(found: BiasTipping) -> list[str]:
    named = ", ".join(found.high_risk[:NAMES])
    more = len(found.high_risk) - NAMES
    said = f"{named} and {more} more" if more > 0 else named
    count = len(found.high_risk)
    notes = [str(found).splitlines()[0], "Small dots: the biases tried, joined by lines."]
    notes.append(f"At high risk of bias, {count} of {found.k} studies: {said}.")
    notes += [f"{found.mcid}."] if found.mcid is not None else []
    return notes + [f"Note: {note}" for note in found.notes]
