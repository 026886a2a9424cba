"""`Counts`: the 2 x 2 tables of a meta-analysis, checked, with empty trials set aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from bayes_ps import checks
from bayes_ps.checks import Array, StudyTableError

COLUMNS = ("events_t", "n_t", "events_c", "n_c")


@dataclass(frozen=True, eq=False)
class Counts:
    """Events and others of both arms, (k,) each; `empty` names trials left out as they hold nobody.

    a, b : events and others, treated. c, d : events and others, control.
    """

    study: npt.NDArray[np.str_]
    a: Array
    b: Array
    c: Array
    d: Array
    empty: tuple[str, ...] = ()

    @property
    def n_t(self) -> Array:
        """People treated."""
        return self.a + self.b

    @property
    def n_c(self) -> Array:
        """People in control."""
        return self.c + self.d

    @property
    def n(self) -> Array:
        """People of the trial."""
        return self.n_t + self.n_c

    @property
    def events(self) -> Array:
        """Events of both arms."""
        return self.a + self.c

    @property
    def informative(self) -> npt.NDArray[np.bool_]:
        """Trials with an event, and with somebody spared: the others say nothing of a ratio."""
        return (self.events > 0) & (self.b + self.d > 0)

    @property
    def with_zero(self) -> npt.NDArray[np.bool_]:
        """Trials with a zero in one of the four cells."""
        return (self.a == 0) | (self.b == 0) | (self.c == 0) | (self.d == 0)

    @property
    def everybody(self) -> npt.NDArray[np.bool_]:
        """Trials with nothing but events in both arms."""
        return (self.b + self.d == 0) & (self.events > 0)

    def with_halves(self, *, everybody: bool = False) -> Counts:
        """½ added to all four cells of each informative trial that has a zero in one of them.

        Of those with nothing but events too, if `everybody`.
        """
        rows = self.informative | self.everybody if everybody else self.informative
        half = np.where(self.with_zero & rows, 0.5, 0.0)
        return replace(self, a=self.a + half, b=self.b + half, c=self.c + half, d=self.d + half)

    def with_equal_risks(self) -> Counts:
        """The same, and treated events so that the risk ratio where everybody has one is 1."""
        halves = self.with_halves(everybody=True)
        a = np.where(self.everybody, halves.c * halves.n_t / halves.n_c, halves.a)
        return replace(halves, a=a, b=halves.n_t - a)

    def keep(self, rows: npt.NDArray[np.bool_]) -> Counts:
        """Only the given trials."""
        cells = {name: getattr(self, name)[rows] for name in ("study", "a", "b", "c", "d")}
        return replace(self, **cells)


def counts_of(table: pd.DataFrame, columns: Mapping[str, str] | None) -> Counts:
    """The counts of `table`, whose `columns` map our names to the table's where they differ."""
    names = dict.fromkeys(("study", *COLUMNS)) | dict(columns or {})
    frame = {}
    for ours, theirs in names.items():
        column = theirs or ours
        if column not in table:
            raise StudyTableError(
                f"The table has no column {column!r}. It has: {', '.join(map(str, table))}. "
                f'Name it with columns={{"{ours}": "your name"}}.'
            )
        frame[ours] = table[column]
    study = checks.study_names(list(frame["study"]))
    known = {name: checks.numbers(frame[name], name, study) for name in COLUMNS}
    mend = 'Fill it from the paper, or leave the study out: table[table["study"] != "…"].'
    for name, values in known.items():
        checks.require(np.isfinite(values), values, name, "known", study=study, mend=mend)
        checks.require(values >= 0, values, name, ">= 0", study=study, mend="Look at the arm.")
    for arm in ("t", "c"):
        events, n = known[f"events_{arm}"], known[f"n_{arm}"]
        mend = f'Are "events_{arm}" and "n_{arm}" swapped, or is n the number without events?'
        checks.require(
            events <= n, events, f"events_{arm}", f"at most n_{arm}", study=study, mend=mend
        )
    return _without_empty(study, known)


def _without_empty(study: npt.NDArray[np.str_], known: dict[str, Array]) -> Counts:
    """A trial with nobody in an arm compares nothing: it is set aside by name."""
    there = (known["n_t"] > 0) & (known["n_c"] > 0)
    if not there.any():
        raise StudyTableError("No trial has people in both arms, so there is nothing to pool.")
    a, n_t, c, n_c = (known[name][there] for name in COLUMNS)
    return Counts(study[there], a, n_t - a, c, n_c - c, tuple(map(str, study[~there])))
