"""The frequentist baseline: one analysis of 24 studies, and 100 000 of ten."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pandas as pd

from bayes_ps.baseline import baseline, baseline_many, baseline_table
from bayes_ps.effects import Effects
from tests.benchmarks.figures import Case, Figure, in_turn


def one_baseline(size: float) -> Iterator[Figure]:
    """An analysis by itself, with what its reader wants, and with all that it prints."""
    from statsmodels.stats.meta_analysis import combine_effects

    effects = studies(24)
    y, v = effects.y, effects.se**2

    def headline() -> object:
        found = baseline(effects)
        return found.q_p, found.i2, found.prediction

    *ours, theirs = in_turn(
        lambda: baseline(effects, "DL"),
        lambda: baseline(effects),
        headline,
        lambda: str(baseline(effects)),
        lambda: baseline_table(effects),
        lambda: combine_effects(y, v, method_re="dl"),
        rounds=max(3, round(400 * size)),
        calls=5,
    )
    names = "baseline DL", "baseline REML", "… and Q, I², prediction", "… and all it prints"
    for name, seconds in zip((*names, "baseline_table"), ours, strict=True):
        most = 1 if name == "baseline REML" else None
        yield Figure(f"{name}, 24 studies", seconds, "statsmodels, DL alone", theirs, most=most)


def many_baselines(size: float) -> Iterator[Figure]:
    """A long table of analyses, in CPU seconds of one core."""
    m = max(20, round(100_000 * size))
    table = long_table(m, 10)
    for tau2, ci, limit in (("DL", "wald", 1), ("PM", "hksj", None), ("REML", "hksj", 10)):
        start = time.process_time()
        baseline_many(table, "analysis", tau2, ci)
        spent = time.process_time() - start
        yield Figure(f"baseline_many {tau2} {ci}, {m} of 10 studies, CPU", spent, limit=limit)


def studies(k: int) -> Effects:
    """Heterogeneous studies."""
    rng = np.random.default_rng(1)
    se = rng.uniform(0.1, 0.5, k)
    y = rng.normal(0.3, np.sqrt(se**2 + 0.09))
    return Effects.from_estimates(
        y, se=se, study=range(k), measure="MD", unit="points", better="lower"
    )


def long_table(m: int, k: int) -> pd.DataFrame:
    """m analyses of k studies, a quarter without heterogeneity."""
    rng = np.random.default_rng(2)
    se = np.exp(rng.uniform(-2.5, 0, (m, k)))
    tau = rng.choice([0, 0.1, 0.3, 1], m)[:, np.newaxis]
    y = rng.normal(0.3, np.sqrt(se**2 + tau**2))
    analysis = np.repeat(np.arange(m), k)
    return pd.DataFrame({"analysis": analysis, "y": y.ravel(), "se": se.ravel()})


CASES: tuple[Case, ...] = (one_baseline, many_baselines)
