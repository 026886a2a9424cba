"""Part 2 of peer_support.py: chronic back pain self-management, from open study data."""

from __future__ import annotations

import argparse

import pandas as pd
from command import DATA, save, show

import bayes_ps as bps
from models import RandomEffects, priors

MCIDS = (
    bps.MCID(0.2, "SD units", "Cochrane Handbook 5.1, 12.6.2: small", "rule of thumb"),
    bps.MCID(0.5, "SD units", "Cochrane Handbook 5.1, 12.6.2: moderate", "rule of thumb"),
)
TAU = priors.half_normal(0.5, source="weakly informative; cf. Röver 2021, doi:10.1002/jrsm.1475")
OTHER_TAUS = (
    priors.half_normal(1, source="wider"),
    priors.half_cauchy(0.5, source="heavier tail"),
    priors.log_student_t(5, -3.02 / 2, 2.27 / 2, source="Rhodes 2015, pain and functioning"),
)


def run(options: argparse.Namespace) -> None:
    print(
        "\n\nPart 2: digital self-management of chronic back pain, pain intensity as SMD, open data"
    )
    table = bps.read_studies(DATA / "chronic_back_pain_self_management.csv")
    table = table[table["outcome"] == "pain intensity"]
    for _, row in table[table["mean_t"].isna()].iterrows():
        print(f"Left out: {row.study} reports change scores only, which do not mix with SMDs here.")
    for _, row in table[table["comparator"] == "active + inactive"].iterrows():
        print(f"Left out: {row.study}, whose control mixes active and inactive.")
    table = table[table["mean_t"].notna()]
    results = []
    for comparator in ("inactive", "active"):
        effects = bps.effect_sizes(
            table[table["comparator"] == comparator], measure="SMD", better="lower"
        )
        results.append(_analysed(effects, comparator, options))
    pd.concat(results).to_csv(options.output / "results_back_pain.csv", index=False)


def _analysed(effects: bps.Effects, comparator: str, options: argparse.Namespace) -> pd.DataFrame:
    print(f"\nAgainst {comparator} control: {effects}")
    base = bps.baseline(effects, tau2="REML", ci="hksj")
    for each in (bps.baseline(effects, tau2="DL", ci="wald"), base):
        print(f"  {each}")
    model = RandomEffects(mu=priors.flat(), tau=TAU)
    fit = bps.fit(model, effects, seed=options.seed)
    if options.engine != "exact":
        sampled = bps.fit(model, effects, engine="nuts", seed=options.seed)
        print(f"  {bps.diagnose(sampled)}\n  {bps.certify(sampled)}")
        save(bps.plot_rank(sampled), options.output / f"rank_{comparator}.png")
        fit = sampled if options.engine == "nuts" else fit
    for mcid in MCIDS:
        print(f"  {bps.decide(fit, mcid)}")
    _show_priors(effects, comparator)
    save(
        bps.plot_forest(fit, mcid=MCIDS[0], baseline=base),
        options.output / f"forest_{comparator}.png",
    )
    save(bps.plot_mcid_curve(fit, MCIDS), options.output / f"mcid_curve_{comparator}.png")
    tables = [bps.decide(fit, mcid).to_frame().assign(mcid=mcid.value) for mcid in MCIDS]
    return pd.concat(tables).assign(comparator=comparator)


def _show_priors(effects: bps.Effects, comparator: str) -> None:
    """How far the answer depends on the prior of tau: exact, so it costs nothing."""
    rows = []
    for tau in (TAU, *OTHER_TAUS):
        fit = bps.fit(RandomEffects(mu=priors.flat(), tau=tau), effects)
        found = [bps.decide(fit, mcid) for mcid in MCIDS]
        chances = [f(d) for d in found for f in (lambda d: d.mean.p_mcid, lambda d: d.new.p_mcid)]
        rows.append((str(tau), fit.marginal("tau").median, *chances))
    columns = ["prior of tau", "median tau"]
    columns += [f"P({who} beyond {m.value:g})" for m in MCIDS for who in ("mean", "new setting")]
    show(f"Priors of tau, {comparator} control", pd.DataFrame(rows, columns=columns))
