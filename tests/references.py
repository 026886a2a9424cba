"""The reference values of `tests/reference`: real data with what R gives for them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bayes_ps.effects import Effects

FOLDER = Path(__file__).parent / "reference"

# Every data set whose primary block is a list of independent estimates with variances.
UNIVARIATE = (
    "bcg",
    "crins_ar",
    "crins_ptld_k3",
    "crins_rct_k2",
    "eight_schools",
    "hinks",
    "karner",
    "konstantopoulos",
    "molloy",
    "normand",
    "peto_aspirin",
    "sidik_jonkman",
    "snedecor",
)


@cache
def expected(name: str) -> dict[str, Any]:
    """What R and 30-digit arithmetic give for a data set (see tests/reference/README.md)."""
    return json.loads((FOLDER / f"{name}.expected.json").read_text())


@cache
def table(name: str) -> pd.DataFrame:
    """The raw data of a data set."""
    return pd.read_csv(FOLDER / f"{name}.data.csv")


@cache
def effects(name: str) -> Effects:
    """The primary effects of a data set, se = sqrt(vi)."""
    primary = expected(name)["primary"]
    return Effects.from_estimates(
        primary["yi"],
        se=np.sqrt(primary["vi"]),
        study=[f"{row + 1} {study}" for row, study in enumerate(primary["study"])],
        measure=primary["measure"],
        unit="unit of the reference",
        better="higher",
    )
