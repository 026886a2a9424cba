"""Which studies are at high risk of bias: by the column `rob_overall`, or as the analyst says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import StudyTableError
from bayes_ps.effects import Effects

COLUMN = "rob_overall"
Mask = npt.NDArray[np.bool_]


def at_high_risk(effects: Effects, named: Sequence[str] | None = None) -> Mask | None:
    """(k,) whether a study is at high risk; None if nobody says.

    `named` lists the studies; without it, those whose `rob_overall` in ``effects.data`` is "high".

    Raises
    ------
    StudyTableError
        If a named study is not there.
    """
    if named is not None:
        listed = [named] if isinstance(named, str) else list(named)
        found = np.zeros(effects.k, dtype=bool)
        found[[effects.row(name) for name in listed]] = True
        return found
    if COLUMN not in effects.columns:
        return None
    return np.array([_spelled(value) == "high" for value in effects.data[COLUMN]])


def unjudged(effects: Effects) -> list[str]:
    """Studies whose `rob_overall` is empty."""
    said = [_spelled(value) for value in effects.data[COLUMN]]
    empty = ("", "nan", "none", "<na>")
    return [str(name) for name, word in zip(effects.study, said, strict=True) if word in empty]


def stated(effects: Effects, named: Sequence[str] | None) -> Mask:
    """As `at_high_risk`, where at least one study must be.

    Raises
    ------
    StudyTableError
        If nobody says which studies are at high risk, or none is.
    """
    high = at_high_risk(effects, named)
    if high is None:
        raise StudyTableError(
            f"effects.data has no column {COLUMN!r} that says which studies are at high risk of "
            f'bias. Name them: high_risk=["{effects.study[0]}", …].'
        )
    if not high.any():
        raise StudyTableError(
            f"No study is at high risk of bias. To ask about others name them: "
            f'high_risk=["{effects.study[0]}", …].'
        )
    return high


def _spelled(value: object) -> str:
    return str(value).strip().lower()
