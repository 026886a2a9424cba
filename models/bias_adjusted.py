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

UNBIASED, COLUMN = "low", "rob_overall"


Levels = tuple[tuple[str, Prior], ...]


@dataclass(frozen=True)
class BiasAdjusted:
    r"""y_i ~ N(theta_i + b_i, se_i²),  theta_i ~ N(mu, tau²),  b_i = Σ_d b_id,  b_id ~ N(m, s²).

    m and s are known and depend on the risk of bias of study i in domain d: the data say nothing of
    the bias. So given tau the estimate of a biased study is shifted by the sum of its m and its
    variance has the sum of its s² more: it counts for less, and never for more than 1 / Σ s².

    Attributes
    ----------
    mu : prior of the average effect, free of bias.
    tau : prior of the between-study standard deviation of the true effects.
    bias : ``{"high": priors.normal(m, s)}``, a normal prior, or a ``point``, for each level of the
        risk of bias that the studies have; "low" is unbiased unless named. Positive m overstates
        the benefit, whichever sign of the effects that is. In the unit of the effects. For several
        domains, whose biases add up, a mapping from column to such a mapping:
        ``{"rob_selection": {"high": …}, "rob_blinding": {"high": …, "some concerns": …}}``.
    column : of ``effects.data`` that names the level, where the bias is not given by domain.

    Notes
    -----
    Turner 2009, doi:10.1111/j.1467-985X.2008.00547.x (biases elicited for each study and domain,
    added up); Welton 2009, doi:10.1111/j.1467-985X.2008.00548.x (from meta-epidemiology). What one
    domain exaggerates in meta-epidemiology is mostly not adjusted for the others: adding such
    numbers counts what they share twice. The biases of several studies, and of several domains, are
    independent given m and s: for doubt about m that studies share (Welton's variance between
    meta-analyses) fit several m. Against independent integration:
    ``tests/oracle/test_robust_models.py``, ``test_bias_by_domain.py``.
    """

    mu: Prior
    tau: Prior
    bias: Mapping[str, Any] | tuple[tuple[str, Any], ...]
    column: str = COLUMN

    def __post_init__(self) -> None:
        object.__setattr__(self, "mu", for_location(self.mu, "mu"))
        object.__setattr__(self, "tau", for_scale(self.tau, "tau"))
        given = dict(self.bias) if isinstance(self.bias, Mapping | tuple) else {}
        nested = [isinstance(each, Mapping | tuple) for each in given.values()]
        if any(nested) and not all(nested):
            raise PriorError(
                f'bias is by level, {{"high": prior}}, or by domain, {{"rob_selection": '
                f'{{"high": prior}}}}, not both: {self.bias!r}.'
            )
        if any(nested) and self.column != COLUMN:
            raise PriorError(
                f"The bias by domain names its columns, {', '.join(given)}: leave column="
                f"{self.column!r} out."
            )
        by_domain = tuple((name, _levels(each)) for name, each in given.items() if any(nested))
        object.__setattr__(self, "bias", by_domain or _levels(self.bias))

    @property
    def domains(self) -> dict[str, Levels]:
        """The bias at each level that is named, by column."""
        given = dict(self.bias)
        if all(isinstance(each, tuple) for each in given.values()):
            return given
        return {self.column: tuple(given.items())}

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
        """Mean, with the sign of the effects, and standard deviation (k,) of the bias of each."""
        mean, variance = np.zeros((2, effects.k))
        for column, levels in self.domains.items():
            known: dict[str, Prior] = {UNBIASED: point(0.0)} | dict(levels)
            level = labels(effects, column)
            for name, study in zip(level, effects.study, strict=True):
                if name not in known:
                    raise ModelError(
                        f'"{study}" has {column} {name!r}, for which there is no bias. Add one: '
                        f"{{…, {name!r}: priors.normal(mean, sd)}}, or priors.point(0) for none."
                    )
            each = np.array([_moments(known[name]) for name in level]).T
            mean, variance = mean + each[0], variance + each[1] ** 2
        return effects.benefit_sign * mean, np.sqrt(variance)

    def __str__(self) -> str:
        shown = [
            f"{column} ~ " + ", ".join(f"{level}: {prior}" for level, prior in levels)
            for column, levels in self.domains.items()
        ]
        return (
            f"Bias-adjusted random effects: y_i ~ N(theta_i + b_i, se_i²), "
            f"theta_i ~ N(mu, tau²), mu ~ {self.mu}, tau ~ {self.tau}, "
            f"b_i (in favour of benefit) by {' plus by '.join(shown)}"
        )


def _levels(given: Any) -> Levels:
    """The bias at each level, refused if it is not known in advance."""
    levels = dict(given) if isinstance(given, Mapping | tuple) else {}
    if not levels:
        raise PriorError(
            f"bias must be a mapping from a level of risk to a prior, as in "
            f'{{"high": priors.normal(0.2, 0.1)}}, but is {given!r}.'
        )
    for level, prior in levels.items():
        if not isinstance(prior, normal | point):
            raise PriorError(
                f"The bias at {level!r} is priors.normal(mean, sd) or priors.point(value), "
                f"known in advance, but is {prior!r}."
            )
    return tuple(levels.items())


def _moments(prior: Any) -> tuple[float, float]:
    return (prior.mean, prior.sd) if isinstance(prior, normal) else (prior.value, 0.0)


def _less_biased(effects: Effects, mean: Array, sd: Array) -> Effects:
    """The estimates less their mean bias, their variances with that of the bias."""
    V = None if effects.V is None else effects.V + np.diag(sd**2)
    return replace(effects, y=effects.y - mean, se=np.hypot(effects.se, sd), V=V)
