"""What the columns of a table of studies must obey, and what to do where one does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bayes_ps import checks
from bayes_ps.checks import Array, Names
from bayes_ps.effects.corrections import Mask
from bayes_ps.effects.measure import Measure
from bayes_ps.effects.reported import Events, Form, OneProportion

if TYPE_CHECKING:
    import pandas as pd

SDS = ("sd", "sd_pre", "sd_post", "sd_change")


def numeric_column(frame: pd.DataFrame, name: str, study: Names) -> Array:
    """A column as floats; text in a number is refused with the study that holds it."""
    column = frame[name]
    if column.dtype.kind in "iuf":
        return np.asarray(column.to_numpy(dtype=float, na_value=np.nan))
    return checks.numbers(column, name, study)


def check_columns(
    values: dict[str, Array], form: Form, measure: Measure, study: Names, *, skip: Mask
) -> None:
    """Raise for the first number that cannot be, outside the rows to `skip`."""
    mend = 'Fill it from the paper, or leave the study out: table[table["study"] != "…"].'
    for name, given in values.items():
        checks.require(skip | np.isfinite(given), given, name, "known", study=study, mend=mend)
    for name, given in values.items():
        ok, rule, mend = _rule(name, given, form, measure)
        checks.require(skip | ok, given, name, rule, study=study, mend=mend)
    for name in measure.positive:
        mend = 'A ratio of means needs a scale whose 0 is nothing: use measure="MD".'
        checks.require(skip | (values[name] > 0), values[name], name, "> 0", study=study, mend=mend)
    if form.shape in (Events, OneProportion):
        _no_more_events_than_people(values, study, skip)


def _rule(name: str, given: Array, form: Form, measure: Measure) -> tuple[np.ndarray, str, str]:
    """Whether each value obeys, the rule in words, and the mend."""
    stem = name.removesuffix("_t").removesuffix("_c")
    if stem == "n":
        least = measure.least.get(name, 1 if form.shape in (Events, OneProportion) else 2)
        return given >= least, f"at least {least}", "Look at the arm."
    if stem in SDS:
        return given > 0, "> 0", "If the paper gives a standard error, sd = se * sqrt(n)."
    if stem == "events":
        return given >= 0, ">= 0", "A count is not negative: look for a code of missing values."
    if stem == "time":
        return given > 0, "> 0", "Give the person-time at risk of the arm."
    if stem == "r":
        mend = "A correlation is wanted: convert a percentage or a Fisher z first."
        return np.abs(given) < 1, "between -1 and 1", mend
    if name == "v":
        return given > 0, "> 0", "v is the variance of o_e: without events there is no effect."
    return np.ones(given.shape, dtype=bool), "", ""


def _no_more_events_than_people(values: dict[str, Array], study: Names, skip: Mask) -> None:
    for arm in ("_t", "_c", ""):
        if f"events{arm}" in values:
            events, n = f"events{arm}", f"n{arm}"
            mend = f'Are "{events}" and "{n}" swapped, or is {n} the number without events?'
            ok = skip | (values[events] <= values[n])
            checks.require(ok, values[events], events, f"at most {n}", study=study, mend=mend)
