"""Priors of tau that the standard errors of the studies complete."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, PriorError
from bayes_ps.priors.prior import POSITIVE, Prior


@dataclass(frozen=True, repr=False)
class ByErrors(Prior):
    """A prior of tau on the scale that the standard errors of the studies set.

    ``priors.jeffreys()`` is a specification without data. A model completes it with the standard
    errors of the effects that it is fitted to, anew for each: without a study the prior is that of
    the others. ``priors.jeffreys().given(se)`` completes it once and for all.

    Where estimates are correlated (``effects.V``), se is the root of the diagonal of V.
    """

    support = POSITIVE

    @property
    def parameters(self) -> tuple[float, ...]:
        return super().parameters if self.complete else ()

    @property
    def complete(self) -> bool:
        return getattr(self, self._names()[0]) is not None

    def given(self, se: npt.ArrayLike) -> Prior:
        if self.complete:
            return self
        errors = np.atleast_1d(np.asarray(se, dtype=float))
        if errors.ndim != 1 or not errors.size or not (np.isfinite(errors) & (errors > 0)).all():
            raise PriorError(f"{self.family}: standard errors must be finite and > 0, not {se!r}.")
        return replace(self, **{self._names()[0]: self._set_by(errors)})

    def _set_by(self, se: Array) -> Any:
        """The field of the prior for these standard errors."""
        raise NotImplementedError

    def _stored(self) -> Array:
        self._check_complete()
        return super()._stored()

    def _check_complete(self) -> None:
        if not self.complete:
            raise PriorError(
                f"{self!r} takes its scale from the standard errors of the studies. Use it as tau "
                f"of a model, which completes it, or write {self!r}.given(se)."
            )

    def _described(self) -> str:
        if self.complete:
            return super()._described()
        return f"{self.family}, on the scale of the standard errors"
