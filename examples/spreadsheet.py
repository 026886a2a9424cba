"""A reviewer's spreadsheet, from raw arms to the decision, with a slipped decimal point caught.

Digital self-management for chronic back pain (open data of the review by Plessen et al., 27 rows as
published). In "Zheng, 2022a" a change of catastrophising of -5.941 ± 7.80 lost its decimal point;
"Garcia, 2021" reports standard errors for interference, and Zheng changes only. The data doctor
finds what is wrong, two lines mend it, and the decision is shown before and after.
"""

from __future__ import annotations

import command
import numpy as np
import pandas as pd

import bayes_ps as bps
from models import RandomEffects, priors

FILE = command.DATA / "chronic_back_pain_self_management.csv"
MODEL = RandomEffects(mu=priors.flat(), tau=priors.half_normal(0.5))
MCID = bps.MCID(0.2, unit="SD units", source="Cohen 1988: small", kind="rule of thumb")
ARMS = ("n_t", "mean_t", "sd_t", "n_c", "mean_c", "sd_c")
OUTCOMES = ("pain intensity", "pain interference", "pain catastrophizing")


def mended(trials: pd.DataFrame) -> pd.DataFrame:
    """With the calls that the doctor's findings name."""
    trials = trials.copy()
    slip = (trials["study"] == "Zheng, 2022a") & (trials["outcome"] == "pain catastrophizing")
    trials.loc[slip, ["change_mean_t", "change_sd_t"]] /= 1000
    return trials


def completed(trials: pd.DataFrame) -> pd.DataFrame:
    """Missing SDs from standard errors, and changes where a trial reports nothing else."""
    trials = trials.copy()
    for arm in ("t", "c"):
        sd = bps.sd_from_se(trials[f"se_{arm}"].to_numpy(float), trials[f"n_{arm}"].to_numpy(float))
        trials[f"sd_{arm}"] = trials[f"sd_{arm}"].fillna(pd.Series(sd, index=trials.index))
    only_change = trials["mean_t"].isna() & trials["change_mean_t"].notna()
    for name in ARMS:
        trials.loc[only_change, name] = trials.loc[only_change, f"change_{name}"]
    return trials


def effects_of(trials: pd.DataFrame, outcome: str) -> bps.Effects:
    """Standardised mean differences; lower is better on every instrument here."""
    rows = trials[trials["outcome"] == outcome]
    return bps.effect_sizes(rows, measure="SMD", better="lower")


def against_published(effects: bps.Effects) -> float:
    """Largest difference from the g that the review gives (positive: benefit)."""
    return float(np.nanmax(np.abs(-effects.y - effects.data["published_g"].to_numpy(float))))


def main() -> None:
    made = command.parser("spreadsheet", __doc__)
    made.set_defaults(engine="exact")
    options = made.parse_args()
    trials = bps.read_studies(FILE)
    report = bps.examine(trials)
    print(report)
    tables, rows = [], []
    for state, table in (("as published", trials), ("mended", mended(trials))):
        whole = completed(table)
        for outcome in OUTCOMES:
            effects = effects_of(whole, outcome)
            fit = bps.fit(MODEL, effects, seed=options.seed)
            decision = bps.decide(fit, MCID)
            mean = decision.mean
            row = outcome, state, effects.k, mean.median, mean.lower, mean.upper, mean.p_mcid
            rows.append((*row, decision.new.p_mcid, against_published(effects)))
            tables.append(decision.to_frame().assign(outcome=outcome, state=state))
    columns = ["outcome", "table", "k", "median", "lower", "upper", "P(mean beyond 0.2)"]
    columns += ["P(new setting beyond 0.2)", "farthest from published g"]
    command.show(
        "Standardised mean differences, exact posterior", pd.DataFrame(rows, columns=columns)
    )
    options.output.mkdir(parents=True, exist_ok=True)
    report.to_frame().to_csv(options.output / "findings.csv", index=False)
    pd.concat(tables).to_csv(options.output / "results.csv", index=False)
    effects = effects_of(completed(mended(trials)), "pain interference")
    print(f"\n{bps.baseline_table(effects)}")
    fit = bps.fit(MODEL, effects, seed=options.seed)
    if options.engine != "exact":
        sampled = bps.fit(MODEL, effects, engine="nuts", seed=options.seed)
        print(f"\n{bps.diagnose(sampled)}\n{bps.certify(sampled)}")
        fit = sampled if options.engine == "nuts" else fit
    print(f"\n{bps.decide(fit, MCID)}")
    forest = bps.plot_forest(fit, mcid=MCID, baseline=bps.baseline(effects))
    command.save(forest, options.output / "forest.png")


if __name__ == "__main__":
    main()
