"""The section Does the decision flip: under other priors and models, and with fewer studies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bayes_ps import words
from bayes_ps.reporting.blocks import Block, Listed, Section, Table, Text
from bayes_ps.reporting.decision_section import chance
from bayes_ps.reporting.material import Material
from bayes_ps.reporting.natural_scale import shown
from bayes_ps.robustness import Robustness, Variant
from bayes_ps.robustness.plans import OWN
from bayes_ps.sensitivity.question import Target

TITLE = "Does the decision flip?"
ANSWERS = "BARG step 5 (other priors, and the decision under them); ROBUST 3; PRISMA 13f, 20d"
CUTS = (0.5, 0.75, 0.9, 0.95)
BELIEFS = (
    "Sceptical: centred on no effect, with probability 0.05 of benefit beyond the MCID. "
    "Enthusiastic: centred on a benefit of the MCID, with probability 0.05 of no benefit "
    "(after Spiegelhalter, Freedman & Parmar 1994, doi:10.2307/2983527)."
)
GROUPS = {
    "priors": "Under other priors",
    "common effect": "Without heterogeneity",
    "risk of bias": "Without the studies at high risk of bias",
    "model": "Under other models",
    "leave one out": "Without each study",
}
"""Kinds of `Variant`, in the order of the page."""


def robustness(m: Material) -> Section:
    """The verdict, what flips the decision, and every analysis."""
    if m.robust is None:
        return Section("robustness", TITLE, ANSWERS, (Text(f"Not examined: {m.not_robust}"),))
    found = m.robust
    said, *notes = str(found).splitlines()
    blocks: list[Block] = [Text(said.replace("see to_frame()", "below")), *_flips(m, found)]
    if notes:
        blocks.append(Listed(tuple(notes)))
    blocks += _groups(m, found)
    blocks += _bias(m)
    return Section("robustness", TITLE, ANSWERS, tuple(blocks))


def _flips(m: Material, found: Robustness) -> Iterator[Block]:
    own = found.variants[0]
    asked: tuple[tuple[str, Target, tuple[Variant, ...]], ...] = (
        ("the mean effect", "mean", found.flips),
        ("a new setting", "new", found.flips_new),
    )
    for of, target, flips in asked:
        if flips:
            side = own.side(found.cut, target)
            caption = f"What flips the decision on {of} at {found.cut:g} (as fitted: {side} it)"
            yield _table(m, caption, _simplest(flips))


def _simplest(flips: tuple[Variant, ...]) -> list[Variant]:
    """Without pairs of priors of which one alone flips it: they stand below."""
    alone = {v.changed for v in flips}
    return [
        v
        for v in flips
        if v.kind != "priors" or not alone & set(v.changed.split(", ")) - {v.changed}
    ]


def _groups(m: Material, found: Robustness) -> Iterator[Block]:
    """A table a kind of analysis, each beginning with the analysis as fitted."""
    own = found.variants[0]
    for kind, caption in GROUPS.items():
        listed = [v for v in found.variants if v.kind == kind]
        if listed:
            yield _table(m, caption, (own, *listed), benefit=kind == "priors")
        if listed and kind == "priors":
            yield from _priors(found)
        if listed and kind == "leave one out":
            yield Text(_crossing(listed, own))


def _table(m: Material, caption: str, listed: Sequence[Variant], *, benefit: bool = False) -> Table:
    """With P(any benefit), which is known for the priors, or without."""
    assert m.robust is not None
    head = [
        "Analysis",
        "Mean effect (95% CrI)",
        "P(mean: at least the MCID)",
        "P(new setting: at least the MCID)",
        "Cut-offs reached by the mean effect",
        f"Which decision flips at {m.robust.cut:g}",
    ]
    flips = m.robust.flips, m.robust.flips_new
    rows = [_row(m, v, flips) for v in listed]
    if benefit:
        head.insert(2, "P(mean: any benefit)")
        for v, row in zip(listed, rows, strict=True):
            p = m.any_benefit.get(v.changed)
            row.insert(2, "–" if p is None else words.probability(p))
    return Table(caption, tuple(head), tuple(map(tuple, rows)))


def _row(m: Material, v: Variant, flips: tuple[tuple[Variant, ...], ...]) -> list[str]:
    if v.problem:
        return [v.changed, f"not carried out: {v.problem}", *["–"] * 4]
    reached = [f"{cut:.0%}" for cut in CUTS if v.p_mean >= cut]
    return [
        v.changed,
        shown(m.effects, v.median, v.lower, v.upper),
        chance(v.p_mean, v.mcse_mean),
        chance(v.p_new, v.mcse_new),
        ", ".join(reached) or "none",
        {(True, True): "mean and new", (True, False): "mean", (False, True): "new"}.get(
            (v in flips[0], v in flips[1]), "none"
        ),
    ]


def _priors(found: Robustness) -> Iterator[Block]:
    """What the names of the priors stand for."""
    rows: dict[tuple[str, str], None] = {}
    for v in found.variants:
        if v.kind in (OWN, "priors"):
            rows |= {("mu", v.mu): None, ("tau", v.tau): None}
    named = tuple(sorted(row for row in rows if row[1]))
    yield Table("Which priors these are", ("Of", "Prior"), named)
    yield Text(BELIEFS)


def _crossing(listed: list[Variant], own: Variant) -> str:
    """At which cut-offs one study decides."""
    said = []
    for cut in CUTS:
        names = [v.changed.removeprefix("without ") for v in listed
                 if not v.problem and (v.p_mean >= cut) != (own.p_mean >= cut)]  # fmt: skip
        if names:
            said.append(f"at {cut:.0%} without {', '.join(names)}")
    if not said:
        return "No single study moves P of the mean effect across 50%, 75%, 90% or 95%."
    return f"P of the mean effect crosses a cut-off {'; '.join(said)}."


def _bias(m: Material) -> Iterator[Block]:
    """How much bias in the trials at high risk turns the decision."""
    if m.tipping is None:
        return
    said, *_ = str(m.tipping).splitlines()
    yield Text(f"Tipping point of bias. {said}")
    yield Text(
        "Whoever finds a bias of that size plausible cannot rely on the decision; what trials of "
        "such a kind exaggerate on average: Savović 2012, "
        "doi:10.7326/0003-4819-157-6-201209180-00537."
    )
