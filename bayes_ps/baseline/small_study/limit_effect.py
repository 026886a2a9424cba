"""`pet_peese`: the effect that a line of the effects reaches where standard errors end."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from bayes_ps import words
from bayes_ps.baseline.interval import Interval
from bayes_ps.baseline.small_study.asymmetry import (
    at_least_three,
    interval_of,
    refuse_no_scatter,
    two_sided,
)
from bayes_ps.baseline.small_study.lines import Line, multiplicative_line
from bayes_ps.baseline.small_study.predictors import predictor_of
from bayes_ps.baseline.weighting import independent
from bayes_ps.checks import ModelError
from bayes_ps.effects import Effects


@dataclass(frozen=True)
class LimitEffect:
    """The intercept `mu` of a line with `se`, interval and P of 0, and the line's slope."""

    mu: float
    se: float
    interval: Interval
    p: float
    slope: float
    se_slope: float


@dataclass(frozen=True, repr=False, kw_only=True)
class PetPeese:
    """Both lines and the one to read; made by :func:`bayes_ps.pet_peese`.

    Parameters
    ----------
    pet, peese : the limit effects over se and over se².
    chosen : ``"PET"`` or ``"PEESE"``, by the P of PET's effect against `alpha`.
    alpha : two-sided.
    k, measure, unit : of the effects.
    notes : what a reader must know, a sentence each.
    """

    pet: LimitEffect
    peese: LimitEffect
    chosen: str
    alpha: float
    k: int
    measure: str
    unit: str
    notes: tuple[str, ...]

    @property
    def limit(self) -> LimitEffect:
        """The limit effect of the line that was chosen."""
        return self.pet if self.chosen == "PET" else self.peese

    def to_frame(self) -> pd.DataFrame:
        """Rows `PET`, `PEESE`; columns `mu, se, lower, upper, p, slope, se_slope, chosen`."""
        rows = [
            (name, x.mu, x.se, *x.interval, x.p, x.slope, x.se_slope, name == self.chosen)
            for name, x in (("PET", self.pet), ("PEESE", self.peese))
        ]
        names = ["line", "mu", "se", "lower", "upper", "p", "slope", "se_slope", "chosen"]
        return pd.DataFrame(rows, columns=names)

    def __str__(self) -> str:
        said = {
            name: f"{name} {words.interval(x.mu, *x.interval)}, P = {x.p:.2g}"
            for name, x in (("PET", self.pet), ("PEESE", self.peese))
        }
        other = "PEESE" if self.chosen == "PET" else "PET"
        text = (
            f"{self.measure} in a study without sampling error, {self.k} studies, in {self.unit}: "
            f"{said[self.chosen]} ({100 * self.pet.interval.level:g}% CI, t with "
            f"{self.pet.interval.df:g} df), chosen because P of PET is "
            f"{'above' if self.chosen == 'PET' else 'below'} {self.alpha:g}; {said[other]}."
        )
        return "\n".join([text, *(f"Note: {note}" for note in self.notes)])

    def __repr__(self) -> str:
        return f"<PetPeese: {self}>"


def pet_peese(effects: Effects, *, alpha: float = 0.10, level: float = 0.95) -> PetPeese:
    """PET-PEESE: extrapolate the effects to a study without sampling error.

    Parameters
    ----------
    effects : k >= 3 independent studies.
    alpha : PEESE is read if the two-sided P of PET's effect is below it, PET otherwise.
    level : of the intervals.

    Returns
    -------
    PetPeese
        Weighted least squares with weights 1/se² and multiplicative dispersion, as first proposed.

    Raises
    ------
    ModelError
        For fewer than 3 studies, one se for all, or effects without scatter around the line.

    Notes
    -----
    PET is y = mu + b se, PEESE y = mu + b se². The first is too low where there is an effect, the
    second too high where there is none, hence the choice. Over se PET is the classical Egger test.

    An extrapolation beyond the data. It is unreliable for few studies, large heterogeneity or
    studies of similar size: Stanley 2017, doi:10.1177/1948550617693062.

    Stanley & Doucouliagos 2014, Res Synth Methods 5:60, doi:10.1002/jrsm.1095.
    Test: ``tests/golden/test_metafor_small_study.py`` (R's lm, 12 data sets; BCG −0.1909, −0.3800).
    """
    if not 0 < alpha < 1:
        raise ModelError(f"alpha must be between 0 and 1, as in 0.10, but is {alpha}.")
    y, v = independent(effects)
    at_least_three(effects.k, "PET-PEESE")
    found = []
    for predictor in ("se", "variance"):
        line = multiplicative_line(y, predictor_of(effects, predictor), 1 / v)
        refuse_no_scatter(line, "PET-PEESE")
        found.append(_limit(line, level))
    pet, peese = found
    notes = ["It extrapolates beyond the most precise study: read it as a sensitivity analysis."]
    if effects.k < 20:
        notes.append("Fewer than 20 studies: unreliable (doi:10.1177/1948550617693062).")
    if effects.measure == "SMD":
        notes.append("The se of an SMD contains the SMD itself, which biases both lines.")
    return PetPeese(
        pet=pet,
        peese=peese,
        chosen="PEESE" if pet.p < alpha else "PET",
        alpha=alpha,
        k=effects.k,
        measure=effects.measure,
        unit=effects.unit,
        notes=tuple(notes),
    )


def _limit(line: Line, level: float) -> LimitEffect:
    interval = interval_of(line.intercept, line.se_intercept, line.df, level=level)
    p = two_sided(line.intercept / line.se_intercept, line.df)
    return LimitEffect(line.intercept, line.se_intercept, interval, p, line.slope, line.se_slope)
