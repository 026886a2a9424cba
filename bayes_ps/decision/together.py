"""`decide_together`: how probable it is that two outcomes both benefit beyond their MCIDs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from bayes_ps import words
from bayes_ps.checks import Array, BayesPSError, ModelError
from bayes_ps.decision.bivariate import beyond_both
from bayes_ps.decision.mcid import MCID, stated
from bayes_ps.decision.over_mcid import mcse_of_mean
from bayes_ps.posterior import ExactFit, Fit, Setting


@dataclass(frozen=True)
class Together:
    """Where two mean effects lie, seen from their MCIDs; the first four p's add up to 1.

    Attributes
    ----------
    first, second : the outcomes.
    p_both, p_first_only, p_second_only, p_neither : P(benefit beyond the MCID), of both mean
        effects, of one alone, of neither.
    p_first, p_second : of each by itself, as by `decide`.
    correlation : of the two mean effects in the posterior; NaN where they have no variance.
    mcse_both, mcse_first_only, mcse_second_only, mcse_neither : Monte Carlo standard errors; 0 for
        the exact engine.
    mcids : of the two.
    notes : what must travel with the numbers.
    """

    first: str
    second: str
    p_both: float
    p_first_only: float
    p_second_only: float
    p_neither: float
    p_first: float
    p_second: float
    correlation: float
    mcse_both: float
    mcse_first_only: float
    mcse_second_only: float
    mcse_neither: float
    mcids: tuple[MCID, MCID]
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """One row: the outcomes, the probabilities and their errors."""
        row = asdict(self)
        return pd.DataFrame([{name: row[name] for name in row if name not in ("mcids", "notes")}])

    def __str__(self) -> str:
        p = words.probability
        mcse = f" (MCSE {self.mcse_both:.2g})" if self.mcse_both else ""
        said = (
            f"The mean effects on {self.first} ({self.mcids[0]}) and on {self.second} "
            f"({self.mcids[1]}) are both beyond the MCID with probability {p(self.p_both)}{mcse}; "
            f"{self.first} alone {p(self.p_first_only)}, {self.second} alone "
            f"{p(self.p_second_only)}, neither {p(self.p_neither)}. Taken as independent, both "
            f"would have {p(self.p_first * self.p_second)}."
        )
        return "\n".join([said, *(f"Note: {note}" for note in self.notes)])


def decide_together(
    fit: Fit, mcids: Mapping[str, MCID], *, by: str = "outcome", at: Setting = None
) -> Together:
    """P(the mean effects on two outcomes are both beyond their MCIDs), from one joint fit.

    Parameters
    ----------
    fit : of a model in which the outcome is a moderator, as in
        ``MetaRegression(["outcome"], beta, tau, intercept=False)``, and ``effects.V`` holds the
        covariances of outcomes of the same patients; by either engine.
    mcids : the MCID of each of two levels of the moderator, one number each, in the unit of the
        effects: ``{"pain": MCID(0.4, …), "function": MCID(0.3, …)}``.
    by : the moderator.
    at : the values of the other moderators, if there are any.

    Returns
    -------
    Together
        Of the mean effects, whose posterior is a mixture of bivariate normals, summed exactly. For
        a new setting it is not asked: these models let outcomes vary independently between
        settings.

    Raises
    ------
    ModelError
        If the outcomes were fitted one by one: then nothing says how they go together.
    BayesPSError, UnitError
        For another number of outcomes than two, an uncertain MCID, or another unit.

    Notes
    -----
    Tests: ``tests/unit/test_decision_together.py``, against SciPy's multivariate normal.
    """
    if not isinstance(mcids, Mapping) or len(mcids) != 2:
        raise BayesPSError(
            f"decide_together() takes two outcomes at a time, as in "
            f'{{"pain": MCID(…), "function": MCID(…)}}, but mcids is {mcids!r}.'
        )
    if fit.hierarchy is None or by not in fit.hierarchy.design.levels:
        raise ModelError(
            f"The fit has no moderator {by!r} whose levels are outcomes, so it does not say how "
            f"they go together. Fit them jointly, with their covariances in effects.V: "
            f'MetaRegression(["{by}"], beta, tau, intercept=False).'
        )
    first, second = mcids
    thresholds = np.array(
        [stated(each, fit.effects).threshold(fit.effects) for each in mcids.values()]
    )
    settings = [{by: name} | dict(at or {}) for name in (first, second)]
    p, errors, correlation = _joint(fit, settings, thresholds)
    both, first_only, second_only, neither = map(float, p)
    return Together(
        first,
        second,
        both,
        first_only,
        second_only,
        neither,
        p_first=both + first_only,
        p_second=both + second_only,
        correlation=correlation,
        mcse_both=errors[0],
        mcse_first_only=errors[1],
        mcse_second_only=errors[2],
        mcse_neither=errors[3],
        mcids=(mcids[first], mcids[second]),
        notes=_notes(fit, mcids),
    )


def _joint(
    fit: Fit, settings: list[dict[str, object]], thresholds: Array
) -> tuple[Array, list[float], float]:
    """P(both, first only, second only, neither), their errors, and the correlation."""
    marginals = [fit.average(at) for at in settings]  # also refuses a setting that is none
    sign = fit.effects.benefit_sign
    if not isinstance(fit, ExactFit):
        drawn = np.array([m.draws for m in marginals])
        a, b = sign * drawn >= (sign * thresholds)[:, None, None]
        events = [a & b, a & ~b, ~a & b, ~a & ~b]
        p = np.array([event.mean() for event in events])
        correlation = float(np.corrcoef(drawn.reshape(2, -1))[0, 1])
        return p, [mcse_of_mean(event.astype(float)) for event in events], correlation
    weight, mean, covariance = _normals(fit, settings)
    distance, sd = sign * (mean - thresholds), np.sqrt(np.einsum("nii->ni", covariance))
    if np.ptp(np.where(sd == 0, mean, mean[0]), axis=0).any():
        raise ModelError(
            "decide_together() needs priors of the outcomes that are flat, normal, Student-t or "
            'mixtures of these. With another one, draw: bps.fit(model, effects, engine="nuts").'
        )
    across = covariance[:, 0, 1]
    p = np.array(
        [
            weight @ beyond_both(distance * np.array(sides), sd, sides[0] * sides[1] * across)
            for sides in ((1, 1), (1, -1), (-1, 1), (-1, -1))
        ]
    )
    away = mean - weight @ mean
    total = np.einsum("n,nij->ij", weight, covariance + away[:, :, None] * away[:, None])
    spread = np.sqrt(total[0, 0] * total[1, 1])
    return p, [0.0] * 4, float(total[0, 1] / spread) if spread else float("nan")


def _normals(fit: ExactFit, settings: list[dict[str, object]]) -> tuple[Array, Array, Array]:
    """Weights (n,), means (n, 2) and covariances (n, 2, 2) of the two mean effects."""
    posterior = fit.posterior
    X = np.array([posterior.hierarchy.design.at(setting) for setting in settings])
    mean, covariance = posterior.beta
    return posterior.weight, mean @ X.T, X @ covariance @ X.T


def _notes(fit: Fit, mcids: Mapping[str, MCID]) -> tuple[str, ...]:
    said = [*fit.warnings, *dict.fromkeys(mcid.caveat for mcid in mcids.values())]
    if fit.effects.V is None:
        said.append(
            "effects.V is not given: outcomes of the same patients are taken as independent, which "
            "mostly makes the probability of both too small."
        )
    if fit.has_tau:
        said.append(
            "One tau is taken for both outcomes, and their effects as varying independently "
            "between studies."
        )
    return tuple(said)
