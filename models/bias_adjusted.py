"""Random effects whose estimates are biased, by how much depending on the risk of bias."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from bayes_ps.checks import Array, ModelError, PriorError
from bayes_ps.hierarchy import GaussianHierarchy, normal_normal
from bayes_ps.priors import Prior, for_location, for_scale, normal, point
from models.columns import labels
from models.sampling_distribution import report

if TYPE_CHECKING:
    import pymc as pm

    from bayes_ps.effects import Effects

UNBIASED = "low"


@dataclass(frozen=True)
class BiasAdjusted:
    r"""y_i ~ N(theta_i + b_i, se_i²),  theta_i ~ N(mu, tau²),  b_i ~ N(m_r, s_r²).

    r is the risk of bias of study i, and m_r, s_r are known: the data say nothing of the bias. So
    given tau the estimate of a biased study is shifted by m_r and its variance has s_r² more: it
    counts for less, and never for more than 1 / s_r².

    Attributes
    ----------
    mu : prior of the average effect, free of bias.
    tau : prior of the between-study standard deviation of the true effects.
    bias : ``{"high": priors.normal(m, s)}``, a normal prior, or a ``point``, for each level of the
        risk of bias that the studies have; "low" is unbiased unless named. Positive m overstates
        the benefit, whichever sign of the effects that is. In the unit of the effects.
    column : of ``effects.data`` that names the level.

    Notes
    -----
    Turner 2009, doi:10.1111/j.1467-985X.2008.00547.x (biases elicited for each study); Welton 2009,
    doi:10.1111/j.1467-985X.2008.00548.x (from meta-epidemiology). The biases of several studies are
    independent given m_r and s_r: for doubt about m_r that studies share (Welton's variance between
    meta-analyses) fit several m_r. Against independent integration:
    ``tests/oracle/test_robust_models.py``.
    """

    mu: Prior
    tau: Prior
    bias: Mapping[str, Prior] | tuple[tuple[str, Prior], ...]
    column: str = "rob_overall"

    def __post_init__(self) -> None:
        object.__setattr__(self, "mu", for_location(self.mu, "mu"))
        object.__setattr__(self, "tau", for_scale(self.tau, "tau"))
        given = dict(self.bias) if isinstance(self.bias, Mapping | tuple) else {}
        for level, prior in given.items():
            if not isinstance(prior, normal | point):
                raise PriorError(
                    f"The bias at {level!r} is priors.normal(mean, sd) or priors.point(value), "
                    f"known in advance, but is {prior!r}."
                )
        if not given:
            raise PriorError(
                f"bias must be a mapping from a level of risk to a prior, as in "
                f'{{"high": priors.normal(0.2, 0.1)}}, but is {self.bias!r}.'
            )
        object.__setattr__(self, "bias", tuple(given.items()))

    def build(self, effects: Effects, *, marginal: bool = True) -> pm.Model:
        """The PyMC model; `marginal` integrates theta and the biases out. Reads `column`."""
        import pymc as pm

        mean, sd = self._bias(effects)
        with pm.Model(coords={"study": list(effects.study)}) as model:
            mu = self.mu.variable("mu")
            tau = self.tau.given(effects.se).variable("tau")
            if marginal:
                report(_less_biased(effects, mean, sd), mean=mu, tau=tau)
            else:
                theta = pm.Normal("theta", mu=mu, sigma=tau, dims="study")
                z = pm.Normal("z", dims="study")
                off = pm.Data("bias_mean", mean, dims="study")
                off += pm.Data("bias_sd", sd, dims="study") * z
                report(effects, mean=theta + pm.Deterministic("bias", off, dims="study"))
        return model

    def gaussian(self, effects: Effects) -> GaussianHierarchy:
        """The same model for the exact engine: y less the mean bias, V with the variance of it."""
        mean, sd = self._bias(effects)
        adjusted = _less_biased(effects, mean, sd)
        return normal_normal(adjusted, self.mu, self.tau.given(effects.se))

    def _bias(self, effects: Effects) -> tuple[Array, Array]:
        """Mean, with the sign of the effects, and standard deviation (k,) of each bias."""
        known = {UNBIASED: point(0.0)} | dict(self.bias)
        level = labels(effects, self.column)
        for name, study in zip(level, effects.study, strict=True):
            if name not in known:
                raise ModelError(
                    f'"{study}" has {self.column} {name!r}, for which there is no bias. Add one: '
                    f"bias={{…, {name!r}: priors.normal(mean, sd)}}, or priors.point(0) for none."
                )
        both = [_moments(known[name]) for name in level]
        mean, sd = np.array(both).T
        return effects.benefit_sign * mean, sd

    def __str__(self) -> str:
        levels = ", ".join(f"{level}: {prior}" for level, prior in dict(self.bias).items())
        return (
            f"Bias-adjusted random effects: y_i ~ N(theta_i + b_i, se_i²), "
            f"theta_i ~ N(mu, tau²), mu ~ {self.mu}, tau ~ {self.tau}, "
            f"b_i (in favour of benefit) by {self.column} ~ {levels}"
        )


def _moments(prior: Any) -> tuple[float, float]:
    return (prior.mean, prior.sd) if isinstance(prior, normal) else (prior.value, 0.0)


def _less_biased(effects: Effects, mean: Array, sd: Array) -> Effects:
    """The estimates less their mean bias, their variances with that of the bias."""
    V = None if effects.V is None else effects.V + np.diag(sd**2)
    return replace(effects, y=effects.y - mean, se=np.hypot(effects.se, sd), V=V)
