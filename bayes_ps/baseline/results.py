"""`Baseline`: what a frequentist inverse-variance meta-analysis found, and how."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from bayes_ps import checks
from bayes_ps.baseline import heterogeneity
from bayes_ps.baseline.confidence_distribution import bootstrap_interval
from bayes_ps.baseline.estimators import TAU2
from bayes_ps.baseline.heterogeneity import Heterogeneity
from bayes_ps.baseline.interval import Interval
from bayes_ps.baseline.mean_intervals import CI
from bayes_ps.baseline.new_setting import PREDICTION, prediction_interval
from bayes_ps.baseline.notes import notes_on
from bayes_ps.baseline.showing import frame_of, sentence_of
from bayes_ps.baseline.tau2_intervals import TAU2_CI, Heterogeneous
from bayes_ps.checks import Array
from bayes_ps.effects import Effects


@dataclass(frozen=True, kw_only=True)
class Choices:
    """The codes that a baseline was asked for, and the seed and draws of a bootstrap."""

    estimator: str
    ci: str
    level: float = 0.95
    prediction: str = "HTS"
    tau2_ci: str = "QP"
    seed: int | None = None
    draws: int = 100_000


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Baseline:
    """A frequentist inverse-variance meta-analysis; made by :func:`bayes_ps.baseline`.

    Numbers beyond these fields are properties, computed when they are first asked for.

    Parameters
    ----------
    effects : the studies.
    mu, se : pooled effect and its standard error, in `unit`; `se` is that of the method `ci`.
    lower, upper : confidence interval of mu at `level`.
    statistic, df, p : mu/se, its degrees of freedom (inf: normal; None: neither t nor normal),
        two-sided P of mu = 0.
    tau2 : between-study variance in `unit`².
    choices : the codes of the methods; :attr:`methods` gives their full names with sources.
    """

    effects: Effects
    mu: float
    se: float
    lower: float
    upper: float
    statistic: float
    df: float | None
    p: float
    tau2: float
    choices: Choices

    @property
    def study(self) -> npt.NDArray[np.str_]:
        """(k,) names of the studies."""
        return self.effects.study

    @property
    def measure(self) -> str:
        """metafor's code of the effect measure."""
        return self.effects.measure

    @property
    def unit(self) -> str:
        """What one unit of mu is."""
        return self.effects.unit

    @property
    def k(self) -> int:
        """Number of studies."""
        return self.effects.k

    @property
    def estimator(self) -> str:
        """The code of the estimator of tau²."""
        return self.choices.estimator

    @property
    def ci(self) -> str:
        """The code of the interval of mu."""
        return self.choices.ci

    @property
    def level(self) -> float:
        """The level of every interval."""
        return self.choices.level

    @property
    def random(self) -> bool:
        """Whether effects may differ: any estimator but FE."""
        return self.estimator != "FE"

    @property
    def tau(self) -> float:
        """Between-study standard deviation, in `unit`: √tau²."""
        return math.sqrt(self.tau2)

    @cached_property
    def tau2_se(self) -> float | None:
        """The standard error of tau² by its estimator, as metafor's; None for a common effect."""
        error = TAU2[self.estimator].error
        return float(error(self.effects.y, self._v, np.asarray(self.tau2))) if error else None

    @cached_property
    def tau2_interval(self) -> Interval | None:
        """The interval of tau² by `choices.tau2_ci`; None with one study."""
        if self.k == 1:
            return None
        given = Heterogeneous(self.effects.y, self._v, self.estimator, self.level)
        return TAU2_CI[self.choices.tau2_ci].compute(given)

    @cached_property
    def weights(self) -> Array:
        """(k,) weights of the studies in mu, in per cent, read-only."""
        between = 0.0 if self.ci == "henmi-copas" else self.tau2
        weights = 1 / (self._v + between)
        return checks.read_only(100 * weights / weights.sum())

    @property
    def q(self) -> float:
        """Cochran's Q around the inverse-variance common effect."""
        return self._heterogeneity.q

    @property
    def q_df(self) -> int:
        """k − 1."""
        return self._heterogeneity.q_df

    @property
    def q_p(self) -> float:
        """P of Q if all effects were the same; NaN with one study."""
        return self._heterogeneity.q_p

    @property
    def i2(self) -> float:
        """I² in per cent, from tau² (metafor's definition); from Q for a common effect."""
        return self._heterogeneity.i2

    @property
    def h2(self) -> float:
        """H², from tau² (metafor's definition); from Q for a common effect."""
        return self._heterogeneity.h2

    @property
    def i2_from_q(self) -> float:
        """I² in per cent from Q, whatever the estimator: RevMan 5's I²."""
        return heterogeneity.i2_from_q(self.q, self.q_df)

    @cached_property
    def i2_interval(self) -> Interval | None:
        """I² at the ends of `tau2_interval`, as metafor's; for a common effect as from Q."""
        if not self.random:
            return self.i2_from_q_interval
        return heterogeneity.i2_at(self.tau2_interval, self._v) if self.tau2_interval else None

    @cached_property
    def h2_interval(self) -> Interval | None:
        """H² at the ends of `tau2_interval`, as metafor's; for a common effect as from Q."""
        if not self.random:
            return self.h2_from_q_interval
        return heterogeneity.h2_at(self.tau2_interval, self._v) if self.tau2_interval else None

    @cached_property
    def h2_from_q_interval(self) -> Interval | None:
        """The test-based interval of H² from Q; None with one study, or two where Q <= 2."""
        return heterogeneity.h2_interval_from_q(self.q, self.q_df, self.level)

    @cached_property
    def i2_from_q_interval(self) -> Interval | None:
        """The test-based interval of I² from Q, in per cent, as R's meta; None as for H²."""
        return heterogeneity.i2_of(self.h2_from_q_interval) if self.h2_from_q_interval else None

    @cached_property
    def prediction(self) -> Interval | None:
        """Interval of the effect in a new setting, or None where none exists (see `notes`)."""
        chosen = PREDICTION[self.choices.prediction]
        if not self.random or self.ci == "henmi-copas":
            return None
        if chosen.compute:
            df = chosen.compute(self.k, self.df)
            return prediction_interval(
                self.mu, self.se, self.tau2, df, level=self.level, method=chosen.name
            )
        if self.k < 3 or self.choices.seed is None:
            return None
        seed, draws = self.choices.seed, self.choices.draws
        return bootstrap_interval(self.effects.y, self._v, self.level, seed=seed, draws=draws)

    @cached_property
    def methods(self) -> tuple[str, ...]:
        """The estimator, the interval of mu and that of a new setting: full names with sources."""
        named = str(TAU2[self.estimator]), str(CI[self.ci])
        if self.prediction is None:
            return named
        return *named, str(PREDICTION[self.choices.prediction])

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of these numbers, a sentence each."""
        return notes_on(self, wald_se=float((1 / (self._v + self.tau2)).sum() ** -0.5))

    @cached_property
    def _v(self) -> Array:
        return self.effects.se * self.effects.se

    @cached_property
    def _heterogeneity(self) -> Heterogeneity:
        tau2 = self.tau2 if self.random else None
        return heterogeneity.disagreement(self.effects.y, self._v, tau2)

    def to_frame(self) -> pd.DataFrame:
        """A row a quantity, to tick against RevMan or metafor.

        Columns `quantity, value, lower, upper, df, p, method`; rows mu, se, z or t, tau2, se(tau2),
        tau, Q, I2, I2 from Q, H2, prediction. NaN says that a cell does not apply.
        """
        return frame_of(self)

    def __str__(self) -> str:
        return "\n".join([sentence_of(self), *(f"Note: {note}" for note in self.notes)])

    def __repr__(self) -> str:
        return f"<Baseline: {self}>"
