"""The moderators that a formula names: there, known for every study, and not all alike."""

from __future__ import annotations

from numbers import Real

import numpy as np
import pandas as pd

from bayes_ps import checks
from bayes_ps.checks import ModelError, Names

KINDS = (
    (pd.api.types.is_bool_dtype, bool),
    (pd.api.types.is_integer_dtype, int),
    (pd.api.types.is_numeric_dtype, float),
)


def known_moderators(formula: str, frame: pd.DataFrame, study: Names) -> pd.DataFrame:
    """The columns of `frame` that the right-hand side `formula` reads."""
    from formulae import model_description

    if not isinstance(formula, str):
        raise ModelError(f'formula must be text as in "latitude + alloc", but is {formula!r}.')
    try:
        described = model_description(formula)
    except Exception as error:
        raise ModelError(f"The formula {formula!r} cannot be read: {error}.") from error
    if described.response is not None:
        raise ModelError(
            f"The formula {formula!r} has a left-hand side, but the outcome is always y of the "
            f'effects. Give the moderators only: "{formula.split("~")[-1].strip()}".'
        )
    if "offset(" in formula:
        raise ModelError(
            f"The formula {formula!r} has an offset, whose coefficient would be estimated. "
            f"Subtract it from y before."
        )
    if described.group_terms:
        raise ModelError(
            f"The formula {formula!r} has a random effect. Write the moderators only, and use "
            f'multilevel(effects, cluster="…") for effects that are nested in clusters.'
        )
    named = [name for name in frame if name in described.var_names]
    for name in sorted(described.var_names - {""} - set(named)):
        raise ModelError(
            f"effects.data has no column {name!r}. It has: {', '.join(map(str, frame))}."
        )
    for name in named:
        refuse_missing_or_constant(frame[name], str(name), study)
    return pd.DataFrame({name: _plain(frame[name]) for name in named}, index=frame.index)


def _plain(values: pd.Series) -> pd.Series:
    """Numbers as numbers, also where a column once held text or is of a nullable type."""
    if values.dtype == object and all(isinstance(value, Real) for value in values):
        return values.astype(float)
    for is_kind, plain in KINDS:
        if is_kind(values):
            return values.astype(plain)
    return values


def refuse_missing_or_constant(values: pd.Series, name: str, study: Names) -> None:
    """Raise for a moderator that is unknown or infinite in a study, or the same in all."""
    missing = np.flatnonzero(values.isna() | values.isin([np.inf, -np.inf]))
    if missing.size:
        others = f" ({missing.size - 1} more like it)" if missing.size > 1 else ""
        raise ModelError(
            f"{name!r} is missing or infinite for {checks.where(study, int(missing[0]))}{others}. "
            f"Fill it, or leave the study out: effects.where(effects.data[{name!r}].notna())."
        )
    if len(set(values)) == 1:
        raise ModelError(
            f"{name!r} is {values.tolist()[0]!r} in every study, so it cannot moderate. "
            f"Leave it out of the formula."
        )
