"""A measured figure beside its yardstick, and the clocks that measure it."""

from __future__ import annotations

import math
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Case = Callable[[float], Iterable["Figure"]]


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes
    ----------
    what : was measured.
    ours : seconds, or in `unit`.
    beside, theirs : the yardstick, measured in the same run in the same unit; NaN if none.
    limit : of `ours`; most : of the ratio ours / theirs. None where nothing is promised.
    """

    what: str
    ours: float
    beside: str = "–"
    theirs: float = math.nan
    unit: str = "s"
    limit: float | None = None
    most: float | None = None

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs

    @property
    def kept(self) -> bool | None:
        """Whether what was promised is kept; None if nothing was."""
        if self.limit is None and self.most is None:
            return None
        return (self.limit is None or self.ours < self.limit) and (
            self.most is None or self.ratio < self.most
        )

    @property
    def cells(self) -> tuple[str, ...]:
        """What the table shows."""
        target = [] if self.limit is None else [f"< {_size(self.limit, self.unit)}"]
        target += [] if self.most is None else [f"ratio < {self.most:g}"]
        return (
            self.what,
            _size(self.ours, self.unit),
            self.beside,
            "" if math.isnan(self.theirs) else _size(self.theirs, self.unit),
            "" if math.isnan(self.theirs) else f"{self.ratio:.3g}",
            ", ".join(target) or "–",
            {True: "yes", False: "NO", None: ""}[self.kept],
        )


HEAD = "what", "ours", "beside", "theirs", "ratio", "target", "kept"


def _size(value: float, unit: str) -> str:
    if unit != "s":
        return f"{value:.3g} {unit}"
    if value >= 1:
        return f"{value:.3g} s"
    return f"{value * 1e3:.3g} ms" if value >= 1e-3 else f"{value * 1e6:.3g} µs"


def clock(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turn(*works: Callable[[], object], rounds: int, calls: int = 1) -> list[float]:
    """Seconds a call of each work: the shortest of so many rounds, in which they take turns, so
    that whatever else the machine does meets all of them."""

    def several(work: Callable[[], object]) -> None:
        for _ in range(calls):
            work()

    best = [math.inf] * len(works)
    for _ in range(rounds):
        best = [
            min(b, clock(lambda w=w: several(w)) / calls) for b, w in zip(best, works, strict=True)
        ]
    return best


def process(code: str, **environment: str) -> float:
    """Seconds from the start of a fresh Python to the end of `code`."""
    import os

    command = [sys.executable, "-c", code]
    return clock(
        lambda: subprocess.run(
            command, check=True, env=os.environ | environment, capture_output=True
        )
    )
