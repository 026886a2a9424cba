"""What a fresh process pays before its first number."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

from tests.benchmarks.figures import Case, Figure, process

IMPORTS = "import pandas, scipy, xarray"
FIT = """
import bayes_ps as bps
from models import RandomEffects, priors
effects = bps.Effects.from_estimates([1, 2, 4], se=[1, 1, 2], study=["a", "b", "c"], measure="MD",
                                     unit="points", better="higher")
print(bps.fit(RandomEffects(mu=priors.flat(), tau=priors.half_normal(1)), effects))
"""
POOL = """
import pandas as pd
from bayes_ps import priors
from bayes_ps.many import pool_many
table = pd.DataFrame({"review": 1, "y": [1.0, 2.0], "se": [1.0, 1.0]})
print(pool_many(table, "review", prior=priors.half_normal(1)))
"""


def exact_fit(size: float) -> Iterator[Figure]:
    """From the start of Python to a printed exact result."""
    rounds = max(1, round(5 * size))
    ours, theirs = (min(process(code) for _ in range(rounds)) for code in (FIT, IMPORTS))
    what = "a fresh process to its first exact fit"
    yield Figure(what, ours, IMPORTS, theirs, most=1.2)


def kernels(size: float) -> Iterator[Figure]:
    """The first call of `pool_many`: compiled once, and read from disk ever after."""
    rounds = max(1, round(5 * size))
    if size < 1:
        yield Figure("a fresh process to its first pool_many", process(POOL))
        return
    with tempfile.TemporaryDirectory() as folder:
        cold = process(POOL, NUMBA_CACHE_DIR=folder)
        warm = min(process(POOL, NUMBA_CACHE_DIR=folder) for _ in range(rounds))
    theirs = min(process("import numba, " + IMPORTS.removeprefix("import ")) for _ in range(rounds))
    beside = "import numba and those"
    yield Figure("the same, kernels on disk", warm, beside, theirs, most=2)
    yield Figure("the same, kernels never compiled before", cold, beside, theirs)


CASES: tuple[Case, ...] = (exact_fit, kernels)
