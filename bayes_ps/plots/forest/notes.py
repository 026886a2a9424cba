"""What stands below a forest plot, and what it says to those who cannot see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bayes_ps import words
from bayes_ps.baseline import Baseline
from bayes_ps.decision import MCID
from bayes_ps.plots.captions import about
from bayes_ps.plots.forest.columns import Printed
from bayes_ps.plots.forest.rows import Row
from bayes_ps.plots.forest.threshold import Threshold
from bayes_ps.plots.pooling import heterogeneity
from bayes_ps.plots.scale import scale_of
from bayes_ps.posterior import Fit


def footnote(
    fit: Fit, rows: Sequence[Row], *, level: float, mcid: MCID | None, baseline: Baseline | None
) -> Iterator[str]:
    """Model and engine, what the marks are, and every caveat that must travel along."""
    yield about(fit)
    yield " ".join(_marks(fit, rows, f"{100 * level:g}%"))
    yield from _hills(rows, mcid)
    kinds = {row.kind for row in rows}
    if "heading" in kinds:
        yield (
            "There is no diamond of all studies: their mean depends on how many settings of each "
            "subgroup one counts. For such a mix use fit.contrast({…})."
        )
    if "mean" not in kinds:
        yield (
            "This model has no one mean effect: for that of a setting use fit.average(at={…}), and "
            "for a new setting like it fit.predictive(at={…})."
        )
    elif not fit.has_tau:
        yield "Under this model every study, and every new setting, has the mean effect itself."
    left = 100 - sum(row.weight for row in rows if row.weight is not None)
    if any(row.weight is not None for row in rows) and left > 0.05:
        yield f"The prior of the mean effect carries the other {left:.1f}% of the weight."
    if mcid is not None:
        yield (
            f"P: posterior probability of {_asked(fit, mcid, fit.effects.unit)}. {mcid}. "
            f"{mcid.caveat}"
        )
        if not mcid.certain:
            yield "Band: the middle 95% of the MCID; dashed line: its median."
    if baseline is not None:
        everyone = "all studies, as if of one group, by " if "heading" in kinds else ""
        yield f"Open diamond: {everyone}inverse variance, {'; '.join(baseline.methods[:2])}."
        yield from filter(None, [heterogeneity(baseline)])
        yield from (f"Note: {note}" for note in baseline.notes)
    yield from (f"Note: {warning}" for warning in fit.warnings)


def spoken(fit: Fit, rows: Sequence[Row], printed: Printed, mcid: MCID | None) -> str:
    """The alt text."""
    effects, group = fit.effects, ""
    studies = "1 study" if fit.k == 1 else f"{fit.k} studies"
    said = [f"Forest plot of {studies}, {printed.scale.label}; {effects.better} is better."]
    for row in rows:
        if row.kind == "heading":
            group = f" ({row.name})"
        if row.kind in ("mean", "new"):
            p = ""
            if row.p is not None and mcid is not None:
                asked = _asked(fit, mcid).removeprefix("a ").removeprefix("an ")
                p = f", P({asked}) {words.probability(row.p)}"
            said.append(f"{row.name}{group}: {printed.posterior(row)}{p}.")
        if row.kind == "tau":
            said.append(f"{row.name}: {printed.posterior(row)}.")
        if row.kind == "baseline":
            said.append(f"{row.name}: {printed.reported(row)}.")
    reported = sorted((r for r in rows if r.kind == "study" and r.reported), key=_middle)
    if len(reported) > 1:
        first, last = (f"{r.name} {printed.reported(r)}" for r in (reported[0], reported[-1]))
        said.append(f"Study estimates run from {first} to {last}.")
    return " ".join(said)


def _marks(fit: Fit, rows: Sequence[Row], percent: str) -> Iterator[str]:
    kinds = {row.kind for row in rows}
    weighted = any(row.weight is not None for row in rows)
    area = "weight (its posterior mean)" if weighted else "precision"
    if "pool" in kinds:
        yield f"Square: the published pool with its {percent} confidence interval."
    else:
        yield f"Squares: study estimates with {percent} confidence intervals, area by {area}."
    posterior = []
    if any(row.kind == "study" and row.posterior for row in rows):
        posterior.append(
            "circles, the true effect of each study, shrunken towards the other studies"
            if fit.k > 1
            else "circle, the true effect of the study"
        )
    if "mean" in kinds:
        posterior.append("diamond, the mean effect")
    if "new" in kinds:
        posterior.append("bar, the true effect in a new setting (prediction interval)")
    if posterior:
        said = "; ".join(posterior)
        yield f"{said[0].upper()}{said[1:]}: posterior median"
        yield f"and {percent} central credible interval (CrI)."


def _hills(rows: Sequence[Row], mcid: MCID | None) -> Iterator[str]:
    if not any(row.marginal for row in rows):
        return
    darker = " Darker: a benefit of at least the MCID." if mcid and mcid.certain else ""
    yield f"Hills: posterior densities on this axis, each drawn to the same height.{darker}"


def _asked(fit: Fit, mcid: MCID, unit: str = "") -> str:
    """What P is the probability of."""
    return Threshold.of(mcid, fit.effects).asked(scale_of(fit.effects), unit)


def _middle(row: Row) -> float:
    return row.reported.middle if row.reported else 0.0
