"""The section On a familiar scale: the re-expressions of the Cochrane Handbook, chapter 15."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, pi, sqrt

from bayes_ps import words
from bayes_ps.decision import bands
from bayes_ps.decision.patients import SMD
from bayes_ps.effects.stated_sd import AssumedSD
from bayes_ps.posterior import Marginal
from bayes_ps.reporting.blocks import Block, Code, Listed, Section, Table, Text
from bayes_ps.reporting.decision_section import size_of
from bayes_ps.reporting.material import Material
from bayes_ps.reporting.mcid_units import RULE, InMCIDs

FACTORS = (0.5, 0.75, 1.0, 1.25, 1.5)
COHEN = (0.2, 0.5, 0.8)
THUMB = (
    "Small, moderate and large from 0.2, 0.5 and 0.8 SD on are Cohen's rules of thumb (Cochrane "
    "Handbook 15.5.3.1): they are not anchored in what patients notice, and an SD differs between "
    "populations."
)
ODDS = (
    "The odds ratio is exp(π/√3 × SMD) (Cochrane Handbook 15.5.3.3; Hasselblad & Hedges 1995, "
    "doi:10.1037/0033-2909.117.1.167), of scoring above any one cut, in whichever direction "
    "the scale points; it assumes a logistic distribution of the same spread in both groups."
)
POINTS = 'points = bps.points_from_smd(effects, sd=…, unit="points (0-100)", source="…")\n'
WAYS = (
    "As points of an instrument that readers know: multiply by a stated SD before the fit, as "
    "below, and give the MCID in points; the report then shows the SD as the assumption that it "
    "is (Handbook 15.5.3.2).",
    "As MID units: give mcid=bps.MCID(…) (Handbook 15.5.3.4).",
    "As responders, risk difference and NNT: bps.responders(fit, mcid, control_share=…), handed "
    "in as patients=…",
    'As a ratio of means: effect_sizes(table, measure="ROM"), which takes the means of both '
    "arms on a scale that starts at 0; an SMD alone cannot give it.",
)


def familiar_scale(m: Material) -> Section:
    """MID units; other SDs; SD units with their rules of thumb, and how to re-express them."""
    blocks: list[Block] = [*_in_mcids(m), *_other_sds(m), *_sd_units(m)]
    if not blocks:
        blocks = [Text("Effects are shown in their own unit. Give an MCID for MID units.")]
    return Section(
        "scale", "On a familiar scale", "Cochrane Handbook 15.5; GRADE 13", tuple(blocks)
    )


def _in_mcids(m: Material) -> Iterator[Block]:
    if not m.sizes:
        return
    rows = tuple(
        (
            size_of(m, each.mcid),
            words.interval(*InMCIDs.shown(each.mean)),
            words.interval(*InMCIDs.shown(each.new)),
        )
        for each in m.sizes
    )
    head = ("MCID", "Mean effect / MCID (95% CrI)", "New setting / MCID (95%)")
    log = ", logarithm divided by logarithm" if m.effects.is_ratio else ""
    yield Table(f"Effects in MID units{log}; > 0 is benefit", head, rows)
    yield Text(RULE)


def _other_sds(m: Material) -> Iterator[Block]:
    """How much rests on the SD."""
    if m.sd is None:
        return
    yield Text(
        f"How much rests on the SD of {m.sd.value:g} {m.sd.unit}, which was stated and not "
        f"estimated (see “Data”):"
    )
    head = ["If the SD were", "Mean effect (95% CrI)"]
    for each in m.sizes:
        head += [f"P(mean: at least {size_of(m, each.mcid)})"]
    rows = tuple(_at_sd(m, m.sd, factor) for factor in FACTORS)
    unit = m.effects.unit
    yield Table(f"The same standardised effects by other SDs, {unit}", tuple(head), rows)
    yield Text(
        "Effects, intervals and priors are all scaled by the SD, which is the analysis of the "
        "standardised effects, shown by another SD."
    )


def _at_sd(m: Material, sd: AssumedSD, factor: float) -> tuple[str, ...]:
    average = m.fit.average()
    ends = (factor * x for x in (average.median, *average.interval()))
    p = [words.probability(float(each.mean.sf(1 / factor))) for each in m.sizes]
    name = f"{factor * sd.value:g}" + (" (as stated)" if factor == 1 else "")
    return name, words.interval(*ends), *p


def _sd_units(m: Material) -> Iterator[Block]:
    """For standardised effects that stayed so."""
    if m.effects.measure not in SMD:
        return
    found = bands(m.fit, COHEN)
    each = zip(found.band[::-1], found.p_mean[::-1], found.p_new[::-1], strict=True)
    rows = tuple((name, words.probability(p), words.probability(new)) for name, p, new in each)
    head = ("Band", "Mean effect", "New setting")
    yield Table("SD units, by rules of thumb", head, rows)
    yield Text(THUMB)
    targets = (("Mean effect", m.fit.average()), ("A new setting", m.fit.predictive()))
    shown = tuple((name, _odds(marginal)) for name, marginal in targets)
    yield Table("As an odds ratio", ("Of", "Odds ratio (95% CrI)"), shown)
    yield Text(ODDS)
    yield Listed(WAYS)
    yield Code("Python, to re-express in points", POINTS)


def _odds(marginal: Marginal) -> str:
    ends = (exp(pi / sqrt(3) * x) for x in (marginal.median, *marginal.interval()))
    first, low, high = (f"{x:.2f}" for x in ends)
    return f"{first} ({low} to {high})"
