"""`summarise`: what is usually asked of one meta-analysis, in a fraction of a millisecond."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from bayes_ps import words
from bayes_ps.checks import Array, ModelError, UnitError
from bayes_ps.decision import MCID
from bayes_ps.effects import Effects
from bayes_ps.fitting.prior_scale import prior_warnings
from bayes_ps.hierarchy import normal_normal
from bayes_ps.many.kernel.columns import (
    ERROR,
    LOG_EVIDENCE,
    OF_AN_EFFECT,
    OF_MU,
    OF_NEW,
    OF_TAU,
    WIDE,
)
from bayes_ps.many.per_analysis import mu_prior, refuse, tau_prior
from bayes_ps.priors import Prior, flat

FLAT = flat()


class Described(NamedTuple):
    """What is said of one unknown.

    p_benefit : P(any benefit); p_mcid : P(benefit beyond the MCID); p_harm : P(harm beyond it). NaN
    for tau, and the last two without an MCID.
    """

    mean: float
    sd: float
    median: float
    lower: float
    upper: float
    p_benefit: float
    p_mcid: float
    p_harm: float


@dataclass(frozen=True, eq=False, repr=False)
class Summary:
    """The exact posterior of one meta-analysis in numbers.

    Attributes
    ----------
    numbers : (3 + k, 8) of mu, tau, theta_new and theta of every study: mean, SD, median, ends of
        the central interval, P(any benefit), P(benefit beyond the MCID), P(harm beyond it).
    log_evidence : log p(y); a flat prior of mu counts with density 1.
    error : how far a probability may be off, and a mean or an SD by ten times as much, in
        posterior SDs.
    level : of the intervals.
    effects, prior, mu : what was summarised, under which priors of tau and of the mean effect.
    """

    numbers: Array
    log_evidence: float
    error: float
    level: float
    effects: Effects
    prior: Prior
    mu: Prior

    @property
    def unknowns(self) -> tuple[str, ...]:
        """``"mu"``, ``"tau"``, ``"theta_new"`` and ``"theta[study]"`` of every study."""
        return "mu", "tau", "theta_new", *(f"theta[{name}]" for name in self.effects.study)

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know of the priors, as in ``fit.warnings``."""
        return prior_warnings(normal_normal(self.effects, self.mu, self.prior), self.effects)

    def __getitem__(self, unknown: str) -> Described:
        """The numbers of one unknown."""
        if unknown not in self.unknowns:
            raise ModelError(f"There is no {unknown!r}. Have: {', '.join(self.unknowns)}.")
        return Described(*map(float, self.numbers[self.unknowns.index(unknown)]))

    def to_frame(self) -> pd.DataFrame:
        """A row an unknown."""
        frame = pd.DataFrame(self.numbers, columns=list(OF_AN_EFFECT))
        frame.insert(0, "unknown", self.unknowns)
        return frame

    def __str__(self) -> str:
        spoken = (
            f"{name} {words.interval(*self.numbers[row, 2:5])}"
            for row, name in enumerate(self.unknowns[:3])
        )
        noted = "".join(f"\nNote: {warning}" for warning in self.warnings)
        return (
            f"{self.effects}: {', '.join(spoken)} {self.effects.unit} "
            f"(median and {self.level:.0%} central interval).{noted}"
        )

    def __repr__(self) -> str:
        return f"<Summary: k = {self.effects.k}, prior {self.prior!r}>"


def summarise(
    effects: Effects,
    *,
    prior: Prior,
    mu: Prior | None = None,
    mcid: MCID | None = None,
    level: float = 0.95,
) -> Summary:
    """The exact posterior of one meta-analysis: mu, tau, a new setting, and every study.

    y_i ~ N(theta_i, se_i²), theta_i ~ N(mu, tau²): the numbers of `bps.fit` for ``RandomEffects``
    and of `bps.decide`, by compiled quadrature. For whoever summarises in a loop: simulations,
    sensitivity, interactive tools. For draws, densities and other questions use `bps.fit`.

    Parameters
    ----------
    effects : independent estimates.
    prior : of tau, in the unit of the effects.
    mu : prior of the mean effect; flat unless given.
    mcid : in the unit of the effects.
    level : of the central intervals.

    Raises
    ------
    ModelError
        If the effects are correlated, or the posterior of tau is improper.
    UnitError
        If the MCID is in another unit than the effects.

    Notes
    -----
    Equal to `bps.fit` to ten digits: ``tests/oracle/test_many_reference.py``. The first call of a
    process reads the compiled kernels from disk, or compiles them.
    """
    from bayes_ps.many.one_analysis import row_of

    if effects.V is not None:
        raise ModelError(
            "summarise() is for independent estimates, but these share participants (effects.V). "
            "Use bps.fit(model, effects), which takes V into account."
        )
    if mcid is not None and not isinstance(mcid, MCID):
        raise UnitError(f"summarise() needs bps.MCID({mcid!r}, unit={effects.unit!r}).")
    refuse(level, undirected=False)
    tau, centre = tau_prior(prior), mu_prior(FLAT if mu is None else mu)
    size = np.nan if mcid is None else abs(mcid.threshold(effects))
    asked = np.array([effects.benefit_sign, size], dtype=float)
    numbers = np.full((3 + effects.k, WIDE), np.nan)
    row = row_of(effects, tau, centre, asked=asked, level=level, theta=numbers[3:])
    numbers[0], numbers[2] = row[OF_MU : OF_MU + WIDE], row[OF_NEW : OF_NEW + WIDE]
    numbers[1, :5] = row[OF_TAU : OF_TAU + 5]
    numbers.setflags(write=False)
    return Summary(
        numbers, float(row[LOG_EVIDENCE]), float(row[ERROR]), level, effects, tau, centre
    )
