"""The MCIDs that the command line states, in the order in which they stand there."""

from __future__ import annotations

import math
from argparse import Action, ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bayes_ps.checks import BayesPSError

if TYPE_CHECKING:
    from bayes_ps.decision import MCID
    from bayes_ps.effects import Effects

RATIO, PUBLISHED = "ratio", "--published-mcid"
KINDS = ("within patient", "between groups", "rule of thumb", "not stated")


class InOrder(Action):
    """Keeps (option, values) of several options in one list: the first MCID is the main one."""

    def __call__(
        self,
        parser: ArgumentParser,
        namespace: Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        listed = values if isinstance(values, list) else [values]
        kept = [*(getattr(namespace, self.dest) or []), (self.option_strings[0], listed)]
        setattr(namespace, self.dest, kept)


def stated_mcids(options: Namespace, effects: Effects) -> tuple[MCID, ...]:
    """The MCIDs in the unit of the effects, with what --sd makes of them among their caveats.

    Raises
    ------
    BayesPSError, UnitError
        For a size that is none, another unit, or sources that are not one for all or one each.
    """
    from bayes_ps.decision import published_mcid

    own = [each for each in options.mcids if each[0] != PUBLISHED]
    sources = iter(_one_each(options.mcid_source, "--mcid-source", len(own), "no source given"))
    kinds = iter(_one_each(options.mcid_kind, "--mcid-kind", len(own), "not stated"))
    found = []
    for option, values in options.mcids:
        if option == PUBLISHED:
            one = published_mcid(row=values[0], unit=effects.unit)
        else:
            one = _own(values, options, effects, source=next(sources), kind=next(kinds))
        one.in_unit_of(effects)
        found.append(replace(one, caveats=(*one.caveats, *_in_sds(one, options))))
    _refuse_twice([shown(one, effects) for one in found])
    return tuple(found)


def shown(mcid: MCID, effects: Effects) -> str:
    """Short, for a table and the screen: ``10 points (0-100)``, ``8 to 12 …``, ``ratio 0.8``."""
    ends = [float(end) for end in mcid.spread.ppf([0.0, 1.0])]
    if effects.is_ratio:
        ends = sorted(math.exp(effects.benefit_sign * end) for end in ends)
    low, high = (f"{end:g}" for end in ends)
    size = low if low == high else f"{low} to {high}"
    return f"{RATIO} {size}" if effects.is_ratio else f"{size} {mcid.unit}"


def asked(mcid: MCID, effects: Effects) -> str:
    """``At least 10 points (0-100)``, ``Ratio at most 0.8``."""
    size = shown(mcid, effects)
    if not effects.is_ratio:
        return f"At least {size}"
    most = "most" if effects.better == "lower" else "least"
    return size.replace(RATIO, f"{RATIO.capitalize()} at {most}")


def _own(
    values: list[float], options: Namespace, effects: Effects, *, source: str, kind: str
) -> MCID:
    """One number, or a range within which every value is as probable as another."""
    from bayes_ps.decision import MCID
    from bayes_ps.priors import uniform

    unit = options.mcid_unit or (RATIO if effects.is_ratio else effects.unit)
    stated = [MCID(value, unit=unit, source=source, kind=kind) for value in values]
    if unit == RATIO:
        stated = [one.on_log_scale(effects) for one in stated]
    if len(stated) == 1:
        return stated[0]
    if unit == RATIO:
        unit, source = effects.unit, f"{source} (ratio {values[0]:g} to {values[1]:g})"
    low, high = sorted(one.value for one in stated)
    if not 0 < low < high:
        raise BayesPSError(
            f"--mcid-range takes two sizes above 0, as in --mcid-range 8 12, not "
            f"{values[0]:g} {values[1]:g}."
        )
    return MCID(uniform(low, high), unit=unit, source=source, kind=kind)


def _in_sds(mcid: MCID, options: Namespace) -> Iterator[str]:
    """What the stated SD makes of an MCID in points."""
    if options.sd is not None:
        low, high = (f"{end / options.sd:.3g}" for end in mcid.spread.ppf([0.0, 1.0]))
        size = low if low == high else f"{low} to {high}"
        yield f"It is {size} times the stated SD of {options.sd:g} {options.points}."


def _one_each(given: list[str], option: str, count: int, otherwise: str) -> list[str]:
    """One for all, or one each."""
    if len(given) in (0, 1):
        return (given or [otherwise]) * count
    if len(given) != count:
        raise BayesPSError(
            f"{option} stands {len(given)} times for {count} MCIDs: give it once for all, or once "
            f"for each --mcid and --mcid-range, in their order."
        )
    return given


def _refuse_twice(names: list[str]) -> None:
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise BayesPSError(f"The MCID {twice[0]} is there twice. Leave one out.")
