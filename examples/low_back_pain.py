"""Antidepressants for low back pain: a Cochrane analysis, pooled, certified, and decided.

Cochrane CD001703.pub4 (Ferraro 2025), analysis 1.2: pain 0-100 at more than 4 to 16 weeks, mean
differences. The study effects and weights of the review are reproduced first; then the hierarchical
model says how probable it is that the effect reaches the MCID.
"""

import command
import numpy as np
import pandas as pd

import bayes_ps as bps
from models import MetaRegression, RandomEffects, priors

COLUMNS = {
    "n_t": "Experimental N",
    "mean_t": "Experimental mean",
    "sd_t": "Experimental SD",
    "n_c": "Control N",
    "mean_c": "Control mean",
    "sd_c": "Control SD",
}
UNIT = "points (0-100)"
MCIDS = (
    bps.MCID(
        10,
        unit=UNIT,
        kind="within patient",
        source="Salaffi 2004, doi:10.1016/j.ejpain.2003.09.004: 1 point of NRS 0-10",
    ),
    bps.MCID(15, unit=UNIT, kind="within patient", source="Ostelo 2008: VAS 0-100 in back pain"),
)
MODEL = RandomEffects(
    mu=priors.flat(),
    tau=priors.half_normal(10, source="0.5 SD of an outcome with an SD of about 20 points"),
)


def read_effects() -> bps.Effects:
    """The 16 rows; each arm of a trial gets a name of its own."""
    rows = bps.read_studies(command.DATA / "CD001703-analysis-1.2.csv")
    number = rows.groupby(["Study", "Subgroup"]).cumcount() + 1
    several = rows.groupby(["Study", "Subgroup"])["Study"].transform("size") > 1
    arm = np.where(several, " " + number.astype(str), "")
    rows["study"] = rows["Study"] + " " + rows["Subgroup"].replace("Other antidepressants", "other")
    rows["study"] += arm
    return bps.effect_sizes(rows, measure="MD", better="lower", unit=UNIT, columns=COLUMNS)


def show_published(effects: bps.Effects) -> None:
    """The review's own numbers: each study's effect, and its weight within the class of drugs."""
    published = effects.data
    off = np.abs(effects.y - published["Mean"]).max()
    off_ci = np.abs(effects.y - 1.959963984540054 * effects.se - published["CI start"]).max()
    print(f"\nStudy effects against the review: largest difference {off:.1g} in the mean, ", end="")
    print(f"{off_ci:.1g} in the interval.")
    pools = []
    for drug in ("SNRI", "SSRI", "TCA"):
        group = effects.where((published["Subgroup"] == drug).to_numpy())
        base = bps.baseline(group, tau2="DL", ci="wald")
        off = np.abs(base.weights - group.data["Weight"]).max()
        pools.append((drug, group.k, base.mu, base.lower, base.upper, base.tau2, base.i2, off))
    columns = ["class", "k", "MD", "lower", "upper", "tau2", "I2", "largest difference of weights"]
    print("Pooled by class, as the review did (DerSimonian-Laird, Wald):")
    print(pd.DataFrame(pools, columns=columns).to_string(index=False, float_format="%.3g"))


def show_baseline(effects: bps.Effects) -> bps.Baseline:
    """All classes together, by three methods."""
    runs = [("FE", "wald"), ("DL", "wald"), ("REML", "wald"), ("REML", "hksj")]
    made = [bps.baseline(effects, tau2=tau2, ci=ci) for tau2, ci in runs]
    print("\nAll classes together. The control arm of Skljarevski 2009a is split over its rows;")
    print("whether those of Atkinson 1999 and 2007, which stand in two classes, are split the file")
    print("does not say: if not, their patients count twice here.")
    for each in made:
        print(f"  {each}")
    return made[-1]


def main() -> None:
    options = command.parser("low_back_pain", __doc__).parse_args()
    effects = read_effects()
    show_published(effects)
    base = show_baseline(effects)
    fit = bps.fit(MODEL, effects, seed=options.seed)
    if options.engine != "exact":
        sampled = bps.fit(MODEL, effects, engine="nuts", seed=options.seed)
        print(f"\n{bps.diagnose(sampled)}\n{bps.certify(sampled)}")
        command.save(bps.plot_rank(sampled), options.output / "rank.png")
        command.save(bps.plot_energy(sampled), options.output / "energy.png")
        fit = sampled if options.engine == "nuts" else fit
    print(f"\n{fit}")
    tables = []
    for mcid in MCIDS:
        decision = bps.decide(fit, mcid)
        print(f"\n{decision}")
        tables.append(decision.to_frame().assign(mcid=mcid.value))
    results = pd.concat(tables)
    command.show(
        "Every study at MCID 10", tables[0].drop(columns=["mcid"]).filter(regex="^(?!mcse)")
    )
    by_class = MetaRegression(["Subgroup"], priors.flat(), MODEL.tau, intercept=False)
    classes = bps.fit(by_class, effects, seed=options.seed)
    command.show("Mean effect by class of drug, common tau", _by_class(classes))
    options.output.mkdir(parents=True, exist_ok=True)
    results.to_csv(options.output / "results.csv", index=False)
    forest = bps.plot_forest(fit, mcid=MCIDS[0], baseline=base)
    command.save(forest, options.output / "forest.png")
    command.save(bps.plot_mcid_curve(fit, MCIDS), options.output / "mcid_curve.png")
    command.save(bps.plot_prior_posterior(fit), options.output / "prior_posterior.png")
    command.save(bps.plot_tau_trace(fit), options.output / "tau_trace.png")


def _by_class(fit: bps.Fit) -> pd.DataFrame:
    rows = []
    for drug in sorted(fit.effects.data["Subgroup"].unique()):
        decision = bps.decide(fit, MCIDS[0], at={"Subgroup": drug})
        mean = decision.mean
        rows.append((drug, mean.median, mean.lower, mean.upper, mean.p_benefit, mean.p_mcid))
    return pd.DataFrame(
        rows, columns=["class", "median", "lower", "upper", "P(any benefit)", "P(beyond 10)"]
    )


if __name__ == "__main__":
    main()
