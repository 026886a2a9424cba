"""The sections Baseline, Posterior and Decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bayes_ps import words
from bayes_ps.baseline.small_study import egger
from bayes_ps.checks import BayesPSError
from bayes_ps.decision import MCID, Probabilities
from bayes_ps.posterior import Marginal
from bayes_ps.reporting.blocks import Block, Listed, Section, Table, Text, table_of
from bayes_ps.reporting.certainty import (
    IMPRECISION_RULE,
    INCONSISTENCY_RULE,
    PANEL,
    certainty_inputs,
)
from bayes_ps.reporting.material import Material
from bayes_ps.reporting.natural_scale import is_ratio, natural, shown, unit_shown

ENOUGH = 10  # studies, below which a test of funnel asymmetry says little
MULTIPLES = (0.5, 1.0, 1.5, 2.0)
FOUR = (
    "Three different unknowns, never to be mixed up: the mean effect over settings; the effect in "
    "one new, comparable setting, which also varies by tau; the share of settings beyond the MCID, "
    "whose interval is the honest message (Mathur & VanderWeele 2019, doi:10.1002/sim.8057). None "
    "of them is the share of patients who benefit: that takes the spread of patients within arms."
)


def baseline(m: Material) -> Section:
    """The frequentist results that a reviewer ticks against RevMan or metafor."""
    blocks: list[Block] = []
    if m.pooled is not None:
        blocks.append(Text(str(m.pooled)))
    if m.pools is not None:
        frame = m.pools.to_frame()
        head = ("Result", "Value", "Lower", "Upper", "z or t", "df", "P", "Method")
        blocks.append(table_of(frame, "To tick against RevMan or metafor", head))
        if is_ratio(m.effects):
            blocks.append(Text("Effects and tau in this table are on the log scale."))
    if not blocks:
        blocks = [
            Text("No baseline was given, and none is computed where studies share participants.")
        ]
    blocks += _small_studies(m)
    return Section(
        "baseline",
        "Frequentist baseline",
        "PRISMA 13d, 14, 20b, 20c, 21; Cochrane (DL/Wald, REML/HKSJ, prediction, Q-profile)",
        tuple(blocks),
    )


def _small_studies(m: Material) -> Iterator[Block]:
    if m.effects.k < ENOUGH or m.effects.V is not None or not m.fit.studies:
        yield Text(
            f"Small-study effects: not tested, because that takes {ENOUGH} independent studies or "
            f"more to say anything. It is no proof that nothing is missing."
        )
        return
    try:
        yield Text(f"Small-study effects: {egger(m.effects)}")
    except BayesPSError as why:
        yield Text(f"Small-study effects: not tested. {why}")


def posterior(m: Material) -> Section:
    """Of the mean effect, tau, a new setting and every study."""
    fit, effects = m.fit, m.effects
    rows = [("Mean effect (mu)", *_summary(m, fit.average()))]
    if fit.has_tau:
        tau = fit.marginal("tau")
        values = words.interval(tau.median, *tau.interval())
        rows.append(("tau, between settings", values, f"{tau.mean:.4g}", f"{tau.sd:.4g}"))
        rows.append(("A new setting (theta_new)", *_summary(m, fit.predictive())))
    rows += [(f"Study: {name}", *_summary(m, fit.study(name))) for name in fit.studies]
    unit = unit_shown(effects)
    head = ("Unknown", f"Median (95% CrI), {unit}", "Mean", "SD")
    note = "Intervals are central. "
    if is_ratio(effects):
        note += "Medians and intervals are ratios; tau, mean and SD are on the log scale. "
    note += "A study's row is its true effect, shrunken towards the others. "
    note += "A mean or SD that does not exist is shown as a dash."
    return Section(
        "posterior",
        "Posterior",
        "BARG step 3 (summary with intervals); ROBUST 6, 7; PRISMA 20b",
        (Table("Posterior distributions", head, tuple(rows)), Text(note)),
    )


def _summary(m: Material, marginal: Marginal) -> tuple[str, str, str]:
    mean, sd = (f"{x:.4g}" if x == x else "–" for x in (marginal.mean, marginal.sd))
    return shown(m.effects, marginal.median, *marginal.interval()), mean, sd


def decision(m: Material) -> Section:
    """How probable an effect that matters is, and for whom."""
    answers = "BARG step 4 (decision, criteria, limits); GRADE 34; PRISMA 15, 20b, 22"
    if m.mcid is None or m.decision is None:
        p = _beyond(m.fit.average(), 0.0, m.effects.benefit_sign)
        said = (
            f"No MCID was given: P(mean effect: any benefit) is {words.probability(p)}. "
            f"Any benefit may be too small to matter; give mcid=bps.MCID(…)."
        )
        return Section("decision", "Decision", answers, (Text(said),))
    found = m.decision
    certain = certainty_inputs(m.fit, m.mcid, m.pooled)
    blocks: list[Block] = [
        Text(str(found).splitlines()[0]),
        Table(
            f"Probabilities at the MCID; {m.effects.better} is better",
            (
                "Of",
                "Beyond the MCID in the beneficial direction",
                "Any benefit",
                "Trivial (between −MCID and +MCID)",
                "Harm beyond the MCID",
            ),
            tuple(_probabilities(each) for each in (found.mean, found.new, *found.studies)),
        ),
        Text(FOUR),
        Text(_where_from(m.mcid)),
        _thresholds(m, m.mcid),
        Text(f"Inputs for GRADE. {PANEL} {certain.imprecision} {certain.inconsistency}"),
        Listed((IMPRECISION_RULE, INCONSISTENCY_RULE)),
    ]
    if found.notes:
        blocks.append(Listed(found.notes))
    return Section("decision", "Decision", answers, tuple(blocks))


def _probabilities(each: Probabilities) -> tuple[str, ...]:
    pairs = (
        (each.p_mcid, each.mcse_mcid),
        (each.p_benefit, each.mcse_benefit),
        (each.p_trivial, each.mcse_trivial),
        (each.p_harm, each.mcse_harm),
    )
    shown_p = [words.probability(p) + (f" (MCSE {e:.1g})" if e else "") for p, e in pairs]
    return each.target, *shown_p


def _where_from(mcid: MCID) -> str:
    population = mcid.population or "not stated"
    return f"The MCID: {mcid}. Derived for {mcid.direction}; population: {population}."


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
