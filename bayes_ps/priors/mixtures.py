"""A mixture of priors: a robust prior is mostly what is known, and partly what is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, PriorError
from bayes_ps.priors.prior import LINE, POSITIVE, Prior, written

if TYPE_CHECKING:
    from pytensor.tensor.variable import TensorVariable

ROUNDING = 1e-9  # of the sum of the weights
BISECTIONS = 80
SMALLEST = 5e-324


@dataclass(frozen=True, repr=False)
class Mixture(Prior):
    """sum_j w_j p_j(x), written ``mixture([(0.8, normal(-1, 0.5)), (0.2, normal(0, 5))])``.

    A robust prior adds a wide component to what earlier trials say, so that it gives way where the
    new ones disagree: Schmidli 2014, doi:10.1111/biom.12242.

    Attributes
    ----------
    components : pairs of a weight > 0 and a proper prior, all on the whole line (of an effect) or
        all on the positive half line (of a standard deviation); the weights sum to 1.

    Raises
    ------
    PriorError
        If the weights do not sum to 1, or a component is improper, a point, or of another kind. A
        point and a density are two models: fit both, and compare their evidence.
    """

    components: Sequence[tuple[float, Prior]]
    family = "mixture"

    def __post_init__(self) -> None:
        try:
            pairs = tuple((float(weight), prior) for weight, prior in self.components)
        except (TypeError, ValueError):
            raise PriorError(
                "mixture takes pairs of a weight and a prior: "
                "priors.mixture([(0.8, priors.normal(-1, 0.5)), (0.2, priors.normal(0, 5))])."
            ) from None
        object.__setattr__(self, "components", pairs)
        if not pairs or not all(weight > 0 for weight in self.weights):
            raise PriorError(f"mixture: every weight must be > 0, but they are {self.weights}.")
        if abs(sum(self.weights) - 1) > ROUNDING:
            raise PriorError(
                f"mixture: the weights must sum to 1, but {self.weights} sum to "
                f"{sum(self.weights):g}."
            )
        for prior in self.priors:
            if not (isinstance(prior, Prior) and prior.proper and prior.complete and prior.pymc):
                raise PriorError(
                    f"mixture: a component must be a proper density with parameters of its own, "
                    f"such as normal(0, 2), not {prior!r}."
                )
        if {prior.support for prior in self.priors} not in ({LINE}, {POSITIVE}):
            raise PriorError(
                f"mixture: {', '.join(map(repr, self.priors))} are not of one kind: either all are "
                f"priors of an effect, on the whole line, or all of a standard deviation, above 0 "
                f"and without an upper bound."
            )
        object.__setattr__(self, "support", self.priors[0].support)

    @property
    def weights(self) -> tuple[float, ...]:
        """The weight of each component."""
        return tuple(weight for weight, _ in self.components)

    @property
    def priors(self) -> tuple[Prior, ...]:
        """The prior of each component."""
        return tuple(prior for _, prior in self.components)

    @property
    def parameters(self) -> tuple[float, ...]:
        return tuple(
            value for weight, prior in self.components for value in (weight, *prior.parameters)
        )

    @property
    def tail(self) -> float:
        """That of the heaviest component."""
        return min(prior.tail for prior in self.priors)

    def logpdf(self, x: npt.ArrayLike) -> Array:
        each = [np.log(weight) + prior.logpdf(x) for weight, prior in self.components]
        return np.asarray(np.logaddexp.reduce(each))

    def cdf(self, x: npt.ArrayLike) -> Array:
        return np.asarray(sum(weight * prior.cdf(x) for weight, prior in self.components))

    def ppf(self, q: npt.ArrayLike) -> Array:
        """By bisection, on the log above 0: the quantile lies between those of the components."""
        q = np.asarray(q, dtype=float)
        each = np.array([prior.ppf(q) for prior in self.priors])
        logs = self.support == POSITIVE
        ends = np.log(np.maximum(each, SMALLEST)) if logs else each
        low, high = ends.min(axis=0), ends.max(axis=0)
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            below = self.cdf(np.exp(middle) if logs else middle) < q
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.where(q <= 0, self.support[0], np.exp(high) if logs else high)

    def _pymc(self, name: str, parameters: Any, dims: str | None) -> TensorVariable:
        import pymc as pm
        import pytensor.tensor as pt

        weights, distributions, at = [], [], 0
        for _, prior in self.components:
            end = at + 1 + len(prior.parameters)
            weights.append(parameters[at])
            distributions.append(prior.unnamed(parameters[at + 1 : end]))
            at = end
        transform = pm.distributions.transforms.log if self.support == POSITIVE else None
        return pm.Mixture(
            name,
            w=pt.stack(weights),
            comp_dists=distributions,
            dims=dims,
            default_transform=transform,
        )

    def _written(self) -> list[str]:
        pairs = [f"({written(weight)}, {prior!r})" for weight, prior in self.components]
        return [f"[{', '.join(pairs)}]"]

    def _described(self) -> str:
        return " + ".join(f"{weight:g} {prior}" for weight, prior in self.components)
