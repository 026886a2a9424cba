"""`plot_mcid_curve`: how probable a benefit of at least so much is, for every so much."""

from __future__ import annotations

from collections.abc import Sequence

import xarray as xr
from arviz_plots import PlotCollection

from bayes_ps import words
from bayes_ps.checks import BayesPSError
from bayes_ps.decision import MCID
from bayes_ps.plots.captions import about, setting_of
from bayes_ps.plots.description import described
from bayes_ps.plots.flags import Flag, Flagged, draw_flags
from bayes_ps.plots.mcid_axis import draw_axis, draw_extents, spoken
from bayes_ps.plots.mcid_curves import CURVE, LOOKS, asked, draw_band, draw_curves, relation
from bayes_ps.plots.mcid_extent import Extent, extent_of
from bayes_ps.plots.page import EDGE, Page
from bayes_ps.plots.style import INK, LINE, WIDTH, journal
from bayes_ps.posterior import Fit, Setting
from bayes_ps.robustness.band import MCIDBand

HEIGHT, LEFT, BOTTOM, GAP = 2.7, 0.56, 0.68, 0.2
LOWER = 2.0
"""Height of each of two panels."""


def plot_mcid_curve(
    fit: Fit,
    mcid: MCID | Sequence[MCID] | None = None,
    *,
    band: MCIDBand | None = None,
    at: Setting = None,
) -> PlotCollection:
    """P(benefit of at least x) against x, for the mean effect and for a new setting.

    Parameters
    ----------
    fit : by either engine.
    mcid : one or several, each marked with its probabilities; that of the band unless given. An
        uncertain one is a range, and its probabilities are averages over it, as in `decide`.
    band : of :func:`bayes_ps.mcid_band`: how far the curves move with priors and models, shaded;
        then each curve has a panel of its own.
    at : the setting, for a model with moderators; that of the band unless given.

    Returns
    -------
    PlotCollection
        ``plot.data`` holds the curves, ``p`` (target, threshold), and ``p_mcid`` (target, mcid);
        with a band its ``lowest`` and ``highest`` (target, band_threshold).

    Raises
    ------
    UnitError
        If an MCID is in another unit than the effects.
    BayesPSError
        If the band is of other effects or of another setting.

    Notes
    -----
    The two curves answer two questions: the mean effect over settings, and the true effect in one
    new setting, which also varies by tau. Under a model without tau they are one.
    The curves are those of :func:`bayes_ps.mcid_curve`, the marked probabilities those of
    :func:`bayes_ps.decide`. Tests: ``tests/figures/test_plots.py``, ``test_mcid_figure.py``.
    """
    at = _setting(fit, band, at)
    given = band.mcid if mcid is None and band is not None else mcid
    listed = [given] if isinstance(given, MCID) else list(given or ())
    marked = sorted(listed, key=lambda one: float(one.spread.ppf(0.5)))
    extents = [extent_of(one, fit.effects) for one in marked]
    data = asked(fit, marked, band, at)
    flagged = Flagged(_flags(data, marked, extents, band), _limits(data))
    with journal():
        page = _page(flagged, data, _notes(fit, data, (marked, band), at))
        plot = page.open(data)
        draw_axis(plot, page, fit.effects, flagged.limits)
        draw_extents(plot, page, extents)
        draw_flags(plot, page, flagged)
        draw_curves(plot, page, extents)
        if band is not None:
            draw_band(plot, page, extents, band)
    return described(plot, _spoken(data, extents, fit, at))


def _setting(fit: Fit, band: MCIDBand | None, at: Setting) -> Setting:
    """The setting, once the band is known to be of it."""
    if band is None:
        return at
    if not band.about(fit.effects):
        raise BayesPSError("The band is of other effects than the fit. Use bps.mcid_band(fit, …).")
    if at is not None and at != band.at:
        raise BayesPSError(f"The band is of {band.at}, not of {at}. Use bps.mcid_band(…, at={at}).")
    return band.at


def _limits(data: xr.Dataset) -> tuple[float, float]:
    """Of the axis: all curves in full."""
    ends = [data[name].values[[0, -1]] for name in ("threshold", "band_threshold") if name in data]
    return min(float(low) for low, _ in ends), max(float(high) for _, high in ends)


def _flags(
    data: xr.Dataset, marked: Sequence[MCID], extents: Sequence[Extent], band: MCIDBand | None
) -> tuple[Flag, ...]:
    """For each MCID its value, and the two probabilities in the colours of their curves."""
    flags = []
    for n, one in enumerate(extents):
        lines = [(one.text, INK)]
        for row, name in enumerate(map(str, data["target"].values)):
            said = f"{name}: P {relation(float(data['p_mcid'].values[row, n]))}"
            if band is not None and marked[n] == band.mcid:
                low, high = map(words.probability, data["ends"].values[row])
                said += f" (all {low})" if low == high else f" ({low} to {high})"
            lines.append((said, LOOKS[name][0]))
        flags.append(Flag(one.middle, tuple(lines)))
    return tuple(flags)


def _page(flagged: Flagged, data: xr.Dataset, notes: Sequence[str]) -> Page:
    """High enough above for the flags, and wide enough on the right."""
    targets = [str(name) for name in data["target"].values]
    several = "lowest" in data and len(targets) > 1
    left = LEFT + LINE * several
    right = flagged.overhang(WIDTH - left - 2 * EDGE) + 2 * EDGE
    return Page(
        tuple((name, LOWER) for name in targets) if several else ((CURVE, HEIGHT),),
        left=left,
        right=right,
        top=flagged.height(WIDTH - left - right),
        bottom=BOTTOM,
        gap=GAP,
        notes=tuple(notes),
    )


def _notes(
    fit: Fit, data: xr.Dataset, asked_of: tuple[Sequence[MCID], MCIDBand | None], at: Setting
) -> list[str]:
    marked, band = asked_of
    notes = [about(fit), *setting_of(at)]
    if not fit.has_tau:
        notes.append("Under this model a new setting has the mean effect itself.")
    if (largest := float(data["mcse"].values.max(initial=0))) > 0:
        notes.append(
            f"Monte Carlo standard error of the marked probabilities: {largest:.1g} at most."
        )
    if band is not None:
        notes += _of_band(band)
    notes += _of_uncertain([extent_of(one, fit.effects) for one in marked])
    notes += _of_mcids(marked)
    return notes + [f"Note: {warning}" for warning in fit.warnings]


def _of_mcids(marked: Sequence[MCID]) -> list[str]:
    """Each with its caveat, or with one that holds for all."""
    caveats = {one.caveat for one in marked}
    if len(caveats) == 1:
        return [*(f"{one}." for one in marked), *caveats]
    return [f"{one}. {one.caveat}" for one in marked]


def _of_uncertain(extents: Sequence[Extent]) -> list[str]:
    """What the marks of MCIDs that are not one number mean."""
    uncertain = [one for one in extents if not one.certain]
    if not uncertain:
        return []
    said = "Bars, and the numbers of an uncertain MCID: averaged over it."
    if any(one.anchors for one in uncertain):
        said += " Ticks: its values."
    if not all(one.anchors for one in uncertain):
        said += " Grey: its central 95%."
    return [said]


def _of_band(band: MCIDBand) -> list[str]:
    """What the shaded range is."""
    said = (
        f"Thick: as fitted. Thin: {len(band.changed) - 1} analyses with other priors or models. "
        f"Shaded: from the lowest to the highest; named, and in brackets: these at the MCID."
    )
    if any("sceptical" in changed for changed in band.changed):
        said += (
            " The sceptical prior of mu gives a benefit beyond the MCID a probability of 0.05, the "
            "enthusiastic prior no benefit at all one of 0.05."
        )
    return [said, *(f"Not carried out: {changed} ({why})" for changed, why in band.failed)]


def _spoken(data: xr.Dataset, extents: Sequence[Extent], fit: Fit, at: Setting) -> str:
    said = [
        f"Probability of a {spoken(fit.effects, 'x')} against x",
        f"({fit.effects.better} is better), falling from left to right. {' '.join(setting_of(at))}",
    ]
    for n, one in enumerate(extents):
        where = spoken(fit.effects, one.text.removeprefix("MCID "))
        for target, p in zip(data["target"].values, data["p_mcid"].values[:, n], strict=True):
            said.append(f"{target}, {where}: {words.probability(p)}.")
    for target, (low, high) in zip(data["target"].values, data.get("ends", ()), strict=False):
        ends = f"{words.probability(float(low))} to {words.probability(float(high))}"
        said.append(f"{target}: {ends} over the analyses of the band.")
    return " ".join(said)
