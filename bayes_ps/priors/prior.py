"""What a prior is: a frozen value with a density, quantiles, a source, and a PyMC variable."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import KW_ONLY, dataclass, fields
from numbers import Real
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, PriorError

if TYPE_CHECKING:
    from pytensor.tensor.variable import TensorVariable

LOG_2PI = math.log(2 * math.pi)
LINE = (-math.inf, math.inf)
POSITIVE = (0.0, math.inf)
NOTES = ("source", "warning")


@dataclass(frozen=True, repr=False)
class Prior(ABC):
    """A probability distribution of one parameter, with the source that justifies it.

    Attributes
    ----------
    source : where the prior comes from: a DOI, a table, or the reason in words.
    warning : what a reader must be told wherever the prior is used: it ends in ``fit.warnings``.
    support : (lower, upper) bounds of the parameter.
    tail : q where the density falls like x^(−q) for large x; infinite if it falls faster. Decides
        which posterior moments exist.
    """

    _: KW_ONLY
    source: str = ""
    warning: str = ""

    family: ClassVar[str]
    support: ClassVar[tuple[float, float]] = LINE
    positive: ClassVar[tuple[str, ...]] = ()
    # PyMC's distribution, and its names of our parameters in our order.
    pymc: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        for name in self._names():
            value = getattr(self, name)
            ok = isinstance(value, Real) and math.isfinite(value)
            if not ok or (name in self.positive and value <= 0):
                rule = "finite and > 0" if name in self.positive else "finite"
                raise PriorError(f"{self.family}: {name} must be {rule}, but is {value!r}.")

    @property
    def parameters(self) -> tuple[float, ...]:
        """The numbers that fix the distribution, in the order of the constructor."""
        return tuple(float(getattr(self, name)) for name in self._names())

    @property
    def proper(self) -> bool:
        """Whether the density integrates to 1."""
        return True

    @property
    def tail(self) -> float:
        return math.inf

    @property
    def complete(self) -> bool:
        """Whether the distribution is fixed; if not, `given` fixes it."""
        return True

    def given(self, se: npt.ArrayLike) -> Prior:
        """This prior for studies with standard errors `se` (k,).

        Most priors do not depend on them and are returned as they are; so is one that was already
        given standard errors.
        """
        return self

    @abstractmethod
    def logpdf(self, x: npt.ArrayLike) -> Array:
        """Log density at `x`, elementwise; −inf outside the support."""

    @abstractmethod
    def cdf(self, x: npt.ArrayLike) -> Array:
        """Probability of at most `x`, elementwise."""

    @abstractmethod
    def ppf(self, q: npt.ArrayLike) -> Array:
        """Quantile at `q` in (0, 1), elementwise."""

    def variable(self, name: str, dims: str | None = None) -> TensorVariable:
        """This prior as the variable `name` of the PyMC model in whose context it is called.

        With `dims`, a vector of independent variables, each with this prior.
        The parameters enter as ``pm.Data(f"{name}_prior")``: they are stored with the fit, and a
        compiled model can be refitted under other numbers.
        """
        import pymc as pm

        stored = self._stored()
        return self._pymc(name, pm.Data(f"{name}_prior", stored) if stored.size else None, dims)

    def _stored(self) -> Array:
        """What the PyMC variable is made of, as data."""
        return np.array(self.parameters, dtype=float)

    def _pymc(self, name: str, parameters: Any, dims: str | None) -> TensorVariable:
        import pymc as pm

        return getattr(pm, self.pymc[0])(name, dims=dims, **self._keywords(parameters))

    def unnamed(self, parameters: Any) -> TensorVariable:
        """The PyMC distribution without a name, as a part of another one."""
        import pymc as pm

        return getattr(pm, self.pymc[0]).dist(**self._keywords(parameters))

    def _keywords(self, parameters: Any) -> dict[str, Any]:
        return {name: parameters[i] for i, name in enumerate(self.pymc[1:])}

    @classmethod
    def _names(cls) -> tuple[str, ...]:
        return tuple(f.name for f in fields(cls) if f.name not in NOTES)

    def _written(self) -> list[str]:
        """The arguments of the constructor as one writes them."""
        return [written(value) for value in self.parameters]

    def __repr__(self) -> str:
        given = self._written()
        given += [f"{name}={getattr(self, name)!r}" for name in NOTES if getattr(self, name)]
        return f"{self.family.replace('-', '_')}({', '.join(given)})"

    def __str__(self) -> str:
        return f"{self._described()} [{self.source}]" if self.source else self._described()

    def _described(self) -> str:
        """The family and its parameters in words."""
        values = zip(self._names(), self.parameters, strict=True)
        named = ", ".join(f"{name} {value:g}" for name, value in values)
        return f"{self.family}({named})" if named else self.family


@dataclass(frozen=True, repr=False)
class Improper(Prior):
    """A density that does not integrate to 1: it has no quantiles."""

    @property
    def proper(self) -> bool:
        return False

    def cdf(self, x: npt.ArrayLike) -> Array:
        raise self._refusal("probabilities")

    def ppf(self, q: npt.ArrayLike) -> Array:
        raise self._refusal("quantiles")

    def _refusal(self, what: str) -> PriorError:
        proper = "normal(0, sd)" if self.support[0] < 0 else "half_normal(scale)"
        return PriorError(
            f"{self!r} is improper: it has no {what} and cannot be drawn from. "
            f"Use a proper prior, for example priors.{proper}."
        )


def log_density(x: npt.ArrayLike, inside: npt.NDArray[np.bool_], values: Array) -> Array:
    """`values` where `inside`, −inf elsewhere, in the shape of `x`."""
    return np.where(inside, values, -np.inf).reshape(np.shape(x))


def log_positive(x: npt.ArrayLike) -> tuple[npt.NDArray[np.bool_], Array]:
    """Where x > 0, and its log there, 0 elsewhere."""
    values = np.asarray(x, dtype=float)
    return values > 0, np.log(np.where(values > 0, values, 1))


def above_zero(x: npt.ArrayLike) -> Array:
    """`x` where it is positive, else 0: where a distribution of the positive half line starts."""
    return np.maximum(np.asarray(x, dtype=float), 0)


def written(value: float) -> str:
    """A number in the fewest digits that give it back."""
    short = f"{value:g}"
    return short if float(short) == value else repr(float(value))
