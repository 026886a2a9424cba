"""`baseline`: pool effects by inverse variance, the frequentist way."""

from __future__ import annotations

from dataclasses import replace

from bayes_ps import checks
from bayes_ps.baseline.estimators import TAU2
from bayes_ps.baseline.heterogeneity import disagreement
from bayes_ps.baseline.mean_effect import CI, estimated_mean
from bayes_ps.baseline.methods import chosen
from bayes_ps.baseline.new_setting import PREDICTION, prediction_interval
from bayes_ps.baseline.notes import notes_on
from bayes_ps.baseline.results import Baseline
from bayes_ps.baseline.weighting import independent, pool
from bayes_ps.checks import ModelError
from bayes_ps.effects import Effects


def baseline(
    effects: Effects,
    tau2: str = "REML",
    ci: str | None = None,
    *,
    level: float = 0.95,
    prediction: str = "HTS",
) -> Baseline:
    r"""The frequentist inverse-variance meta-analysis of `effects`.

    Parameters
    ----------
    effects : k independent studies.
    tau2 : estimator of the between-study variance: ``"REML"``, ``"DL"``, ``"PM"``, ``"ML"``, or
        ``"FE"`` for a common effect (tau² = 0).
    ci : interval of mu: ``"wald"`` (normal), ``"t"`` (Wald's se, k − 1 df), ``"hksj"``
        (Hartung-Knapp-Sidik-Jonkman, k − 1 df) or ``"hksj-adhoc"`` (hksj, but its se is never below
        Wald's). If it is not given: hksj, and wald for ``tau2="FE"``.
    level : of every interval, 0.95.
    prediction : quantiles of the prediction interval: ``"HTS"`` (t, k − 2 df), ``"k-1"`` (t) or
        ``"z"`` (normal).

    Returns
    -------
    Baseline
        All numbers in the unit of the effects (ratios on the log scale), with `notes` to read.

    Raises
    ------
    ModelError
        For an unknown method, one study with anything but ``tau2="FE"``, a `level` outside (0, 1),
        and effects with a covariance `V`.

    Notes
    -----
    .. math:: w_i = \frac{1}{se_i^2 + \tau^2}, \quad \mu = \frac{\sum w_i y_i}{\sum w_i}, \quad
              \mu \pm q\,se, \quad \theta_{new}: \mu \pm q'\sqrt{\tau^2 + se^2}

    `mu` is the mean of the effects, not the effect in any one setting: for that read `prediction`.

    Borenstein et al. 2010, Res Synth Methods 1:97, doi:10.1002/jrsm.12. Each method names its own
    source in ``result.methods``.
    Tests: ``tests/golden/test_metafor_baseline.py`` (metafor 3.8-1; BCG log RR, REML −0.7145, se
    0.1798, tau² 0.3132) and ``tests/golden/test_papers_baseline.py``.
    """
    estimator = chosen(TAU2, tau2, "tau2")
    interval = chosen(CI, ci or ("wald" if tau2 == "FE" else "hksj"), "ci")
    predicting = chosen(PREDICTION, prediction, "prediction")
    y, v = independent(effects)
    _check(effects.k, tau2, interval.code, level)
    between = estimator.compute(y, v)
    pooled = pool(y, v, between)
    mean = estimated_mean(pooled, interval.compute, level)
    random = tau2 != "FE"
    df = predicting.compute(effects.k) if random else 0
    new = prediction_interval(mean.mu, mean.se, between, df, level=level, method=predicting.name)
    found = Baseline(
        study=effects.study,
        weights=checks.read_only(100 * pooled.weights / pooled.weights.sum()),
        measure=effects.measure,
        unit=effects.unit,
        **vars(mean),
        tau2=between,
        **vars(disagreement(y, v, between if random else None, level)),
        prediction=new,
        estimator=tau2,
        ci=interval.code,
        methods=(str(estimator), str(interval)) + ((str(predicting),) if new else ()),
    )
    return replace(found, notes=notes_on(found, wald_se=float(pooled.se)))


def _check(k: int, tau2: str, ci: str, level: float) -> None:
    if not 0 < level < 1:
        raise ModelError(f"level must be between 0 and 1, but is {level}. For 95 % pass 0.95.")
    if k == 1 and tau2 != "FE":
        raise ModelError(
            f'One study says nothing of tau², so tau2="{tau2}" cannot be used. '
            f'Its own estimate is bps.baseline(effects, tau2="FE").'
        )
    if k == 1 and ci != "wald":
        raise ModelError(f'ci="{ci}" needs k - 1 > 0 degrees of freedom. One study: ci="wald".')
