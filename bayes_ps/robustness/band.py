"""`mcid_band`: the MCID curve under every prior and model that `robustness` tries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bayes_ps import words
from bayes_ps.checks import Array, ModelError, UnitError
from bayes_ps.decision import MCID, mcid_curve
from bayes_ps.decision.mcid import caveats
from bayes_ps.decision.over_mcid import beyond
from bayes_ps.diagnostics import diagnose
from bayes_ps.effects import Effects
from bayes_ps.fitting import fit as fit_by
from bayes_ps.posterior import Fit, Marginal, Setting
from bayes_ps.priors import Prior
from bayes_ps.robustness.plans import OWN, common_effect, handed_in, priors_to_cross
from bayes_ps.robustness.variants import Planned
from bayes_ps.sensitivity.question import Target, probability_of
from bayes_ps.sensitivity.refitting import exactly

SMALLEST = 5e-324  # an effect of exactly 0 is no benefit


@dataclass(frozen=True, eq=False)
class Curves:
    """P(benefit of at least each threshold) of one unknown, under n analyses.

    Attributes
    ----------
    p : (n, m), the first row of the analysis as fitted.
    at_mcid : (n,) P(benefit of at least the MCID); its mean over an MCID that is uncertain.
    """

    p: Array
    at_mcid: Array

    @property
    def own(self) -> Array:
        """(m,) of the analysis as fitted."""
        return self.p[0]

    @property
    def lowest(self) -> Array:
        """(m,) over the analyses, at each threshold another one it may be."""
        return np.asarray(self.p.min(axis=0))

    @property
    def highest(self) -> Array:
        """(m,) over the analyses, at each threshold another one it may be."""
        return np.asarray(self.p.max(axis=0))


@dataclass(frozen=True, eq=False)
class MCIDBand:
    """The MCID curve under n analyses; the first is the one of the fit.

    Attributes
    ----------
    threshold : (m,) benefit in the unit of the effects, > 0 is benefit whatever their sign.
    mean, new : the curves of the mean effect, and of the effect in one new setting.
    changed : (n,) how each analysis differs from the fit, in words.
    failed : analyses that could not be carried out, with the reason.
    effects, mcid, at : what was asked of what, in which setting.
    notes : what must travel with the numbers.
    """

    threshold: Array
    mean: Curves
    new: Curves
    changed: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]
    effects: Effects
    mcid: MCID
    at: Setting
    notes: tuple[str, ...]

    def about(self, effects: Effects) -> bool:
        """Whether the band is of these estimates."""
        mine = self.effects
        same_studies = list(map(str, mine.study)) == list(map(str, effects.study))
        return same_studies and np.array_equal(mine.y, effects.y)

    def lowest(self, target: Target = "mean") -> str:
        """The analysis under which P(benefit of at least the MCID) is lowest."""
        return self.changed[int(np.argmin(self._of(target).at_mcid))]

    def highest(self, target: Target = "mean") -> str:
        """The analysis under which P(benefit of at least the MCID) is highest."""
        return self.changed[int(np.argmax(self._of(target).at_mcid))]

    def to_frame(self) -> pd.DataFrame:
        """A row a threshold: p_mean and p_new as fitted, each with its lowest and highest."""
        columns = {"threshold": self.threshold}
        for name, curves in (("p_mean", self.mean), ("p_new", self.new)):
            columns[name] = curves.own
            columns[f"{name}_lowest"], columns[f"{name}_highest"] = curves.lowest, curves.highest
        return pd.DataFrame(columns)

    def __str__(self) -> str:
        said = [self._spoken("mean"), self._spoken("new")]
        said += [f"Not carried out: {changed} ({why})" for changed, why in self.failed]
        return "\n".join([" ".join(said), *(f"Note: {note}" for note in self.notes)])

    def _spoken(self, target: Target) -> str:
        at_mcid = self._of(target).at_mcid
        low, high = words.probability(at_mcid.min()), words.probability(at_mcid.max())
        return (
            f"{probability_of(target)}benefit of at least the MCID) is "
            f"{words.probability(at_mcid[0])} as fitted; over {len(self.changed)} analyses it runs "
            f"from {low} ({self.lowest(target)}) to {high} ({self.highest(target)})."
        )

    def _of(self, target: Target) -> Curves:
        probability_of(target)  # refuses another target
        return self.mean if target == "mean" else self.new


def mcid_band(
    fit: Fit,
    mcid: MCID,
    *,
    mu: Sequence[Prior] | None = None,
    tau: Sequence[Prior] | None = None,
    models: Sequence[Any] = (),
    at: Setting = None,
    points: int = 201,
) -> MCIDBand:
    """How far the MCID curve moves with the priors and the model.

    The curve of :func:`bayes_ps.mcid_curve` under the fit, every other pair of a prior of mu and
    one of tau, a common effect, and the `models` handed in: what :func:`bayes_ps.robustness` tries
    without leaving out studies. All by exact refits but models without a Gaussian form.

    Parameters
    ----------
    fit : of a linear Gaussian model; one by NUTS is refitted by the exact engine.
    mcid : in the unit of the effects; of it the sceptical and the enthusiastic prior are made.
    mu, tau : more priors, crossed with the others.
    models : more models for the same effects; one without a Gaussian form is fitted by NUTS.
    at : the setting, for a model with moderators, whose coefficients keep their priors.
    points : number of thresholds.

    Returns
    -------
    MCIDBand
        Its sentence names the analyses with the lowest and the highest probability at the MCID.

    Raises
    ------
    UnitError
        If the MCID is in another unit than the effects.
    ModelError
        If the model of the fit is not linear and Gaussian.

    Notes
    -----
    How to read it: the band holds what analysts could have said of these studies, not a credible
    interval. Where it is narrow the studies decide; where it is wide the priors or the model do.
    Under a common effect a new setting has the mean effect itself. Tests:
    ``tests/unit/test_mcid_band.py``, against closed forms and fits made one by one.
    """
    if not isinstance(mcid, MCID):
        raise UnitError(f"mcid_band() needs bps.MCID({mcid!r}, unit={fit.effects.unit!r}).")
    size, sign, whole = mcid.in_unit_of(fit.effects).spread, fit.effects.benefit_sign, exactly(fit)
    first = [*priors_to_cross(whole, mcid, mu, tau), *common_effect(whole)]
    planned = [*first, *handed_in(whole, models)]
    found, failed = _carried_out(planned, fit.seed)
    changed, fits = zip((OWN, whole), *found, strict=True)
    threshold = mcid_curve(whole, mcid, at=at, points=points).threshold

    def curves(marginals: Iterable[Marginal]) -> Curves:
        each = [(_falling(m, threshold, sign), beyond(m, size, sign).p_mcid) for m in marginals]
        return Curves(np.array([p for p, _ in each]), np.array([p for _, p in each]))

    mean = curves(one.average(at) for one in fits)
    new = curves(one.predictive(at) for one in fits)
    notes = (*whole.warnings, *caveats(fit.effects, mcid), *_sampled(found))
    return MCIDBand(threshold, mean, new, changed, failed, fit.effects, mcid, at, notes)


def _carried_out(
    planned: Iterable[Planned], seed: int
) -> tuple[list[tuple[str, Fit]], tuple[tuple[str, str], ...]]:
    """What was changed and its fit; and what could not be fitted, with the reason."""
    fits, failed = [], []
    for plan in planned:
        engine: Any = "exact" if hasattr(plan.model, "gaussian") else "nuts"
        try:
            found = fit_by(plan.model, plan.effects, engine=engine, seed=seed)
            fits.append((plan.changed, found))
        except ModelError as error:
            failed.append((plan.changed, str(error)))
    return fits, tuple(failed)


def _falling(m: Marginal, threshold: Array, sign: int) -> Array:
    """P(benefit of at least each threshold), as in `mcid_curve`."""
    x = np.where(threshold == 0, SMALLEST, threshold)
    return np.asarray(m.cdf(-x) if sign < 0 else m.sf(x))


def _sampled(fits: Iterable[tuple[str, Fit]]) -> list[str]:
    """What is to be said of those by NUTS."""
    return [
        f"{changed}: {problem}"
        for changed, each in fits
        if each.engine != "exact"
        for problem in ("fitted by NUTS.", *diagnose(each).problems)
    ]
