"""Columns of ``effects.data`` that name what an estimate belongs to: cluster, trial, treatment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bayes_ps.checks import ModelError

if TYPE_CHECKING:
    from bayes_ps.effects import Effects


def labels(effects: Effects, column: str) -> list[str]:
    """The column as text, a label for each estimate and none missing."""
    data = effects.data
    if column not in data:
        raise ModelError(
            f"effects.data has no column {column!r}. It has: "
            f"{', '.join(map(str, data)) or 'none'}. Name one of these, or add the column: "
            f"effects.with_data(table)."
        )
    missing = np.flatnonzero(data[column].isna())
    if missing.size:
        raise ModelError(
            f'{column!r} is missing for "{effects.study[missing[0]]}". Fill it, or leave the study '
            f"out: effects.where(effects.data[{column!r}].notna())."
        )
    return [str(value) for value in data[column]]
