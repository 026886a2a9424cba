"""`baseline_leave_one_out` and `baseline_cumulative`: the baseline without one, or one by one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bayes_ps.baseline.influence.refits import Refits
from bayes_ps.baseline.pooling import baseline
from bayes_ps.baseline.results import Baseline
from bayes_ps.checks import ModelError, StudyTableError
from bayes_ps.effects import Effects


def baseline_leave_one_out(
    effects: Effects, tau2: str = "REML", ci: str | None = None, *, level: float = 0.95
) -> Refits:
    """The baseline without each of the studies in turn.

    Parameters
    ----------
    effects : k independent studies: at least 3, or 2 for ``tau2="FE"``.
    tau2, ci, level : as in :func:`bayes_ps.baseline`; tau² is estimated anew each time.

    Returns
    -------
    Refits
        In the order of the studies; `str` names the two that matter most to mu.

    Raises
    ------
    ModelError
        If one study would be left of which a random-effects model must estimate tau².

    Notes
    -----
    Same as metafor's ``leave1out()`` with ``ci="wald"``. The study whose omission moves mu most
    need not be wrong: it is where to look first.

    Tests: ``tests/golden/test_metafor_influence.py`` (12 data sets; BCG without Aronson 1948
    −0.7071, tau² 0.3362).
    """
    enough(effects, tau2)
    fits = [baseline(effects.drop(str(name)), tau2, ci, level=level) for name in effects.study]
    names = tuple(map(str, effects.study))
    full = baseline(effects, tau2, ci, level=level)
    return Refits("leave one out", names, tuple(fits), full)


def enough(effects: Effects, tau2: str) -> None:
    """Refuse studies too few to leave one out."""
    least = 2 if tau2 == "FE" else 3
    if effects.k < least:
        raise ModelError(
            f'Leaving out one study needs at least {least} studies with tau2="{tau2}", but there '
            + ("is 1." if effects.k == 1 else f"are {effects.k}: one study says nothing of tau².")
        )


def baseline_cumulative(
    effects: Effects,
    order: str,
    tau2: str = "REML",
    ci: str | None = None,
    *,
    level: float = 0.95,
    together: bool = False,
) -> Refits:
    """The baseline of the first study, the first two, and so on up to all.

    Parameters
    ----------
    effects : k independent studies.
    order : what they are ordered by, upwards: a column of ``effects.data`` such as ``"year"``, or
        ``"se"`` (the most precise first), ``"y"``, ``"study"``. Ties keep the order of the table.
    tau2, ci, level : as in :func:`bayes_ps.baseline`; tau² is estimated anew in each step. The
        first study alone has its own estimate with a Wald interval.
    together : whether studies with one value of `order` enter in one step.

    Returns
    -------
    Refits
        One row a step; `str` says since when the interval is on one side of no effect.

    Raises
    ------
    StudyTableError
        If `order` is no column, or is missing for a study.

    Notes
    -----
    Same as metafor's ``cumul()`` with ``ci="wald"`` (`together` is its ``collapse=TRUE``). Repeated
    looks inflate the chance of an interval that leaves out no effect: this is a description, not a
    sequential test.

    Lau et al. 1992, N Engl J Med 327:248, doi:10.1056/NEJM199207233270406.
    Tests: ``tests/golden/test_metafor_influence.py`` (BCG by year: −0.889311, −1.325003, …).
    """
    ordered = effects.sort(order)
    values = ordered.to_frame()[order]
    if values.isna().any():
        row = int(np.flatnonzero(values.isna())[0])
        raise StudyTableError(
            f'"{order}" is missing for "{ordered.study[row]}". Fill it in, or leave the study out: '
            f'effects.drop("{ordered.study[row]}").'
        )
    full = baseline(ordered, tau2, ci, level=level)
    new = values.ne(values.shift(-1)).to_numpy() if together else np.ones(effects.k, dtype=np.bool_)
    ends = [int(row) + 1 for row in np.flatnonzero(new)]
    fits = (*(_first(ordered, end, tau2, ci, level=level) for end in ends[:-1]), full)
    names = tuple(_names(ordered, ends))
    ties = len(ends) - values.nunique()
    notes = tuple(_notes(fits[0], tau2, order, ties))
    return Refits("cumulative", names, fits, full, notes)


def _notes(first: Baseline, tau2: str, order: str, ties: int) -> Iterator[str]:
    if first.k == 1 and tau2 != "FE":
        yield "The first step is one study: its own estimate with a Wald interval, no tau²."
    if ties:
        yield (
            f'Some studies share a value of "{order}": their order is that of the table. '
            f"together=True lets them enter in one step."
        )


def _first(ordered: Effects, end: int, tau2: str, ci: str | None, *, level: float) -> Baseline:
    """The baseline of the studies before `end`."""
    part = ordered.where(np.arange(ordered.k) < end)
    alone = part.k == 1
    return baseline(part, "FE" if alone else tau2, "wald" if alone else ci, level=level)


def _names(ordered: Effects, ends: list[int]) -> Iterator[str]:
    """The study, or studies, that each step adds."""
    for start, end in zip([0, *ends], ends, strict=False):
        yield ", ".join(map(str, ordered.study[start:end]))
