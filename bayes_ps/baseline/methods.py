"""A method is a value: a code to choose it by, its full name, its source, and what computes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bayes_ps.checks import ModelError


@dataclass(frozen=True)
class Method[F]:
    """One way to compute something: `compute` does it, the rest says what it was."""

    code: str
    name: str
    source: str
    compute: F

    def __str__(self) -> str:
        return f"{self.name} ({self.source})"


def by_code[M: Method[Any]](*methods: M) -> Mapping[str, M]:
    """The methods to choose from; to add one, write it down in this list."""
    return {method.code: method for method in methods}


def chosen[M: Method[Any]](methods: Mapping[str, M], code: str, argument: str) -> M:
    """The method called `code`; an unknown code is refused with the list of known ones."""
    if code not in methods:
        known = ", ".join(f'"{name}"' for name in methods)
        raise ModelError(f"{argument} must be one of {known}, but is {code!r}.")
    return methods[code]
