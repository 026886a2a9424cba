"""`with_shared_controls`: comparisons of one trial that share its control arm are correlated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bayes_ps import checks
from bayes_ps.checks import Array, Names, StudyTableError
from bayes_ps.effects.column_rules import numeric_column
from bayes_ps.effects.effects import Effects

if TYPE_CHECKING:
    import pandas as pd

Columns = dict[str, Array]


@dataclass(frozen=True)
class Shared:
    """What two comparisons share: `plain` and, times y y', `scaled`, from the control's columns.

    `scaled` takes the columns and the number of people of the whole trial.
    """

    columns: tuple[str, ...]
    plain: Callable[[Columns], Array]
    scaled: Callable[[Columns, float], Array] | None = None


def with_shared_controls(effects: Effects, *, trial: str = "trial") -> Effects:
    r"""The same effects with the sampling covariance `V` of comparisons with one control arm.

    Parameters
    ----------
    effects : from :func:`bayes_ps.effect_sizes` on a table of arms, a row a comparison; the control
        arm of a trial stands whole, and alike, in each of its rows.
    trial : the column of ``effects.data`` that names the trial of each row; an empty cell is a
        trial of its own.

    Returns
    -------
    Effects
        With `V`: se² on the diagonal, and between two comparisons of a trial

        ==========  =================================================
        measure     covariance
        ==========  =================================================
        MD          sd_c²/n_c
        SMD         1/n_c + g g'/(2N), N people in the whole trial
        SMD1        1/n_c + g g'/(2 n_c)
        ROM         sd_c²/(n_c mean_c²)
        OR          1/c + 1/(n_c − c), c events in control
        RR          1/c − 1/n_c
        RD          c (n_c − c)/n_c³
        AS          1/(4 n_c)
        IRR, IRD    1/c; c/time_c²
        ==========  =================================================

        with the opposite sign where one of the two was flipped. A control arm with a zero is taken
        with ½ more in each cell.

    Raises
    ------
    StudyTableError
        For a missing column, a measure without a formula, effects that have a `V`, and rows of a
        trial whose control arms differ.

    Notes
    -----
    Gleser & Olkin 2009, Stochastically dependent effect sizes, in: The handbook of research
    synthesis and meta-analysis, 2nd ed., chapter 19. Their g is in units of the sd pooled over all
    arms of the trial; ours, pooled over two arms, shares a little less: in place of 1/(2N),
    (n_c − 1)/(2 m m') with m and m' the degrees of freedom of the two.
    Test: ``tests/golden/test_gleser_olkin.py``, equations 19.6 to 19.8 and pages 362 to 367.
    """
    if effects.V is not None:
        raise StudyTableError("These effects have a V already. Start from those without it.")
    if effects.measure not in SHARED:
        raise StudyTableError(
            f"A shared control has a formula for {', '.join(SHARED)}, not for {effects.measure}. "
            f"Give the covariance by dataclasses.replace(effects, V=...), or combine the arms."
        )
    data, shared = effects.data, SHARED[effects.measure]
    columns = _columns(data, (trial, *shared.columns), effects.study)
    V = np.diag(effects.se**2)
    together = [rows for rows in data.groupby(trial, sort=False).indices.values() if rows.size > 1]
    for rows in together:
        _check_same_control(rows, columns, shared, effects.study)
        V[np.ix_(rows, rows)] += _between(rows, columns, shared, effects)
    if not together:
        return effects
    how = f"; {len(together)} shared control{'s' if len(together) > 1 else ''} in V"
    return replace(effects, V=V, formulas=effects.formulas + how)


def _columns(data: pd.DataFrame, names: tuple[str, ...], study: Names) -> Columns:
    for name in names:
        if name not in data:
            raise StudyTableError(
                f"effects.data has no column {name!r}, which the shared controls need. It has: "
                f"{', '.join(map(str, data))}."
            )
    columns = {name: numeric_column(data, name, study) for name in names[1:]}
    for name, values in columns.items():
        mend = "The covariance needs the arms: leave `trial` empty in this row."
        checks.require(np.isfinite(values), values, name, "known", study=study, mend=mend)
    return columns


def _check_same_control(
    rows: npt.NDArray[np.intp], columns: Columns, shared: Shared, study: Names
) -> None:
    for name in (name for name in shared.columns if name.endswith("_c")):
        values = columns[name][rows]
        other = np.flatnonzero(values != values[0])
        if other.size:
            row = int(rows[other[0]])
            raise StudyTableError(
                f'"{name}" is {values[0]:g} in {checks.where(study, int(rows[0]))} and '
                f"{values[other[0]]:g} in {checks.where(study, row)}, of the same trial. Give the "
                f"whole control arm in each row; if the arms do differ, name two trials."
            )


def _between(
    rows: npt.NDArray[np.intp], columns: Columns, shared: Shared, effects: Effects
) -> Array:
    """The covariances of the rows of one trial, with 0 on the diagonal."""
    control = {name: values[rows[:1]] for name, values in columns.items()}
    flipped = effects.data["flipped"].to_numpy()[rows] if "flipped" in effects.columns else False
    sign = np.where(flipped, -1.0, 1.0) * np.ones(rows.size)
    block = np.outer(sign, sign) * shared.plain(control)
    if shared.scaled is not None:
        people = float(columns["n_t"][rows].sum() + control["n_c"][0])
        block = block + np.outer(effects.y[rows], effects.y[rows]) * shared.scaled(control, people)
    np.fill_diagonal(block, 0.0)
    return block


def _cells(control: Columns) -> tuple[Array, Array]:
    """Events and others in the control arm, with ½ more where one of them is 0."""
    events, others = control["events_c"], control["n_c"] - control["events_c"]
    half = np.where((events == 0) | (others == 0), 0.5, 0.0)
    return events + half, others + half


def _odds(control: Columns) -> Array:
    events, others = _cells(control)
    return 1 / events + 1 / others


def _risk(control: Columns) -> Array:
    events, others = _cells(control)
    return 1 / events - 1 / (events + others)


def _difference(control: Columns) -> Array:
    events, others = _cells(control)
    return events * others / (events + others) ** 3


def _rate_events(control: Columns) -> Array:
    return np.where(control["events_c"] == 0, 0.5, control["events_c"])


_COUNTS = ("events_c", "n_c")
_RATES = ("events_c", "time_c")

SHARED: dict[str, Shared] = {
    "MD": Shared(("sd_c", "n_c"), lambda c: c["sd_c"] ** 2 / c["n_c"]),
    "SMD": Shared(("n_t", "n_c"), lambda c: 1 / c["n_c"], lambda c, n: np.array(1 / (2 * n))),
    "SMD1": Shared(("n_t", "n_c"), lambda c: 1 / c["n_c"], lambda c, n: 1 / (2 * c["n_c"])),
    "ROM": Shared(
        ("mean_c", "sd_c", "n_c"), lambda c: c["sd_c"] ** 2 / (c["n_c"] * c["mean_c"] ** 2)
    ),
    "OR": Shared(_COUNTS, _odds),
    "RR": Shared(_COUNTS, _risk),
    "RD": Shared(_COUNTS, _difference),
    "AS": Shared(_COUNTS, lambda c: 1 / (4 * c["n_c"])),
    "IRR": Shared(_RATES, lambda c: 1 / _rate_events(c)),
    "IRD": Shared(_RATES, lambda c: _rate_events(c) / c["time_c"] ** 2),
}
