"""The section Decision: how probable an effect that matters is, for whom, and at which MCID."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from bayes_ps import words
from bayes_ps.decision import MCID, Decision, Probabilities, Share, bands
from bayes_ps.posterior import Marginal
from bayes_ps.reporting.blocks import Block, Listed, Section, Table, Text
from bayes_ps.reporting.certainty import (
    IMPRECISION_RULE,
    INCONSISTENCY_RULE,
    PANEL,
    certainty_inputs,
)
from bayes_ps.reporting.material import Material
from bayes_ps.reporting.natural_scale import natural, unit_shown

MULTIPLES = (0.5, 1.0, 1.5, 2.0)
FOUR = (
    "Three different unknowns, never to be mixed up: the mean effect over settings; the effect in "
    "one new, comparable setting, which also varies by tau; the share of settings beyond the MCID, "
    "whose interval is the honest message (Mathur & VanderWeele 2019, doi:10.1002/sim.8057). None "
    "of them is the share of patients who benefit: that takes the spread of patients within arms."
)
HEAD = (
    "Of",
    "Beyond the MCID in the beneficial direction",
    "Any benefit",
    "Trivial (between −MCID and +MCID)",
    "Harm beyond the MCID",
)


def decision(m: Material) -> Section:
    """At the main MCID, and beside it at the others."""
    answers = "BARG step 4 (decision, criteria, limits); GRADE 34; PRISMA 15, 20b, 22"
    if m.mcid is None or m.decision is None:
        p = _beyond(m.fit.average(), 0.0, m.effects.benefit_sign)
        said = (
            f"No MCID was given: P(mean effect: any benefit) is {words.probability(p)}. "
            f"Any benefit may be too small to matter; give mcid=bps.MCID(…)."
        )
        return Section("decision", "Decision", answers, (Text(said),))
    found = m.decision
    direction = f"{m.effects.better} is better"
    at = f"Probabilities at the main MCID, {size_of(m, m.mcid)}; {direction}"
    certain = certainty_inputs(m.fit, m.mcid, m.pooled)
    blocks: list[Block] = [
        Text(str(found).splitlines()[0]),
        Table(at, HEAD, tuple(_probabilities(each) for each in (found.mean, found.new))),
        Text(FOUR),
        *_each_mcid(m),
        _thresholds(m, m.mcid),
        *_bands(m),
        *_of_studies(found, direction),
        *_fixed(m),
        Text(f"Inputs for GRADE. {PANEL} {certain.imprecision} {certain.inconsistency}"),
        Listed((IMPRECISION_RULE, INCONSISTENCY_RULE)),
        Listed(found.notes),
    ]
    return Section("decision", "Decision", answers, tuple(blocks))


def size_of(m: Material, mcid: MCID) -> str:
    """An MCID with its unit, as readers know it; of an uncertain one the median and 95% of it."""
    sign = m.effects.benefit_sign
    ends = [sign * float(x) for x in mcid.spread.ppf([0.5, 0.025, 0.975])]
    middle, *others = (f"{natural(m.effects, x):.4g}".removeprefix("-") for x in ends)
    spread = "" if mcid.certain else f" (95% {' to '.join(others)})"
    return f"{middle}{spread} {unit_shown(m.effects)}"


def benefit_of(m: Material, mcid: MCID) -> str:
    """As in ``benefit of at least 10 points``, ``RR of at most 0.8``."""
    if not mcid.certain or not m.effects.is_ratio:
        return f"benefit of at least {size_of(m, mcid) if mcid.certain else 'the MCID'}"
    most = "most" if m.effects.better == "lower" else "least"
    return (
        f"{unit_shown(m.effects)} of at {most} {natural(m.effects, mcid.threshold(m.effects)):.4g}"
    )


def chance(p: float, mcse: float) -> str:
    """A probability, with its Monte Carlo error if it has one."""
    return words.probability(p) + (f" (MCSE {mcse:.1g})" if mcse else "")


def _probabilities(each: Probabilities) -> tuple[str, ...]:
    return (
        each.target,
        chance(each.p_mcid, each.mcse_mcid),
        chance(each.p_benefit, each.mcse_benefit),
        chance(each.p_trivial, each.mcse_trivial),
        chance(each.p_harm, each.mcse_harm),
    )


def _each_mcid(m: Material) -> Iterator[Table]:
    """What is decided at every MCID, and where each comes from."""
    head = (
        "MCID",
        "Mean effect beyond it",
        "New setting beyond it",
        "Share of settings beyond it (95%)",
        "Mean effect trivial",
        "Mean harm beyond it",
        "Share of settings with such harm (95%)",
    )
    rows = tuple(_at_one(m, each) for each in m.decisions)
    yield Table("The decision at each MCID, in the beneficial direction", head, rows)
    asked = ("MCID", "Kind", "Method", "Derived for", "Population", "Instrument", "Source")
    yield Table("Where the MCIDs come from", asked, tuple(_origin(m, one) for one in m.mcids))


def _at_one(m: Material, found: Decision) -> tuple[str, ...]:
    mean, new = found.mean, found.new
    return (
        size_of(m, found.mcid),
        chance(mean.p_mcid, mean.mcse_mcid),
        chance(new.p_mcid, new.mcse_mcid),
        _settings(found.share),
        chance(mean.p_trivial, mean.mcse_trivial),
        chance(mean.p_harm, mean.mcse_harm),
        _settings(found.share_harm),
    )


def _settings(share: Share | None) -> str:
    """A share with its interval."""
    if share is None:
        return "no heterogeneity"
    return f"{share.median:.1%} ({share.lower:.1%} to {share.upper:.1%})"


def _origin(m: Material, one: MCID) -> tuple[str, ...]:
    said = (one.kind, one.method, one.direction, one.population, one.instrument, one.source)
    return size_of(m, one), *(text or "not stated" for text in said)


def _thresholds(m: Material, mcid: MCID) -> Table:
    """The same question at other thresholds: no MCID is known to the digit."""
    rows, sign = [], m.effects.benefit_sign
    average, new = m.fit.average(), m.fit.predictive()
    for name, one in _other_sizes(mcid):
        x = one.threshold(m.effects)
        p = (_beyond(average, x, sign), _beyond(new, x, sign), _beyond(average, -x, -sign))
        at = natural(m.effects, x)
        rows.append((f"{name}: {at:.3g}", *map(words.probability, p)))
    head = ("Threshold", "Mean effect beyond it", "New setting beyond it", "Mean harm beyond it")
    unit = unit_shown(m.effects)
    return Table(f"Other thresholds, {unit}, in the beneficial direction", head, tuple(rows))


def _beyond(marginal: Marginal, x: float, sign: int) -> float:
    """P(at x or farther in the direction of the sign)."""
    return float(marginal.cdf(x) if sign < 0 else marginal.sf(x))


def _other_sizes(mcid: MCID) -> list[tuple[str, MCID]]:
    """Multiples of an MCID that is one number, quantiles of one that is not."""
    if not mcid.certain:
        quantiles = (0.025, 0.25, 0.5, 0.75, 0.975)
        return [(f"{100 * q:g}% quantile of the MCID", mcid.quantile(q)) for q in quantiles]
    return [(f"{x:g} × MCID", replace(mcid, value=x * mcid.value)) for x in MULTIPLES]


def _bands(m: Material) -> Iterator[Table]:
    """Between the MCIDs, where there are several numbers."""
    certain = sorted({abs(one.threshold(m.effects)) for one in m.mcids if one.certain})
    if len(certain) < 2:
        return
    found = bands(m.fit, certain, names=["", *map(str, certain)])
    columns = zip(found.low, found.high, found.p_mean, found.p_new, strict=True)
    rows = [
        (_band(m, low, high), words.probability(mean), words.probability(new))
        for low, high, mean, new in columns
    ]
    yield Table(
        f"How large: bands between the MCIDs, {unit_shown(m.effects)}",
        ("Band", "Mean effect", "New setting"),
        tuple(reversed(rows)),
    )


def _band(m: Material, low: float, high: float) -> str:
    """Between two benefits, harm being < 0; ratios as they are on either side of 1."""
    if low < 0 < high:
        return "smaller than every MCID"
    near, far = sorted((low, high), key=abs)
    ends = [
        f"{natural(m.effects, m.effects.benefit_sign * x):.4g}".removeprefix("-")
        for x in (near, far)
    ]
    beyond = "on" if math.isinf(far) else f"to {ends[1]}"
    return f"from {ends[0]} {beyond}, {'benefit' if low > 0 else 'harm'}"


def _fixed(m: Material) -> Iterator[Text]:
    if m.mcid is not None and not m.mcid.certain:
        yield Text(
            f"Probabilities integrate over the MCID. Where a question takes one threshold (the "
            f"inputs for GRADE, the forest plot, the R code) it is {m.fixed}."
        )


def _of_studies(found: Decision, direction: str) -> Iterator[Table]:
    if found.studies:
        rows = tuple(_probabilities(each) for each in found.studies)
        yield Table(f"True effects of the studies at the main MCID; {direction}", HEAD, rows)
