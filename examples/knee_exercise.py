"""A whole project: does exercise help osteoarthritis of the knee by as much as matters?

Cochrane review CD004376 (Lawford et al. 2024), exercise against attention control or placebo: pain,
function and quality of life, measured on many instruments and pooled as standardised mean
differences. To hold them against MCIDs in points they are multiplied by one stated SD, 20 points of
a scale of 0 to 100: an assumption, shown as one wherever the result is. Several published MCIDs
are asked, since they differ by a factor of two and more.

Written: report.html, a summary of findings (HTML, Word, LaTeX, CSV), figures, decisions.csv.
"""

from __future__ import annotations

from dataclasses import dataclass

import command
import pandas as pd

import bayes_ps as bps
from models import RandomEffects, priors

FILE = command.DATA / "CD004376-analyses-1.1-to-1.3.csv"
SUBGROUP = "A) Exercise vs attention control/placebo"
POINTS = "points (0-100)"
SD = 20.0
SD_SOURCE = "assumed: about what trials report for WOMAC and VAS pain, 0-100"
MODEL = RandomEffects(mu=priors.flat(), tau=priors.half_normal(0.5 * SD))

WOMAC_LOW = bps.published_mcid(row=15, unit=POINTS)  # 8 points
WOMAC_HIGH = bps.published_mcid(row=16, unit=POINTS)  # 10.1 points
VAS = bps.MCID(
    19.9,
    POINTS,
    source="Tubach 2005, by a secondary source: Int J Inflam 2011:231926, table 2",
    kind="within patient",
    instrument="VAS 0-100 mm, taken as points",
    population="knee osteoarthritis",
    method="anchor",
)
RANGE = bps.MCID(
    priors.uniform(2.89, 16.24),
    POINTS,
    source="Angst 2018, range over scales of the SF-36 and the WOMAC",
    kind="within patient",
    population="190 knee osteoarthritis, rehabilitation",
)


@dataclass(frozen=True)
class Outcome:
    """One analysis of the review, and the MCIDs that it is held against, the main one first."""

    name: str
    analysis: str
    better: str
    mcids: tuple[bps.MCID, ...]


OUTCOMES = (
    Outcome("Pain", "1.1", "lower", (WOMAC_HIGH, WOMAC_LOW, VAS)),
    Outcome("Function", "1.2", "lower", (WOMAC_HIGH, WOMAC_LOW)),
    Outcome("Quality of life", "1.3", "higher", (RANGE,)),
)


def effects_of(studies: bps.Studies, outcome: Outcome) -> bps.Effects:
    """The effects of one outcome in points, by the stated SD."""
    review = bps.analysis(studies, outcome.analysis, better=outcome.better, unit=POINTS)
    chosen = review.effects.where((review.effects.data["subgroup"] == SUBGROUP).to_numpy())
    return bps.points_from_smd(chosen, SD, unit=POINTS, source=SD_SOURCE)


def decision_rows(name: str, fit: bps.Fit, mcids: tuple[bps.MCID, ...]) -> list[dict[str, object]]:
    """A row an MCID."""
    rows = []
    for mcid in mcids:
        found = bps.decide(fit, mcid)
        rows.append(
            {
                "outcome": name,
                "k": fit.k,
                "MCID": str(mcid).split(" (")[0].removeprefix("MCID "),
                "P(mean beyond)": found.mean.p_mcid,
                "P(mean trivial)": found.mean.p_trivial,
                "P(new setting beyond)": found.new.p_mcid,
                "P(new setting harmed)": found.new.p_harm,
            }
        )
    return rows


def main() -> None:
    made = command.parser("knee_exercise", __doc__)
    made.set_defaults(engine="exact")
    options = made.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    studies = bps.read_cochrane(FILE)
    rows, findings = [], []
    for outcome in OUTCOMES:
        effects = effects_of(studies, outcome)
        fit = bps.fit(MODEL, effects, seed=options.seed)
        print(f"\n{outcome.name}\n{bps.baseline(effects)}\n{fit}")
        rows += decision_rows(outcome.name, fit, outcome.mcids)
        findings.append(bps.OutcomeRow(outcome.name, fit, outcome.mcids[0]))
        print(bps.robustness(fit, outcome.mcids[0]))
    table = pd.DataFrame(rows)
    command.show(f"Exercise against attention control, {POINTS}, SD {SD:g} assumed", table, 3)
    table.to_csv(options.output / "results.csv", index=False)

    summary = bps.summary_of_findings(findings)
    summary.to_html(options.output / "findings.html", force=True)
    summary.to_latex(options.output / "findings.tex", force=True)
    summary.to_word(options.output / "findings.docx", force=True)
    summary.to_csv(options.output / "findings.csv", force=True)
    outcomes = {row.outcome: bps.decide(row.fit, row.mcid) for row in findings}
    command.save(bps.plot_outcomes(outcomes), options.output / "outcomes.png")
    pain = findings[0]
    forest = bps.plot_forest(pain.fit, mcid=pain.mcid, baseline=bps.baseline(pain.fit.effects))
    command.save(forest, options.output / "forest.png")
    report = bps.write_report(
        options.output / "report.html",
        pain.fit,
        mcid=list(OUTCOMES[0].mcids),
        doctor=bps.examine(studies[studies["analysis"] == "1.1"]),
        title="Exercise for osteoarthritis of the knee: pain",
        force=True,
    )
    print(f"report: {report}")


if __name__ == "__main__":
    main()
