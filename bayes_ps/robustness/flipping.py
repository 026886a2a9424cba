"""`robustness`: does the decision flip under other priors, models and studies?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import pandas as pd

from bayes_ps import words
from bayes_ps.checks import UnitError
from bayes_ps.decision import MCID
from bayes_ps.decision.mcid import caveats
from bayes_ps.effects import Effects
from bayes_ps.posterior import ExactFit, Fit, Setting
from bayes_ps.priors import Prior
from bayes_ps.robustness.plans import (
    COMMON,
    OWN,
    common_effect,
    handed_in,
    one_fewer,
    priors_to_cross,
    without_high_risk,
)
from bayes_ps.robustness.risk_of_bias import Mask, at_high_risk, unjudged
from bayes_ps.robustness.variants import Variant, answered, carried_out
from bayes_ps.sensitivity.question import (
    Question,
    Target,
    checked_cut,
    probability_of,
)
from bayes_ps.sensitivity.refitting import exactly
from bayes_ps.sensitivity.replacing import location_of

Verdict = Literal["stable", "fragile", "directional"]
FEW = 3  # studies, too few to call any decision stable
MOST = 6  # analyses that a sentence names


@dataclass(frozen=True, eq=False)
class Robustness:
    """The decision under every analysis that was tried; the first is the one of the fit.

    Attributes
    ----------
    variants : the analyses.
    cut : the probability of the mean effect at which the decision turns.
    effects, mcid, question : what was asked of what.
    notes : what must travel with the numbers.
    """

    variants: tuple[Variant, ...]
    cut: float
    effects: Effects
    mcid: MCID
    question: Question
    notes: tuple[str, ...]

    @property
    def flips(self) -> tuple[Variant, ...]:
        """The analyses that put P(mean effect) on the other side of the cut, or too near to it."""
        return self._flips("mean")

    @property
    def flips_new(self) -> tuple[Variant, ...]:
        """The same of P(the effect in one new setting): of a common effect there is none."""
        return self._flips("new")

    @property
    def simplest_flips(self) -> tuple[Variant, ...]:
        """The flips but pairs of priors of which one alone flips it."""
        return _simplest(self.flips)

    @property
    def failed(self) -> tuple[Variant, ...]:
        """The analyses that could not be carried out."""
        return tuple(v for v in self.variants if v.problem)

    @property
    def verdict(self) -> Verdict:
        """Directional for 3 studies or fewer; else fragile if an analysis flips, or stable."""
        return self._verdict("mean")

    @property
    def verdict_new(self) -> Verdict:
        """The same for the effect in one new setting, at the same cut."""
        return self._verdict("new")

    def to_frame(self) -> pd.DataFrame:
        """A row an analysis: the fields of `Variant`, the side of the cut, whether it flips."""
        frame = pd.DataFrame([asdict(v) for v in self.variants])
        frame["warnings"] = [" ".join(v.warnings) for v in self.variants]
        frame.insert(8, "side", [v.side(self.cut) for v in self.variants])
        frame.insert(9, "flips", [v in self.flips for v in self.variants])
        frame.insert(10, "side_new", [v.side(self.cut, "new") for v in self.variants])
        frame.insert(11, "flips_new", [v in self.flips_new for v in self.variants])
        return frame

    def __str__(self) -> str:
        said = [f"{self.verdict.capitalize()}: {self._told('mean')}", *self._few(), *self._by_mu()]
        said += [self._range(), f"In one new setting, {self.verdict_new}: {self._told('new')}"]
        said += [f"Not carried out: {v.changed} ({v.problem})" for v in self.failed]
        return "\n".join([" ".join(said), *(f"Note: {note}" for note in self.notes)])

    def _flips(self, target: Target) -> tuple[Variant, ...]:
        side = self.variants[0].side(self.cut, target)
        return tuple(v for v in self._others(target) if v.side(self.cut, target) != side)

    def _others(self, target: Target) -> list[Variant]:
        """Those carried out beside the fit that say something of the target."""
        there = [v for v in self.variants[1:] if not v.problem]
        return [v for v in there if target == "mean" or v.kind != COMMON]

    def _verdict(self, target: Target) -> Verdict:
        if self.effects.k <= FEW:
            return "directional"
        return "fragile" if self._flips(target) else "stable"

    def _told(self, target: Target) -> str:
        """P as fitted, on which side of the cut, and in which analyses not so."""
        own, flips = self.variants[0], self._flips(target)
        said = (
            f"{probability_of(target)}{self.question}) is {words.probability(own.p(target))} as "
            f"fitted, {own.side(self.cut, target)} {self.cut:g},"
        )
        others = len(self._others(target))
        if not flips:
            return f"{said} and so it is in each of {others} other analyses."
        shown = [f"{v.changed} ({words.probability(v.p(target))})" for v in _simplest(flips)[:MOST]]
        if len(flips) > len(shown):
            shown.append(f"{len(flips) - len(shown)} more, see to_frame()")
        return f"{said} but not so in {len(flips)} of {others} other analyses: {', '.join(shown)}."

    def _few(self) -> Iterator[str]:
        k = self.effects.k
        if k <= FEW:
            yield (
                f"{'A single study says' if k == 1 else f'{k} studies say'} which way the effect "
                f"points; how sure that is rests on the priors."
            )

    def _by_mu(self) -> Iterator[str]:
        """Flat beside sceptical beside enthusiastic, the prior of tau kept."""
        alone = {v.changed: v for v in self.variants if v.kind in (OWN, "priors")}
        if "sceptical mu" not in alone:
            return
        flat = alone.get("flat mu", self.variants[0])
        shown = {"a flat": flat}
        shown |= {
            f"a{w} {n}": alone[f"{n} mu"] for w, n in (("", "sceptical"), ("n", "enthusiastic"))
        }
        each = [f"{words.probability(v.p_mean)} under {name}" for name, v in shown.items()]
        yield f"By the prior of mu: {', '.join(each)} one."
        if alone["enthusiastic mu"].p_mean < flat.p_mean:
            yield "(The enthusiastic prior expects the MCID, and the studies show more.)"

    def _range(self) -> str:
        there = [v for v in self.variants if not v.problem]
        low, high = (pick(there, key=lambda v: v.p_mean) for pick in (min, max))
        return (
            f"Lowest: {words.probability(low.p_mean)} ({low.changed}); highest: "
            f"{words.probability(high.p_mean)} ({high.changed})."
        )


def _simplest(flips: tuple[Variant, ...]) -> tuple[Variant, ...]:
    """Without "sceptical mu, tau half the scale" if one of the two is there by itself."""
    alone = [v.changed for v in flips]

    def is_pair(changed: str) -> bool:
        return any(changed.startswith(f"{a}, ") or changed.endswith(f", {a}") for a in alone)

    return tuple(v for v in flips if not is_pair(v.changed))


def robustness(
    fit: Fit,
    mcid: MCID,
    *,
    mu: Sequence[Prior] | None = None,
    tau: Sequence[Prior] | None = None,
    models: Sequence[Any] = (),
    high_risk: Sequence[str] | None = None,
    cut: float = 0.95,
    at: Setting = None,
) -> Robustness:
    """Does the decision flip under other priors, without a study, or under another model?

    Every pair of a prior of mu (the fit's own, flat, sceptical, enthusiastic) and a prior of tau
    (the fit's own, half its scale, twice its scale, half-Cauchy with its median); a common effect;
    each study left out; those at high risk of bias left out; and the `models` handed in.

    Parameters
    ----------
    fit : of a linear Gaussian model; one by NUTS is refitted by the exact engine.
    mcid : in the unit of the effects. P(mean effect beyond it) is the decision. An uncertain one
        is integrated over in every analysis; the sceptical and the enthusiastic prior are made of
        its median.
    mu, tau : more priors, crossed with the others, as in ``tau=[priors.empirical("MD",
        outcome="pain", comparison="non-pharmacological", sd=20)]``.
    models : more models for the same effects; one without a Gaussian form is fitted by NUTS.
    high_risk : names of the studies at high risk of bias; without it those whose ``rob_overall`` in
        ``effects.data`` is "high".
    cut : the probability at which the decision turns.
    at : the setting, for a model with moderators, whose coefficients keep their priors.

    Returns
    -------
    Robustness
        ``verdict`` is "stable" if P stays on its side of the cut in every analysis, "fragile" if
        not (``flips`` names the analyses), "directional" for 3 studies or fewer; ``verdict_new``
        and ``flips_new`` are the same for the effect in one new setting.

    Raises
    ------
    UnitError
        If the MCID is in another unit than the effects.
    ModelError
        If the model of the fit is not linear and Gaussian.

    Notes
    -----
    Sceptical: mu ~ N(0, s²); enthusiastic: mu ~ N(MCID, s²); s = MCID / 1.645, so that benefit
    beyond the MCID, or no benefit, has a prior probability of 0.05: Spiegelhalter 2004,
    doi:10.1002/0470092602. A "fragile" decision is not wrong: it rests on what the analysis that
    flips it leaves out. Tests: ``tests/unit/test_robustness.py``, against closed forms; published:
    ``tests/golden/test_tocilizumab_decision.py``.
    """
    if not isinstance(mcid, MCID):
        raise UnitError(f"robustness() needs bps.MCID({mcid!r}, unit={fit.effects.unit!r}).")
    question, cut, whole = Question.about(fit.effects, mcid), checked_cut(cut), exactly(fit)
    high = at_high_risk(fit.effects, high_risk)
    first = [*priors_to_cross(whole, mcid, mu, tau), *common_effect(whole)]
    last = [*without_high_risk(whole, high), *handed_in(whole, models)]
    variants = [
        answered(OWN, OWN, whole, question, at=at),
        *carried_out(first, question, at=at, seed=fit.seed),
        *one_fewer(whole, question, at),
        *carried_out(last, question, at=at, seed=fit.seed),
    ]
    notes = tuple(_notes(whole, mcid, high, named=high_risk is not None))
    return Robustness(tuple(variants), cut, fit.effects, mcid, question, notes)


def _notes(fit: ExactFit, mcid: MCID, high: Mask | None, *, named: bool) -> Iterator[str]:
    yield from (*fit.warnings, *caveats(fit.effects, mcid))
    if location_of(fit.model) != "mu":
        yield "The model has no prior of mu: sceptical and enthusiastic ones were not tried."
    elif not mcid.certain:
        median = float(mcid.spread.ppf(0.5))
        yield (
            f"The sceptical and the enthusiastic prior are made of the median of the MCID, "
            f"{median:.4g} {mcid.unit}."
        )
    if high is None:
        yield "Nothing says which studies are at high risk of bias: none was left out for it."
    elif high.all():
        yield "Every study is at high risk of bias: without them none would be left."
    elif not high.any():
        yield "No study is at high risk of bias."
    if high is not None and not named:
        missing = unjudged(fit.effects)
        if missing:
            yield f"rob_overall is empty for {', '.join(missing)}, which were kept."
