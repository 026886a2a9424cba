"""`responders`: how many patients of each group reach the MCID, their difference, and the NNT."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from bayes_ps.checks import Array, BayesPSError, UnitError
from bayes_ps.decision.carrying import Map, carried
from bayes_ps.decision.mcid import MCID, stated
from bayes_ps.decision.spread import Spread, described
from bayes_ps.decision.uncertain_amounts import Amount, amount_of, amounts, frame_of, nnt
from bayes_ps.effects import Effects
from bayes_ps.posterior import Fit, Setting

SMD = ("SMD", "SMDH", "SMD1", "SMD1H")
ASSUMED = (
    "Scores of patients are taken as normal with one known SD in both groups, and the effect as a "
    "shift of all of them: the difference of the shares is not the share of patients who benefit."
)


@dataclass(frozen=True)
class Responders:
    """What `responders` found; shares of patients, 0 to 1.

    Attributes
    ----------
    control : share of the control group that reaches the MCID.
    treated, difference : of the treated group, and treated − control, for the mean effect and for
        one new setting.
    mcid : what a responder reaches.
    notes : what is assumed.
    """

    control: Amount
    treated: tuple[Amount, Amount]
    difference: tuple[Amount, Amount]
    mcid: MCID
    notes: tuple[str, ...]

    @property
    def nnt(self) -> tuple[str, str]:
        """Number needed to treat for one more responder: mean effect, new setting."""
        mean, new = (nnt(one, 1) for one in self.difference)
        return mean, new

    def to_frame(self) -> pd.DataFrame:
        """A row an amount."""
        return frame_of([self.control, *self.treated, *self.difference])

    @property
    def sentence(self) -> str:
        """Shares, differences and numbers needed to treat."""

        def share(one: Amount) -> str:
            spread = f" ({one.lower:.1%} to {one.upper:.1%})" if one.lower < one.upper else ""
            return f"{one.median:.1%}{spread}"

        said = [f"Of the control group {share(self.control)} reach it"]
        for treated, difference, number in zip(
            self.treated, self.difference, self.nnt, strict=True
        ):
            said.append(
                f"{treated.target}: {share(treated)} of the treated, difference "
                f"{share(difference)}, {number}"
            )
        return "; ".join(said) + " (median and central interval)."

    def __str__(self) -> str:
        return "\n".join([f"{self.mcid}. {self.sentence}", *(f"Note: {n}" for n in self.notes)])


def responders(
    fit: Fit,
    mcid: MCID,
    *,
    sd: float | None = None,
    control_mean: float | None = None,
    control_share: Any = None,
    at: Setting = None,
    level: float = 0.95,
) -> Responders:
    """The share of patients in each group who improve by the MCID.

    Parameters
    ----------
    fit : of mean differences or of standardised ones, by either engine.
    mcid : in the unit of a mean difference; for an SMD in "SD units", or in points, with `sd`. An
        uncertain one is integrated over.
    sd : of one patient's change, > 0, in the unit of the MCID; not for an MCID in SD units.
    control_mean : mean change of the control group, in the unit of the MCID and with the sign of
        the paper (a fall of pain is negative).
    control_share : instead of it, the share of the control group that reaches the MCID: a number
        in (0, 1), a list, or a distribution such as ``priors.uniform(0.2, 0.4)``.
    at, level : the setting, for a model with moderators; of the intervals.

    Returns
    -------
    Responders
        With s = ±1 the direction of benefit: control share Phi(z), z = (s mean − MCID) / sd;
        treated share Phi(z + s effect / sd). Benefit makes the difference positive, in either
        direction of `better`.

    Raises
    ------
    UnitError, BayesPSError
        For other effects, another unit, a missing SD, or not exactly one statement of the control.

    Notes
    -----
    With a stated share this is the method of Furukawa & Leucht 2011,
    doi:10.1371/journal.pone.0019070. Tests: ``tests/unit/test_responders.py``.
    """
    sign = fit.effects.benefit_sign
    of_mcid, of_effect = _sds(fit.effects, mcid, sd, shared=control_share is not None)
    other, z = _control(mcid, control_mean, control_share, (sign, of_mcid))
    treated, gained = _maps(z, sign / of_effect)
    asked = fit.average(at), fit.predictive(at)
    share, difference = (
        [carried(m, other, through, fit.seed) for m in asked] for through in (treated, gained)
    )
    rising = control_share is not None
    stated = f"share {described(control_share)}" if rising else f"mean change {control_mean:g}"
    said_sd = "" if sd is None else f", SD of a patient's change {sd:g} {mcid.unit}"
    return Responders(
        amount_of("share", other, lambda u: ndtr(z(u)), level, rising=rising),
        amounts("share", share, level),
        amounts("difference", difference, level),
        mcid,
        (f"Stated, not estimated: control {stated}{said_sd}.", ASSUMED, *fit.warnings),
    )


def _maps(z: Callable[[Array], Array], slope: float) -> tuple[Map, Map]:
    """From effect and control group to the share of the treated, and to the difference."""

    def treated(x: Array, u: Array) -> Array:
        return ndtr(z(u) + slope * x)

    def back(y: Array, u: Array) -> Array:
        return (ndtri(np.clip(y, 0, 1)) - z(u)) / slope

    return (
        Map(treated, back, slope > 0, 0.0, 1.0),
        Map(
            lambda x, u: treated(x, u) - ndtr(z(u)),
            lambda y, u: back(y + ndtr(z(u)), u),
            slope > 0,
            -1.0,
            1.0,
        ),
    )


def _sds(effects: Effects, mcid: MCID, sd: float | None, *, shared: bool) -> tuple[float, float]:
    """The SD in the unit of the MCID, and in that of the effects."""
    standardised = effects.measure in SMD
    if not standardised and effects.measure != "MD":
        raise UnitError(
            f"responders() is for MD and SMD, not {effects.measure}. For OR, RR and HR see "
            f"bps.absolute_risk(fit, baseline)."
        )
    if not standardised or not isinstance(mcid, MCID):
        stated(mcid, effects)
    if standardised and mcid.unit == effects.unit:
        if sd is not None:
            raise UnitError("With an MCID in SD units, sd is 1: leave it out.")
        return 1.0, 1.0
    if standardised and shared and sd is None:
        return 1.0, 1.0
    if not isinstance(sd, Real) or not 0 < sd < np.inf:
        raise BayesPSError(
            f"responders() needs the SD of one patient's change in {mcid.unit}, a number > 0, as "
            f"in responders(fit, mcid, sd=20, control_mean=-5), but sd is {sd!r}."
        )
    return float(sd), 1.0 if standardised else float(sd)


def _control(
    mcid: MCID, mean: float | None, share: Any, scale: tuple[int, float]
) -> tuple[Spread, Callable[[Array], Array]]:
    """The unknown of the control group, and the normal score of its share in terms of it."""
    if (mean is None) == (share is None):
        raise BayesPSError(
            "State the control group once: control_mean=-5 (its mean change, with the sign of the "
            "paper), or control_share=0.3 (the share of it that reaches the MCID)."
        )
    if share is not None:
        return Spread.of(share, 0.0, 1.0, "control_share"), ndtri
    if not isinstance(mean, Real) or not np.isfinite(mean):
        raise BayesPSError(f"control_mean must be a number in {mcid.unit}, but is {mean!r}.")
    sign, sd = scale
    return mcid.spread, lambda size: (sign * mean - size) / sd
