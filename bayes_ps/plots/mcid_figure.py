"""`plot_mcid_curve`: how probable a benefit of at least so much is, for every so much."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from arviz_plots import PlotCollection

from bayes_ps import words
from bayes_ps.decision import MCID, mcid_curve
from bayes_ps.effects import Effects
from bayes_ps.plots import lettering
from bayes_ps.plots.captions import beyond, engine_of, setting_of
from bayes_ps.plots.curve_labels import Falling, name_curve
from bayes_ps.plots.description import described
from bayes_ps.plots.flags import Flag, Flagged, draw_flags
from bayes_ps.plots.mcid_axis import draw_axis
from bayes_ps.plots.page import EDGE, Page, panel
from bayes_ps.plots.scale import scale_of
from bayes_ps.plots.style import INK, MEAN, SETTING, WIDTH, journal
from bayes_ps.posterior import Fit, Setting

CURVE, HEIGHT, LEFT, BOTTOM = "curve", 2.7, 0.56, 0.68
MEAN_EFFECT, NEW_SETTING = "Mean effect", "A new setting"
LOOKS = {MEAN_EFFECT: (MEAN, "-", "o", (0.8, 0.2)), NEW_SETTING: (SETTING, "--", "D", (0.2, 0.8))}
"""Colour, line, mark, and the heights at which the curve is named, above it or below."""


def plot_mcid_curve(
    fit: Fit, mcid: MCID | Sequence[MCID] | None = None, *, at: Setting = None
) -> PlotCollection:
    """P(benefit of at least x) against x, for the mean effect and for a new setting.

    Parameters
    ----------
    fit : by either engine.
    mcid : one or several, each marked with its probabilities.
    at : the setting, for a model with moderators.

    Returns
    -------
    PlotCollection
        ``plot.data`` holds the curves, ``p`` (target, threshold), and ``p_mcid`` (target, mcid).

    Raises
    ------
    UnitError
        If an MCID is in another unit than the effects.

    Notes
    -----
    The two curves answer two questions: the mean effect over settings, and the true effect in one
    new setting, which also varies by tau. Under a model without tau they are one.
    The curves are those of :func:`bayes_ps.mcid_curve`, the marked probabilities those of
    :func:`bayes_ps.decide`. Tests: ``tests/unit/test_plots.py``.
    """
    marked = [mcid] if isinstance(mcid, MCID) else sorted(mcid or (), key=lambda m: m.value)
    data = _asked(fit, marked, at)
    limits = float(data["threshold"][0]), float(data["threshold"][-1])
    flagged = Flagged(_flags(data, marked, fit.effects), limits)
    with journal():
        page = _page(flagged, _notes(fit, data, marked, at))
        plot = page.open(data)
        draw_axis(plot, page, fit.effects, limits)
        draw_flags(plot, page, flagged)
        _draw_curves(plot, page, data)
    return described(plot, _spoken(data, marked, fit, at))


def _asked(fit: Fit, marked: Sequence[MCID], at: Setting) -> xr.Dataset:
    """The curves, and the probabilities at the MCIDs."""
    curve = mcid_curve(fit, marked[-1] if marked else None, at=at)
    targets, p = [(MEAN_EFFECT, fit.average(at))], [curve.p_mean]
    if fit.has_tau:
        targets, p = [*targets, (NEW_SETTING, fit.predictive(at))], [*p, curve.p_new]
    thresholds = [one.threshold(fit.effects) for one in marked]
    shape = len(targets), len(marked)
    at_mcid = np.array([[beyond(m, t) for t in thresholds] for _, m in targets]).reshape(shape)
    mcse = np.array([[m.mcse("cdf", t) for t in thresholds] for _, m in targets]).reshape(shape)
    return xr.Dataset(
        {
            "p": (("target", "threshold"), np.array(p)),
            "p_mcid": (("target", "mcid"), at_mcid),
            "mcse": (("target", "mcid"), mcse),
        },
        coords={
            "target": [name for name, _ in targets],
            "threshold": curve.threshold,
            "mcid": [one.value for one in marked],
        },
    )


def _flags(data: xr.Dataset, marked: Sequence[MCID], effects: Effects) -> tuple[Flag, ...]:
    """For each MCID its value, and the two probabilities in the colours of their curves."""
    scale = scale_of(effects)
    flags = []
    for n, one in enumerate(marked):
        shown = scale.value(one.threshold(effects) if scale.ratio else one.value)
        lines = [(f"MCID {shown}", INK)]
        for name, p in zip(data["target"].values, data["p_mcid"].values[:, n], strict=True):
            lines.append((f"{name}: P {_relation(p)}", LOOKS[str(name)][0]))
        flags.append(Flag(one.value, tuple(lines)))
    return tuple(flags)


def _relation(p: float) -> str:
    """As in ``= 0.060`` or ``< 0.001``."""
    text = words.probability(p)
    return text if text[0] in "<>" else f"= {text}"


def _page(flagged: Flagged, notes: Sequence[str]) -> Page:
    """High enough above for the flags, and wide enough on the right."""
    inner = WIDTH - LEFT - 2 * EDGE
    right = flagged.overhang(inner) + 2 * EDGE
    return Page(
        ((CURVE, HEIGHT),),
        left=LEFT,
        right=right,
        top=flagged.height(WIDTH - LEFT - right),
        bottom=BOTTOM,
        notes=tuple(notes),
    )


def _draw_curves(plot: PlotCollection, page: Page, data: xr.Dataset) -> None:
    """A curve a target with its name, and its mark at each MCID."""
    axes = panel(plot, CURVE)
    x, p = data["threshold"].values, data["p"].values
    curves = Falling(x, p, data["mcid"].values)
    for n, target in enumerate(data["target"].values):
        name = str(target)
        color, style, mark, wanted = LOOKS[name]
        (line,) = axes.plot(x, p[n], color=color, linestyle=style, zorder=3, clip_on=False)
        dots = axes.scatter(
            data["mcid"], data["p_mcid"][n], s=22, marker=mark, color=color, zorder=5, clip_on=False
        )
        label = name if len(p) > 1 else "Mean effect, and a new setting"
        width = (lettering.width(label) + 0.1) / page.inner * (x[-1] - x[0])
        name_curve(axes, label, curves.spot(n, wanted, width), color)
        plot.viz[f"{name} curve"] = xr.DataArray(line)
        plot.viz[f"{name} marks"] = xr.DataArray(dots)


def _notes(fit: Fit, data: xr.Dataset, marked: Sequence[MCID], at: Setting) -> list[str]:
    notes = [f"{fit.model}. {engine_of(fit)}.", *setting_of(at)]
    if not fit.has_tau:
        notes.append("Under this model a new setting has the mean effect itself.")
    if (largest := float(data["mcse"].values.max(initial=0))) > 0:
        notes.append(
            f"Monte Carlo standard error of the marked probabilities: {largest:.1g} at most."
        )
    notes += [f"{one}." for one in marked]
    notes += dict.fromkeys(one.caveat for one in marked)
    return notes + [f"Note: {warning}" for warning in fit.warnings]


def _spoken(data: xr.Dataset, marked: Sequence[MCID], fit: Fit, at: Setting) -> str:
    said = [
        f"Probability of a benefit of at least x {fit.effects.unit} against x",
        f"({fit.effects.better} is better), falling from left to right. {' '.join(setting_of(at))}",
    ]
    for n, one in enumerate(marked):
        for target, p in zip(data["target"].values, data["p_mcid"].values[:, n], strict=True):
            said.append(f"{target}, at least {one.value:g}: {words.probability(p)}.")
    return " ".join(said)
