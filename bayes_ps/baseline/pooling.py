"""`baseline`: pool effects by inverse variance, the frequentist way."""

from __future__ import annotations

from typing import Any

from bayes_ps.baseline.estimators import TAU2
from bayes_ps.baseline.mean_effect import Given
from bayes_ps.baseline.mean_intervals import CI
from bayes_ps.baseline.methods import chosen
from bayes_ps.baseline.new_setting import PREDICTION
from bayes_ps.baseline.results import Baseline, Choices
from bayes_ps.baseline.tau2_intervals import MOST_STUDIES, TAU2_CI
from bayes_ps.baseline.weighting import independent, pool
from bayes_ps.checks import ModelError
from bayes_ps.effects import Effects

NEEDS = {"kenward-roger": "REML", "henmi-copas": "DL"}
FEWEST_DRAWS = 1000


def baseline(
    effects: Effects,
    tau2: str = "REML",
    ci: str | None = None,
    *,
    level: float = 0.95,
    prediction: str = "HTS",
    tau2_ci: str = "QP",
    seed: int | None = None,
    draws: int = 100_000,
) -> Baseline:
    r"""The frequentist inverse-variance meta-analysis of `effects`.

    Parameters
    ----------
    effects : k independent studies.
    tau2 : estimator of the between-study variance, by metafor's codes. ``"REML"``; ``"ML"``;
        ``"DL"`` DerSimonian-Laird; ``"PM"`` Paule-Mandel (``"EB"`` is the same), ``"PMM"`` its
        median-unbiased form; ``"HE"`` Hedges; ``"HS"`` Hunter-Schmidt, ``"HSk"`` corrected;
        ``"SJ"`` Sidik-Jonkman; ``"DL2"``, ``"HE2"`` two-step (metafor: ``GENQ`` with the weights
        1/(vi + tau²) of the first step). ``"FE"``: a common effect, tau² = 0.
    ci : interval of mu. ``"wald"`` (normal); ``"t"`` (Wald's se, k − 1 df); ``"hksj"``
        (Hartung-Knapp-Sidik-Jonkman, k − 1 df); hksj whose se is held up to Wald's: always
        (``"hksj-adhoc"``, also called ``"hksj-truncated"``) or by IQWiG's rule (``"hksj-iqwig"``);
        ``"hksj-hybrid"``, the wider of hksj and wald; ``"kenward-roger"`` (REML only);
        ``"henmi-copas"`` (DL only; it moves mu too). If it is not given: hksj, and wald for
        ``tau2="FE"``.
    level : of every interval, 0.95.
    prediction : prediction interval: ``"HTS"`` (t, k − 2 df), ``"k-1"`` (t), ``"z"`` (normal), each
        with the se of `ci`, so that HTS with hksj is that of Partlett and Riley; ``"KR"`` (with
        ``ci="kenward-roger"``, its df less 1); or ``"bootstrap"`` (Nagashima), which needs a
        `seed`.
    tau2_ci : interval of tau²: ``"QP"`` Q-profile; generalised Q, ``"BJ"`` with weights 1/se²
        (fits DL) or ``"J"`` with 1/se; ``"PL"`` profile likelihood, for REML and ML.
    seed, draws : of the bootstrap.

    Returns
    -------
    Baseline
        All numbers in the unit of the effects (ratios on the log scale), with `notes` to read.

    Raises
    ------
    ModelError
        For an unknown method, methods that do not fit together, one study with anything but
        ``tau2="FE"``, a `level` outside (0, 1), and effects with a covariance `V`.

    Notes
    -----
    .. math:: w_i = \frac{1}{se_i^2 + \tau^2}, \quad \mu = \frac{\sum w_i y_i}{\sum w_i}, \quad
              \mu \pm q\,se, \quad \theta_{new}: \mu \pm q'\sqrt{\tau^2 + se^2}

    `mu` is the mean of the effects, not the effect in any one setting: for that read `prediction`.
    Estimates of tau² are exact roots or highest maxima to rounding, not where an iteration stopped;
    tau² = 0 is a result, and said in `notes`.

    Borenstein et al. 2010, Res Synth Methods 1:97, doi:10.1002/jrsm.12. Each method names its own
    source in ``result.methods``.
    Tests: ``tests/golden/test_metafor_baseline.py`` (metafor 3.8-1; BCG log RR, REML −0.7145, se
    0.1798, tau² 0.3132) and ``tests/golden/test_papers_baseline.py``; what agrees and what does
    not: ``tests/validation/VALIDATION.md``.
    """
    code = ci or default_ci(tau2)
    estimator, interval = chosen(TAU2, tau2, "tau2"), chosen(CI, code, "ci")
    choices = Choices(
        estimator=tau2,
        ci=code,
        level=level,
        prediction=chosen(PREDICTION, prediction, "prediction").code,
        tau2_ci=chosen(TAU2_CI, tau2_ci, "tau2_ci").code,
        seed=seed,
        draws=draws,
    )
    y, v = independent(effects)
    check(choices)
    problem = problem_of_size(effects.k, choices)
    if problem:
        raise ModelError(problem)
    between = estimator.compute(y, v)
    mean = interval.compute(Given(y, v, between, pool(y, v, between), level))
    numbers: dict[str, Any] = {n: None if x is None else float(x) for n, x in vars(mean).items()}
    return Baseline(effects=effects, tau2=float(between), choices=choices, **numbers)


def default_ci(tau2: str) -> str:
    """Hartung-Knapp for random effects, and Wald for a common effect."""
    return "wald" if tau2 == "FE" else "hksj"


def check(choices: Choices) -> None:
    """Raise if the choices do not fit together, whatever the studies."""
    tau2, ci, level = choices.estimator, choices.ci, choices.level
    if not 0 < level < 1:
        raise ModelError(f"level must be between 0 and 1, but is {level}. For 95 % pass 0.95.")
    if tau2 != NEEDS.get(ci, tau2):
        raise ModelError(
            f'ci="{ci}" is derived for tau2="{NEEDS[ci]}", not for "{tau2}". '
            f'Pass tau2="{NEEDS[ci]}", ci="{ci}".'
        )
    if choices.tau2_ci == "PL" and tau2 not in ("ML", "REML"):
        raise ModelError(
            f'tau2_ci="PL" is of a likelihood, but tau2="{tau2}" has none. '
            f'Pass tau2="REML" or "ML", or tau2_ci="QP".'
        )
    if choices.prediction == "KR" and ci != "kenward-roger":
        raise ModelError('prediction="KR" takes its df from ci="kenward-roger". Pass that too.')
    if choices.prediction == "bootstrap" and choices.seed is None:
        raise ModelError('prediction="bootstrap" draws random numbers. Pass a seed, as seed=1.')
    if choices.draws < FEWEST_DRAWS:
        raise ModelError(f"draws must be {FEWEST_DRAWS} or more, but is {choices.draws}.")


def problem_of_size(k: int, choices: Choices) -> str:
    """Why `k` studies cannot be pooled so, in words; "" if they can."""
    if k == 1 and choices.estimator != "FE":
        return (
            f'One study says nothing of tau², so tau2="{choices.estimator}" cannot be used. '
            f'Its own estimate is bps.baseline(effects, tau2="FE").'
        )
    if k == 1 and choices.ci != "wald":
        return f'ci="{choices.ci}" needs k - 1 > 0 degrees of freedom. One study: ci="wald".'
    if k > MOST_STUDIES and choices.tau2_ci in ("BJ", "J"):
        return (
            f'tau2_ci="{choices.tau2_ci}" is for up to {MOST_STUDIES} studies, but there are {k}. '
            f'Pass tau2_ci="QP".'
        )
    return ""
