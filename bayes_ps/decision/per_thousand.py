"""`absolute_risk`: a ratio as events per 1000 patients, over a distribution of baseline risk."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from bayes_ps import words
from bayes_ps.checks import Array, BayesPSError, UnitError
from bayes_ps.decision.carrying import Map, carried
from bayes_ps.decision.spread import Spread, described
from bayes_ps.decision.uncertain_amounts import Amount, amount_of, amounts, frame_of, nnt
from bayes_ps.posterior import Fit, Setting

SAID = 1e-3  # probability of a risk above 1 from which on it is said


@dataclass(frozen=True)
class AbsoluteRisk:
    """What `absolute_risk` found, in events per 1000 patients.

    Attributes
    ----------
    control : the baseline risk.
    treated, difference : treated, and treated − control, for the mean effect and a new setting.
    p_important, mcse_important : P(a benefit of at least `important` per 1000), for both; None
        without `important`.
    important : per 1000.
    benefit_sign : −1 where fewer events are better.
    notes : what is assumed.
    """

    control: Amount
    treated: tuple[Amount, Amount]
    difference: tuple[Amount, Amount]
    p_important: tuple[float, float] | None
    mcse_important: tuple[float, float] | None
    important: float | None
    benefit_sign: int
    notes: tuple[str, ...]

    @property
    def nnt(self) -> tuple[str, str]:
        """Number needed to treat for one event fewer (or more, if these help): mean, new."""
        mean, new = (nnt(one, self.benefit_sign, of=1000) for one in self.difference)
        return mean, new

    def to_frame(self) -> pd.DataFrame:
        """A row an amount."""
        return frame_of([self.control, *self.treated, *self.difference])

    @property
    def sentence(self) -> str:
        """Events in 1000, differences and numbers needed to treat."""

        def told(one: Amount) -> str:
            return words.interval(one.median, one.lower, one.upper)

        shown = self.control
        said = [
            f"Baseline {shown.median:.0f} in 1000"
            + (f" ({shown.lower:.0f} to {shown.upper:.0f})" if shown.lower < shown.upper else "")
        ]
        for n, one in enumerate(self.difference):
            text = f"{one.target}: difference {told(one)} in 1000, {self.nnt[n]}"
            if self.p_important is not None:
                p = words.probability(self.p_important[n])
                text += f", P(benefit of at least {self.important:g} in 1000) {p}"
            said.append(text)
        return "; ".join(said) + " (median and central interval)."

    def __str__(self) -> str:
        return "\n".join([self.sentence, *(f"Note: {note}" for note in self.notes)])


def absolute_risk(
    fit: Fit,
    baseline: Any,
    *,
    important: float | None = None,
    at: Setting = None,
    level: float = 0.95,
) -> AbsoluteRisk:
    """Events per 1000 patients with and without treatment, from OR, RR or HR.

    Parameters
    ----------
    fit : of log odds ratios, log risk ratios or log hazard ratios, by either engine.
    baseline : risk without treatment, in (0, 1): a number, a list of risks counted equally, or a
        distribution (``priors.uniform(0.1, 0.3)``, ``scipy.stats.beta(8, 32)``), independent of the
        effect. At most 1 % of it may lie outside, and is cut off.
    important : benefit per 1000 patients that matters, such as 10.
    at, level : the setting, for a model with moderators; of the intervals.

    Returns
    -------
    AbsoluteRisk
        With baseline p and ratio R: treated risk pR / (1 − p + pR) for an OR; min(pR, 1) for an RR;
        1 − (1 − p)^R for an HR.

    Raises
    ------
    UnitError, BayesPSError
        For other measures, or a baseline risk outside (0, 1).

    Notes
    -----
    Cochrane Handbook 15.4.4. The interval holds the uncertainty of the effect and of the baseline.
    Tocilizumab in ``tests/golden/test_decision_absolute_risk.py``: P(at least 1 in 100 fewer die)
    0.973 with simple oxygen, at a risk of 0.20.
    """
    risk = Spread.of(baseline, 0.0, 1.0, "The baseline risk")
    if important is not None and not (isinstance(important, Real) and 0 < important < 1000):
        raise BayesPSError(f"important is a number per 1000, in (0, 1000), not {important!r}.")
    asked, sign = (fit.average(at), fit.predictive(at)), fit.effects.benefit_sign
    treated, found = (
        [carried(m, risk, through, fit.seed) for m in asked]
        for through in _maps(fit.effects.measure)
    )
    p = errors = None
    if important is not None:
        mean, new = (float(d.cdf(-important) if sign < 0 else d.sf(important)) for d in found)
        of_mean, of_new = (d.mcse("cdf", sign * important) for d in found)
        p, errors = (mean, new), (of_mean, of_new)
    return AbsoluteRisk(
        amount_of("risk per 1000", risk, lambda u: 1000 * u, level),
        amounts("risk per 1000", treated, level),
        amounts("difference per 1000", found, level),
        p,
        errors,
        important,
        sign,
        _notes(fit, baseline, risk, at),
    )


def _notes(fit: Fit, baseline: Any, risk: Spread, at: Setting) -> tuple[str, ...]:
    said = [
        f"Baseline risk {described(baseline)}, stated, not estimated, independent of the effect; "
        f"the {fit.effects.measure} is taken as the same at every baseline risk."
    ]
    if fit.effects.measure == "RR":
        u, weight = risk.rule(1 / 8)
        over = float(weight @ fit.predictive(at).sf(-np.log(u)))
        if over > SAID:
            said.append(
                f"With probability {over:.2g} the RR of a new setting gives a risk above 1, which "
                f"was set to 1: the RR cannot be the same at so high a baseline risk. Use the OR."
            )
    return (*said, *fit.warnings)


def _maps(measure: str) -> tuple[Map, Map]:
    """From log ratio and baseline risk to treated risk and difference, per 1000."""
    if measure not in ("OR", "PETO", "RR", "HR"):
        raise UnitError(
            f"absolute_risk() is for OR, RR and HR, not {measure}. For MD and SMD see "
            f"bps.responders(fit, mcid, …); an RD is per 1000 when multiplied by 1000."
        )

    def forward(x: Array, p: Array) -> Array:
        if measure == "RR":
            return 1000 * np.minimum(p * np.exp(x), 1)
        if measure == "HR":
            return -1000 * np.expm1(np.log1p(-p) * np.exp(x))
        return 1000 * expit(logit(p) + x)

    def backward(y: Array, p: Array) -> Array:
        risk = np.clip(y / 1000, 0, 1)
        with np.errstate(divide="ignore"):
            if measure == "RR":
                return np.where(risk < 1, np.log(risk) - np.log(p), np.inf)
            if measure == "HR":
                return np.log(-np.log1p(-risk)) - np.log(-np.log1p(-p))
            return logit(risk) - logit(p)

    return (
        Map(forward, backward, True, 0.0, 1000.0),
        Map(
            lambda x, p: forward(x, p) - 1000 * p,
            lambda y, p: backward(y + 1000 * p, p),
            True,
            -1000.0,
            1000.0,
        ),
    )
