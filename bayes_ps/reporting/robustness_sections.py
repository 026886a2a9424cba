"""The sections Other priors and Leave-one-out."""

from __future__ import annotations

import numpy as np

from bayes_ps import words
from bayes_ps.reporting.blocks import Block, Section, Table, Text
from bayes_ps.reporting.material import Material
from bayes_ps.reporting.natural_scale import shown
from bayes_ps.reporting.priors_to_try import BELIEFS

CUTS = (0.5, 0.75, 0.9, 0.95)


def other_priors(m: Material) -> Section:
    """The decision under every pair of priors."""
    answers = (
        "BARG step 5 (broad and informed priors, and of the decision); ROBUST 3; PRISMA 13f, 20d"
    )
    if m.grid is None:
        why = f"Other priors were not tried: {m.no_grid}"
        return Section("priors-varied", "Other priors", answers, (Text(why),))
    target = "at least the MCID" if m.mcid is not None else "any benefit"
    head = (
        "Prior of mu",
        "Prior of tau",
        "Mean effect (95% CrI)",
        f"P(mean: {target})",
        f"P(new setting: {target})",
        "P(mean: any benefit)",
        "Cut-offs reached by the mean effect",
    )
    table = Table("The result under each pair of priors", head, tuple(_grid_rows(m)))
    blocks: list[Block] = [Text(str(m.grid).splitlines()[0]), table, _named(m)]
    if m.fixed is not None:
        at = "" if m.fixed is m.mcid else f" Here at {m.fixed}."
        blocks.append(Text(BELIEFS + at))
    return Section("priors-varied", "Other priors", answers, tuple(blocks))


def _grid_rows(m: Material) -> list[tuple[str, ...]]:
    assert m.grid is not None
    mu = [each.name for each in m.choices if each.of == "mu"] or ["–"]
    tau = [each.name for each in m.choices if each.of == "tau"] or ["–"]
    found, rows = m.grid.answers, []
    for i, fit in enumerate(m.grid.fits):
        middle = float(found.median[i]), float(found.lower[i]), float(found.upper[i])
        p, new = float(found.p_mean[i]), float(found.p_new[i])
        average = fit.average()
        any_benefit = float(average.cdf(0.0) if m.effects.benefit_sign < 0 else average.sf(0.0))
        reached = [f"{cut:.0%}" for cut in CUTS if p >= cut]
        rows.append(
            (
                mu[i // len(tau)],
                tau[i % len(tau)],
                shown(m.effects, *middle),
                *map(words.probability, (p, new, any_benefit)),
                ", ".join(reached) or "none",
            )
        )
    return rows


def _named(m: Material) -> Table:
    rows = [(f"{each.of}: {each.name}", str(each.prior)) for each in m.choices]
    return Table("Which priors these are", ("Name", "Prior"), tuple(rows))


def one_fewer(m: Material) -> Section:
    """The result without each study."""
    answers = "BARG step 5; PRISMA 13f, 20d"
    title = "One study fewer"
    if m.left_out is None:
        why = Text(f"Not done: {m.none_left_out}")
        return Section("leave-one-out", title, answers, (why,))
    left = m.left_out
    found = left.answers
    rows: list[tuple[str, ...]] = []
    for i, study in enumerate(left.study):
        if left.fits[i] is None:
            rows.append((study, left.problem[i], "–", "–", "–"))
            continue
        middle = float(found.median[i]), float(found.lower[i]), float(found.upper[i])
        p = map(words.probability, (float(found.p_mean[i]), float(found.p_new[i])))
        rows.append((study, shown(m.effects, *middle), *p, f"{left.pit[i]:.3f}"))
    target = "at least the MCID" if m.mcid is not None else "any benefit"
    head = (
        "Without",
        "Mean effect (95% CrI)",
        f"P(mean: {target})",
        f"P(new setting: {target})",
        "PIT of the study left out",
    )
    blocks: list[Block] = [
        Text(str(left).splitlines()[0]),
        Table("The result without each study", head, tuple(rows)),
        Text(_crossing(m)),
    ]
    return Section("leave-one-out", title, answers, tuple(blocks))


def _crossing(m: Material) -> str:
    """At which cut-offs one study decides."""
    assert m.left_out is not None
    said = []
    for cut in CUTS:
        studies = m.left_out.flips(cut)
        if studies:
            said.append(f"at {cut:.0%} without {', '.join(studies)}")
    p = np.asarray(m.left_out.answers.p_mean, dtype=float)
    if not np.isfinite(p).any():
        return "No refit exists, so that nothing is known of what one study decides."
    if not said:
        return "No single study moves P of the mean effect across 50%, 75%, 90% or 95%."
    return f"P of the mean effect crosses a cut-off {'; '.join(said)}."
