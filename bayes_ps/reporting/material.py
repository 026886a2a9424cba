"""Everything that the report says, computed once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bayes_ps.baseline import Baseline, BaselineTable, PooledCounts, baseline_table
from bayes_ps.baseline.small_study import AsymmetryTest, egger
from bayes_ps.checks import BayesPSError, ModelError, UnitError
from bayes_ps.decision import MCID, AbsoluteRisk, Decision, Responders, decide
from bayes_ps.diagnostics import PredictiveCheck, predictive_check
from bayes_ps.doctor import Report
from bayes_ps.effects import Effects
from bayes_ps.effects.stated_sd import AssumedSD, assumed_sd
from bayes_ps.posterior import Fit
from bayes_ps.reporting.certainty import fixed_mcid
from bayes_ps.reporting.findings import baseline_of
from bayes_ps.reporting.mcid_units import InMCIDs, in_mcids
from bayes_ps.robustness import BiasTipping, Gate, Robustness, reportable, robustness, tipping_bias
from bayes_ps.robustness.plans import OWN, priors_to_cross
from bayes_ps.robustness.risk_of_bias import at_high_risk
from bayes_ps.robustness.variants import answered, carried_out
from bayes_ps.sensitivity.question import Question
from bayes_ps.sensitivity.refitting import exactly

ENOUGH = 10  # studies, below which a test of funnel asymmetry says little
Patients = Responders | AbsoluteRisk


class Given(NamedTuple):
    """What `write_report` was given beside the fit.

    mcids : the main one first.
    """

    mcids: tuple[MCID, ...] = ()
    baseline: Baseline | PooledCounts | None = None
    doctor: Report | None = None
    patients: Patients | None = None
    title: str = ""


@dataclass(frozen=True, eq=False)
class Material:
    """What the sections are written from.

    Attributes
    ----------
    fit, mcids, doctor, patients, title : as given.
    fixed : the main MCID or, of an uncertain one, its median: where a question takes one threshold.
    sd : the SD by which standardised effects were made points; None where none was.
    pooled : the baseline as given or, for independent studies, REML with Hartung-Knapp's interval.
    pools : DL/Wald, REML/Wald, REML/HKSJ and the common effect; None where they do not apply.
    decisions, sizes : at each MCID, and the effects in its multiples.
    robust : whether the decision at the main MCID flips; None and `not_robust` why not known.
    any_benefit : P(mean effect: any benefit) as fitted and under each pair of priors that was
        tried, by what was changed.
    tipping : how much bias turns it; None where no study, or every one, is at high risk.
    gate : whether the probabilities may be reported.
    asymmetry : Egger's test, of enough independent studies; None and `no_asymmetry` why not.
    check : the posterior predictive check of Q; None and `no_check` why not.
    """

    fit: Fit
    mcids: tuple[MCID, ...]
    doctor: Report | None
    patients: Patients | None
    title: str
    fixed: MCID | None
    sd: AssumedSD | None
    pooled: Baseline | PooledCounts | None
    pools: BaselineTable | None
    decisions: tuple[Decision, ...]
    sizes: tuple[InMCIDs, ...]
    robust: Robustness | None
    not_robust: str
    any_benefit: Mapping[str, float]
    tipping: BiasTipping | None
    gate: Gate
    asymmetry: AsymmetryTest | None
    no_asymmetry: str
    check: PredictiveCheck | None
    no_check: str

    @property
    def effects(self) -> Effects:
        """The studies."""
        return self.fit.effects

    @property
    def mcid(self) -> MCID | None:
        """The main one."""
        return self.mcids[0] if self.mcids else None

    @property
    def decision(self) -> Decision | None:
        """At the main MCID."""
        return self.decisions[0] if self.decisions else None

    @property
    def data_hash(self) -> str:
        """SHA-256 of the effects, see `data_text`."""
        return hashlib.sha256(data_text(self.effects).encode()).hexdigest()


def gathered(fit: Fit, given: Given) -> Material:
    """Compute what the report says.

    Raises
    ------
    ModelError, UnitError
        If the model has no one mean effect, or an MCID is in another unit.
    """
    _refuse_moderators(fit)
    main = given.mcids[0] if given.mcids else None
    for one in given.mcids:
        one.in_unit_of(fit.effects)
    simple = fit.effects.V is None and bool(fit.studies)
    robust, not_robust = _robust(fit, main)
    asymmetry, no_asymmetry = _asymmetry(fit)
    check, no_check = _or_why(lambda: predictive_check(fit))
    return Material(
        fit=fit,
        mcids=given.mcids,
        doctor=given.doctor,
        patients=given.patients,
        title=given.title,
        fixed=None if main is None else fixed_mcid(main),
        sd=assumed_sd(fit.effects),
        pooled=given.baseline if given.baseline is not None else baseline_of(fit),
        pools=baseline_table(fit.effects) if simple else None,
        decisions=tuple(decide(fit, one) for one in given.mcids),
        sizes=tuple(in_mcids(fit, one) for one in given.mcids),
        robust=robust,
        not_robust=not_robust,
        any_benefit={} if main is None or robust is None else _any_benefit(fit, main),
        tipping=_tipping(fit, main, robust),
        gate=reportable(fit, main, robust),
        asymmetry=asymmetry,
        no_asymmetry=no_asymmetry,
        check=check,
        no_check=no_check,
    )


def listed_mcids(mcid: MCID | Sequence[MCID] | None) -> tuple[MCID, ...]:
    """The MCIDs, the main one first.

    Raises
    ------
    UnitError
        If one is no MCID.
    BayesPSError
        If one is there twice.
    """
    listed = (mcid,) if isinstance(mcid, MCID) else () if mcid is None else mcid
    if not isinstance(listed, Sequence) or not all(isinstance(one, MCID) for one in listed):
        raise UnitError(f"mcid is bps.MCID(…, unit=…) or a list of them, not {mcid!r}.")
    if any(one in listed[:n] for n, one in enumerate(listed)):
        raise BayesPSError("An MCID is given twice. Name each once, the main one first.")
    return tuple(listed)


def _refuse_moderators(fit: Fit) -> None:
    if fit.hierarchy is not None and fit.hierarchy.design.dim:
        raise ModelError(
            "A report is about one mean effect, but this model has moderators. Fit each subgroup "
            "by itself, fit(RandomEffects(mu=…, tau=…), effects.where(…)), and write a report each."
        )
    fit.average()


def _robust(fit: Fit, mcid: MCID | None) -> tuple[Robustness | None, str]:
    if mcid is None:
        return None, "No MCID was given, so there is no decision that could flip."
    if fit.hierarchy is None:
        return None, "The model is not linear and Gaussian: the exact engine cannot refit it."
    return _or_why(lambda: robustness(fit, mcid))


def _any_benefit(fit: Fit, mcid: MCID) -> dict[str, float]:
    whole, question = exactly(fit), Question.about(fit.effects, None)
    own = answered(OWN, OWN, whole, question, at=None)
    plans = priors_to_cross(whole, mcid, None, None)
    found = carried_out(plans, question, at=None, seed=fit.seed)
    return {each.changed: each.p_mean for each in (own, *found)}


def _asymmetry(fit: Fit) -> tuple[AsymmetryTest | None, str]:
    if fit.k < ENOUGH or fit.effects.V is not None or not fit.studies:
        return None, (
            f"That takes {ENOUGH} independent studies or more to say anything. It is no proof that "
            f"nothing is missing."
        )
    return _or_why(lambda: egger(fit.effects))


def _tipping(fit: Fit, mcid: MCID | None, robust: Robustness | None) -> BiasTipping | None:
    high = at_high_risk(fit.effects)
    if robust is None or high is None or not high.any():
        return None
    return _or_why(lambda: tipping_bias(fit, mcid, robust.cut))[0]


def _or_why[T](ask: Callable[[], T]) -> tuple[T | None, str]:
    """What was asked for, or why it cannot be had: the report says so, and goes on."""
    try:
        return ask(), ""
    except BayesPSError as why:
        return None, str(why)


def data_text(effects: Effects) -> str:
    """The effects as text, every number in the digits that give it back; of this is the hash."""
    lines = [f"{effects.measure},{effects.unit},{effects.better}"]
    rows = zip(effects.study, effects.y, effects.se, strict=True)
    lines += [f"{name},{float(y)!r},{float(se)!r}" for name, y, se in rows]
    if effects.V is not None:
        lines += [",".join(repr(float(v)) for v in row) for row in effects.V]
    return "\n".join(lines)
