"""Several arms, or subgroups, of a trial as one group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, StudyTableError
from bayes_ps.effects.conversions.rows import Converted, keep, read, refuse


@dataclass(frozen=True, eq=False)
class Group:
    """Participants, mean and SD of one group (a float or array each)."""

    n: Converted
    mean: Converted
    sd: Converted

    def __str__(self) -> str:
        if np.ndim(self.n) == 0:
            return f"n {self.n:g}, mean {self.mean:.4g}, SD {self.sd:.4g}"
        return f"n, mean and SD of {np.size(self.n)} groups"


@dataclass(frozen=True, eq=False)
class Counts:
    """Events and participants of one group (a float or array each)."""

    events: Converted
    n: Converted

    def __str__(self) -> str:
        if np.ndim(self.n) == 0:
            return f"{self.events:g} events of {self.n:g}"
        return f"events and n of {np.size(self.n)} groups"


def combine_arms(n: npt.ArrayLike, mean: npt.ArrayLike, sd: npt.ArrayLike) -> Group:
    r"""One group of several arms: what their pooled participants would give.

    n = Σ nᵢ, mean = Σ nᵢ meanᵢ / n, sd² = (Σ (nᵢ − 1) sdᵢ² + Σ nᵢ (meanᵢ − mean)²) / (n − 1).

    Parameters
    ----------
    n, mean, sd : (..., arms), the arms of a study along the last axis; an arm of which all three
        are NaN is not there, so that studies of two and of three arms fit into one table.

    Returns
    -------
    Group
        Floats for one study, else arrays; NaN where an arm reports only a part.

    Raises
    ------
    StudyTableError
        With row and column, for n < 1, sd < 0, or no arms.

    Notes
    -----
    Cochrane Handbook 6.5.2.10, table 6.5.a; for two arms the same number, for more the order does
    not matter. The SD of all is larger than those of the arms where their means differ: an average
    of the SDs would be too small.
    Test: ``tests/golden/test_conversions_handbook.py``.
    """
    n, mean, sd = read({"n": n, "mean": mean, "sd": sd})
    there = _arms(n, mean, sd)
    refuse(n < 1, n, "n", "1 or more", mend="Leave an empty arm out.")
    refuse(sd < 0, sd, "sd", "0 or more", mend="Look for a typing error in the table.")
    n, mean, sd = (np.where(there, values, 0.0) for values in (n, mean, sd))
    total = n.sum(-1)
    refuse(total < 2, total, "n of all arms", "2 or more", mend="One participant has no SD.")
    whole = (n * mean).sum(-1) / total
    squares = ((n - 1) * sd**2 + n * (mean - whole[..., None]) ** 2) * there
    return Group(keep(total), keep(whole), keep(np.sqrt(squares.sum(-1) / (total - 1))))


def combine_counts(events: npt.ArrayLike, n: npt.ArrayLike) -> Counts:
    """One group of several arms: the sums of events and participants.

    Parameters
    ----------
    events, n : (..., arms), the arms of a study along the last axis; an arm of which both are NaN
        is not there.

    Raises
    ------
    StudyTableError
        With row and column, for events < 0 or above n, n < 1, or no arms.

    Notes
    -----
    Cochrane Handbook 6.5.2.10 and 23.3.4.
    """
    events, n = read({"events": events, "n": n})
    there = _arms(events, n)
    check_counts(events, n)
    return Counts(*(keep(np.where(there, values, 0.0).sum(-1)) for values in (events, n)))


def check_counts(events: Array, n: Array) -> None:
    """Refuse counts that no group can have."""
    refuse(n < 1, n, "n", "1 or more", mend="Leave an empty arm out.")
    refuse(events < 0, events, "events", "0 or more", mend="Look for a typing error in the table.")
    mend = "Look for swapped columns, or events counted more than once in a participant."
    refuse(events > n, events, "events", "at most n", mend=mend)


def _arms(*columns: Array) -> npt.NDArray[np.bool_]:
    """Which arms are there: not all of their columns missing."""
    if columns[0].ndim == 0 or columns[0].shape[-1] == 0:
        raise StudyTableError("There are no arms to combine. Give a list of them: n=[20, 25].")
    there = ~np.all([np.isnan(values) for values in columns], axis=0)
    return np.asarray(there | ~there.any(-1, keepdims=True))
