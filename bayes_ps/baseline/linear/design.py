"""The design matrix of a formula over the moderators of effects, and its rows for new values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bayes_ps import checks
from bayes_ps.baseline.linear.moderators import known_moderators
from bayes_ps.checks import Array, ModelError
from bayes_ps.effects import Effects

CATEGORY = re.compile(r"(\w+|C\([^()]*\))\[(.*)\]")


@dataclass(frozen=True, eq=False)
class Design:
    """X (k, p) of `formula`, the `names` of its columns, and which columns each term has.

    `moderators` holds the columns of the data that the formula reads; `intercept` says whether a
    column of ones is among the terms.
    """

    formula: str
    X: Array
    names: tuple[str, ...]
    terms: Mapping[str, tuple[int, ...]]
    moderators: pd.DataFrame
    intercept: bool
    _common: Any

    def rows_of(self, *terms: str) -> list[int]:
        """The columns of the named terms or coefficients, in order."""
        found: list[int] = []
        for term in terms:
            if term in self.terms:
                found += self.terms[term]
            elif term in self.names:
                found.append(self.names.index(term))
            else:
                known = ", ".join(map(repr, dict.fromkeys([*self.terms, *self.names])))
                raise ModelError(f"There is no term {term!r}. There are: {known}.")
        return sorted(set(found))

    def at(self, values: Mapping[str, Any]) -> tuple[pd.DataFrame, Array]:
        """The given values as a frame, a row a prediction, and their rows of X."""
        missing = [name for name in self.moderators if name not in values]
        unknown = [name for name in values if name not in self.moderators]
        if missing or unknown:
            raise ModelError(
                f"at must give a value of each moderator ({', '.join(self.moderators) or 'none'}), "
                f"but {'lacks ' + missing[0] if missing else 'has ' + unknown[0]!s}."
            )
        if not values:
            return pd.DataFrame(index=range(1)), np.ones((1, self.X.shape[1]))
        try:
            columns = np.broadcast_arrays(*(np.atleast_1d(given) for given in values.values()))
        except ValueError as error:
            raise ModelError("The lists in at must have one length, or hold one value.") from error
        frame = pd.DataFrame(dict(zip(values, columns, strict=True)))
        for name, known in self.moderators.items():
            _refuse_unknown(str(name), frame[name], known)
        try:
            X = self._common.evaluate_new_data(frame).design_matrix
        except ValueError as error:
            raise ModelError(f"Nothing can be predicted at these values: {error}") from error
        return frame, np.asarray(X, dtype=float)


def design_of(formula: str, effects: Effects) -> Design:
    """X of the right-hand side `formula` over ``effects.to_frame()``; every problem is an error."""
    from formulae import design_matrices

    frame = effects.to_frame()
    moderators = known_moderators(formula, frame, effects.study)
    rows = frame[["study"]].rename(columns={"study": "_row"}).join(moderators)
    try:
        common = design_matrices(formula, rows, env=0, extra_namespace={"np": np}).common
    except Exception as error:
        raise ModelError(f"The formula {formula!r} cannot be read: {error}.") from error
    if common is None:
        raise ModelError(f'The formula {formula!r} has no term. The mean alone is "1".')
    X = checks.read_only(common.design_matrix)
    names: list[str] = []
    terms: dict[str, tuple[int, ...]] = {}
    for label, term in common.terms.items():
        name = "intercept" if label == "Intercept" else label
        columns = range(*common.slices[label].indices(X.shape[1]))
        terms[name] = tuple(columns)
        own = [name] if name == "intercept" else [_readable(text) for text in term.labels]
        names += own
    design = Design(
        formula, X, tuple(names), terms, moderators, "Intercept" in common.terms, common
    )
    _refuse_too_few_or_dependent(design, effects)
    return design


def _refuse_unknown(name: str, given: pd.Series, known: pd.Series) -> None:
    """Raise for a value that cannot be predicted at: not a finite number, or not a known level."""
    if pd.api.types.is_numeric_dtype(known):
        if not (pd.api.types.is_numeric_dtype(given) and np.isfinite(given.astype(float)).all()):
            raise ModelError(f"{name!r} must be a finite number, but is {list(given)} in at.")
        return
    strange = [level for level in given if level not in set(known)]
    if strange:
        raise ModelError(
            f"No study has {name}={strange[0]!r}, so nothing can be predicted for it. "
            f"There are: {', '.join(sorted(map(str, set(known))))}."
        )


def _readable(label: str) -> str:
    """``alloc[random]:year`` as ``alloc=random:year``, as the Bayesian models name coefficients."""
    return ":".join(CATEGORY.sub(r"\1=\2", piece) for piece in label.split(":"))


def _refuse_too_few_or_dependent(design: Design, effects: Effects) -> None:
    k, p = design.X.shape
    if k < p + 1:
        raise ModelError(
            f"The formula {design.formula!r} has {p} coefficients ({', '.join(design.names)}), "
            f"but there are {k} studies: at least {p + 1} are needed. Use fewer moderators."
        )
    scaled = design.X / np.linalg.norm(design.X, axis=0, ord=np.inf).clip(min=1e-300)
    for column in range(p):
        if np.linalg.matrix_rank(scaled[:, : column + 1], tol=1e-10) == column + 1:
            continue
        before = ", ".join(design.names[:column]) or "nothing"
        raise ModelError(
            f"The coefficient of {design.names[column]!r} cannot be told apart: in these studies "
            f"its column is a combination of {before}. Leave one of them out of the formula."
        )
