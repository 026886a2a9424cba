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


@dataclass(frozen=True, repr=False)
class Prior(ABC):
    """A probability distribution of one parameter, with the source that justifies it.

    Attributes
    ----------
    source : where the prior comes from: a DOI, a table, or the reason in words.
    support : (lower, upper) bounds of the parameter.
    tail : q where the density falls like x^(−q) for large x; infinite if it falls faster. Decides
        which posterior moments exist.
    """

    _: KW_ONLY
    source: str = ""

    family: ClassVar[str]
    support: ClassVar[tuple[float, float]] = (-math.inf, math.inf)
    positive: ClassVar[tuple[str, ...]] = ()

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

    @abstractmethod
    def logpdf(self, x: npt.ArrayLike) -> Array:
        """Log density at `x`, elementwise; −inf outside the support."""

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

        stored = pm.Data(f"{name}_prior", np.array(self.parameters)) if self.parameters else None
        return self._pymc(name, stored, dims)

    @abstractmethod
    def _pymc(self, name: str, parameters: Any, dims: str | None) -> TensorVariable: ...

    @classmethod
    def _names(cls) -> tuple[str, ...]:
        return tuple(f.name for f in fields(cls) if f.name != "source")

    def __repr__(self) -> str:
        given = [f"{value:g}" for value in self.parameters]
        given += [f"source={self.source!r}"] if self.source else []
        return f"{self.family.replace('-', '_')}({', '.join(given)})"

    def __str__(self) -> str:
        named = ", ".join(
            f"{name} {value:g}" for name, value in zip(self._names(), self.parameters, strict=True)
        )
        text = f"{self.family}({named})" if named else self.family
        return f"{text} [{self.source}]" if self.source else text


def log_density(x: npt.ArrayLike, inside: npt.NDArray[np.bool_], values: Array) -> Array:
    """`values` where `inside`, −inf elsewhere, in the shape of `x`."""
    return np.where(inside, values, -np.inf).reshape(np.shape(x))
