"""`decide`: how probable benefit, an effect that matters, and harm are, and for whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import pandas as pd

from bayes_ps import words
from bayes_ps.checks import BayesPSError, UnitError
from bayes_ps.decision.mcid import MCID, caveats
from bayes_ps.decision.over_mcid import beyond
from bayes_ps.decision.patients import Responders
from bayes_ps.decision.per_thousand import AbsoluteRisk
from bayes_ps.decision.share import Share, shares_beyond
from bayes_ps.decision.spread import Spread
from bayes_ps.effects import Effects
from bayes_ps.posterior import Fit, Marginal, Setting

MEAN, NEW = "mean effect", "new setting"
SMALLEST = 5e-324  # benefit, however small


@dataclass(frozen=True)
class Probabilities:
    """Where one unknown effect lies, seen from the MCID: the last three of the p's add up to 1.

    Attributes
    ----------
    target : ``"mean effect"``, ``"new setting"``, or the name of a study (its true effect).
    p_benefit : P(any benefit): on the helpful side of 0.
    p_mcid : P(benefit beyond the MCID).
    p_trivial : P(between −MCID and +MCID), benefit or harm too small to matter.
    p_harm : P(harm beyond the MCID), the MCID taken as it is in the other direction.
    mcse_* : Monte Carlo standard error of each; 0 for the exact engine.
    median, lower, upper : of the effect, in its unit; central, at the `level` of `decide`.
    """

    target: str
    median: float
    lower: float
    upper: float
    p_benefit: float
    p_mcid: float
    p_trivial: float
    p_harm: float
    mcse_benefit: float
    mcse_mcid: float
    mcse_trivial: float
    mcse_harm: float


@dataclass(frozen=True)
class Decision:
    """What `decide` found.

    Attributes
    ----------
    mean : of the average effect over settings like those studied.
    new : of the true effect in one new, comparable setting.
    studies : of the true effect of each study.
    share, share_harm : of settings beyond the MCID, in benefit and in harm; None where the model
        lets no effect vary. The mean share of the others, trivial, is that of the new setting.
    patients : what it comes to among patients, if that was given.
    mcid, effects : what was decided on.
    setting : of the mean effect and the new setting, in a model with moderators; "" without.
    notes : assumptions and warnings that must travel with the numbers.
    """

    mean: Probabilities
    new: Probabilities
    studies: tuple[Probabilities, ...]
    share: Share | None
    share_harm: Share | None
    mcid: MCID
    effects: Effects
    notes: tuple[str, ...]
    setting: str = ""
    patients: Responders | AbsoluteRisk | None = None

    def to_frame(self) -> pd.DataFrame:
        """A row a target: mean effect, new setting, every study; `setting` is of the first two."""
        names = [field.name for field in fields(Probabilities)]
        rows = [self.mean, self.new, *self.studies]
        frame = pd.DataFrame(
            [[getattr(row, name) for name in names] for row in rows], columns=names
        )
        if self.setting:
            frame.insert(1, "setting", [self.setting] * 2 + [""] * len(self.studies))
        return frame

    def __str__(self) -> str:
        where = f" At {self.setting}:" if self.setting else ""
        text = (
            f"{self.mcid}.{where} {_spoken('The mean effect', self.mean)}; "
            f"{_spoken('the effect in one new setting', self.new)}"
        )
        if self.share is not None and self.share_harm is not None:
            s, harm = self.share, self.share_harm
            text += (
                f"; the share of settings beyond it has median {s.median:.1%} "
                f"({s.level:.0%} interval {s.lower:.1%} to {s.upper:.1%}) and mean {s.mean:.1%}, "
                f"that of harm beyond it median {harm.median:.1%} ({harm.lower:.1%} to "
                f"{harm.upper:.1%}) and mean {harm.mean:.1%}"
            )
        lines = [text + "."]
        if self.patients is not None:
            lines.append(f"Patients: {self.patients.sentence}")
        return "\n".join([*lines, *(f"Note: {note}" for note in self.notes)])


def _spoken(target: str, p: Probabilities) -> str:
    """The probabilities of one target, beginning with the one that matters."""
    mcse = f" (MCSE {p.mcse_mcid:.2g})" if p.mcse_mcid else ""
    return (
        f"{target} is beyond the MCID with probability {words.probability(p.p_mcid)}{mcse}, any "
        f"benefit {words.probability(p.p_benefit)}, trivial {words.probability(p.p_trivial)}, harm "
        f"beyond it {words.probability(p.p_harm)}"
    )


def decide(
    fit: Fit,
    mcid: MCID,
    *,
    at: Setting = None,
    level: float = 0.95,
    patients: Responders | AbsoluteRisk | None = None,
) -> Decision:
    """How probable is an effect that matters?

    Parameters
    ----------
    fit : by either engine.
    mcid : in the unit of the effects. An uncertain one is integrated over, as independent of the
        effect, in every number of the result.
    at : the setting, for a model with moderators, as in ``{"comparator": "active"}``.
    level : of the intervals.
    patients : of :func:`bayes_ps.responders` or :func:`bayes_ps.absolute_risk`, which take what no
        meta-analysis of group means knows: how patients vary, or the risk without treatment.

    Returns
    -------
    Decision
        Probabilities for three different unknowns, never to be mixed up: the mean effect over
        settings, the effect in one new setting (wider by tau), and the true effect of each study;
        the share of settings beyond the MCID, in benefit and in harm, with its interval; and the
        `patients` as given. None of the others is a share of patients.

    Raises
    ------
    UnitError
        If the MCID is in another unit than the effects.
    BayesPSError
        If the patients were asked for another MCID.

    Notes
    -----
    "Beyond" counts from the MCID on, in the direction that ``effects.better`` names.
    P(mean effect beyond) of Crins 2014 at 0 is bayesmeta's, ``tests/golden/test_bayesmeta.py``.
    """
    if not isinstance(mcid, MCID):
        raise UnitError(f"decide() needs bps.MCID({mcid!r}, unit={fit.effects.unit!r}).")
    asked = mcid.in_unit_of(fit.effects).spread, fit.effects.benefit_sign
    if isinstance(patients, Responders) and patients.mcid != mcid:
        raise BayesPSError(f"The decision is on {mcid}, but the responders reach {patients.mcid}.")

    def about(target: str, marginal: Marginal) -> Probabilities:
        return _probabilities(target, marginal, asked, level)

    new = about(NEW, fit.predictive(at))
    share, harm = shares_beyond(fit, mcid, (new.p_mcid, new.p_harm), at=at, level=level)
    return Decision(
        mean=about(MEAN, fit.average(at)),
        new=new,
        studies=tuple(about(str(name), fit.study(name)) for name in fit.studies),
        share=share,
        share_harm=harm,
        mcid=mcid,
        effects=fit.effects,
        notes=tuple(dict.fromkeys([*_notes(fit, mcid, at), *(patients.notes if patients else ())])),
        setting=", ".join(f"{name} = {value}" for name, value in (at or {}).items()),
        patients=patients,
    )


def _notes(fit: Fit, mcid: MCID, at: Setting) -> Iterator[str]:
    """What must travel with the numbers."""
    yield from fit.warnings
    yield from caveats(fit.effects, mcid)
    if mcid.direction == "worsening":
        yield "The MCID was derived for worsening; benefit beyond it is an assumption."
    component = fit.hierarchy.component if fit.hierarchy is not None else None
    if component is not None and component.is_external:
        yield (
            f"What is said of a new setting and of the share of settings rests on the external "
            f"prior of tau, {component.prior}: the pooled estimate does not update it."
        )
    if not fit.has_tau:
        yield "The model has no heterogeneity: a new setting has the mean effect itself."
    data = fit.effects.data
    for name, value in (at or {}).items():
        known = data[name]
        if known.dtype.kind in "iuf" and not known.min() <= value <= known.max():
            yield (
                f"{name} = {value} lies outside the studies ({known.min():g} to {known.max():g}): "
                f"this is extrapolation."
            )


def _probabilities(
    target: str, m: Marginal, asked: tuple[Spread, int], level: float
) -> Probabilities:
    """An effect of exactly 0, which some models give a probability of its own, is no benefit."""
    size, sign = asked
    found = beyond(m, size, sign)
    low, high = m.interval(level)
    return Probabilities(
        target=target,
        median=m.median,
        lower=low,
        upper=high,
        p_benefit=float(m.cdf(-SMALLEST) if sign < 0 else m.sf(SMALLEST)),
        p_mcid=found.p_mcid,
        p_trivial=found.p_trivial,
        p_harm=found.p_harm,
        mcse_benefit=m.mcse("cdf", 0.0),
        mcse_mcid=found.mcse_mcid,
        mcse_trivial=found.mcse_trivial,
        mcse_harm=found.mcse_harm,
    )
