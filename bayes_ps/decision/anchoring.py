"""`anchors`: several published MCIDs as one that is not known for sure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bayes_ps.checks import BayesPSError, UnitError
from bayes_ps.decision.mcid import MCID


def anchors(mcids: Sequence[MCID]) -> MCID:
    """Several anchors as one uncertain MCID, each counted equally; the sources stay named.

    Raises
    ------
    UnitError, BayesPSError
        If there is none, or they are not in one unit.
    """
    given = tuple(mcids)
    if not given or not all(isinstance(one, MCID) for one in given):
        raise BayesPSError("anchors() takes a list of MCIDs: [MCID(8, unit=…), MCID(10, unit=…)].")
    units = {one.unit for one in given}
    if len(units) > 1:
        raise UnitError(f"The anchors are in several units, {sorted(units)}. Give one unit.")

    def shared(name: str, otherwise: str) -> Any:
        found = {getattr(one, name) for one in given}
        return found.pop() if len(found) == 1 else otherwise

    directions = {one.direction for one in given}
    if {"improvement", "worsening"} <= directions:
        raise BayesPSError(
            "Some of the anchors are for improvement and some for worsening, which patients judge "
            "differently. Give those for improvement alone: published_mcid(…, "
            'direction="improvement").'
        )
    if any(isinstance(one.value, tuple) for one in given):
        raise BayesPSError("An anchor is one number or distribution; give a list's values singly.")
    return MCID(
        tuple(one.value for one in given),
        given[0].unit,
        source="; ".join(dict.fromkeys(one.source for one in given)),
        kind=shared("kind", "not stated"),
        direction=shared("direction", "either"),
        population=shared("population", "several"),
        instrument=shared("instrument", "several"),
        method=shared("method", "not stated"),
        caveats=tuple(dict.fromkeys(said for one in given for said in one.caveats)),
    )
