"""How values are compared: relative to their size, to another scale, or to printed digits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tests.validation.registry import Compared


def relative(
    method: str, name: str, rel: float, values: dict[str, tuple[Any, float]]
) -> Iterator[Compared]:
    """Values that are compared relative to their own size."""
    for quantity, (ours, theirs) in values.items():
        yield Compared(method, name, quantity, float(ours), theirs, rel, abs(theirs) or 1.0)


class Against(NamedTuple):
    """Comparisons of one method for one data set; arrays are compared value by value."""

    method: str
    dataset: str
    rel: float

    def each(
        self,
        quantity: str,
        ours: Any,
        theirs: npt.ArrayLike,
        scale: npt.ArrayLike | None = None,
        *,
        least: float = 0.0,
    ) -> Iterator[Compared]:
        """To `rel` times the `scale`, which is the size of theirs or, where larger, `least`."""
        a, b = (np.atleast_1d(np.asarray(side, dtype=float)) for side in (ours, theirs))
        sizes = np.maximum(np.abs(b), least) if scale is None else np.broadcast_to(scale, b.shape)
        for row, (one, other, size) in enumerate(zip(a, b, sizes, strict=True), start=1):
            name = quantity if b.size == 1 else f"{quantity} {row}"
            yield Compared(
                self.method, self.dataset, name, one.item(), other.item(), self.rel,
                size.item() or 1.0,
            )  # fmt: skip

    def p_values(
        self, quantity: str, ours: Any, theirs: npt.ArrayLike, grown: npt.ArrayLike
    ) -> Iterator[Compared]:
        """P values, which carry the error of their statistic times `grown`."""
        scale = np.atleast_1d(np.asarray(theirs) * np.asarray(grown))
        yield from self.each(quantity, ours, theirs, scale)

    def within(
        self, quantity: str, ours: Any, theirs: npt.ArrayLike, gap: npt.ArrayLike
    ) -> Iterator[Compared]:
        """To an absolute `gap`, such as half the last printed digit; `rel` does not count."""
        gaps = np.broadcast_to(gap, np.atleast_1d(theirs).shape)
        for found, most in zip(self.each(quantity, ours, theirs), gaps, strict=True):
            yield found._replace(tolerance=float(most) / found.scale)
