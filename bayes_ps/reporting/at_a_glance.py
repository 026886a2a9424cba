"""The top of the page: may it be reported, the few numbers, and what must be read with them."""

from __future__ import annotations

from bayes_ps import words
from bayes_ps.reporting.blocks import Table
from bayes_ps.reporting.decision_section import benefit_of, chance, size_of
from bayes_ps.reporting.material import Material
from bayes_ps.reporting.mcid_units import InMCIDs
from bayes_ps.reporting.natural_scale import shown, unit_shown
from bayes_ps.reporting.scale_section import FACTORS

MEANS = {
    "ready": "Every check was passed.",
    "directional": "Report which way the effect points, and how sure that is only together with "
    "these reasons:",
    "not reportable": "No number here may be reported before this is mended:",
}
UNUSUAL = 0.025  # posterior predictive P below it, or above 1 − it
ASYMMETRIC = 0.1  # P of Egger's test below which it is said at the top, as Egger 1997 took it


def gate(m: Material) -> dict[str, object]:
    """The status, what it means, its reasons, and what it does not look at."""
    status = m.gate.status
    means = MEANS[status]
    of = f"P(mean effect: {benefit_of(m, m.mcid)})" if m.mcid else "the numbers"
    looks = f"It is about {of}: the computation, the number of studies, the scale of the priors, "
    looks += "and whether other analyses decide otherwise. It does not look at missing results"
    looks += ", at the stated SD" if m.sd else ""
    looks += ", or at how sure the MCID is." if m.mcid else "."
    return {"status": status, "means": means, "reasons": m.gate.reasons, "looks": looks}


def summary(m: Material) -> list[tuple[str, str]]:
    """The few numbers."""
    average, effects = m.fit.average(), m.effects
    middle = shown(effects, average.median, *average.interval())
    found = [(f"Mean effect, {unit_shown(effects)}", middle)]
    if m.fit.has_tau:
        new = m.fit.predictive()
        found.append(("A new setting", shown(effects, new.median, *new.interval())))
    if m.decision is not None and m.mcid is not None:
        asked = benefit_of(m, m.mcid)
        for name, each in (("mean effect", m.decision.mean), ("new setting", m.decision.new)):
            found.append((f"P({name}: {asked})", chance(each.p_mcid, each.mcse_mcid)))
        found.append(("P(trivial mean effect)", words.probability(m.decision.mean.p_trivial)))
        found.append(("P(mean harm beyond it)", words.probability(m.decision.mean.p_harm)))
        found.append(("Mean effect / MCID", words.interval(*InMCIDs.shown(m.sizes[0].mean))))
    return [*found, ("Studies", str(m.fit.k))]


def beside(m: Material) -> Table | None:
    """The decision at each MCID, where there are several."""
    if len(m.mcids) < 2:
        return None
    rows = tuple(
        (
            size_of(m, each.mcid),
            chance(each.mean.p_mcid, each.mean.mcse_mcid),
            chance(each.new.p_mcid, each.new.mcse_mcid),
            words.interval(*InMCIDs.shown(size.mean)),
        )
        for each, size in zip(m.decisions, m.sizes, strict=True)
    )
    head = ("MCID", "P(mean effect beyond it)", "P(new setting beyond it)", "Mean effect / MCID")
    return Table("Benefit of at least each MCID", head, rows)


def remarks(m: Material) -> list[str]:
    """What must be read together with the numbers."""
    said = [f"{m.sd} {_by_sd(m)}"] if m.sd is not None else []
    notes = m.fit.warnings if m.decision is None else m.decision.notes
    said += [note for note in notes if note != str(m.sd)]
    if m.asymmetry is not None and m.asymmetry.p < ASYMMETRIC:
        said.append(
            f"Small studies show other effects than large ones (Egger's test, P = "
            f"{m.asymmetry.p:.2g}): see “Frequentist baseline”."
        )
    if m.check is not None and not UNUSUAL < m.check.p < 1 - UNUSUAL:
        said.append(
            "The model hardly makes data like these (posterior predictive P of Q "
            f"{words.probability(m.check.p)}): see “Computation and checks”."
        )
    if m.doctor is not None and len(m.doctor):
        said.append(f"The data doctor has {len(m.doctor)} findings to be looked up: see “Data”.")
    return said


def _by_sd(m: Material) -> str:
    """What another SD would make of the main probability."""
    if m.sd is None or not m.sizes:
        return ""
    first, last = FACTORS[0], FACTORS[-1]
    p = [words.probability(float(m.sizes[0].mean.sf(1 / factor))) for factor in (first, last)]
    return (
        f"By an SD of {first * m.sd.value:g} the probability that the mean effect reaches the main "
        f"MCID would be {p[0]}, by one of {last * m.sd.value:g} {p[1]}: see “On a familiar scale”."
    )
