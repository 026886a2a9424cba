"""`MCID`: the smallest difference that matters, with its unit, kind and source."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from numbers import Real
from typing import Any, Literal

from bayes_ps.checks import BayesPSError, UnitError
from bayes_ps.decision.spread import Spread, described, is_distribution, is_list
from bayes_ps.effects import Effects
from bayes_ps.effects.stated_sd import assumed_sd
from bayes_ps.priors import Prior

KINDS = ("within patient", "between groups", "rule of thumb", "not stated")
RATIO = "ratio"
METHODS = ("anchor", "distribution", "consensus", "not stated")


@dataclass(frozen=True)
class MCID:
    """A minimal clinically important difference.

    Attributes
    ----------
    value : size of the difference, > 0, in `unit`. Which sign is benefit says ``effects.better``.
        A number; a distribution, as in ``priors.uniform(8, 12)`` for a range; or a list of
        published values (numbers or distributions), each counted equally. What a distribution has
        at 0 and below, at most 1 %, is cut off.
    unit : must be that of the effects, such as ``"points (0-100)"`` or ``"SD units"``. Ratios are
        on the log scale; one stated as a ratio is put there by :meth:`on_log_scale`.
    source : where the value comes from, a DOI or a citation.
    kind : ``"within patient"`` (derived from changes of single patients, as most are),
        ``"between groups"``, or ``"rule of thumb"``. Used for a mean difference, a within-patient
        value is an assumption, and every table says so.
    direction : ``"improvement"``, ``"worsening"`` or ``"either"``: what the value was derived for.
    population : whom it was derived in.
    instrument : what it was derived for, as in ``"VAS 0-100 mm"``.
    method : ``"anchor"``, ``"distribution"`` (half an SD and the like: what is measurable, not what
        matters) or ``"consensus"``.
    caveats : what else a reader must know of the value.

    Raises
    ------
    UnitError, BayesPSError, PriorError
        For a value that is not > 0, a missing unit, an unknown kind, method or direction.
    """

    value: Any
    unit: str = ""
    source: str = "no source given"
    kind: str = "not stated"
    direction: Literal["improvement", "worsening", "either"] = "improvement"
    population: str = ""
    instrument: str = ""
    method: str = "not stated"
    caveats: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if is_list(self.value):
            object.__setattr__(self, "value", tuple(self.value))
        for one in self.value if isinstance(self.value, tuple) else (self.value,):
            _check_size(one)
        if not isinstance(self.unit, str) or not self.unit.strip():
            raise UnitError('An MCID needs its unit, as in MCID(10, unit="points (0-100)").')
        if self.kind not in KINDS:
            raise BayesPSError(f"kind must be one of {KINDS}, but is {self.kind!r}.")
        if self.method not in METHODS:
            raise BayesPSError(f"method must be one of {METHODS}, but is {self.method!r}.")
        if self.direction not in ("improvement", "worsening", "either"):
            raise BayesPSError(
                f'direction must be "improvement", "worsening" or "either", not '
                f"{self.direction!r}: what the value was derived for. Which way benefit lies says "
                f"effects.better."
            )
        _ = self.spread  # refuses a distribution that is no size

    @cached_property
    def spread(self) -> Spread:
        """The value as what can be integrated over."""
        return Spread.of(self.value, 0.0, math.inf, "An MCID")

    @property
    def certain(self) -> bool:
        """Whether the value is one number."""
        return self.spread.fixed is not None

    def quantile(self, q: float) -> MCID:
        """This MCID fixed at a quantile of its distribution, as in ``mcid.quantile(0.5)``."""
        said = f"quantile {q:g} of {described(self.value)}; {self.source}"
        return replace(self, value=float(self.spread.ppf(q)), source=said)

    def threshold(self, effects: Effects) -> float:
        """The effect at which benefit reaches the MCID, with the sign of the effects.

        Raises
        ------
        UnitError
            If the effects are in another unit.
        BayesPSError
            If the MCID is not one number: then there is no one threshold.
        """
        self.in_unit_of(effects)
        if self.spread.fixed is None:
            raise BayesPSError(
                f"{self} is not one number, and this question needs one. bps.decide(), "
                f"bps.robustness() and what else asks for a probability integrate over it; here "
                f"fix it: mcid.quantile(0.5)."
            )
        return effects.benefit_sign * self.spread.fixed

    def in_unit_of(self, effects: Effects) -> MCID:
        """This MCID, if it is in the unit of the effects."""
        if self.unit != effects.unit:
            shown = f"{self.value:g}" if isinstance(self.value, Real) else repr(self.value)
            mend = (
                f"Convert one of them, or, if they are the same, write the same unit: "
                f"MCID({shown}, unit={effects.unit!r})."
            )
            if effects.is_ratio:
                mend = (
                    f"If it is a ratio, put it on the log scale: "
                    f'MCID({shown}, unit="{RATIO}").on_log_scale(effects).'
                )
            elif effects.measure.startswith("SMD"):
                mend = (
                    f"State the SD of the scale, and put the effects into its unit: "
                    f"bps.points_from_smd(effects, sd, unit={self.unit!r})."
                )
            raise UnitError(
                f"The MCID is in {self.unit!r}, but the effects are in {effects.unit!r}. {mend}"
            )
        return self

    def on_log_scale(self, effects: Effects) -> MCID:
        """An MCID that is stated as a ratio, in the unit of effects that are logarithms of ratios.

        ``MCID(0.8, unit="ratio").on_log_scale(effects)`` is the size |log 0.8| of effects of which
        ``better="lower"``; where higher is better it takes a ratio above 1, such as 1.25.

        Raises
        ------
        UnitError
            If the effects are no ratios, or the unit of this MCID is not ``"ratio"``.
        BayesPSError
            For a ratio that is no benefit, and for a distribution: state that one on the log scale.
        """
        if not effects.is_ratio:
            raise UnitError(
                f"The effects are {effects.measure} in {effects.unit!r}: their MCID is not a ratio."
            )
        if self.unit != RATIO:
            raise UnitError(
                f'Only an MCID with unit="{RATIO}" is put on the log scale, but the MCID is in '
                f"{self.unit!r}."
            )
        listed = isinstance(self.value, tuple)
        ratios = self.value if listed else (self.value,)
        sizes = tuple(_log_size(ratio, effects) for ratio in ratios)
        source = f"{self.source} (ratio {' or '.join(f'{ratio:g}' for ratio in ratios)})"
        return replace(self, value=sizes if listed else sizes[0], unit=effects.unit, source=source)

    @property
    def caveat(self) -> str:
        """What using this value for a mean difference assumes."""
        of_kind = {
            "within patient": "The MCID was derived from changes within patients; for a difference "
            "between group means it is an assumption, and a mean below it does not say that no "
            "patient benefits.",
            "between groups": "The MCID is meant for differences between groups.",
            "rule of thumb": "The MCID is a rule of thumb, not anchored in what patients notice.",
            "not stated": "The MCID does not say whether it is for patients or for group means.",
        }[self.kind]
        said = [of_kind]
        if self.method == "distribution":
            said.append(
                "It is distribution-based: it says what can be measured, not what patients value."
            )
        if not self.certain:
            said.append(
                "Its uncertainty is integrated over, as independent of the effect: the "
                "probabilities are averages over its values."
            )
        return " ".join([*said, *self.caveats])

    def __str__(self) -> str:
        return f"MCID {self._shown} {self.unit} ({self.kind}; {self.source})"

    @property
    def _shown(self) -> str:
        """A number as it is; a list as its values; a distribution with its median and 95 %."""
        if isinstance(self.value, Real):
            return f"{self.value:g}"
        if isinstance(self.value, tuple) and all(isinstance(v, Real) for v in self.value):
            return described(self.value)
        low, middle, high = self.spread.ppf([0.025, 0.5, 0.975])
        return f"{described(self.value)}, median {middle:.3g} (95% {low:.3g} to {high:.3g}),"


def caveats(effects: Effects, mcid: MCID | None) -> tuple[str, ...]:
    """What the unit of the effects and the MCID assume, to travel with the numbers."""
    sd = assumed_sd(effects)
    return (*(() if sd is None else (str(sd),)), *(() if mcid is None else (mcid.caveat,)))


def stated(mcid: Any, effects: Effects) -> MCID:
    """An MCID in the unit of the effects; a bare number is refused.

    Raises
    ------
    UnitError
    """
    if not isinstance(mcid, MCID):
        raise UnitError(f"mcid must be bps.MCID({mcid!r}, unit={effects.unit!r}).")
    return mcid.in_unit_of(effects)


def _log_size(ratio: Any, effects: Effects) -> float:
    """The size of a beneficial ratio on the log scale."""
    where, example = ("below", 0.8) if effects.better == "lower" else ("above", 1.25)
    if not isinstance(ratio, Real):
        raise BayesPSError(
            f"{described(ratio)} is a distribution: state it on the log scale, as in "
            f"MCID(priors.uniform({abs(math.log(0.9)):.3g}, {abs(math.log(0.8)):.3g}), "
            f"unit={effects.unit!r}) for 0.9 to 0.8."
        )
    size = effects.benefit_sign * math.log(ratio)
    if not size > 0:
        raise BayesPSError(
            f"With better={effects.better!r} a benefit is a ratio {where} 1, as in "
            f'MCID({example:g}, unit="{RATIO}"), but the MCID is {ratio:g}. If {ratio:g} is a size '
            f"on the log scale, its unit is {effects.unit!r}."
        )
    return size


def _check_size(value: Any) -> None:
    """A number > 0, or what has quantiles."""
    if isinstance(value, Prior) or is_distribution(value):
        return
    if not (isinstance(value, Real) and math.isfinite(value) and float(value) > 0):
        raise BayesPSError(
            f"An MCID is a size > 0, but is {value!r}. Which sign is benefit says "
            f'effects.better: for pain, MCID(10, unit="points (0-100)") with better="lower".'
        )
