"""`fit`: by exact quadrature or by NUTS, with the warnings that a reader must see."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from bayes_ps.checks import ModelError
from bayes_ps.effects import Effects
from bayes_ps.exact import integrate, refuse_improper
from bayes_ps.fitting.prior_scale import prior_warnings
from bayes_ps.posterior import ExactFit, Fit

ERROR_MAX = 1e-8  # of a probability by quadrature


def fit(
    model: Any,
    effects: Effects,
    *,
    engine: Literal["exact", "nuts"] = "exact",
    seed: int | None = None,
    draws: int = 2000,
    tune: int = 1000,
    chains: int = 4,
    target_accept: float = 0.99,
) -> Fit:
    """Fit a model to effects.

    Parameters
    ----------
    model : a specification such as ``RandomEffects(mu=…, tau=…)``, or anything of yours with
        ``build(effects, marginal=True)`` and, for the exact engine, ``gaussian(effects)``.
    effects : the estimates and their standard errors.
    engine : ``"exact"``: quadrature over tau, no Monte Carlo error, for linear Gaussian models with
        flat or normal priors of the effects. ``"nuts"``: PyMC, sampled by nutpie with theta
        integrated out; the first fit of a model compiles it, later ones do not.
    seed : of all draws; required for NUTS. The exact engine draws only when asked (0 if None).
    draws, tune, chains, target_accept : for NUTS only.

    Returns
    -------
    Fit
        With ``fit.warnings`` where a prior does not fit the unit of the effects.

    Raises
    ------
    ModelError
        If the model is not Gaussian (exact engine), studies are too few, or the seed is missing.
    """
    if not isinstance(effects, Effects):
        raise ModelError(
            f"effects must be bps.Effects, but is {type(effects).__name__}. Make them of a table "
            f"by bps.effect_sizes(table, measure=…, better=…)."
        )
    if engine == "exact":
        return _by_quadrature(model, effects, seed or 0)
    if engine != "nuts":
        raise ModelError(f'engine must be "exact" or "nuts", but is {engine!r}.')
    if seed is None:
        raise ModelError('NUTS needs a seed: bps.fit(model, effects, engine="nuts", seed=1).')
    if hasattr(model, "gaussian"):
        refuse_improper(model.gaussian(effects))
    from bayes_ps.nuts import Sampling, sample

    fitted = sample(model, effects, seed, Sampling(draws, tune, chains, target_accept))
    if fitted.hierarchy is None:
        return fitted
    return replace(fitted, warnings=prior_warnings(fitted.hierarchy, effects))


def _by_quadrature(model: Any, effects: Effects, seed: int) -> ExactFit:
    if not hasattr(model, "gaussian"):
        raise ModelError(
            f"{type(model).__name__} is not a linear Gaussian model: it has no gaussian(). "
            f'Use bps.fit(model, effects, engine="nuts", seed=1).'
        )
    hierarchy = model.gaussian(effects)
    warnings = prior_warnings(hierarchy, effects)
    posterior = integrate(hierarchy)
    if posterior.error > ERROR_MAX:
        warnings += (f"The quadrature did not converge: its error is {posterior.error:.1g}.",)
    return ExactFit(model, effects, hierarchy, seed, warnings, posterior=posterior)
