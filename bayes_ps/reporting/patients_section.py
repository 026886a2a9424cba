"""The section Patients: of so many, how many more reach the MCID or are spared the event."""

from __future__ import annotations

from collections.abc import Iterator

from bayes_ps.decision import AbsoluteRisk, Responders
from bayes_ps.decision.patients import SMD
from bayes_ps.decision.uncertain_amounts import Amount
from bayes_ps.reporting.blocks import Block, Listed, Section, Table, Text
from bayes_ps.reporting.decision_section import chance
from bayes_ps.reporting.material import Material

NOT_GIVEN = (
    "Not given: nothing above says how many patients benefit. A mean effect below the MCID does "
    "not say that nobody does, nor one above it that everybody does."
)
RATIO = "To show events per 1000 give patients=bps.absolute_risk(fit, baseline=…)."
DIFFERENCE = (
    "To show how many reach the MCID give patients=bps.responders(fit, mcid, sd=…, control_mean=…) "
    "or control_share=…"
)


def patients(m: Material) -> Section:
    """What was handed in, with its assumptions as assumptions; else how to have it."""
    answers = "Cochrane Handbook 15.4, 15.5.3; GRADE 13; PRISMA 20b"
    given = m.patients
    if given is None:
        how = [RATIO] if m.effects.is_ratio else []
        how += [DIFFERENCE] if m.effects.measure in ("MD", *SMD) else []
        blocks: tuple[Block, ...] = (Text(" ".join([NOT_GIVEN, *how])),)
    else:
        blocks = (*_shown(given), Text("Assumptions, stated and not estimated:"))
        blocks += (Listed(given.notes),)
    return Section("patients", "Patients", answers, blocks)


def _shown(given: Responders | AbsoluteRisk) -> Iterator[Block]:
    share = isinstance(given, Responders)
    of = f"reach {given.mcid}" if share else "have the event"  # type: ignore[union-attr]
    head = ("Of", "Control group", "Treated (95%)", "Difference (95%)", "Number needed to treat")
    rows = []
    for n, name in enumerate(("Mean effect", "A new setting")):
        amounts = (given.control, given.treated[n], given.difference[n])
        rows.append((name, *(_amount(one, share=share) for one in amounts), given.nnt[n]))
    unit = "share of patients" if share else "per 1000 patients"
    yield Table(f"How many {of}, {unit}: median and 95% interval", head, tuple(rows))
    yield Text(
        "NNTB is the number needed to treat for one more to benefit, NNTH for one more to be "
        "harmed; an interval that holds no difference passes through infinity."
    )
    if isinstance(given, AbsoluteRisk) and given.p_important and given.mcse_important:
        mean, new = map(chance, given.p_important, given.mcse_important)
        yield Text(
            f"P(benefit of at least {given.important:g} in 1000): mean effect {mean}, new setting "
            f"{new}."
        )


def _amount(one: Amount, *, share: bool) -> str:
    def shown(x: float) -> str:
        return f"{x:.1%}" if share else f"{x:.0f}"

    if one.lower == one.upper:
        return shown(one.median)
    return f"{shown(one.median)} ({shown(one.lower)} to {shown(one.upper)})"
