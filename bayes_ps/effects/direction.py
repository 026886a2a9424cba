"""Which rows are on a scale that runs the other way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bayes_ps import checks
from bayes_ps.checks import StudyTableError
from bayes_ps.effects.effects import Direction
from bayes_ps.effects.registry import MEASURES

if TYPE_CHECKING:
    import pandas as pd


def flipped_rows(frame: pd.DataFrame, measure: str, better: Direction) -> npt.NDArray[np.bool_]:
    """Rows whose column `better` says another direction than `better`; an empty cell says nothing.

    Raises
    ------
    StudyTableError
        For a word other than "lower" and "higher", and for a measure of which −y means nothing.
    """
    said = frame["better"]
    study = frame["study"].to_numpy(dtype=object)
    strange = np.flatnonzero(~said.isin(["lower", "higher"]) & said.notna())
    if strange.size:
        row = int(strange[0])
        raise StudyTableError(
            f'"better" must be "lower", "higher" or empty, but is {said.iloc[row]!r} in '
            f"{checks.where(study, row)}. Say which direction of its own scale helps patients."
        )
    flipped = (said.notna() & (said != better)).to_numpy(dtype=bool)
    if flipped.any() and measure in MEASURES and not MEASURES[measure].flips:
        row = int(np.flatnonzero(flipped)[0])
        raise StudyTableError(
            f'"better" is {said.iloc[row]!r} in {checks.where(study, row)}, but a {measure} turned '
            f"over is not −y: rescale the group's own numbers so that {better} is better, first."
        )
    return flipped
