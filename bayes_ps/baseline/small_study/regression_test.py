"""`egger`: do effects change with the size of a study? The regression tests of funnel asymmetry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from bayes_ps.baseline.methods import Method, by_code, chosen
from bayes_ps.baseline.small_study.asymmetry import (
    ALIKE,
    AsymmetryTest,
    at_least_three,
    few,
    refuse_no_scatter,
    tested_slope,
)
from bayes_ps.baseline.small_study.lines import Line, additive_line, multiplicative_line
from bayes_ps.baseline.small_study.predictors import PREDICTORS, predictor_of
from bayes_ps.baseline.weighting import independent
from bayes_ps.checks import Array
from bayes_ps.effects import Effects


def _classical(effects: Effects, x: Array, tau2: str) -> Line:
    """Variances se² times a dispersion; tau² has no part in it."""
    line = multiplicative_line(effects.y, x, effects.se**-2)
    refuse_no_scatter(line, "Egger's test")
    return line


MODELS = by_code(
    Method[Callable[[Effects, Array, str], Line]](
        "classical",
        "weighted regression, multiplicative dispersion, t with k - 2 df",
        "doi:10.1136/bmj.315.7109.629",
        _classical,
    ),
    Method(
        "mixed", "mixed-effects meta-regression, z", "doi:10.1002/0470870168.ch6", additive_line
    ),
)
TIED_TO_SE = ("OR", "PETO", "RR", "RD")
"""Measures whose standard error contains the effect itself, with a test made for counts."""


def egger(
    effects: Effects,
    model: str = "classical",
    *,
    predictor: str = "se",
    tau2: str = "REML",
    level: float = 0.95,
) -> AsymmetryTest:
    r"""Egger's test and its kin: a line of the effects over a measure of the size of a study.

    Parameters
    ----------
    effects : k >= 3 independent studies; below 10 the result says that it is of little use.
    model : ``"classical"`` (weights 1/se², multiplicative dispersion, t) or ``"mixed"`` (variances
        se² + tau², z).
    predictor : ``"se"``; ``"modified-se"``, √(1/n_t + 1/n_c), for SMDs (Pustejovsky-Rodgers);
        ``"variance"``, ``"n"``, ``"1/n"`` or ``"1/sqrt(n)"``. Numbers of participants are `n`, or
        `n_t` and `n_c`, of ``effects.data``.
    tau2 : estimator of tau² around the line, of the mixed model.
    level : of the interval of the limit effect.

    Returns
    -------
    AsymmetryTest
        `bias` is the slope. Over ``"se"`` it is also the intercept of y/se on 1/se, as Egger wrote
        it. `limit_effect` is the intercept: the effect in a study without sampling error (over
        ``"n"`` there is none).

    Raises
    ------
    ModelError
        For fewer than 3 studies, an unknown variant, studies that all have the same predictor, and
        effects that lie on one line without scatter.
    StudyTableError
        If the numbers of participants are missing.

    Notes
    -----
    .. math:: y_i = b_0 + b_1 x_i + e_i, \quad Var(e_i) = \phi\, se_i^2 \text{ or } se_i^2 + \tau^2

    metafor: ``regtest(model="lm")`` is classical, ``regtest()`` is mixed. R's meta:
    ``metabias(method.bias="Pustejovsky")`` is classical over modified-se.

    Where the standard error contains the effect (SMD, OR, RR, RD) the classical test over se finds
    asymmetry too often; the result says so, and which test to use.

    Egger et al. 1997, doi:10.1136/bmj.315.7109.629; Sterne et al. 2011, doi:10.1136/bmj.d4002;
    Pustejovsky & Rodgers 2019, doi:10.1002/jrsm.1332.
    Tests: ``tests/golden/test_metafor_small_study.py`` (12 data sets; BCG −2.1120, t −1.4013) and
    ``tests/golden/test_papers_small_study.py`` (magnesium trials, z −4.6686).
    """
    how, over = chosen(MODELS, model, "model"), chosen(PREDICTORS, predictor, "predictor")
    independent(effects)
    at_least_three(effects.k, "Egger's test")
    x = predictor_of(effects, predictor)
    line = how.compute(effects, x, tau2)
    found = tested_slope(
        line,
        test=f"Egger's test ({how.name}{f', tau² by {tau2}' if model == 'mixed' else ''}; over "
        f"{over.name}; {how.source if predictor == 'se' else over.source})",
        k=effects.k,
        level=level,
        notes=tuple(_notes(effects, predictor, x)),
    )
    return replace(found, limit_effect=None, limit=None) if predictor == "n" else found


def _notes(effects: Effects, predictor: str, x: Array) -> Iterator[str]:
    if said := few(effects.k):
        yield said
    if predictor in ("se", "variance") and effects.measure == "SMD":
        yield (
            "The standard error of an SMD contains the SMD itself, so this test finds asymmetry "
            'too often. Use predictor="modified-se" (doi:10.1002/jrsm.1332).'
        )
    if predictor in ("se", "variance") and effects.measure in TIED_TO_SE:
        yield (
            f"The standard error of a {effects.measure} contains the effect itself, so this test "
            f"finds asymmetry too often. From counts use bps.harbord(table) or bps.peters(table) "
            f"(doi:10.1002/sim.2380, doi:10.1001/jama.295.6.676)."
        )
    if (ratio := float(x.max() / x.min())) < ALIKE:
        yield (
            f"The studies are of similar size (the largest {predictor} is {ratio:.2g} times the "
            f"smallest): a test of small against large studies says little (doi:10.1136/bmj.d4002)."
        )
