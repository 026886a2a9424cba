"""One analysis in a millisecond, a library of them in seconds."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import product

import numpy as np
import pandas as pd
from scipy.stats import kstest

import bayes_ps as bps
from bayes_ps import priors, sensitivity
from bayes_ps.many import pit_many, pool_many, summarise
from models import RandomEffects
from tests.benchmarks.figures import Case, Figure, clock, in_turn

ASKED = {"prior": priors.half_normal(0.5), "mcid": 0.2, "better": "higher"}


def one(size: float) -> Iterator[Figure]:
    """mu, tau, 24 thetas and a new setting: mean, SD, three quantiles, three probabilities each."""
    from statsmodels.stats.meta_analysis import combine_effects

    effects, prior = pain(), priors.half_normal(5)
    mcid = bps.MCID(10, unit="points (0-100)")
    model = RandomEffects(mu=priors.flat(), tau=prior)
    ours, fit, theirs = in_turn(
        lambda: summarise(effects, prior=prior, mcid=mcid),
        lambda: bps.fit(model, effects),
        lambda: combine_effects(effects.y, effects.se**2, method_re="dl"),
        rounds=max(3, round(300 * size)),
        calls=4,
    )
    what, beside = "summary of one analysis of 24 studies", "statsmodels, DL alone"
    yield Figure(what, ours, beside, theirs, limit=5e-4, most=1)
    yield Figure("bps.fit of the same, open to every question", fit, beside, theirs)


def grid(size: float) -> Iterator[Figure]:
    """36 pairs of priors on 24 studies, and the decision under each."""
    mu = [priors.flat(), *(priors.normal(0, sd) for sd in (2.5, 5, 10, 20, 40))]
    tau = [*(priors.half_normal(scale) for scale in (1, 2.5, 5, 10, 20)), priors.half_cauchy(5)]
    effects, mcid = pain(), bps.MCID(10, unit="points (0-100)")
    pairs = list(product(mu, tau))
    ours, kernels = in_turn(
        lambda: sensitivity.priors(effects, mu=mu, tau=tau, mcid=mcid),
        lambda: [summarise(effects, prior=t, mu=m, mcid=mcid) for m, t in pairs],
        rounds=max(2, round(30 * size)),
    )
    what = f"sensitivity.priors, {len(pairs)} priors on 24 studies, fits and all"
    yield Figure(what, ours, "summarise under each", kernels, limit=0.02)
    yield Figure("summarise under each of them", kernels, limit=0.02)


def pain() -> bps.Effects:
    """24 studies of pain."""
    rng = np.random.default_rng(1)
    se = rng.uniform(2, 6, 24)
    return bps.Effects.from_estimates(
        rng.normal(-8, np.hypot(se, 3)),
        se=se,
        study=range(24),
        measure="MD",
        unit="points (0-100)",
        better="lower",
    )


def library(size: float) -> Iterator[Figure]:
    """100 000 analyses of ten studies, and what they take of memory."""
    from statsmodels.stats.meta_analysis import combine_effects

    m = max(20, round(100_000 * size))
    table = reviews(m, 10)
    y, v = table["y"].to_numpy()[:10], table["se"].to_numpy()[:10] ** 2
    ours = min(clock(lambda: pool_many(table, "review", **ASKED)) for _ in range(3))
    (theirs,) = in_turn(lambda: combine_effects(y, v, method_re="dl"), rounds=30, calls=4)
    what = f"{m} analyses of 10 studies"
    yield Figure(what, ours, "statsmodels, DL alone", theirs * m, limit=2, most=1)
    code = f"from tests.benchmarks.many import peak; peak({m})"
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    before, peak_after = json.loads(said.stdout)
    what = f"peak memory of a process that pools {m} analyses"
    yield Figure(what, peak_after, "before pooling", before, unit="MB", limit=1000)


def linear(size: float) -> Iterator[Figure]:
    """Twice the analyses, or twice the studies, take at most twice the time."""
    counts = [max(10, round(m * size)) for m in (1_000, 10_000, 100_000, 1_000_000)]
    each = [best_of(m, 10) / m for m in counts]
    for m, seconds in zip(counts[1:], each[1:], strict=True):
        what = f"an analysis of 10 studies among {m}"
        yield Figure(what, seconds, f"among {counts[0]}", each[0], most=1.25)
    m = max(10, round(5_000 * size))
    by_k = {k: best_of(m, k) / m / k for k in (5, 10, 20, 40, 80)}
    for k in (10, 20, 40, 80):
        what = f"a study of an analysis of {k}"
        yield Figure(what, by_k[k], "of an analysis of 5", by_k[5], most=1.25)


def calibration(size: float) -> Iterator[Figure]:
    """20 000 reviews simulated from the prior, and where their truth lies."""
    m = max(50, round(20_000 * size))

    def calibrate() -> list[float]:
        rng, prior, mu = np.random.default_rng(2), ASKED["prior"], priors.normal(0, 1)
        truth = {"mu": mu.ppf(rng.uniform(size=m)), "tau": prior.ppf(rng.uniform(size=m))}
        truth["theta_new"] = rng.normal(truth["mu"], truth["tau"])
        se = rng.uniform(0.2, 1, 10)
        y = rng.normal(truth["mu"][:, None], np.hypot(se, truth["tau"][:, None]))
        found = pit_many(y, se, truth, prior=prior, mu=mu)
        return [kstest(found[name], "uniform").pvalue for name in truth]

    calibrate()
    yield Figure(f"simulation-based calibration by {m} reviews", clock(calibrate), limit=10)


def reviews(m: int, k: int) -> pd.DataFrame:
    """m reviews of k studies, as log odds ratios or SMDs are."""
    rng = np.random.default_rng(0)
    se = rng.uniform(0.1, 0.5, (m, k))
    mean, tau = rng.normal(0, 0.4, (m, 1)), np.abs(rng.normal(0, 0.3, (m, 1)))
    y = rng.normal(mean, np.hypot(se, tau))
    review = np.repeat(np.arange(m), k)
    return pd.DataFrame({"review": review, "y": y.ravel(), "se": se.ravel()})


def best_of(m: int, k: int) -> float:
    """Seconds to pool m reviews of k studies: the shortest of as many calls as are worth while."""
    table = reviews(m, k)
    return min(
        clock(lambda: pool_many(table, "review", **ASKED)) for _ in range(2 if m > 1e5 else 5)
    )


def peak(m: int) -> None:
    """Write the peak memory in MB of this process before and after it pools m reviews."""
    import resource

    table = reviews(m, 10)
    pool_many(table[:20], "review", **ASKED)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pool_many(table, "review", **ASKED)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps([before, after]))


CASES: tuple[Case, ...] = (one, grid, library, linear, calibration)
