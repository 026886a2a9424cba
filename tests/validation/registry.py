"""The comparisons with other programs, one value each, from every ``cases_*.py`` of this folder.

A module of cases has generators under :func:`compared_with`, and may have two lists in markdown for
the page: ``DISAGREES`` (what does not agree, and why) and ``NOT_COMPARED``.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType
from typing import NamedTuple

import tests.validation as folder


class Compared(NamedTuple):
    """One value of ours beside one of theirs; they agree within `tolerance` times `scale`.

    `scale` is that of the value: its size, or where it may be near 0 the size of its error.
    """

    method: str
    dataset: str
    quantity: str
    ours: float
    theirs: float
    tolerance: float
    scale: float

    @property
    def difference(self) -> float:
        """|ours − theirs| in units of the scale: the relative difference."""
        gap = abs(self.ours - self.theirs)
        return gap / self.scale if gap else 0.0

    @property
    def agrees(self) -> bool:
        """Whether they agree; NaN never does."""
        return self.difference <= self.tolerance


Cases = Callable[[], Iterator[Compared]]
PROGRAMS: dict[str, list[Cases]] = {}


def compared_with(program: str) -> Callable[[Cases], Cases]:
    """Register a generator of comparisons with `program`."""

    def register(cases: Cases) -> Cases:
        PROGRAMS.setdefault(program, []).append(cases)
        return cases

    return register


def modules() -> list[ModuleType]:
    """Every module of cases, by name."""
    names = sorted(m.name for m in pkgutil.iter_modules(folder.__path__) if "cases_" in m.name)
    return [importlib.import_module(f"{folder.__name__}.{name}") for name in names]


@cache
def every_comparison() -> tuple[tuple[str, str, Compared], ...]:
    """(module, program, comparison) of all modules; made once."""
    modules()
    return tuple(
        (cases.__module__.rpartition(".")[2], program, each)
        for program, generators in PROGRAMS.items()
        for cases in generators
        for each in cases()
    )
