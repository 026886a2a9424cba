"""Everything that the report says, computed once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bayes_ps.baseline import Baseline, BaselineTable, PooledCounts, baseline_table
from bayes_ps.checks import BayesPSError, ModelError
from bayes_ps.decision import MCID, Decision, decide
from bayes_ps.doctor import Report
from bayes_ps.effects import Effects
from bayes_ps.posterior import Fit
from bayes_ps.reporting.certainty import fixed_mcid
from bayes_ps.reporting.findings import baseline_of
from bayes_ps.reporting.priors_to_try import Choice, prior_choices
from bayes_ps.sensitivity import LeaveOneOut, PriorGrid, leave_one_out, priors


@dataclass(frozen=True, eq=False)
class Material:
    """What the sections are written from.

    Attributes
    ----------
    fit, mcid, title, doctor : as given.
    fixed : the MCID or, of an uncertain one, its median: where a question takes one threshold.
    pooled : the baseline as given or, for independent studies, REML with Hartung-Knapp's interval.
    pools : DL/Wald, REML/Wald, REML/HKSJ and the common effect; None where they do not apply.
    decision : None without an MCID.
    choices, grid : priors and what the studies say under each; `grid` None and `no_grid` why.
    left_out : without each study; None and `none_left_out` why.
    """

    fit: Fit
    mcid: MCID | None
    fixed: MCID | None
    title: str
    doctor: Report | None
    pooled: Baseline | PooledCounts | None
    pools: BaselineTable | None
    decision: Decision | None
    choices: tuple[Choice, ...]
    grid: PriorGrid | None
    no_grid: str
    left_out: LeaveOneOut | None
    none_left_out: str

    @property
    def effects(self) -> Effects:
        """The studies."""
        return self.fit.effects

    @property
    def data_hash(self) -> str:
        """SHA-256 of the effects, see `data_text`."""
        return hashlib.sha256(data_text(self.effects).encode()).hexdigest()


def gathered(
    fit: Fit,
    mcid: MCID | None,
    given: Baseline | PooledCounts | None,
    *,
    title: str,
    doctor: Report | None,
) -> Material:
    """Compute what the report says.

    Raises
    ------
    ModelError, UnitError
        If the model has no one mean effect, or the MCID is in another unit.
    """
    _refuse_moderators(fit)
    fixed = None if mcid is None else fixed_mcid(mcid.in_unit_of(fit.effects))
    choices = prior_choices(fit, fixed)
    simple = fit.effects.V is None and bool(fit.studies)
    grid, no_grid = _or_why(lambda: _grid(fit, fixed, choices))
    left_out, none_left_out = _or_why(lambda: leave_one_out(fit, fixed))
    return Material(
        fit=fit,
        mcid=mcid,
        fixed=fixed,
        title=title,
        doctor=doctor,
        pooled=given if given is not None else baseline_of(fit),
        pools=baseline_table(fit.effects) if simple else None,
        decision=None if mcid is None else decide(fit, mcid),
        choices=choices,
        grid=grid,
        no_grid=no_grid,
        left_out=left_out,
        none_left_out=none_left_out,
    )


def _refuse_moderators(fit: Fit) -> None:
    if fit.hierarchy is not None and fit.hierarchy.design.dim:
        raise ModelError(
            "A report is about one mean effect, but this model has moderators. Fit each subgroup "
            "by itself, fit(RandomEffects(mu=…, tau=…), effects.where(…)), and write a report each."
        )
    fit.average()


def _or_why[T](ask: Callable[[], T]) -> tuple[T | None, str]:
    """What was asked for, or why it cannot be had: the report says so, and goes on."""
    try:
        return ask(), ""
    except BayesPSError as why:
        return None, str(why)


def _grid(fit: Fit, mcid: MCID | None, choices: tuple[Choice, ...]) -> PriorGrid:
    if fit.hierarchy is None:
        raise ModelError("The model is not linear and Gaussian: the exact engine cannot refit it.")
    asked: dict[str, Any] = {
        name: [each.prior for each in choices if each.of == name] or None for name in ("mu", "tau")
    }
    return priors(fit.effects, mu=asked["mu"], tau=asked["tau"], mcid=mcid, model=fit.model)


def data_text(effects: Effects) -> str:
    """The effects as text, every number in the digits that give it back; of this is the hash."""
    lines = [f"{effects.measure},{effects.unit},{effects.better}"]
    rows = zip(effects.study, effects.y, effects.se, strict=True)
    lines += [f"{name},{float(y)!r},{float(se)!r}" for name, y, se in rows]
    if effects.V is not None:
        lines += [",".join(repr(float(v)) for v in row) for row in effects.V]
    return "\n".join(lines)
