"""From files to effects: a million rows of arms, and a library of Cochrane's data rows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from bayes_ps.effects import effect_sizes
from bayes_ps.studies import read_cochrane
from tests.benchmarks.figures import Case, Figure, clock

FILES = Path(__file__).parents[1] / "data" / "cochrane"


def million_smds(size: float) -> Iterator[Figure]:
    """A table of arms to standardised mean differences, names checked and all."""
    m = max(20, round(1_000_000 * size))
    rng = np.random.default_rng(1)
    table = pd.DataFrame({"study": [f"S{i}" for i in range(m)]})
    for arm in "tc":
        table[f"n_{arm}"] = rng.integers(5, 300, m)
        table[f"mean_{arm}"], table[f"sd_{arm}"] = rng.normal(50, 5, m), rng.uniform(5, 20, m)
    spent = min(clock(lambda: effect_sizes(table, measure="SMD", better="lower")) for _ in range(3))
    yield Figure(f"effect_sizes, {m} rows of arms to SMDs", spent, limit=1)


def cochrane_rows(size: float) -> Iterator[Figure]:
    """The ten files one after the other, again and again."""
    frames = [pd.read_csv(file, dtype=str) for file in sorted(FILES.glob("*-data-rows.csv"))]
    once = pd.concat(frames, ignore_index=True)
    times = max(1, round(86_000 * size / len(once)))
    rows = pd.concat([once] * times, ignore_index=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "library-data-rows.csv"
        rows.to_csv(file, index=False)
        spent = clock(lambda: read_cochrane(file))
    yield Figure(f"read_cochrane, {len(rows)} data rows", spent, limit=5)


CASES: tuple[Case, ...] = (million_smds, cochrane_rows)
