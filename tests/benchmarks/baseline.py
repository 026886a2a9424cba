"""How long the baseline takes: ``python -m tests.benchmarks.baseline``.

One analysis against statsmodels, timed in turn so that a busy machine slows both; many analyses in
CPU seconds of one core.
"""

# ruff: noqa: T201  a benchmark prints

from __future__ import annotations

import time
import timeit
from collections.abc import Callable

import numpy as np
import pandas as pd

from bayes_ps.baseline import baseline, baseline_many, baseline_table
from bayes_ps.effects import Effects

STUDIES, ANALYSES, STUDIES_EACH, ROUNDS = 24, 100_000, 10, 400


def studies() -> Effects:
    """24 heterogeneous studies."""
    rng = np.random.default_rng(1)
    se = rng.uniform(0.1, 0.5, STUDIES)
    y = rng.normal(0.3, np.sqrt(se**2 + 0.09))
    return Effects.from_estimates(
        y, se=se, study=range(STUDIES), measure="MD", unit="points", better="lower"
    )


def long_table() -> pd.DataFrame:
    """100 000 analyses of ten studies, a quarter without heterogeneity."""
    rng = np.random.default_rng(2)
    se = np.exp(rng.uniform(-2.5, 0, (ANALYSES, STUDIES_EACH)))
    tau = rng.choice([0, 0.1, 0.3, 1], ANALYSES)[:, np.newaxis]
    y = rng.normal(0.3, np.sqrt(se**2 + tau**2))
    analysis = np.repeat(np.arange(ANALYSES), STUDIES_EACH)
    return pd.DataFrame({"analysis": analysis, "y": y.ravel(), "se": se.ravel()})


def one_analysis() -> dict[str, Callable[[], object]]:
    """What is timed side by side; the headline numbers are those of the sentence but its notes."""
    from statsmodels.stats.meta_analysis import combine_effects

    effects = studies()
    y, v = effects.y, effects.se**2

    def headline() -> object:
        found = baseline(effects)
        return found.q_p, found.i2, found.prediction

    return {
        "statsmodels combine_effects, DL": lambda: combine_effects(y, v, method_re="dl"),
        "baseline REML": lambda: baseline(effects),
        "baseline REML, and Q, I², prediction": headline,
        "baseline REML, and all it prints": lambda: str(baseline(effects)),
        "baseline DL": lambda: baseline(effects, "DL"),
        "baseline_table": lambda: baseline_table(effects),
    }


def fastest(functions: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The fastest of ROUNDS, in microseconds, each round timing all in turn."""
    best = dict.fromkeys(functions, np.inf)
    for _ in range(ROUNDS):
        for name, function in functions.items():
            best[name] = min(best[name], timeit.timeit(function, number=5) / 5 * 1e6)
    return best


def main() -> None:
    """Print the table."""
    times = fastest(one_analysis())
    first = next(iter(times.values()))
    print(f"{STUDIES} studies, one analysis: microseconds, and the ratio to statsmodels")
    for name, each in times.items():
        print(f"  {name:40s} {each:8.0f} {each / first:6.2f}")
    table = long_table()
    print(f"{ANALYSES} analyses of {STUDIES_EACH} studies: CPU and wall seconds")
    for tau2, ci in (("DL", "wald"), ("DL", "hksj"), ("PM", "hksj"), ("REML", "hksj")):
        cpu, wall = time.process_time(), time.perf_counter()
        baseline_many(table, "analysis", tau2, ci)
        spent = time.process_time() - cpu, time.perf_counter() - wall
        print(f"  baseline_many {tau2 + ' ' + ci:27s} {spent[0]:7.2f} {spent[1]:7.2f}")


if __name__ == "__main__":
    main()
