"""What `plot_outcomes` shows, from what a user has: findings, decisions, or fits with MCIDs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from bayes_ps.checks import BayesPSError
from bayes_ps.decision import MCID, Decision, Probabilities, decide
from bayes_ps.effects import Effects
from bayes_ps.plots.mcid_extent import extent_of
from bayes_ps.plots.scale import RATIOS
from bayes_ps.posterior import Fit


class Findings(Protocol):
    """What has a finding an outcome, such as :class:`bayes_ps.SummaryOfFindings`."""

    @property
    def findings(self) -> Sequence[Any]:
        """Each with outcome, fit, mcid, n, mean, new and notes."""


Outcomes = Findings | Mapping[str, Decision | tuple[Fit, MCID]]


@dataclass(frozen=True)
class Outcome:
    """One outcome.

    Attributes
    ----------
    name : as given.
    mean, new : probabilities of the mean effect, and in a new setting; None if that is the same.
    about : numbers of studies and participants, and the MCID.
    notes : what must travel with the numbers.
    """

    name: str
    mean: Probabilities
    new: Probabilities | None
    about: tuple[str, str]
    notes: tuple[str, ...]

    @property
    def bars(self) -> list[Probabilities]:
        """Of the mean effect, and of a new setting if that is another."""
        return [self.mean] if self.new is None else [self.mean, self.new]


def outcomes_of(rows: Outcomes) -> list[Outcome]:
    """Each outcome, in the order given.

    Raises
    ------
    BayesPSError
        If there is none, or one is neither a decision nor a fit with its MCID.
    """
    found = list(_each(rows))
    if not found:
        raise BayesPSError("plot_outcomes() needs one outcome at least.")
    return found


def _each(rows: Outcomes) -> Iterator[Outcome]:
    if hasattr(rows, "findings"):
        for one in rows.findings:
            about = _about(one.fit.effects, one.mcid, one.n)
            new = one.new if one.fit.has_tau else None
            yield Outcome(one.outcome, one.mean, new, about, one.notes)
        return
    if not isinstance(rows, Mapping):
        raise BayesPSError(
            f'plot_outcomes() takes bps.summary_of_findings(…) or {{"Pain": (fit, mcid), …}}, not '
            f"{type(rows).__name__}."
        )
    for name, given in rows.items():
        decision = _decision(name, given)
        effects = decision.effects
        about = _about(effects, decision.mcid, _participants(effects))
        new = None if decision.share is None else decision.new
        yield Outcome(str(name), decision.mean, new, about, decision.notes)


def _decision(name: str, given: Any) -> Decision:
    if isinstance(given, Decision):
        return given
    pair = tuple(given) if isinstance(given, tuple | list) else ()
    if len(pair) != 2 or not isinstance(pair[0], Fit) or not isinstance(pair[1], MCID):
        raise BayesPSError(
            f'"{name}" must be bps.decide(fit, mcid), or a fit with its MCID, (fit, mcid), but is '
            f"{type(given).__name__}."
        )
    return decide(*pair)


def _about(effects: Effects, mcid: MCID, n: int | None) -> tuple[str, str]:
    size = f"k = {effects.k}" + (f", n = {n:,}" if n is not None else "")
    unit = RATIOS[effects.measure].lower() if effects.measure in RATIOS else effects.unit
    return size, f"{extent_of(mcid, effects).text} {unit}"


def _participants(effects: Effects) -> int | None:
    """The sum of the sizes of the arms, if every study has them."""
    if not {"n_t", "n_c"} <= set(effects.columns):
        return None
    sizes = effects.data[["n_t", "n_c"]].apply(pd.to_numeric, errors="coerce").to_numpy(float)
    return round(float(sizes.sum())) if np.isfinite(sizes).all() else None
