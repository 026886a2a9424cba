"""Numbers in, one shape out; an impossible one is refused with its row.

All conversions take scalars or arrays that broadcast, and give a float for scalars, else a new
array. NaN says "not reported": that row of the result is NaN too, and `Effects` refuses it later by
name. Everything else that cannot be converted is an error here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, StudyTableError, read_only

Converted = float | Array


def read(columns: dict[str, npt.ArrayLike]) -> list[Array]:
    """The named values as float arrays of one shape; text and infinities are refused."""
    values = [_floats(name, given) for name, given in columns.items()]
    try:
        return list(np.broadcast_arrays(*values))
    except ValueError:
        shapes = ", ".join(f'"{n}" {v.shape}' for n, v in zip(columns, values, strict=True))
        raise StudyTableError(
            f"These do not have one length: {shapes}. Give one value a row, or one for all."
        ) from None


def refuse(bad: npt.NDArray[np.bool_], values: Array, column: str, rule: str, *, mend: str) -> None:
    """Raise for the first row that is `bad` (a comparison that is False for NaN)."""
    if not bad.any():
        return
    first = tuple(int(i) for i in np.argwhere(bad)[0])
    value = np.broadcast_to(values, bad.shape)[first]
    others = f" ({bad.sum() - 1} more like it)" if bad.sum() > 1 else ""
    raise StudyTableError(
        f'"{column}" must be {rule}, but is {value:g}{_where(first)}{others}. {mend}'
    )


def give(values: Array) -> Converted:
    """A float if there was one value, else the array."""
    return float(values) if np.ndim(values) == 0 else np.asarray(values)


def keep(values: Array) -> Converted:
    """As :func:`give`, for a frozen result: the array is a read-only copy."""
    return float(values) if np.ndim(values) == 0 else read_only(values)


def _floats(column: str, given: npt.ArrayLike) -> Array:
    raw = np.asarray(given)
    if raw.dtype.kind in "iufb":
        values = raw.astype(float)
    else:
        objects = np.asarray(given, dtype=object)
        values = np.empty(objects.shape)
        for at, value in np.ndenumerate(objects):
            values[at] = _float(column, value, at)
    refuse(np.isinf(values), values, column, "finite", mend="Pass NaN for a value not reported.")
    return values


def _float(column: str, value: object, at: tuple[int, ...]) -> float:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return float("nan")
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise StudyTableError(
            f'"{column}" must be a number, but is {value!r}{_where(at)}. '
            f"Correct the cell, or pass NaN for a value not reported."
        ) from None


def _where(at: tuple[int, ...]) -> str:
    """Rows count from 1; a table of arms has columns too."""
    if not at:
        return ""
    return f" in row {at[0] + 1}" + "".join(f", column {i + 1}" for i in at[1:])
