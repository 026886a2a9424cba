"""The answers: baseline, fit, and for each MCID decision, robustness and gate, computed once."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from bayes_ps.checks import BayesPSError
from bayes_ps.cli.default_prior import default_tau
from bayes_ps.cli.mcid_options import shown, stated_mcids
from bayes_ps.cli.prior_text import written_prior
from bayes_ps.cli.question import Question
from bayes_ps.cli.speaking import Progress

if TYPE_CHECKING:
    from bayes_ps.baseline import Baseline, BaselineTable
    from bayes_ps.decision import MCID, AbsoluteRisk, Decision, Responders
    from bayes_ps.effects import Effects
    from bayes_ps.posterior import Fit
    from bayes_ps.priors import Prior
    from bayes_ps.robustness import Gate, Robustness
    from bayes_ps.robustness.band import MCIDBand


class Also(NamedTuple):
    """What else the decision is looked at under: priors of tau, and models."""

    tau: tuple[Prior, ...]
    models: tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Decided:
    """One MCID, what was decided on it, whether it flips, and whether it may be reported."""

    mcid: MCID
    decision: Decision
    robustness: Robustness
    gate: Gate


@dataclass(frozen=True, eq=False)
class Answers:
    """Everything that the files of the folder are written from.

    Attributes
    ----------
    fit : the posterior.
    baseline : REML with Hartung-Knapp's interval; None for one study.
    table : DL, REML and common effect side by side.
    decided : one an MCID, the main one first.
    gate : of the main MCID, or of the fit where there is none.
    band : how far the MCID curve moves with priors and models; None without an MCID.
    patients : shares of responders, or events per 1000; None where nothing was stated for it.
    """

    fit: Fit
    baseline: Baseline | None
    table: BaselineTable
    decided: tuple[Decided, ...]
    gate: Gate
    band: MCIDBand | None
    patients: AbsoluteRisk | Responders | None

    @property
    def mcids(self) -> tuple[MCID, ...]:
        """The MCIDs, the main one first."""
        return tuple(each.mcid for each in self.decided)


def answers_to(question: Question, options: Namespace, progress: Progress) -> Answers:
    """Fit, decide, and look whether the decision flips.

    Raises
    ------
    BayesPSError
        For a prior or an MCID that does not fit the effects.
    """
    from bayes_ps.baseline import baseline, baseline_table
    from bayes_ps.robustness import reportable

    effects = question.effects
    mcids = stated_mcids(options, effects)
    model = _model(effects, options)
    progress.note(f"Prior of mu: {model.mu}; of tau: {model.tau}.")
    progress.step(f"Fitting {effects.k} studies, {options.engine} engine")
    fit = _fit(model, effects, options)
    for warning in fit.warnings:
        progress.note(warning)
    also = _also(model, options)
    decided = []
    for mcid in mcids:
        progress.step(f"Deciding on {shown(mcid, effects)}, and whether the decision flips")
        decided.append(_decided(fit, mcid, also))
    patients = _patients(fit, mcids, options)
    return Answers(
        fit=fit,
        baseline=baseline(effects) if effects.k > 1 else None,
        table=baseline_table(effects),
        decided=tuple(decided),
        gate=decided[0].gate if decided else reportable(fit),
        band=_band(fit, mcids[0], also) if mcids else None,
        patients=patients,
    )


def _model(effects: Effects, options: Namespace) -> Any:
    from models import RandomEffects

    tau = (
        default_tau(effects, options.sd)
        if options.tau is None
        else written_prior(options.tau, "tau", "--tau")
    )
    return RandomEffects(mu=written_prior(options.mu, "mu", "--mu"), tau=tau)


def _fit(model: Any, effects: Effects, options: Namespace) -> Fit:
    from bayes_ps.fitting import fit

    return fit(model, effects, engine=options.engine, seed=options.seed)


def _also(model: Any, options: Namespace) -> Also:
    """The priors and the model that --also-tau and --student-t name."""
    tau = tuple(written_prior(text, "tau", "--also-tau") for text in options.also_tau)
    if not options.student_t:
        return Also(tau, ())
    from models import StudentTEffects

    return Also(tau, (StudentTEffects(mu=model.mu, tau=model.tau),))


def _decided(fit: Fit, mcid: MCID, also: Also) -> Decided:
    from bayes_ps.decision import decide
    from bayes_ps.robustness import reportable, robustness

    found = robustness(fit, mcid, tau=also.tau, models=also.models)
    return Decided(mcid, decide(fit, mcid), found, reportable(fit, mcid, found))


def _band(fit: Fit, mcid: MCID, also: Also) -> MCIDBand:
    from bayes_ps.robustness.band import mcid_band

    return mcid_band(fit, mcid, tau=also.tau, models=also.models)


def _patients(
    fit: Fit, mcids: tuple[MCID, ...], options: Namespace
) -> AbsoluteRisk | Responders | None:
    """What was stated of the control group, carried to patients."""
    from bayes_ps.decision import absolute_risk, responders

    if options.baseline_risk is not None:
        return absolute_risk(fit, stated_risk(options))
    if options.control_share is None and options.control_mean is None:
        return None
    if not mcids:
        raise BayesPSError("A responder reaches the MCID: state it, as in --mcid 10.")
    share = options.control_share
    return responders(
        fit,
        mcids[0],
        sd=options.patient_sd,
        control_mean=options.control_mean,
        control_share=None if share is None else _risk(share, "--control-share"),
    )


def stated_risk(options: Namespace) -> object:
    """The risk without treatment, None where it was not stated."""
    text = options.baseline_risk
    return None if text is None else _risk(text, "--baseline-risk")


def _risk(text: str, option: str) -> object:
    """A number, or a distribution as in ``uniform(0.1, 0.3)``."""
    try:
        return float(text)
    except ValueError:
        return written_prior(text, "mu", option)
