"""Published MCIDs: a table to look in, and an MCID of one of its rows, with its caveats."""

from __future__ import annotations

import csv
import math
import re
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from numbers import Real

import pandas as pd

from bayes_ps.checks import BayesPSError, UnitError
from bayes_ps.decision.mcid import MCID

PERCENT = "% of baseline"
STATUS = {
    "primary": "",
    "secondary": "The value was taken from a secondary source, not from the paper that derived it.",
    "to be checked": "The value was read from an abstract or a copy of it: check it in the paper.",
}


@cache
def _table() -> pd.DataFrame:
    text = files("bayes_ps.decision").joinpath("data", "mcid.csv").read_text(encoding="utf-8")
    frame = pd.DataFrame(csv.DictReader(text.splitlines()))
    return frame.astype({"value": float})


def mcids(outcome: str | None = None, instrument: str | None = None) -> pd.DataFrame:
    """The published MCIDs, a row each, found by a part of the outcome and of the instrument.

    Parameters
    ----------
    outcome : such as ``"pain"``, ``"function"``, ``"quality of life"``, ``"self-efficacy"``.
    instrument : such as ``"VAS"``, ``"WOMAC"``, ``"EQ-5D"``. Neither is case-sensitive.

    Returns
    -------
    DataFrame
        Columns outcome, instrument, value, unit, note, direction, population, kind, method, status
        (``"primary"``, ``"secondary"`` or ``"to be checked"``), source, source_url, quote (the
        sentence that the value was read in). The index is the `row` of :func:`published_mcid`.

    Raises
    ------
    BayesPSError
        If nothing is found, with what there is and the nearest names.

    Notes
    -----
    No list of MCIDs is complete, and several values of one instrument are the rule: they differ by
    anchor and population. `kind` and `method` are "not stated" where the sentence read does not
    say so. Test: ``tests/unit/test_mcid_registry.py``.
    """
    found = _table()
    for column, asked in (("outcome", outcome), ("instrument", instrument)):
        if asked is None:
            continue
        kept = found[found[column].map(_plain).str.contains(_plain(asked), regex=False)]
        if kept.empty:
            raise _nothing(column, asked, sorted(set(found[column])))
        found = kept
    return found.copy()


def published_mcid(
    outcome: str | None = None,
    instrument: str | None = None,
    *,
    population: str | None = None,
    direction: str | None = None,
    row: int | None = None,
    unit: str | None = None,
    baseline: float | None = None,
) -> MCID:
    """The MCID of one row of :func:`mcids`.

    Parameters
    ----------
    outcome, instrument, population : a part of what the row says.
    direction : ``"improvement"``, ``"worsening"`` or ``"either"``.
    row : the index of the row in ``mcids()``, where the rest fits several.
    unit : to express it in, such as ``"points (0-100)"``: another range of the same scale, both
        named in the unit, scales the value in proportion, which is said in its caveats.
    baseline : for a value in % of baseline: the mean of the patients at baseline in `unit`, of
        which it is taken.

    Raises
    ------
    BayesPSError
        If nothing fits, or several rows do: they are listed.
    UnitError
        If the value cannot be put into `unit`, as a percentage of baseline without the baseline.
    """
    found = mcids(outcome, instrument)
    if population is not None:
        kept = found[found["population"].map(_plain).str.contains(_plain(population), regex=False)]
        if kept.empty:
            raise _nothing("population", population, sorted(set(found["population"])))
        found = kept
    if direction is not None:
        found = found[found["direction"] == direction]
    if row is not None:
        found = found[found.index == row]
    if len(found) != 1:
        listed = "\n  ".join(_listed(int(at), one) for at, one in found.iterrows())
        raise BayesPSError(
            f"{len(found)} published MCIDs fit, and one is needed. Choose it by its row, as in "
            f"published_mcid(row={found.index[0]}):\n  {listed}"
            if len(found)
            else "No published MCID fits all of this. See bps.mcids()."
        )
    one = found.iloc[0]
    if one["unit"] == PERCENT:
        return _of_baseline(one, unit, baseline)
    if baseline is not None:
        raise UnitError(
            f"{one['instrument']}: the value is in {one['unit']}, not in % of baseline: leave "
            f"baseline={baseline!r} out."
        )
    return _made(one, unit)


def _of_baseline(one: pd.Series, unit: str | None, baseline: float | None) -> MCID:
    """Per cent of a stated mean at baseline: a change of each patient, taken as one of means."""
    if unit is None or not isinstance(baseline, Real) or not 0 < baseline < math.inf:
        raise UnitError(
            f"{one['instrument']}: {one['value']:g} % of baseline is a change relative to each "
            f"patient's start, not a difference in points. State the mean at baseline, > 0, and "
            f'its unit: published_mcid(row={one.name}, baseline=60, unit="points (0-100)").'
        )
    caveat = (
        f"{one['value']:g} % of baseline was taken of a mean of {baseline:g} {unit}: patients who "
        f"start elsewhere need another difference."
    )
    found = _made(one, None)
    value = float(one["value"]) / 100 * float(baseline)
    return replace(found, value=value, unit=unit, caveats=(*found.caveats, caveat))


def _made(one: pd.Series, unit: str | None) -> MCID:
    value, caveats = float(one["value"]), [STATUS[one["status"]]]
    if one["note"]:
        caveats.append(f"As published: {one['note']}.")
    if unit is not None and unit != one["unit"]:
        value *= _factor(one["unit"], unit)
        caveats.append(f"{one['value']:g} {one['unit']} was scaled in proportion to {unit}.")
    return MCID(
        value,
        unit or one["unit"],
        source=one["source"],
        kind=one["kind"],
        direction=one["direction"],
        population=one["population"],
        instrument=one["instrument"],
        method=one["method"],
        caveats=tuple(filter(None, caveats)),
    )


def _factor(given: str, wanted: str) -> float:
    """From one range of a scale to another, both starting at 0, as in (0-10) to (0-100)."""
    ends = [re.search(r"\(0\s*(?:-|to)\s*(\d+(?:\.\d+)?)\)", unit) for unit in (given, wanted)]
    if ends[0] is None or ends[1] is None:
        raise UnitError(
            f"The published value is in {given!r} and cannot be put into {wanted!r}: only from one "
            f'range to another, both named in the unit, as in "points (0-100)".'
        )
    return float(ends[1][1]) / float(ends[0][1])


def _listed(row: int, one: pd.Series) -> str:
    said = f"row {row}: {one['value']:g} {one['unit']}, {one['instrument']}, {one['direction']}"
    return f"{said}, {one['population']} [{one['source'][:60]}; {one['status']}]"


def _nothing(column: str, asked: str, there: list[str]) -> BayesPSError:
    """With the nearest names, of whole entries or of words in them."""
    words = {word: entry for entry in reversed(there) for word in _plain(entry).split()}
    words |= {_plain(entry): entry for entry in there}
    near = dict.fromkeys(words[w] for w in get_close_matches(_plain(asked), words, cutoff=0.6))
    hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    return BayesPSError(
        f"No published MCID has {column} {asked!r}.{hint} Have: {', '.join(there)}."
    )


def _plain(name: str) -> str:
    return re.sub(r"[\s/,()\-]+", " ", name).strip().lower()
