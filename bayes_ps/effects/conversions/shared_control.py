"""A control group that several comparisons share, split so that nobody is counted twice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, StudyTableError, read_only
from bayes_ps.effects.conversions.combined_arms import check_counts
from bayes_ps.effects.conversions.rows import read, refuse


@dataclass(frozen=True, eq=False)
class SplitControl:
    """Parts of a control group, along the last axis.

    Attributes
    ----------
    n : (..., parts) participants, not rounded; they add up to the whole group.
    events : (..., parts) in proportion to n, or None where none were given.
    """

    n: Array
    events: Array | None

    def __str__(self) -> str:
        parts = self.n.shape[-1]
        if self.n.ndim > 1:
            return f"{self.n.size // parts} control groups in {parts} parts each"
        return f"A control group in {parts} parts of n " + ", ".join(f"{n:.4g}" for n in self.n)


def split_shared_control(
    n: npt.ArrayLike,
    *,
    events: npt.ArrayLike | None = None,
    parts: int | None = None,
    in_proportion_to: npt.ArrayLike | None = None,
) -> SplitControl:
    """Divide a control group among the comparisons that share it.

    Means, SDs and risks stay as they are; participants (and events) are divided.

    Parameters
    ----------
    n : participants of the control group(s), any shape.
    events : its events, for counts.
    parts : number of comparisons, into which the group is divided equally.
    in_proportion_to : (..., parts) sizes of the treated arms, to divide in proportion to them. Give
        this or `parts`.

    Returns
    -------
    SplitControl
        Fractions of participants are kept: effects need no whole numbers, and rounding loses some.

    Raises
    ------
    StudyTableError, read_only
        With the row, for n < 1, impossible events, sizes <= 0, fewer than two parts, or neither or
        both of `parts` and `in_proportion_to`.

    Notes
    -----
    Cochrane Handbook 23.3.4, which prefers to combine the arms (:func:`combine_arms`): after a
    split the comparisons still share the luck of one control group, which only the covariance
    between them puts right (``bayes_ps.effects.with_shared_controls``).
    Test: ``tests/unit/test_conversions_shared_control.py``.
    """
    share = _shares(parts, in_proportion_to)
    if events is None:
        (whole,) = read({"n": n})
        refuse(
            whole < 1, whole, "n", "1 or more", mend="Give the participants of the control group."
        )
        return SplitControl(read_only(whole[..., None] * share), None)
    counts, whole = read({"events": events, "n": n})
    check_counts(counts, whole)
    return SplitControl(read_only(whole[..., None] * share), read_only(counts[..., None] * share))


def _shares(parts: int | None, sizes: npt.ArrayLike | None) -> Array:
    if (parts is None) == (sizes is None):
        raise StudyTableError(
            "Say into how many parts (parts=2), or by which sizes (in_proportion_to=[40, 20])."
        )
    (weights,) = read({"in_proportion_to": np.ones(max(parts or 0, 0)) if sizes is None else sizes})
    if weights.ndim == 0 or weights.shape[-1] < 2:
        raise StudyTableError("A control group is shared by two comparisons or more: parts=2.")
    refuse(weights <= 0, weights, "in_proportion_to", "above 0", mend="Give the sizes of the arms.")
    return np.asarray(weights / weights.sum(-1, keepdims=True))
