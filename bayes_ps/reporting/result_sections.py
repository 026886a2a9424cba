"""The sections Baseline and Posterior."""

from __future__ import annotations

from bayes_ps import words
from bayes_ps.posterior import Marginal
from bayes_ps.reporting.blocks import Block, Section, Table, Text, table_of
from bayes_ps.reporting.material import Material
from bayes_ps.reporting.natural_scale import shown, unit_shown


def baseline(m: Material) -> Section:
    """The frequentist results that a reviewer ticks against RevMan or metafor."""
    blocks: list[Block] = []
    if m.pooled is not None:
        blocks.append(Text(str(m.pooled)))
    if m.pools is not None:
        frame = m.pools.to_frame()
        head = ("Result", "Value", "Lower", "Upper", "z or t", "df", "P", "Method")
        blocks.append(table_of(frame, "To tick against RevMan or metafor", head))
        if m.effects.is_ratio:
            blocks.append(Text("Effects and tau in this table are on the log scale."))
    if not blocks:
        blocks = [
            Text("No baseline was given, and none is computed where studies share participants.")
        ]
    said = m.asymmetry or f"not tested. {m.no_asymmetry}"
    blocks.append(Text(f"Small-study effects: {said}"))
    return Section(
        "baseline",
        "Frequentist baseline",
        "PRISMA 13d, 14, 20b, 20c, 21; Cochrane (DL/Wald, REML/HKSJ, prediction, Q-profile)",
        tuple(blocks),
    )


def posterior(m: Material) -> Section:
    """Of the mean effect, tau, a new setting and every study."""
    fit, effects = m.fit, m.effects
    rows = [("Mean effect (mu)", *_summary(m, fit.average()))]
    if fit.has_tau:
        tau = fit.marginal("tau")
        values = words.interval(tau.median, *tau.interval())
        rows.append(("tau, between settings", values, f"{tau.mean:.4g}", f"{tau.sd:.4g}"))
        rows.append(("A new setting (theta_new)", *_summary(m, fit.predictive())))
    studies = tuple((name, *_summary(m, fit.study(name))) for name in fit.studies)
    unit = unit_shown(effects)
    head = ("Unknown", f"Median (95% CrI), {unit}", "Mean", "SD")
    tables = [Table("Posterior distributions", head, tuple(rows))]
    if studies:
        tables.append(Table("True effects of the studies", ("Study", *head[1:]), studies))
    note = "Intervals are central. "
    if effects.is_ratio:
        note += "Medians and intervals are ratios; tau, mean and SD are on the log scale. "
    note += "A study's row is its true effect, shrunken towards the others. "
    note += "A mean or SD that does not exist is shown as a dash."
    return Section(
        "posterior",
        "Posterior",
        "BARG step 3 (summary with intervals); ROBUST 6, 7; PRISMA 20b",
        (*tables, Text(note)),
    )


def _summary(m: Material, marginal: Marginal) -> tuple[str, str, str]:
    mean, sd = (f"{x:.4g}" if x == x else "–" for x in (marginal.mean, marginal.sd))
    return shown(m.effects, marginal.median, *marginal.interval()), mean, sd
