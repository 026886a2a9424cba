"""The errors that bayes_ps raises, and the small checks that raise them.

Every message says what is wrong, in whose row, and the call that mends it. A check returns the
cleaned, read-only value, so that it reads as an assignment.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Names = Sequence[str] | npt.NDArray[np.str_]
NAMELESS = ("", "nan", "<NA>", "NaT")


class BayesPSError(ValueError):
    """Base of every error that bayes_ps raises on purpose."""


class StudyTableError(BayesPSError):
    """Something in the data of a study is impossible, missing or contradictory."""


class UnitError(BayesPSError):
    """Two values that should be in the same unit are not."""


class PriorError(BayesPSError):
    """A prior cannot be used in this place, or its parameters are impossible."""


class ModelError(BayesPSError):
    """A model cannot be fitted to these effects, or was asked for what it does not hold."""


def read_only(values: npt.ArrayLike, dtype: Any = float) -> npt.NDArray[Any]:
    """A private copy of `values` that nobody can write to."""
    array = np.array(values, dtype=dtype)
    array.setflags(write=False)
    return array


def numbers(values: npt.ArrayLike, column: str, study: Names) -> Array:
    """`values` as floats, one a study; text in a number is refused with the study that holds it."""
    quick = isinstance(values, np.ndarray) and values.dtype.kind in "iuf"
    if quick and np.shape(values) == (len(study),):
        return read_only(values)
    listed = np.atleast_1d(np.asarray(values, dtype=object))
    if listed.shape != (len(study),):
        raise StudyTableError(
            f'"{column}" has shape {listed.shape}, but there are {len(study)} studies. '
            f"Give one value a study."
        )
    cleaned = np.empty(len(study))
    for row, value in enumerate(listed):
        try:
            cleaned[row] = float("nan") if value is None else float(value)
        except (TypeError, ValueError):
            raise StudyTableError(
                f'"{column}" must be a number, but is {value!r} in {where(study, row)}. '
                f"Correct the cell, or drop the study."
            ) from None
    return read_only(cleaned)


def require(
    ok: npt.NDArray[np.bool_], values: Array, column: str, rule: str, *, study: Names, mend: str
) -> None:
    """Raise for the first row that is not `ok`, with the study that holds it and the mend."""
    bad = np.flatnonzero(~ok)
    if bad.size:
        row = int(bad[0])
        others = f" ({bad.size - 1} more like it)" if bad.size > 1 else ""
        raise StudyTableError(
            f'"{column}" must be {rule}, but is {values[row]:g} in {where(study, row)}'
            f"{others}. {mend}"
        )


def where(study: Names, row: int) -> str:
    """How a message points at a study: its name and its row, counted from 1."""
    return f'"{study[row]}" (row {row + 1})'


def study_names(study: Sequence[Any] | npt.NDArray[Any]) -> npt.NDArray[np.str_]:
    """Names as text, none empty and none twice: results are looked up by them."""
    study = [study] if isinstance(study, str) else study
    listed = study.tolist() if hasattr(study, "tolist") else list(study)
    try:  # a million names in a third of a second
        text = [*map(str.strip, listed)]
    except TypeError:  # a name that is no text
        text = []
    if text and len(unique := set(text)) == len(text) and unique.isdisjoint(NAMELESS):
        return read_only(text, str)
    names = np.array(["" if name is None else str(name).strip() for name in study], dtype=str)
    if names.ndim != 1 or names.size == 0:
        raise StudyTableError("There is no study. Give at least one.")
    seen: dict[str, int] = {}
    for row, name in enumerate(names):
        if name in NAMELESS:
            raise StudyTableError(f"The study in row {row + 1} has no name. Give each study one.")
        if name in seen:
            raise StudyTableError(
                f'"{name}" stands in row {seen[name] + 1} and in row {row + 1}. Two comparisons of '
                f'one trial need names of their own, for example "{name} (arm 2)"; '
                f"for a duplicate, drop one row."
            )
        seen[name] = row
    names.setflags(write=False)
    return names
