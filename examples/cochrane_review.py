"""Any Cochrane review: read its data rows, examine them, pool one analysis, and decide.

The file is the "data rows" CSV of a review's analysis data package, or the zip that holds it.
Without --analysis the largest analysis is taken; --list shows all.
"""

from __future__ import annotations

from pathlib import Path

import command
import numpy as np

import bayes_ps as bps
from models import RandomEffects, priors


def options():
    """The command line."""
    made = command.parser("cochrane_review", __doc__)
    made.set_defaults(engine="exact")
    default = command.DATA / "CD001703-analysis-1.2.csv"
    made.add_argument("file", type=Path, nargs="?", default=default, help="CSV or zip")
    made.add_argument("--analysis", help='such as 1.2; by default "the one with the most rows"')
    made.add_argument("--subgroup", help="only the rows of this subgroup")
    made.add_argument("--list", action="store_true", help="show the analyses and stop")
    made.add_argument("--better", choices=("lower", "higher"), default="lower")
    made.add_argument("--unit", default="units of the outcome", help="of a mean difference")
    made.add_argument(
        "--mcid", type=float, help="in the unit of the effects; of a ratio the ratio, as in 0.8"
    )
    return made.parse_args()


def tau_prior(analysis: bps.Analysis) -> bps.priors.Prior:
    """Half-normal: 0.5 for standardised effects and log ratios (Röver 2021), else half an SD."""
    data = analysis.effects.data
    if analysis.measure != "MD":
        return priors.half_normal(0.5)
    sd = np.nanmedian(data[["sd_t", "sd_c"]].to_numpy(dtype=float))
    return priors.half_normal(float(f"{sd / 2:.2g}"))


def mcid_of(analysis: bps.Analysis, size: float | None) -> bps.MCID | None:
    """The MCID on the scale of the effects: the log of a ratio."""
    if size is None:
        return None
    ratio = analysis.effects.unit.startswith("log ")
    value = abs(float(np.log(size))) if ratio else size
    return bps.MCID(value, unit=analysis.effects.unit, source="given by --mcid")


def main() -> None:
    given = options()
    studies = bps.read_cochrane(given.file)
    for note in studies.notes:
        print(note)
    listed = bps.analyses(studies)
    if given.list:
        command.show("Analyses", listed)
        return
    number = given.analysis or str(listed.loc[listed["rows"].idxmax(), "analysis"])
    rows = studies[studies["analysis"] == number]
    print(f"\nThe data doctor on analysis {number}:\n{bps.examine(rows)}")

    analysis = bps.analysis(studies, number, better=given.better, unit=given.unit)
    print(f"\n{analysis}")
    command.show("The first rows, printed and ours", analysis.to_frame().head(8), digits=4)
    command.show("By the review's method", analysis.subgroups(), digits=3)
    effects = analysis.effects
    if given.subgroup is not None:
        effects = effects.where((effects.data["subgroup"] == given.subgroup).to_numpy())
    print(f"\n{bps.baseline_table(effects)}")

    model = RandomEffects(mu=priors.flat(), tau=tau_prior(analysis))
    fit = bps.fit(model, effects, seed=given.seed)
    if given.engine != "exact":
        sampled = bps.fit(model, effects, engine="nuts", seed=given.seed)
        print(f"\n{bps.diagnose(sampled)}\n{bps.certify(sampled)}")
        fit = sampled if given.engine == "nuts" else fit
    print(f"\n{fit}")
    mcid = mcid_of(analysis, given.mcid)
    decision = bps.decide(fit, mcid) if mcid is not None else None
    print(f"\n{decision}" if decision is not None else "\nNo --mcid, so no decision.")
    given.output.mkdir(parents=True, exist_ok=True)
    result = fit if decision is None else decision
    result.to_frame().to_csv(given.output / "results.csv", index=False)
    base = bps.baseline(effects) if effects.k > 1 else None
    forest = bps.plot_forest(fit, mcid=mcid, baseline=base)
    command.save(forest, given.output / "forest.png")
    if mcid is not None:
        command.save(bps.plot_mcid_curve(fit, mcid), given.output / "mcid_curve.png")


if __name__ == "__main__":
    main()
