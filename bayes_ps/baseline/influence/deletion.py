"""`baseline_influence`: deletion diagnostics of every study."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import chdtr

from bayes_ps import checks
from bayes_ps.baseline.influence.refitting import enough
from bayes_ps.baseline.pooling import baseline
from bayes_ps.baseline.weighting import independent
from bayes_ps.checks import Array
from bayes_ps.effects import Effects


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Influence:
    """Deletion diagnostics of k studies, all (k,); made by :func:`bayes_ps.baseline_influence`.

    Parameters
    ----------
    study : names.
    rstudent : standardised deleted residual: how far a study lies from the mean of the others.
    dffits : change of mu by the study, in standard deviations of its fitted value.
    cook_d : Cook's distance, the square of the change of mu in units of its variance.
    cov_r : variance of mu without the study over that with it; below 1, mu is sharper without.
    tau2_del, q_del : tau² and Cochran's Q without the study.
    hat, weight : share of the weight, as a fraction and in per cent.
    dfbetas : change of mu in its standard error, at the tau² without the study.
    influential : whether one of metafor's rules of thumb marks the study.
    baujat_q, baujat_shift : the axes of the Baujat plot: the study's part of the generalised Q, and
        the square of the change of mu in units of its variance without the study.
    estimator, measure, unit : of the baseline.
    """

    study: npt.NDArray[np.str_]
    rstudent: Array
    dffits: Array
    cook_d: Array
    cov_r: Array
    tau2_del: Array
    q_del: Array
    hat: Array
    weight: Array
    dfbetas: Array
    influential: npt.NDArray[np.bool_]
    baujat_q: Array
    baujat_shift: Array
    estimator: str
    measure: str
    unit: str

    @property
    def k(self) -> int:
        """Number of studies."""
        return len(self.study)

    def to_frame(self) -> pd.DataFrame:
        """A row a study, in metafor's columns, and `baujat.x`, `baujat.y`."""
        return pd.DataFrame(
            {
                "study": self.study.astype(object),
                "rstudent": self.rstudent,
                "dffits": self.dffits,
                "cook.d": self.cook_d,
                "cov.r": self.cov_r,
                "tau2.del": self.tau2_del,
                "QE.del": self.q_del,
                "hat": self.hat,
                "weight": self.weight,
                "dfbs": self.dfbetas,
                "inf": self.influential,
                "baujat.x": self.baujat_q,
                "baujat.y": self.baujat_shift,
            }
        )

    def __str__(self) -> str:
        far, moves = np.argmax(np.abs(self.rstudent)), np.argmax(self.cook_d)
        marked = ", ".join(map(str, self.study[self.influential])) or "none"
        return (
            f"Influence on {self.measure} ({self.estimator}, {self.k} studies): furthest from the "
            f"others is {self.study[far]} (standardised deleted residual {self.rstudent[far]:.2f}; "
            f"beyond 2 is expected of 1 study in 22); the mean moves most without "
            f"{self.study[moves]} (Cook's distance {self.cook_d[moves]:.3g}). Marked by metafor's "
            f"rules of thumb: {marked}."
        )

    def __repr__(self) -> str:
        return f"<Influence: {self}>"


def baseline_influence(effects: Effects, tau2: str = "REML") -> Influence:
    r"""What each study does to the mean: residuals, DFFITS, Cook's distance, Baujat and more.

    Parameters
    ----------
    effects : k independent studies: at least 3, or 2 for ``tau2="FE"``.
    tau2 : estimator of the between-study variance, as in :func:`bayes_ps.baseline`; it is estimated
        anew without each study.

    Returns
    -------
    Influence
        With the Wald variance of mu, 1/Σw, as metafor's ``influence()`` for ``test="z"``.

    Raises
    ------
    ModelError
        If one study would be left of which a random-effects model must estimate tau².

    Notes
    -----
    With :math:`\mu_{(i)}, \tau^2_{(i)}, se_{(i)}` those without study i, and
    :math:`h_i = w_i/\sum w`:

    .. math:: rstudent_i = \frac{y_i - \mu_{(i)}}{\sqrt{v_i + \tau^2_{(i)} + se_{(i)}^2}}, \quad
              dffits_i = \frac{\mu - \mu_{(i)}}{\sqrt{h_i (v_i + \tau^2_{(i)})}}, \quad
              D_i = \frac{(\mu - \mu_{(i)})^2}{se^2}

    A study is marked if \|dffits\| > 3/√(k − 1), P(chi²_1 < D) > 0.5, h > 3/k or \|dfbetas\| > 1.
    The cut-offs are conventions: a mark says where to look, not what to leave out.

    Viechtbauer & Cheung 2010, doi:10.1002/jrsm.11; Baujat et al. 2002, doi:10.1002/sim.1221.
    Tests: ``tests/golden/test_metafor_influence.py`` (12 data sets; BCG, rstudent of Aronson 1948
    −0.2181).
    """
    enough(effects, tau2)
    y, v = independent(effects)
    full = baseline(effects, tau2, "wald")
    without = [baseline(effects.drop(str(name)), tau2, "wald") for name in effects.study]
    mu, se, between, q = (
        np.array([getattr(fit, name) for fit in without]) for name in ("mu", "se", "tau2", "q")
    )
    moved = full.mu - mu
    hat = full.weights / 100
    found = {
        "rstudent": (y - mu) / np.sqrt(v + between + se**2),
        "dffits": moved / np.sqrt(hat * (v + between)),
        "cook_d": (moved / full.se) ** 2,
        "cov_r": (se / full.se) ** 2,
        "tau2_del": between,
        "q_del": q,
        "hat": hat,
        "weight": full.weights,
        "dfbetas": moved * np.sqrt((1 / (v + between[:, np.newaxis])).sum(axis=1)),
        "baujat_q": (y - full.mu) ** 2 / (v + full.tau2),
        "baujat_shift": (moved / se) ** 2,
    }
    marked = (
        (np.abs(found["dffits"]) > 3 / math.sqrt(effects.k - 1))
        | (chdtr(1, found["cook_d"]) > 0.5)
        | (hat > 3 / effects.k)
        | (np.abs(found["dfbetas"]) > 1)
    )
    return Influence(
        study=effects.study,
        influential=checks.read_only(marked, bool),
        estimator=tau2,
        measure=effects.measure,
        unit=effects.unit,
        **{name: checks.read_only(values) for name, values in found.items()},
    )
