"""What may differ between analyses, as a prior or an MCID: given once for all, or as a column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bayes_ps.checks import BayesPSError, StudyTableError
from bayes_ps.decision import MCID
from bayes_ps.effects.groups import Ragged
from bayes_ps.many.kernel.layout import Integers, Texts
from bayes_ps.priors import Prior, for_location, for_scale

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class PerAnalysis:
    """`value[which[i]]` belongs to analysis i; `problem` (m,) says why it cannot be used."""

    value: list[Any]
    which: Integers
    problem: Texts

    def each(self) -> list[Any]:
        """(m,) the value of every analysis."""
        return [self.value[i] for i in self.which]


def for_each(
    given: Any,
    read: Callable[[Any], Any],
    *,
    name: str,
    table: pd.DataFrame,
    found: Ragged,
) -> PerAnalysis:
    """`given` for every analysis; if it is the name of a column, what that column holds.

    `read` cleans a value, or raises. What is wrong with a value given for all is raised; what is
    wrong in a column is the problem of the analyses that hold it.
    """
    m = found.k.size
    problem = np.full(m, "", dtype=object)
    if not isinstance(given, str):
        return PerAnalysis([read(given)], np.zeros(m, dtype=np.int64), problem)
    if given not in table:
        raise StudyTableError(
            f"{name}={given!r} names no column of the table. It has: {', '.join(map(str, table))}."
        )
    import pandas as pd

    codes, distinct = pd.factorize(table[given].to_numpy(dtype=object)[found.row])
    which = codes[found.start[:-1]] if m else codes
    mixed = np.unique(np.repeat(np.arange(m), found.k)[codes != np.repeat(which, found.k)])
    problem[mixed] = f"{given!r} is not the same in all of its rows."
    problem[which < 0] = f"{given!r} is missing."
    values = []
    for number, value in enumerate(distinct):
        try:
            values.append(read(value))
        except BayesPSError as error:
            values.append(None)
            problem[which == number] = str(error)
    return PerAnalysis(values, which.astype(np.int64), problem)


def tau_prior(value: Any) -> Prior:
    """A prior of the between-study standard deviation."""
    return for_scale(value, "prior")


def mu_prior(value: Any) -> Prior:
    """A prior of the mean effect."""
    return for_location(value, "mu")


def size_of(value: Any) -> float:
    """The size of an important effect, NaN for None."""
    if value is None:
        return float("nan")
    return float(value.value if isinstance(value, MCID) else MCID(value, unit="that of y").value)


def sign_of(value: Any) -> float:
    """+1 for "higher", −1 for "lower", NaN for None."""
    if value is None:
        return float("nan")
    if value not in ("lower", "higher"):
        raise StudyTableError(f'better must be "lower" or "higher", but is {value!r}.')
    return 1.0 if value == "higher" else -1.0


def refuse(level: float, undirected: bool) -> None:
    """Raise for an impossible level, or for an MCID without a direction."""
    if not 0 < level < 1:
        raise BayesPSError(f"level must be between 0 and 1, as in 0.95, but is {level!r}.")
    if undirected:
        raise BayesPSError('An MCID needs a direction: better="lower" or better="higher".')
