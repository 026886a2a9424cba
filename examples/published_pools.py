"""Part 1 of peer_support.py: the seven published pools, and the studies behind them if given."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
import pandas as pd
from command import DATA, save, show

import bayes_ps as bps
from models import CommonEffect, PooledEvidence, RandomEffects, priors

PAIN_UNIT = "points (0-100, scale inferred)"
UNKNOWN_UNIT = "points (scale not stated)"
TRIALS = 24  # in the whole review; fewer in any one pool
PAIN_SD = 20  # of 100 points: an assumption, used only to rescale the heterogeneity prior
SALAFFI = "Salaffi 2004, doi:10.1016/j.ejpain.2003.09.004"
HANDBOOK = "Cochrane Handbook 5.1, 12.6.2, after Cohen 1988"
MCIDS = {
    PAIN_UNIT: (
        bps.MCID(10, PAIN_UNIT, f"{SALAFFI}: 1 of 10", "within patient"),
        bps.MCID(15, PAIN_UNIT, "Ostelo 2008, VAS 0-100 in low back pain", "within patient"),
        bps.MCID(20, PAIN_UNIT, f"{SALAFFI}: 2 of 10, 'much better'", "within patient"),
    ),
    "SD units": (
        bps.MCID(0.2, "SD units", f"{HANDBOOK}: small", "rule of thumb"),
        bps.MCID(0.5, "SD units", f"{HANDBOOK}: moderate", "rule of thumb"),
    ),
    UNKNOWN_UNIT: (),  # self-efficacy as MD: no MCID was found for it
}

# Rhodes 2015, tables 3 and A.3: log tau² of SMDs ~ t5(location, scale²), non-pharmacological, area
# "other"; for log tau both are halved.
RHODES = {"self-efficacy": (-2.62, 2.41, "subjective outcomes")}
RHODES |= dict.fromkeys(("pain", "function"), (-3.02, 2.27, "pain and functioning"))


@dataclass(frozen=True)
class Pool:
    """One published result as evidence."""

    row: pd.Series
    effects: bps.Effects
    fit: bps.Fit

    @property
    def name(self) -> str:
        return f"{self.row.outcome}, {self.row.term} term, against {self.row.comparator}"


INTRO = f"""\
Part 1: seven published pools of Wilson et al. 2024, doi:10.1097/j.pain.0000000000003293
The review: all evidence at unclear or high risk of bias and of low or very low certainty; no point
estimate reached the MCIDs that it used (its abstract does not name them). Nothing below lessens
that: a probability from a model is not a certainty of evidence.
The data of their studies are not public: each pool is evidence on the mean effect only.
That pain was measured on 0-100, with an SD of about {PAIN_SD}, is inferred, not stated."""

LEGEND = """\
p_benefit: the mean effect is better than none. p_mcid_mean and p_harm_mean: it is at least the
MCID, in benefit and in harm. p_mcid_new: so is the effect in one new setting, in benefit.
Self-efficacy, long term, against active: the estimate favours the active comparator."""

LIMIT = f"""\
limit: se * sqrt({TRIALS}), above which the review cannot have estimated tau. The more of the
external prior lies beyond it, the more it overstates how far settings differ: the further
p_mcid_new is drawn from p_mcid_mean, and the more probable it makes harm."""


def run(options: argparse.Namespace) -> None:
    print(INTRO)
    table = bps.read_studies(DATA / "wilson2024_pooled.csv")
    pools = [_pool(row, options) for _, row in table.iterrows()]
    show("As published, and as taken here (half way to the middle of the interval)", _taken(pools))
    results = pd.concat([_decided(pool) for pool in pools], ignore_index=True)
    results.to_csv(options.output / "results.csv", index=False)
    shown = ["outcome", "term", "comparator", "mcid"]
    show(
        "How probable is an effect that matters? (new setting: external prior, Rhodes 2015)",
        results[[*shown, *(c for c in results if c.startswith("p_"))]],
    )
    print(LEGEND)
    _show_limits(pools)
    print("Sources of the MCIDs:")
    for mcid in (mcid for several in MCIDS.values() for mcid in several):
        print(f"  {mcid}. {mcid.caveat}")
    print("No MCID was found for self-efficacy as a mean difference, and its scale is not stated.")
    for pool in (pools[0], pools[2]):
        name = f"{pool.row.outcome}_{pool.row.term}".replace("-", "_")
        mcids = MCIDS[pool.effects.unit]
        save(bps.plot_mcid_curve(pool.fit, mcids), options.output / f"mcid_curve_{name}.png")
    if options.engine == "both":
        _certify(pools, options.seed)


def _show_limits(pools: list[Pool]) -> None:
    """The interval of a random-effects pool bounds the tau that made it: each weight is at most
    1/tau², so se >= tau/sqrt(k), and the review has 24 trials in all."""
    rows = []
    for pool in (pool for pool in pools if pool.fit.has_tau):
        limit = float(pool.effects.se[0]) * np.sqrt(TRIALS)
        tau, mcid = pool.fit.marginal("tau"), MCIDS[pool.effects.unit][0]
        harm = bps.decide(pool.fit, mcid).new.p_harm
        rows.append((pool.name, tau.median, limit, float(tau.sf(limit)), mcid.value, harm))
    columns = [
        "pool",
        "median tau",
        "limit",
        "P(tau > limit)",
        "mcid",
        "P(harm beyond, new setting)",
    ]
    show("How far to trust the new setting", pd.DataFrame(rows, columns=columns))
    print(LIMIT)


def _pool(row: pd.Series, options: argparse.Namespace) -> Pool:
    better = "higher" if row.higher_is_better == "yes" else "lower"
    y, low, high = _unrounded(row)
    effects = bps.Effects.from_estimates(
        [y],
        ci=([low], [high]),
        study=["Wilson 2024 pool"],
        measure=row.measure,
        unit=_unit(row),
        better=better,
    )
    engine = "nuts" if options.engine == "nuts" else "exact"
    return Pool(row, effects, bps.fit(_model(row), effects, engine=engine, seed=options.seed))


def _unrounded(row: pd.Series) -> tuple[float, float, float]:
    """The pool behind the printed digits. A printed estimate need not be the middle of its printed
    interval; half way between the two, all three numbers round to what is printed."""
    y = (row.estimate + (row.ci_low + row.ci_high) / 2) / 2
    half = (row.ci_high - row.ci_low) / 2
    return y, y - half, y + half


def _unit(row: pd.Series) -> str:
    if row.measure == "SMD":
        return "SD units"
    return PAIN_UNIT if row.outcome == "pain" else UNKNOWN_UNIT


def _model(row: pd.Series) -> PooledEvidence | CommonEffect:
    """With an external tau where the scale is known; else the mean effect alone."""
    if _unit(row) == UNKNOWN_UNIT:
        return CommonEffect(mu=priors.flat())
    return PooledEvidence(mu=priors.flat(), tau=rhodes(row.outcome, row.measure))


def rhodes(outcome: str, measure: str) -> priors.Prior:
    """Rhodes' prior of tau; for a mean difference multiplied by the assumed SD of the outcome."""
    location, scale, cell = RHODES[outcome]
    source = f"Rhodes 2015, doi:10.1016/j.jclinepi.2014.08.012, {cell}"
    shift = 0.0
    if measure == "MD":
        shift = np.log(PAIN_SD)
        source += f", times an SD of {PAIN_SD}"
    return priors.log_student_t(5, location / 2 + shift, scale / 2, source=source)


def _taken(pools: list[Pool]) -> pd.DataFrame:
    rows = []
    for pool in pools:
        row, mu = pool.row, pool.fit.marginal("mu")
        printed = _printed(row.estimate, row.ci_low, row.ci_high)
        again = _printed(mu.mean, *mu.interval(0.95))
        rows.append((row.outcome, row.term, row.comparator, row.measure, printed, again))
    columns = ["outcome", "term", "comparator", "measure", "published", "posterior mean, 95% CrI"]
    return pd.DataFrame(rows, columns=columns)


def _printed(estimate: float, low: float, high: float) -> str:
    """With two decimals, as the abstract prints them; −0.00 is 0.00."""
    estimate, low, high = (round(value, 2) + 0.0 for value in (estimate, low, high))
    return f"{estimate:.2f} ({low:.2f} to {high:.2f})"


def _decided(pool: Pool) -> pd.DataFrame:
    """The rows of results.csv: one an MCID, or one without."""
    mu, row = pool.fit.marginal("mu"), pool.row
    low, high = mu.interval(0.95)
    first = {key: row[key] for key in ("comparator", "outcome", "term", "measure")}
    first |= {key: row[key] for key in ("estimate", "ci_low", "ci_high")}
    first |= {"post_mean": mu.mean, "lower": low, "upper": high}
    beyond_0 = float(mu.cdf(0.0) if pool.effects.better == "lower" else mu.sf(0.0))
    rows = []
    for mcid in MCIDS[pool.effects.unit]:
        found = bps.decide(pool.fit, mcid)
        source = f"{mcid.source} ({mcid.kind})"
        rows.append(
            first
            | {"mcid": mcid.value, "mcid_source": source, "p_benefit": found.mean.p_benefit}
            | {"p_mcid_mean": found.mean.p_mcid, "p_mcid_new": found.new.p_mcid}
            | {"p_harm_mean": found.mean.p_harm}
        )
    none = {"mcid": np.nan, "mcid_source": "none published", "p_benefit": beyond_0}
    missing = dict.fromkeys(("p_mcid_mean", "p_mcid_new", "p_harm_mean"), np.nan)
    return pd.DataFrame(rows or [first | none | missing])


def _certify(pools: list[Pool], seed: int) -> None:
    print("\nEach pool sampled by PyMC too, and held against the exact posterior:")
    for pool in pools:
        sampled = bps.fit(pool.fit.model, pool.effects, engine="nuts", seed=seed)
        print(f"  {pool.name}: {bps.diagnose(sampled)} {bps.certify(sampled)}")


def compare_with_studies(options: argparse.Namespace) -> None:
    """The review's studies, from a file: the baseline beside the published pool, then the model."""
    published = bps.read_studies(DATA / "wilson2024_pooled.csv")
    studies = bps.read_studies(options.studies)
    keys = ["comparator", "outcome", "term"]
    missing = [key for key in keys if key not in studies]
    if missing:
        raise SystemExit(f"{options.studies} has no column {missing[0]!r}; see --help.")
    print(f"\nThe studies of {options.studies} beside the published pools")
    tables = []
    for _, row in published.iterrows():
        mine = studies[(studies[keys] == row[keys]).all(axis=1)]
        if len(mine) < 2:
            print(f"  {', '.join(row[keys])}: {len(mine)} studies in the file, nothing to pool.")
            continue
        tables.append(_compared(row, mine, options))
    if tables:
        result = pd.concat(tables, ignore_index=True)
        result.to_csv(options.output / "results_studies.csv", index=False)


def _compared(row: pd.Series, mine: pd.DataFrame, options: argparse.Namespace) -> pd.DataFrame:
    better = "higher" if row.higher_is_better == "yes" else "lower"
    effects = bps.effect_sizes(mine, measure=row.measure, better=better, unit=_unit(row))
    print(
        f"\n{row.outcome}, {row.term}, {row.comparator}: published {row.measure} {row.estimate} ",
        end="",
    )
    print(f"({row.ci_low} to {row.ci_high})")
    for tau2, ci in (("DL", "wald"), ("REML", "hksj")):
        print(f"  {bps.baseline(effects, tau2=tau2, ci=ci)}")
    scale = PAIN_SD if _unit(row) == PAIN_UNIT else 1.0
    tau = priors.half_normal(
        0.5 * scale, source="weakly informative; cf. Röver 2021, doi:10.1002/jrsm.1475"
    )
    fit = bps.fit(RandomEffects(mu=priors.flat(), tau=tau), effects, seed=options.seed)
    mcids = MCIDS[effects.unit]
    name = f"studies_{row.outcome}_{row.term}_{row.comparator}".replace(" ", "_")
    save(bps.plot_forest(fit, mcid=mcids[0] if mcids else None), options.output / f"{name}.png")
    print(f"  {fit}")
    named = {key: row[key] for key in ("comparator", "outcome", "term")}
    return pd.concat(
        [bps.decide(fit, mcid).to_frame().assign(mcid=mcid.value, **named) for mcid in mcids]
        or [fit.to_frame().assign(**named)]
    )
